"""Files as programs write them, with the name of who made them in every place they put it."""

import io
from datetime import UTC, datetime

from fpdf import FPDF
from PIL import Image
from pypdf import PdfWriter

NAME = "Luo Xiaobao"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>{NAME}</a></x:xmpmeta>'


def scene():
    """Taller than wide, no two corners alike."""
    picture = Image.new("RGB", (24, 40), "white")
    picture.paste("red", (0, 0, 12, 20))
    picture.paste("blue", (12, 20, 24, 40))
    return picture


def photograph(orientation=6, **options):
    notes = Image.Exif()
    notes[0x013B], notes[0x0112] = NAME, orientation
    out = io.BytesIO()
    scene().save(out, "JPEG", exif=notes, comment=NAME.encode(), xmp=XMP.encode(), **options)
    return out.getvalue() + NAME.encode()


def document():
    pdf = FPDF()
    pdf.set_creation_date(datetime(2026, 6, 1, tzinfo=UTC))
    pdf.set_author(NAME)
    pdf.set_title(f"{NAME} plan")
    pdf.set_xmp_metadata(XMP)
    pdf.set_font("helvetica")
    for text in ("What we make", "What it costs"):
        pdf.add_page()
        pdf.start_section(text)
        pdf.text(20, 20, text)
    pdf.text_annotation(40, 40, "a good idea", title=NAME)
    pdf.link(20, 20, 30, 10, pdf.add_link(page=1))
    pdf.link(20, 40, 30, 10, "https://example.org/standard")
    pdf.image(io.BytesIO(photograph()), 20, 60)
    pdf.embed_file(bytes=NAME.encode(), basename=f"{NAME}.txt")
    return bytes(pdf.output())


def locked():
    writer = PdfWriter(clone_from=io.BytesIO(document()))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
