"""Leases of a book that run longer than the law lets them, as chains of renewals.

A lease ends after twenty years at the latest and may then be renewed for at most twenty more
(民法典 705). Where a mapping says ``long_terms = "renew"``, a longer lease becomes its first twenty
years and a renewal for each further stretch in which one of its lines runs, called ``…/2``, ``…/3``
and so on, each following the one before; a line is cut at the same days, so on every day exactly
one part of it runs. All parts count as signed when the lease was, stand at its row and share its
deposit, and carry what happened in their own days.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from tenants.ledger.cells import CellError, free_days, listed, rent_steps
from tenants.ledger.rows import LEASES, LINES, Problem, Row
from tenants.models import Lease
from tenants.services.lease_terms import LONGEST_TERM_YEARS

ONE_DAY = timedelta(days=1)


def renew_long_terms(book):
    """Cut the leases of ``book`` and their lines in place."""
    long = {}
    for sheet, row in book.rows(LEASES):
        start, last = row.values.get("start"), row.values.get("last_day")
        if start and last and last + ONE_DAY > start + relativedelta(years=LONGEST_TERM_YEARS):
            long[_key(row, "number")] = sheet, row
    lines = defaultdict(list)
    for sheet, row in book.rows(LINES):
        if (key := _key(row, "lease")) in long:
            lines[key].append((sheet, row))
    made = defaultdict(list)
    for key, (sheet, row) in long.items():
        try:
            parts = _parts(sheet, row, [line for _sheet, line in lines[key]])
        except CellError:
            # An unreadable list; the check refuses the row with it.
            continue
        made[id(row)] = [lease for lease, _pieces in parts]
        for lease, pieces in parts:
            for whole, piece in pieces:
                piece.values["lease"] = lease.values["number"]
                made[id(whole)].append(piece)
    for sheet in book.sheets:
        if sheet.code in (LEASES, LINES):
            sheet.rows = [part for row in sheet.rows for part in made.get(id(row), (row,))]


def _key(row, name):
    return row.values.get("park"), row.values.get(name)


def _parts(sheet, row, lines):
    """``(lease row, [(whole line, its piece)])`` of each stretch in which a line runs."""
    parts, said = [], row.values
    first, stretch = said["start"], 0
    # What ended early is not renewed.
    until = min(said["last_day"], said.get("terminated_on") or said["last_day"])
    while first <= until:
        stretch += 1
        after = said["start"] + relativedelta(years=LONGEST_TERM_YEARS * stretch)
        last = min(said["last_day"], after - ONE_DAY)
        pieces = [(line, _cut(line, said, first, last)) for line in lines]
        pieces = [(line, piece) for line, piece in pieces if piece is not None]
        if pieces:
            before = parts[-1][0] if parts else None
            parts.append((_lease(sheet, row, before, len(parts) + 1, first, last), pieces))
        first = after
    return parts


def _lease(sheet, row, before, number, first, last):
    lease = replace(row, values=row.values | {"start": first, "last_day": last}, problems=[])
    values = lease.values
    if values.get("rent_free"):
        values["rent_free"] = listed(
            (max(start, first), min(end, last))
            for start, end in free_days(values["rent_free"]) if start <= last and end >= first
        ) or None  # fmt: skip
    if values.get("terminated_on") and values["terminated_on"] > last:
        values["terminated_on"] = None
    if before is None:
        lease.problems = [*row.problems, Problem(
            sheet.title, row.number, sheet.letters.get("last_day", ""),
            str(row.values["last_day"]), "term_renewed",
            _("Runs more than %(years)s years (Civil Code art. 705); kept as a lease and its renewals.")
            % {"years": LONGEST_TERM_YEARS}, blocking=False,
        )]  # fmt: skip
    else:
        values |= {"number": f"{row.values['number']}/{number}", "kind": Lease.Kind.RENEWAL,
                   "previous": before.values["number"], "start_by": None,
                   "handed_over_on": None}  # fmt: skip
    return lease


def _cut(line, lease, first, last):
    """The piece of ``line`` from ``first`` to ``last``, None when it does not run then."""
    start = max(line.values.get("start") or lease["start"], first)
    end = min(line.values.get("last_day") or lease["last_day"], last)
    if end < start:
        return None
    values = line.values | {"start": start, "last_day": end}
    if values.get("steps"):
        steps = rent_steps(values["steps"])
        reached = [rent for day, rent in sorted(steps) if day <= start]
        values["rent"] = reached[-1] if reached else values.get("rent")
        values["steps"] = listed((day, rent) for day, rent in steps if start < day <= end) or None
    problems = line.problems if start == (line.values.get("start") or lease["start"]) else []
    return Row(line.number, values, [*problems])
