"""Files people hand in: what they really are, and how they go out again. No models.

The content decides the type, never the name or what the browser claims.
"""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

import puremagic
from django.http import HttpResponse
from django.utils.translation import gettext as _

from parks.errors import RuleViolation

OFFICE = "application/vnd.openxmlformats-officedocument."
#: Part that makes an Office container what it is → type.
OFFICE_PARTS = {
    "word/document.xml": OFFICE + "wordprocessingml.document",
    "xl/workbook.xml": OFFICE + "spreadsheetml.sheet",
    "ppt/presentation.xml": OFFICE + "presentationml.presentation",
}
#: Media type → the ending under which it is kept.
ENDINGS = {
    "application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp",
    "text/plain": "txt", "text/csv": "csv",
    OFFICE_PARTS["word/document.xml"]: "docx", OFFICE_PARTS["xl/workbook.xml"]: "xlsx",
    OFFICE_PARTS["ppt/presentation.xml"]: "pptx",
}  # fmt: skip
#: What a browser may show in its own sandbox; everything else is only downloaded.
SHOWN = {"application/pdf", "image/png", "image/jpeg", "image/webp"}
#: What paper is: Office files, PDF and pictures, no plain text.
PAPERS = SHOWN | set(OFFICE_PARTS.values())
#: An Office file may unpack to so many bytes, parts, and times its own size.
MOST_UNPACKED, MOST_PARTS, MOST_RATIO = 200 * 2**20, 5000, 200
LEADS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png",
         b"\xff\xd8\xff": "image/jpeg"}  # fmt: skip


class FileRefused(RuleViolation):
    code = "file_refused"


class FileTooLarge(FileRefused):
    code = "too_large"


class NamesRemain(FileRefused):
    """What programs wrote into the file about people cannot be taken out of it."""

    code = "names_remain"


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept."""

    name: str
    media_type: str
    size: int
    sha256: str
    content: bytes

    @property
    def ending(self):
        return ENDINGS[self.media_type]


def check_file(file, *, most_bytes, types=frozenset(ENDINGS)) -> Checked:
    """``file`` (an upload) read and recognised as one of ``types``, or ``FileRefused`` saying what
    to do, ``FileTooLarge`` among them."""
    if file.size > most_bytes:
        raise FileTooLarge(_("The file is too large; at most %(mb)s MB."), mb=most_bytes // 2**20)
    content = file.read()
    if not content:
        raise FileRefused(_("The file is empty."))
    name = PurePosixPath(file.name.replace("\\", "/")).name[-200:]
    media_type = recognise(content, name, types)
    if media_type not in types:
        raise FileRefused(
            _("Plain text is not taken here: save it as PDF, as a Word, Excel or PowerPoint file "
              "or as a picture.")
        )  # fmt: skip
    return Checked(
        name=name, media_type=media_type, size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), content=content,
    )  # fmt: skip


def recognise(content: bytes, name: str, types=frozenset(ENDINGS)) -> str:
    """The media type of the content; ``FileRefused``, naming ``types``, for one we do not keep."""
    if content.startswith(b"PK\x03\x04"):
        return _office(content, types)
    for lead, media_type in LEADS.items():
        if content.startswith(lead):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if _is_text(content):
        return "text/csv" if name.lower().endswith(".csv") else "text/plain"
    raise _unknown(types)


def _unknown(types):
    if "text/plain" not in types:
        return FileRefused(
            _("This is none of: PDF, Word, Excel or PowerPoint file (docx, xlsx, pptx), PNG, JPEG "
              "or WebP picture, whatever its name says. Save it as one of these.")
        )  # fmt: skip
    return FileRefused(
        _("This is none of: PDF, Word, Excel or PowerPoint file (docx, xlsx, pptx), PNG, JPEG or "
          "WebP picture, plain text. Save it as one of these.")
    )  # fmt: skip


def _is_text(content) -> bool:
    """Readable as UTF-8 or GB 18030, and not the text of something a browser would run."""
    if b"\x00" in content:
        return False
    try:
        if any(match.mime_type for match in puremagic.magic_string(content[:4096])):
            return False
    except puremagic.PureError:
        pass
    lead = content[:4096].lower()
    if any(mark in lead for mark in (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml")):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _office(content, types) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as box:
            parts = box.infolist()
    except zipfile.BadZipFile:
        raise _unknown(types) from None
    unpacked = sum(part.file_size for part in parts)
    if (
        len(parts) > MOST_PARTS
        or unpacked > MOST_UNPACKED
        or unpacked > max(MOST_RATIO * len(content), 2**20)
    ):
        raise FileRefused(_("The file unpacks to far more than it should; save it anew."))
    names = {part.filename for part in parts}
    if any(name.endswith("vbaProject.bin") for name in names):
        raise FileRefused(_("The file holds macros; save it without them."))
    if "[Content_Types].xml" in names:
        for part, media_type in OFFICE_PARTS.items():
            if part in names:
                return media_type
    raise _unknown(types)


def serve(content, *, name, media_type, shown=False) -> HttpResponse:
    """The bytes as a download, or ``shown`` in the browser's sandbox where that is safe."""
    shown = shown and media_type in SHOWN
    answer = HttpResponse(content, content_type=media_type)
    kind = "inline" if shown else "attachment"
    answer["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(name, safe='')}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
