"""Who could graduate on a day, the evidence of one residency, and opening reviews."""

from collections import Counter

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from incubation import services as incubation
from incubation.evidence import evidence_of
from incubation.graduation_forms import GraduationFilter, OpenForm
from incubation.models import GraduationReview, Residency
from incubation.selectors.graduation import Standing, graduation_rule_sets, judged
from parks.days import day_of
from parks.keys import as_keys
from tenants.views.base import ActView, RowsView
from tenants.views.lists import Column

#: Shown one by one; who has no rules is only counted.
SHOWN = (Standing.COULD, Standing.NEAR, Standing.UNKNOWN, Standing.FAR)


def page_of(row):
    return reverse("incubation:residency-evidence", args=[row.pk])


def told(row) -> str:
    if row.standing == Standing.COULD:
        return "; ".join(str(text) for text in row.met)
    return "; ".join(str(miss) for miss in row.misses)


class GraduationList(RowsView):
    """Every open residency of the day with its standing; a fixed number of queries."""

    permission_required = "incubation.view_chain"
    template_name = "incubation/graduation.html"
    filter_class = GraduationFilter
    columns = (
        Column(gettext_lazy("tenant"), "residency__tenant__name", "tenant", link=page_of),
        Column(gettext_lazy("where it stands"), lambda row: row.standing.label, "standing", key=True),
        Column(gettext_lazy("under the rules in force"),
               lambda row: row.standing_then and row.standing_then.label, "then"),
        Column(gettext_lazy("what carries it, or is missing"), told, "told", key=True),
        Column(gettext_lazy("earliest"), "earliest", "earliest", num=True),
        Column(gettext_lazy("carrier"), "residency__carrier__name", "carrier"),
        Column(gettext_lazy("park"), "residency__carrier__park__name", "park", shown=False),
        Column(gettext_lazy("stage"), "residency__carrier__get_stage_display", "stage",
               shown=False),
        Column(gettext_lazy("entered on"), "residency__entered_on", "entered", shown=False),
        Column(gettext_lazy("due on"), "residency__due", "due", num=True),
        Column(gettext_lazy("rules"), lambda row: f"{row.rule_set.name} v{row.rule_set.version}", "rules",
               shown=False),
        Column(gettext_lazy("review"), lambda row: _("not decided yet") if row.under_review else "",
               "review"),
    )  # fmt: skip

    def rows(self, on):
        return Residency.objects.visible_to(self.request.user).open_on(on)

    @property
    def asked(self):
        wanted = self.request.GET.get("standing", "")
        return wanted if wanted in Standing.values else ""

    @property
    def shown_columns(self):
        columns = super().shown_columns
        return columns if self.rule_set else [one for one in columns if one.name != "then"]

    def get_queryset(self):
        found = super().get_queryset()
        usable = self.filter.is_valid()
        self.rule_set = self.filter.chosen if usable else None
        result = judged(found, on=self.on, rule_set=self.rule_set)
        then = judged(found, on=self.on) if self.rule_set else None
        self.judgement, candidates = result, result.candidates(then=then)
        self.counts = Counter(one.standing for one in candidates)
        self.changes = Counter(
            (one.standing_then == Standing.COULD, one.standing == Standing.COULD)
            for one in candidates
            if one.standing_then
        )
        wanted = (self.asked,) if self.asked else SHOWN
        return [one for one in candidates if one.standing in wanted]

    def get_context_data(self, **kwargs):
        tiles = [(one, one.label, self.counts[one]) for one in (*SHOWN, Standing.NO_RULES)]
        rules = self.filter.form.fields["rule_set"].widget
        rules.choices = [("", _("those in force for the stage")), *list(rules.choices)[1:]]
        used = {rule_set for _verdicts, rule_set in self.judgement.judged.values()}
        return super().get_context_data(
            **kwargs, tiles=tiles, asked=self.asked, total=sum(self.counts.values()),
            rule_set=self.rule_set,
            rules=[(one, one.name) for one in sorted(used, key=str)],
            newly=self.changes[(False, True)], no_longer=self.changes[(True, False)],
            both=self.changes[(True, True)],
        )  # fmt: skip


class ResidencyEvidence(PermissionRequiredMixin, TemplateView):
    """What is known today (or on the day) about one residency, criterion by criterion."""

    permission_required = "incubation.view_residency"
    template_name = "incubation/evidence.html"

    def get_context_data(self, **kwargs):
        user, on = self.request.user, day_of(self.request)
        visible = Residency.objects.visible_to(user)
        get_object_or_404(visible, pk=self.kwargs["pk"])
        sets = list(graduation_rule_sets())
        wanted = self.request.GET.get("rule_set", "")
        chosen = next((one for one in sets if str(one) == wanted), None)
        result = judged(visible.filter(pk=self.kwargs["pk"]), on=on, rule_set=chosen)
        (residency,) = result.residencies
        verdicts, used = result.of(residency)
        evidence = verdicts and evidence_of(verdicts, residency, rule_set=used, on=on)
        stage = residency.carrier.stage
        open_review = GraduationReview.objects.undecided().filter(residency=residency).first()
        return super().get_context_data(
            **kwargs, residency=residency, evidence=evidence, used=used, chosen=chosen,
            here=residency.entered_on <= on and residency.left_on is None,
            unknown_rules=bool(wanted) and chosen is None, open_review=open_review,
            reviews=residency.reviews.filter(on__lte=on).defer("evidence"),
            sets=[(str(one), one.name, one) for one in sets if one.stage in ("", stage)],
        )  # fmt: skip


class OpenReviews(ActView):
    """Freeze the evidence of the residencies marked in the list."""

    permission_required = "incubation.graduate_tenant"
    form_class = OpenForm
    button = gettext_lazy("Freeze the evidence and open")

    @property
    def title(self):
        return ngettext("Open a review", "Open reviews", len(self.residencies))

    @cached_property
    def residencies(self):
        sent = self.request.GET.getlist("residency") + self.request.POST.getlist("residency")
        rows = Residency.objects.visible_to(self.request.user).filter(pk__in=as_keys(sent))
        return list(rows.select_related("tenant", "carrier").order_by("tenant__name"))

    def get_initial(self):
        wanted = self.request.GET.get("rule_set", "")
        chosen = next((one for one in graduation_rule_sets() if str(one) == wanted), None)
        return {"day": day_of(self.request), "rule_set": chosen}

    def consequences(self):
        if not self.residencies:
            return [_("No residency is marked. Go back to the list and mark some.")]
        names = [f"{one.tenant.name} ({one.carrier.name})" for one in self.residencies]
        return [
            _("What is known on the day is kept as it is: values, verdicts, records and the "
              "version of the rules. Later changes do not touch it."),
            _("Nobody graduates by this: a person decides on each review."),
            *names,
        ]  # fmt: skip

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, subject="", kept=self.residencies)

    template_name = "incubation/review_open.html"

    def act(self, *, day, rule_set, reason):
        reviews = incubation.open_reviews(
            residencies=self.residencies, on=day, by=self.request.user, at=timezone.now(),
            rule_set=rule_set, reason=reason,
        )  # fmt: skip
        messages.success(
            self.request,
            ngettext("%(n)s review is open.", "%(n)s reviews are open.", len(reviews))
            % {"n": len(reviews)},
        )
        if len(reviews) == 1:
            return reverse("incubation:review-detail", args=[reviews[0].pk])
        return reverse("incubation:review-list") + "?state=open"

    def back(self):
        return reverse("incubation:graduation")
