"""Space given to a carrier, released, or used for another purpose."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from incubation import carrier_forms as shapes
from incubation import services
from incubation.selectors.carriers import carriers_of
from incubation.views.carrier_acts import CarrierAct
from parks.days import day_of
from parks.models import Building, Floor, Unit
from tenants.views.base import last_day_to_end


class AssignSpace(CarrierAct):
    """Units of the park, narrowed by building and storey in the address, marked or by number."""

    title = gettext_lazy("Give space to a carrier")
    button = gettext_lazy("Assign")
    template_name = "incubation/space_assign.html"
    form_class = shapes.AssignForm

    @cached_property
    def on(self):
        return day_of(self.request)

    @cached_property
    def buildings(self):
        return Building.objects.filter(park=self.carrier.park).order_by("code").defer("footprint")

    @cached_property
    def building(self):
        key = self.request.GET.get("building", "")
        return next((one for one in self.buildings if str(one.pk) == key), None)

    @cached_property
    def floors(self):
        rows = (
            Floor.objects.filter(building=self.building) if self.building else Floor.objects.none()
        )
        return list(rows.order_by("-ordinal").defer("outline"))

    @cached_property
    def floor(self):
        key = self.request.GET.get("floor", "")
        return next((one for one in self.floors if str(one.pk) == key), None)

    @cached_property
    def units(self):
        """Those of the building (and storey) chosen; of the first building unless one is."""
        units = self.places()
        if not self.building and (first := self.buildings.first()):
            units = units.filter(floor__building=first)
        return units

    def places(self):
        units = Unit.objects.of_park(self.carrier.park).existing_on(self.on)
        if self.floor:
            units = units.filter(floor=self.floor)
        elif self.building:
            units = units.filter(floor__building=self.building)
        return units.with_place().defer(
            "outline", "floor__outline", "floor__building__footprint",
            "floor__building__park__boundary",
        ).in_plan_order()  # fmt: skip

    def get_initial(self):
        return {"start": self.on}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"units": self.units, "places": self.places()}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        units = list(self.units)
        of = carriers_of([unit.pk for unit in units], self.on)
        marked = set(context["form"]["units"].value() or ())
        return context | {
            "on": self.on, "buildings": self.buildings, "floors": self.floors,
            "building": self.building or self.buildings.first(), "floor": self.floor,
            "rows": [(unit, of.get(unit.pk), str(unit.pk) in marked) for unit in units],
            "carrier": self.carrier,
        }  # fmt: skip

    def costs(self, **values):
        return self.foreseen(values["start"], values)

    def act(self, *, last_day, **values):
        made = services.assign_spaces(
            carrier=self.carrier, end=last_day_to_end(last_day), by=self.request.user, **values
        )
        area = sum(one.unit.gross_area_m2 for one in made)
        self.done = ngettext(
            "%(number)s unit with %(area)s m² now belongs to the carrier.",
            "%(number)s units with %(area)s m² now belong to the carrier.", len(made),
        ) % {"number": len(made), "area": area}  # fmt: skip
        return self.back()


class ReleaseSpace(CarrierAct):
    title = gettext_lazy("Release space or change its purpose")
    button = gettext_lazy("Save")
    template_name = "incubation/space_release.html"
    form_class = shapes.ReleaseForm

    @cached_property
    def spaces(self):
        """Those of the day and later."""
        spaces = self.carrier.spaces.exclude(end__lte=day_of(self.request))
        return (
            spaces.select_related("unit__floor__building")
            .defer("unit__outline", "unit__floor__outline", "unit__floor__building__footprint")
            .order_by("unit__floor__building__code", "unit__floor__ordinal", "unit__number")
        )

    def get_initial(self):
        return {"day": day_of(self.request)}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"spaces": self.spaces}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        marked = set(context["form"]["spaces"].value() or ())
        rows = [(one, str(one.pk) in marked) for one in self.spaces]
        return context | {"rows": rows, "on": day_of(self.request)}

    def consequences(self):
        return [
            _("The area of a recognised carrier changes with it: the change is written down and "
              "is to be reported within 3 months."),
        ]  # fmt: skip

    def costs(self, **values):
        return self.foreseen(values["day"], values)

    def act(self, *, act, day, spaces, reason):
        values = {"spaces": spaces, "on": day, "by": self.request.user, "reason": reason}
        if act == shapes.ReleaseForm.RELEASE:
            services.release_spaces(**values)
        else:
            services.change_purpose(purpose=act, **values)
        return self.back()
