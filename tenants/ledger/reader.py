"""From a file to a ``Book``: sheets found, headings understood, every cell typed or explained."""

from pathlib import Path

from django.utils.translation import gettext as _

from tenants.ledger import columns as c
from tenants.ledger import sources
from tenants.ledger.chains import renew_long_terms
from tenants.ledger.rows import Book, Problem
from tenants.ledger.sheet_headings import begin
from tenants.ledger.sheet_rows import typed_rows
from tenants.ledger.words import plain

ASIDE = {"说明", "填写说明", "notes", "问题", "problems", "选项", "choices"}


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
        reading = begin(table, mapping)
        if reading is None:
            book.problems.append(_aside(table, "unknown_sheet", _(
                "No heading of this sheet is known; it was not read.")))  # fmt: skip
            continue
        book.sheets.extend(typed_rows(reading, done, total, progress))
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
