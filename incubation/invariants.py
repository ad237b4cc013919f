"""What must always be true of carriers, residencies and reviews; see ``parks.invariants``."""

from dateutil.relativedelta import relativedelta
from django.db.models import F, Q

from incubation.evidence import digest
from incubation.models import FollowUp, GraduationReview, Residency
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
