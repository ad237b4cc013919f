"""The acts on a unit, corrections of its building and park, and planned changes."""

from datetime import timedelta

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from parks import services as space
from parks.consequences import foresee
from parks.days import day_of
from parks.models import Building, Park, Unit, UnitChange, UnitClosure
from tenants import forms
from tenants import services as letting
from tenants.views.base import ActView, last_day_to_end
from tenants.views.space import UnitPage


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

    def foreseen(self, units, on, values):
        """What the act on ``units`` would cost elsewhere from ``on``."""
        keys = [unit.pk for unit in units]
        return foresee(lambda: self.act(**values), units=Unit.objects.filter(pk__in=keys), on=on)


class CloseUnit(UnitAct):
    title = gettext_lazy("Take out of letting")
    done = gettext_lazy("The unit is closed on these days.")
    form_class = forms.CloseForm

    def consequences(self):
        return [_("A closed unit is not lettable: it leaves the denominator of every ratio.")]

    def costs(self, **values):
        return self.foreseen([self.unit], values["start"], values)

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
