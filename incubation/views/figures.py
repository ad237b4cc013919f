"""Yearly figures: handed in by the firm, seen, confirmed and missed by its park."""

from collections import Counter

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import View
from django.views.generic import TemplateView

from incubation.figure_filters import FigureOwedFilter
from incubation.selectors.figures import (
    FigureState,
    owing,
    own_figures,
    with_numbers,
    year_owed,
)
from parks.days import day_of
from parks.keys import as_key, as_keys
from tenants import services as letting
from tenants.fact_forms import HandInForm
from tenants.models import YearFigure
from tenants.selectors.facts import NUMBERS, jumps, numbers_sealed, remarks, year_table
from tenants.views.base import ActView, RowsView
from tenants.views.facts import Proven
from tenants.views.lists import Column

#: So many fit one page and one transaction.
MOST = 200
FIRST_YEAR = 1990


class MyFigures(PermissionRequiredMixin, TemplateView):
    """What one's firms are to hand in, until when, and what they handed in before."""

    permission_required = "tenants.hand_in_figures"
    template_name = "incubation/my_figures.html"

    def get_context_data(self, **kwargs):
        on = day_of(self.request)
        return super().get_context_data(
            **kwargs, rows=own_figures(self.request.user, on), year=year_owed(on)
        )


class HandIn(Proven, ActView):
    permission_required = "tenants.hand_in_figures"
    button = _("Hand in")
    done = _("Handed in. The figures count once your park has confirmed them.")
    form_class = HandInForm

    @cached_property
    def tenant(self):
        return get_object_or_404(self.request.user.tenants.standing(), pk=self.kwargs["pk"])

    @cached_property
    def year(self):
        year = self.kwargs["year"]
        if not FIRST_YEAR <= year < self.today.year:
            raise Http404
        return year

    @cached_property
    def known(self) -> dict[int, YearFigure]:
        """By year the figures of this year and the one before, as far as there are any."""
        rows = YearFigure.objects.filter(tenant=self.tenant, year__in=[self.year - 1, self.year])
        return {row.year: row for row in rows}

    @property
    def title(self):
        return _("Figures of %(year)s") % {"year": self.year}

    def get_form_kwargs(self):
        found = self.known.get(self.year)
        kwargs = {"before": self.known.get(self.year - 1)}
        return super().get_form_kwargs() | kwargs | ({"instance": found} if found else {})

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs, subject=self.tenant.name, costs_title=_("Is this right?")
        )

    def consequences(self):
        found = self.known.get(self.year)
        lines = [
            _("They count once your park has confirmed them; until then you may correct them.")
        ]
        if found and found.asked_again:
            lines.insert(0, _("Your park asks: %(what)s") % {"what": found.asked_again})
        if found and found.confirmed_on:
            lines.insert(0, _("These figures are confirmed. Ask your park to correct them."))
        return lines

    def costs(self, *, file=None, **values):
        """What looks wrong, shown once before it is handed in; nothing is refused for it."""
        said = {field.name: values.get(field.name) for field in NUMBERS}
        figure = YearFigure(tenant=self.tenant, year=self.year, **said)
        odd = [*remarks(figure), *jumps(figure, self.known.get(self.year - 1))]
        if odd and file:
            odd.append(_("Choose the proof again: a file is not kept from one try to the next."))
        return odd

    def keep(self, **values):
        letting.hand_in_figures(
            tenant=self.tenant, year=self.year, by=self.request.user, on=self.today, **values
        )

    def back(self):
        return reverse("incubation:my-figures")


def year_of(asked, on) -> int:
    """The year that ``asked`` names, else the last one that is over."""
    year, last = as_key(asked.get("year")), year_owed(on)
    return year if year is not None and FIRST_YEAR <= year <= last else last


class FigureList(RowsView):
    """Who owes the figures of a year (``?year=``, else the last one over) and where they stand."""

    permission_required = "incubation.view_chain"
    template_name = "incubation/figure_list.html"
    filter_class = FigureOwedFilter
    orders = ("tenant__name", "figure_state", "figures_due", "handed_in_on", "revenue", "staff")
    default_order = ("-figure_state", "figures_due", "tenant__name", "pk")
    columns = (
        Column(_("tenant"), "tenant__name", order="tenant__name",
               link=lambda row: f"/tenants/{row.tenant_id}/#figures"),
        Column(_("state"), lambda row: FigureState(row.figure_state).label, "figure_state",
               order="figure_state", key=True),
        Column(_("last day"), "figures_due", order="figures_due", key=True),
        Column(_("handed in on"), "handed_in_on", order="handed_in_on"),
        Column(_("revenue (yuan)"), "revenue", order="revenue", num=True),
        Column(_("revenue of the year before"), "revenue_before", num=True),
        Column(_("R&D spending (yuan)"), "rd_spending", num=True, shown=False),
        Column(_("people"), "staff", order="staff", num=True),
        Column(_("correction asked for"), "asked_again", shown=False),
        Column(_("carrier"), "carrier__name"),
        Column(_("park"), "carrier__park__name", shown=False),
    )  # fmt: skip

    @cached_property
    def year(self):
        return year_of(self.request.GET, day_of(self.request))

    def rows(self, on):
        rows = with_numbers(owing(self.request.user, self.year), self.year)
        return rows.select_related("tenant", "carrier__park").defer("carrier__park__boundary")

    def get_context_data(self, **kwargs):
        rows = owing(self.request.user, self.year).order_by()
        counts = Counter(rows.values_list("figure_state", flat=True))
        tiles = [(state, state.label, counts[state.value]) for state in FigureState]
        return super().get_context_data(**kwargs, year=self.year, tiles=tiles)


class FiguresConfirm(PermissionRequiredMixin, View):
    """``?residency=1&residency=2&year=2025``: what they handed in; POST confirms what was shown.

    Without a residency: all that wait, up to ``MOST``.
    """

    permission_required = "tenants.change_tenant"

    def get(self, request):
        return self.answer(request.GET)

    def post(self, request):
        seen = dict(pair.split("-", 1) for pair in request.POST.getlist("figure") if "-" in pair)
        seen = {key: mark for text, mark in seen.items() if (key := as_key(text)) is not None}
        mine = YearFigure.objects.visible_to(request.user).filter(pk__in=seen)
        seen = {key: seen[key] for key in mine.values_list("pk", flat=True)}
        try:
            done = letting.confirm_figures(seen=seen, by=request.user, on=timezone.localdate())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return self.answer(request.POST)
        told = ngettext(
            "%(n)s firm's figures confirmed.", "%(n)s firms' figures confirmed.", len(done)
        )
        messages.success(request, told % {"n": len(done)})
        year = year_of(request.POST, timezone.localdate())
        return redirect(f"{reverse('incubation:figure-list')}?year={year}")

    def answer(self, asked):
        keys = as_keys(asked.getlist("residency"))
        year = year_of(asked, timezone.localdate())
        asked_of = {"pk__in": keys[:MOST]} if keys else {"figure_state": FigureState.HANDED}
        chosen = owing(self.request.user, year).filter(**asked_of).order_by("tenant__name", "pk")
        tenants = list(chosen.values_list("tenant", flat=True)[:MOST])
        rows = YearFigure.objects.visible_to(self.request.user).filter(tenant__in=tenants)
        rows = rows.filter(year__in=[year - 1, year]).select_related("tenant", "document")
        rows = {(row.tenant_id, row.year): row for row in rows}
        shown = []
        for (tenant, of_year), figure in sorted(rows.items(), key=lambda pair: pair[1].tenant.name):
            if of_year == year and figure.confirmed_on is None:
                before = rows.get((tenant, year - 1))
                shown.append({
                    "figure": figure, "mark": numbers_sealed(figure),
                    "table": year_table([one for one in (before, figure) if one])[1],
                    "before": before, "odd": [*remarks(figure), *jumps(figure, before)],
                })  # fmt: skip
        return render(self.request, "incubation/figures_confirm.html", {
            "shown": shown, "year": year, "others": len(tenants) - len(shown),
            "residencies": keys[:MOST],
        })  # fmt: skip
