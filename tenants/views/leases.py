"""Leases and holds: lists, one lease, and the form that writes it down."""

from datetime import timedelta

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from parks.days import day_of
from parks.errors import SomeoneWasFaster
from parks.periods import Period
from tenants import forms, lease_forms
from tenants import services as letting
from tenants.filters import HoldFilter, LeaseFilter
from tenants.models import Hold, Lease, LeaseLine
from tenants.services import LineTerms
from tenants.services.availability import refuse_unless_free
from tenants.trail import trail_of
from tenants.views.base import ActView, RowsView, add_refusal, last_day, last_day_to_end
from tenants.views.lists import Column


class LeaseList(RowsView):
    permission_required = "parks.view_park"
    template_name = "tenants/lease_list.html"
    filter_class = LeaseFilter
    orders = ("number", "start", "ends_on", "tenant__name", "state", "signed_on")
    default_order = ("-start", "-pk")
    columns = (
        Column(gettext_lazy("number"), "number", order="number",
               link=lambda lease: reverse("tenants:lease-detail", args=[lease.pk])),
        Column(gettext_lazy("tenant"), "tenant__name", order="tenant__name", key=True),
        Column(gettext_lazy("park"), "park__name"),
        Column(gettext_lazy("kind"), "get_kind_display"),
        Column(gettext_lazy("state"), lambda lease: str(Lease.State(lease.state).label),
               name="state", order="state"),
        Column(gettext_lazy("signed on"), "signed_on", order="signed_on", shown=False),
        Column(gettext_lazy("start"), "start", order="start"),
        Column(gettext_lazy("last day"), last_day("ends_on"), name="ends_on", order="ends_on",
               key=True),
        Column(gettext_lazy("area (m²)"), "area", num=True),
    )  # fmt: skip

    def rows(self, on):
        leases = Lease.objects.visible_to(self.request.user).with_state(on).with_area()
        due = self.request.GET.get("due", "")
        if due.isdecimal() and len(due) < 5:
            leases = leases.filter(
                state=Lease.State.ACTIVE, ends_on__lte=on + timedelta(days=int(due))
            )
        return leases.select_related("park", "tenant").defer("park__boundary")


class LeaseDetail(PermissionRequiredMixin, TemplateView):
    """The lease's terms, lines, money, chain and acts; a startup sees its own."""

    permission_required = "tenants.view_lease"
    template_name = "tenants/lease_detail.html"

    def get_context_data(self, **kwargs):
        user, on = self.request.user, day_of(self.request)
        leases = Lease.objects.visible_to(user).with_state(on).with_area()
        lease = get_object_or_404(
            leases.select_related("park", "tenant", "previous"), pk=self.kwargs["pk"]
        )
        lines = lease.lines.select_related("unit__floor__building").prefetch_related("steps")
        return super().get_context_data(
            **kwargs, lease=lease, park=lease.park, lines=lines, rent_free=lease.rent_free.all(),
            following=Lease.objects.visible_to(user).filter(previous=lease),
            trail=trail_of(lease, user),
        )  # fmt: skip


class LeaseWrite(PermissionRequiredMixin, View):
    """The form of a lease: a new draft, or a draft written anew.

    ``version`` travels with the form: when somebody saved in between, nothing is overwritten and
    everything typed stays on the page.
    """

    permission_required = "tenants.draft_lease"

    def lease(self):
        if "pk" not in self.kwargs:
            return None
        leases = Lease.objects.visible_to(self.request.user).filter(signed_on__isnull=True)
        return get_object_or_404(leases, pk=self.kwargs["pk"])

    def get(self, request, **kwargs):
        lease = self.lease()
        form = lease_forms.LeaseForm(user=request.user, lease=lease)
        return self.answer(form, lease_forms.lines_formset(user=request.user, lease=lease,
                                                     unit=request.GET.get("unit", "")), lease)  # fmt: skip

    def post(self, request, **kwargs):
        lease = self.lease()
        form = lease_forms.LeaseForm(request.POST, user=request.user, lease=lease)
        lines = lease_forms.lines_formset(request.POST, user=request.user)
        if form.is_valid() and lines.is_valid():
            try:
                saved = self.save(lease, form.cleaned_data, lines)
            except ValidationError as refusal:
                add_refusal(form, refusal)
            else:
                return redirect("tenants:lease-detail", pk=saved.pk)
        return self.answer(form, lines, lease)

    def save(self, lease, values, lines):
        own_days = {} if lease is None else _own_days(lease)
        terms = [
            LineTerms(
                unit=row["unit"], rent=row["rent"], rent_unit=row["rent_unit"],
                area_m2=row["area_m2"], steps=row["steps"], **own_days.get(row["unit"].pk, {}),
            )
            for row in (form.cleaned_data for form in lines)
            if row and row.get("unit") and not row.get("DELETE")
        ]  # fmt: skip
        values = dict(values)
        version, reason = values.pop("version"), values.pop("reason")
        values["end"] = last_day_to_end(values.pop("last_day"))
        free = values.pop("rent_free")
        by = self.request.user
        if lease is None:
            return letting.draft_lease(lines=terms, rent_free=free, by=by, reason=reason, **values)
        if version != lease.version:
            raise SomeoneWasFaster
        values["number"] = values["number"] or lease.number
        return letting.redraft_lease(
            lease=lease, lines=terms, rent_free=free, by=by, reason=reason, **values
        )

    def answer(self, form, lines, lease):
        context = {"form": form, "lines": lines, "lease": lease}
        return render(self.request, "tenants/lease_form.html", context)


def _own_days(lease) -> dict:
    """Days of the lines that differ from the lease's: the form does not ask for them."""
    return {
        line.unit_id: {
            "start": line.start if line.start != lease.start else None,
            "end": line.end if line.end != lease.end else None,
        }
        for line in lease.lines.all()
    }


class LeaseConflicts(PermissionRequiredMixin, View):
    """The live check of the form: what already binds the chosen units on the chosen days."""

    permission_required = "tenants.draft_lease"

    def post(self, request):
        form = lease_forms.LeaseForm(request.POST, user=request.user, lease=None)
        lines = lease_forms.lines_formset(request.POST, user=request.user)
        lines.is_valid()
        form.is_valid()
        start, last = form.cleaned_data.get("start"), form.cleaned_data.get("last_day")
        chosen = [
            f.cleaned_data["unit"] for f in lines if getattr(f, "cleaned_data", {}).get("unit")
        ]
        clashes, refusal, amended = [], None, self.gives_way()
        if start and last and chosen and start <= last:
            clashes = (
                LeaseLine.objects.visible_to(request.user)
                .binding()
                .filter(unit__in=chosen, start__lte=last, end__gt=start)
                .select_related("lease__tenant", "unit")
                .exclude(lease__in=amended)
            )
            if not clashes and not amended:
                refusal = self.refusal(chosen, Period(start, last_day_to_end(last)), form)
        area = sum((unit.billable_area_m2 or unit.gross_area_m2 for unit in chosen), 0)
        context = {"clashes": clashes, "refusal": refusal, "area": area, "count": len(chosen)}
        return render(request, "tenants/_lease_conflicts.html", context)

    def gives_way(self) -> list:
        """The lease that an amendment under change (``?lease=``) ends on its first day."""
        key = self.request.GET.get("lease", "")
        if not key.isdecimal() or len(key) > 18:
            return []
        drafts = Lease.objects.visible_to(self.request.user).filter(kind=Lease.Kind.AMENDMENT)
        return list(drafts.filter(pk=key).values_list("previous", flat=True))

    def refusal(self, units, period, form):
        """What signing would say about closures, holds and days without the unit; None if fine."""
        wanted = [(unit, period) for unit in units]
        tenant = form.cleaned_data.get("tenant")
        try:
            refuse_unless_free(wanted, by=self.request.user, tenant=tenant)
        except ValidationError as refusal:
            return refusal.messages[0]
        return None


class HoldList(RowsView):
    permission_required = "parks.view_park"
    template_name = "tenants/hold_list.html"
    filter_class = HoldFilter
    orders = ("start", "end")
    default_order = ("-end", "-pk")

    @property
    def columns(self):
        return (
            Column(gettext_lazy("unit"), "unit__number",
                   link=lambda hold: reverse("tenants:unit-detail", args=[hold.unit_id])),
            Column(gettext_lazy("park"), "unit__floor__building__park__name"),
            Column(gettext_lazy("building"), "unit__floor__building__name"),
            Column(gettext_lazy("floor"), "unit__floor__name"),
            Column(gettext_lazy("held for"), lambda hold: str(hold.tenant or hold.applicant),
                   name="holder", key=True),
            Column(gettext_lazy("start"), "start", order="start"),
            Column(gettext_lazy("last day"), last_day("end"), name="end", order="end", key=True),
            Column(gettext_lazy("state"), self.standing, name="state"),
            Column(gettext_lazy("note"), "note", shown=False),
            Column(gettext_lazy("act"), self.release, name="release", exported=False,
                   link=lambda hold: self.release(hold)
                   and reverse("tenants:hold-release", args=[hold.pk])),
        )  # fmt: skip

    def standing(self, hold):
        if not hold.binding:
            return _("withdrawn")
        if hold.end <= self.on:
            return _("lapsed")
        return _("planned") if hold.start > self.on else _("standing")

    def release(self, hold):
        open_still = hold.binding and hold.end > timezone.localdate()
        may = self.request.user.has_perm("tenants.hold_unit")
        return _("Release") if open_still and may else ""

    def rows(self, on):
        holds = Hold.objects.visible_to(self.request.user)
        return holds.select_related("tenant", "unit__floor__building__park")


class ReleaseHold(ActView):
    permission_required = "tenants.hold_unit"
    title = gettext_lazy("Release")
    done = gettext_lazy("The hold is released.")
    form_class = forms.ReasonForm

    @cached_property
    def hold(self):
        return get_object_or_404(Hold.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def back(self):
        return reverse("tenants:unit-detail", args=[self.hold.unit_id])

    def act(self, *, reason):
        letting.release_hold(hold=self.hold, on=self.today, by=self.request.user, reason=reason)
        return self.back()


class MySpace(PermissionRequiredMixin, TemplateView):
    """A startup's own leases, all of them."""

    permission_required = "tenants.view_lease"
    template_name = "tenants/my_space.html"

    def get_context_data(self, **kwargs):
        on = day_of(self.request)
        leases = Lease.objects.visible_to(self.request.user).with_state(on).with_area()
        leases = leases.filter(tenant__in=self.request.user.tenants.all())
        return super().get_context_data(
            **kwargs, leases=leases.select_related("park", "tenant").defer("park__boundary")
        )
