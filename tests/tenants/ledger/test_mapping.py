"""Foreign tables through a mapping: the shipped one, on rows made like those it was written for."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command

from parks import work
from parks.models import Building
from tenants.ledger.apply import apply
from tenants.ledger.chains import renew_long_terms
from tenants.ledger.check import check
from tenants.ledger.mapping import MappingUnclear, load
from tenants.ledger.undo import undo
from tenants.models import Lease, LeaseLine
from tests.tenants.ledger.books import codes, of, rows, workbook
from tests.tenants.ledger.handmade import book
from tests.tenants.ledger.test_ledger import upload_of

SHIPPED = Path("docs/mappings/us-federal-leases.toml")
HEAD = ["Location Code", "Real Property Asset Name", "Building Rentable Square Feet", "Lease Number",
        "Lease Effective Date", "Lease Expiration Date"]  # fmt: skip
ROWS = [
    ["PA0656", "GATEWAY", 54743, "LPA00132", date(2020, 2, 12), date(2035, 2, 11)],
    ["TX7018", "TOWER", 1000, "LTX17098", date(2018, 8, 1), date(2025, 6, 20)],
    ["TX7018", "TOWER", 0, "LTX17098", date(2019, 8, 1), date(2026, 7, 31)],
    ["TX7018", "TOWER", 50.5, "LTX00001", "3-1-24", "2/28/2027"],
]


def test_the_shipped_mapping_makes_a_unit_and_a_line_of_each_row():
    book = of(workbook(("Sheet1", [HEAD, *ROWS])), mapping=load(SHIPPED))
    assert not codes(book, blocking=True)
    assert [r["number"] for r in rows(book, "units")] == [
        "LPA00132-1", "LTX17098-1", "LTX17098-2", "LTX00001-1",
    ]  # fmt: skip
    assert rows(book, "units")[0]["building"] == "PA0656 GATEWAY"
    assert rows(book, "units")[0]["gross_area_m2"] == Decimal("5085.79")
    assert rows(book, "units")[2]["gross_area_m2"] == Decimal("0.01")
    assert [r["area_m2"] for r in rows(book, "lines")][2] == 0
    assert [r["number"] for r in rows(book, "leases")] == ["LPA00132", "LTX17098", "LTX00001"]
    several = rows(book, "leases")[1]
    assert (several["start"], several["last_day"]) == (date(2018, 8, 1), date(2026, 7, 31))
    assert len(rows(book, "tenants")) == 1


def test_the_last_day_counts():
    book = of(workbook(("Sheet1", [HEAD, *ROWS])), mapping=load(SHIPPED))

    def active(on):
        return sum(x["start"] <= on <= x["last_day"] for x in rows(book, "lines"))

    assert (active(date(2025, 6, 20)), active(date(2025, 6, 21))) == (4, 3)
    assert rows(book, "leases")[2]["start"] == date(2024, 3, 1)


def test_words_are_translated():
    mapping = load(
        'reads = "units"\nheader_row = 2\n[columns]\nbuilding = "Bldg"\nfloor = "Lvl"\n'
        'number = "No"\ngross_area_m2 = "Size"\nkind = "Use"\n[values.kind]\nLoft = "office"\n'
    )
    table = [["x"], ["Bldg", "Lvl", "No", "Size", "Use"], ["A", 1, 7, 10, "loft"]]
    [unit] = rows(of(workbook(("any", table)), mapping=mapping), "units")
    assert (unit["kind"], unit["number"], unit["ordinal"]) == ("office", "7", 1)


@pytest.mark.parametrize(
    "text",
    ["=", "colour = 1", 'reads = "cars"', '[columns]\n"cars.x" = "y"', 'area_unit = "stone"',
     'date_order = "xyz"', 'header_row = "two"', "header_row = 0", "columns = 3", "zero_area = 'x'",
     "values = { 'units.kind' = 1 }", "sheet = 4", 'long_terms = "cut"', "long_terms = 3"],
)  # fmt: skip
def test_unclear_mappings_are_refused(text):
    with pytest.raises(MappingUnclear):
        load(text)


def federal(count=60):
    """Rows like those of the federal list: long terms, numbers repeated, no area, a start in 1945.

    ``row n`` runs from 2000 + n % 10 for 10 years (even) or 32 (odd).
    """
    made = []
    for n in range(count):
        start = date(2000 + n % 10, 3, 1)
        last = date(start.year + (32 if n % 2 else 10), 2, 28)
        made.append([f"L{n % 7}", f"HOUSE {n % 5}", 0 if n % 20 == 0 else 1000 + n / 3,
                     f"LEASE{n - n % 3 if n < 12 else n}", start, last])  # fmt: skip
    made[-1][4:] = [date(1945, 7, 1), date(2045, 6, 30)]
    return made


def running(rows, on):
    return sum(row[4] <= on <= row[5] for row in rows)


DAYS = (date(1960, 1, 1), date(2012, 2, 28), date(2030, 1, 1))


@pytest.mark.django_db
def test_long_leases_become_renewals_and_every_row_runs_once_a_day(jr, monkeypatch):
    monkeypatch.setattr("parks.work.PAUSE", 0)
    table = federal()
    made = of(workbook(("Sheet1", [HEAD, *table])), mapping=load(SHIPPED))
    checked = check(made, park=jr, on=DAYS[1], by=None)
    assert not checked.findings.refused, list(checked.findings.all_problems())[:5]
    assert codes(made, blocking=False) >= {"term_renewed"}
    upload = upload_of(jr, checked.findings)
    work.claim(upload, work.APPLYING, parks=[jr.pk])
    apply(upload, made, park=jr, on=DAYS[1], by=None)
    lines = LeaseLine.objects.filter(binding=True)
    counted = [lines.active_on(day).count() for day in DAYS]
    assert counted == [running(table, day) for day in DAYS] == [1, 54, 30]
    oldest = Lease.objects.filter(number__startswith="LEASE59").order_by("start")
    assert [(x.number, x.kind, x.start.year, getattr(x.previous, "number", None)) for x in oldest] == [
        ("LEASE59", "new", 1945, None), ("LEASE59/2", "renewal", 1965, "LEASE59"),
        ("LEASE59/3", "renewal", 1985, "LEASE59/2"), ("LEASE59/4", "renewal", 2005, "LEASE59/3"),
        ("LEASE59/5", "renewal", 2025, "LEASE59/4"),
    ]  # fmt: skip
    assert max(x.end.year - x.start.year for x in Lease.objects.all()) == 20
    call_command("verify")
    again = check(
        of(workbook(("Sheet1", [HEAD, *table])), mapping=load(SHIPPED)),
        park=jr, on=DAYS[1], by=None,
    ).findings  # fmt: skip
    assert again.counts["unchanged"] == sum(again.counts.values())
    undo(upload, by=None)
    assert not Lease.objects.exists()
    assert not Building.objects.exists()


def chain(lease, *lines):
    """The leases and lines that one long lease, and its lines, become."""
    made = book(leases=[lease], lines=list(lines))
    renew_long_terms(made)
    return rows(made, "leases"), rows(made, "lines")


LONG = {"number": "A", "start": date(2000, 1, 1), "last_day": date(2049, 12, 31)}


def test_what_happens_to_a_lease_stays_in_the_part_it_happened_in():
    leases, lines = chain(
        LONG | {"handed_over_on": date(2000, 2, 1), "terminated_on": date(2030, 6, 30),
                "rent_free": "2019-12-01 2020-01-31; 2045-01-01 2045-01-31"},
        {"lease": "A", "unit": "1", "rent": 10, "steps": "2010-01-01 12; 2025-01-01 15"},
    )  # fmt: skip
    assert [(x["number"], x["handed_over_on"], x["terminated_on"], x["rent_free"]) for x in leases] == [
        ("A", date(2000, 2, 1), None, "2019-12-01 2019-12-31"),
        ("A/2", None, date(2030, 6, 30), "2020-01-01 2020-01-31"),
    ]  # fmt: skip
    assert [(x["lease"], x["start"].year, x["rent"], x["steps"]) for x in lines] == [
        ("A", 2000, 10, "2010-01-01 12"), ("A/2", 2020, 12, "2025-01-01 15"),
    ]  # fmt: skip


def test_a_stretch_without_lines_has_no_lease():
    leases, lines = chain(
        LONG | {"last_day": date(2061, 12, 31)},
        {"lease": "A", "unit": "1", "last_day": date(2009, 12, 31)},
        {"lease": "A", "unit": "2", "start": date(2045, 1, 1)},
    )
    assert [(x["number"], x["start"].year, x.get("previous")) for x in leases] == [
        ("A", 2000, None), ("A/2", 2040, "A"), ("A/3", 2060, "A/2"),
    ]  # fmt: skip
    assert [(x["lease"], x["unit"]) for x in lines] == [("A", "1"), ("A/2", "2"), ("A/3", "2")]


def test_twenty_years_to_the_day_stay_one_lease():
    leases, _lines = chain(LONG | {"last_day": date(2019, 12, 31)}, {"lease": "A", "unit": "1"})
    assert leases == [LONG | {"last_day": date(2019, 12, 31)}]


def test_an_unreadable_list_is_left_to_the_check():
    leases, _lines = chain(LONG | {"rent_free": "sometime"}, {"lease": "A", "unit": "1"})
    assert leases == [LONG | {"rent_free": "sometime"}]
