"""Graduation reviews: evidence frozen, a person's decision on it, and its revocation."""

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils.translation import gettext as _

from incubation.errors import (
    AgainstRules,
    CannotReopen,
    CannotReview,
    LeaseNotHere,
    ReviewDecided,
    ReviewOpen,
)
from incubation.evidence import digest, evidence_of
from incubation.models import Carrier, GraduationReview, Residency
from incubation.selectors.graduation import judged
from incubation.selectors.graduation_effects import leases_in_carrier
from incubation.services.entering import admit_tenant
from incubation.services.residencies import leave_carrier, reopen_residency
from parks.audit import Act, record, record_all, snapshot
from parks.errors import DatesOutOfOrder, refusing
from tenants import services as letting

Decision = GraduationReview.Decision
#: A graduation takes effect at the latest so long after its decision.
LATEST = relativedelta(years=1)


def trail_of(review) -> dict:
    """The review as the trail keeps it: its seal stands for the evidence."""
    kept = snapshot(review)
    del kept["evidence"]
    return kept


def _already_open():
    return ReviewOpen(_("A review of this residency is open already; decide that one first."))


_ONE_OPEN = dict.fromkeys(("review_one_open", "incubation_graduationreview"), _already_open)


def open_review(*, residency, on, by, at, rule_set=None, reason="") -> GraduationReview:
    """Freeze what is known about ``residency`` on day ``on``; raises as ``open_reviews``."""
    return open_reviews(
        residencies=[residency], on=on, by=by, at=at, rule_set=rule_set, reason=reason
    )[0]


@transaction.atomic
def open_reviews(*, residencies, on, by, at, rule_set=None, reason="") -> list[GraduationReview]:
    """Open a review of each: all, or none when one cannot be reviewed.

    ``on``: the day of the evidence; ``at``: the moment of opening; ``rule_set``: another version
    than the one in force for the stage. Raises ``CannotReview`` and ``ReviewOpen`` with every
    firm named, ``NoRuleSet``.
    """
    keys = [one.pk for one in residencies]
    locked = Residency.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    found = {row.pk: row for row in locked.select_related("tenant").order_by("pk")}
    refuse_unreviewable(found.values(), on)
    result = judged(Residency.objects.filter(pk__in=keys), on=on, rule_set=rule_set)
    result.refuse_without_rules()
    made = []
    for residency in result.residencies:
        verdicts, used = result.of(residency)
        evidence = evidence_of(verdicts, residency, rule_set=used, on=on)
        made.append(
            GraduationReview(
                residency=residency, rule_set=used, on=on, verdict=evidence["verdict"],
                evidence=evidence, digest=digest(evidence), opened_at=at,
                opened_by=by if by is not None and by.is_authenticated else None,
            )
        )  # fmt: skip
    made.sort(key=lambda review: keys.index(review.residency_id))
    with refusing(**_ONE_OPEN):
        GraduationReview.objects.bulk_create(made, batch_size=200)
    acts = [
        Act("open_review", review, review.residency.carrier.park, after=trail_of(review))
        for review in made
    ]
    record_all(acts, by=by, reason=reason)
    return made


def refuse_unreviewable(residencies, on):
    """Every firm that is not here on ``on``, leaves anyway, or is under review, by name."""
    left, open_ = [], []
    under = set(
        GraduationReview.objects.undecided()
        .filter(residency__in=[one.pk for one in residencies])
        .values_list("residency", flat=True)
    )
    for one in residencies:
        if one.left_on is not None or one.entered_on > on:
            left.append(one.tenant.name)
        elif one.pk in under:
            open_.append(one.tenant.name)
    if left:
        raise CannotReview(
            _("Not in residence on %(day)s, or leaving anyway: %(names)s."),
            day=on, names=", ".join(left),
        )  # fmt: skip
    if open_:
        raise ReviewOpen(
            _("A review is open already: %(names)s. Decide that one first."),
            names=", ".join(open_),
        )


def _locked(review, next_carrier=None) -> GraduationReview:
    """The review read afresh, locked as acts on residencies lock: carriers, residencies, this."""
    if next_carrier is not None:
        Carrier.objects.select_for_update().get(pk=next_carrier.pk)
    Residency.objects.select_for_update().get(pk=review.residency_id)
    rows = GraduationReview.objects.select_for_update(of=("self",))
    return rows.select_related("residency__tenant", "residency__carrier__park", "decided_by").get(
        pk=review.pk
    )


def _user(by):
    return by if by is not None and by.is_authenticated else None


@transaction.atomic
def decide_review(
    *, review, decision, opinion, on, by, graduates_on=None, destination="", destination_note="",
    end_lease=False, next_carrier=None, next_agreement_number="", against_rules_reason="",
) -> GraduationReview:  # fmt: skip
    """A person decides on day ``on``, with an opinion.

    ``graduate`` ends the residency on ``graduates_on`` (the first day without it; ``on`` unless
    told), ends the firm's leases in the carrier that day when ``end_lease``, and admits it to
    ``next_carrier`` when given. ``refuse`` leaves the residency going. Where the rules' verdict is
    not "met", graduating needs ``against_rules_reason``. Raises ``ReviewDecided``,
    ``AgainstRules``, ``DatesOutOfOrder``, ``LeaseNotHere`` and what leaving, admitting and ending
    leases raise.
    """
    review = _locked(review, next_carrier)
    if review.decision:
        raise ReviewDecided(
            _("%(person)s decided on %(day)s already: %(decision)s. Reload the page."),
            person=name_of(review.decided_by), day=review.decided_on,
            decision=review.get_decision_display(),
        )  # fmt: skip
    if not opinion.strip():
        raise ReviewDecided(_("Say why: a decision needs an opinion."))
    if on < review.on:
        raise DatesOutOfOrder(
            _("The evidence is of %(day)s; a decision cannot lie before it."), day=review.on
        )
    before = trail_of(review)
    graduates = decision == Decision.GRADUATE
    review.decision, review.opinion = decision, opinion.strip()
    review.decided_on, review.decided_by = on, _user(by)
    if graduates:
        review.graduates_on = graduates_on or on
        review.against_rules_reason = _confirmed(review, against_rules_reason)
        if review.graduates_on < review.on:
            raise DatesOutOfOrder(
                _("The evidence is of %(day)s; a graduation cannot lie before it."), day=review.on
            )
        if review.graduates_on > on + LATEST:
            raise DatesOutOfOrder(
                _("Graduate the firm within a year of the decision; later, look again.")
            )
    review.save()
    record("decide_review", review, by=by, park=review.residency.carrier.park, before=before,
           after=trail_of(review), reason=review.opinion)  # fmt: skip
    if graduates:
        _graduate(review, by=by, destination=destination, destination_note=destination_note,
                  end_lease=end_lease, next_carrier=next_carrier,
                  next_agreement_number=next_agreement_number, on=on)  # fmt: skip
    return review


def _confirmed(review, reason) -> str:
    """The reason kept with the decision: "" where the rules support it."""
    if review.verdict == "met":
        return ""
    if not reason.strip():
        raise AgainstRules(
            _("The rules do not support this graduation. Confirm it and give the reason, or do "
              "not graduate the firm yet.")
        )  # fmt: skip
    return reason.strip()


def _graduate(review, *, by, on, destination, destination_note, end_lease, next_carrier,
              next_agreement_number):  # fmt: skip
    residency, day = review.residency, review.graduates_on
    leases = leases_in_carrier(residency, on=day)
    if end_lease and not leases:
        raise LeaseNotHere(
            _("No lease of %(firm)s runs in %(carrier)s on %(day)s."), firm=residency.tenant.name,
            carrier=residency.carrier.name, day=day,
        )  # fmt: skip
    if next_carrier is not None:
        destination = Residency.Destination.CARRIER
        destination_note = destination_note or next_carrier.name
    left = leave_carrier(
        residency=residency, left_on=day, outcome=Residency.Outcome.GRADUATED,
        destination=destination or Residency.Destination.UNKNOWN,
        destination_note=destination_note, by=by, reason=review.opinion,
    )  # fmt: skip
    if end_lease:
        for lease in leases:
            letting.terminate_lease(lease=lease, on=day, by=by, reason=review.opinion)
    if next_carrier is not None:
        admit_tenant(
            tenant=left.tenant, carrier=next_carrier, agreement_number=next_agreement_number,
            entered_on=day, by=by, on=on, special_field=left.special_field,
            consent_on=left.consent_on, previous=left, reason=review.opinion,
        )  # fmt: skip


def name_of(user) -> str:
    return (user.get_full_name() or user.get_username()) if user else _("somebody")


@transaction.atomic
def graduate_residency(
    *, residency, opinion, on, by, at, evidence_on=None, rule_set=None, **terms
) -> GraduationReview:
    """Open a review and graduate by it in one act; ``evidence_on`` is ``on`` unless told.

    ``terms`` are the others of ``decide_review``; raises as it and ``open_review`` do.
    """
    review = open_review(residency=residency, on=evidence_on or on, by=by, at=at, rule_set=rule_set)
    return decide_review(
        review=review, decision=Decision.GRADUATE, opinion=opinion, on=on, by=by, **terms
    )


@transaction.atomic
def revoke_decision(*, review, reason, on, by) -> GraduationReview:
    """Take a decision back on day ``on``: the review stays, marked with the reason.

    A revoked graduation reopens the residency; leases that were ended with it stay ended. Raises
    ``ReviewDecided`` where there is nothing to revoke and ``CannotReopen``.
    """
    review = _locked(review)
    if not review.decision:
        raise ReviewDecided(_("Nothing is decided yet."))
    if review.revoked_on:
        raise ReviewDecided(_("This was revoked on %(day)s already."), day=review.revoked_on)
    if not reason.strip():
        raise ReviewDecided(_("Say why the decision is revoked."))
    if on < review.decided_on:
        raise DatesOutOfOrder(_("The decision was made on %(day)s."), day=review.decided_on)
    before = trail_of(review)
    review.revoked_on, review.revoked_by = on, _user(by)
    review.revocation_reason = reason.strip()
    review.save(update_fields=["revoked_on", "revoked_by", "revocation_reason"])
    park = review.residency.carrier.park
    record("revoke_decision", review, by=by, park=park, before=before, after=trail_of(review),
           reason=review.revocation_reason)  # fmt: skip
    if review.decision == Decision.GRADUATE:
        _reopen(review, by=by)
    return review


def obstacles_to_reopening(residency) -> list[str]:
    """Why a residency that ended by graduation cannot go on, in sentences."""
    reasons = []
    later = Residency.objects.filter(tenant=residency.tenant_id, entered_on__gte=residency.left_on)
    for one in later.exclude(pk=residency.pk).select_related("carrier"):
        reasons.append(
            _("%(firm)s has been in %(carrier)s since %(day)s.")
            % {"firm": residency.tenant.name, "carrier": one.carrier.name, "day": one.entered_on}
        )
    if residency.carrier.closed_on:
        reasons.append(
            _("%(carrier)s closed on %(day)s.")
            % {"carrier": residency.carrier.name, "day": residency.carrier.closed_on}
        )
    if years := list(residency.follow_ups.values_list("year", flat=True)):
        reasons.append(
            _("Follow-ups of this graduate are recorded (years: %(years)s).")
            % {"years": ", ".join(map(str, years))}
        )
    return reasons


def _reopen(review, *, by):
    if reasons := obstacles_to_reopening(review.residency):
        raise CannotReopen(
            _("The residency cannot be reopened: %(reasons)s"), reasons=" ".join(reasons)
        )
    reopen_residency(residency=review.residency, by=by, reason=review.revocation_reason)
