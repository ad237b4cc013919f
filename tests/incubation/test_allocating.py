"""Proposals for all approved applications of a park: built, explained, accepted, worked out again."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incubation import services as incubation
from incubation.errors import NothingFits, OfferState
from incubation.fitting import against, taken_of
from incubation.models import Allocation, Application, Offer
from incubation.selectors.matching import question, spaces_of, to_place
from incubation.selectors.placing import choices_for
from incubation.services.allocating import ask
from parks.errors import InvalidValue
from tenants import services as letting
from tenants.models import AskingRent
from tests.factories import NOBODY, make_lease, make_tenant, make_unit
from tests.factories.applications import give_space, make_approved, make_waiting, moment
from tests.factories.incubation import make_carrier

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 10)
BY = {"by": NOBODY, "at": moment(DAY), "on": DAY}


@pytest.fixture
def carrier(jr):
    return make_carrier(park=jr)


@pytest.fixture
def units(carrier):
    sizes = (("101", 100), ("102", 200), ("103", 60))
    units = [make_unit(park=carrier.park, number=number, area=area) for number, area in sizes]
    return give_space(carrier, *units)


def propose(carrier, **weights):
    return incubation.propose_allocation(park=carrier.park, weights=weights, **BY)


def placed(allocation):
    return {
        row.application.number: "+".join(sorted(unit.number for unit in row.units.all())) or None
        for row in allocation.rows.select_related("application").prefetch_related("units")
    }


def test_a_small_one_takes_what_a_large_one_needs_only_where_it_must(carrier, units):
    small = make_waiting(carrier=carrier, area_min_m2=90, area_max_m2=None)
    large = make_waiting(carrier=carrier, area_min_m2=180, area_max_m2=None)
    huge = make_waiting(carrier=carrier, area_min_m2=900, area_max_m2=None)
    made = propose(carrier)
    assert placed(made) == {small.number: "101", large.number: "102", huge.number: None}
    assert made.rows.get(application=huge).reasons == [["area", {"units": 3}]]
    row = made.rows.get(application=small)
    assert row.parts["area"] == 900_000
    assert row.reasons == [["fit", {"fit": 2}]]
    assert made.total.quantize(Decimal("1e-6")) == sum(
        row.score for row in made.rows.all()
    ).quantize(Decimal("1e-6"))
    assert {trial["part"] for trial in made.trials} == set(made.weights)


def test_every_pair_is_judged_as_an_offer_is(carrier, units):
    make_lease(units=units[:1], start=date(2026, 1, 1), end=date(2026, 12, 31))
    make_waiting(carrier=carrier, area_min_m2=90, area_max_m2=None, floor_load_kn_m2=5)
    make_waiting(carrier=carrier, unit_kind="lab", fire_class="C", goods_lift=True)
    make_waiting(carrier=make_carrier(park=carrier.park))
    asked = ask(carrier.park, DAY)
    taken = taken_of(asked.units, DAY)
    for n, application in enumerate(asked.applications):
        for m, unit in enumerate(asked.units):
            codes = {code for code, _n in against(application, [unit], taken, DAY)}
            if application.carrier_id != carrier.pk:
                codes |= {"carrier"}
            assert {code for code, mask in asked.unmet.items() if mask[n, m]} == codes
            assert asked.fits[n, m] == (not codes)


def test_the_same_question_has_the_same_answer(carrier, units):
    for _n in range(4):
        make_waiting(carrier=carrier, area_min_m2=50, area_max_m2=None)
    made = propose(carrier)
    assert propose(carrier) == made
    assert propose(carrier, area=0) != made
    before = placed(made)
    assert placed(incubation.work_out_again(allocation=made, **BY)) == before
    assert sorted(filter(None, before.values())) == ["101", "102", "103"]


def test_the_weights_decide_who_gets_what(carrier, units):
    tenant = make_tenant(chain="food")
    neighbour = make_unit(park=carrier.park, floor=units[1].floor, number="104")
    make_lease(units=[neighbour], tenant=make_tenant(chain="food"), start=date(2026, 1, 1),
                end=date(2027, 1, 1))  # fmt: skip
    AskingRent.objects.create(unit=units[0], rent=50, rent_unit="m2_month", start=DAY)
    AskingRent.objects.create(unit=units[1], rent=1, rent_unit="m2_day", start=DAY)
    one = make_waiting(carrier=carrier, tenant=tenant, area_min_m2=90, rent_most=30)
    nothing = dict.fromkeys(("area", "price", "stage", "chain", "wish", "waiting"), 0)
    for name, number in (("area", "101"), ("price", "102"), ("chain", "102")):
        made = propose(carrier, **nothing | {name: 1})
        assert placed(made) == {one.number: number}, name
    one.preferred_units.add(units[0])
    assert placed(propose(carrier, **nothing | {"wish": 5, "price": 1})) == {one.number: "101"}


def test_accepted_rows_stay_and_the_rest_is_worked_out_again(carrier, units):
    first = make_waiting(carrier=carrier, area_min_m2=50, area_max_m2=None)
    second = make_approved(carrier=carrier, area_min_m2=50, area_max_m2=None)
    made = propose(carrier)
    row = made.rows.get(application=first)
    unit = row.units.get()
    (offer,) = incubation.accept_rows(allocation=made, rows=[row], **BY)
    assert Application.objects.with_state(DAY).get(pk=first.pk).state == "held"
    assert offer.units.get().hold.unit == unit
    assert str(made.pk) in offer.reason
    again = incubation.work_out_again(allocation=made, **BY)
    assert again.rows.get(application=first).offer == offer
    assert again.rows.get(application=second).units.get() != unit
    incubation.accept_rows(allocation=made, **BY)
    assert Offer.objects.count() == 2
    with pytest.raises(OfferState):
        incubation.accept_rows(allocation=made, **BY)
    incubation.decline_offer(application=first, opinion="太远", **BY)
    again = incubation.work_out_again(allocation=made, **BY)
    assert again.rows.get(application=first).units.get() != unit


def test_all_or_none_are_accepted(carrier, units):
    make_waiting(carrier=carrier, area_min_m2=50, area_max_m2=None)
    late = make_waiting(carrier=carrier, area_min_m2=50, area_max_m2=None)
    made = propose(carrier)
    unit = made.rows.get(application=late).units.get()
    letting.hold_unit(unit=unit, start=DAY, end=date(2026, 7, 1), tenant=make_tenant(), by=NOBODY)
    with pytest.raises(NothingFits, match=late.number):
        incubation.accept_rows(allocation=made, **BY)
    assert not Offer.objects.exists()


def test_nobody_to_place_and_odd_weights(carrier):
    assert propose(carrier).total == 0
    make_waiting(carrier=carrier)
    assert list(placed(propose(carrier)).values()) == [None]
    for odd in ({"area": 11}, {"luck": 1}):
        with pytest.raises(InvalidValue):
            propose(carrier, **odd)


def test_queries_do_not_grow(carrier, units):
    def asked():
        with CaptureQueriesContext(connection) as seen:
            question(to_place(carrier.park, DAY), spaces_of([carrier], DAY), DAY)
        return len(seen)

    make_waiting(carrier=carrier)
    once = asked()
    make_waiting(carrier=carrier)
    give_space(carrier, make_unit(park=carrier.park))
    assert asked() == once == 9


def test_who_waits_longest_comes_first(carrier):
    late = make_approved(carrier=carrier, on=date(2026, 6, 5))
    early = make_waiting(carrier=carrier, on=date(2026, 6, 3))
    make_approved(carrier=make_carrier())
    assert to_place(carrier.park, DAY) == [early, late]
    assert Allocation.objects.count() == 0


def test_each_unit_says_why_and_why_not(client, operator, units, carrier):
    row = make_waiting(carrier=carrier, area_min_m2=90, area_max_m2=None, rent_most=30)
    AskingRent.objects.create(unit=units[1], rent=50, rent_unit="m2_month", start=DAY)
    row.preferred_units.add(units[1])
    client.force_login(operator)
    page = client.get(f"/applications/{row.pk}/?on={DAY}")
    section = page.content.decode()
    assert "多余 10.00 ㎡" in section
    assert "租金高出可承受范围 20.00 元" in section
    assert "面积 60.00 ㎡，申请至少 90.00 ㎡" in section
    found = [one.unit.number for one in choices_for(row, DAY) if not one.reasons]
    assert found == ["102", "101"]
