"""Pictures part by part: what draws the picture is kept as it is, everything else left out.

Nothing is decoded, so no quality is lost and no picture is too large. Of a photograph's notes only
stays how it was held. Raises ``ValueError`` for what breaks off.
"""

import re

from PIL import Image

#: Of JPEG: its own head and Adobe's note of how colours are meant. No colour profile.
APPS, COMMENT, JFIF, EXIF, ADOBE = range(0xE0, 0xF0), 0xFE, 0xE0, 0xE1, 0xEE
START, SCAN, END = b"\xff\xd8", 0xDA, 0xD9
ALONE = {0x01, *range(0xD0, 0xD8)}
#: Where the bytes of a scan end: a mark that is neither stuffing, restart nor padding.
MARK = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
ORIENTATION = 0x0112
PNG_LEAD = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT",
            b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT"}  # fmt: skip
WEBP_KEPT = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"}
#: Bits of the extended head that promise a colour profile, Exif and XMP.
WEBP_PROMISES = 0x20 | 0x08 | 0x04


def jpeg(content: bytes) -> bytes:
    if not content.startswith(START):
        raise ValueError
    kept, at = [START], 2
    while True:
        while content[at : at + 2] == b"\xff\xff":
            at += 1
        if content[at] != 0xFF:
            raise ValueError
        kind = content[at + 1]
        if kind == END:
            return b"".join([*kept, b"\xff\xd9"])
        if kind in ALONE:
            kept.append(content[at : at + 2])
            at += 2
            continue
        after = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if not at + 4 <= after <= len(content):
            raise ValueError
        part = content[at:after]
        if kind == EXIF:
            kept.append(_held(part[4:]))
        elif kind in {JFIF, ADOBE} or (kind not in APPS and kind != COMMENT):
            kept.append(part)
        at = after
        if kind == SCAN:
            end = MARK.search(content, at)
            if end is None:
                return b"".join([*kept, content[at:], b"\xff\xd9"])
            kept.append(content[at : end.start()])
            at = end.start()


def _held(notes: bytes) -> bytes:
    """The part that says no more than how the camera was held, if ``notes`` say it."""
    found = Image.Exif()
    try:
        found.load(notes)
    except (SyntaxError, ValueError, LookupError, OSError):
        return b""
    if found.get(ORIENTATION) not in range(2, 9):
        return b""
    bare = Image.Exif()
    bare[ORIENTATION] = found[ORIENTATION]
    said = bare.tobytes()
    return b"\xff\xe1" + (len(said) + 2).to_bytes(2) + said


def png(content: bytes) -> bytes:
    kept, at = [PNG_LEAD], len(PNG_LEAD)
    if not content.startswith(PNG_LEAD):
        raise ValueError
    while True:
        size, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        after = at + 12 + size
        if len(kind) < 4 or after > len(content):
            raise ValueError
        if kind in PNG_KEPT:
            kept.append(content[at:after])
        if kind == b"IEND":
            return b"".join(kept)
        at = after


def webp(content: bytes) -> bytes:
    end = 8 + int.from_bytes(content[4:8], "little")
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or end > len(content):
        raise ValueError
    kept, at = [], 12
    while at < end:
        kind, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        after = at + 8 + size + size % 2
        if after > len(content) + size % 2:
            raise ValueError
        part = bytearray(content[at:after])
        if kind == b"VP8X":
            part[8] &= ~WEBP_PROMISES & 0xFF
        if kind in WEBP_KEPT:
            kept.append(bytes(part))
        at = after
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body
