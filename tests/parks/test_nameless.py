"""Copies without names of files as programs really write them."""

import io
import zipfile

import openpyxl
import pytest
from fpdf import FPDF
from openpyxl.comments import Comment
from PIL import Image, ImageOps, PngImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from parks.files import OFFICE_PARTS, recognise
from parks.nameless import NamesRemain, without_names
from tests.factories.files import NAME, XMP, document, locked, photograph, scene
from tests.parks.test_files import box

WORD, SHEET, SLIDES = OFFICE_PARTS.values()


def picture(kind):
    out = io.BytesIO()
    if kind == "PNG":
        told = PngImagePlugin.PngInfo()
        told.add_text("Author", NAME)
        told.add_itxt("XML:com.adobe.xmp", XMP)
        scene().save(out, kind, pnginfo=told)
        return out.getvalue() + NAME.encode()
    notes = Image.Exif()
    notes[0x013B] = NAME
    scene().save(out, kind, exif=notes, xmp=XMP.encode(), lossless=True)
    return out.getvalue()


def pages(content):
    return PdfReader(io.BytesIO(content)).pages


def everything(content):
    """The file and all that is packed within it."""
    found = [content]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found += [everything(archive.read(name)) for name in archive.namelist()]
    if content.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(content))
        found.append(str([one.get_object() for one in reader.pages]).encode())
    return b"\n".join(found)


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_blocks": 1}])
def test_a_photograph_keeps_its_pixels_and_how_it_was_held(options):
    before = photograph(**options)
    assert before.count(NAME.encode()) == 4
    after = without_names(before, "image/jpeg")
    assert NAME.encode() not in after
    seen, shown = (ImageOps.exif_transpose(Image.open(io.BytesIO(one))) for one in (before, after))
    assert shown.size == (40, 24)
    assert shown.tobytes() == seen.tobytes()
    assert dict(Image.open(io.BytesIO(after)).getexif()) == {0x0112: 6}
    assert not Image.open(io.BytesIO(without_names(photograph(1), "image/jpeg"))).getexif()


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_picture_keeps_its_pixels_only(kind):
    before = picture(kind)
    assert NAME.encode() in before
    after = without_names(before, f"image/{kind.lower()}")
    assert NAME.encode() not in after
    shown = Image.open(io.BytesIO(after))
    assert shown.convert("RGB").tobytes() == scene().tobytes()
    assert set(shown.info) <= {"dpi", "loop", "background", "timestamp", "duration"}


def test_a_pdf_keeps_its_pages_only():
    before = document()
    assert NAME.encode() in before
    after = without_names(before, "application/pdf")
    assert NAME.encode() not in everything(after)
    assert b"xmpmeta" not in after
    assert b"/Outlines" not in after
    reader = PdfReader(io.BytesIO(after))
    assert not reader.metadata
    assert reader.xmp_metadata is None
    assert not reader.attachments
    texts = [page.extract_text() for page in reader.pages]
    assert texts == [page.extract_text() for page in pages(before)]
    comments = [one.get_object() for one in reader.pages[1]["/Annots"]]
    assert [one.get("/Contents") for one in comments if one["/Subtype"] == "/Text"] == [
        "a good idea"
    ]
    links = [one for one in comments if one["/Subtype"] == "/Link"]
    assert [one["/A"]["/URI"] for one in links if "/A" in one and "/URI" in one["/A"]] == [
        "https://example.org/standard"
    ]
    (drawn,) = reader.pages[1].images
    (was,) = pages(before)[1].images
    assert drawn.image.tobytes() == was.image.tobytes()


def test_notes_deep_in_a_pdf_go_too():
    writer = PdfWriter(clone_from=io.BytesIO(document()))
    told = DictionaryObject({NameObject("/Author"): TextStringObject(NAME)})
    page = writer.pages[0]
    page[NameObject("/PieceInfo")] = writer._add_object(told)
    page[NameObject("/OwnNotes")] = TextStringObject(NAME)
    page["/Resources"][NameObject("/Metadata")] = writer._add_object(told)
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().count(NAME.encode()) > document().count(NAME.encode())
    after = without_names(out.getvalue(), "application/pdf")
    assert NAME.encode() not in everything(after)
    assert len(pages(after)) == 2


def test_a_workbook_keeps_its_cells_and_comments_without_who_wrote_them():
    book = openpyxl.Workbook()
    book.properties.creator = book.properties.lastModifiedBy = NAME
    book.properties.title = f"{NAME} Ltd"
    book.custom_doc_props.append(openpyxl.packaging.custom.StringProperty("Client", NAME))
    sheet = book.active
    sheet["A1"], sheet["A2"] = "营收", 120
    sheet["A1"].comment = Comment(f"{NAME}:\n含税 < 13%", NAME)
    sheet.add_image(openpyxl.drawing.image.Image(io.BytesIO(photograph())), "C3")
    out = io.BytesIO()
    book.save(out)
    assert NAME.encode() in everything(out.getvalue())
    after = without_names(out.getvalue(), SHEET)
    assert NAME.encode() not in everything(after)
    assert recognise(after, "a.xlsx") == SHEET
    again = openpyxl.load_workbook(io.BytesIO(after))
    assert [cell.value for cell in again.active["A"]] == ["营收", 120]
    assert again.active["A1"].comment.text == "Author:\n含税 < 13%"
    assert again.active["A1"].comment.author == "Author"
    assert again.properties.title is None
    assert len(again.active._images) == 1


def test_a_text_keeps_its_changes_without_who_made_them():
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    kept = '<w:p><w:r><w:t xml:space="preserve"> 薄膜 &amp; 电池 author="x" </w:t></w:r></w:p>'
    rel = "http://schemas.openxmlformats.org/package/2006/relationships"
    before = box({
        "[Content_Types].xml": '<Types xmlns="t"><Default Extension="xml" ContentType="a"/>'
        '<Override PartName="/_xmlsignatures/sig1.xml" ContentType="s"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{rel}"><Relationship Id="rId1" Type="x/officeDocument" '
        'Target="word/document.xml"/><Relationship Id="rId9" Type="p/digital-signature/origin" '
        'Target="_xmlsignatures/origin.sigs"/></Relationships>',
        "_xmlsignatures/sig1.xml": f"<Signature>{NAME}</Signature>",
        "docProps/core.xml": '<cp:coreProperties xmlns:cp="c" xmlns:dc="d">'
        f"<dc:creator>{NAME}</dc:creator></cp:coreProperties>",
        "docProps/app.xml": f'<Properties xmlns="e"><Company>{NAME}</Company></Properties>',
        "customXml/item1.xml": f'<b:Sources xmlns:b="b"><b:Author>{NAME}</b:Author></b:Sources>',
        "word/document.xml": f'<w:document {w} xmlns:mc="m" mc:Ignorable="w14"><w:body>{kept}'
        f'<w:ins w:id="1" w:author="{NAME}" w:date="2026-01-01"><w:r/></w:ins></w:body></w:document>',
        "word/comments.xml": f'<w:comments {w}><w:comment w:id="0" w:author="{NAME}" '
        'w:initials="LX"><w:p><w:r><w:t>好</w:t></w:r></w:p></w:comment></w:comments>',
        "word/people.xml": f'<w15:people xmlns:w15="w15"><w15:person w15:author="{NAME}"/></w15:people>',
        "word/_rels/settings.xml.rels": f'<Relationships xmlns="{rel}"><Relationship Id="rId1" '
        f'Type="x/attachedTemplate" Target="file:///C:\\Users\\{NAME}\\a.dotx"/></Relationships>',
        "word/media/image1.jpeg": photograph(),
        "word/embeddings/table.xlsx": box({
            "[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook><absPath "
            f'url="C:\\{NAME}"/></workbook>',
        }),
    })  # fmt: skip
    after = without_names(before, WORD)
    assert NAME.encode() not in everything(after)
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        found = {one: archive.read(one).decode(errors="ignore") for one in archive.namelist()}
    assert ' 薄膜 &amp; 电池 author="x" ' in found["word/document.xml"]
    assert 'mc:Ignorable="w14"' in found["word/document.xml"]
    assert 'w:author="Author" w:date="2026-01-01"' in found["word/document.xml"]
    assert "<w:t>好</w:t>" in found["word/comments.xml"]
    assert "signature" not in "".join(found.values()).lower()
    assert recognise(after, "a.docx") == WORD


def test_slides_keep_their_comments_without_who_wrote_them():
    before = box({
        "[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p:presentation xmlns:p='p'/>",
        "ppt/commentAuthors.xml": '<p:cmAuthorLst xmlns:p="p"><p:cmAuthor id="0" '
        f'name="{NAME}" initials="LX"/></p:cmAuthorLst>',
        "ppt/authors.xml": f'<q:authorLst xmlns:q="q"><q:author id="1" name="{NAME}" initials="LX" '
        f'userId="{NAME}" providerId="AD"/></q:authorLst>',
    })  # fmt: skip
    found = parts(without_names(before, SLIDES))
    assert NAME not in "".join(found.values())
    assert 'id="0" name="Author" initials="A"' in found["ppt/commentAuthors.xml"]
    assert 'providerId="None"' in found["ppt/authors.xml"]


def many_pages():
    pdf = FPDF()
    for _page in range(501):
        pdf.add_page()
    return bytes(pdf.output())


TYPES = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}


@pytest.mark.parametrize(
    ("make", "media_type"),
    [
        (locked, "application/pdf"),
        (many_pages, "application/pdf"),
        (lambda: b"%PDF-1.7", "application/pdf"),
        (lambda: document()[:900], "application/pdf"),
        (lambda: photograph()[:40], "image/jpeg"),
        (lambda: b"\xff\xd8\xff", "image/jpeg"),
        (lambda: picture("PNG")[:60], "image/png"),
        (lambda: picture("WEBP")[:60], "image/webp"),
        (lambda: box(TYPES | {"word/embeddings/a.bin": b"\xd0\xcf\x11\xe0 Word 97"}), WORD),
        (lambda: box(TYPES | {"word/media/a.mp4": b"ftyp"}), WORD),
        (lambda: box(TYPES | {"word/media/a.png": b"\x89PNG\r\n\x1a\n"}), WORD),
        (lambda: box(TYPES | {"word/document.xml": "<w>"}), WORD),
        (lambda: box(TYPES | {"word/document.xml":
                              '<!DOCTYPE w [<!ENTITY a "b">]><w>&a;</w>'}), WORD),
        (lambda: box(TYPES | {"word/document.xml": b"<w>" + b" " * (64 * 2**20) + b"</w>",
                              "word/media/a.bmp": b"BM" + bytes(range(256)) * 4096}), WORD),
    ],
)  # fmt: skip
def test_what_cannot_be_cleaned_is_refused(make, media_type):
    with pytest.raises(NamesRemain):
        without_names(make(), media_type)


def test_a_text_is_what_it_is():
    assert without_names(b"abc", "text/plain") == b"abc"
