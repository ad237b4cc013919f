"""``/vacancies/units/<id>/``: one vacant unit, or several that adjoin, for everybody."""

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from incubation.fitting import taken_of
from incubation.selectors.calls import taking_of
from incubation.selectors.carriers import carriers_of
from incubation.services.writing import MOST_UNITS
from maps.joining import Joined, neighbours_of, with_home
from parks.connected import components
from parks.days import day_of
from parks.keys import as_keys
from parks.models import Unit
from tenants.selectors import vacancies
from tenants.selectors.asking import with_asking_rent
from tenants.views.find import draw


class VacantUnit(TemplateView):
    """``?with=2&with=3``: vacant units of the same floor that are wanted together with it.

    A fixed number of queries. Of units that are not free it shows the outline and nothing else.
    """

    template_name = "maps/vacant_unit.html"

    @cached_property
    def free(self):
        """What is vacant on the floor, in the order of the numbers."""
        free = with_home(with_asking_rent(vacancies(self.on), self.on), self.on)
        here = Unit.objects.filter(pk=self.kwargs["pk"])
        units = free.filter(floor__in=here.values("floor")).with_number_on(self.on).with_place()
        return list(units.defer("floor__building__park__boundary").order_by("number", "pk"))

    @cached_property
    def asked(self) -> list:
        """The keys of the units wanted, that of the address first."""
        return as_keys([self.kwargs["pk"], *self.request.GET.getlist("with")])[:MOST_UNITS]

    @cached_property
    def chosen(self) -> set[int]:
        """The places in ``free`` of the units wanted, as far as they adjoin that of the address."""
        wanted = {i for i, unit in enumerate(self.free) if unit.pk in self.asked}
        parts = components(wanted, self.near)
        return next(p for p in parts if self.kwargs["pk"] in {self.free[i].pk for i in p})

    def get_context_data(self, **kwargs):
        self.on = day_of(self.request)
        if self.kwargs["pk"] >= 2**63 or self.kwargs["pk"] not in {one.pk for one in self.free}:
            raise Http404(_("The unit is not vacant on this day."))
        self.near = neighbours_of(self.free)
        units = [self.free[i] for i in sorted(self.chosen)]
        keys = sorted((unit.pk for unit in units), key=self.asked.index)
        more = self.more(keys)
        unit, taken = units[0], taken_of(units, self.on).values()
        ends = [start for periods in taken for start, _end in periods]
        ends += [one.exists_to for one in units if one.exists_to]
        carrier = carriers_of([unit.pk], self.on).get(unit.pk)
        park = unit.floor.building.park
        return super().get_context_data(
            **kwargs, on=self.on, units=units, whole=Joined(tuple(units)), unit=unit,
            gone=len(self.asked) - len(units), carrier=carrier,
            taking=carrier and taking_of([carrier], self.on)[carrier.pk],
            more=more, fewer=self.fewer(keys), free_until=min(ends, default=None),
            picture=self.picture(keys, more), apply=f"/apply/?{self.query('unit', keys)}",
            back=f"{reverse('maps:vacancies')}?{urlencode({'on': self.on, 'park': park.code})}",
        )  # fmt: skip

    def more(self, keys) -> list:
        """``(unit, address)``: what adjoins the chosen, and the page of all of them."""
        if len(keys) == MOST_UNITS:
            return []
        found = set().union(*(self.near[i] for i in self.chosen)) - self.chosen
        units = [self.free[i] for i in sorted(found)]
        return [(unit, self.address([*keys, unit.pk])) for unit in units]

    def fewer(self, keys) -> list:
        """``(unit, address)``: what can be left out so that the others still adjoin."""
        found = []
        for i in sorted(self.chosen) if len(keys) > 1 else ():
            if len(list(components(self.chosen - {i}, self.near))) == 1:
                left = [key for key in keys if key != self.free[i].pk]
                found.append((self.free[i], self.address(left)))
        return found

    def picture(self, keys, more) -> dict:
        there = Unit.objects.filter(floor=self.free[0].floor_id).existing_on(self.on)
        there = there.with_number_on(self.on).select_related("floor__building")
        addresses = {unit.pk: self.address([unit.pk]) for unit in self.free}
        addresses |= {unit.pk: address for unit, address in more}
        marks = {unit.pk: "free" for unit in self.free}
        marks |= {unit.pk: "near" for unit, _address in more} | dict.fromkeys(keys, "chosen")
        drawn = draw(self.free[0].floor, list(there), marks)
        return {
            "height": drawn.height,
            "shapes": [(shape, addresses.get(shape.unit.pk, "")) for shape in drawn.shapes],
            "indicative": any(one.unit.geometry_source != "surveyed" for one in drawn.shapes),
        }

    def address(self, keys) -> str:
        tail = self.query("with", keys[1:])
        return reverse("maps:vacant-unit", args=keys[:1]) + (f"?{tail}" if tail else "")

    def query(self, name, keys) -> str:
        query = QueryDict(mutable=True)
        query.setlist(name, keys)
        if "on" in self.request.GET:
            query["on"] = self.on.isoformat()
        return query.urlencode()
