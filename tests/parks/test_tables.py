from decimal import Decimal

import pytest

from parks.tables import safe_cell


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("甲\x00乙", "甲乙"),
        (None, ""),
        (Decimal("28.9800000000000"), "28.98"),
        (Decimal("100"), "100.00"),
        (Decimal("1E+2"), "100.00"),
        (Decimal("0"), "0.00"),
        (Decimal("35.1250"), "35.125"),
    ],
)
def test_cells_hold_no_formula_and_numbers_as_people_write_them(value, cell):
    assert str(safe_cell(value)) == cell
