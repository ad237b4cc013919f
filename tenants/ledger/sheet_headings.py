"""A table whose headings are understood: which sheet of the ledger it is, which column is where."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from tenants.ledger import columns as c
from tenants.ledger import sources
from tenants.ledger.cells import Broken
from tenants.ledger.headings import best_sheet, understood
from tenants.ledger.rows import FIGURES, Problem, Sheet
from tenants.ledger.words import plain

HEADER_WITHIN = 30


@dataclass(slots=True)
class Reading:
    """A table being read."""

    table: sources.Table
    sheet: Sheet
    fields: list = field(default_factory=list)  # (index, letter, Heading, cache of typed cells)
    made: list = field(default_factory=list)  # (Column, function of a row's cells)
    order: str = ""

    def problem(self, row, letter, value, code, message, suggestion="", blocking=True):
        return Problem(
            self.table.title, row, letter, shown(value), code, message, suggestion, blocking
        )

    def of_sheet(self, *words, blocking=False, row=0, letter="", value=""):
        self.sheet.problems.append(self.problem(row, letter, value, *words, blocking=blocking))


def shown(value):
    if value is None:
        return ""
    return (value.text if isinstance(value, Broken) else str(value))[:200]


def begin(table, mapping):
    """The table with its headings understood, None when there are none."""
    found = mapping.header(table) if mapping is not None else _header(table)
    if found is None:
        return None
    number, code = found
    spec = c.SHEETS[code]
    reading = Reading(table, Sheet(code, table.title, number, {}))
    unknown = []
    for index, words in enumerate(table.rows[number - 1]):
        letter, said = get_column_letter(index + 1), shown(words)
        if not said.strip():
            continue
        headings = mapping.headings(said) if mapping is not None else [understood(code, said)]
        for heading in filter(None, headings):
            own = heading.column.field
            if own in reading.sheet.letters and heading.year is None:
                reading.of_sheet(
                    "column_twice",
                    _("“%(heading)s” says the same as column %(letter)s; it was not read.")
                    % {"heading": said, "letter": reading.sheet.letters[own]},
                    row=number, letter=letter, value=said,
                )  # fmt: skip
                continue
            reading.sheet.letters.setdefault(own, letter)
            reading.fields.append((index, letter, heading, {}))
        if not any(headings) and mapping is None and plain(said) not in ("序号", "no.", "#"):
            unknown.append((letter, said))
    for letter, said in unknown:
        reading.of_sheet(
            "unknown_column",
            _("The column “%(heading)s” is not known; it was not read.") % {"heading": said},
            row=number, letter=letter, value=said,
        )  # fmt: skip
    if mapping is not None:
        reading.order = mapping.date_order
        reading.made = mapping.made(table.rows[number - 1])
    _missing(reading, spec)
    return reading


def _header(table):
    best, most = None, 1
    for number, row in enumerate(table.rows[:HEADER_WITHIN], 1):
        words = [shown(cell) for cell in row]
        if words and words[0].startswith("#"):
            continue
        code, known = best_sheet(words, table.title)
        if known > most:
            best, most = (number, code), known
    return best


def _missing(reading, spec):
    have = {heading.column.field for _i, _l, heading, _c in reading.fields}
    have |= {column.field for column, _make in reading.made}
    years = any(heading.year for _i, _l, heading, _c in reading.fields)
    missing = [
        column.title
        for column in spec.columns
        if column.required and column.field not in have
        and not (spec.code == FIGURES and column.field == "year" and years)
    ]  # fmt: skip
    if missing:
        header = reading.table.rows[reading.sheet.header_row - 1]
        said = ", ".join(filter(None, map(shown, header)))
        reading.of_sheet(
            "missing_columns",
            _("The sheet lacks the columns: %(columns)s.") % {"columns": ", ".join(missing)},
            _("Its headings are: %(headings)s.") % {"headings": said[:500]},
            blocking=True, row=reading.sheet.header_row,
        )  # fmt: skip
        reading.fields = reading.made = []
