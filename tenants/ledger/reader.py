"""From a file to a ``Book``: sheets found, headings understood, every cell typed or explained."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from tenants.ledger import columns as c
from tenants.ledger import sources, spread
from tenants.ledger.cells import Broken, CellError, storey, typed
from tenants.ledger.chains import renew_long_terms
from tenants.ledger.headings import Heading, best_sheet, understood
from tenants.ledger.rows import FIGURES, LINES, UNITS, Book, Problem, Row, Sheet
from tenants.ledger.words import plain

HEADER_WITHIN = 30
ASIDE = {"说明", "填写说明", "notes", "问题", "problems", "选项", "choices"}
_TOTALS = re.compile(r"^(本页|本月|本年)?(合计|小计|总计|累计|total|subtotal|grandtotal)[:：]?$")
#: Kinds that a merged cell says of each of its rows; an amount is said once.
_REPEATED = {c.TEXT, c.CODE, c.DATE, c.CHOICE, c.STOREY, c.BOOLEAN}
_PROGRESS_EVERY = 500


@dataclass(slots=True)
class _Reading:
    """A table being read."""

    table: sources.Table
    sheet: Sheet
    fields: list = field(default_factory=list)  # (index, letter, Heading, cache of typed cells)
    made: list = field(default_factory=list)  # (Column, function of a row's cells)
    order: str = ""

    def problem(self, row, letter, value, code, message, suggestion="", blocking=True):
        return Problem(
            self.table.title, row, letter, _shown(value), code, message, suggestion, blocking
        )

    def of_sheet(self, *words, blocking=False, row=0, letter="", value=""):
        self.sheet.problems.append(self.problem(row, letter, value, *words, blocking=blocking))


def _shown(value):
    if value is None:
        return ""
    return (value.text if isinstance(value, Broken) else str(value))[:200]


def read(path, *, name="", mapping=None, progress=None) -> Book:
    """Read the file at ``path`` (or an open binary file); never raises for what it holds.

    ``name`` is what the person called it; ``mapping`` a ``tenants.ledger.mapping.Mapping``;
    ``progress(done, total)`` is called now and then.
    """
    book = Book()
    try:
        if hasattr(path, "read"):
            content = path.read(sources.MAX_BYTES + 1)
        else:
            with Path(path).open("rb") as file:
                content = file.read(sources.MAX_BYTES + 1)
            name = name or Path(path).name
        tables = sources.tables(content, name)
    except sources.Refused as no:
        book.problems.append(Problem("", 0, "", name, no.code, no.message, no.suggestion))
        return book
    total, done = sum(len(table.rows) for table in tables), 0
    if total > sources.MAX_ROWS:
        book.problems.append(
            Problem(
                "", 0, "", name, "too_large",
                _("The file has %(rows)s rows; at most %(limit)s are read at once.")
                % {"rows": total, "limit": sources.MAX_ROWS},
                _("Divide it into several files."),
            )
        )  # fmt: skip
        return book
    for table in tables:
        if mapping is not None and mapping.sheet and mapping.sheet != table.title:
            continue
        if plain(table.title) in ASIDE or not any(any(row) for row in table.rows):
            continue
        if not table.visible:
            book.problems.append(_aside(table, "hidden_sheet", _("The hidden sheet was not read.")))
            continue
        reading = _begin(table, mapping)
        if reading is None:
            book.problems.append(_aside(table, "unknown_sheet", _(
                "No heading of this sheet is known; it was not read.")))  # fmt: skip
            continue
        book.sheets.extend(_rows(reading, done, total, progress))
        done += len(table.rows)
    if mapping is not None and mapping.long_terms == "renew":
        renew_long_terms(book)
    if progress is not None:
        progress(total, total)
    if not book.sheets:
        wanted = "; ".join(
            f"{spec.title}: {', '.join(x.title for x in spec.columns if x.required)}"
            for spec in c.SHEETS.values()
            if spec.code != c.FLAT
        )
        book.problems.append(
            Problem(
                "", 0, "", name, "nothing_known",
                _("No sheet of the file has headings of a ledger."),
                _("Give each table a row of headings. Needed are: %(wanted)s") % {"wanted": wanted},
            )
        )  # fmt: skip
    return book


def _aside(table, code, message):
    return Problem(table.title, 0, "", "", code, message, "", blocking=False)


# Headings


def _begin(table, mapping):
    """The table with its headings understood, None when there are none."""
    found = mapping.header(table) if mapping is not None else _header(table)
    if found is None:
        return None
    number, code = found
    spec = c.SHEETS[code]
    reading = _Reading(table, Sheet(code, table.title, number, {}))
    unknown = []
    for index, words in enumerate(table.rows[number - 1]):
        letter, shown = get_column_letter(index + 1), _shown(words)
        if not shown.strip():
            continue
        headings = mapping.headings(shown) if mapping is not None else [understood(code, shown)]
        for heading in filter(None, headings):
            own = heading.column.field
            if own in reading.sheet.letters and heading.year is None:
                reading.of_sheet(
                    "column_twice",
                    _("“%(heading)s” says the same as column %(letter)s; it was not read.")
                    % {"heading": shown, "letter": reading.sheet.letters[own]},
                    row=number, letter=letter, value=shown,
                )  # fmt: skip
                continue
            reading.sheet.letters.setdefault(own, letter)
            reading.fields.append((index, letter, heading, {}))
        if not any(headings) and mapping is None and plain(shown) not in ("序号", "no.", "#"):
            unknown.append((letter, shown))
    for letter, shown in unknown:
        reading.of_sheet(
            "unknown_column",
            _("The column “%(heading)s” is not known; it was not read.") % {"heading": shown},
            row=number, letter=letter, value=shown,
        )  # fmt: skip
    if mapping is not None:
        reading.order = mapping.date_order
        reading.made = mapping.made(table.rows[number - 1])
    _missing(reading, spec)
    return reading


def _header(table):
    best, most = None, 1
    for number, row in enumerate(table.rows[:HEADER_WITHIN], 1):
        words = [_shown(cell) for cell in row]
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
        shown = ", ".join(filter(None, map(_shown, header)))
        reading.of_sheet(
            "missing_columns",
            _("The sheet lacks the columns: %(columns)s.") % {"columns": ", ".join(missing)},
            _("Its headings are: %(headings)s.") % {"headings": shown[:500]},
            blocking=True, row=reading.sheet.header_row,
        )  # fmt: skip
        reading.fields = reading.made = []


# Rows


def _rows(reading, done, total, progress):
    """The sheet with its rows typed; a flat one as the sheets it is spread over."""
    table, sheet = reading.table, reading.sheet
    _fill_merged(reading)
    flat = sheet.code == c.FLAT
    rows, hints, totals, hidden = [], [], [], []
    for number, cells in enumerate(table.rows[sheet.header_row :], sheet.header_row + 1):
        if progress is not None and number % _PROGRESS_EVERY == 0:
            progress(done + number, total)
        if not reading.fields or not any(cell not in ("", None) for cell in cells):
            continue
        words = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
        if isinstance(cells[0], str) and cells[0].startswith("#"):
            hints.append(number)
            continue
        if words and any(_TOTALS.match(plain(word)) for word in words[:3]):
            totals.append(number)
            continue
        if number in table.hidden:
            hidden.append(number)
        rows.extend(_typed_row(reading, number, cells))
    for code, numbers, words in (
        ("hint_rows", hints, _("Rows that begin with # are hints and were not read: %(rows)s.")),
        ("total_rows", totals, _("Rows of totals were not read: %(rows)s.")),
        ("hidden_rows", hidden, _("Hidden rows were read like the others: %(rows)s.")),
    ):
        if numbers:
            more = " …" if len(numbers) > 20 else ""
            reading.of_sheet(code, words % {"rows": ", ".join(map(str, numbers[:20])) + more})
    sheet.rows = rows
    if flat:
        return spread.over_sheets(sheet)
    for row in rows:
        _complete(reading, row)
    return [sheet]


def _fill_merged(reading):
    rows = reading.table.rows
    repeated = {
        index for index, _letter, heading, _cache in reading.fields
        if heading.column.kind in _REPEATED or heading.column.field.endswith("rent")
    }  # fmt: skip
    for top, left, bottom, _right in reading.table.merged:
        if top < reading.sheet.header_row or left not in repeated:
            continue
        for row in range(top + 1, min(bottom, len(rows) - 1) + 1):
            if left < len(rows[row]):
                rows[row][left] = rows[top][left]


def _typed_row(reading, number, cells):
    row = Row(number, {})
    by_year = {}
    for index, letter, heading, cache in reading.fields:
        raw = cells[index] if index < len(cells) else None
        value = _typed_cell(reading, row, letter, heading, raw, cache)
        column = heading.column
        if heading.year is not None:
            if value is not None:
                by_year.setdefault(heading.year, {})[column.field] = value
            continue
        row.values[column.field] = value
        if heading.unit is not None and heading.unit.rent_unit and value is not None:
            _say_rent_unit(row.values, column, heading.unit.rent_unit)
    for column, make in reading.made:
        raw = make(cells)
        row.values[column.field] = _typed_cell(reading, row, "", Heading(column), raw, {})
    if not by_year:
        return [row]
    problems, fixed = row.problems, row.values
    found = [Row(number, fixed | {"year": year} | values) for year, values in by_year.items()]
    found[0].problems = problems
    return found


def _say_rent_unit(values, column, rent_unit):
    if column.field == "rent":
        values["rent_unit"] = rent_unit
    elif column.field == "lines.rent":
        values["lines.rent_unit"] = rent_unit


def _typed_cell(reading, row, letter, heading, raw, cache):
    key = (raw.__class__, raw)
    found = cache.get(key)
    if found is None:
        column = heading.column
        code, _dot, name = column.field.rpartition(".")
        code = code or reading.sheet.code
        keeper = c.kept_as(code, name) if code != "flat" else None
        try:
            value, remark = typed(
                column, raw, keeper=keeper, unit=heading.unit, order=reading.order
            )
            found = value, remark, None
        except CellError as no:
            found = None, None, no
        cache[key] = found
    value, remark, error = found
    if error is not None:
        row.problems.append(
            reading.problem(row.number, letter, raw, error.code, error.message, error.suggestion)
        )
    elif remark is not None:
        row.problems.append(
            reading.problem(row.number, letter, raw, remark.code, remark.message, blocking=False)
        )
    return value


def _complete(reading, row):
    """What follows from other cells of the row; what is needed and missing."""
    sheet, values = reading.sheet, row.values
    if sheet.code == UNITS:
        say_storey(sheet, row)
    if sheet.code == LINES and "rent_unit" not in sheet.letters and "rent_unit" not in values:
        values["rent_unit"] = "m2_month"
    require(sheet, row)


def say_storey(sheet, row):
    """The ordinal follows from the floor's name where nobody gives it."""
    values = row.values
    if values.get("ordinal") is not None or not values.get("floor"):
        return
    try:
        values["ordinal"], remark = storey(values["floor"])
    except CellError as no:
        words, blocking = (no.code, no.message, no.suggestion), True
    else:
        if remark is None:
            return
        words, blocking = (remark.code, remark.message, ""), False
    letter = sheet.letters.get("floor", "")
    row.problems.append(Problem(sheet.title, row.number, letter, values["floor"], *words, blocking))


def require(sheet, row):
    refused = {problem.column for problem in row.problems if problem.blocking}
    for column in c.SHEETS[sheet.code].columns:
        if not column.required or row.values.get(column.field) is not None:
            continue
        letter = sheet.letters.get(column.field, "")
        if letter and letter in refused:
            continue
        row.problems.append(
            Problem(
                sheet.title, row.number, letter, "", "required",
                _("“%(column)s” is empty.") % {"column": column.title},
                _("Fill it in, or delete the row."),
            )
        )  # fmt: skip
