"""What a workbook says, once read: sheets of rows of typed values, and what is wrong with them."""

from dataclasses import dataclass, field

#: The sheets in the order in which they are applied; titles are in ``tenants.ledger.columns``.
UNITS, TENANTS, LEASES, LINES, QUALIFICATIONS, FIGURES = SHEET_CODES = (
    "units", "tenants", "leases", "lines", "qualifications", "figures",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell (or row or sheet) and what to do.

    ``row`` is 1-based as the workbook shows it (0: the whole sheet), ``column`` its letter ("":
    the whole row). ``blocking`` refuses the row; otherwise it is a remark. ``message`` and
    ``suggestion`` are words for people, already in their language.
    """

    sheet: str
    row: int
    column: str
    value: str
    code: str
    message: str
    suggestion: str = ""
    blocking: bool = True


@dataclass(slots=True)
class Row:
    """``values``: field → str, Decimal, date, int, bool or None; an absent column is absent."""

    number: int
    values: dict
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """``title`` as in the workbook; ``letters``: field → column letter."""

    code: str
    title: str
    header_row: int
    letters: dict
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Book:
    sheets: list[Sheet] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def rows(self, code):
        """``(sheet, row)`` of every sheet of that code."""
        return ((sheet, row) for sheet in self.sheets if sheet.code == code for row in sheet.rows)
