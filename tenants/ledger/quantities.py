"""Days, numbers and their units as people write them in ledgers."""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.translation import gettext as _

from tenants.ledger.words import plain

_EPOCH = date(1899, 12, 30)
_NUMBER = re.compile(r"^([+-]?\d*\.?\d+|[+-]?\d+\.)(.*)$")
YMD = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]?[\d:.]+)?$")
_SHORT = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})$")
_MONTH = re.compile(r"^\d{4}[-/.年]\d{1,2}月?$")


class CellError(ValueError):
    """The cell cannot be used as it stands."""

    def __init__(self, code, message, suggestion=""):
        super().__init__(message)
        self.code, self.message, self.suggestion = code, message, suggestion


@dataclass(frozen=True, slots=True)
class Remark:
    code: str
    message: str


def narrow(raw) -> str:
    return unicodedata.normalize("NFKC", str(raw)).strip()


# Units: what a heading or the end of a cell says about the scale of a number.

_AREAS = {"m2": 1, "m²": 1, "平方米": 1, "平米": 1, "平": 1, "平方": 1, "亩": Decimal("666.67"), "公顷": 10000,
          "ha": 10000, "sqft": Decimal("0.09290304"), "ft2": Decimal("0.09290304"),
          "squarefeet": Decimal("0.09290304"), "平方英尺": Decimal("0.09290304")}  # fmt: skip
_YUAN = {"元": 1, "人民币": 1, "rmb": 1, "cny": 1, "yuan": 1, "元人民币": 1, "千元": 1000, "万元": 10000,
         "万": 10000, "万元人民币": 10000, "亿元": 100000000}  # fmt: skip
_COUNTS = {"人", "个", "项", "件", "m", "米", "kn/m2", "kva", "家", "名"}
_PER_AREA = ("m2", "m²", "平方米", "平米", "平")
_PER_TIME = {"月": "month", "month": "month", "天": "day", "日": "day", "day": "day", "年": "year",
             "year": "year"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scale:
    """Multiply by ``factor``; a rent is then in ``rent_unit`` ("" when the words do not say)."""

    factor: Decimal = Decimal(1)
    rent_unit: str = ""


def scale(words: str) -> Scale | None:
    """``万元`` , ``元/㎡·天``, ``sqft`` …; None when the words are no unit."""
    words = plain(words).replace("每", "/").replace("·", "/").replace("*", "/").lstrip("/")
    if words in _AREAS:
        return Scale(Decimal(_AREAS[words]))
    if words in _COUNTS:
        return Scale()
    money, *per = words.split("/")
    if money not in _YUAN:
        # 「租金/天」: what stands before the stroke is the subject, not the money.
        return None
    factor = Decimal(_YUAN[money])
    area = any(part in _PER_AREA for part in per)
    times = [_PER_TIME[part] for part in per if part in _PER_TIME]
    if len(per) != area + len(times) or len(times) > 1:
        return None
    if not times:
        return Scale(factor) if not area else Scale(factor, "m2_month")
    if times[0] == "year":
        return Scale(factor / 12, "m2_month" if area else "month")
    if times[0] == "day":
        return Scale(factor, "m2_day") if area else Scale(factor * 365 / 12, "month")
    return Scale(factor, "m2_month" if area else "month")


def day(raw, order="") -> date:
    """A date; ``order`` ("dmy", "mdy", "ymd") settles what ``3-1-24`` means."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, (time, timedelta, bool)):
        raise _no_date(raw)
    text = digits_of(raw) if isinstance(raw, (int, float)) else narrow(raw)
    text = text.replace(" ", " ")
    if found := YMD.match(text.replace(" ", "") if "年" in text else text):
        return _calendar_day(text, *map(int, found.groups()))
    if re.fullmatch(r"\d{8}", text):
        return _calendar_day(text, int(text[:4]), int(text[4:6]), int(text[6:]))
    if re.fullmatch(r"[2-7]\d{4}(\.\d+)?", text):
        return _EPOCH + timedelta(days=int(float(text)))
    if found := _SHORT.match(text):
        return _short_day(text, found.groups(), order)
    if _MONTH.match(text):
        raise CellError(
            "day_missing",
            _("The date has no day of the month."),
            _("Write the whole date, for example %(date)s.") % {"date": "2024-03-01"},
        )
    raise _no_date(text)


def _no_date(raw):
    return CellError(
        "not_a_date",
        _("“%(value)s” is not a date.") % {"value": raw},
        _("Write it as year-month-day, for example %(date)s.") % {"date": "2024-03-01"},
    )


def _calendar_day(text, year, month, number):
    try:
        return date(year, month, number)
    except ValueError:
        if 1 <= month <= 12 and 1 <= year <= 9999:
            last = calendar.monthrange(year, month)[1]
            hint = _("The last day of that month is %(date)s.") % {"date": date(year, month, last)}
        else:
            hint = _("Write it as year-month-day, for example %(date)s.") % {"date": "2024-03-01"}
        raise CellError(
            "no_such_day", _("There is no such day: %(value)s.") % {"value": text}, hint
        ) from None


def _short_day(text, parts, order):
    first, second, third = parts
    orders = {"mdy": (third, first, second), "dmy": (third, second, first)}
    if len(third) == 2:
        orders["ymd"] = parts
    readings = {}
    for name, (year, month, number) in orders.items():
        try:
            readings[name] = date(int(year) + 2000 * (len(year) <= 2), int(month), int(number))
        except ValueError:
            continue
    if order in readings:
        return readings[order]
    found = sorted(set(readings.values()))
    if not found:
        raise CellError(
            "no_such_day",
            _("There is no such day: %(value)s.") % {"value": text},
            _("Write it as year-month-day, for example %(date)s.") % {"date": "2024-03-01"},
        )
    if len(found) == 1 and len(third) == 4:
        return found[0]
    raise CellError(
        "ambiguous_date",
        _("“%(value)s” can be read in more than one way.") % {"value": text},
        _("Write the one that is meant: %(dates)s.") % {"dates": " / ".join(map(str, found))},
    )


def digits_of(number) -> str:
    """A number of a spreadsheet (15 digits) as text, without the ``.0`` of a whole one."""
    if isinstance(number, int):
        return str(number)
    text = format(Decimal(format(number, ".15g")), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(raw, places, factor=Decimal(1)):
    """``(Decimal, remark or None)`` of a number as people write it, times ``factor``."""
    remark = None
    if isinstance(raw, (int, float, Decimal)) and not isinstance(raw, bool):
        number = (
            raw
            if isinstance(raw, Decimal)
            else Decimal(format(raw, ".15g") if isinstance(raw, float) else raw)
        )
    else:
        text = narrow(raw).replace(",", "").replace(" ", "").lstrip("¥$")
        if re.match(r"^(约|大约|about|approx\.?|~|≈)", text, re.I):
            text = re.sub(r"^(约|大约|about|approx\.?|~|≈)", "", text, flags=re.I)
            remark = Remark("approximate", _("“%(value)s” is taken as exact.") % {"value": raw})
        if len(text) > 2 and text[0] == "(" and text[-1] == ")":
            text = f"-{text[1:-1]}"
        found = _NUMBER.match(text)
        if found is None:
            raise _no_number(raw)
        text, rest = found.groups()
        if rest.startswith("%"):
            raise CellError(
                "percentage",
                _("“%(value)s” is a percentage; an amount belongs here.") % {"value": raw},
                _("Write the amount itself."),
            )
        if re.match(r"^[-–—~至到]\d", rest):
            raise CellError(
                "range",
                _("“%(value)s” is a range; one number belongs here.") % {"value": raw},
                _("Write the one that was agreed."),
            )
        if rest:
            own = scale(rest)
            if own is None:
                raise _no_number(raw)
            factor = own.factor
        number = Decimal(text)
    if not number.is_finite():
        raise _no_number(raw)
    number *= factor
    try:
        rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    except InvalidOperation:
        raise too_large(raw) from None
    if rounded != number and factor == 1 and remark is None:
        remark = Remark("rounded", _("Rounded to %(value)s.") % {"value": rounded})
    # A converted number may drag zeros behind the column's places; a typed one stays as typed.
    return (rounded if number.as_tuple().exponent < -places else number) + 0, remark


def _no_number(raw):
    return CellError(
        "not_a_number",
        _("“%(value)s” is not a number.") % {"value": raw},
        _("Write the number alone, without words."),
    )


def too_large(raw):
    return CellError(
        "too_large",
        _("%(value)s is larger than can be recorded.") % {"value": raw},
        _("Check the unit and the decimal point."),
    )
