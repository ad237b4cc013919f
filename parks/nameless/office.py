"""Word, Excel and PowerPoint files written anew: properties emptied, whoever commented or changed
the text becomes ``AUTHOR``, paths on somebody's computer and signatures go.

The XML is passed on element by element (entities are forbidden), so prefixes and order stay.
"""

import io
import re
import zipfile
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _

from parks.files import LEADS, NamesRemain, recognise
from parks.nameless.pictures import jpeg, png, webp

AUTHOR = "Author"
#: Together, of the parts that are read as XML.
MOST_XML = 64 * 2**20
#: An Office file within an Office file (the table behind a chart), but no deeper.
MOST_DEEP = 2
XML = {"xml", "rels", "vml", "svg"}
#: Large and about nobody.
PASSED = re.compile(r"xl/(worksheets/[^/]*|sharedStrings)\.xml")
#: Drawings, fonts, settings of printers: kept as they are.
KEPT = {"emf", "wmf", "gif", "bmp", "bin", "odttf", "fntdata", "ttf"}
OLE = b"\xd0\xcf\x11\xe0"
SIGNATURES = "_xmlsignatures/"
#: Attribute → what it becomes, on any element.
PEOPLE = {"author": AUTHOR, "initials": "A", "userId": AUTHOR, "providerId": "None",
          "userName": AUTHOR}  # fmt: skip
#: ``(element, attribute)`` → what it becomes.
SOME = {
    ("person", "displayName"): AUTHOR, ("cmAuthor", "name"): AUTHOR, ("author", "name"): AUTHOR,
    ("userInfo", "name"): AUTHOR, ("connection", "sourceFile"): "", ("connection", "odcFile"): "",
    ("dbPr", "connection"): "", ("textPr", "sourceFile"): "",
}  # fmt: skip
#: Parts of which only the outermost element stays: the properties.
EMPTIED = {"coreProperties", "Properties", "labelList"}
#: ``(outermost element, element)`` that is left out with all it holds.
DROPPED = {("people", "person"), ("workbook", "absPath"), ("settings", "mailMerge"),
           ("svg", "metadata")}  # fmt: skip
OWN_PATH = re.compile(r"file:|[a-z]:[\\/]|\\\\", re.I)


def office(content: bytes, deep: int = 0) -> bytes:
    recognise(content, "")
    out, left = io.BytesIO(), MOST_XML
    with (
        zipfile.ZipFile(io.BytesIO(content)) as box,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as bare,
    ):
        for part in box.infolist():
            name = part.filename
            if part.is_dir() or name.startswith(SIGNATURES):
                continue
            if _is_xml(name):
                left -= part.file_size
            if left < 0:
                raise NamesRemain(
                    _("The file has too many pages or parts, so names in it cannot be taken out.")
                )
            bare.writestr(
                zipfile.ZipInfo(name), _part(name, box.read(part), deep),
                compress_type=zipfile.ZIP_DEFLATED,
            )  # fmt: skip
    return out.getvalue()


def _is_xml(name) -> bool:
    return name.rpartition(".")[2].lower() in XML and not PASSED.fullmatch(name)


def _part(name, content, deep) -> bytes:
    if _is_xml(name):
        return _rewritten(content, whole=not re.fullmatch(r"customXml/item\d*\.xml", name))
    if PASSED.fullmatch(name):
        return content
    if content.startswith(b"PK\x03\x04") and deep < MOST_DEEP:
        return office(content, deep + 1)
    for lead, media_type in LEADS.items():
        if content.startswith(lead) and media_type.startswith("image/"):
            return jpeg(content) if media_type == "image/jpeg" else png(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return webp(content)
    if content.startswith(OLE) or name.rpartition(".")[2].lower() not in KEPT:
        raise NamesRemain(
            _("The file holds another file or object, so names in it cannot be taken out.")
        )
    return content


def _rewritten(content, *, whole) -> bytes:
    bare = _Bare(whole)
    reader = expat.ParserCreate()
    reader.buffer_text, reader.buffer_size = True, 2**20
    reader.EntityDeclHandler = _no_entities
    reader.StartElementHandler = bare.opened
    reader.EndElementHandler = bare.closed
    reader.CharacterDataHandler = bare.said
    reader.Parse(content, True)
    return "".join(bare.written).encode()


def _no_entities(*_declared):
    raise ValueError


class _Bare:
    """Writes down what it hears but for what is about people."""

    def __init__(self, whole):
        self.whole, self.root, self.open, self.muted = whole, "", [], 0
        self.people = []
        self.written = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n']

    def opened(self, name, attrs):
        local = name.rpartition(":")[2]
        if not self.open:
            self.root = local
            self.whole = self.whole and local not in EMPTIED
            leave = False
        else:
            leave = not self.whole or self._left_out(local, attrs)
        self.open.append(local)
        if self.muted or leave:
            self.muted += 1
            return
        told = "".join(
            f" {key}={quoteattr(self._told(local, key, value))}" for key, value in attrs.items()
        )
        self.written.append(f"<{name}{told}>")

    def closed(self, name):
        self.open.pop()
        if self.muted:
            self.muted -= 1
        else:
            self.written.append(f"</{name}>")

    def said(self, text):
        if self.muted or not self.whole:
            return
        if self.root == "comments" and self.open[-1] == "author":
            self.people += [text.strip()] if len(text.strip()) > 1 else []
            text = AUTHOR
        for name in self.people:
            text = text.replace(name, AUTHOR)
        self.written.append(escape(text))

    def _left_out(self, local, attrs) -> bool:
        if (self.root, local) in DROPPED:
            return True
        if self.root == "Relationships":
            return "digital-signature" in attrs.get("Type", "")
        return self.root == "Types" and attrs.get("PartName", "").startswith(f"/{SIGNATURES}")

    def _told(self, element, key, value) -> str:
        local = key.rpartition(":")[2]
        if self.root == "Relationships" and local == "Target" and OWN_PATH.match(value):
            return "file:///"
        return SOME.get((element, local), PEOPLE.get(local, value))
