"""From rows to a workbook: an export, the empty template, and a file handed back with its faults."""

import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from tenants.ledger import columns as c
from tenants.ledger import sources
from tenants.ledger.cells import escaped
from tenants.ledger.rows import SHEET_CODES

AUTHOR = "parks"
#: Excel keeps 15 digits of a number and no day before March 1900 rightly; beyond, text says it.
SAFE_DIGITS = 15
FIRST_SAFE_DAY = date(1900, 3, 1)
_HEAD = PatternFill("solid", fgColor="DDE7F3")
_NEEDED = PatternFill("solid", fgColor="FBE3C5")
_BAD = PatternFill("solid", fgColor="F8C9C4")
_REMARKED = PatternFill("solid", fgColor="FDF1C4")
_HINT = Font(italic=True, color="666666")
_WRAP = Alignment(wrap_text=True, vertical="top")
_FORMATS = {c.DATE: "yyyy-mm-dd", c.AREA: "#,##0.00", c.MONEY: "#,##0.00", c.RENT: "#,##0.00##",
            c.NUMBER: "0.00", c.INTEGER: "0", c.STOREY: "0"}  # fmt: skip
_WIDTHS = {c.DATE: 13, c.AREA: 13, c.MONEY: 15, c.RENT: 12, c.NUMBER: 11, c.INTEGER: 10,
           c.STOREY: 8, c.BOOLEAN: 9, c.CHOICE: 16, c.CODE: 22}  # fmt: skip
_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
#: Rows below the last one that still get drop-downs.
SPARE_ROWS = 2000


def write(out, rows_by_sheet, *, on, language):
    """Write ``{sheet code: rows (field → value)}`` as the ledger of day ``on``."""
    with override(language):
        book = Workbook(write_only=True)
        for code in SHEET_CODES:
            spec = c.SHEETS[code]
            sheet = _begin(book, spec)
            for values in rows_by_sheet.get(code, ()):
                sheet.append(
                    [_cell(sheet, column, values.get(column.field)) for column in spec.columns]
                )
        _about(book, _("As of %(day)s") % {"day": on})
        book.save(out)


def template(out, *, language):
    """An empty ledger: headings, a row of hints and a row of examples, both passed over."""
    with override(language):
        book = Workbook(write_only=True)
        for code in SHEET_CODES:
            spec = c.SHEETS[code]
            sheet = _begin(book, spec)
            for words in ([_hint(column) for column in spec.columns],
                          [column.example for column in spec.columns]):  # fmt: skip
                line = [WriteOnlyCell(sheet, value=word) for word in words]
                line[0].value = f"# {words[0]}".strip()
                for cell in line:
                    cell.font, cell.data_type = _HINT, "s"
                sheet.append(line)
        _about(book, _("Fill in from the fourth row on; rows that begin with # are not read."))
        book.save(out)


def _begin(book, spec):
    sheet = book.create_sheet(spec.title)
    sheet.freeze_panes = "A2"
    for index, column in enumerate(spec.columns, 1):
        letter = get_column_letter(index)
        width = max(_WIDTHS.get(column.kind, 18), len(column.heading) * 1.6)
        sheet.column_dimensions[letter].width = min(width, 30)
        words = _words(column)
        if words and len(",".join(words)) <= 250:
            # Words of the list: a comma parts them, a quote would end the text.
            choice = DataValidation(
                "list", formula1='"' + ",".join(words).replace('"', '""') + '"', allow_blank=True,
                showErrorMessage=False,
            )  # fmt: skip
            choice.add(f"{letter}2:{letter}{SPARE_ROWS}")
            sheet.data_validations.append(choice)
    heads = []
    for column in spec.columns:
        head = WriteOnlyCell(sheet, value=column.heading)
        head.font = Font(bold=True)
        head.fill = _NEEDED if column.required else _HEAD
        head.comment = Comment(_hint(column), AUTHOR)
        heads.append(head)
    sheet.append(heads)
    return sheet


def _words(column):
    if column.kind == c.BOOLEAN:
        return [_("yes"), _("no")]
    return [str(label) for label in column.choices.labels] if column.choices else []


def _hint(column):
    kinds = {
        c.DATE: _("date, for example 2024-03-01"),
        c.BOOLEAN: _("yes or no"),
        c.INTEGER: _("whole number"),
        c.AREA: _("number with two decimals"),
        c.MONEY: _("number with two decimals"),
        c.RENT: _("a number"),
        c.NUMBER: _("a number"),
        c.STOREY: _("whole number"),
    }
    said = [_("needed") if column.required else "", kinds.get(column.kind, "")]
    if column.choices:
        said.append(_("one of: %(words)s") % {"words": ", ".join(_words(column))})
    said.append(str(column.help))
    return "; ".join(filter(None, said)) or _("text")


def _cell(sheet, column, value):
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        value = _("yes") if value else _("no")
    elif column.choices:
        value = str(dict(column.choices.choices).get(value, value))
    elif isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) > SAFE_DIGITS:
        return _text(sheet, format(value, "f"))
    elif isinstance(value, date) and value < FIRST_SAFE_DAY:
        value = value.isoformat()
    if isinstance(value, str):
        return _text(sheet, escaped(value))
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = _FORMATS.get(column.kind, "General")
    return cell


def _text(sheet, words):
    return _say(WriteOnlyCell(sheet, value=""), words)


def _say(cell, words):
    """Text stays text: never a formula, an error, a number or one of the format's own codes."""
    cell._value, cell.data_type = _CODED.sub("_x005F_", words).replace("\r", "_x000D_"), "s"
    cell.number_format = "@"
    return cell


def _about(book, *lines):
    sheet = book.create_sheet(_("Notes"))
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = 26
    sheet.column_dimensions["C"].width = 90
    for line in lines:
        sheet.append([line])
    sheet.append([_("Sheet"), _("Column"), _("What belongs there")])
    for code in SHEET_CODES:
        for column in c.SHEETS[code].columns:
            sheet.append([c.SHEETS[code].title, column.heading, _hint(column)])


# Handed back


def mark(source, problems, out, *, name="", language):
    """The workbook ``source`` as it was, its bad cells coloured and explained, and a list of all.

    A file that is no .xlsx comes back as one.
    """
    content = source.read() if hasattr(source, "read") else Path(source).read_bytes()
    with override(language):
        book = _as_workbook(content, name)
        by_cell = {}
        for problem in problems:
            if problem.sheet in book.sheetnames and problem.row:
                key = problem.sheet, problem.row, problem.column or "A"
                by_cell.setdefault(key, []).append(problem)
        for (title, row, column), said in by_cell.items():
            # A cell inside a merged range has no comment of its own: its first cell speaks.
            cell = _outer(book[title], f"{column}{row}")
            cell.fill = _BAD if any(problem.blocking for problem in said) else _REMARKED
            words = "\n".join(f"{p.message} {p.suggestion}".strip() for p in said)
            cell.comment = Comment(words[:2000], AUTHOR, height=120, width=320)
        _list(book, problems)
        book.save(out)


def _outer(sheet, reference):
    cell = sheet[reference]
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            return sheet.cell(merged.min_row, merged.min_col)
    return cell


def _as_workbook(content, name):
    try:
        tables = sources.tables(content, name)
        if content.startswith(b"PK"):
            return load_workbook(io.BytesIO(content))
    except (sources.Refused, InvalidFileException, KeyError, ValueError, OSError) as no:
        if isinstance(no, sources.Refused):
            tables = []
    book = Workbook()
    book.remove(book.active)
    for table in tables:
        sheet = book.create_sheet(table.title[:31])
        for number, row in enumerate(table.rows, 1):
            for index, value in enumerate(row, 1):
                if value in ("", None):
                    continue
                if isinstance(value, sources.Broken):
                    value = value.text
                cell = sheet.cell(number, index)
                if isinstance(value, str):
                    _say(cell, ILLEGAL_CHARACTERS_RE.sub("", value))
                else:
                    cell.value = value
    return book


def _list(book, problems):
    title = _("Problems")
    if title in book.sheetnames:
        del book[title]
    sheet = book.create_sheet(title, 0)
    book.active = 0
    sheet.freeze_panes = "A2"
    heads = (
        _("Sheet"),
        _("Row"),
        _("Column"),
        _("Value"),
        _("Refused"),
        _("Reason"),
        _("What to do"),
    )
    for index, (head, width) in enumerate(zip(heads, (14, 8, 9, 24, 10, 60, 60), strict=True), 1):
        cell = sheet.cell(1, index, head)
        cell.font, cell.fill = Font(bold=True), _HEAD
        sheet.column_dimensions[get_column_letter(index)].width = width
    for number, p in enumerate(problems, 2):
        refused = _("yes") if p.blocking else _("no")
        said = (p.sheet, p.row or None, p.column, p.value, refused, p.message, p.suggestion)
        for index, value in enumerate(said, 1):
            cell = sheet.cell(number, index)
            if isinstance(value, str):
                _say(cell, escaped(value))
            else:
                cell.value = value
            cell.alignment = _WRAP
    if problems:
        sheet.auto_filter.ref = f"A1:G{len(problems) + 1}"
