"""The pages of placing: offering, answering, converting, moving in, the waiting list and its log."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from incubation import services as incubation
from incubation.models import Application, Offer
from incubation.placing_sections import placing_of_application
from tenants import services as letting
from tenants.models import Lease
from tenants.tasks import TASKS
from tests.factories import NOBODY, make_tenant, make_unit
from tests.factories.applications import give_space, make_approved, make_waiting, moment
from tests.factories.incubation import make_carrier

pytestmark = pytest.mark.django_db
KEYS = {"application-approved", "offer-open", "offer-accepted", "application-moving-in"}


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def carrier(jr):
    return make_carrier(park=jr)


@pytest.fixture
def unit(carrier, today):
    unit = make_unit(park=carrier.park, number="301", area=120)
    return give_space(carrier, unit, on=today - timedelta(days=90))[0]


@pytest.fixture
def mine(carrier, startup, today):
    """The startup's application on the waiting list."""
    return make_waiting(
        carrier=carrier, tenant=startup.tenants.get(), on=today - timedelta(days=9),
        move_in_on=today,
    )  # fmt: skip


def url(name, application):
    return reverse(f"incubation:application-{name}", args=[application.pk])


def offered(application, *units, on, **fields):
    return incubation.offer_units(
        application=application, units=units, by=NOBODY, at=moment(on), on=on, **fields
    )


def state(application, on):
    return Application.objects.with_state(on).get(pk=application.pk).state


def test_from_offer_to_moved_in(client, operator, startup, mine, unit, today):
    client.force_login(operator)
    page = client.get(url("offer", mine))
    assert "301" in page.content.decode()
    answer = client.post(url("offer", mine), {
        "units": [unit.pk], "last_day": today + timedelta(days=3),
    })  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    assert Offer.objects.get().until == today + timedelta(days=4)
    client.force_login(startup)
    assert "301" in client.get(url("accept", mine)).content.decode()
    assert client.post(url("accept", mine)).status_code == 302
    client.force_login(operator)
    form = client.get(url("convert", mine)).context["form"]
    values = {name: value for name, value in form.initial.items() if value is not None}
    values |= {"agreement_number": "FH-7", f"rent_{unit.pk}": "27.5"}
    answer = client.post(url("convert", mine), values)
    assert answer.status_code == 302, answer.content.decode()
    assert Lease.objects.get().lines.get().rent == Decimal("27.5")
    assert client.post(url("move-in", mine), {"signed_on": today}).status_code == 302
    assert state(mine, today) == "moved_in"
    assert Lease.objects.get().signed_on == today


def test_who_is_passed_over_is_said_and_what_was_marked_stays(
    client, operator, mine, carrier, unit, today
):
    late = make_waiting(carrier=carrier, on=today - timedelta(days=3), move_in_on=today)
    client.force_login(operator)
    day = today + timedelta(days=3)
    page = client.post(url("offer", late), {"units": [unit.pk], "last_day": day})
    text = page.content.decode()
    assert mine.number in text
    assert "checked" in text
    answer = client.post(
        url("offer", late), {"units": [unit.pk], "last_day": day, "reason": "相邻扩租"}
    )
    assert answer.status_code == 302


def test_declining_needs_a_reason_and_another_s_offer_is_not_there(
    client, startup, mine, unit, carrier, today
):
    offered(mine, unit, on=today)
    client.force_login(startup)
    assert client.post(url("decline", mine), {"opinion": ""}).status_code == 200
    assert client.post(url("decline", mine), {"opinion": "太远"}).status_code == 302
    assert state(mine, today) == "waiting"
    other = make_waiting(carrier=carrier, tenant=make_tenant())
    assert client.get(url("accept", other)).status_code == 404


def test_the_conditions_of_entry_are_shown_while_one_types(client, operator, mine, unit, today):
    offered(mine, unit, on=today)
    client.force_login(operator)
    page = client.post(url("convert", mine), {"start": today}, headers={"hx-request": "true"})
    assert page.status_code == 200
    assert state(mine, today) == "held"


def test_a_startup_sees_its_place_and_no_names(client, startup, operator, mine, carrier, today):
    first = make_waiting(carrier=carrier, on=today - timedelta(days=20), move_in_on=today)
    client.force_login(startup)
    text = client.get(reverse("incubation:waiting-list")).content.decode()
    assert mine.number in text
    assert first.tenant.name not in text
    assert first.number not in text
    assert client.get(reverse("incubation:waiting-list")).context["count"] == 1
    client.force_login(operator)
    text = client.get(reverse("incubation:waiting-list")).content.decode()
    assert first.tenant.name in text


def test_the_log_names_others_to_the_staff_only(
    client, startup, operator, operator2, mine, carrier, unit, today
):
    late = make_waiting(carrier=carrier, on=today - timedelta(days=3), move_in_on=today)
    offered(late, unit, on=today, reason="相邻扩租")
    address = reverse("incubation:offer-log")
    client.force_login(startup)
    text = client.get(address).content.decode()
    assert late.tenant.name not in text
    assert late.number not in text
    assert "相邻扩租" in text
    client.force_login(operator)
    assert late.number in client.get(address).content.decode()
    client.force_login(operator2)
    assert list(client.get(address).context["rows"]) == []


@pytest.mark.parametrize("address", ["waiting-list", "offer-log"])
def test_lists_cost_the_same_for_one_and_for_three(client, operator, carrier, today, address):
    def row():
        one = make_waiting(carrier=carrier, on=today - timedelta(days=3), move_in_on=today)
        if address == "offer-log":
            space = make_unit(park=carrier.park, area=120)
            give_space(carrier, space)
            offered(one, space, on=today, reason="试")

    client.force_login(operator)
    page = reverse(f"incubation:{address}")
    row()
    client.get(page)
    once = queries(client, page)
    row()
    row()
    assert queries(client, page) == once


def queries(client, page) -> int:
    with CaptureQueriesContext(connection) as caught:
        client.get(page)
    return len(caught)


def test_the_section_of_an_application_offers_what_may_be_done(
    rf, startup, operator, bureau, mine, unit, today
):
    def section(user):
        application = Application.objects.with_state(today).get(pk=mine.pk)
        request = rf.get("/")
        request.user = user
        found = placing_of_application(application, user, today)
        shown = render_to_string(found.template, found.context | {"on": today}, request)
        assert all(url(act.replace("_", "-"), mine) in shown for act in found.context["acts"])
        return found

    assert section(startup).context["waiting"].entry.place == 1
    assert section(startup).context["waiting"].plausible.day == today
    assert section(operator).context["acts"] == {"offer"}
    offered(mine, unit, on=today)
    assert section(startup).context["acts"] == {"accept", "decline"}
    assert section(operator).context["acts"] == {"convert", "retract"}
    assert section(bureau).context["acts"] == set()
    incubation.convert_application(
        application=mine, agreement_number="1", start=today + timedelta(days=5),
        end=today + timedelta(days=700), by=operator, at=timezone.now(), on=today,
    )  # fmt: skip
    assert section(operator).context["acts"] == {"abandon"}
    lease = Lease.objects.get()
    letting.sign_lease(lease=lease, signed_on=today, signed_by=operator, today=today)
    assert section(operator).context["acts"] == set()
    assert section(operator).context["starts_later"]
    Lease.objects.update(start=today)
    assert section(operator).context["acts"] == {"move_in"}


def test_the_board_counts_what_waits_for_space(client, operator, carrier, unit, today):
    on = today - timedelta(days=3)
    application = make_approved(carrier=carrier, on=on, move_in_on=today)

    def waiting():
        found = {task.key: task.rows(operator, today).count() for task in TASKS}
        return {key for key, count in found.items() if count and key in KEYS}

    by = {"by": NOBODY, "at": moment(on), "on": on}
    assert waiting() == {"application-approved"}
    incubation.offer_units(application=application, units=[unit], **by)
    assert waiting() == {"offer-open"}
    incubation.accept_offer(application=application, **by)
    assert waiting() == {"offer-accepted"}
    incubation.convert_application(
        application=application, agreement_number="1", start=today, end=today + timedelta(days=700),
        **by,
    )  # fmt: skip
    assert waiting() == set()
    letting.sign_lease(lease=application.lease, signed_on=on, signed_by=NOBODY, today=on)
    assert waiting() == {"application-moving-in"}
    client.force_login(operator)
    page = client.get(reverse("tenants:task-list", args=["application-moving-in"]))
    assert application.number in page.content.decode()
