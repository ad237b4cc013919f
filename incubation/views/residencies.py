"""Residencies: the list, those that are due, and one with its way."""

from datetime import timedelta

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from incubation.choices import found_carriers
from incubation.models import Residency, Stage
from incubation.residency_filters import DueFilter, ResidencyFilter
from incubation.selectors.residencies import ResidencyState, days_left, left_by, listed, time_left
from incubation.stay import STAYS, months_of
from incubation.tasks import FIRST, LAST, SECOND
from incubation.ways import way_of
from parks.days import day_of
from tenants.trail import trail_of
from tenants.views.base import RowsView
from tenants.views.lists import Column


class _Residencies(RowsView):
    permission_required = "incubation.view_chain"
    filter_class = ResidencyFilter
    orders = ("tenant__name", "carrier__name", "entered_on", "due", "left_on", "state")
    default_order = ("-entered_on", "-pk")

    @property
    def columns(self):
        return (
            Column(gettext_lazy("tenant"), "tenant__name", order="tenant__name",
                   link=lambda row: reverse("incubation:residency-detail", args=[row.pk])),
            Column(gettext_lazy("carrier"), "carrier__name", order="carrier__name", key=True),
            Column(gettext_lazy("park"), "carrier__park__name", shown=False),
            Column(gettext_lazy("stage"), "carrier__get_stage_display"),
            Column(gettext_lazy("agreement"), "agreement_number", shown=False),
            Column(gettext_lazy("entered on"), "entered_on", order="entered_on"),
            Column(gettext_lazy("due on"), "due", order="due", key=True),
            Column(gettext_lazy("days left"), lambda row: days_left(row, self.on),
                   name="days_left", num=True),
            Column(gettext_lazy("extended (times)"), "extended", num=True, shown=False),
            Column(gettext_lazy("state"), lambda row: str(ResidencyState(row.state).label),
                   name="state", order="state"),
            Column(gettext_lazy("left on"), self.if_left("left_on"), name="left_on",
                   order="left_on"),
            Column(gettext_lazy("outcome"), self.if_left("get_outcome_display"), name="outcome"),
            Column(gettext_lazy("went to"), self.if_left("get_destination_display"),
                   name="destination", shown=False),
            Column(gettext_lazy("special field"), "get_special_field_display", shown=False),
            Column(gettext_lazy("chain"), "tenant__get_chain_display", shown=False),
            Column(gettext_lazy("field"), "tenant__field", shown=False),
            Column(gettext_lazy("reason for the exemption"), "exemption_reason", shown=False),
            Column(gettext_lazy("consent to follow-up"), "consent_on", shown=False),
        )  # fmt: skip

    def if_left(self, name):
        """On an earlier day nobody knew yet how a residency would end."""

        def value(row):
            if not left_by(row, self.on):
                return None
            found = getattr(row, name)
            return str(found()) if callable(found) else found

        return value

    def rows(self, on):
        return listed(self.request.user, on)


class ResidencyList(_Residencies):
    template_name = "incubation/residency_list.html"


class DueList(_Residencies):
    """Who stays over and who is due within 240 days, in groups, the most urgent first."""

    template_name = "incubation/residency_due.html"
    filter_class = DueFilter
    default_order = ("due", "pk")
    paginate_by = None
    choosable = False

    def rows(self, on):
        return super().rows(on).open_on(on).filter(due__lte=on + timedelta(days=FIRST))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        groups = [
            ("over", _("Over-stay"), None, 0),
            ("last", _("Due within %(days)s days") % {"days": LAST}, 0, LAST),
            ("second", _("Due within %(days)s days") % {"days": SECOND}, LAST, SECOND),
            ("first", _("Due within %(days)s days") % {"days": FIRST}, SECOND, FIRST),
        ]
        rows = list(context["object_list"])
        for row in rows:
            row.days = (row.due - self.on).days
        found = []
        for key, title, after, upto in groups:
            inside = [r for r in rows if (after is None or r.days > after) and r.days <= upto]
            found.append({"key": key, "title": title, "rows": inside, "count": len(inside)})
        return context | {"groups": found, "total": len(rows)}


class ResidencyDetail(PermissionRequiredMixin, TemplateView):
    """The facts of one residency, its extensions and the tenant's whole way; a startup's own too."""

    permission_required = "incubation.view_residency"
    template_name = "incubation/residency_detail.html"

    def get_context_data(self, **kwargs):
        user, on = self.request.user, day_of(self.request)
        rows = listed(user, on).select_related(
            "tenant", "carrier__park", "previous__carrier", "exempted_by"
        )
        residency = get_object_or_404(rows, pk=self.kwargs["pk"])
        stay = STAYS[Stage(residency.carrier.stage)]
        return super().get_context_data(
            **kwargs, residency=residency, park=residency.carrier.park,
            days=days_left(residency, on), left=time_left(residency, on), gone=left_by(residency, on), stay=stay,
            months=months_of(residency.carrier.stage, residency.special_field),
            extensions=residency.extensions.filter(decided_on__lte=on),
            following=Residency.objects.visible_to(user).filter(previous=residency)
            .select_related("carrier").first(),
            kept=residency.previous is not None
            and residency.previous.outcome == Residency.Outcome.TRANSFERRED,
            advance=residency.carrier.stage != Stage.ACCELERATOR,
            way=way_of(residency.tenant, user, on), trail=trail_of(residency, user),
        )  # fmt: skip


class CarrierSearch(PermissionRequiredMixin, View):
    """Suggestions of carriers for what was typed, of one ``?stage=`` where it is named."""

    permission_required = "incubation.view_chain"

    def get(self, request):
        typed, stage = request.GET.get("typed", "")[:200], request.GET.get("stage", "")[:20]
        found = found_carriers(request.user, typed, stage)
        none = _("Nothing found; type something else.")
        return JsonResponse(
            {"found": found, "none": none}, json_dumps_params={"ensure_ascii": False}
        )
