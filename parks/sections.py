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


_sections: dict[str, list[Callable]] = {}


def register(page: str):
    """``section(obj, user, on)`` gives a ``Section``, or None where there is nothing to show."""

    def keep(section):
        _sections.setdefault(page, []).append(section)
        return section

    return keep


def sections(page: str, obj, user, on) -> list[Section]:
    found = [section(obj, user, on) for section in _sections.get(page, ())]
    return [section for section in found if section is not None]
