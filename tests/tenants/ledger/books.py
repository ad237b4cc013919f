"""Workbooks as people make them, built in memory."""

import io

from openpyxl import Workbook

from tenants.ledger.reader import read


def workbook(*sheets, change=None):
    """Bytes of a workbook of ``(title, rows)``; ``change(book)`` may do the rest."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    if change is not None:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def of(content, name="ledger.xlsx", **options):
    return read(io.BytesIO(content), name=name, **options)


def rows(book, code):
    return [row.values for _sheet, row in book.rows(code)]


def problems(book):
    found = list(book.problems)
    for sheet in book.sheets:
        found += sheet.problems
        for row in sheet.rows:
            found += row.problems
    return found


def codes(book, *, blocking=None):
    return {p.code for p in problems(book) if blocking in (None, p.blocking)}
