"""The board of a startup: what is its own, what waits for it first, and nothing of others."""

from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incubation.next_steps import next_step
from incubation.selectors.own_board import own_applications
from incubation.workflow import APPLICANT
from tenants import services as letting
from tests.factories import NOBODY, make_tenant
from tests.factories.applications import make_application, take
from tests.factories.incubation import make_carrier, make_residency

pytestmark = pytest.mark.django_db
D = date
ON = D(2026, 6, 10)


@pytest.fixture
def apply(firm, jr):
    """``apply(acts…)``: an application of the firm to a carrier of its own."""

    def made(*acts, **fields):
        application = make_application(tenant=firm, carrier=make_carrier(park=jr))
        return take(application, *acts, **fields)

    return made


def board(client, on=ON):
    answer = client.get("/", {"on": on.isoformat()})
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_waits_for_the_applicant_stands_first_with_its_reason(client, startup, apply):
    review = apply("submit", "accept_form")
    refused = take(apply("submit"), "refuse_form", opinion="方向不符")
    amending = take(
        apply("submit"), "return", opinion="执照看不清", until=D(2026, 6, 20)
    )  # fmt: skip
    make_application(carrier=review.carrier, title="别家的项目")
    client.force_login(startup)
    page = board(client)
    rows = list(own_applications(startup, ON))
    assert [one.pk for one in rows] == [amending.pk, review.pk, refused.pk]
    assert [one.reason for one in rows[::2]] == ["执照看不清", "方向不符"]
    assert "执照看不清" in page
    assert str(next_step("in_review", APPLICANT)) in unescape(page)
    assert f"/apply/{amending.pk}/" in page
    assert f"/applications/{refused.pk}/copy/" in page
    later = D(2026, 6, 20)
    assert {one.pk: one.state for one in own_applications(startup, later)}[amending.pk] == "lapsed"
    assert list(own_applications(startup, later + timedelta(days=200))) == [review]


def test_residency_says_how_long_and_what_is_missing(client, startup, firm, jr):
    residency = make_residency(
        carrier=make_carrier(park=jr), tenant=firm, entered_on=D(2024, 1, 10)
    )  # fmt: skip
    make_residency(carrier=residency.carrier, tenant=make_tenant(), entered_on=D(2024, 1, 10))
    client.force_login(startup)
    ((stay, left, found),) = client.get("/", {"on": ON.isoformat()}).context["stays"]
    assert (stay.pk, bool(left), found.pk) == (residency.pk, True, residency.pk)
    assert f"/my/figures/{firm.pk}/2025/" in board(client)


def test_a_stranger_to_every_firm_finds_a_way_on(client, startup):
    startup.tenants.clear()
    client.force_login(startup)
    page = board(client)
    assert "/apply/" in page
    assert "/my/problems/new/" not in page


def test_the_board_asks_as_often_for_three_as_for_one(client, startup, firm, apply, jr):
    residency = make_residency(
        carrier=make_carrier(park=jr), tenant=firm, entered_on=D(2024, 1, 10)
    )  # fmt: skip
    client.force_login(startup)
    asked = []
    for year in (2023, 2024):
        apply("submit")
        letting.record_figure(tenant=firm, year=year, revenue=Decimal(9), by=NOBODY)
        letting.report_problem(
            tenant=firm, subject="水", text="漏水", by=startup, on=timezone.localdate()
        )  # fmt: skip
        board(client, timezone.localdate())
        with CaptureQueriesContext(connection) as queries:
            board(client, timezone.localdate())
        asked.append(len(queries))
        apply("submit")
    assert residency.pk
    assert len(set(asked)) == 1
    assert asked[0] <= 45
