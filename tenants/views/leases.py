"""Leases and holds: lists, one lease, and the form that writes it down."""

from datetime import timedelta

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from parks.days import day_of
from tenants import forms, rent
from tenants import services as letting
from tenants.filters import HoldFilter, LeaseFilter
from tenants.models import Hold, Lease
from tenants.selectors import with_terms
from tenants.trail import opinions_on, trail_of
from tenants.views.base import ActView, RowsView, last_day
from tenants.views.lists import Column
from tenants.views.move_out import move_out_steps


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
        leases = with_terms(Lease.objects.visible_to(user).with_state(on).with_area())
        lease = get_object_or_404(
            leases.select_related("park", "tenant", "previous"), pk=self.kwargs["pk"]
        )
        years = rent.by_year(rent.schedule(lease)) if user.has_perm("tenants.view_money") else []
        return super().get_context_data(
            **kwargs, lease=lease, park=lease.park, lines=lease.lines.all(),
            rent_free=lease.rent_free.all(), years=years,
            rent_total=sum((one.rent for one in years), 0),
            fee_total=sum((one.fee for one in years), 0),
            documents=lease.documents.kept().select_related("by"),
            steps=move_out_steps(lease, user),
            opinions=opinions_on(lease),
            following=Lease.objects.visible_to(user).filter(previous=lease),
            trail=trail_of(lease, user),
        )  # fmt: skip


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
            **kwargs,
            own=True,
            leases=leases.select_related("park", "tenant").defer("park__boundary"),
        )
