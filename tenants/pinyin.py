"""Pinyin initials, so that 长沙湘芯 is found by typing csxx."""

from pypinyin import Style, lazy_pinyin

#: Length of the column that keeps them.
LONGEST = 400


def initials(*names: str) -> str:
    """First letters of the syllables of each name, in lower case, names divided by spaces.

    What is no Chinese character stays as it is, without spaces.
    """
    words = [
        "".join("".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).split()) for name in names
    ]
    return " ".join(dict.fromkeys(words)).lower()[:LONGEST]
