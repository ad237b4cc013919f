"""Splitting and merging with a picture: what was drawn or typed, before and after, then the act."""

import json
from collections import namedtuple
from datetime import timedelta
from decimal import Decimal

import shapely
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parks import services as space
from parks.cuts import Sheet, cut, midlines, shared_out
from parks.geometry import to_metric
from parks.keys import as_keys
from parks.models.space import AreaSource, GeometrySource
from tenants import forms
from tenants.views.unit_acts import UnitAct

#: ``path`` as the ``d`` of SVG, ``x, y`` a point inside for the label.
Shape = namedtuple("Shape", "path x y label area")


def shape_of(drawing, label, area) -> Shape:
    rings = [
        ring
        for polygon in shapely.get_parts(drawing)
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    path = "".join(
        "M" + "L".join(f"{x:.3f},{y:.3f}" for x, y in ring.coords[:-1]) + "Z" for ring in rings
    )
    spot = shapely.point_on_surface(drawing)
    return Shape(path, round(spot.x, 2), round(spot.y, 2), label, area)


class PreviewedAct(UnitAct):
    """Answers ``preview`` with what would come out, or why it may not, and changes nothing."""

    preview_name = ""

    def post(self, request, *args, **kwargs):
        if "preview" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        problems = self.problems(form)
        context = {"unit": self.unit, "problems": problems, **self.outcome(form)}
        return render(request, self.preview_name, context)

    def problems(self, form) -> list[str]:
        if not form.is_valid():
            return [str(error) for errors in form.errors.values() for error in errors]
        try:
            with space.rehearsal():
                self.act(**form.cleaned_data)
        except ValidationError as refusal:
            return refusal.messages
        return []

    def outcome(self, form) -> dict:
        raise NotImplementedError


class SplitUnit(PreviewedAct):
    title = gettext_lazy("Split")
    done = gettext_lazy("The split is recorded.")
    form_class = forms.SplitForm
    template_name = "tenants/unit_split.html"
    preview_name = "tenants/_split_preview.html"

    @cached_property
    def sheet(self):
        return Sheet(self.unit.outline) if self.unit.outline is not None else None

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"unit": self.unit}

    def get_initial(self):
        return {"effective_on": self.today + timedelta(days=1)}

    def get_context_data(self, **kwargs):
        sheet, unit = self.sheet, self.unit
        if sheet:
            room = max(sheet.width, sheet.height) * 0.06
            across, along = midlines(sheet.shape)
            kwargs |= {
                "whole": shape_of(sheet.shape, unit.number, unit.gross_area_m2),
                "view": [-room, -room, sheet.width + 2 * room, sheet.height + 2 * room],
                "letters": max(sheet.width, sheet.height) / 26,
                "across": json.dumps(across), "along": json.dumps(along),
            }  # fmt: skip
        return super().get_context_data(**kwargs, unit=unit)

    def consequences(self):
        return [
            _(
                "The unit ends on the day; its parts begin that day and take over kind and equipment."
            ),
            _("Until the day the plan can be cancelled. A lease past the day stands in its way."),
        ]

    def costs(self, **values):
        return self.foreseen([self.unit], values["effective_on"], values)

    def pieces(self, cuts):
        return cut(self.sheet.shape, cuts) if self.sheet and cuts else []

    def act(self, *, effective_on, reason, parts, cuts):
        pieces = self.pieces(cuts)
        if pieces and len(pieces) != len(parts):
            raise ValidationError(
                _("The drawing has %(drawn)s parts, the list %(typed)s. Write one line for each, "
                  "or take back the cuts.") % {"drawn": len(pieces), "typed": len(parts)}
            )  # fmt: skip
        drawn = shared_out(self.unit.gross_area_m2, [piece.area for piece in pieces])
        for part, piece, area in zip(parts, pieces, drawn, strict=False):
            part["outline"] = self.sheet.placed(piece)
            # A line drawn by hand makes nothing surveyed.
            if self.unit.geometry_source == GeometrySource.SURVEYED:
                part["geometry_source"] = GeometrySource.INDICATIVE
            if part["gross_area_m2"] == area:
                part["area_source"] = AreaSource.ESTIMATED
        space.split_unit(
            unit=self.unit, into=parts, effective_on=effective_on, on=self.today,
            by=self.request.user, reason=reason,
        )  # fmt: skip
        return self.back()

    def outcome(self, form):
        cuts = form.cleaned_data.get("cuts")
        parts = form.cleaned_data.get("parts") or []
        total = self.unit.gross_area_m2
        try:
            pieces = self.pieces(cuts)
        except ValidationError as refusal:
            return {"drawing": refusal.messages, "parts": parts}
        areas = shared_out(total, [piece.area for piece in pieces]) if pieces else []
        if pieces and "fit" in self.request.POST:
            names = [part["number"] for part in parts]
            parts = [
                {"number": self.name(i, names, len(pieces)), "gross_area_m2": area}
                for i, area in enumerate(areas)
            ]
        lines = "\n".join(f"{part['number']} {part['gross_area_m2']}" for part in parts)
        together = sum((part["gross_area_m2"] for part in parts), Decimal(0))
        return {
            "parts": parts, "lines": lines, "together": together, "difference": together - total,
            "shapes": [
                shape_of(piece, parts[i]["number"] if i < len(parts) else str(i + 1), area)
                for i, (piece, area) in enumerate(zip(pieces, areas, strict=True))
            ],
            "widths": _widths([part["gross_area_m2"] for part in parts]),
        }  # fmt: skip

    def name(self, i, names, count):
        """What was typed stays; new parts go on with letters, from 27 on with numbers."""
        if i < len(names):
            return names[i]
        return f"{self.unit.number}{chr(ord('A') + i) if count <= 26 else f'-{i + 1}'}"


def _widths(areas):
    """``(x, width)`` of each on a bar 100 wide."""
    total, x, bars = float(sum(areas)) or 1.0, 0.0, []
    for area in areas:
        width = round(float(area) / total * 100, 3)
        bars.append((round(x, 3), width))
        x += width
    return bars


class MergeUnits(PreviewedAct):
    title = gettext_lazy("Merge with neighbours")
    done = gettext_lazy("The merge is recorded.")
    form_class = forms.MergeForm
    template_name = "tenants/unit_merge.html"
    preview_name = "tenants/_merge_preview.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"unit": self.unit, "on": self.today}

    def get_initial(self):
        return {"units": as_keys(self.request.GET.getlist("with")), "number": self.unit.number}

    def consequences(self):
        return [
            _("The units end on the day; one unit with the sum of their areas begins."),
            _("Until the day the plan can be cancelled. A lease past the day stands in its way."),
        ]

    def costs(self, **values):
        return self.foreseen([self.unit, *values["units"]], values["effective_on"], values)

    def act(self, *, units, number, effective_on, reason):
        space.merge_units(
            units=[self.unit, *units], number=number, effective_on=effective_on, on=self.today,
            by=self.request.user, reason=reason,
        )  # fmt: skip
        return self.back()

    def outcome(self, form):
        units = [self.unit, *form.cleaned_data.get("units", [])]
        drawn = [unit for unit in units if unit.outline is not None]
        context = {
            "units": units, "together": sum(unit.gross_area_m2 for unit in units),
            "number": form.cleaned_data.get("number", ""),
            "widths": _widths([unit.gross_area_m2 for unit in units]),
        }  # fmt: skip
        if len(drawn) == len(units):
            sheet = Sheet(shapely.union_all([unit.outline for unit in drawn]))
            room = max(sheet.width, sheet.height) * 0.06
            context |= {
                "before": [
                    shape_of(sheet.drawn(to_metric(unit.outline)), unit.number, unit.gross_area_m2)
                    for unit in drawn
                ],
                "after": shape_of(sheet.shape, context["number"], context["together"]),
                "apart": len(shapely.get_parts(shapely.buffer(sheet.metric, 0.05))) > 1,
                "view": [-room, -room, sheet.width + 2 * room, sheet.height + 2 * room],
                "letters": max(sheet.width, sheet.height) / 26,
            }
        return context
