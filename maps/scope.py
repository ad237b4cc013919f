"""What a map shows, decided once at the edge and handed on unchanged."""

from dataclasses import dataclass, replace
from datetime import date

from parks.models import Building, Floor, Park
from parks.querysets import ParkQuerySet


@dataclass(frozen=True, slots=True)
class MapScope:
    """One picture: where, which day, which number.

    ``parks`` are those the viewer may see; ``park``, ``building``, ``floor`` narrow it down.
    ``ratio``, ``measure``: see ``tenants.selectors``; ``scheme``: see ``maps.classes``.
    ``layer``: see ``maps.forms``. ``compare`` is the other day of a change, or None. ``names``: may tenants be named.
    """

    on: date
    parks: ParkQuerySet
    park: Park | None = None
    building: Building | None = None
    floor: Floor | None = None
    ratio: str = "occupancy"
    measure: str = "area"
    scheme: str = "fixed"
    compare: date | None = None
    layer: str = "space"
    names: bool = False

    def narrowed(self, **changes) -> "MapScope":
        return replace(self, **changes)
