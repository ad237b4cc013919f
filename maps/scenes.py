"""The three pictures of the map: what each needs from the address and how it is told.

A scene knows its place (strings of the path → rows the viewer may see), its frame, its classes
and its features. The views only decide which part of it is sent.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maps.classes import classify
from maps.district import district_outline
from maps.forms import RATIOS
from maps.frames import buildings_frame, parks_frame, units_frame
from maps.layers import ratio_features, share, state_features
from maps.scope import MapScope
from parks.models import Building, Park
from parks.models.space import UnitKind
from parks.states import UnitState


@dataclass
class Scene:
    """One map: ``scope`` as asked, ``query`` as links carry it along."""

    scope: MapScope
    query: dict

    level = "district"
    columns = ("label", "units", "numerator", "denominator", "value", "change")

    @classmethod
    def place(cls, user, kwargs, values) -> dict:
        """Fields of the scope that the path names. Raises Http404 for what is not the viewer's."""
        return {}

    def frame(self):
        return parks_frame(self.scope)

    def context(self):
        """Shapes drawn beneath."""
        return [("district", district_outline())]

    @property
    def name(self) -> str:
        return "district"

    def link(self, row) -> str:
        return self.with_query(reverse("maps:park", args=[row.code]))

    def with_query(self, address, **changes) -> str:
        query = {k: v for k, v in (self.query | changes).items() if v not in (None, "")}
        return f"{address}?{urlencode(query)}" if query else address

    def rows(self, frame) -> list[dict]:
        """The rows of the table, in the frame's order, each with the address a click leads to."""
        plain = frame.drop(columns="geometry").to_dict("records")
        return [
            row | {"url": self.link(one)}
            for row, one in zip(plain, frame.itertuples(), strict=True)
        ]

    @property
    def column(self) -> str:
        return "change" if self.scope.compare else "value"

    def classes(self, frame):
        return classify(
            frame[self.column], ratio=self.scope.ratio, scheme=self.scope.scheme,
            change=self.scope.compare is not None,
        )  # fmt: skip

    def features(self, frame) -> list[dict]:
        return ratio_features(
            frame, self.classes(frame), column=self.column, url=self.link, text=self.text,
            floating=self.level == "district",
        )  # fmt: skip

    def text(self, row) -> str:
        lines = [
            f"{RATIOS[self.scope.ratio]} {share(row.value)}",
            f"{row.numerator:,.0f} / {row.denominator:,.0f} {self.unit}",
            ngettext("%(n)d unit", "%(n)d units", row.units) % {"n": row.units},
        ]
        if self.scope.compare:
            lines.insert(1, f"{self.scope.compare}: {share(row.before)}")
        return "\n".join(lines)

    @property
    def unit(self) -> str:
        return {"area": "㎡", "units": _("units"), "desks": _("desks")}[self.scope.measure]


class DistrictScene(Scene):
    pass


class ParkScene(Scene):
    level = "park"

    @classmethod
    def place(cls, user, kwargs, values):
        return {"park": get_object_or_404(Park.objects.visible_to(user), code=kwargs["code"])}

    def frame(self):
        return buildings_frame(self.scope)

    def context(self):
        return [("park", self.scope.park.boundary)]

    @property
    def name(self):
        return self.scope.park.code

    def link(self, row):
        return self.with_query(
            reverse("maps:building", args=[row.id]),
            ratio=None, measure=None, scheme=None, compare=None,
        )  # fmt: skip


class BuildingScene(Scene):
    level = "building"
    columns = ("label", "state", "kind", "gross_area_m2", "tenant", "lease_end")

    @classmethod
    def place(cls, user, kwargs, values):
        """The floor of ``?floor=``; the lowest from the ground up when left out."""
        if kwargs["pk"] > 2**63 - 1:
            raise Http404
        buildings = Building.objects.visible_to(user).select_related("park")
        building = get_object_or_404(buildings, pk=kwargs["pk"])
        floors = sorted(building.floors.all(), key=lambda floor: floor.ordinal)
        asked = values["floor"]
        found = [floor for floor in floors if floor.ordinal == asked]
        if asked is not None and not found:
            raise Http404(_("This building has no such floor."))
        above = [floor for floor in floors if floor.ordinal > 0] or floors[-1:]
        floor = (found or above or [None])[0]
        return {"park": building.park, "building": building, "floor": floor}

    def frame(self):
        return units_frame(self.scope)

    def context(self):
        floor, building = self.scope.floor, self.scope.building
        if floor is not None and floor.outline is not None:
            return [("floor", floor.outline)]
        return [("floor", building.footprint)]

    @property
    def name(self):
        floor = self.scope.floor
        return f"{self.scope.park.code}-{self.scope.building.code}-{floor.ordinal if floor else 0}"

    def link(self, row):
        return self.with_query(reverse("maps:unit-panel", args=[row.id]))

    def rows(self, frame):
        return [row | {"kind_label": UnitKind(row["kind"]).label} for row in super().rows(frame)]

    def features(self, frame):
        return state_features(frame, url=self.link, text=self.text)

    def text(self, row):
        lines = [
            f"{UnitState(row.state).label} · {UnitKind(row.kind).label}",
            f"{row.gross_area_m2:,.2f} ㎡",
        ]
        if row.tenant:
            lines.append(row.tenant)
        if row.lease_end:
            lines.append(_("lease ends %(day)s") % {"day": row.lease_end - timedelta(days=1)})
        return "\n".join(lines)


SCENES = {scene.level: scene for scene in (DistrictScene, ParkScene, BuildingScene)}
