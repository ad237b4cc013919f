"""Making space where there is none: a park, its buildings, floors in a row, units by pattern."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parks import services as space
from parks.geometry import Datum
from parks.models import Building, Floor, Park, Unit
from tenants import space_forms as forms
from tenants.views.base import ActView
from tenants.views.unit_acts import Correcting

#: What may get an outline, and the address of its page.
OUTLINED = {"parks": Park, "buildings": Building, "floors": Floor, "units": Unit}


def visible(queryset, request, **key):
    """The row of the address as the viewer may see it, else not found."""
    if key.get("pk", 0) >= 2**63:
        raise Http404
    return get_object_or_404(queryset.visible_to(request.user), **key)


class OfPark:
    @cached_property
    def park(self):
        return visible(Park.objects, self.request, code=self.kwargs["code"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, subject=self.park.name, park=self.park)

    def back(self):
        return reverse("tenants:park-detail", args=[self.kwargs["code"]])


class OfBuilding:
    @cached_property
    def building(self):
        buildings = Building.objects.select_related("park")
        return visible(buildings, self.request, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        building = self.building
        subject = f"{building.park.name} · {building.name}"
        return super().get_context_data(**kwargs, subject=subject, park=building.park)

    def back(self):
        return reverse("tenants:building-detail", args=[self.building.pk])


class OfFloor(OfBuilding):
    @cached_property
    def floor(self):
        floors = Floor.objects.select_related("building__park")
        return visible(floors, self.request, pk=self.kwargs["pk"])

    @property
    def building(self):
        return self.floor.building

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "subject": f"{self.building.park.name} · {self.building.name} · {self.floor.name}"
        }


class ParkNew(ActView):
    """The first thing there is; only the administrator makes parks."""

    permission_required = "parks.add_park"
    title = gettext_lazy("New park")
    done = gettext_lazy("The park is made. Say who runs it, then make its buildings.")
    form_class = forms.ParkNewForm

    def act(self, **fields):
        park = space.create_park(by=self.request.user, **fields)
        return reverse("tenants:park-detail", args=[park.code])

    def back(self):
        return reverse("tenants:park-list")


class ParkStaff(OfPark, ActView):
    """Who runs the park."""

    permission_required = "parks.add_park"
    title = gettext_lazy("Staff of the park")
    button = gettext_lazy("Save")
    done = gettext_lazy("The staff of the park is recorded.")
    form_class = forms.StaffForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"park": self.park}

    def act(self, *, staff, reason):
        space.set_staff(park=self.park, users=list(staff), by=self.request.user, reason=reason)
        return self.back()


class BuildingNew(OfPark, ActView):
    permission_required = "parks.change_unit"
    title = gettext_lazy("New building")
    done = gettext_lazy("The building is made.")
    form_class = forms.BuildingNewForm

    def act(self, *, floors, **fields):
        building = space.create_building(park=self.park, by=self.request.user, **fields)
        if floors:
            space.create_floors(building=building, ordinals=floors, by=self.request.user)
        return reverse("tenants:building-detail", args=[building.pk])


class FloorNew(OfBuilding, ActView):
    permission_required = "parks.change_unit"
    title = gettext_lazy("New floors")
    done = gettext_lazy("The floors are made.")
    form_class = forms.FloorsNewForm

    def act(self, *, floors, reason):
        space.create_floors(
            building=self.building, ordinals=floors, by=self.request.user, reason=reason
        )
        return self.back()


class FloorEdit(OfFloor, Correcting, ActView):
    """Name and storey of a floor."""

    form_class = forms.FloorForm

    @property
    def found(self):
        return self.floor


class UnitNew(OfFloor, ActView):
    """Units by pattern; the first press shows them, the second makes them."""

    permission_required = "parks.change_unit"
    template_name = "tenants/unit_new.html"
    title = gettext_lazy("New units")
    done = gettext_lazy("The units are made.")
    form_class = forms.UnitsNewForm
    preview = None

    def get_initial(self):
        return {"exists_from": self.today, "kind": self.building.use}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, preview=self.preview)

    def form_valid(self, form):
        if "make" in self.request.POST:
            return super().form_valid(form)
        values = form.cleaned_data
        there = Unit.objects.filter(floor=self.floor, number__in=values["numbers"], exists_to=None)
        self.preview = {
            "numbers": values["numbers"], "each": values["gross_area_m2"],
            "area": values["gross_area_m2"] * len(values["numbers"]),
            "taken": list(there.values_list("number", flat=True)),
        }  # fmt: skip
        return self.render_to_response(self.get_context_data(form=form))

    def act(self, *, numbers, exists_from, **fields):
        space.create_alike(
            floor=self.floor,
            numbers=numbers,
            exists_from=exists_from,
            by=self.request.user,
            **fields,
        )
        return self.back()


class OutlineSet(ActView):
    """The outline of one thing, pasted or handed in as GeoJSON."""

    permission_required = "parks.change_unit"
    template_name = "tenants/outline_set.html"
    title = gettext_lazy("Set the outline")
    done = gettext_lazy("The outline is set.")
    form_class = forms.OutlineForm

    @cached_property
    def found(self):
        model = OUTLINED.get(self.kwargs["kind"])
        if model is None:
            raise Http404
        return visible(model.objects, self.request, pk=self.kwargs["pk"])

    @property
    def place(self):
        """The building of what is outlined, None for a park."""
        found = self.found
        if isinstance(found, Unit):
            return found.floor.building
        return getattr(found, "building", found if isinstance(found, Building) else None)

    def get_initial(self):
        return {"datum": Datum.WGS84}

    def get_context_data(self, **kwargs):
        park = self.place.park if self.place else self.found
        words = [park.name, getattr(self.place, "name", ""), str(self.found)]
        return super().get_context_data(
            **kwargs, subject=" · ".join(dict.fromkeys(filter(None, words))), park=park
        )

    def consequences(self):
        return [_("It replaces the outline there is. Set by hand it is marked as indicative.")]

    def back(self):
        if isinstance(self.found, Unit):
            return reverse("tenants:unit-detail", args=[self.found.pk])
        if self.place:
            return reverse("tenants:building-detail", args=[self.place.pk])
        return reverse("tenants:park-detail", args=[self.found.code])

    def act(self, *, shape, datum, reason, **_form):
        space.set_outline(
            self.found, shape, datum=Datum(datum), by=self.request.user, reason=reason
        )
        return self.back()
