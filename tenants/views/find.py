"""Find space: units free by a day for a term, alone or several that adjoin."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import shapely
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from parks.days import day_of
from parks.geometry import to_metric
from parks.models import Unit
from parks.periods import FAR_FUTURE
from parks.services.space import OUTLINES
from parks.states import UnitState
from parks.templatetags.space import state_chip
from tenants.selectors import annotate_state
from tenants.selectors.free import MONTHS, contiguous, free_units
from tenants.space_filters import ContiguousFilter, FreeFilter
from tenants.views.base import RowsView, dress
from tenants.views.lists import Column

#: Width of a drawn floor and of a letter on it, units of the picture.
PICTURE, LETTER = 320.0, 5.8


def asked(form, on) -> dict:
    """``by`` and ``months`` of a valid form of wishes; the day shown and a year when left out."""
    return {
        "by": form.cleaned_data["free_by"] or on,
        "months": int(form.cleaned_data["months"] or MONTHS),
    }


class FindSpace(RowsView):
    permission_required = "parks.view_park"
    template_name = "tenants/find_space.html"
    filter_class = FreeFilter
    orders = ("number", "gross_area_m2", "free_from", "free_until", "kind")
    default_order = ("floor__building__park__code", "floor__building__code", "floor__ordinal", "number")  # fmt: skip

    @property
    def columns(self):
        """The last one leads to a lease from the day asked for."""
        told = (
            Column(gettext_lazy("number"), "number_on", order="number",
                   link=lambda unit: reverse("tenants:unit-detail", args=[unit.pk])),
            Column(gettext_lazy("park"), "floor__building__park__name"),
            Column(gettext_lazy("building"), "floor__building__name", key=True,
                   link=lambda unit: f"/maps/buildings/{unit.floor.building_id}/"),
            Column(gettext_lazy("floor"), "floor__name"),
            Column(gettext_lazy("kind"), "get_kind_display", order="kind"),
            Column(gettext_lazy("state"), lambda unit: str(UnitState(unit.state).label),
                   name="state", key=True, cell=lambda unit: state_chip(unit.state)),
            Column(gettext_lazy("gross area (m²)"), "gross_area_m2", order="gross_area_m2",
                   num=True, key=True),
            Column(gettext_lazy("load (kN/m²)"), "floor_load_kn_m2", num=True),
            Column(gettext_lazy("height (m)"), "clear_height_m", num=True),
            Column(gettext_lazy("power (kVA)"), "power_kva", num=True),
            Column(gettext_lazy("fire hazard class"), "floor__building__get_fire_class_display"),
            Column(gettext_lazy("free from"), "free_from", order="free_from"),
            Column(gettext_lazy("free until"), last_free_day, name="free_until",
                   order="free_until", cell=until_when),
        )  # fmt: skip
        if not self.request.user.has_perm("tenants.draft_lease"):
            return told
        return (*told, Column(gettext_lazy("act"), self.letting, name="let", key=True,
                              exported=False))  # fmt: skip

    def letting(self, unit):
        address, day = reverse("tenants:lease-new"), self.asked["by"].isoformat()
        return format_html('<a href="{}?unit={}&amp;start={}">{}</a>', address, unit.pk, day,
                           _("Let this"))  # fmt: skip

    def rows(self, on):
        form = FreeFilter(self.request.GET, queryset=Unit.objects.none()).form
        units = Unit.objects.visible_to(self.request.user)
        self.asked = asked(form, on) if form.is_valid() else {"by": on, "months": MONTHS}
        units = annotate_state(free_units(units, **self.asked), on=self.asked["by"])
        return units.with_number_on(on).with_place().defer(*OUTLINES)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, **self.asked)


def last_free_day(unit):
    return None if unit.free_until == FAR_FUTURE else unit.free_until - timedelta(days=1)


def until_when(unit):
    return last_free_day(unit) or _("for good")


class FindContiguous(PermissionRequiredMixin, TemplateView):
    """Per building the smallest set of adjoining units, with its picture."""

    permission_required = "parks.view_park"
    template_name = "tenants/find_contiguous.html"

    def get_context_data(self, **kwargs):
        on, user = day_of(self.request), self.request.user
        units = Unit.objects.visible_to(user)
        given = self.request.GET if "area" in self.request.GET else None
        wishes = ContiguousFilter(given, queryset=units)
        dress(wishes.form, user)
        wishes.form.initial = self.request.GET.dict()
        answers, values = [], {"by": on, "months": MONTHS}
        if given is not None and wishes.is_valid():
            values = asked(wishes.form, on)
            found = contiguous(wishes.qs, area_m2=wishes.form.cleaned_data["area"], **values)
            pictures = floors_of(found, values["by"])
            answers = [(one, pictures[one.building.pk], query_of(one.units)) for one in found]
        return super().get_context_data(
            **kwargs, filter=wishes, answers=answers, **values,
            searched=given is not None and wishes.is_valid(),
        )  # fmt: skip


def query_of(units) -> str:
    query = QueryDict(mutable=True)
    query.setlist("unit", [unit.pk for unit in units])
    return query.urlencode()


@dataclass(frozen=True, slots=True)
class Shape:
    """A unit as a polygon of the picture; ``mark``: what CSS shows it as; ``named``: its number
    fits into it."""

    unit: object
    points: str
    x: float
    y: float
    mark: str
    named: bool


@dataclass(frozen=True, slots=True)
class FloorPicture:
    floor: object
    width: float
    height: float
    shapes: tuple


def floors_of(answers, on) -> dict:
    """The touched floors of every answer, by building, with the chosen units marked; one query."""
    chosen = {unit.pk: "chosen" for one in answers for unit in one.units}
    floors = {unit.floor_id for one in answers for unit in one.units}
    return pictures_by_building(floors, on, chosen)


def pictures_by_building(floors, on, marks) -> dict:
    """``FloorPicture`` lists by building, storeys from the top; ``marks`` by key of unit."""
    units = Unit.objects.filter(floor__in=floors).existing_on(on).with_number_on(on)
    units = units.select_related("floor__building").defer(*OUTLINES[1:3])
    by_floor = {}
    for unit in units.order_by("-floor__ordinal", "pk"):
        by_floor.setdefault(unit.floor, []).append(unit)
    found = {}
    for floor, there in by_floor.items():
        found.setdefault(floor.building_id, []).append(draw(floor, there, marks))
    return found


def draw(floor, units, marks) -> FloorPicture:
    """The floor turned so that its longer side lies flat, north up no more."""
    units = [unit for unit in units if unit.outline is not None]
    if not units:
        return FloorPicture(floor, PICTURE, 1, ())
    shapes = to_metric(np.array([unit.outline for unit in units] + [None], dtype=object)[:-1])
    hull = shapely.union_all(shapes)
    ring = shapely.get_coordinates(shapely.oriented_envelope(hull))
    side = max(ring[1] - ring[0], ring[2] - ring[1], key=lambda edge: float(np.hypot(*edge)))
    cosine, sine = side / np.hypot(*side)
    turn = np.array([[cosine, -sine], [sine, cosine]])
    shapes = shapely.transform(shapes, lambda points: (points - ring[0]) @ turn)
    x0, y0, x1, y1 = shapely.total_bounds(shapes)
    scale = PICTURE / max(x1 - x0, 0.1)
    drawn = []
    for unit, shape in zip(units, shapes, strict=True):
        points = (shapely.get_coordinates(shape) - (x0, y1)) * (scale, -scale)
        middle = (shapely.get_coordinates(shape.representative_point())[0] - (x0, y1)) * (
            scale,
            -scale,
        )
        text = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        mark = marks.get(unit.pk, "")
        fits = float(np.ptp(points[:, 0])) >= LETTER * len(unit.number_on)
        drawn.append(Shape(unit, text, round(float(middle[0]), 1), round(float(middle[1]), 1),
                           mark, bool(mark) and fits))  # fmt: skip
    return FloorPicture(floor, PICTURE, round(float((y1 - y0) * scale), 1), tuple(drawn))
