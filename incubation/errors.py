"""What the rules of incubation refuse, with a stable code each."""

from parks.errors import RuleViolation


class AlreadyResident(RuleViolation):
    """The tenant has a residency on some of these days."""

    code = "already_resident"


class AgreementTaken(RuleViolation):
    code = "agreement_taken"


class CarrierNotOpen(RuleViolation):
    """The carrier does not run on all the days asked for."""

    code = "carrier_not_open"


class EntryConditionsNotMet(RuleViolation):
    """The rules in force say no and nobody gave a reason to make an exemption."""

    code = "entry_conditions"


class ExemptionByNobody(RuleViolation):
    """An exemption is recorded with the name of a person."""

    code = "exemption_by_nobody"


class StageOrder(RuleViolation):
    """A transfer keeps the stage, going on leads to the next one."""

    code = "stage_order"


class ResidencyState(RuleViolation):
    """The residency is not in a state for this act."""

    code = "residency_state"


class DueDay(RuleViolation):
    """A due day that the act cannot lead to or from."""

    code = "due_day"


class OutcomeRefused(RuleViolation):
    """The outcome does not fit the days or where the tenant went."""

    code = "outcome_refused"


class CarrierInUse(RuleViolation):
    """Tenants still reside in the carrier that is to close."""

    code = "carrier_in_use"


class SpaceOfAnother(RuleViolation):
    """The unit belongs to a carrier on some of the days."""

    code = "carrier_space_taken"


class SpacesDiffer(RuleViolation):
    """Units of different carriers or purposes do not become one."""

    code = "carrier_spaces_differ"


class RuleVersionTaken(RuleViolation):
    """The version is kept with other content, or a later one is there."""

    code = "rule_version_taken"


class RuleSetDiffers(RuleViolation):
    """A new version would judge others, or for another purpose, than the ones before."""

    code = "rule_set_differs"


class NoRuleSet(RuleViolation):
    """No rules are in force for the stage and the day."""

    code = "no_rule_set"


class ReviewOpen(RuleViolation):
    """A review of the residency is open and not decided."""

    code = "review_open"


class ReviewDecided(RuleViolation):
    """Somebody decided (or revoked) already; or nothing is decided that could be revoked."""

    code = "review_decided"


class AgainstRules(RuleViolation):
    """The rules do not support the decision and nobody confirmed it with a reason."""

    code = "against_rules"


class CannotReview(RuleViolation):
    """The residency is not open on the day, or leaves anyway."""

    code = "cannot_review"


class CannotReopen(RuleViolation):
    """Something came after the graduation that stands in the way of revoking it."""

    code = "cannot_reopen"


class LeaseNotHere(RuleViolation):
    """No lease of the firm runs in the carrier on the day."""

    code = "lease_not_here"


class NoGraduate(RuleViolation):
    """Only graduates are followed up, from each anniversary on."""

    code = "no_graduate"


class FollowUpTaken(RuleViolation):
    code = "follow_up_taken"


class ApplicationState(RuleViolation):
    """The application is not in a state for this act."""

    code = "application_state"


class ApplicationUnderWay(RuleViolation):
    """The tenant has an open application to this carrier."""

    code = "application_under_way"


class ApplicationIncomplete(RuleViolation):
    """Something asked for is missing."""

    code = "application_incomplete"


class IntakeClosed(RuleViolation):
    """The carrier takes no applications on the day."""

    code = "intake_closed"


class ReviewerExcluded(RuleViolation):
    """An interest stands between the reviewer and the applicant."""

    code = "reviewer_excluded"


class ReviewMissing(RuleViolation):
    """Fewer reviews are in than the carrier asks for."""

    code = "review_missing"


class OfferState(RuleViolation):
    """The offer is answered, lapsed or another's."""

    code = "offer_state"


class NothingFits(RuleViolation):
    """The unit does not meet what the applicant needs."""

    code = "does_not_fit"


class QueueJumped(RuleViolation):
    """Somebody who waits longer wants such a unit too, and nobody said why it goes to another."""

    code = "queue_jumped"


class LeaseUnsigned(RuleViolation):
    """The lease of the application cannot be signed, or does not run yet."""

    code = "lease_unsigned"


class AgainstPoints(RuleViolation):
    """Fewer points than pass, and nobody said why it is approved all the same."""

    code = "against_points"
