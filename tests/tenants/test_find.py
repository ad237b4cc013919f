"""Space free by a day, adjoining sets, and the pages and the API of both and of moves."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from shapely.geometry import box

from parks import services as space
from parks.geometry import from_metric, to_metric
from parks.models import Unit
from tenants import services as letting
from tenants.models import MovePlan
from tenants.selectors.free import contiguous, free_units
from tests.factories import NOBODY, make_building, make_floor, make_lease, make_unit

pytestmark = pytest.mark.django_db
BY = date(2026, 9, 1)
ORIGIN = shapely.get_coordinates(to_metric(shapely.Point(112.88, 28.3)))[0]


def outline(x0, y0, x1, y1):
    x, y = ORIGIN
    return from_metric(box(x0 + x, y0 + y, x1 + x, y1 + y))


def row(floor, count=5):
    """Rooms of 10 × 10 m side by side: 101, 102, …"""
    return [
        make_unit(floor=floor, number=f"{floor.ordinal}0{i + 1}", area=100,
                  outline=outline(i * 10, 0, i * 10 + 10, 10))
        for i in range(count)
    ]  # fmt: skip


@pytest.fixture
def floor(jr):
    return make_floor(building=make_building(park=jr, code="3", fire_class="D"), ordinal=1)


def numbers(units):
    return [unit.number for unit in units]


def test_merging_is_offered_on_one_floor_only(client, operator, floor):
    upper = make_floor(building=floor.building, ordinal=2)
    row(floor, 2)
    client.force_login(operator)
    address = "/find/adjoining/?area={}"
    assert "/merge/" in client.get(address.format(200)).content.decode()
    row(upper, 1)
    page = client.get(address.format(300)).content.decode()
    assert "/leases/new/?unit=" in page
    assert "/merge/" not in page


def test_what_falls_free_by_the_day_counts(floor):
    ends, runs, held, closed, free = row(floor)
    make_lease(units=[ends], start=date(2024, 1, 1), end=date(2026, 8, 1))
    make_lease(units=[runs], start=date(2024, 1, 1), end=date(2026, 9, 2))
    letting.hold_unit(
        unit=held, applicant="甲", start=date(2026, 10, 1), end=date(2026, 11, 1), by=NOBODY
    )
    space.close_unit(unit=closed, reason="own_use", start=date(2026, 12, 1), by=NOBODY)
    make_lease(units=[free], start=date(2028, 1, 1), end=date(2029, 1, 1))
    found = {u.number: u for u in free_units(Unit.objects.all(), by=BY, months=12)}
    assert set(found) == {"101", "105"}
    assert found["101"].free_from == date(2026, 8, 1)
    assert found["101"].free_until == date.max
    assert found["105"].free_until == date(2028, 1, 1)
    assert numbers(free_units(Unit.objects.filter(pk=held.pk), by=BY, months=1)) == ["103"]


def test_adjoining_units_leave_the_let_one_out(floor):
    units = row(floor)
    make_lease(units=[units[1]], start=date(2024, 1, 1), end=date(2030, 1, 1))
    make_lease(units=[units[3]], start=date(2024, 1, 1), end=date(2026, 8, 15))
    (found,) = contiguous(Unit.objects.all(), area_m2=Decimal(250), by=BY)
    assert numbers(found.units) == ["103", "104", "105"]
    assert (found.area_m2, found.surplus_m2, found.exact) == (300, 50, True)
    assert found.free_from == date(2026, 8, 15)
    assert contiguous(Unit.objects.all(), area_m2=Decimal(301), by=BY) == []


def test_stacked_floors_adjoin(floor):
    upper = make_floor(building=floor.building, ordinal=2)
    row(floor, 1)
    row(upper, 1)
    (found,) = contiguous(Unit.objects.all(), area_m2=Decimal(200), by=BY)
    assert sorted(numbers(found.units)) == ["101", "201"]


def test_the_pages_find_it(client, operator, floor):
    row(floor)
    client.force_login(operator)
    page = client.get("/find/", {"free_by": BY.isoformat(), "fire_class": "E"})
    assert page.content.decode().count("/units/") >= 5
    assert "101" not in client.get("/find/", {"fire_class": "C"}).content.decode()
    page = client.get("/find/adjoining/", {"area": 250, "free_by": BY.isoformat()})
    assert "polygon" in page.content.decode()
    assert "leases/new/?unit=" in page.content.decode()


def test_a_chosen_day_stays_when_the_day_shown_moves(client, operator, floor):
    late, _free = row(floor, 2)
    make_lease(units=[late], start=date(2024, 1, 1), end=BY)
    client.force_login(operator)
    for on in ("2026-01-31", "2026-06-30", "2026-08-31"):
        page = client.get("/find/", {"free_by": BY.isoformat(), "on": on}).content.decode()
        assert f"/units/{late.pk}/" in page
        assert f'value="{BY}"' in page
    assert f"/units/{late.pk}/" not in client.get("/find/?on=2026-06-30").content.decode()


@pytest.mark.parametrize("day", ["9999-12-31", "9990-01-01", "0001-01-01", "x"])
def test_days_beyond_reckoning_are_refused(client, operator, floor, day):
    row(floor, 1)
    client.force_login(operator)
    asked = {"free_by": day, "months": 240, "area": 10}
    for address in ("/find/", "/find/adjoining/"):
        page = client.get(address, asked)
        assert page.status_code == 200
        assert b'class="error"' in page.content
    for address in ("/api/v1/spaces/", "/api/v1/units/contiguous/"):
        wanted = asked if "contiguous" in address else {"free_by": day, "months": 240}
        assert client.get(address, wanted).status_code == 400


def counted(client, address):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "address",
    ["/find/", "/find/adjoining/?area=100", "/moves/", "/api/v1/spaces/", "/api/v1/moves/",
     "/api/v1/units/contiguous/?area=100"],
)  # fmt: skip
def test_queries_stay_the_same(client, operator, jr, floor, address):
    client.force_login(operator)
    tomorrow = timezone.localdate() + timedelta(days=30)

    def more(ordinal):
        there = make_floor(building=make_building(park=jr), ordinal=ordinal)
        row(there, 1)
        lease = make_lease(units=[make_unit(floor=there)], start=date(2020, 1, 1),
                           end=date(2039, 1, 1))  # fmt: skip
        letting.plan_moves(park=jr, steps=[letting.Step(before=lease)], effective_on=tomorrow,
                           on=tomorrow, by=NOBODY)  # fmt: skip

    more(1)
    client.get(address)
    one = counted(client, address)
    more(2)
    more(3)
    assert counted(client, address) == one


def test_a_plan_from_the_form_with_its_preview(client, operator, jr, floor):
    here, there = row(floor, 2)
    lease = make_lease(units=[here], start=date(2020, 1, 1), end=date(2039, 1, 1))
    client.force_login(operator)
    day = timezone.localdate() + timedelta(days=30)
    data = {
        "park": jr.pk, "effective_on": day.isoformat(), "reason": "换房",
        "steps-TOTAL_FORMS": 1, "steps-INITIAL_FORMS": 0, "steps-0-lease": lease.number,
        "steps-0-units": "3/102",
    }  # fmt: skip
    page = client.post("/moves/new/", data | {"preview": 1})
    assert 'id="preview"' in page.content.decode()
    wrong = client.post("/moves/new/", data | {"preview": 1, "steps-TOTAL_FORMS": 2,
                        "steps-1-units": "3/102", "steps-1-tenant": lease.tenant.name})  # fmt: skip
    assert wrong.content.decode().count("102") >= 1
    assert 'id="preview"' not in wrong.content.decode()
    assert not MovePlan.objects.exists()
    answer = client.post("/moves/new/", data | {"plan": 1})
    plan = MovePlan.objects.get()
    assert answer.url == reverse("tenants:move-detail", args=[plan.pk])
    assert "102" in client.get(answer.url).content.decode()
    assert client.get("/moves/pick/", {"what": "unit", "q": "10"}).content.count(b"<option") == 2
    assert client.get("/moves/pick/", {"what": "lease", "q": lease.number[:4]}).status_code == 200
    client.post(f"/moves/{plan.pk}/cancel/", {"reason": "不搬了"})
    plan.refresh_from_db()
    assert plan.cancelled_on


def test_the_form_says_what_is_wrong(client, operator, jr, floor):
    client.force_login(operator)
    data = {"park": jr.pk, "effective_on": "2027-01-01", "reason": "x", "steps-TOTAL_FORMS": 1,
            "steps-INITIAL_FORMS": 0, "steps-0-lease": "NO-1", "steps-0-units": "999"}  # fmt: skip
    page = client.post("/moves/new/", data).content.decode()
    assert "NO-1" in page
    assert "999" in page


def test_moves_through_the_api(client, operator, jr, floor):
    here, there = row(floor, 2)
    lease = make_lease(units=[here], start=date(2020, 1, 1), end=date(2039, 1, 1))
    client.force_login(operator)
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    body = {"park": "JR", "effective_on": day,
            "steps": [{"before": lease.pk, "units": [there.pk]}]}  # fmt: skip
    post = {"content_type": "application/json"}
    preview = client.post("/api/v1/moves/preview/", body, **post)
    assert preview.json()[0]["taken"] == [there.pk]
    made = client.post("/api/v1/moves/", body, **post)
    assert made.status_code == 201
    assert client.post("/api/v1/moves/", body, **post).status_code == 409
    wrong = client.post("/api/v1/moves/", body | {"park": "XX"}, **post)
    assert wrong.status_code == 400
    done = client.post(f"/api/v1/moves/{made.json()['id']}/cancel/", {}, **post)
    assert done.json()["cancelled_on"]


def test_contiguous_through_the_api(client, operator, floor):
    row(floor)
    client.force_login(operator)
    found = client.get("/api/v1/units/contiguous/", {"area": 250, "free_by": "2026-09-01"}).json()
    assert len(found[0]["units"]) == 3
    assert client.get("/api/v1/units/contiguous/", {"area": "x"}).status_code == 400
    assert client.get("/api/v1/units/contiguous/", {"area": 5, "parc": 1}).status_code == 400
