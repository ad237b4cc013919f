"""Readiness of carriers: how far each is from the rule set it is held against."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from incubation.drawing import course_chart
from incubation.models import Carrier, Level, Stage
from incubation.selectors.readiness import (
    MONTHS,
    called,
    carrier_rule_sets,
    chosen_for,
    fitting,
    next_above,
    reports,
    standings,
)
from parks.days import day_of
from parks.models import Park
from tenants.views.base import export


class _OfReadiness(PermissionRequiredMixin, TemplateView):
    permission_required = "incubation.view_chain"

    @cached_property
    def on(self):
        return day_of(self.request)

    @cached_property
    def rule_sets(self):
        return carrier_rule_sets(self.on)

    @cached_property
    def versions(self):
        """Every version, of other days too: a carrier is judged under any."""
        return carrier_rule_sets()

    def asked_rule_set(self, among, versions):
        """The rule set of ``?rule_set=`` and a complaint where there is none called so."""
        code = self.request.GET.get("rule_set", "")
        found = called(code, among, versions)
        complaint = ""
        if code and found is None:
            complaint = _(
                "No rule set “%(code)s” judges this on %(day)s. Choose one of the list."
            ) % {"code": code[:60], "day": self.on}  # fmt: skip
        return found, complaint


def options(in_force, versions, shown):
    """``(value, label, selected)`` of those in force and, told apart by version, of all others."""
    found = [(one.code, one.name, one == shown) for one in in_force]
    for one in versions:
        if one not in in_force:
            since = _("version %(version)s, in force from %(day)s") % {
                "version": one.version, "day": one.effective_from,
            }  # fmt: skip
            found.append((str(one), f"{one.name} · {since}", one == shown))
    return found


class CarrierReadiness(_OfReadiness):
    template_name = "incubation/readiness.html"

    def get_context_data(self, **kwargs):
        user, on = self.request.user, self.on
        carriers = Carrier.objects.visible_to(user).as_of(on).with_level(on).select_related("park")
        carrier = get_object_or_404(carriers.defer("park__boundary"), pk=self.kwargs["pk"])
        mine = fitting(self.rule_sets, carrier)
        versions = fitting(self.versions, carrier)
        asked, complaint = self.asked_rule_set(mine, versions)
        chosen = asked or chosen_for(self.rule_sets, carrier)
        report = above = None
        if chosen:
            higher = next_above(self.rule_sets, carrier, chosen)
            report, *others = reports(carrier, [chosen, *([higher] if higher else [])], on)
            above = others[0] if others else None
        return super().get_context_data(
            **kwargs, carrier=carrier, level=Level(carrier.level).label if carrier.level else "",
            rule_sets=options(mine, versions, chosen), report=report, above=above, complaint=complaint, months=MONTHS,
            articles=report and any(line.finding.node.article for line in report.lines),
            chart=report and course_chart(report.course), table=report and report.table,
        )  # fmt: skip


class ReadinessList(_OfReadiness):
    template_name = "incubation/readiness_list.html"
    #: What the table and the file hold of a carrier, under these headings.
    columns = (
        (gettext_lazy("carrier"), lambda one: one.carrier.name_on),
        (gettext_lazy("park"), lambda one: one.carrier.park.name),
        (gettext_lazy("stage"), lambda one: one.carrier.get_stage_display()),
        (gettext_lazy("level held"),
         lambda one: Level(one.carrier.level).label if one.carrier.level else ""),
        (gettext_lazy("rule set"), lambda one: one.rule_set.name if one.rule_set else ""),
        (gettext_lazy("verdict"), lambda one: one.explanation.verdict.label if one.explanation else ""),
        (gettext_lazy("conditions met"), lambda one: one.met),
        (gettext_lazy("conditions"), lambda one: one.asked),
        (gettext_lazy("not met"), lambda one: "; ".join(
            f"{found.node.text} {found.gap_words}" for found in one.gaps)),
        (gettext_lazy("unknown"), lambda one: "; ".join(
            f"{found.node.text} {found.missing}" for found in one.unknown)),
    )  # fmt: skip

    @cached_property
    def asked(self):
        return self.asked_rule_set(self.rule_sets, self.versions)

    @cached_property
    def standings(self):
        carriers = Carrier.objects.visible_to(self.request.user).open_on(self.on).as_of(self.on)
        for name, path in (("park", "park__code"), ("stage", "stage")):
            if value := self.request.GET.get(name, "").replace("\x00", ""):
                carriers = carriers.filter(**{path: value})
        found = standings(carriers, self.on, self.asked[0])
        return sorted(found, key=_nearest_first)

    def get_context_data(self, **kwargs):
        parks = Park.objects.visible_to(self.request.user).order_by("code")
        return super().get_context_data(
            **kwargs, standings=self.standings, chosen=self.asked[0],
            rule_sets=options(self.rule_sets, self.versions, self.asked[0]),
            complaint=self.asked[1], parks=list(parks.values_list("code", "name")),
            stages=Stage.choices, ready=sum(one.explanation is not None and not one.gaps
                                            and not one.unknown for one in self.standings),
        )  # fmt: skip

    def render_to_response(self, context, **kwargs):
        kind = self.request.GET.get("format")
        if kind in ("csv", "xlsx"):
            return export(self.standings, self.columns, kind, self.on)
        return super().render_to_response(context, **kwargs)


def _nearest_first(one):
    """By all that is not met yet: what is unknown does not count as met either."""
    missing = len(one.gaps) + len(one.unknown)
    return (one.asked == 0, missing, len(one.gaps), one.carrier.name_on)
