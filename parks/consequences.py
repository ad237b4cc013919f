"""What an act would cost elsewhere, found by trying it and taking it back.

``parks`` and ``tenants`` know nothing that stands above them: whoever wants to warn before an act
registers here, when its app is ready, as for ``parks.obstacles``. An obstacle refuses; a
consequence is told and may be accepted.
"""

from collections.abc import Callable
from dataclasses import dataclass

from parks.errors import RuleViolation
from parks.services.rehearsal import rehearsal


@dataclass(frozen=True)
class Watch:
    """``look()`` takes down what may change; ``tell(before, after)`` yields a sentence per cost."""

    look: Callable
    tell: Callable


_watchers: list[Callable] = []


def register(watcher: Callable) -> Callable:
    """``watcher(units, on)`` gives a ``Watch``, or None where the units matter to nobody there.

    ``units``: a UnitQuerySet; ``on``: the day the act takes effect.
    """
    _watchers.append(watcher)
    return watcher


def foresee(act: Callable, *, units, on) -> list[str]:
    """What ``act()`` on ``units`` would cost on ``on``; nothing is kept of it."""
    watches = [watcher(units, on) for watcher in _watchers]
    return compare(act, [watch for watch in watches if watch is not None])


def compare(act: Callable, watches) -> list[str]:
    """Look, try, look again. An act that is refused costs nothing: its refusal says why."""
    if not watches:
        return []
    before = [watch.look() for watch in watches]
    try:
        with rehearsal():
            act()
            after = [watch.look() for watch in watches]
    except RuleViolation:
        return []
    return [
        str(sentence)
        for watch, then, now in zip(watches, before, after, strict=True)
        for sentence in watch.tell(then, now)
    ]
