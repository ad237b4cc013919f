"""Files of tables, whatever program wrote them, as plain rows of cells.

Nothing a file holds makes this raise or grow without bounds: what cannot be read is a ``Refused``
with words for people. Calamine reads the cells; what it keeps silent about (hidden rows, error
cells, formulas without a value) stands in the sheets' XML and is looked up there.
"""

import csv
import html
import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import python_calamine
from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string

from tenants.ledger.cells import Broken

MAX_BYTES = 50 * 1024 * 1024
MAX_UNPACKED = 400 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 500
MAX_CELLS = 20_000_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_C = rb"<(?:\w+:)?c\s"
_FAR = re.compile(
    _C + rb'(?:[^>]*\s)?r="(?:[A-Z]+(?:[2-9]\d{5}|\d{7,})|[A-Z]{4,}\d+)"[^>]*(?<!/)>\s*<[^/]'
)
_LETTERS = re.compile(_C + rb'(?:[^>]*\s)?r="([A-Z]{1,3})\d+"[^>]*(?<!/)>')
_LAST_ROW = re.compile(rb'<(?:\w+:)?row\s(?:[^>]*\s)?r="(\d+)"')
_HIDDEN = re.compile(rb'<(?:\w+:)?row\s(?=[^>]*\shidden="(?:1|true)")[^>]*?\br="(\d+)"')
_ERROR = re.compile(
    _C
    + rb'(?=[^>]*\bt="e")[^>]*?\br="([A-Z]+)(\d+)"[^>]*>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<',
    re.S,
)
_UNCOUNTED = re.compile(
    _C
    + rb'[^>]*?\br="([A-Z]+)(\d+)"[^>]*>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>([^<]*)</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


class Refused(ValueError):
    """The file cannot be read; ``code``, words and what to do."""

    def __init__(self, code, message, suggestion=""):
        super().__init__(message)
        self.code, self.message, self.suggestion = code, message, suggestion


@dataclass(slots=True)
class Table:
    """``rows`` from the sheet's first row on; ``merged``: (first row, column, last row, column)."""

    title: str
    rows: list
    hidden: set = field(default_factory=set)
    merged: list = field(default_factory=list)
    visible: bool = True


def tables(content: bytes, name: str) -> list[Table]:
    if len(content) > MAX_BYTES:
        raise _too_large()
    if not content.strip():
        raise Refused("empty_file", _("The file is empty."), _("Save it again and hand it in."))
    if content.startswith(_ZIP):
        return _workbook(content, _unpacked(content))
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise _encrypted()
        return _workbook(content, {})
    return [_text_table(content, PurePosixPath(name.replace("\\", "/")).stem)]


def _too_large():
    return Refused(
        "too_large",
        _("The file is larger than a ledger may be: %(megabytes)s MB, %(rows)s rows.")
        % {"megabytes": MAX_BYTES // 1024 // 1024, "rows": MAX_ROWS},
        _("Divide it into several files, or delete the empty rows at its end."),
    )


def _encrypted():
    return Refused(
        "encrypted",
        _("The workbook is protected by a password."),
        _("Open it, save it without a password, and hand it in again."),
    )


def _unknown():
    return Refused(
        "unknown_format",
        _("The file is no table that can be read here, or it is damaged."),
        _("Save it as an Excel workbook (.xlsx) or as CSV and hand it in again."),
    )


def _unpacked(content) -> dict[str, bytes]:
    """The XML of the package; reading all of it also proves the sizes it claims."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
            if sum(member.file_size for member in members) > MAX_UNPACKED:
                raise _too_large()
            found = {}
            for member in members:
                if member.flag_bits & 1:
                    raise _encrypted()
                data = package.read(member)
                if member.filename.endswith((".xml", ".rels")):
                    found[member.filename] = data
            return found
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        OSError,
        EOFError,
        ValueError,
    ) as e:
        if isinstance(e, Refused):
            raise
        raise _unknown() from None


def _sheet_parts(parts):
    """The XML of each sheet in the order of the workbook."""
    book = parts.get("xl/workbook.xml", b"")
    targets = {}
    for tag in re.findall(
        rb"<(?:\w+:)?Relationship\s[^>]*>", parts.get("xl/_rels/workbook.xml.rels", b"")
    ):
        attributes = dict(re.findall(rb'(\w+)="([^"]*)"', tag))
        targets[attributes.get(b"Id")] = attributes.get(b"Target", b"").decode(errors="replace")
    for tag in re.findall(rb"<(?:\w+:)?sheet\s[^>]*>", book):
        key = re.search(rb'\w+:id="([^"]*)"', tag)
        target = targets.get(key[1] if key else None, "")
        yield parts.get(target.lstrip("/") if target.startswith("/") else f"xl/{target}", b"")


def _workbook(content, parts):
    xmls = list(_sheet_parts(parts))
    for xml in xmls:
        _bounded(xml)
    if any(_repeated_far(parts.get("content.xml", b""))):
        raise _too_large()
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        found = []
        for index, about in enumerate(book.sheets_metadata):
            if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_index(index)
            if sheet.total_height > MAX_ROWS or sheet.total_height * sheet.total_width > MAX_CELLS:
                raise _too_large()
            table = Table(about.name, sheet.to_python(skip_empty_area=False))
            table.visible = about.visible == python_calamine.SheetVisibleEnum.Visible
            table.merged = [(*a, *b) for a, b in sheet.merged_cell_ranges or ()]
            if index < len(xmls):
                _silent(xmls[index], table)
            found.append(table)
        return found
    except Refused:
        raise
    except python_calamine.PasswordError:
        raise _encrypted() from None
    except (python_calamine.CalamineError, ValueError, OSError, OverflowError, MemoryError):
        raise _unknown() from None
    except BaseException as panic:
        # A panic of the Rust side is not an Exception; everything else of that kind must pass.
        if type(panic).__name__ != "PanicException":
            raise
        raise _unknown() from None


def _bounded(xml):
    """Refuse before calamine lays out a dense grid for cells far apart."""
    if _FAR.search(xml):
        raise _too_large()
    width = max(
        (column_index_from_string(letters.decode()) for letters in set(_LETTERS.findall(xml))),
        default=0,
    )
    height = max((int(n) for n in _LAST_ROW.findall(xml[: _end_of_values(xml)])), default=0)
    if width > MAX_COLUMNS or min(height, MAX_ROWS) * width > MAX_CELLS:
        raise _too_large()


def _end_of_values(xml):
    return max(xml.rfind(b"<v"), xml.rfind(b"<is"), xml.rfind(b":v>"), xml.rfind(b":is>"), 0)


def _repeated_far(xml):
    """Whether cells of an OpenDocument sheet that hold something are repeated without end."""
    for tag in re.findall(rb"<table:table-cell\s[^>]*office:value[^>]*>", xml):
        times = re.search(rb'number-columns-repeated="(\d+)"', tag)
        yield bool(times) and int(times[1]) > MAX_COLUMNS
    for times, inner in re.findall(
        rb'<table:table-row\s[^>]*number-rows-repeated="(\d+)"[^>]*>(.*?)</table:table-row>',
        xml,
        re.S,
    ):
        yield int(times) > 10_000 and (b"office:value" in inner or b"<text:p" in inner)


def _silent(xml, table):
    table.hidden = {int(number) for number in _HIDDEN.findall(xml)}
    broken = []
    if b't="e"' in xml:
        broken += [
            (a, n, html.unescape(v.decode(errors="replace"))) for a, n, v in _ERROR.findall(xml)
        ]
    if b"<f" in xml or b":f" in xml:
        broken += [
            (a, n, f"={html.unescape(v.decode(errors='replace'))}")
            for a, n, v in _UNCOUNTED.findall(xml)
        ]
    for letters, number, text in broken:
        row, column = int(number) - 1, column_index_from_string(letters.decode()) - 1
        if row < len(table.rows) and column < len(table.rows[row]):
            table.rows[row][column] = Broken(text)


# Text


def _text_table(content, title):
    text = _decoded(content)
    if text is None or "\x00" in text:
        raise _unknown()
    head = text[:20_000]
    mark = max("\t,;", key=head.count)
    if not head.count(mark):
        raise _unknown()
    rows, width = [], 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            rows.append(row)
            width = max(width, len(row))
            if len(rows) > MAX_ROWS or width > MAX_COLUMNS:
                raise _too_large()
    except csv.Error:
        raise _unknown() from None
    return Table(title, rows)


def _decoded(content):
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    elif content[1::2][:200].count(0) > 20:
        encodings = ("utf-16-le",)
    elif content[::2][:200].count(0) > 20:
        encodings = ("utf-16-be",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
