"""Adjoining vacant units for those whom no single unit fits: ranked, allocated, offered."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from shapely import box

from incubation import services as incubation
from incubation.errors import NothingFits
from incubation.fitting import against, taken_of
from incubation.models import AllocatedUnit, Application, Offer
from incubation.selectors.matching import question, spaces_of, to_place
from incubation.selectors.placing import match
from incubation.services.allocating import ask
from parks.models import Unit
from tenants.models import AskingRent
from tests.factories import NOBODY, make_floor, make_lease, make_unit
from tests.factories.applications import give_space, make_waiting, moment
from tests.factories.incubation import make_carrier

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 10)
BY = {"by": NOBODY, "at": moment(DAY), "on": DAY}


@pytest.fixture
def carrier(jr):
    return make_carrier(park=jr)


def row_of(carrier, *areas, floor=None, give=True, **fields):
    """Units in a row, wall to wall, numbered from 301."""
    floor = floor or make_floor(park=carrier.park, ordinal=3)
    units = [
        make_unit(
            floor=floor, number=f"{floor.ordinal}{n:02}", area=area,
            outline=box(112.88 + n * 1e-4, 28.30, 112.88 + (n + 1) * 1e-4, 28.3001), **fields,
        )
        for n, area in enumerate(areas, start=1)
    ]  # fmt: skip
    return give_space(carrier, *units) if give else units


def wait(carrier, area, **fields):
    return make_waiting(carrier=carrier, area_min_m2=area, area_max_m2=None, **fields)


def propose(carrier):
    return incubation.propose_allocation(park=carrier.park, **BY)


def placed(allocation):
    return {
        row.application_id: [unit.number for unit in row.units.order_by("number")]
        for row in allocation.rows.all()
    }


def sets_for(application):
    return [[unit.number for unit in one.units] for one in match(application, DAY)[1]]


def test_each_gets_units_of_its_own_and_as_many_are_placed_as_can_be(carrier):
    row_of(carrier, 60, 60, 60, 60)
    one, other = wait(carrier, 100), wait(carrier, 110)
    assert sorted(placed(propose(carrier)).values()) == [["301", "302"], ["303", "304"]]
    small = wait(carrier, 50)
    row_of(carrier, 70, floor=make_floor(park=carrier.park, ordinal=4))
    made = propose(carrier)
    found = placed(made)
    assert found[small.pk] == ["401"]
    assert sorted([found[one.pk], found[other.pk]]) == [["301", "302"], ["303", "304"]]
    row = made.rows.get(application=one)
    assert row.reasons == [["joined", {"units": 2}], ["fit_sets", {"sets": 3}]]
    assert row.parts["area"] == 1_000_000 * 100 // 120
    assert propose(carrier) == made
    assert placed(incubation.work_out_again(allocation=made, **BY)) == found


def test_a_set_is_offered_whole_and_stays_when_worked_out_again(carrier):
    row_of(carrier, 60, 60, 60)
    first = wait(carrier, 100)
    made = propose(carrier)
    (offer,) = incubation.accept_rows(allocation=made, **BY)
    assert {one.hold.unit.number for one in offer.units.all()} == set(placed(made)[first.pk])
    late = wait(carrier, 100)
    again = placed(incubation.work_out_again(allocation=made, **BY))
    assert len(again[first.pk]) == 2
    assert again[late.pk] == []
    assert Application.objects.with_state(DAY).get(pk=first.pk).state == "held"


def test_a_set_whose_unit_is_gone_is_not_offered_and_nothing_else_is(carrier):
    units = row_of(carrier, 60, 60)
    wait(carrier, 100)
    single = row_of(carrier, 90, floor=make_floor(park=carrier.park, ordinal=4))
    wait(carrier, 80)
    made = propose(carrier)
    assert AllocatedUnit.objects.count() == 3
    make_lease(units=units[1:], start=DAY, end=date(2027, 6, 10))
    with pytest.raises(NothingFits, match="301 \\+ 302"):
        incubation.accept_rows(allocation=made, **BY)
    assert not Offer.objects.exists()
    assert single


def test_only_what_could_be_merged_is_taken_together(carrier, jr):
    """Of one floor, kind and carrier, vacant, wall to wall."""
    floor = make_floor(park=jr, ordinal=3)
    a, b, c, d, e, f = row_of(carrier, 60, 60, 60, 60, 60, 60, floor=floor, give=False)
    Unit.objects.filter(pk=b.pk).update(kind="lab")
    give_space(carrier, a, b, c, e, f)
    give_space(make_carrier(park=jr), d)
    application = wait(carrier, 110)
    assert sets_for(application) == [["305", "306"]]
    make_lease(units=[f], start=date(2026, 1, 1), end=date(2026, 12, 31))
    assert sets_for(application) == []
    assert placed(propose(carrier)) == {application.pk: []}
    (row,) = propose(carrier).rows.all()
    assert dict(row.reasons)["area"] == {"units": 5}


def test_hard_needs_hold_for_every_unit_of_a_set_and_areas_are_summed(carrier):
    units = row_of(carrier, 60, 60, 60, clear_height_m=4, floor_load_kn_m2=5, goods_lift=True)
    wants = wait(carrier, 100, floor_load_kn_m2=5, clear_height_m=Decimal("3.5"), goods_lift=True)
    assert sets_for(wants) == [["301", "302"]]
    for field, weak in (("floor_load_kn_m2", 4), ("clear_height_m", 3), ("goods_lift", False)):
        Unit.objects.filter(pk=units[0].pk).update(**{field: weak})
        assert sets_for(wants) == [["302", "303"]], field
        Unit.objects.filter(pk=units[0].pk).update(**{field: getattr(units[0], field)})


def test_who_has_a_fitting_unit_or_no_least_area_gets_no_set(carrier):
    row_of(carrier, 60, 60)
    assert sets_for(wait(carrier, 60)) == []
    assert sets_for(wait(carrier, None)) == []
    assert sets_for(wait(carrier, 130)) == []
    assert sets_for(wait(carrier, 61)) == [["301", "302"]]


def test_no_unit_of_a_set_is_to_spare_and_links_are_kept(carrier):
    """302 is small but joins the others; of 401 to 403 two are enough."""
    row_of(carrier, 60, 5, 60)
    application = wait(carrier, 120)
    assert sets_for(application) == [["301", "302", "303"]]
    row_of(carrier, 70, 70, 70, floor=make_floor(park=carrier.park, ordinal=4))
    assert sets_for(application) == [["301", "302", "303"], ["401", "402"]]


def test_where_four_are_too_few_the_fewest_that_do(carrier):
    row_of(carrier, 30, 30, 30, 30, 30, 30)
    application = wait(carrier, 140)
    (found,) = sets_for(application)
    assert len(found) == 5


def test_desks_are_summed(carrier):
    row_of(carrier, 20, 20, kind="desk", seats=6)
    assert sets_for(wait(carrier, 10, unit_kind="desk", desks=10)) == [["301", "302"]]
    assert sets_for(wait(carrier, 10, unit_kind="desk", desks=13)) == []


def test_the_rent_is_that_of_all_by_area(carrier):
    units = row_of(carrier, 100, 50)
    AskingRent.objects.create(unit=units[0], rent=30, rent_unit="m2_month", start=DAY)
    application = wait(carrier, 140, rent_most=40)
    assert question([application], spaces_of([carrier], DAY), DAY).rents[-1] == -1
    AskingRent.objects.create(unit=units[1], rent=60, rent_unit="m2_month", start=DAY)
    asked = question([application], spaces_of([carrier], DAY), DAY)
    assert asked.rents[-1] == 4000
    assert asked.parts["price"][0, -1] == 1_000_000


def test_every_set_is_judged_as_an_offer_is(carrier):
    row_of(carrier, 60, 70, 80, power_kva=20)
    wait(carrier, 100, power_kva=30)
    wait(carrier, 200)
    asked = ask(carrier.park, DAY)
    taken = taken_of(asked.units, DAY)
    assert asked.fits[:, 3:].any(axis=1).all()
    for n, application in enumerate(asked.applications):
        for m in range(3, len(asked.places)):
            if asked.fits[n, m]:
                assert against(application, asked.places[m], taken, DAY) == []


def test_queries_do_not_grow_with_sets(carrier):
    def asked():
        with CaptureQueriesContext(connection) as seen:
            question(to_place(carrier.park, DAY), spaces_of([carrier], DAY), DAY)
        return len(seen)

    wait(carrier, 100)
    row_of(carrier, 60)
    once = asked()
    row_of(carrier, 60, 60, 60, floor=make_floor(park=carrier.park, ordinal=4))
    wait(carrier, 110)
    assert asked() == once


def test_a_unit_is_proposed_once(carrier):
    row_of(carrier, 60, 60, 60)
    wait(carrier, 100)
    wait(carrier, 100)
    made = propose(carrier)
    given = AllocatedUnit.objects.filter(allocation=made).first()
    other = made.rows.exclude(pk=given.row_id).get()
    with pytest.raises(IntegrityError):
        AllocatedUnit.objects.create(row=other, allocation=made, unit=given.unit)


def test_pages_show_the_set_with_why_and_mark_it(client, operator, carrier):
    row_of(carrier, 60, 60)
    application = wait(carrier, 100)
    client.force_login(operator)
    page = client.get(f"/applications/{application.pk}/?on={DAY}").content.decode()
    assert "同层相邻，可以拼户，缺一不可" in page
    assert "多余 20.00 ㎡" in page
    keys = "&amp;".join(f"unit={unit.pk}" for unit in Unit.objects.order_by("number"))
    assert f'href="/applications/{application.pk}/offer/?{keys}"' in page
    offer = client.get(f"/applications/{application.pk}/offer/?{keys}".replace("&amp;", "&"))
    assert sum(one.marked for one in offer.context["excluded"]) == 2
    made = propose(carrier)
    page = client.get(f"/allocations/{made.pk}/").content.decode()
    assert "2 个相邻房源可拼户，缺一不可" in page
    assert "120.00 ㎡" in page
    asked = client.get(f"/allocations/{made.pk}/accept/").content.decode()
    assert "301 + 302" in asked
