"""What a map shows: the only thing handed from the view to the frame."""

from dataclasses import dataclass
from datetime import date

from parks.models import Building, Floor, Park


@dataclass(frozen=True, slots=True)
class MapScope:
    """``on`` is the as-of day; ``park_ids`` are the parks the viewer may see.

    ``ratio`` is occupancy, signed or vacancy; ``measure`` area, units or desks; ``scheme`` how
    classes are cut: fixed, quantiles or fisher.
    """

    on: date
    park_ids: tuple[int, ...]
    ratio: str = "occupancy"
    measure: str = "area"
    scheme: str = "fixed"
    park: Park | None = None
    building: Building | None = None
    floor: Floor | None = None
