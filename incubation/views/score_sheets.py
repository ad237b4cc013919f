"""Scoring sheets: those there are with their weights, and a new one made from an old one."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import ListView

from incubation import reviewer_forms as shapes
from incubation import services as incubation
from incubation.models import ReviewAssignment, ScoreSheet
from incubation.views.reviewers import PERMISSION
from parks.days import day_of
from parks.keys import as_key
from tenants.forms import ReasonForm
from tenants.views.base import ActView, add_refusal


class SheetList(PermissionRequiredMixin, ListView):
    permission_required = PERMISSION
    template_name = "incubation/sheet_list.html"

    def get_queryset(self):
        return ScoreSheet.objects.prefetch_related("criteria").order_by("-pk")

    def get_context_data(self, **kwargs):
        used = ReviewAssignment.objects.order_by().values("sheet").annotate(n=Count("pk"))
        uses = {row["sheet"]: row["n"] for row in used}
        context, on = super().get_context_data(**kwargs), day_of(self.request)
        rows = [(one, uses.get(one.pk, 0)) for one in context["object_list"]]
        in_use = [one for one, _n in rows if one.retired_on is None or on < one.retired_on]
        return context | {"rows": rows, "in_use": in_use, "default": in_use[0] if in_use else None}


class SheetNew(ActView):
    """``?from=``: the sheet whose criteria stand in the rows already."""

    permission_required = PERMISSION
    template_name = "incubation/sheet_new.html"
    title = gettext_lazy("New scoring sheet")
    button = gettext_lazy("Keep the sheet")
    done = gettext_lazy("The sheet is kept; new reviews go by it.")
    form_class = shapes.SheetForm

    @cached_property
    def pattern(self):
        key = as_key(self.request.GET.get("from"))
        rows = ScoreSheet.objects.prefetch_related("criteria")
        if key is not None:
            return get_object_or_404(rows, pk=key)
        return rows.filter(retired_on=None).order_by("-pk").first()

    @cached_property
    def lines(self):
        if self.request.method == "POST":
            return shapes.CriterionForms(self.request.POST, prefix="criteria")
        names = shapes.CriterionForm.Meta.fields
        criteria = self.pattern.criteria.all() if self.pattern else ()
        return shapes.CriterionForms(prefix="criteria", initial=[
            {name: getattr(one, name) for name in names} for one in criteria
        ])  # fmt: skip

    def get_initial(self):
        return {"pass_points": self.pattern.pass_points if self.pattern else 60}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, lines=self.lines)

    def consequences(self):
        return [
            _("Every carrier without a sheet of its own has new reviews scored by it; reviews asked "
              "for before keep theirs."),
            _("A sheet that is kept is not changed any more: make another one from it."),
        ]  # fmt: skip

    def back(self):
        return reverse("incubation:sheet-list")

    def form_valid(self, form):
        lines = self.lines
        if not lines.is_valid():
            return self.form_invalid(form)
        criteria = [one.cleaned_data for one in lines if one.cleaned_data]
        try:
            incubation.make_sheet(criteria=criteria, by=self.request.user, **form.cleaned_data)
        except ValidationError as refusal:
            add_refusal(form, refusal)
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return HttpResponseRedirect(self.back())


class SheetRetire(ActView):
    permission_required = PERMISSION
    title = gettext_lazy("Take a sheet out of use")
    done = gettext_lazy("The sheet is out of use.")
    form_class = ReasonForm
    danger = True

    @cached_property
    def row(self):
        return get_object_or_404(ScoreSheet, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, subject=self.row.label)

    def consequences(self):
        return [
            _("New reviews go by the newest sheet in use; reviews asked for before keep this one.")
        ]

    def back(self):
        return reverse("incubation:sheet-list")

    def act(self, *, reason):
        incubation.retire_sheet(sheet=self.row, on=self.today, by=self.request.user, reason=reason)
        return self.back()
