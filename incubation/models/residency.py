"""How far tenants came: their residencies in carriers, one after another.

A residency is open on ``[entered_on, left_on)``. When it is due follows from its first due day
and the extensions decided by the day (``ResidencyQuerySet.with_due``).
"""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from incubation.models.carrier import Carrier
from incubation.querysets import (
    FollowUpQuerySet,
    OfResidencyQuerySet,
    ResidencyQuerySet,
    ReviewQuerySet,
)
from parks.constraints import NoOverlap


class Residency(models.Model):
    class Outcome(models.TextChoices):
        GRADUATED = "graduated", _("graduated")
        ADVANCED = "advanced", _("went on to the next stage")
        TRANSFERRED = "transferred", _("went to another carrier of the stage")
        EXPIRED = "expired", _("left when due")
        REMOVED = "removed", _("made to leave")
        WITHDREW = "withdrew", _("left of its own accord")
        DISSOLVED = "dissolved", _("dissolved")

    class Destination(models.TextChoices):
        CARRIER = "carrier", _("another carrier in the district")
        OWN_SITE = "own_site", _("a site of its own in the district")
        SAME_SPACE = "same_space", _("stays in its space as an ordinary tenant")
        OUTSIDE = "outside", _("outside the district")
        NONE = "none", _("none")
        UNKNOWN = "unknown", _("not known")

    class SpecialField(models.TextChoices):
        """Fields with 60 months instead of 48 (国科发区〔2018〕300号)."""

        BIOMEDICINE = "biomedicine", _("biomedicine")
        AGRICULTURE = "agriculture", _("modern agriculture")
        CHIPS = "chips", _("integrated circuits")

    tenant = models.ForeignKey(
        "tenants.Tenant", models.PROTECT, related_name="residencies", verbose_name=_("tenant")
    )
    carrier = models.ForeignKey(
        Carrier, models.PROTECT, related_name="residencies", verbose_name=_("carrier")
    )
    previous = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="next",
        verbose_name=_("residency before"),
    )  # fmt: skip
    agreement_number = models.CharField(_("number of the incubation agreement"), max_length=60)
    entered_on = models.DateField(_("entered on"))
    due_on = models.DateField(_("first due on"))
    special_field = models.CharField(
        _("special field"), max_length=12, choices=SpecialField, blank=True, default=""
    )
    registered_on = models.DateField(
        _("registered address in the carrier since"), null=True, blank=True
    )
    left_on = models.DateField(_("left on"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True, default="")
    destination = models.CharField(
        _("went to"), max_length=12, choices=Destination, blank=True, default=""
    )
    destination_note = models.CharField(_("where exactly"), max_length=200, blank=True)
    exempted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("exempted by"),
    )  # fmt: skip
    exemption_reason = models.CharField(_("reason for the exemption"), max_length=300, blank=True)
    consent_on = models.DateField(_("consent to yearly follow-up given on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True, default="")

    objects = ResidencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("residency")
        verbose_name_plural = _("residencies")
        ordering = ["-entered_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="residency_in_order",
                condition=Q(left_on__isnull=True) | Q(left_on__gt=F("entered_on")),
                violation_error_message=_("A tenant leaves after the day it entered."),
            ),
            models.CheckConstraint(
                name="residency_due_after_entry",
                condition=Q(due_on__gt=F("entered_on")),
                violation_error_message=_("The residency is due after the day of entry."),
            ),
            models.CheckConstraint(
                name="residency_left_with_outcome",
                condition=Q(left_on__isnull=True, outcome="", destination="")
                | Q(left_on__isnull=False) & ~Q(outcome="") & ~Q(destination=""),
                violation_error_message=_("Who left has an outcome and went somewhere."),
            ),
            models.CheckConstraint(
                name="residency_exempted_with_reason",
                condition=Q(exempted_by__isnull=True, exemption_reason="")
                | Q(exempted_by__isnull=False) & ~Q(exemption_reason=""),
                violation_error_message=_("An exemption needs a person and a reason."),
            ),
            NoOverlap(
                name="residency_once_a_day",
                fields=["tenant"],
                start="entered_on",
                end="left_on",
                violation_error_message=_("The tenant already has a residency on these days."),
            ),
            models.UniqueConstraint(
                fields=["carrier", "agreement_number"],
                name="residency_agreement_unique",
                violation_error_message=_("The carrier already has an agreement of this number."),
            ),
        ]

    def __str__(self):
        return f"{self.tenant} {self.carrier}"


class ResidencyExtension(models.Model):
    """From ``decided_on`` the residency is due on ``due_on``."""

    residency = models.ForeignKey(
        Residency, models.CASCADE, related_name="extensions", verbose_name=_("residency")
    )
    decided_on = models.DateField(_("decided on"))
    due_on = models.DateField(_("due on"))
    reason = models.CharField(_("reason"), max_length=300)

    objects = OfResidencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["residency", "decided_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["residency", "decided_on"], name="extension_once_a_day",
                violation_error_message=_("An extension of that day is already recorded."),
            ),
            models.CheckConstraint(
                name="extension_has_reason", condition=~Q(reason=""),
                violation_error_message=_("An extension needs a reason."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.residency} {self.due_on}"


class GraduationReview(models.Model):
    """What was known when somebody decided on a graduation, kept as it was.

    ``evidence`` holds the verdicts, values and records of every criterion on day ``on`` under
    ``rule_set``; ``digest`` seals it (``incubation.evidence``). Who graduates leaves on
    ``graduates_on``; without the rules' consent only for ``against_rules_reason``. A decision is
    revoked with a reason, never erased.
    """

    class Decision(models.TextChoices):
        GRADUATE = "graduate", _("graduates")
        REFUSE = "refuse", _("does not graduate yet")

    class State(models.TextChoices):
        """What is decided by a day (``state_on``)."""

        OPEN = "open", _("not decided yet")
        GRADUATED = "graduated", _("graduated")
        REFUSED = "refused", _("does not graduate yet")
        REVOKED = "revoked", _("revoked")

    residency = models.ForeignKey(
        Residency, models.PROTECT, related_name="reviews", verbose_name=_("residency")
    )
    rule_set = models.ForeignKey(
        "incubation.RuleSet", models.PROTECT, related_name="reviews", verbose_name=_("rule set")
    )
    on = models.DateField(_("as of"))
    verdict = models.CharField(_("verdict of the rules"), max_length=8)
    evidence = models.JSONField(_("evidence"))
    digest = models.CharField(max_length=64)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(_("opened"))
    decision = models.CharField(
        _("decision"), max_length=8, choices=Decision, blank=True, default=""
    )
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    opinion = models.TextField(_("opinion"), blank=True, default="")
    graduates_on = models.DateField(_("graduates on"), null=True, blank=True)
    against_rules_reason = models.CharField(
        _("reason for deciding against the rules"), max_length=300, blank=True, default=""
    )
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revocation_reason = models.CharField(_("reason for revoking"), max_length=300, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("graduation review")
        verbose_name_plural = _("graduation reviews")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="review_decided_with_opinion",
                condition=Q(decision="", decided_on__isnull=True, opinion="")
                | ~Q(decision="") & Q(decided_on__isnull=False) & ~Q(opinion=""),
                violation_error_message=_("A decision has a day and an opinion."),
            ),
            models.CheckConstraint(
                name="review_revoked_with_reason",
                condition=Q(revoked_on__isnull=True, revocation_reason="")
                | Q(revoked_on__isnull=False) & ~Q(decision="") & ~Q(revocation_reason=""),
                violation_error_message=_("Only a decision is revoked, with a reason."),
            ),
            models.UniqueConstraint(
                fields=["residency"], name="review_one_open",
                condition=Q(decision="", revoked_on__isnull=True),
                violation_error_message=_("A review of this residency is already open."),
            ),
            models.UniqueConstraint(
                fields=["residency"], name="review_graduates_once",
                condition=Q(decision="graduate", revoked_on__isnull=True),
                violation_error_message=_("The tenant already graduated from this residency."),
            ),
            models.CheckConstraint(
                name="review_days_in_order",
                condition=(Q(decided_on__isnull=True) | Q(decided_on__gte=F("on")))
                & (Q(graduates_on__isnull=True) | Q(graduates_on__gte=F("on")))
                & (Q(revoked_on__isnull=True) | Q(revoked_on__gte=F("decided_on"))),
                violation_error_message=_(
                    "A decision follows the day of its evidence; a revocation follows the decision."
                ),
            ),
            models.CheckConstraint(
                name="review_graduates_on_a_day",
                condition=Q(decision="graduate", graduates_on__isnull=False)
                | ~Q(decision="graduate") & Q(graduates_on__isnull=True),
                violation_error_message=_("Who graduates does so on a day."),
            ),
            models.CheckConstraint(
                name="review_against_rules_with_reason",
                condition=Q(decision="graduate", verdict="met", against_rules_reason="")
                | Q(decision="graduate") & ~Q(verdict="met") & ~Q(against_rules_reason="")
                | ~Q(decision="graduate") & Q(against_rules_reason=""),
                violation_error_message=_(
                    "A graduation that the rules do not support needs its reason, and only that."
                ),
            ),
            models.CheckConstraint(
                name="review_verdict_known",
                condition=Q(verdict__in=["met", "not_met", "unknown"]),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.residency} {self.on}"

    def state_on(self, on) -> "GraduationReview.State":
        """As ``ReviewQuerySet.in_state`` says it of many."""
        if self.revoked_on and self.revoked_on <= on:
            return self.State.REVOKED
        if not self.decided_on or self.decided_on > on:
            return self.State.OPEN
        graduates = self.decision == self.Decision.GRADUATE
        return self.State.GRADUATED if graduates else self.State.REFUSED


class FollowUp(models.Model):
    """What became of a graduate by the ``year``-th anniversary, 1 to 5; None is unknown."""

    class Place(models.TextChoices):
        SAME_PARK = "same_park", _("in the same park")
        DISTRICT = "district", _("elsewhere in the district")
        OUTSIDE = "outside", _("outside the district")

    residency = models.ForeignKey(
        Residency, models.PROTECT, related_name="follow_ups", verbose_name=_("residency")
    )
    year = models.PositiveSmallIntegerField(_("years after graduation"))
    recorded_on = models.DateField(_("recorded on"))
    in_existence = models.BooleanField(_("still in existence"), null=True, blank=True)
    place = models.CharField(_("where"), max_length=10, choices=Place, blank=True, default="")
    jobs = models.PositiveIntegerField(_("jobs"), null=True, blank=True)
    revenue = models.DecimalField(
        _("revenue of the year (yuan)"), max_digits=16, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    source = models.CharField(_("source"), max_length=200, blank=True, default="")

    #: The trail says that these changed, not how: figures of one firm need its consent.
    hidden_in_trail = ("in_existence", "place", "jobs", "revenue")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["residency", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["residency", "year"], name="follow_up_once_a_year",
                violation_error_message=_("This year's follow-up is already recorded."),
            ),
            models.CheckConstraint(
                name="follow_up_five_years", condition=Q(year__gte=1, year__lte=5),
                violation_error_message=_("Graduates are followed for five years."),
            ),
            models.CheckConstraint(
                name="follow_up_of_what_exists",
                condition=~Q(in_existence=False)
                | Q(place="", jobs__isnull=True, revenue__isnull=True),
                violation_error_message=_("A firm that is no more has no place, jobs or revenue."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.residency} +{self.year}"
