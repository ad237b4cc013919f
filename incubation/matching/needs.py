"""The hard needs: what an application wants and what units have, as whole numbers.

Every field is one number or an array of them, so that the same comparison answers for a pair and
for all pairs at once. Areas, loads, heights and powers are hundredths; ``taken`` is the
ordinal of the day on which it is taken, or up to which it is wanted. 0: not asked for, or not known of a unit, which meets no need.
"""

from typing import NamedTuple

import numpy as np

from parks.fire import ORDER, hosts
from parks.models.space import UnitKind

#: Unknown comes last: of several units the worst is the largest.
CLASSES = [*ORDER, ""]
HOSTS = np.array([[hosts(building, wanted) for wanted in CLASSES] for building in CLASSES])
KINDS = UnitKind.values
#: Of units of several kinds together.
MIXED = -1


class Needs(NamedTuple):
    """What is wanted or there; ``fire`` stands in ``CLASSES``, ``kind`` as ``kind_code`` says."""

    kind: object
    area: object
    desks: object
    floor_load: object
    clear_height: object
    power: object
    fire_class: object
    goods_lift: object
    drainage: object
    taken: object


def kind_code(kind) -> int:
    return KINDS.index(kind) + 1 if kind else 0


def hundredths(number) -> int:
    return int((number or 0) * 100)


def column(rows) -> Needs:
    """Several as one, each field an array."""
    return Needs(*np.array([tuple(row) for row in rows], dtype=np.int64).reshape(-1, 10).T)


def down(needs) -> Needs:
    """A column of applications, to be compared with a row of units."""
    return Needs(*(field[:, None] for field in needs))


def unmet(wants, has):
    """Yields ``(code, bool or array of bool)`` for each need: true where it is not met."""
    for code, wanted, there in zip(Needs._fields, wants, has, strict=True):
        if code == "kind":
            yield code, (wanted != 0) & (there != wanted)
        elif code == "fire_class":
            yield code, ~HOSTS[there, wanted]
        else:
            yield code, there < wanted
