"""The rules: what is in force, what every version says, and the next version."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from incubation.models import RuleSet
from incubation.rule_forms import HeadForm, body_of, empty_row, nodes_form, rows_of, typed_rows
from incubation.rules import METRICS, Criterion, RuleFileError, compare
from incubation.rules.explain import requirement
from incubation.rules.units import LABELS
from incubation.selectors.rule_sets import (
    current_versions,
    differences,
    metric_label,
    users_of_metrics,
)
from incubation.services import new_version
from parks.days import day_of
from tenants.views.base import add_refusal


class RulesView(PermissionRequiredMixin, TemplateView):
    permission_required = "incubation.view_chain"


class RuleList(RulesView):
    template_name = "incubation/rule_list.html"

    def get_context_data(self, **kwargs):
        versions = current_versions(day_of(self.request))
        for version in versions:
            criteria = version.rules.criteria()
            version.count = len(criteria)
            version.open = sum(not criterion.verified for criterion in criteria)
        return super().get_context_data(**kwargs, versions=versions)


class MetricList(RulesView):
    template_name = "incubation/metric_list.html"

    def get_context_data(self, **kwargs):
        users = users_of_metrics(current_versions(day_of(self.request)))
        metrics = [
            {"metric": metric, "unit": LABELS[metric.unit], "users": users.get(metric.code, [])}
            for metric in METRICS.values()
        ]
        halves = [
            (_("Facts about carriers"), [m for m in metrics if m["metric"].subject == "carrier"]),
            (_("Facts about firms"), [m for m in metrics if m["metric"].subject == "firm"]),
        ]
        return super().get_context_data(**kwargs, halves=halves)


class RuleDetail(RulesView):
    """One version (``?version=``, else the one of the day), beside another (``?compare=``)."""

    template_name = "incubation/rule_detail.html"

    def get_context_data(self, code, **kwargs):
        versions = list(
            RuleSet.objects.filter(code=code).select_related("made_by").order_by("-version")
        )
        if not versions:
            raise Http404
        on = day_of(self.request)
        shown = self._asked("version", versions) or next(
            (v for v in versions if v.effective_from <= on), versions[-1]
        )
        other = self._asked("compare", versions)
        context = {"rule_set": shown, "versions": versions, "lines": lines(shown), "other": other}
        if other:
            older, newer = sorted([shown, other], key=lambda version: version.version)
            context |= {
                "older": older, "newer": newer,
                "differences": differences(compare(older.rules, newer.rules)),
            }  # fmt: skip
        return super().get_context_data(**kwargs, **context)

    def _asked(self, name, versions):
        number = self.request.GET.get(name)
        if not number:
            return None
        for version in versions:
            if str(version.version) == number:
                return version
        raise Http404


def lines(rule_set):
    """The criteria and groups of a version in order, with their depth, for a table."""
    rows = []
    for node, above in rule_set.rules.walk():
        line = {"node": node, "depth": len(above), "group": not isinstance(node, Criterion)}
        if not line["group"]:
            line |= {"metric": metric_label(node.metric), "line": requirement(node)}
        rows.append(line)
    return rows


class RuleEdit(PermissionRequiredMixin, View):
    """The next version of a rule set, starting from its last."""

    permission_required = "incubation.change_rules"

    def get(self, request, code):
        last = RuleSet.objects.filter(code=code).order_by("-version").first()
        if last is None:
            raise Http404
        return self.show(last, HeadForm.of(last), nodes_form(last, rows=rows_of(last.rules)))

    def post(self, request, code):
        base = get_object_or_404(RuleSet, code=code, version=based_on(request.POST))
        if kind := request.POST.get("add"):
            rows = typed_rows(request.POST)
            nodes = nodes_form(base, rows=[*rows, empty_row(rows, kind)])
            return self.show(base, HeadForm(initial=request.POST.dict()), nodes, added=True)
        head, nodes = HeadForm(request.POST), nodes_form(base, data=request.POST)
        if head.is_valid() & nodes.is_valid():
            try:
                made = new_version(
                    rule_set=base, body=body_of(base, head, nodes), by=request.user,
                    reason=head.cleaned_data["reason"], at=timezone.now(),
                )  # fmt: skip
            except RuleFileError as error:
                head.add_error(None, error.faults)
            except ValidationError as refusal:
                add_refusal(head, refusal)
            else:
                messages.success(request, _("The new version is kept."))
                address = reverse("incubation:rule-detail", args=[made.code])
                return redirect(f"{address}?version={made.version}&compare={base.version}")
        return self.show(base, head, nodes)

    def show(self, rule_set, head, nodes, **more):
        context = {"rule_set": rule_set, "form": head, "nodes": nodes} | more
        return render(self.request, "incubation/rule_form.html", context)


def based_on(data):
    number = data.get("based_on", "")
    if not number.isdecimal() or len(number) > 4:
        raise Http404
    return int(number)
