"""Reviews: the list, one with its frozen evidence and the decision on it, and revoking."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import DateField, Value
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from incubation import services as incubation
from incubation.evidence import digest
from incubation.graduation_forms import DecideForm, ReviewFilter, RevokeForm
from incubation.guard import watch_carriers
from incubation.models import GraduationReview
from incubation.selectors.graduation import judged, next_carriers
from incubation.selectors.graduation_effects import (
    graduation_consequences,
    leases_ended_with,
    leases_in_carrier,
)
from incubation.services.reviews import obstacles_to_reopening
from incubation.templatetags.verdicts import SIGNS
from parks.consequences import compare
from parks.services.rehearsal import rehearsal
from tenants.views.base import ActView, RowsView, add_refusal
from tenants.views.lists import Column


def if_decided(name):
    """A column that stays empty until the decision is made, also on an earlier day."""

    def value(row):
        decided = row.decided_on and row.decided_on <= row.as_of
        return getattr(row, name) if decided else None

    return value


def verdict_of(review) -> str:
    sign, word = SIGNS[review.verdict]
    return f"{sign} {word}"


class ReviewList(RowsView):
    permission_required = "incubation.view_chain"
    template_name = "incubation/review_list.html"
    filter_class = ReviewFilter
    orders = ("on", "decided_on", "residency__tenant__name")
    default_order = ("-on", "-pk")
    columns = (
        Column(gettext_lazy("tenant"), "residency__tenant__name", "tenant",
               order="residency__tenant__name",
               link=lambda row: reverse("incubation:review-detail", args=[row.pk])),
        Column(gettext_lazy("state"), lambda row: row.state_on(row.as_of).label, "state",
               key=True),
        Column(gettext_lazy("as of"), "on", "on", order="on", num=True),
        Column(gettext_lazy("verdict of the rules"), verdict_of, "verdict", key=True),
        Column(gettext_lazy("decided on"), if_decided("decided_on"), "decided_on",
               order="decided_on", num=True),
        Column(gettext_lazy("decided by"), lambda row: name_of(if_decided("decided_by")(row)),
               "decided_by"),
        Column(gettext_lazy("graduates on"), if_decided("graduates_on"), "graduates_on",
               num=True),
        Column(gettext_lazy("carrier"), "residency__carrier__name", "carrier"),
        Column(gettext_lazy("park"), "residency__carrier__park__name", "park", shown=False),
        Column(gettext_lazy("rules"), lambda row: f"{row.rule_set.name} v{row.rule_set.version}", "rules"),
        Column(gettext_lazy("opinion"), if_decided("opinion"), "opinion", shown=False),
        Column(gettext_lazy("reason for revoking"), "revocation_reason", "revoked", shown=False),
    )  # fmt: skip

    def rows(self, on):
        rows = GraduationReview.objects.visible_to(self.request.user).filter(on__lte=on)
        rows = rows.annotate(as_of=Value(on, DateField()))
        names = ("residency__tenant", "residency__carrier__park", "rule_set", "decided_by")
        return rows.select_related(*names).defer("evidence", "residency__carrier__park__boundary")


def name_of(user):
    return user and (user.get_full_name() or user.get_username())


class OfReview(PermissionRequiredMixin):
    permission_required = "incubation.view_residency"

    @cached_property
    def review(self):
        rows = GraduationReview.objects.visible_to(self.request.user).select_related(
            "residency__tenant", "residency__carrier__park", "rule_set", "opened_by",
            "decided_by", "revoked_by",
        )  # fmt: skip
        return get_object_or_404(rows, pk=self.kwargs["pk"])


class ReviewDetail(OfReview, View):
    """What was frozen, and the decision: ``preview`` says what it does, ``decide`` does it."""

    def get(self, request, pk):
        return self.answer(self.form() if self.may_decide else None)

    def post(self, request, pk):
        if not self.may_decide:
            if request.user.has_perm("incubation.graduate_tenant") and self.review.decision:
                messages.error(request, _("This review is decided already."))
                return redirect("incubation:review-detail", pk=pk)
            raise PermissionDenied
        form = self.form(request.POST)
        if not form.is_valid():
            return self.answer(form)
        terms = form.terms()
        try:
            if "decide" not in request.POST:
                return self.answer(form, preview=self.preview(terms))
            self.decide(terms)
        except ValidationError as refusal:
            add_refusal(form, refusal)
            return self.answer(form)
        messages.success(request, _("The decision is recorded."))
        return redirect("incubation:review-detail", pk=pk)

    @property
    def may_decide(self):
        return not self.review.decision and self.request.user.has_perm("incubation.graduate_tenant")

    @cached_property
    def leases(self):
        return leases_in_carrier(self.review.residency, on=timezone.localdate())

    def form(self, data=None):
        today = timezone.localdate()
        residency = self.review.residency
        return DecideForm(
            data, review=self.review, leases=self.leases,
            next_carriers=next_carriers(residency, self.request.user, on=today),
            initial={"graduates_on": today, "decision": "", "destination": ""},
        )  # fmt: skip

    def decide(self, terms):
        incubation.decide_review(
            review=self.review, on=timezone.localdate(), by=self.request.user, **terms
        )

    def preview(self, terms):
        """What the decision does, found by trying it; raises what it would be refused with."""
        with rehearsal():
            self.decide(terms)
        if terms["decision"] != GraduationReview.Decision.GRADUATE:
            return [_("The residency goes on as it is. The review is closed with the opinion.")]
        residency, day = self.review.residency, terms["graduates_on"]
        watch = watch_carriers([residency.carrier_id], day)
        costs = compare(lambda: self.decide(terms), [watch] if watch else [])
        return costs + graduation_consequences(
            residency, graduates_on=day, end_lease=terms.get("end_lease", False),
            next_carrier=terms.get("next_carrier"),
        )  # fmt: skip

    def answer(self, form, preview=None):
        review = self.review
        context = {
            "review": review, "evidence": review.evidence, "form": form, "preview": preview,
            "residency": review.residency, "state": review.state_on(timezone.localdate()).label,
            "whole": digest(review.evidence) == review.digest,
            "may_revoke": bool(
                review.decision and not review.revoked_on
                and self.request.user.has_perm("incubation.graduate_tenant")
            ),
        }  # fmt: skip
        if form is not None:
            context["changed"] = self.changed_since()
        return render(self.request, "incubation/review_detail.html", context)

    def changed_since(self):
        """The verdict of today under the same rules, where it is another than the frozen one."""
        review, today = self.review, timezone.localdate()
        if today <= review.on:
            return None
        rows = type(review.residency).objects.filter(pk=review.residency_id)
        result = judged(rows, on=today, rule_set=review.rule_set)
        (candidate,) = result.candidates()
        verdict = {"could": "met", "unknown": "unknown"}.get(candidate.standing, "not_met")
        return None if verdict == review.verdict else {"verdict": verdict, "on": today}


class ReviewRevoke(OfReview, ActView):
    permission_required = "incubation.graduate_tenant"
    title = gettext_lazy("Revoke the decision")
    done = gettext_lazy("The decision is revoked. It stays in the record with its reason.")
    danger = True
    form_class = RevokeForm

    def get_context_data(self, **kwargs):
        residency = self.review.residency
        subject = f"{residency.tenant.name} · {residency.carrier.name}"
        return super().get_context_data(**kwargs, subject=subject, park=residency.carrier.park)

    def consequences(self):
        review = self.review
        if review.revoked_on or not review.decision:
            return [_("There is nothing to revoke here.")]
        if review.decision != GraduationReview.Decision.GRADUATE:
            return [_("The review stays, marked as revoked; a new one can be opened.")]
        if reasons := obstacles_to_reopening(review.residency):
            return [_("The residency cannot be reopened: %(reasons)s") % {
                "reasons": " ".join(reasons)}]  # fmt: skip
        told = [
            _("The residency goes on as if it had not ended on %(day)s.")
            % {"day": review.graduates_on},
            _("The review and its evidence stay, marked as revoked with the reason."),
        ]
        ended = leases_ended_with(review)
        told += [
            _("Lease %(number)s was ended on %(day)s and stays ended; sign a new one if needed.")
            % {"number": lease.number, "day": lease.terminated_on}
            for lease in ended
        ]
        return told

    def act(self, *, reason):
        incubation.revoke_decision(
            review=self.review, reason=reason, on=self.today, by=self.request.user
        )
        return self.back()

    def back(self):
        return reverse("incubation:review-detail", args=[self.kwargs["pk"]])
