"""From an accepted offer to moving in, without typing anything twice."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from incubation import services as incubation
from incubation.errors import EntryConditionsNotMet, LeaseUnsigned
from incubation.models import Application, Residency
from incubation.rules import METRICS
from incubation.rules.files import read_files, shipped
from incubation.selectors.waiting import queue_of
from tenants import services as letting
from tenants.models import AskingRent, Hold, Lease
from tests.factories import NOBODY, make_lease, make_tenant, make_unit
from tests.factories.applications import give_space, make_approved, moment, take
from tests.factories.incubation import make_carrier
from tests.incubation.test_offers import offer, state

pytestmark = pytest.mark.django_db
D = date
DAY, START, END = D(2026, 6, 10), D(2026, 6, 20), D(2028, 6, 20)
TERMS = {"agreement_number": "FH-2026-1", "start": START, "end": END}


@pytest.fixture
def carrier():
    return make_carrier()


@pytest.fixture
def unit(carrier):
    return give_space(carrier, make_unit(park=carrier.park, area=120))[0]


@pytest.fixture
def accepted(carrier, unit):
    application = make_approved(carrier=carrier, special_field="chips", rent_most=28)
    offer(application, unit)
    incubation.accept_offer(application=application, by=NOBODY, at=moment(DAY), on=DAY)
    return application


def convert(application, on=DAY, **fields):
    return incubation.convert_application(
        application=application, by=NOBODY, at=moment(on), on=on, **TERMS | fields
    )


def move_in(application, on=START, **fields):
    return incubation.move_in(application=application, by=NOBODY, at=moment(on), on=on, **fields)


def test_agreement_and_lease_say_what_the_application_said(accepted, unit):
    convert(accepted)
    row = Application.objects.get(pk=accepted.pk)
    residency, lease = row.residency, row.lease
    assert (residency.tenant, residency.carrier, residency.entered_on) == (
        row.tenant, row.carrier, START,
    )  # fmt: skip
    assert residency.special_field == "chips"
    (line,) = lease.lines.all()
    assert (line.unit, line.rent, line.area_m2) == (unit, Decimal(28), Decimal(120))
    assert (lease.tenant, lease.start, lease.end, lease.signed_on) == (row.tenant, START, END, None)
    assert state(row, DAY) == "signing"


def test_the_rent_asked_in_public_goes_before_the_wish(accepted, unit):
    AskingRent.objects.create(unit=unit, rent=26, rent_unit="m2_month", start=D(2026, 1, 1))
    convert(accepted)
    assert accepted.lease.lines.get().rent == Decimal(26)


def test_moving_in_signs_the_lease_once_it_runs(accepted):
    convert(accepted)
    with pytest.raises(LeaseUnsigned, match="合同自"):
        move_in(accepted, on=DAY)
    move_in(accepted)
    assert Lease.objects.get().signed_on == START
    assert state(accepted, START) == "moved_in"
    assert not Hold.objects.binding().filter(end__gt=START).exists()


def test_a_lease_signed_on_its_own_page_is_not_signed_again(accepted):
    convert(accepted)
    letting.sign_lease(lease=accepted.lease, signed_on=DAY, signed_by=NOBODY, today=DAY)
    move_in(accepted)
    assert Lease.objects.get().signed_on == DAY


def test_a_hold_that_lapses_during_signing_and_another_takes_the_unit(accepted, unit):
    convert(accepted)
    ended = Hold.objects.get().end
    assert ended == DAY + timedelta(days=15)
    make_lease(units=[unit], start=ended, end=END)
    with pytest.raises(LeaseUnsigned, match="预订已到期"):
        move_in(accepted, on=ended)
    incubation.abandon_signing(
        application=accepted, opinion="房源另租", approved=True, by=NOBODY, at=moment(ended),
        on=ended,
    )  # fmt: skip
    assert not Residency.objects.exists()
    assert Lease.objects.filter(signed_on=None).count() == 0
    assert state(accepted, ended) == "approved"


def test_a_hold_that_lapsed_while_nobody_else_came_does_not_matter(accepted):
    convert(accepted)
    late = Hold.objects.get().end + timedelta(days=3)
    move_in(accepted, on=late)
    assert state(accepted, late) == "moved_in"


def test_who_lost_its_space_keeps_its_place_in_the_queue(carrier, unit):
    first = take(make_approved(carrier=carrier), "queue", on=D(2026, 6, 3))
    second = take(make_approved(carrier=carrier), "queue", on=D(2026, 6, 4))
    offer(first, unit)
    incubation.accept_offer(application=first, by=NOBODY, at=moment(DAY), on=DAY)
    convert(first)
    incubation.abandon_signing(
        application=first, opinion="消防整改", approved=True, by=NOBODY, at=moment(DAY), on=DAY
    )
    take(first, "queue", on=DAY)
    assert [entry.application for entry in queue_of(carrier, "office", DAY)] == [first, second]


def test_abandoning_ends_the_application_and_lets_the_units_go(accepted):
    convert(accepted)
    incubation.abandon_signing(
        application=accepted, opinion="放弃", by=NOBODY, at=moment(DAY), on=DAY
    )
    assert state(accepted, DAY) == "lapsed"
    assert not Hold.objects.binding().filter(end__gt=DAY).exists()
    assert not Lease.objects.exists()


def test_a_signed_lease_is_not_abandoned(accepted):
    convert(accepted)
    letting.sign_lease(lease=accepted.lease, signed_on=DAY, signed_by=NOBODY, today=DAY)
    with pytest.raises(LeaseUnsigned):
        incubation.abandon_signing(
            application=accepted, opinion="放弃", by=NOBODY, at=moment(DAY), on=DAY
        )


def test_conditions_of_entry_not_met_leave_everything_as_it_was(accepted):
    Application.objects.filter(pk=accepted.pk).update(tenant=make_tenant(founded_on=D(2015, 1, 1)))
    accepted.refresh_from_db()
    incubation.load_rule_sets(read_files(shipped(), METRICS), by=None, at=moment(DAY))
    with pytest.raises(EntryConditionsNotMet):
        convert(accepted)
    assert state(accepted, DAY) == "accepted"
    assert not Lease.objects.exists()
