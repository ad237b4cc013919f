"""The operator's pages of asking rents: one unit, those marked, all that are found."""

from decimal import Decimal

import pytest

from tenants.models import AskingRent
from tests.factories import make_floor, make_unit

TERMS = {"rent": "26", "rent_unit": "m2_month", "start": "2026-06-30"}


@pytest.fixture
def units(jr):
    floor = make_floor(park=jr)
    return [make_unit(floor=floor, kind=kind) for kind in ("office", "office", "lab")]


@pytest.fixture
def desk(client, operator):
    client.force_login(operator)
    return client


def confirm(client, address, terms=TERMS):
    shown = client.post(address, terms)
    assert shown.status_code == 200
    assert not AskingRent.objects.exists()
    return client.post(address, terms | {"seen": shown.context["seen"]})


def test_one_unit_is_set_from_its_page(desk, units):
    address = f"/asking-rents/set/?unit={units[0].pk}"
    assert address in desk.get(f"/units/{units[0].pk}/").text
    answer = desk.post(address, TERMS)
    assert answer.url == f"/units/{units[0].pk}/"
    assert AskingRent.objects.get().rent == Decimal(26)
    assert "26.00" in desk.get(answer.url).text


def test_all_found_are_set_after_a_look_at_them(desk, units):
    answer = confirm(desk, "/asking-rents/set/?all=1&kind=office")
    assert answer.url == "/asking-rents/?kind=office"
    assert set(AskingRent.objects.values_list("unit", flat=True)) == {u.pk for u in units[:2]}
    rows = desk.get("/asking-rents/?asked=false").context["page_obj"]
    assert [unit.pk for unit in rows] == [units[2].pk]


def test_more_found_since_are_shown_again(desk, units):
    address = "/asking-rents/set/?all=1&kind=office"
    seen = desk.post(address, TERMS).context["seen"]
    make_unit(floor=units[0].floor, kind="office")
    assert desk.post(address, TERMS | {"seen": seen}).status_code == 200
    assert not AskingRent.objects.exists()


def test_nothing_marked_sets_nothing(desk, units):
    assert desk.get("/asking-rents/set/").url == "/asking-rents/"
    assert desk.get("/asking-rents/set/?unit=x").status_code == 404


def test_another_operator_sees_and_sets_none_of_these(client, operator2, units):
    client.force_login(operator2)
    assert client.get("/asking-rents/").context["page_obj"].paginator.count == 0
    assert client.post(f"/asking-rents/set/?unit={units[0].pk}", TERMS).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_list_are_fixed(desk, jr, count, django_assert_num_queries):
    for _i in range(count):
        make_unit(park=jr)
    with django_assert_num_queries(10):
        desk.get("/asking-rents/")
