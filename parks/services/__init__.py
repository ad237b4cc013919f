"""The acts on space. Every door (page, API, import, command) calls these."""

from parks.services.changes import cancel_change, merge_units, split_unit
from parks.services.closures import close_unit, reopen_unit
from parks.services.making import correct_all, create_alike, create_floors, set_outline, set_staff
from parks.services.rehearsal import rehearsal
from parks.services.space import (
    correct,
    correct_units,
    create_building,
    create_floor,
    create_park,
    create_places,
    create_unit,
    create_units,
    lock_units,
    renumber_unit,
)

__all__ = [
    "cancel_change",
    "close_unit",
    "correct",
    "correct_units",
    "correct_all",
    "create_alike",
    "create_building",
    "create_floor",
    "create_floors",
    "create_park",
    "create_places",
    "create_unit",
    "create_units",
    "lock_units",
    "merge_units",
    "rehearsal",
    "renumber_unit",
    "reopen_unit",
    "set_outline",
    "set_staff",
    "split_unit",
]
