"""The documents of the demonstration's applications: real PDF files of one page, the same each."""

from functools import cache
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

FILES = Path(__file__).parent / "files"
NAMES = {"licence": "营业执照", "plan": "商业计划书", "accounts": "财务报表"}


@cache
def _content(kind) -> bytes:
    return (FILES / f"{kind}.pdf").read_bytes()


def paper(kind) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{NAMES[kind]}.pdf", _content(kind))
