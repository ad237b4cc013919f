"""A row after its cells: what follows from other cells, what is needed and missing."""

from django.utils.translation import gettext as _

from tenants.ledger import columns as c
from tenants.ledger.cells import CellError, storey
from tenants.ledger.rows import LINES, UNITS, Problem


def complete(sheet, row):
    """What follows from other cells of the row; what is needed and missing."""
    values = row.values
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
