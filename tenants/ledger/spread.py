"""A flat sheet (unit, tenant and lease in one row) as the sheets it speaks of.

Each unit, tenant and lease comes once, at the row where it is first named; rows and letters stay
those of the file. What a flat ledger leaves unsaid is filled by rules that are said as remarks:

- rows with the same lease number are one lease with a line each, from the first start to the last
  day of them all; a lease without a number is called after its unit and first day;
- a lease of a ledger is in force, so without a day of signing it counts as signed on its first day;
- with two starts, the days between them are rent-free;
- a state of own use, sold or out of use closes the unit; a held one is only remarked.
"""

import re
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from tenants.ledger.complete import require, say_storey
from tenants.ledger.rows import LEASES, LINES, TENANTS, UNITS, Problem, Row, Sheet
from tenants.ledger.words import STATE_OF, plain

_NOBODY = {"", "-", "—", "/", "无", "空置", "待租", "自用", "暂无", "vacant", "none"}
_SPREAD = (UNITS, TENANTS, LEASES, LINES)
_FLOOR_AND_NUMBER = re.compile(r"^(.+?[Ff层楼])\s*[-/,，]?\s*(.+)$")
_ONE = {UNITS: ("gross_area_m2",), LEASES: ("tenant", "uscc", "deposit")}
ONE_DAY = timedelta(days=1)


def over_sheets(flat: Sheet) -> list[Sheet]:
    sheets = {}
    for code in _SPREAD:
        start = f"{code}."
        letters = {f[len(start) :]: x for f, x in flat.letters.items() if f.startswith(start)}
        sheets[code] = Sheet(code, flat.title, flat.header_row, letters)
    _borrow_letters(sheets, flat.letters)
    seen = {code: {} for code in _SPREAD}
    for row in flat.rows:
        _spread(flat, row, sheets, seen)
    sheets[UNITS].problems = flat.problems
    return [sheet for sheet in sheets.values() if sheet.rows or sheet.problems]


def _borrow_letters(sheets, flat):
    units, lines = sheets[UNITS].letters, sheets[LINES].letters
    lines |= {
        ours: units[theirs]
        for ours, theirs in (("building", "building"), ("floor", "floor"), ("unit", "number"))
        if theirs in units
    }
    for name in ("rent_month", "rent_day", "rent_year"):
        if f"flat.{name}" in flat:
            lines.setdefault("rent", flat[f"flat.{name}"])
    leases = sheets[LEASES].letters
    for ours, theirs in (("number", "lease"), ("start", "start"), ("last_day", "last_day")):
        if ours in leases:
            lines.setdefault(theirs, leases[ours])
    if "name" in sheets[TENANTS].letters:
        leases.setdefault("tenant", sheets[TENANTS].letters["name"])
    if "flat.start_after_free" in flat:
        leases.setdefault("start", flat["flat.start_after_free"])


def _spread(flat, row, sheets, seen):
    said = {code: {} for code in (*_SPREAD, "flat")}
    for name, value in row.values.items():
        code, _dot, own = name.partition(".")
        said[code][own] = value
    unit, tenant, lease, line, extra = (said[code] for code in (*_SPREAD, "flat"))
    if plain(tenant.get("name") or "") in _NOBODY:
        tenant.clear()
    if together := _FLOOR_AND_NUMBER.match(extra.get("floor_and_number") or ""):
        for name, part in zip(("floor", "number"), together.groups(), strict=True):
            unit[name] = unit.get(name) or part
    remarks = list(row.problems)

    def remark(code, message, letter=""):
        remarks.append(Problem(flat.title, row.number, letter, "", code, message, "", False))

    state = STATE_OF.get(plain(extra.get("status") or ""), "")
    if state in ("own_use", "sold", "out_of_use"):
        unit.setdefault("closed_for", None)
        unit["closed_for"] = unit["closed_for"] or state
    if state == "held":
        remark("hold_not_read", _("The unit is held; holds are recorded on the unit's page."))
    park = unit.get("park")
    made = []
    if unit.get("building") or unit.get("number") or unit.get("floor"):
        made.append(
            (UNITS, (park, unit.get("building"), unit.get("floor"), unit.get("number")), unit)
        )
    if tenant:
        made.append((TENANTS, tenant.get("uscc") or plain(tenant["name"]), tenant))
        if _speaks_of_lease(lease, extra, state):
            _lease(unit, tenant, lease, line, extra, remark)
            lease["park"] = line["park"] = park
            made.append((LEASES, (park, lease["number"] or row.number), lease))
            if unit.get("number"):
                made.append((LINES, row.number, line))
    for code, key, values in made:
        values = {k: v for k, v in values.items() if v is not None or k in sheets[code].letters}
        before = seen[code].get(key)
        if before is not None:
            remarks += _contradictions(sheets[code], before, row.number, values)
            if code == LEASES:
                _widen(before.values, values)
            continue
        own = seen[code][key] = Row(row.number, values)
        if code == UNITS:
            say_storey(sheets[code], own)
        letters = set(sheets[code].letters.values())
        own.problems += [p for p in remarks if p.column in letters]
        remarks = [p for p in remarks if p.column not in letters]
        require(sheets[code], own)
        sheets[code].rows.append(own)
    if remarks and made:
        code, key, _values = made[-1]
        seen[code][key].problems += remarks
    elif remarks:
        flat.problems += remarks


def _speaks_of_lease(lease, extra, state):
    dated = any(lease.get(name) for name in ("number", "start", "last_day", "signed_on"))
    return dated or bool(extra.get("start_after_free")) or state in ("let", "signed")


def _lease(unit, tenant, lease, line, extra, remark):
    """Complete ``lease`` and ``line`` by the rules above."""
    lease["tenant"], lease["uscc"] = tenant["name"], tenant.get("uscc")
    due = extra.get("start_after_free")
    start = lease.get("start") or due
    lease["start"] = start
    free = []
    if due and start and start < due:
        free.append((start, due - ONE_DAY))
    elif extra.get("free_first") and extra.get("free_last"):
        free.append((extra["free_first"], extra["free_last"]))
    if free and not lease.get("rent_free"):
        lease["rent_free"] = "; ".join(f"{first} {last}" for first, last in free)
    if not lease.get("number") and start:
        lease["number"] = f"{unit.get('number') or tenant['name']}-{start:%Y%m%d}"
        remark(
            "lease_number_made",
            _("The lease has no number; it is called %(number)s.") % {"number": lease["number"]},
        )
    lease.setdefault("number", None)
    if not lease.get("signed_on") and start:
        lease["signed_on"] = start
        remark("signed_on_assumed", _("No day of signing; the first day is taken for it."))
    line |= {
        "lease": lease["number"],
        "building": unit.get("building"),
        "floor": unit.get("floor"),
        "unit": unit.get("number"),
        "start": start,
        "last_day": lease.get("last_day"),
    }
    if line.get("area_m2") is None:
        line["area_m2"] = unit.get("gross_area_m2")
    if line.get("rent") is None:
        for name, rent_unit in (
            ("rent_day", "m2_day"),
            ("rent_month", "month"),
            ("rent_year", "month"),
        ):
            rent = extra.get(name)
            if rent is not None:
                line["rent"] = (
                    (rent / 12).quantize(Decimal("0.0001")) if name == "rent_year" else rent
                )
                line["rent_unit"] = rent_unit
                break
    elif not line.get("rent_unit"):
        line["rent_unit"] = "m2_month"
        remark("rent_unit_assumed", _("The rent has no unit; yuan per m² and month is taken."))


def _contradictions(sheet, before, number, now):
    """A unit has one area and a lease one tenant, however many rows name them."""
    for name in _ONE.get(sheet.code, ()):
        first, again = before.values.get(name), now.get(name)
        if first is not None and again is not None and first != again:
            yield Problem(
                sheet.title,
                number,
                sheet.letters.get(name, ""),
                str(again),
                "rows_disagree",
                _("Row %(row)s says %(value)s of the same thing.")
                % {"row": before.number, "value": first},
                _("Correct one of the two rows."),
            )


def _widen(before, now):
    """The term of a lease that several rows name."""
    for name, wider in (("start", min), ("signed_on", min), ("last_day", max)):
        days = [day for day in (before.get(name), now.get(name)) if day]
        if days:
            before[name] = wider(days)
