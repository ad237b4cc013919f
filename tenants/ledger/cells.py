"""One cell: what a value typed by people or kept by a spreadsheet stands for.

``typed`` gives the value of a column's kind or raises ``CellError``; what it had to guess (a
rounded number, an "about") it says as a remark.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.utils.translation import gettext as _
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from parks.tables import FORMULA_STARTS
from tenants import uscc
from tenants.ledger import columns as c
from tenants.ledger.quantities import YMD, CellError, Remark, amount, day, digits_of, too_large
from tenants.ledger.words import plain

NOTHING = {"", "-", "--", "—", "——", "/", "\\", "无", "暂无", "n/a", "na", "null", "none", "nil"}
FOREVER = {"长期", "永久", "长期有效", "无固定期限", "indefinite", "openended"}
YES = {"是", "有", "y", "yes", "true", "1", "√", "✓", "可", "可租", "对", "t"}
NO = {"否", "无", "没有", "n", "no", "false", "0", "×", "x", "✗", "不可", "不可租", "不", "f"}
_DIGITS = {word: number for number, word in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_E_NOTATION = re.compile(r"^\d(\.\d+)?E\+\d{2}$", re.I)
#: "#" begins a hint row, and a sign of a formula or of this escaping itself is one.
_MARKS = (*FORMULA_STARTS, "\n", "'", "#")


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell that holds no value: an error of the spreadsheet, or a formula never calculated."""

    text: str


def escaped(text: str) -> str:
    """A text as a workbook may hold it; ``unescaped`` gives it back."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{text}" if text.startswith(_MARKS) else text


def unescaped(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:].startswith(_MARKS) else text


def is_nothing(raw) -> bool:
    return raw is None or (isinstance(raw, str) and plain(raw) in NOTHING)


def text(raw) -> str:
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, (int, float)):
        if abs(raw) >= 1e15:
            raise _damaged(digits_of(raw))
        return digits_of(raw)
    if isinstance(raw, datetime):
        return raw.isoformat(" ") if raw.time() != time() else raw.date().isoformat()
    if isinstance(raw, str):
        value = unescaped(raw.strip().replace("\r\n", "\n"))
        if _E_NOTATION.match(value):
            raise _damaged(value)
        return value.replace("\x00", "")
    return str(raw)


def _damaged(value):
    return CellError(
        "damaged_code",
        _("The spreadsheet turned this code into the number %(value)s; its last digits are lost.")
        % {"value": value},
        _(
            "Format the column as text, type the code again from the document, and hand it in again."
        ),
    )


def _chinese_number(word):
    """一 … 九十九, or None."""
    if word in _DIGITS:
        return _DIGITS[word]
    tens, ten, ones = word.partition("十")
    if not ten or (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS):
        return None
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


_STOREY = re.compile(
    r"^(b|-|负|地下|地上|第)?(\d{1,3}|[零〇一二两三四五六七八九十]+)(?:f|层|楼|l|m|夹层)?$"
)
_SPAN = re.compile(r"^(.+?)(?:f|层|楼)?[-~–—至到、,/](.+?)$")


def storey(raw):
    """``(ordinal, remark or None)`` of ``B1``, ``−1``, ``负一层``, ``6F``, ``六层``, ``6-7层``."""
    if isinstance(raw, (int, float)) and not isinstance(raw, bool) and raw == int(raw):
        return int(raw), None
    word = (
        plain(text(raw))
        .replace("−", "-")
        .replace("跃层", "")
        .replace("复式", "")
        .replace("整层", "层")
    )
    word = {
        "首层": "1",
        "底层": "1",
        "地下室": "b1",
        "地下": "b1",
        "负层": "b1",
        "gf": "1",
        "groundfloor": "1",
    }.get(word, word)
    if found := _STOREY.match(word):
        under, number = found.groups()
        value = int(number) if number.isdigit() else _chinese_number(number)
        if value is not None:
            return (-value if under in ("b", "-", "负", "地下") else value), None
    if found := _SPAN.match(word):
        low, _high = storey(found[1])[0], storey(found[2])[0]
        low = min(low, _high)
        return low, Remark(
            "several_storeys", _("Several storeys; counted on storey %(storey)s.") % {"storey": low}
        )
    raise CellError(
        "unknown_storey",
        _("“%(value)s” does not say which storey it is.") % {"value": raw},
        _("Write it as 6F or B1, or give the storey as a number in its own column."),
    )


def _boolean(raw):
    if isinstance(raw, bool):
        return raw
    word = plain(text(raw))
    if word in YES or word in NO:
        return word in YES
    raise CellError(
        "not_yes_or_no",
        _("“%(value)s” is neither yes nor no.") % {"value": raw},
        _("Write yes or no."),
    )


def _choice(column, raw):
    words = c.words_of(column)
    word = plain(text(raw))
    if word in words:
        return words[word] or None
    raise CellError(
        "unknown_word",
        _("“%(value)s” is not one of the words for “%(column)s”.")
        % {"value": raw, "column": column.title},
        _("Choose one of: %(words)s.")
        % {"words": ", ".join(str(label) for label in column.choices.labels)},
    )


# Lists in one cell


def parts(value):
    return [part.strip() for part in re.split(r"[;；\n]", value) if part.strip()]


def _days_in(part, count, order=""):
    words = re.split(r"\s+|[~至到–—]+", part.strip())
    words = [word for word in words if word]
    if len(words) != count:
        raise CellError(
            "not_a_list",
            _("“%(value)s” is not as expected here.") % {"value": part},
            _("Write %(example)s; several are parted by “;”.")
            % {"example": "2024-03-01 2024-04-30" if count == 2 else "2025-03-01 36.75"},
        )
    return words


def free_days(value) -> list[tuple[date, date]]:
    """``2024-03-01 2024-04-30; …`` → first and last days."""
    found = []
    for part in parts(value):
        first, last = (day(word) for word in _days_in(part, 2))
        if last < first:
            raise CellError(
                "dates_out_of_order",
                _("%(last)s is before %(first)s.") % {"first": first, "last": last},
                _("Check the two dates."),
            )
        found.append((first, last))
    return found


def rent_steps(value) -> list[tuple[date, Decimal]]:
    """``2025-03-01 36.75; …`` → the days and the rents from then on."""
    found = []
    for part in parts(value):
        start, rent = _days_in(part, 2)
        found.append((day(start), amount(rent, 4)[0]))
    return found


def former_names(value) -> list[tuple[str, date | None]]:
    """``Old Ltd 2023-05-01; …`` → names and the first day each was no longer borne."""
    found = []
    for part in parts(value):
        name, _space, last = part.rpartition(" ")
        if name and YMD.match(last):
            found.append((name.strip(), day(last)))
        else:
            found.append((part, None))
    return found


def listed(pairs) -> str:
    """The lists above as one text; None is left out."""
    return "; ".join(" ".join(str(one) for one in pair if one is not None) for pair in pairs)


LISTS = {c.PERIODS: free_days, c.STEPS: rent_steps, c.NAMES: former_names}
LARGEST_INTEGER = 2_147_483_647


def typed(column, raw, *, keeper=None, unit=None, order=""):
    """``(value, remark or None)`` of a cell; ``keeper`` is the model field that will hold it.

    ``unit`` is the ``Scale`` the heading speaks of. Raises ``CellError``.
    """
    if isinstance(raw, Broken):
        if raw.text.startswith("="):
            raise CellError(
                "formula_without_value",
                _("The formula %(formula)s was never calculated.") % {"formula": raw.text},
                _("Open the file in a spreadsheet program, save it, and hand it in again."),
            )
        raise CellError(
            "error_cell",
            _("The cell shows the error %(error)s.") % {"error": raw.text},
            _("Repair the formula or type the value."),
        )
    kind = column.kind
    if kind in (c.TEXT, c.CODE, *LISTS):
        value = text(raw)
        if kind == c.CODE:
            value = uscc.normalise(value) if plain(value) not in NOTHING else ""
        elif kind in LISTS:
            value = listed(LISTS[kind](value)) if plain(value) not in NOTHING else ""
        elif keeper is not None and keeper.max_length and len(value) > keeper.max_length:
            raise CellError(
                "too_long",
                _("The text is longer than %(limit)s characters.") % {"limit": keeper.max_length},
                _("Shorten it."),
            )
        return value or None, None
    if is_nothing(raw) and not (kind == c.BOOLEAN and raw not in (None, "")):
        return None, None
    if kind == c.DATE:
        if isinstance(raw, str) and plain(raw) in FOREVER and not column.required:
            return None, None
        return day(raw, order), None
    if kind == c.BOOLEAN:
        return _boolean(raw), None
    if kind == c.CHOICE:
        return _choice(column, raw), None
    if kind == c.STOREY:
        return storey(raw)
    if kind == c.INTEGER:
        number, remark = amount(raw, 6)
        if number != number.to_integral_value() or not 0 <= number <= LARGEST_INTEGER:
            raise CellError(
                "not_a_whole_number",
                _("“%(value)s” is not a whole number.") % {"value": raw},
                _("Write a whole number that is not negative."),
            )
        return int(number), remark
    number, remark = amount(raw, column.places, unit.factor if unit else Decimal(1))
    digits = keeper.max_digits if keeper is not None else 14
    if abs(number) >= Decimal(10) ** (digits - column.places):
        raise too_large(raw)
    return number, remark
