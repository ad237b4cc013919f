"""Foreign tables through a mapping: the shipped one, on rows made like those it was written for."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tenants.ledger.mapping import MappingUnclear, load
from tests.tenants.ledger.books import codes, of, rows, workbook

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
     "values = { 'units.kind' = 1 }", "sheet = 4"],
)  # fmt: skip
def test_unclear_mappings_are_refused(text):
    with pytest.raises(MappingUnclear):
        load(text)
