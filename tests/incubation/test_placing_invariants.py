"""``verify`` finds queues, offers and conversions changed past the services, by raw SQL."""

from datetime import date

import pytest
from django.db import connection

from incubation import services as incubation
from incubation.invariants import placing as invariants
from tests.config.test_verify import verify
from tests.factories import NOBODY, make_unit
from tests.factories.applications import give_space, make_approved, make_waiting, moment
from tests.factories.incubation import make_carrier, make_residency

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 10)


@pytest.fixture
def world():
    """One waits, one has an offer by a proposal, one signs."""
    carrier = make_carrier()
    units = give_space(carrier, *(make_unit(park=carrier.park, area=120) for _n in range(2)))
    make_waiting(carrier=carrier, area_min_m2=150, area_max_m2=None)
    by = {"by": NOBODY, "at": moment(DAY), "on": DAY}
    make_waiting(carrier=carrier)
    proposal = incubation.propose_allocation(park=carrier.park, **by)
    incubation.accept_rows(allocation=proposal, **by)
    incubation.propose_allocation(park=carrier.park, weights={"area": 0}, **by)
    proposed = proposal.rows.placed().get().units.get()
    signing = make_approved(carrier=carrier)
    rest = [unit for unit in units if unit != proposed]
    incubation.offer_units(application=signing, units=rest, reason="急", **by)
    incubation.convert_application(
        application=signing, agreement_number="FH-1", start=DAY, end=date(2028, 6, 10), **by
    )
    make_residency(carrier=carrier)


def codes():
    checks = (
        invariants.the_queue_is_who_waits, invariants.offers_are_held_for_their_applicant,
        invariants.nobody_is_passed_over_without_a_reason,
        invariants.accepted_rows_are_what_was_offered,
        invariants.what_was_converted_is_the_applicants,
    )  # fmt: skip
    return {violation.code for check in checks for violation in check()}


def test_a_sound_world_has_none(world, capsys):
    assert codes() == set()
    code, out = verify(capsys)
    assert code == 0, out


@pytest.mark.parametrize(
    ("code", "sql"),
    [
        ("waiting_lost", "DELETE FROM incubation_waitingentry WHERE left_on IS NULL"),
        ("waiting_odd", "UPDATE incubation_waitingentry SET left_on = NULL, \"left\" = ''"),
        ("waiting_carrier", "UPDATE incubation_application SET carrier_id ="
                            " (SELECT MIN(id) FROM incubation_carrier) + 1"),
        ("offer_tenant", "UPDATE tenants_hold SET tenant_id = (SELECT MAX(id) FROM tenants_tenant)"),
        ("offer_space", "DELETE FROM incubation_carrierspace"),
        ("offer_not_held", "UPDATE tenants_hold SET binding = {false}"),
        ("offer_not_held", "UPDATE tenants_hold SET \"end\" = '2026-06-11'"),
        ("allocation_offer", "DELETE FROM incubation_allocatedunit"),
        ("allocation_unit", "UPDATE incubation_allocatedunit SET allocation_id ="
                            " (SELECT MAX(id) FROM incubation_allocation)"),
        ("offer_queue", "UPDATE incubation_offer SET queue = '{queue}'"),
        ("converted", "UPDATE tenants_lease SET tenant_id ="
                      " (SELECT MAX(id) FROM tenants_tenant)"),
        ("moved_in_unsigned", "UPDATE incubation_applicationstep SET act = 'move_in',"
                              " source = 'signing', target = 'moved_in' WHERE target = 'signing'"),
    ],
)  # fmt: skip
def test_what_was_changed_is_found(world, code, sql):
    make_carrier()
    queue = '[{"application": 0, "number": "A", "place": 1, "since": "", "passed_over": []}]'
    sql = sql.replace("{false}", "FALSE" if connection.vendor == "postgresql" else "0")
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{queue}", queue))
    assert code in codes()
