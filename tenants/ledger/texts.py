"""Lists in one cell: rent steps, rent-free periods, former names; written and read alike."""

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from tenants.ledger.findings import plain

_DAY = r"\d{4}-\d{2}-\d{2}"


def _parts(text):
    return [part.strip() for part in re.split(r"[;；\n]", str(text or "")) if part.strip()]


def read_steps(text) -> list:
    """``day rent; …`` → ``[(day, rent)]``. Raises ``ValueError`` with the part that is wrong."""
    steps = []
    for part in _parts(text):
        found = re.fullmatch(rf"({_DAY})[\s:：,，]+(\d+(?:\.\d+)?)", part)
        try:
            steps.append((date.fromisoformat(found[1]), Decimal(found[2])))
        except (TypeError, ValueError, InvalidOperation):
            raise ValueError(part) from None
    return steps


def read_free(text) -> list:
    """``first last; …`` → ``[(start, end)]``; the last day is included."""
    periods = []
    for part in _parts(text):
        found = re.fullmatch(rf"({_DAY})[\s~–—至到,，]+({_DAY})", part)
        try:
            last = date.fromisoformat(found[2])
            periods.append((date.fromisoformat(found[1]), last + timedelta(days=1)))
        except (TypeError, ValueError):
            raise ValueError(part) from None
    return periods


def read_names(text) -> list:
    """``name; name 2020-01-01`` → ``[(name, until or None)]``."""
    names = []
    for part in _parts(text):
        found = re.fullmatch(rf"(.*?)(?:\s+({_DAY}))?", part)
        try:
            names.append((found[1], date.fromisoformat(found[2]) if found[2] else None))
        except ValueError:
            raise ValueError(part) from None
    return names


def write_steps(steps) -> str:
    return "; ".join(f"{day} {plain(Decimal(rent))}" for day, rent in sorted(steps))


def write_free(periods) -> str:
    return "; ".join(f"{start} {end - timedelta(days=1)}" for start, end in sorted(periods))


def write_names(names) -> str:
    """The newest first, those without a day last."""
    ordered = sorted(names, key=lambda pair: (pair[1] is None, pair[1] or date.min, pair[0]))
    return "; ".join(f"{name} {until}" if until else name for name, until in ordered)


def steps_of(line) -> list:
    """The rent steps of a line that still come: an early end leaves later ones behind."""
    return sorted((s.start, s.rent) for s in line.steps.all() if s.start < line.end)
