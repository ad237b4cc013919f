"""Parks, buildings and units as of the day, and the acts on a unit."""

from datetime import timedelta

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from parks import services as space
from parks.days import day_of
from parks.models import Building, Park, Unit, UnitChange, UnitClosure
from parks.services.space import OUTLINES
from parks.states import UnitState
from tenants import forms
from tenants import services as letting
from tenants.filters import UnitFilter
from tenants.lifeline import lifeline
from tenants.models import Hold, LeaseLine
from tenants.selectors import annotate_state, ratios_by, shares
from tenants.trail import trail_of
from tenants.views.base import ActView, RowsView, last_day, last_day_to_end


class ParkList(PermissionRequiredMixin, TemplateView):
    permission_required = "parks.view_park"
    template_name = "tenants/park_list.html"

    def get_context_data(self, **kwargs):
        on, user = day_of(self.request), self.request.user
        by_park = ratios_by(Unit.objects.visible_to(user), on, by="floor__building__park")
        parks = Park.objects.visible_to(user).defer("boundary")
        return super().get_context_data(
            **kwargs, rows=[(park, by_park.get(park.pk)) for park in parks]
        )


class ParkDetail(PermissionRequiredMixin, TemplateView):
    permission_required = "parks.view_park"
    template_name = "tenants/park_detail.html"

    def get_context_data(self, **kwargs):
        on, user = day_of(self.request), self.request.user
        park = get_object_or_404(Park.objects.visible_to(user), code=self.kwargs["code"])
        units = Unit.objects.of_park(park)
        by_building = ratios_by(units, on, by="floor__building")
        buildings = park.buildings.defer("footprint").order_by("code")
        return super().get_context_data(
            **kwargs, park=park, whole=shares(units, on),
            rows=[(building, by_building.get(building.pk)) for building in buildings],
            plans=park.unit_changes.planned_after(on).prefetch_related("sources", "results"),
            trail=trail_of(park, user),
        )  # fmt: skip


class BuildingDetail(PermissionRequiredMixin, TemplateView):
    """Floors from the top, each with its units of the day as cells."""

    permission_required = "parks.view_park"
    template_name = "tenants/building_detail.html"

    def get_context_data(self, **kwargs):
        on, user = day_of(self.request), self.request.user
        building = get_object_or_404(
            Building.objects.visible_to(user).select_related("park"), pk=self.kwargs["pk"]
        )
        units = Unit.objects.filter(floor__building=building)
        by_floor = ratios_by(units, on, by="floor")
        cells = {}
        for unit in (
            annotate_state(units, on).with_number_on(on).defer("outline").order_by("number")
        ):
            cells.setdefault(unit.floor_id, []).append(unit)
        floors = building.floors.defer("outline").order_by("-ordinal")
        return super().get_context_data(
            **kwargs, building=building, park=building.park, whole=shares(units, on),
            floors=[(floor, by_floor.get(floor.pk), cells.get(floor.pk, [])) for floor in floors],
            trail=trail_of(building, user),
        )  # fmt: skip


class UnitList(RowsView):
    permission_required = "parks.view_park"
    template_name = "tenants/unit_list.html"
    filter_class = UnitFilter
    orders = ("number", "gross_area_m2", "state", "kind", "lease_end", "tenant_name")
    default_order = ("floor__building__park__code", "floor__building__code", "floor__ordinal", "number", "pk")  # fmt: skip
    columns = (
        (gettext_lazy("park"), "floor__building__park__name"),
        (gettext_lazy("building"), "floor__building__name"),
        (gettext_lazy("floor"), "floor__name"),
        (gettext_lazy("number"), "number_on"),
        (gettext_lazy("kind"), "get_kind_display"),
        (gettext_lazy("state"), lambda unit: str(UnitState(unit.state).label)),
        (gettext_lazy("gross area (m²)"), "gross_area_m2"),
        (gettext_lazy("billable area (m²)"), "billable_area_m2"),
        (gettext_lazy("tenant"), "tenant_name"),
        (gettext_lazy("lease ends"), last_day("lease_end")),
    )

    def rows(self, on):
        units = annotate_state(Unit.objects.visible_to(self.request.user), on).with_number_on(on)
        return units.with_place().defer(*OUTLINES)

    def get_context_data(self, **kwargs):
        units = self.object_list
        whole = shares(Unit.objects.filter(pk__in=units.order_by().values("pk")), self.on)
        return super().get_context_data(**kwargs, whole=whole)


class UnitPage:
    """A unit of one's own parks, with its state of the day."""

    @cached_property
    def unit(self):
        on = day_of(self.request)
        units = Unit.objects.visible_to(self.request.user).with_place().defer(*OUTLINES[1:])
        there = annotate_state(units, on).with_number_on(on).filter(pk=self.kwargs["pk"]).first()
        return there or get_object_or_404(units, pk=self.kwargs["pk"])

    def back(self):
        return reverse("tenants:unit-detail", args=[self.kwargs["pk"]])


class UnitDetail(UnitPage, PermissionRequiredMixin, TemplateView):
    permission_required = "parks.view_park"
    template_name = "tenants/unit_detail.html"

    def get_context_data(self, **kwargs):
        unit, user = self.unit, self.request.user
        lines = LeaseLine.objects.visible_to(user).filter(unit=unit)
        rows = {
            "lines": lines.select_related("lease__tenant").order_by("-start"),
            "holds": Hold.objects.visible_to(user).filter(unit=unit).select_related("tenant"),
            "closures": unit.closures.order_by("-start"),
        }
        return super().get_context_data(
            **kwargs, **rows, unit=unit, park=unit.floor.building.park,
            life=lifeline(unit, on=day_of(self.request), **rows),
            former=unit.former_numbers.order_by("-start"),
            begun=unit.begun_by and list(unit.begun_by.sources.all()),
            ended=unit.ended_by and list(unit.ended_by.results.all()),
            trail=trail_of(unit, user),
        )  # fmt: skip


class UnitAct(UnitPage, ActView):
    """An act on one unit, answered with the unit's page."""

    permission_required = "parks.change_unit"

    def get_context_data(self, **kwargs):
        unit = self.unit
        facts = _("%(place)s · %(number)s · %(area)s m²") % {
            "place": f"{unit.floor.building.park} {unit.floor.building} {unit.floor}",
            "number": unit.number, "area": unit.gross_area_m2,
        }  # fmt: skip
        return super().get_context_data(**kwargs, subject=facts, park=unit.floor.building.park)


class SplitUnit(UnitAct):
    title = gettext_lazy("Split")
    done = gettext_lazy("The split is recorded.")
    form_class = forms.SplitForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"unit": self.unit}

    def get_initial(self):
        return {"effective_on": self.today + timedelta(days=1)}

    def consequences(self):
        return [
            _(
                "The unit ends on the day; its parts begin that day and take over kind and equipment."
            ),
            _("Until the day the plan can be cancelled. A lease past the day stands in its way."),
        ]

    def act(self, *, effective_on, reason, parts):
        space.split_unit(
            unit=self.unit, into=parts, effective_on=effective_on, on=self.today,
            by=self.request.user, reason=reason,
        )  # fmt: skip
        return self.back()


class MergeUnits(UnitAct):
    title = gettext_lazy("Merge with neighbours")
    done = gettext_lazy("The merge is recorded.")
    form_class = forms.MergeForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"unit": self.unit, "on": self.today}

    def consequences(self):
        return [
            _("The units end on the day; one unit with the sum of their areas begins."),
            _("Until the day the plan can be cancelled. A lease past the day stands in its way."),
        ]

    def act(self, *, units, number, effective_on, reason):
        space.merge_units(
            units=[self.unit, *units], number=number, effective_on=effective_on, on=self.today,
            by=self.request.user, reason=reason,
        )  # fmt: skip
        return self.back()


class CloseUnit(UnitAct):
    title = gettext_lazy("Take out of letting")
    done = gettext_lazy("The unit is closed on these days.")
    form_class = forms.CloseForm

    def consequences(self):
        return [_("A closed unit is not lettable: it leaves the denominator of every ratio.")]

    def act(self, *, closed_for, start, last_day, note):
        space.close_unit(
            unit=self.unit, reason=closed_for, start=start, end=last_day_to_end(last_day), note=note,
            by=self.request.user,
        )  # fmt: skip
        return self.back()


class RenumberUnit(UnitAct):
    title = gettext_lazy("Renumber")
    done = gettext_lazy("The unit has its new number; the old one still finds it.")
    form_class = forms.RenumberForm

    def act(self, *, number, effective_on, reason):
        space.renumber_unit(
            unit=self.unit, number=number, on=effective_on, by=self.request.user, reason=reason
        )
        return self.back()


class Correcting:
    """``act`` of a form on the columns of ``self.found``: only what differs is written."""

    permission_required = "parks.change_unit"
    title = gettext_lazy("Correct")
    done = gettext_lazy("Corrected.")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.found}

    def act(self, *, reason, **fields):
        # The form has written the new values on its instance; what was is in the database.
        fresh = type(self.found).objects.get(pk=self.found.pk)
        changed = {name: new for name, new in fields.items() if getattr(fresh, name) != new}
        if changed:
            space.correct(fresh, by=self.request.user, reason=reason, **changed)
        return self.back()


class CorrectUnit(Correcting, UnitAct):
    form_class = forms.CorrectUnitForm

    @property
    def found(self):
        return self.unit


class CorrectPark(Correcting, ActView):
    form_class = forms.CorrectParkForm

    @cached_property
    def found(self):
        return get_object_or_404(
            Park.objects.visible_to(self.request.user), code=self.kwargs["code"]
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, subject=self.found.code, park=self.found)

    def back(self):
        return reverse("tenants:park-detail", args=[self.kwargs["code"]])


class CorrectBuilding(Correcting, ActView):
    form_class = forms.CorrectBuildingForm

    @cached_property
    def found(self):
        buildings = Building.objects.visible_to(self.request.user).select_related("park")
        return get_object_or_404(buildings, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        building = self.found
        return super().get_context_data(**kwargs, subject=building.code, park=building.park)

    def back(self):
        return reverse("tenants:building-detail", args=[self.kwargs["pk"]])


class ReopenUnit(ActView):
    permission_required = "parks.change_unit"
    title = gettext_lazy("End the closure")
    done = gettext_lazy("The closure is ended.")
    form_class = forms.DayReasonForm

    @cached_property
    def closure(self):
        closures = UnitClosure.objects.visible_to(self.request.user).select_related("unit")
        return get_object_or_404(closures, pk=self.kwargs["pk"])

    def get_initial(self):
        return {"day": self.today}

    def back(self):
        return reverse("tenants:unit-detail", args=[self.closure.unit_id])

    def act(self, *, day, reason):
        back = self.back()
        space.reopen_unit(closure=self.closure, on=day, by=self.request.user, reason=reason)
        return back


class HoldUnit(UnitAct):
    permission_required = "tenants.hold_unit"
    title = gettext_lazy("Hold")
    done = gettext_lazy("The unit is held.")
    form_class = forms.HoldForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_initial(self):
        return {"start": self.today, "last_day": self.today + timedelta(days=14)}

    def act(self, *, start, last_day, tenant, applicant, note):
        letting.hold_unit(
            unit=self.unit, start=start, end=last_day_to_end(last_day), tenant=tenant,
            applicant=applicant, note=note, by=self.request.user,
        )  # fmt: skip
        return self.back()


class ChangeList(PermissionRequiredMixin, TemplateView):
    permission_required = "parks.view_park"
    template_name = "tenants/change_list.html"

    def get_context_data(self, **kwargs):
        on = day_of(self.request)
        changes = UnitChange.objects.visible_to(self.request.user).select_related("park")
        if self.request.GET.get("planned"):
            changes = changes.planned_after(on)
        changes = changes.prefetch_related("sources", "results").order_by("-effective_on", "-pk")
        return super().get_context_data(**kwargs, changes=changes[:500])


class CancelChange(ActView):
    permission_required = "parks.change_unit"
    title = gettext_lazy("Cancel the plan")
    done = gettext_lazy("The plan is cancelled; the units go on.")
    form_class = forms.ReasonForm
    danger = True

    @cached_property
    def change(self):
        changes = UnitChange.objects.visible_to(self.request.user)
        return get_object_or_404(changes, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        change = self.change
        return super().get_context_data(**kwargs, subject=str(change), park=change.park)

    def back(self):
        return reverse("tenants:change-list")

    def act(self, *, reason):
        space.cancel_change(change=self.change, on=self.today, by=self.request.user, reason=reason)
        return self.back()
