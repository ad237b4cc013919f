"""The three pictures in the layers of the chain: who is in residence where, and how long yet."""

from functools import cached_property

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from incubation.chain.states import STAGES
from incubation.models import CarrierSpace, Stage
from incubation.selectors.residencies import ResidencyState
from incubation.tasks import FIRST, LAST, SECOND
from maps import marks
from maps.chain_frames import (
    COUNTS,
    DUE,
    buildings_chain_frame,
    carriers_frame,
    parks_chain_frame,
    residents_frame,
    totals,
    units_chain_frame,
)
from maps.layers import mark_features
from maps.scenes import BuildingScene, DistrictScene, ParkScene
from parks.states import UnitState

#: Which residencies are open, in the words of their list's filters.
OPEN = [("state", ResidencyState.IN.value), ("state", ResidencyState.OVER.value)]
HEADINGS = {
    "tenants": gettext_lazy("In residence"),
    **{stage.value: stage.label for stage in Stage},
    "carriers": gettext_lazy("Carriers"),
    "over": gettext_lazy("Over-stay"),
    **{name: format_lazy(gettext_lazy("Due in {n} days"), n=days) for name, days in DUE.items()},
}
#: The column a layer is about, and the classes of its counts.
COUNTED = {
    "carrier": ("carriers", marks.FEW), "over": ("over", marks.SOME), "due": (f"due_{FIRST}", marks.SOME),
}  # fmt: skip


class ChainScene:
    """What the pictures share; before a scene of ``maps.scenes``."""

    @cached_property
    def residents(self):
        return residents_frame(self.scope)

    @cached_property
    def carriers(self):
        return carriers_frame(self.scope)

    def with_day(self, address, asked=()) -> str:
        """``address`` on the day shown, with the pairs ``asked``."""
        day = [("on", self.query["on"])] if "on" in self.query else []
        query = urlencode([*asked, *day])
        return f"{address}?{query}" if query else address

    def rows(self, frame):
        marked = zip(super().rows(frame), self.marks(frame), strict=True)
        return [row | {"mark": mark} | self.told(row) for row, mark in marked]

    def shown(self, frame) -> dict:
        """What the page says about ``frame`` beside its rows."""
        counts = totals(self.residents, self.carriers, self.scope.on)
        return {"chain": True, "legend": self.legend(frame), "totals": counts}


class ChainPlaces(ChainScene):
    columns = ("label", *COUNTS)

    def marks(self, frame) -> list[marks.Mark]:
        if self.scope.layer in COUNTED:
            column, classes = COUNTED[self.scope.layer]
            return classes.of(frame[column])
        leading = frame[STAGES].idxmax(axis=1)
        return [
            marks.STAGE_MARKS[stage] if n else marks.NO_STAGE
            for stage, n in zip(leading, frame["tenants"], strict=True)
        ]

    def legend(self, frame) -> list[dict]:
        """Every class with the number of places in it."""
        stages = [*marks.STAGE_MARKS.values(), marks.NO_STAGE]
        classes = COUNTED[self.scope.layer][1].marks if self.scope.layer in COUNTED else stages
        found = [mark.code for mark in self.marks(frame)]
        return [{"mark": mark, "count": found.count(mark.code)} for mark in classes]

    def features(self, frame):
        column = COUNTED.get(self.scope.layer, ("tenants",))[0]
        return mark_features(
            frame, self.marks(frame), url=self.link, text=self.text, numbers=frame[column],
            floating=self.level == "district",
        )  # fmt: skip

    def text(self, row, mark):
        stages = ", ".join(f"{Stage(one).label} {getattr(row, one)}" for one in STAGES)
        carriers = ngettext("%(n)d carrier", "%(n)d carriers", row.carriers)
        due = _("due within %(last)d / %(second)d / %(first)d days") % {
            "last": LAST, "second": SECOND, "first": FIRST,
        }  # fmt: skip
        return "\n".join([
            f"{_('in residence')} {row.tenants}: {stages}",
            carriers % {"n": row.carriers},
            f"{_('over-stay')} {row.over}",
            f"{due}: {' / '.join(str(getattr(row, name)) for name in DUE)}",
        ])  # fmt: skip

    def numbers(self, row, **place) -> list[dict]:
        """The counts of ``row`` in the order of their headings, each with the address of its rows."""
        ours = {"park": self.scope.park.code if self.scope.park else None} | place
        asked = {
            "tenants": OPEN,
            **{stage: [*OPEN, ("stage", stage)] for stage in STAGES},
            "over": [("state", ResidencyState.OVER.value)],
            **{name: [("due_within", days)] for name, days in DUE.items()},
        }
        return [
            {"name": name, "count": row[name], "url": self.rows_of(name, ours, asked.get(name, []))}
            for name in HEADINGS
        ]

    def rows_of(self, name, place, filters) -> str:
        page = "incubation:carrier-list" if name == "carriers" else "incubation:residency-list"
        asked = [(key, value) for key, value in place.items() if value] + filters
        return self.with_day(reverse(page), asked)

    def shown(self, frame):
        found = super().shown(frame)
        counted = COUNTED.get(self.scope.layer)
        return found | {
            "headings": HEADINGS, "key": counted[0] if counted else "tenants",
            "legend_title": HEADINGS[counted[0]] if counted else None,
            "total_numbers": self.numbers(found["totals"]),
        }  # fmt: skip


class ChainDistrictScene(ChainPlaces, DistrictScene):
    def frame(self):
        return parks_chain_frame(self.scope, self.residents, self.carriers)

    def told(self, row):
        return {"numbers": self.numbers(row, park=row["code"])}


class ChainParkScene(ChainPlaces, ParkScene):
    def frame(self):
        return buildings_chain_frame(self.scope, self.residents)

    def told(self, row):
        return {"numbers": self.numbers(row, building=row["id"])}


class ChainBuildingScene(ChainScene, BuildingScene):
    columns = ("label", "tenant", "stage", "carrier", "due", "gross_area_m2", "state")

    def frame(self):
        return units_chain_frame(self.scope, self.residents, self.carriers)

    def marks(self, frame) -> list[marks.Mark]:
        of = {"stage": self.by_stage, "carrier": self.by_carrier}.get(self.scope.layer, self.by_due)
        return of(frame)

    def by_stage(self, frame):
        return [_mark(marks.STAGE_MARKS, row.stage, row.space_stage) for row in frame.itertuples()]

    def by_carrier(self, frame):
        return [
            _mark(self.carrier_marks, row.carrier_id, row.space_carrier_id)
            for row in frame.itertuples()
        ]

    def by_due(self, frame):
        taken = frame["due"].notna()
        classes = iter(self.due_classes.of(frame["due"][taken], self.scope.on))
        return [
            next(classes) if one else marks.NONE if space is None else marks.EMPTY
            for one, space in zip(taken, frame["space_carrier_id"], strict=True)
        ]

    @property
    def due_classes(self):
        return marks.OVER_STAY if self.scope.layer == "over" else marks.MONTHS_TO_DUE

    @cached_property
    def carrier_marks(self):
        return marks.carrier_marks(
            zip(self.carriers["carrier_id"], self.carriers["carrier"], strict=True)
        )

    def legend(self, frame) -> list[dict]:
        """The classes on this floor, with their units and area."""
        found = {}
        for mark, area in zip(self.marks(frame), frame["gross_area_m2"], strict=True):
            one = found.setdefault(mark.code, {"mark": mark, "count": 0, "area": 0})
            one["count"] += 1
            one["area"] += area
        return [found[code] for code in self.order if code in found]

    @property
    def order(self) -> list[str]:
        if self.scope.layer in ("over", "due"):
            return [mark.code for mark in (*self.due_classes.marks, marks.EMPTY, marks.NONE)]
        classes = self.carrier_marks if self.scope.layer == "carrier" else marks.STAGE_MARKS
        pairs = [(mark.code, mark.empty.code) for mark in classes.values()]
        return [*(code for pair in pairs for code in pair), marks.NONE.code]

    def features(self, frame):
        return mark_features(frame, self.marks(frame), url=self.link, text=self.text, panel=True)

    def text(self, row, mark):
        lines = [str(mark.label), f"{UnitState(row.state).label} · {row.gross_area_m2:,.2f} ㎡"]
        if row.tenant:
            lines.append(row.tenant)
        if row.due is not None:
            lines += [
                f"{Stage(row.stage).label} · {row.carrier}",
                _("due on %(day)s") % {"day": row.due},
            ]
        if row.space_carrier is not None:
            purpose = CarrierSpace.Purpose(row.purpose).label
            lines.append(_("space of %(carrier)s, %(purpose)s")
                         % {"carrier": row.space_carrier, "purpose": purpose})  # fmt: skip
        return "\n".join(lines)

    def told(self, row):
        residency, carrier = row["residency_id"], row["carrier_id"] or row["space_carrier_id"]
        residency = residency and reverse("incubation:residency-detail", args=[residency])
        carrier = carrier and reverse("incubation:carrier-detail", args=[carrier])
        return {
            "carrier_name": row["carrier"] or row["space_carrier"],
            "stage_label": Stage(row["stage"]).label if row["stage"] else None,
            "residency_url": residency and self.with_day(residency),
            "carrier_url": carrier and self.with_day(carrier),
        }  # fmt: skip


def _mark(classes, held, space) -> marks.Mark:
    """The class of the resident, else that of the space it could use, else none."""
    if held is not None:
        return classes[held]
    return classes[space].empty if space is not None else marks.NONE


CHAIN_SCENES = {
    scene.level: scene for scene in (ChainDistrictScene, ChainParkScene, ChainBuildingScene)
}
