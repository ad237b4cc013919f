"""Moves: the plans, one plan, the form that writes one with its preview, and the search in it."""

from django import forms as django_forms
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from parks.days import day_of
from parks.keys import as_key, as_keys
from parks.models import Park, Unit
from parks.services.space import OUTLINES
from tenants import forms, move_forms
from tenants import services as letting
from tenants.models import Lease, MovePlan, Tenant
from tenants.selectors.moves import rows_of, rows_of_all
from tenants.views.base import ActView, RowsView, add_refusal
from tenants.views.find import pictures_by_building

#: Answers of the search while one types.
SUGGESTIONS = 12


class MoveList(RowsView):
    permission_required = "parks.view_park"
    template_name = "tenants/move_list.html"
    default_order = ("-effective_on", "-pk")

    def rows(self, on):
        plans = MovePlan.objects.visible_to(self.request.user).select_related("park")
        return plans.defer("park__boundary")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        plans = list(context["page_obj"])
        rows = rows_of_all(plans)
        return context | {"plans": [(plan, rows[plan.pk]) for plan in plans]}


def pictures(rows, day):
    """The floors touched before and after, as two lists."""
    left = {unit.pk for row in rows for unit in row.left}
    taken = {unit.pk for row in rows for unit in row.taken}
    floors = {unit.floor_id for row in rows for unit in (*row.left, *row.taken)}
    before = pictures_by_building(floors, day, dict.fromkeys(left, "left"))
    after = pictures_by_building(floors, day, dict.fromkeys(taken, "taken"))
    return [p for ps in before.values() for p in ps], [p for ps in after.values() for p in ps]


class MoveDetail(PermissionRequiredMixin, TemplateView):
    permission_required = "parks.view_park"
    template_name = "tenants/move_detail.html"

    def get_context_data(self, **kwargs):
        plans = MovePlan.objects.visible_to(self.request.user).select_related("park")
        plan = get_object_or_404(plans, pk=self.kwargs["pk"])
        rows = rows_of(plan)
        before, after = pictures(rows, plan.effective_on)
        cancellable = plan.cancelled_on is None and timezone.localdate() < plan.effective_on
        return super().get_context_data(
            **kwargs, plan=plan, park=plan.park, rows=rows, before=before, after=after,
            cancellable=cancellable,
        )  # fmt: skip


class MoveNew(PermissionRequiredMixin, View):
    """Write a plan: ``preview`` shows what it does, ``plan`` does it; nothing typed is lost."""

    permission_required = "tenants.sign_lease"

    def get(self, request):
        form = move_forms.PlanForm(user=request.user, initial=self.start())
        return self.answer(form, move_forms.steps(user=request.user, initial=self.first_steps()))

    def start(self):
        chosen = self.units().first()
        return {"park": chosen.floor.building.park_id} if chosen else {}

    def units(self):
        keys = as_keys(self.request.GET.getlist("unit"))
        units = Unit.objects.visible_to(self.request.user).filter(pk__in=keys)
        return units.with_place().defer(*OUTLINES)

    def first_steps(self):
        """A step for each unit of the address: its lease of the day moves, or somebody comes."""
        on, steps = day_of(self.request), []
        for unit in self.units()[:20]:
            lease = Lease.objects.visible_to(self.request.user).binding().filter(
                lines__unit=unit, lines__binding=True, lines__start__lte=on, lines__end__gt=on
            ).first()  # fmt: skip
            steps.append({"lease": lease.number} if lease else {"units": unit.number})
        return steps

    def post(self, request):
        form = move_forms.PlanForm(request.POST, user=request.user)
        steps = move_forms.steps(request.POST, user=request.user)
        park = form.cleaned_data["park"] if form.is_valid() else None
        for step in steps:
            step.park, step.day = park, form.cleaned_data.get("effective_on")
        if not (steps.is_valid() and park):
            return self.answer(form, steps)
        given = {
            "park": park, "effective_on": form.cleaned_data["effective_on"],
            "reason": form.cleaned_data["reason"], "on": timezone.localdate(), "by": request.user,
            "steps": [s.cleaned_data["step"] for s in steps if s.cleaned_data.get("step")],
        }  # fmt: skip
        try:
            if "plan" in request.POST:
                return redirect("tenants:move-detail", pk=letting.plan_moves(**given).pk)
            rows = letting.preview_moves(**given)
        except ValidationError as refusal:
            add_refusal(form, refusal)
            return self.answer(form, steps)
        before, after = pictures(rows, given["effective_on"])
        return self.answer(form, steps, rows=rows, before=before, after=after)

    def answer(self, form, steps, **context):
        return render(self.request, "tenants/move_form.html",
                      {"form": form, "steps": steps, **context})  # fmt: skip


class MovePick(PermissionRequiredMixin, View):
    """Suggestions while one types: running leases, tenants or units of the park."""

    permission_required = "tenants.sign_lease"

    def get(self, request):
        text = request.GET.get("q", "").strip().replace("\x00", "")
        on, user = day_of(request), request.user
        what, key = request.GET.get("what"), as_key(request.GET.get("park"))
        parks = Park.objects.visible_to(user)
        parks = parks if key is None else parks.filter(pk=key)
        found = []
        if what == "lease" and text:
            leases = Lease.objects.visible_to(user).binding().filter(park__in=parks.values("pk"))
            leases = leases.with_state(on).filter(ends_on__gt=on).select_related("tenant")
            of_tenant = Tenant.objects.matching(text).values("pk")
            leases = leases.filter(Q(number__icontains=text) | Q(tenant__in=of_tenant))
            found = [(one.number, one.tenant.name) for one in leases[:SUGGESTIONS]]
        elif what == "tenant" and text:
            tenants = Tenant.objects.visible_to(user).standing().matching(text)
            found = [(one.name, one.uscc or "") for one in tenants[:SUGGESTIONS]]
        elif what == "unit" and text:
            *_before, last = text.replace("，", ",").split(",")
            units = Unit.objects.visible_to(user).existing_on(on).matching(last.strip())
            units = units.filter(floor__building__park__in=parks.values("pk")).with_place()
            found = [(move_forms.place(one), f"{one.gross_area_m2} ㎡")
                     for one in units.defer(*OUTLINES)[:SUGGESTIONS]]  # fmt: skip
        return render(request, "tenants/_move_pick.html", {"found": found, "what": what})


class MoveCancel(ActView):
    permission_required = "tenants.sign_lease"
    title = gettext_lazy("Cancel the moves")
    done = gettext_lazy("The moves are cancelled; the leases they ended run on.")
    danger = True
    form_class = forms.ReasonForm

    @cached_property
    def plan(self):
        plans = MovePlan.objects.visible_to(self.request.user)
        return get_object_or_404(plans, pk=self.kwargs["pk"])

    def get_form(self, form_class=None) -> django_forms.Form:
        self.plan  # noqa: B018 - somebody else's plan is answered before anything is shown
        return super().get_form(form_class)

    def consequences(self):
        return [
            _("Every lease the plan ended runs on as before."),
            _("Every lease it began becomes void."),
        ]

    def back(self):
        return reverse("tenants:move-detail", args=[self.plan.pk])

    def act(self, *, reason):
        letting.cancel_moves(plan=self.plan, on=self.today, by=self.request.user, reason=reason)
        return self.back()
