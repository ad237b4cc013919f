"""The pages of a PDF and nothing else: no document information, XMP, attached files, signatures,
bookmarks, scripts or private data of programs; of comments what they say, not who wrote them."""

import io

from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
)

from parks.files import NamesRemain
from parks.nameless.pictures import jpeg

MOST_PAGES, MOST_OBJECTS = 500, 200_000
#: What a page needs to be drawn.
PAGE = {
    "/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox",
    "/Contents", "/Rotate", "/Group", "/Annots", "/UserUnit", "/Tabs",
}  # fmt: skip
#: About people, or leading out of the page, wherever it stands.
ANYWHERE = {"/Metadata", "/PieceInfo", "/AF"}
IN_COMMENTS = {"/T", "/TU", "/TM", "/RC", "/Subj", "/NM", "/M", "/CreationDate", "/P", "/Parent",
               "/Popup", "/IRT", "/AA", "/V", "/DV"}  # fmt: skip
#: Kinds of comments that hold files, or show the writer's name.
LEFT_OUT = {"/FileAttachment", "/Sound", "/Movie", "/Screen", "/RichMedia", "/3D", "/Popup"}
LINKS = {"/GoTo", "/URI"}


def pdf(content: bytes) -> bytes:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        raise NamesRemain(
            _("The PDF is locked with a password, so names in it cannot be taken out.")
        )
    if not 0 < len(reader.pages) <= MOST_PAGES:
        raise _too_large()
    _clean(reader.pages)
    writer = PdfWriter()
    for page in reader.pages:
        writer.add_page(page)
    writer.metadata = None
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _too_large():
    return NamesRemain(
        _("The file has too many pages or parts, so names in it cannot be taken out.")
    )


def _clean(pages):
    """Take out of everything the ``pages`` lead to what is about people."""
    waiting, seen = list(pages), set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            key = (one.idnum, one.generation)
            if key in seen:
                continue
            seen.add(key)
            one = one.get_object()
        if len(seen) > MOST_OBJECTS or len(waiting) > MOST_OBJECTS:
            raise _too_large()
        if isinstance(one, DictionaryObject):
            _clean_one(one)
            waiting += one.values()
        elif isinstance(one, ArrayObject):
            waiting += one


def _clean_one(one):
    for name in ANYWHERE & one.keys():
        del one[name]
    kind = one.get("/Type")
    if kind == "/Page":
        for name in one.keys() - PAGE:
            del one[name]
        _clean_comments(one)
    elif kind == "/OCG":
        one.pop("/Usage", None)
    elif isinstance(one, StreamObject) and one.get("/Subtype") == "/Image":
        _clean_picture(one)


def _clean_comments(page):
    comments = page.get("/Annots")
    if comments is None:
        return
    kept = ArrayObject()
    for reference in comments.get_object():
        comment = reference.get_object()
        if not isinstance(comment, DictionaryObject) or comment.get("/Subtype") in LEFT_OUT:
            continue
        for name in IN_COMMENTS & comment.keys():
            del comment[name]
        if "/A" in comment and comment["/A"].get("/S") not in LINKS:
            del comment["/A"]
        kept.append(reference)
    page[NameObject("/Annots")] = kept


def _clean_picture(stream):
    """Photographs keep their notes within a PDF too."""
    filters = stream.get("/Filter")
    last = filters[-1] if isinstance(filters, ArrayObject) and filters else filters
    if last == "/DCTDecode":
        bare = jpeg(stream.get_data())
        stream.decoded_self = None
        stream[NameObject("/Filter")] = NameObject("/DCTDecode")
        stream.pop("/DecodeParms", None)
        StreamObject.set_data(stream, bare)
    elif last == "/JPXDecode" and b"xmpmeta" in stream.get_data():
        raise NamesRemain(
            _(
                "The file holds pictures with notes of their own, so names in it cannot be taken out."
            )
        )
