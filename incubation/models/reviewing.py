"""Who reviews applications, what stands between a reviewer and an applicant, and the points given."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incubation.models.application import Application
from incubation.models.intake import ScoreCriterion, ScoreSheet
from incubation.querysets import AssignmentQuerySet, OfApplicationQuerySet
from parks.periods import PeriodQuerySet, period_check


class Reviewer(models.Model):
    """A person who reviews on the days ``[start, end)``; ``organisation``: for whom it works."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="reviewer",
        verbose_name=_("user account"),
    )
    name = models.CharField(_("name"), max_length=40)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True, default="")
    organisation_uscc = models.CharField(
        _("code of the organisation"), max_length=18, blank=True, default=""
    )
    field = models.CharField(_("field"), max_length=120, blank=True, default="")
    most_open = models.PositiveSmallIntegerField(
        _("reviews at once at most"), default=10, validators=[MinValueValidator(1)]
    )
    start = models.DateField(_("from"))
    end = models.DateField(_("to"), null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("reviewer")
        verbose_name_plural = _("reviewers")
        ordering = ["name", "pk"]
        constraints = [period_check("reviewer_in_order")]

    def __str__(self):
        return self.name


class InterestKind(models.TextChoices):
    SAME_FIRM = "same_firm", _("works for the applicant")
    COMPETITOR = "competitor", _("works for a competitor")
    SHAREHOLDING = "shareholding", _("holds a share")
    KINSHIP = "kinship", _("is related")
    ADVISER = "adviser", _("advises the applicant")
    OTHER = "other", _("another interest")


class Interest(models.Model):
    """On ``[start, end)`` the reviewer has an interest in a tenant or in an organisation."""

    class Source(models.TextChoices):
        DECLARED = "declared", _("declared by the reviewer")
        KNOWN = "known", _("known to the staff")

    reviewer = models.ForeignKey(Reviewer, models.CASCADE, related_name="interests")
    tenant = models.ForeignKey(
        "tenants.Tenant", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("tenant"),
    )  # fmt: skip
    organisation = models.CharField(_("organisation"), max_length=120, blank=True, default="")
    kind = models.CharField(_("kind"), max_length=12, choices=InterestKind)
    source = models.CharField(_("source"), max_length=8, choices=Source)
    start = models.DateField(_("from"))
    end = models.DateField(_("to"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        ordering = ["reviewer", "-start", "pk"]
        constraints = [
            period_check("interest_in_order"),
            models.CheckConstraint(
                name="interest_in_someone",
                condition=Q(tenant__isnull=False) | ~Q(organisation=""),
                violation_error_message=_("Say in which tenant or organisation."),
            ),
        ]

    def __str__(self):
        return f"{self.reviewer} {self.get_kind_display()}"


class ReviewAssignment(models.Model):
    """A reviewer scores an application by ``due_on``; ``round`` counts anew after an objection."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="assignments")
    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    blind = models.BooleanField(_("sees no names"), default=False)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    assigned_at = models.DateTimeField(_("assigned"))
    due_on = models.DateField(_("due on"))
    submitted_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    recommends = models.BooleanField(_("recommends"), null=True, blank=True)
    opinion = models.TextField(_("opinion"), blank=True, default="")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("reason"), max_length=300, blank=True, default="")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("review of an application")
        verbose_name_plural = _("reviews of applications")
        ordering = ["application", "round", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "reviewer", "round"], name="assignment_once",
                violation_error_message=_("The reviewer is already asked for this application."),
            ),
            models.CheckConstraint(
                name="assignment_handed_in_whole",
                condition=Q(submitted_at__isnull=True)
                | Q(recommends__isnull=False) & ~Q(opinion=""),
                violation_error_message=_("A review has a recommendation and an opinion."),
            ),
            models.CheckConstraint(
                name="assignment_withdrawn_with_reason",
                condition=Q(withdrawn_at__isnull=True, withdrawal_reason="")
                | Q(withdrawn_at__isnull=False, submitted_at__isnull=True)
                & ~Q(withdrawal_reason=""),
                violation_error_message=_("A review is withdrawn with a reason, before it is in."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.application_id} {self.reviewer}"

    @property
    def points(self):
        """The sum of the points given so far, 0 to 100."""
        return sum((one.points or 0 for one in self.scores.all()), Decimal(0))


class ReviewScore(models.Model):
    """``points``: None until they are given; a review is handed in with all of them."""

    assignment = models.ForeignKey(ReviewAssignment, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(ScoreCriterion, models.PROTECT, related_name="+")
    points = models.DecimalField(
        _("points"), max_digits=4, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    remark = models.CharField(_("remark"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("points")
        verbose_name_plural = _("points")
        ordering = ["assignment", "criterion__position"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "criterion"], name="review_score_once"),
            models.CheckConstraint(
                name="review_score_in_bounds", condition=Q(points__gte=0, points__lte=100)
            ),
        ]

    def __str__(self):
        return f"{self.assignment_id} {self.points}"


class ReviewerExclusion(models.Model):
    """Why a reviewer was not asked, or was taken off: written once for each reason."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="exclusions")
    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="exclusions")
    kind = models.CharField(_("kind"), max_length=12, choices=InterestKind)
    detail = models.CharField(_("detail"), max_length=300, blank=True, default="")
    at = models.DateTimeField(_("moment"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = OfApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("exclusion of a reviewer")
        verbose_name_plural = _("exclusions of reviewers")
        ordering = ["application", "at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "reviewer", "kind", "detail"], name="exclusion_once"
            )
        ]

    def __str__(self):
        return f"{self.reviewer} {self.get_kind_display()}"
