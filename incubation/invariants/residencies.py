"""What must always be true of carriers, residencies and reviews; see ``parks.invariants``."""

from dateutil.relativedelta import relativedelta
from django.db.models import F, OuterRef, Q, Subquery

from incubation.evidence import digest
from incubation.models import FollowUp, GraduationReview, Residency, ResidencyExtension, Stage
from parks.invariants import Violation, check, found
from parks.models import AuditEntry


@check
def reviews_fit_their_seal():
    """Evidence as it was frozen: by its digest, by its columns and by the trail of its opening."""
    sealed = dict(
        AuditEntry.objects.filter(
            object_type=GraduationReview._meta.label_lower, action="open_review"
        ).values_list("object_id", "after__digest")
    )
    reviews = GraduationReview.objects.select_related("rule_set").defer("rule_set__body")
    for review in reviews.order_by("pk").iterator(chunk_size=500):
        subject, evidence = f"incubation.GraduationReview {review.pk}", review.evidence
        if digest(evidence) != review.digest:
            yield Violation("review_seal", subject, "the evidence does not fit its digest")
        if sealed.get(str(review.pk)) != review.digest:
            yield Violation("review_seal", subject, "the trail knows another digest, or none")
        rules = evidence.get("rule_set", {})
        said = (evidence.get("verdict"), evidence.get("on"), evidence.get("residency"),
                rules.get("code"), rules.get("version"), rules.get("digest"))  # fmt: skip
        columns = (review.verdict, review.on.isoformat(), review.residency_id,
                   review.rule_set.code, review.rule_set.version, review.rule_set.digest)  # fmt: skip
        if said != columns:
            yield Violation("review_columns", subject, "says otherwise than its evidence")


@check
def graduations_ended_their_residency():
    standing = GraduationReview.objects.filter(decision="graduate", revoked_on__isnull=True)
    other = standing.exclude(residency__left_on=F("graduates_on"), residency__outcome="graduated")
    yield from found("graduation", other, "graduated a residency that goes on or ended otherwise")
    early = GraduationReview.objects.filter(
        Q(on__lt=F("residency__entered_on")) | Q(graduates_on__lte=F("residency__entered_on"))
    )
    yield from found("review_day", early, "is of a day before the residency")


@check
def follow_ups_are_of_graduates():
    bad = FollowUp.objects.exclude(residency__outcome=Residency.Outcome.GRADUATED)
    yield from found("follow_up", bad, "is of a tenant that has not graduated")
    rows = FollowUp.objects.filter(residency__left_on__isnull=False).select_related("residency")
    for row in rows.iterator(chunk_size=2000):
        if row.recorded_on < row.residency.left_on + relativedelta(years=row.year):
            yield Violation(
                "follow_up_early", f"incubation.FollowUp {row.pk}",
                "was recorded before its year had come",
            )  # fmt: skip
    risen = FollowUp.objects.risen()
    yield from found("follow_up_risen", risen, "exists again after it was recorded as gone")


@check
def residencies_fit_their_carriers():
    rows = Residency.objects.filter(entered_on__lt=F("carrier__opened_on"))
    yield from found("residency_carrier", rows, "begins before its carrier")
    late = Q(left_on__isnull=True) | Q(left_on__gt=F("carrier__closed_on"))
    rows = Residency.objects.filter(late, carrier__closed_on__isnull=False)
    yield from found("residency_carrier", rows, "goes on after its carrier")
    rows = Residency.objects.filter(tenant__merged_into__isnull=False)
    yield from found("residency_merged", rows, "belongs to a tenant merged into another")


@check
def residencies_follow_one_another():
    """A transfer keeps the stage, going on leads to the next, and nobody is in two at once."""
    outcome = Residency.Outcome
    rows = Residency.objects.filter(previous__isnull=False)
    rows = rows.select_related("carrier", "previous__carrier")
    for row in rows.iterator(chunk_size=2000):
        before = row.previous
        steps = Stage(row.carrier.stage).rank - Stage(before.carrier.stage).rank
        wanted = {outcome.TRANSFERRED: 0, outcome.ADVANCED: 1}.get(before.outcome, steps)
        if before.tenant_id != row.tenant_id or not before.left_on:
            yield _odd(row, "follows a residency of another tenant, or one that goes on")
        elif before.left_on > row.entered_on:
            yield _odd(row, "begins before the one it follows has ended")
        elif steps != wanted:
            yield _odd(row, f"follows one that {before.outcome}, {steps} stages away")
    moved = Residency.objects.filter(outcome__in=[outcome.TRANSFERRED, outcome.ADVANCED])
    rows = moved.filter(next__isnull=True)
    yield from found("residency_chain", rows, "went on to a residency that is not there")


def _odd(row, message):
    return Violation("residency_chain", f"{row._meta.label} {row.pk}", message)


@check
def extensions_lead_on():
    """Each is decided in the residency, after the one before, and leads to a later day."""
    early = ResidencyExtension.objects.filter(decided_on__lt=F("residency__entered_on"))
    yield from found("extension", early, "was decided before the residency")
    before = ResidencyExtension.objects.filter(
        residency=OuterRef("residency"), decided_on__lt=OuterRef("decided_on")
    ).order_by("-decided_on")
    rows = ResidencyExtension.objects.annotate(last=Subquery(before.values("due_on")[:1]))
    no_later = Q(due_on__lte=F("last")) | Q(last__isnull=True, due_on__lte=F("residency__due_on"))
    yield from found("extension", rows.filter(no_later), "leads to no later day")


@check
def outcomes_fit_where_it_went():
    dissolved, nowhere = Q(outcome=Residency.Outcome.DISSOLVED), Q(destination="none")
    rows = Residency.objects.filter(dissolved & ~nowhere | ~dissolved & nowhere)
    yield from found("residency_outcome", rows, "only who is dissolved goes nowhere")
    decided = ResidencyExtension.objects.filter(
        residency=OuterRef("pk"), decided_on__lte=OuterRef("left_on")
    ).order_by("-decided_on")
    rows = Residency.objects.filter(outcome=Residency.Outcome.EXPIRED)
    rows = rows.annotate(last=Subquery(decided.values("due_on")[:1]))
    early = Q(left_on__lt=F("last")) | Q(last__isnull=True, left_on__lt=F("due_on"))
    yield from found("residency_outcome", rows.filter(early), "left when due before it was due")
