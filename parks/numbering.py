"""Storeys and numbers as people write them in one line: "B1, 1-8" and "501-520, A01~A05"."""

import re
import unicodedata

from django.utils.translation import gettext as _

from parks.errors import InvalidValue

MOST_STOREYS, MOST_NUMBERS = 200, 500
_RANGE = r"\s*(?:-|~|–|—|至|到)\s*"


def _parts(text):
    text = unicodedata.normalize("NFKC", text).replace("、", ",").replace("−", "-")
    return [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]


def storeys(text: str) -> list[int]:
    """``"B2-B1, 1-8"`` → ``[-2, -1, 1, …, 8]``, from the bottom, each once; there is no storey 0.

    Raises ``InvalidValue`` naming the part that cannot be read.
    """
    found = set()
    for part in _parts(text):
        one = r"(B|-)?(\d{1,3})(?:F|层|楼)?"
        match = re.fullmatch(rf"{one}(?:{_RANGE}{one})?", part.upper())
        if not match:
            raise InvalidValue(_("“%(part)s” is no storey. Write 1-8, B1 or -1."), part=part[:40])
        first = -int(match[2]) if match[1] else int(match[2])
        last = first
        if match[4]:
            last = -int(match[4]) if match[3] else int(match[4])
        found |= set(range(min(first, last), max(first, last) + 1)) - {0}
        if len(found) > MOST_STOREYS:
            raise InvalidValue(_("At most %(most)s storeys at once."), most=MOST_STOREYS)
    return sorted(found)


def storey_name(ordinal: int) -> str:
    """1 → ``1F``, −1 → ``B1``."""
    return f"{ordinal}F" if ordinal > 0 else f"B{-ordinal}"


def numbers(text: str) -> list[str]:
    """``"501-503, A01~A02"`` → ``["501", "502", "503", "A01", "A02"]``, in the order written.

    What stands before the counted digits is kept, and leading zeros too. A part whose two ends do
    not count up is a number as it stands ("A3栋-5F-501"). Raises ``InvalidValue`` for a number
    written twice, one too long, or too many.
    """
    found = []
    for part in _parts(text):
        match = re.fullmatch(rf"(.*?)(\d+){_RANGE}(.*?)(\d+)", part)
        head, first, again, last = match.groups() if match else ("", "0", "", "-1")
        padded = last.startswith("0") and len(first) != len(last)
        counts = match and again in ("", head) and len(first) <= len(last) <= 9 and not padded
        if counts and int(first) <= int(last):
            if int(last) - int(first) >= MOST_NUMBERS:
                raise InvalidValue(_("At most %(most)s units at once."), most=MOST_NUMBERS)
            found += [f"{head}{n:0{len(first)}d}" for n in range(int(first), int(last) + 1)]
        else:
            found.append(part)
    if twice := sorted({one for one in found if found.count(one) > 1}):
        raise InvalidValue(_("Written twice: %(numbers)s."), numbers=", ".join(twice[:5]))
    if long := [one for one in found if len(one) > 40]:
        raise InvalidValue(_("“%(number)s” is longer than 40 characters."), number=long[0][:45])
    if len(found) > MOST_NUMBERS:
        raise InvalidValue(_("At most %(most)s units at once."), most=MOST_NUMBERS)
    return found
