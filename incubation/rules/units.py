"""Units of metrics: how finely each is counted, and how an amount of it is printed."""

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

#: Unit -> parts one of it is counted in: areas in 0.01 m², money in fen, months in days of 1/31.
SCALES = {
    "m2": 100, "yuan": 100, "months": 31, "years": 1, "count": 1, "firms": 1, "desks": 1,
    "people": 1, "events": 1, "share": 1, "ratio": 1, "yesno": 1,
}  # fmt: skip

LABELS = {
    "m2": _("m²"), "yuan": _("yuan"), "months": _("months"), "years": _("years"),
    "count": _("count"), "firms": _("firms"), "desks": _("desks"), "people": _("people"),
    "events": _("events"), "share": _("share"), "ratio": _("ratio"), "yesno": _("yes or no"),
}  # fmt: skip

#: Units that are a quotient of two amounts.
QUOTIENTS = {"share", "ratio"}


def number(value: Fraction, places: int = 2, *, apart_from: Fraction | None = None) -> str:
    """``value`` rounded to ``places``, without closing zeros.

    A value that differs from ``apart_from`` is printed with as many digits as it takes (at most
    eight) not to look like it: 2.9996 beside a line of 3 is never "3".
    """
    while True:
        digits = round(value, places)
        if digits == value or digits != apart_from or places >= 8:
            break
        places += 1
    exact = Decimal(digits.numerator) / Decimal(digits.denominator)
    text = f"{exact.quantize(Decimal(1).scaleb(-places)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def printed(value: Fraction, unit: str, *, apart_from: Fraction | None = None) -> str:
    """``value`` with its unit, in the active language."""
    if unit == "yesno":
        return gettext("yes") if value >= 1 else gettext("no")
    if unit == "share":
        line = None if apart_from is None else apart_from * 100
        return f"{number(value * 100, apart_from=line)}%"
    if unit == "months":
        return _months(value)
    if unit == "yuan":
        return _money(value, apart_from)
    text = number(value, apart_from=apart_from)
    n = 1 if value == 1 else 2
    words = {
        "m2": gettext("%(n)s m²"),
        "years": ngettext("%(n)s year", "%(n)s years", n),
        "firms": ngettext("%(n)s firm", "%(n)s firms", n),
        "desks": ngettext("%(n)s desk", "%(n)s desks", n),
        "people": ngettext("%(n)s person", "%(n)s people", n),
        "events": ngettext("%(n)s event", "%(n)s events", n),
    }
    return words.get(unit, "%(n)s") % {"n": text}


def _money(value, apart_from):
    if (get_language() or "").startswith("zh") and abs(value) >= 10_000 and value % 100 == 0:
        return gettext("%(n)s ten thousand yuan") % {"n": number(value / 10_000)}
    return gettext("%(n)s yuan") % {"n": number(value, apart_from=apart_from)}


def _months(value):
    """Whole months and further days; a day is 1/31 of a month."""
    days = round(value * 31)
    months, days = divmod(days, 31)
    parts = []
    if months or not days:
        parts.append(
            ngettext("%(n)s month", "%(n)s months", months) % {"n": number(Fraction(months))}
        )
    if days:
        parts.append(ngettext("%(n)s day", "%(n)s days", days) % {"n": days})
    return " ".join(parts)
