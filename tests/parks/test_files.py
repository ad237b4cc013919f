import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from parks.files import ENDINGS, PAPERS, FileRefused, check_file, recognise, serve

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 30
WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}


def box(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (b"%PDF-1.7\n1 0 obj", "合同.pdf", "application/pdf"),
        (PNG, "a.exe", "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "a.jpg", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a.webp", "image/webp"),
        ("单元,面积\n501,20".encode("gb18030"), "表.csv", "text/csv"),
        ("说明".encode(), "a.txt", "text/plain"),
        (box(WORD), "a.docx",
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)  # fmt: skip
def test_the_content_says_what_it_is(content, name, media_type):
    assert recognise(content, name) == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"<!doctype html><html><script>alert(1)</script>",
        b"\xef\xbb\xbf \n<html><body>",
        b"<?xml version='1.0'?><svg onload='x'/>",
        b"MZ\x90\x00\x03",
        box({"a.txt": b"x"}),
        box(WORD | {"word/vbaProject.bin": b"x"}),
        box(WORD | {"word/media/bomb": b"0" * (30 * 2**20)}),
        b"PK\x03\x04broken",
    ],
)
def test_a_false_name_does_not_help(content):
    with pytest.raises(FileRefused):
        recognise(content, "合同.pdf")


def test_what_is_refused_is_told_what_is_taken():
    page = SimpleUploadedFile("计划.pdf", b"<!doctype html><html>")
    for types, named in ((PAPERS, False), (frozenset(ENDINGS), True)):
        page.seek(0)
        with pytest.raises(FileRefused) as refusal, translation.override("en"):
            check_file(page, most_bytes=1000, types=types)
        assert ("plain text" in refusal.value.messages[0]) is named


def test_size_and_name():
    with pytest.raises(FileRefused):
        check_file(SimpleUploadedFile("a.png", PNG), most_bytes=10)
    with pytest.raises(FileRefused):
        check_file(SimpleUploadedFile("a.png", b""), most_bytes=10)
    assert check_file(SimpleUploadedFile("a.png", PNG), most_bytes=99).size == len(PNG)


def test_only_what_is_safe_is_shown_and_then_in_a_sandbox():
    shown = serve(PNG, name="图.png", media_type="image/png", shown=True)
    assert shown["Content-Disposition"].startswith("inline")
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    text = serve(b"a", name="a.txt", media_type="text/plain", shown=True)
    assert text["Content-Disposition"].startswith("attachment")
