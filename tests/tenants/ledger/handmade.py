"""Books built by hand, as the reader would give them."""

import io
from string import ascii_uppercase

from django.core.files.uploadedfile import SimpleUploadedFile

from tenants.ledger.export import rows_of
from tenants.ledger.rows import SHEET_CODES, Book, Row, Sheet
from tenants.ledger.writer import write


def book(**sheets):
    """``book(units=[{…}, …])``: row numbers begin under a heading in row 1."""
    made = []
    for code in SHEET_CODES:
        rows = sheets.get(code)
        if rows is None:
            continue
        fields = list(dict.fromkeys(name for row in rows for name in row))
        letters = {name: ascii_uppercase[at % 26] for at, name in enumerate(fields)}
        made.append(Sheet(code, code, 1, letters, [
            Row(at, dict(row)) for at, row in enumerate(rows, start=2)
        ]))  # fmt: skip
    return Book(made)


def ledger_workbook(parks, *, on, rows=None):
    """The ledger of ``parks`` as a file that somebody hands in."""
    out = io.BytesIO()
    write(out, rows if rows is not None else rows_of(parks, on=on), on=on, language="zh-hans")
    return SimpleUploadedFile("台账.xlsx", out.getvalue())
