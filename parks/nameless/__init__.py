"""A copy of a file without what its programs wrote into it about people: authors, firms, paths,
devices, places. No models.

What is seen on the pages stays; the file itself is not touched. Everything is read once and in
bounds, nothing of it is run or drawn. What cannot be cleaned raises ``NamesRemain``.
"""

import struct
import zipfile
import zlib
from xml.parsers.expat import ExpatError

from django.utils.translation import gettext as _
from pypdf.errors import PyPdfError

from parks.files import OFFICE_PARTS, FileRefused, NamesRemain
from parks.nameless.office import office
from parks.nameless.pdf import pdf
from parks.nameless.pictures import jpeg, png, webp

__all__ = ["NamesRemain", "without_names"]

CLEANERS = {
    "application/pdf": pdf, "image/jpeg": jpeg, "image/png": png, "image/webp": webp,
    **dict.fromkeys(OFFICE_PARTS.values(), office),
}  # fmt: skip
#: What readers raise on files that are not what they should be.
BROKEN = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, RuntimeError,
    SyntaxError, TypeError, ValueError, struct.error, zipfile.BadZipFile, zlib.error,
    ExpatError, PyPdfError,
)  # fmt: skip


def without_names(content: bytes, media_type: str) -> bytes:
    """The bytes of such a copy; of plain text, which holds nothing beside itself, the same."""
    if media_type not in CLEANERS:
        return content
    try:
        return CLEANERS[media_type](content)
    except FileRefused as refusal:
        raise NamesRemain(str(refusal)) from None
    except BROKEN:
        raise NamesRemain(
            _("The file cannot be read through, so names in it cannot be taken out.")
        ) from None
