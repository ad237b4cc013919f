"""Sections that higher apps add to the pages of lower ones.

A page names itself (``{% sections "tenant" tenant %}``); who knows more about the thing registers
here, when its app is ready, as for ``parks.obstacles``.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    template: str
    context: dict


_sections: dict[str, list[tuple[int, Callable]]] = {}


def register(page: str, place: int = 0):
    """``section(obj, user, on)`` gives a ``Section``, or None where there is nothing to show.

    Those with the lower ``place`` come first.
    """

    def keep(section):
        rows = _sections.setdefault(page, [])
        rows.append((place, section))
        rows.sort(key=lambda row: row[0])
        return section

    return keep


def sections(page: str, obj, user, on) -> list[Section]:
    found = [section(obj, user, on) for _place, section in _sections.get(page, ())]
    return [section for section in found if section is not None]
