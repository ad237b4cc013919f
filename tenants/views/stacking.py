"""The stacking plan of a park, and the panel of one of its units."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from parks.days import day_of
from parks.keys import as_key
from parks.models import Park
from tenants import stacking
from tenants.selectors import stacking_plan
from tenants.views.space import UnitPage

#: Coming changes listed below the plan; the rest is counted.
COMING_SHOWN = 200


class StackingHome(PermissionRequiredMixin, View):
    """To the plan of the first park one may see, on the same day."""

    permission_required = "parks.view_park"

    def get(self, request):
        park = Park.objects.visible_to(request.user).defer("boundary").first()
        if park is None:
            return HttpResponseRedirect(reverse("tenants:park-list"))
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return HttpResponseRedirect(reverse("tenants:stacking", args=[park.code]) + query)


class UnitStory(UnitPage):
    """The unit ``unit_pk`` of ``park`` as the panel tells it."""

    def __init__(self, request, park, unit_pk):
        self.request, self.park, self.kwargs = request, park, {"pk": unit_pk}

    def found_in_park(self):
        return self.unit.floor.building.park_id == self.park.pk


class StackingMixin(PermissionRequiredMixin):
    permission_required = "parks.view_park"

    def park(self):
        parks = Park.objects.visible_to(self.request.user).defer("boundary")
        return get_object_or_404(parks, code=self.kwargs["code"])

    def story(self, park, text) -> dict:
        """The panel of the unit whose key is ``text``; {} without one of this park."""
        if (key := as_key(text)) is None:
            return {}
        story = UnitStory(self.request, park, key)
        try:
            return story.story() if story.found_in_park() else {}
        except Http404:
            return {}


class StackingPlan(StackingMixin, TemplateView):
    template_name = "tenants/stacking.html"

    def get_context_data(self, **kwargs):
        query, on, park = self.request.GET, day_of(self.request), self.park()
        by = query.get("by", "")
        by = stacking.Colouring(by) if by in stacking.Colouring.values else stacking.Colouring.STATE
        buildings = list(park.buildings.defer("footprint").order_by("code"))
        building = next((b for b in buildings if str(b.pk) == query.get("building")), None)
        plan = stacking_plan(park, on, building=building)
        for cell in plan.cells:
            stacking.colour(cell, by, on)
        return super().get_context_data(
            **kwargs, park=park, plan=plan, by=by, colourings=stacking.Colouring,
            buildings=buildings, building=building,
            legend=stacking.legend(plan.cells, by, on), walt=stacking.walt(plan.cells, on),
            years=stacking.falling_vacant(plan.cells, on),
            coming=plan.coming[:COMING_SHOWN], more=max(len(plan.coming) - COMING_SHOWN, 0),
            story=self.story(park, query.get("unit", "")),
            query_on=f"?on={on}" if on != timezone.localdate() else "",
        )  # fmt: skip


class StackingPanel(StackingMixin, TemplateView):
    """The panel alone, for the plan that stands already."""

    template_name = "tenants/_stacking_panel.html"

    def get_context_data(self, **kwargs):
        story = self.story(self.park(), str(self.kwargs["pk"]))
        if not story:
            raise Http404
        return super().get_context_data(**kwargs, **story)
