"""Which column a heading means: whatever brackets, units, marks and years surround its words."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from tenants.ledger import columns as c
from tenants.ledger.quantities import Scale, scale
from tenants.ledger.words import plain

_BRACKETS = re.compile(r"[(\[{【<《]([^)\]}】>》]*)[)\]}】>》]")
_YEAR = re.compile(r"<?((?:19|20)\d\d)(?:年度?|>年?)")


@dataclass(frozen=True, slots=True)
class Heading:
    column: c.Column
    unit: Scale | None = None
    year: int | None = None


def _key(text):
    return re.sub(r"[^\w%²]|_|必填|选填", "", plain(text))


@cache
def _names(code):
    found = {}
    for column in c.SHEETS[code].columns:
        for name in column.names():
            found.setdefault(_key(name), column)
    return found


def understood(code, words) -> Heading | None:
    """The column of sheet ``code`` that the heading ``words`` means."""
    text = plain(words)
    if not text or len(text) > 60:
        return None
    names = _names(code)
    year = _YEAR.search(text)
    bare = _BRACKETS.sub("", text)
    units = _BRACKETS.findall(text)
    tries = [text, bare]
    if year:
        tries += [_YEAR.sub("", bare), _YEAR.sub("", text)]
    if "/" in bare:
        tries.append(bare.partition("/")[0])
        units.append("元/" + bare.partition("/")[2])
    for attempt in tries:
        column = names.get(_key(attempt))
        if column is not None:
            unit = next((found for found in map(scale, units) if found), None)
            return Heading(column, _fitting(column, bare, unit), int(year[1]) if year else None)
    return None


def _fitting(column, heading, unit):
    if unit is None:
        return None
    if column.kind == c.RENT and "单价" in heading and unit.rent_unit == "month":
        day = "天" in heading or "日" in heading
        return Scale(Decimal(1), "m2_day" if day else "m2_month")
    if column.kind == c.MONEY and unit.rent_unit == "m2_day":
        return replace(unit, factor=unit.factor * 365 / 12)
    return unit


def best_sheet(words, title=""):
    """``(code, number of columns understood)`` of the sheet the headings fit best."""
    best, most = None, (0, 0)
    for code, spec in c.SHEETS.items():
        fields = {h.column.field for h in (understood(code, w) for w in words if w) if h}
        named = plain(title) in {plain(name) for name in spec.names()}
        missing = sum(column.required and column.field not in fields for column in spec.columns)
        score = (len(fields) * 2 - min(missing, 2) + named * 3, len(fields))
        if fields and score > most:
            best, most = code, score
    return best, most[1]
