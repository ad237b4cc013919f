"""The rows of a table whose headings are understood: every cell typed, or why it is not."""

import re

from django.utils.translation import gettext as _

from tenants.ledger import columns as c
from tenants.ledger import spread
from tenants.ledger.cells import CellError, typed
from tenants.ledger.complete import complete
from tenants.ledger.headings import Heading
from tenants.ledger.rows import Row
from tenants.ledger.words import plain

_TOTALS = re.compile(r"^(本页|本月|本年)?(合计|小计|总计|累计|total|subtotal|grandtotal)[:：]?$")
#: Kinds that a merged cell says of each of its rows; an amount is said once.
_REPEATED = {c.TEXT, c.CODE, c.DATE, c.CHOICE, c.STOREY, c.BOOLEAN}
_PROGRESS_EVERY = 500


def typed_rows(reading, done, total, progress):
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
        complete(sheet, row)
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


#: Column of a rent → where its unit is kept.
_RENT_UNITS = {"rent": "rent_unit", "lines.rent": "lines.rent_unit", "asked_rent": "asked_unit"}


def _say_rent_unit(values, column, rent_unit):
    kept = _RENT_UNITS.get(column.field)
    if kept:
        values[kept] = rent_unit


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
