"""The stacking plan: widths, colours and ends without a database; the page with both engines."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from parks import services as space
from parks.models import Unit
from tenants import services as letting
from tenants import stacking
from tenants.selectors import shares, stacking_plan
from tenants.stacking import (
    COLUMNS,
    NARROWEST,
    Cell,
    Colouring,
    colour,
    falling_vacant,
    in_order,
    legend,
    let_until,
    lines,
    months_between,
    spans,
    walt,
)
from tests.factories import NOBODY, make_building, make_floor, make_lease, make_tenant, make_unit

ON = date(2026, 6, 30)
areas = st.lists(st.decimals("4", "88000", places=2), min_size=1, max_size=120)


def cell(pk, area=100, **fields):
    return Cell(pk, 1, str(pk), Decimal(area), fields.pop("state", "let"), **fields)


# --- layout ---------------------------------------------------------------------------------------


@given(areas)
def test_every_cell_is_legible_and_every_line_fits(found):
    cells = [cell(n, area) for n, area in enumerate(found)]
    rows = lines(cells, sum(found))
    assert [one for row in rows for one in row] == cells
    for row in rows:
        assert sum(one.span for one in row) <= COLUMNS
        assert all(one.span >= NARROWEST for one in row)


@given(areas)
def test_a_larger_unit_is_not_narrower(found):
    widths = spans(found, sum(found))
    for area, width in zip(found, widths, strict=True):
        for other, narrower in zip(found, widths, strict=True):
            assert area < other or width + 1 >= narrower


@pytest.mark.parametrize(
    ("found", "full", "expected"),
    [
        pytest.param([88000], 88000, [96], id="a-whole-storey"),
        pytest.param([88000, 4], 88004, [91, 5], id="a-desk-beside-it"),
        pytest.param([50, 50], 200, [24, 24], id="half-a-floor"),
        pytest.param([100, 100, 100], 300, [32, 32, 32], id="thirds"),
    ],
)
def test_width_follows_area(found, full, expected):
    assert spans([Decimal(a) for a in found], Decimal(full)) == expected


def test_many_desks_go_on_several_lines():
    rows = lines([cell(n, 4) for n in range(60)], Decimal(240))
    assert [len(row) for row in rows] == [19, 19, 19, 3]


def test_numbers_are_in_the_order_people_count():
    cells = [cell(1), cell(2), cell(3)]
    cells[0].number, cells[1].number, cells[2].number = "2-10", "2-9", "A1"
    assert [one.number for one in sorted(cells, key=in_order)] == ["2-9", "2-10", "A1"]


# --- ends -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        pytest.param([], None, id="not-let"),
        pytest.param([(date(2026, 7, 1), date(2027, 1, 1))], None, id="begins-tomorrow"),
        pytest.param([(ON, date(2027, 1, 1))], date(2027, 1, 1), id="begins-today"),
        pytest.param([(date(2025, 1, 1), ON)], None, id="ended-yesterday"),
        pytest.param(
            [(date(2027, 1, 1), date(2028, 1, 1)), (date(2025, 1, 1), date(2027, 1, 1))],
            date(2028, 1, 1),
            id="renewed",
        ),
        pytest.param(
            [(date(2025, 1, 1), date(2027, 1, 1)), (date(2027, 1, 2), date(2028, 1, 1))],
            date(2027, 1, 1),
            id="a-day-between",
        ),
    ],
)
def test_let_until_follows_the_chain(known, expected):
    assert let_until(known, ON) == expected


def test_walt_weighs_by_area():
    cells = [cell(1, 300, until=ON + timedelta(days=1461)), cell(2, 100, until=ON),
             cell(3, 900, state="vacant")]  # fmt: skip
    assert walt(cells, ON) == 3
    assert walt(cells[2:], ON) is None


def test_what_ends_is_counted_in_the_year_of_its_last_day():
    cells = [cell(1, 10, until=date(2027, 1, 1)), cell(2, 20, until=date(2027, 1, 2)),
             cell(3, 40, until=date(2046, 1, 1)), cell(4, 80, state="vacant")]  # fmt: skip
    found = falling_vacant(cells, ON)
    assert [(year.area, year.count) for year in found if year.count] == [(10, 1), (20, 1), (40, 1)]
    assert [year.label for year in found][:2] == ["2026", "2027"]
    assert found[-1].share == 1
    assert falling_vacant(cells[3:], ON) == []


@pytest.mark.parametrize(
    ("until", "months", "css"),
    [
        (date(2026, 9, 29), 2, "r0"),
        (date(2026, 9, 30), 3, "r1"),
        (date(2026, 12, 30), 6, "r2"),
        (date(2027, 6, 30), 12, "r3"),
        (date(2028, 6, 29), 23, "r3"),
        (date(2028, 6, 30), 24, "r4"),
    ],
)
def test_time_left_changes_class_on_the_day(until, months, css):
    one = cell(1, until=until)
    colour(one, Colouring.MONTHS, ON)
    assert (months_between(ON, until), one.css) == (months, css)


def test_the_legend_adds_up_in_every_colouring():
    cells = [cell(1, 10, until=date(2026, 12, 31)), cell(2, 20, until=date(2050, 1, 1)),
             cell(3, 40, state="sold")]  # fmt: skip
    for by in Colouring:
        for one in cells:
            colour(one, by, ON)
            assert one.text
        assert sum(entry.area for entry in legend(cells, by, ON)) == 70


# --- the page -------------------------------------------------------------------------------------


@pytest.fixture
def tower(jr):
    building = make_building(park=jr, code="1", name="1栋")
    return [make_floor(building=building, ordinal=n, name=f"{n}F") for n in (1, 2)]


@pytest.fixture
def desk(client, operator):
    client.force_login(operator)
    return client


def test_totals_are_the_shares_and_floors_stand_from_the_top(jr, tower):
    let = make_unit(floor=tower[0], number="101", area="33.33")
    make_lease(units=[let], start=date(2026, 1, 1), end=date(2027, 1, 1))
    make_unit(floor=tower[1], number="201", area="66.67")
    closed = make_unit(floor=tower[1], number="202", area=50)
    space.close_unit(unit=closed, reason="sold", start=date(2026, 1, 1), by=NOBODY)
    plan = stacking_plan(jr, ON)
    assert plan.shares == shares(Unit.objects.of_park(jr), ON, scope=jr.code)
    (panel,) = plan.panels
    assert [row.floor.ordinal for row in panel.floors] == [2, 1]
    upper = shares(Unit.objects.filter(floor=tower[1]), ON)
    assert panel.floors[0].shares == upper
    assert (panel.shares.lettable, panel.shares.let) == (Decimal("100.00"), Decimal("33.33"))


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2026, 6, 30), "vacant"),
        (date(2026, 7, 1), "let"),
        (date(2026, 12, 31), "let"),
        (date(2027, 1, 1), "vacant"),
    ],
)
def test_a_lease_shows_from_its_first_to_its_last_day(jr, tower, on, state):
    unit = make_unit(floor=tower[0])
    make_lease(units=[unit], start=date(2026, 7, 1), end=date(2027, 1, 1))
    (found,) = stacking_plan(jr, on).cells
    assert found.state == state
    assert found.until == (date(2027, 1, 1) if state == "let" else None)
    assert bool(found.mark) == (on == date(2026, 6, 30))


def test_a_renewal_signed_later_is_not_known_earlier(jr, tower):
    unit = make_unit(floor=tower[0])
    make_lease(units=[unit], start=date(2026, 1, 1), end=date(2027, 1, 1))
    make_lease(
        units=[unit], start=date(2027, 1, 1), end=date(2029, 1, 1), signed_on=date(2026, 8, 1)
    )
    assert stacking_plan(jr, ON).cells[0].until == date(2027, 1, 1)
    assert stacking_plan(jr, date(2026, 8, 1)).cells[0].until == date(2029, 1, 1)


def test_planned_changes_are_marked_and_listed_and_then_shown(jr, tower):
    unit = make_unit(floor=tower[0], number="105", area=100)
    parts = [{"number": f"105{c}", "gross_area_m2": 50} for c in "AB"]
    day = date(2026, 12, 1)
    space.split_unit(unit=unit, into=parts, effective_on=day, on=ON, by=NOBODY)
    plan = stacking_plan(jr, ON)
    assert [one.mark for one in plan.cells] == ["拆 2026-12-01"]
    assert [(event.day, event.who) for event in plan.coming] == [(day, "→ 105A、105B")]
    assert [one.number for one in stacking_plan(jr, day).cells] == ["105A", "105B"]
    assert stacking_plan(jr, day).coming == []


@pytest.mark.parametrize("count", [1, 3, 60])
def test_the_page_takes_the_same_queries_for_any_number_of_units(
    desk, jr, tower, count, django_assert_num_queries
):
    for n in range(count):
        unit = make_unit(floor=tower[n % 2], number=str(n))
        if n < 3:
            make_lease(units=[unit], start=date(2026, 1, 1), end=date(2030, 1, 1))
    with django_assert_num_queries(7):
        stacking_plan(jr, ON)
    answer = desk.get(f"/parks/JR/stacking/?on={ON}")
    assert answer.status_code == 200
    assert answer.content.count(b'href="/units/') >= count


def test_the_page_escapes_names_and_shows_all_colourings(desk, tower):
    unit = make_unit(floor=tower[0], number="101")
    tenant = make_tenant(name="<script>甲</script>")
    make_lease(units=[unit], tenant=tenant, start=date(2026, 1, 1), end=date(2027, 1, 1))
    for by, shown in (("state", ">租<"), ("year", ">2026<"), ("months", ">6 月<"), ("bad", ">租<")):
        text = desk.get(f"/parks/JR/stacking/?on={ON}&by={by}").content.decode()
        assert shown in text
        assert "<script>甲" not in text


def test_one_building_and_the_panel_have_addresses(desk, jr, tower):
    unit = make_unit(floor=tower[0], number="101", area=40)
    make_unit(floor=make_floor(park=jr), number="901", area=60)
    text = desk.get(f"/parks/JR/stacking/?building={tower[0].building_id}&unit={unit.pk}")
    content = text.content.decode()
    assert "901" not in content
    assert 'data-unit="%d"' % unit.pk in content
    assert desk.get("/parks/JR/stacking/?building=x&unit=-1").status_code == 200


def test_the_panel_offers_what_the_viewer_may_do(client, operator, bureau, jr, ld, tower):
    unit = make_unit(floor=tower[0], number="101")
    path = f"/parks/JR/stacking/units/{unit.pk}/"
    client.force_login(operator)
    assert f"/units/{unit.pk}/split/" in client.get(path).content.decode()
    elsewhere = make_unit(park=ld)
    assert client.get(f"/parks/JR/stacking/units/{elsewhere.pk}/").status_code == 404
    client.force_login(bureau)
    text = client.get(path).content.decode()
    assert "101" in text
    assert "/split/" not in text


def test_home_leads_to_the_first_park_on_the_same_day(desk, jr, bureau, ld, client):
    assert desk.get("/stacking/?on=2025-01-01").url == "/parks/JR/stacking/?on=2025-01-01"


def test_a_park_without_buildings_says_so(desk):
    assert "还没有楼栋" in desk.get("/parks/JR/stacking/").content.decode()


def test_the_plan_as_data(desk, jr, tower):
    unit = make_unit(floor=tower[0], number="101", area=100)
    make_lease(units=[unit], start=date(2026, 1, 1), end=date(2027, 1, 1))
    data = desk.get(f"/api/v1/parks/JR/stacking/?on={ON}").json()
    assert data["totals"] == {
        "lettable": "100.00", "let": "100.00", "vacant": "0.00", "occupancy": 1.0, "units": 1,
    }  # fmt: skip
    assert [floor["ordinal"] for floor in data["buildings"][0]["floors"]] == [2, 1]
    (found,) = data["buildings"][0]["floors"][1]["cells"]
    assert (found["number"], found["state"], found["let_until"]) == ("101", "let", "2027-01-01")


# --- split and merge with a preview ---------------------------------------------------------------


def test_the_preview_changes_nothing_and_says_what_is_wrong(desk, tower):
    unit = make_unit(floor=tower[0], number="105", area=100)
    day = timezone.localdate() + timedelta(days=3)
    form = {"preview": "1", "effective_on": day, "parts": "105A 60\n105B 40"}
    path = f"/units/{unit.pk}/split/"
    assert "没有阻碍" in desk.post(path, form).content.decode()
    assert Unit.objects.count() == 1
    assert "-10.00" in desk.post(path, form | {"parts": "105A 60\n105B 30"}).content.decode()
    lease = make_lease(units=[unit], start=date(2026, 1, 1), end=date(2040, 1, 1))
    text = desk.post(path, form).content.decode()
    assert lease.number in text
    assert "2039-12-31" in text


def test_the_drawing_and_the_list_must_agree(desk, tower):
    from_draw = {"cuts": "[[[1,1]]]", "parts": "A 1\nB 2", "effective_on": "2039-01-01"}
    unit = make_unit(floor=tower[0], number="105", area=100)
    for cuts in ("[[[1,1]]]", "nonsense", "[[[1,1],[2,1e99]]]", "7"):
        answer = desk.post(f"/units/{unit.pk}/split/", from_draw | {"cuts": cuts})
        assert "无法读取" in answer.content.decode()


def test_a_hold_in_the_way_of_a_merge_is_named(desk, tower):
    one, other = (make_unit(floor=tower[0], number=n, area=50) for n in ("101", "102"))
    letting.hold_unit(
        unit=other, applicant="乙公司", start=date(2026, 1, 1), end=date(2040, 1, 1), by=NOBODY
    )
    page = desk.get(f"/units/{one.pk}/merge/?with={other.pk}&with=x").content.decode()
    assert "checked" in page
    form = {"preview": "1", "units": [other.pk], "number": "101",
            "effective_on": timezone.localdate()}  # fmt: skip
    text = desk.post(f"/units/{one.pk}/merge/", form).content.decode()
    assert "乙公司" in text
    assert "100.00" in text


def test_parts_of_a_drawing_are_not_surveyed(desk, tower):
    shape = box(112.88, 28.30, 112.8802, 28.3001)
    unit = make_unit(floor=tower[0], number="105", area="100.01", outline=shape,
                     geometry_source="surveyed", area_source="surveyed")  # fmt: skip
    path = f"/units/{unit.pk}/split/"
    form = {"effective_on": timezone.localdate() + timedelta(days=1),
            "cuts": "[[[6,0],[6,12]]]", "parts": "A 1"}  # fmt: skip
    page = desk.post(path, form | {"preview": "1", "fit": "1"}).context
    assert sum(part["gross_area_m2"] for part in page["parts"]) == Decimal("100.01")
    form["parts"] = page["lines"]
    assert desk.post(path, form).status_code == 302
    parts = Unit.objects.exclude(pk=unit.pk)
    assert {(part.area_source, part.geometry_source) for part in parts} == {
        ("estimated", "indicative")
    }


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("长沙湘芯智能科技有限公司", ("长沙", "湘芯智能科技", "有限公司")),
        ("湖南省望城启点股份有限公司", ("湖南省望城", "启点", "股份有限公司")),
        ("星火创业团队", ("", "星火创业团队", "")),
        ("甲", ("", "甲", "")),
        ("", ("", "", "")),
    ],
)
def test_a_cell_shows_what_tells_a_tenant_apart(name, parts):
    assert stacking.name_parts(name) == parts
    assert "".join(parts) == name
