"""Graduates year by year: who is missing, the form of a year, the sums, and consent."""

from fractions import Fraction

from django.db.models import BooleanField, DateField, Value
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incubation import services as incubation
from incubation.graduation_forms import ConsentForm, FollowUpFilter, FollowUpForm
from incubation.models import FollowUp, Residency
from incubation.rules.units import printed
from incubation.selectors.follow_ups import (
    SMALLEST_GROUP,
    cells_of,
    may_be_named,
    years_of_graduates,
)
from incubation.services.follow_ups import YEARS, due_on
from parks.templatetags.space import whole
from tenants.forms import ReasonForm
from tenants.views.base import ActView, RowsView
from tenants.views.lists import Column


def cells(row):
    if not hasattr(row, "_cells"):
        row._cells = cells_of(row, on=row.as_of)
    return row._cells


def year_text(year):
    def text(row):
        cell = cells(row)[year - 1]
        if cell.state == "coming":
            return _("from %(day)s") % {"day": cell.due_on}
        if cell.state == "missing":
            return _("missing")
        if cell.state == "gone":
            return "—"
        return in_words(cell.follow_up) if cell.shown else _("recorded")

    return text


def in_words(row) -> str:
    parts = [
        {True: _("exists"), False: _("no more"), None: _("not known")}[row.in_existence],
        row.get_place_display(),
        "" if row.jobs is None else _("%(n)s jobs") % {"n": whole(row.jobs)},
        "" if row.revenue is None else printed(Fraction(row.revenue), "yuan"),
    ]
    return " · ".join(str(part) for part in parts if part)


def year_link(year):
    def link(row):
        cell = cells(row)[year - 1]
        if not row.may or cell.state in ("coming", "gone"):
            return ""
        return reverse("incubation:follow-up", args=[row.pk, year])

    return link


class FollowUpList(RowsView):
    """Graduates by the day; their five years; the sums over what the filter finds."""

    permission_required = "incubation.view_chain"
    template_name = "incubation/follow_up_list.html"
    filter_class = FollowUpFilter
    orders = ("left_on", "tenant__name", "carrier__name")
    default_order = ("-left_on", "pk")
    columns = (
        Column(gettext_lazy("tenant"), "tenant__name", "tenant", order="tenant__name",
               link=lambda row: reverse("tenants:tenant-detail", args=[row.tenant_id])),
        Column(gettext_lazy("graduated on"), "left_on", "left_on", order="left_on", key=True, num=True),
        Column(gettext_lazy("went to"), "get_destination_display", "destination"),
        Column(gettext_lazy("carrier"), "carrier__name", "carrier", order="carrier__name"),
        Column(gettext_lazy("consent"),
               lambda row: row.consent_on or _("sums only"), "consent", num=True,
               link=lambda row: row.may and reverse("incubation:consent", args=[row.pk])),
        *(Column(format_lazy(gettext_lazy("year {n}"), n=n), year_text(n), f"year-{n}",
                 link=year_link(n), key=n == 1) for n in YEARS),
    )  # fmt: skip

    def rows(self, on):
        rows = Residency.objects.visible_to(self.request.user).graduated_by(on)
        may = self.request.user.has_perm("incubation.change_residency")
        rows = rows.annotate(as_of=Value(on, DateField()), may=Value(may, BooleanField()))
        rows = rows.select_related("tenant", "carrier__park").defer("carrier__park__boundary")
        return rows.prefetch_related("follow_ups")

    def get_context_data(self, **kwargs):
        years = years_of_graduates(self.object_list.prefetch_related(None), on=self.on)
        return super().get_context_data(
            **kwargs, years=years, smallest=SMALLEST_GROUP,
            unnamed=self.object_list.filter(consent_on=None).count(),
        )  # fmt: skip


class OfResidency(ActView):
    permission_required = "incubation.change_residency"

    @cached_property
    def residency(self):
        rows = Residency.objects.visible_to(self.request.user)
        rows = rows.select_related("tenant", "carrier__park")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        residency = self.residency
        subject = f"{residency.tenant.name} · {residency.carrier.name}"
        return super().get_context_data(**kwargs, subject=subject, park=residency.carrier.park)


class FollowUpYear(OfResidency):
    """Record a graduate's year, or correct it; figures of a firm without consent stay hidden."""

    form_class = FollowUpForm
    done = gettext_lazy("Recorded.")

    @cached_property
    def follow_up(self):
        return FollowUp.objects.filter(residency=self.residency, year=self.year).first()

    @cached_property
    def residency(self):
        rows = Residency.objects.visible_to(self.request.user).graduated_by(self.today)
        return get_object_or_404(
            rows.select_related("tenant", "carrier__park"), pk=self.kwargs["pk"]
        )

    @property
    def year(self):
        return self.kwargs["year"]

    @property
    def title(self):
        words = {"n": self.year, "day": due_on(self.residency, self.year)}
        return _("%(n)s years after graduation (%(day)s)") % words

    button = gettext_lazy("Record")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"today": self.today}

    def get_initial(self):
        row = self.follow_up
        if row is None or not may_be_named(self.residency):
            return {"recorded_on": self.today}
        names = ("recorded_on", "in_existence", "place", "jobs", "revenue", "source")
        return {name: getattr(row, name) for name in names}

    def consequences(self):
        told = []
        if self.follow_up is not None:
            told.append(_("This year is recorded on %(day)s; what you write replaces it.") % {
                "day": self.follow_up.recorded_on})  # fmt: skip
        if not may_be_named(self.residency):
            told.append(
                _("The firm has not agreed to being reported on by itself: its figures go into "
                  "sums of three or more and are not shown again, here neither.")
            )  # fmt: skip
        return told

    def act(self, *, reason, **values):
        if self.follow_up is None:
            incubation.record_follow_up(
                residency=self.residency, year=self.year, by=self.request.user, **values
            )
        else:
            incubation.correct_follow_up(
                follow_up=self.follow_up, by=self.request.user, reason=reason, **values
            )
        return self.back()

    def back(self):
        return reverse("incubation:follow-up-list")


class Consent(OfResidency):
    """Record the firm's consent to being reported on, or its withdrawal."""

    @property
    def title(self):
        return (
            _("Withdraw the consent") if may_be_named(self.residency) else _("Record the consent")
        )

    @property
    def form_class(self):
        return ReasonForm if may_be_named(self.residency) else ConsentForm

    def get_initial(self):
        return {"day": self.today}

    def consequences(self):
        if may_be_named(self.residency):
            return [
                _("Given on %(day)s. From now on the firm's figures are told in sums of three or "
                  "more only, those of earlier years too.") % {"day": self.residency.consent_on}
            ]  # fmt: skip
        return [_("The firm's figures after graduation may be told by its name.")]

    def act(self, *, reason, day=None):
        incubation.set_consent(
            residency=self.residency, given_on=day, on=self.today, by=self.request.user,
            reason=reason,
        )  # fmt: skip
        return self.back()

    def back(self):
        return reverse("incubation:follow-up-list")
