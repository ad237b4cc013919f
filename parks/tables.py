"""Cells for spreadsheets, whoever writes them."""

from decimal import Decimal

from django.utils.functional import Promise
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

#: A text that begins so would be taken for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value):
    """``value`` as a spreadsheet may hold it: no formula, no control characters, "" for None."""
    if isinstance(value, (str, Promise)):
        value = ILLEGAL_CHARACTERS_RE.sub("", str(value))
        return f"'{value}" if value.startswith(FORMULA_STARTS) else value
    if isinstance(value, Decimal):
        return _scaled(value)
    return "" if value is None else value


def _scaled(value):
    """Two decimals, or as many more as it needs: sums come from SQLite as 28.9800000000000."""
    return value.quantize(Decimal(1).scaleb(min(-2, value.normalize().as_tuple().exponent)))
