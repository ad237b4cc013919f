"""What higher apps know about tenants when two records of one become one.

Their rows move to the record that stays like all others. Whoever builds on tenants registers
here, when its app is ready, what would not fit afterwards, as for ``parks.obstacles``.
"""

from collections.abc import Callable, Iterable

_questions: list[Callable[..., Iterable[str]]] = []
_uniters: list[Callable] = []


def obstacle(question):
    """``question(keep, other)`` yields a sentence per thing both hold and one tenant cannot."""
    _questions.append(question)
    return question


def uniter(unite):
    """``unite(keep, other)`` makes one row of rows that say the same; returns ``audit.Act``s.

    It runs within the merge, before the rows of ``other`` move.
    """
    _uniters.append(unite)
    return unite


def obstacles(keep, other) -> list[str]:
    return [str(reason) for question in _questions for reason in question(keep, other)]


def unite(keep, other) -> list:
    return [act for one in _uniters for act in one(keep, other)]
