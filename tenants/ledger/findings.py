"""What a check found, row by row, and how it is kept with the upload."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tenants.ledger.rows import Problem

CREATED, CHANGED, UNCHANGED, REFUSED = OUTCOMES = ("created", "changed", "unchanged", "refused")
#: Rows a report keeps; what is refused or changed comes first.
ROWS_KEPT = 20_000


def plain(value):
    """The value as JSON and people read it: no trailing zeros, ISO days."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    return value


@dataclass(slots=True)
class Finding:
    """One row. ``changes``: field → (before, after), JSON values."""

    code: str
    sheet: str
    row: int
    name: str
    outcome: str = UNCHANGED
    changes: dict = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def change(self, name, before, after):
        self.changes[name] = (plain(before), plain(after))

    def close(self, *, new):
        if any(problem.blocking for problem in self.problems):
            self.outcome = REFUSED
        elif new:
            self.outcome = CREATED
        elif self.changes:
            self.outcome = CHANGED

    def as_json(self):
        return [
            self.code, self.sheet, self.row, self.name, self.outcome, self.changes,
            [_problem(problem) for problem in self.problems],
        ]  # fmt: skip


def _problem(problem):
    return [
        problem.sheet, problem.row, problem.column, problem.value, problem.code, problem.message,
        problem.suggestion, problem.blocking,
    ]  # fmt: skip


@dataclass(slots=True)
class Findings:
    """``problems`` are those of the book and of whole sheets."""

    rows: list[Finding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def counts(self) -> dict:
        counted = Counter(row.outcome for row in self.rows)
        return {outcome: counted[outcome] for outcome in OUTCOMES}

    @property
    def refused(self) -> bool:
        return any(p.blocking for p in self.problems) or bool(self.counts[REFUSED])

    def all_problems(self):
        yield from self.problems
        for row in self.rows:
            yield from row.problems

    def report(self) -> dict:
        """JSON for ``Upload.report``; ``digest`` tells whether two checks found the same."""
        rows = [row.as_json() for row in self.rows]
        problems = [_problem(problem) for problem in self.problems]
        text = json.dumps([rows, problems], ensure_ascii=False, sort_keys=True, default=str)
        if len(rows) > ROWS_KEPT:
            first = {REFUSED: 0, CHANGED: 1, CREATED: 2, UNCHANGED: 3}
            rows = sorted(rows, key=lambda row: first[row[4]])[:ROWS_KEPT]
        return {
            "counts": self.counts, "refused": self.refused, "rows": rows, "problems": problems,
            "total": len(self.rows), "digest": hashlib.sha256(text.encode()).hexdigest(),
        }  # fmt: skip


def kept_problems(report):
    """The ``Problem``s of a kept report."""
    lists = [*report.get("problems", ())]
    for row in report.get("rows", ()):
        lists.extend(row[6])
    return [Problem(*values) for values in lists]
