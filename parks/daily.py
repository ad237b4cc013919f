"""What is written down once a day, before the notices; apps above register their part."""

from collections.abc import Callable

_parts: list[Callable] = []


def each_day(part):
    """``part(at, on)`` is done every day and safe to be done twice; it returns a line to print."""
    _parts.append(part)
    return part


def run(*, at, on) -> list[str]:
    return [line for part in _parts if (line := part(at=at, on=on))]
