"""How a carrier takes applications: all year or in calls, who scores by what, days promised."""

from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from incubation.models.carrier import Carrier
from incubation.querysets import CallQuerySet, OfCarrierQuerySet
from parks.constraints import NoOverlap
from parks.models.space import days_field
from parks.periods import period_check


def english() -> bool:
    return (get_language() or "").startswith("en")


class ScoreSheet(models.Model):
    """The criteria reviewers score by. One that was used is not changed: a new one follows it."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True, default="")
    pass_points = models.PositiveSmallIntegerField(
        _("points to pass"), default=60,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )  # fmt: skip
    source = models.CharField(_("source"), max_length=120, blank=True, default="")
    retired_on = models.DateField(_("not for new reviews since"), null=True, blank=True)

    class Meta:
        verbose_name = _("scoring sheet")
        verbose_name_plural = _("scoring sheets")
        ordering = ["code"]

    def __str__(self):
        return self.name

    @property
    def label(self) -> str:
        return self.name_en if self.name_en and english() else self.name


class ScoreCriterion(models.Model):
    """``weight``: the most points it gives; those of a sheet add up to 100."""

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("criterion"), max_length=80)
    name_en = models.CharField(_("criterion in English"), max_length=80, blank=True, default="")
    hint = models.CharField(_("what to look at"), max_length=200, blank=True, default="")
    weight = models.PositiveSmallIntegerField(
        _("weight"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = _("scoring criterion")
        verbose_name_plural = _("scoring criteria")
        ordering = ["sheet", "position"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "position"], name="score_criterion_position"),
            models.CheckConstraint(
                name="score_criterion_weight", condition=Q(weight__gte=1, weight__lte=100)
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def label(self) -> str:
        return self.name_en if self.name_en and english() else self.name


class Intake(models.Model):
    """The settings of a carrier's applications; a carrier without a row has the defaults."""

    class Mode(models.TextChoices):
        ALL_YEAR = "all_year", _("applications all year")
        CALLS = "calls", _("applications in calls")
        CLOSED = "closed", _("no applications")

    carrier = models.OneToOneField(
        Carrier, models.CASCADE, related_name="intake", verbose_name=_("carrier")
    )
    mode = models.CharField(_("takes"), max_length=8, choices=Mode, default=Mode.ALL_YEAR)
    blind = models.BooleanField(_("reviewers see no names"), default=False)
    reviewer_count = models.PositiveSmallIntegerField(
        _("reviewers"), default=2, validators=[MinValueValidator(2), MaxValueValidator(9)]
    )
    #: None: the sheet in use for everybody.
    sheet = models.ForeignKey(
        ScoreSheet, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("scoring sheet"),
    )  # fmt: skip
    notice_days = models.PositiveSmallIntegerField(
        _("days of public notice (0: none)"), default=0, validators=[MaxValueValidator(90)]
    )
    check_days = days_field(_("days for the formal check"), 5)
    amend_days = days_field(_("days to amend"), 15)
    review_days = days_field(_("days for the review and the decision"), 15)
    offer_days = days_field(_("days to answer an offer"), 7)
    sign_days = days_field(_("days to sign"), 15)
    welcome = models.TextField(_("what applicants should know"), blank=True, default="")

    objects = OfCarrierQuerySet.as_manager()

    class Meta:
        verbose_name = _("settings of applications")
        verbose_name_plural = _("settings of applications")
        constraints = [
            models.CheckConstraint(
                name="intake_two_reviewers", condition=Q(reviewer_count__gte=2),
                violation_error_message=_("At least two reviewers score an application."),
            )
        ]  # fmt: skip

    def __str__(self):
        return str(self.carrier)


class Call(models.Model):
    """A carrier takes applications on ``[opens_on, closes_on)``."""

    class Standing(models.TextChoices):
        COMING = "coming", _("not open yet")
        OPEN = "open", _("open call")
        CLOSED = "closed", _("closed call")

    carrier = models.ForeignKey(
        Carrier, models.PROTECT, related_name="calls", verbose_name=_("carrier")
    )
    name = models.CharField(_("name"), max_length=120)
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("closes on"))
    places = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True, default="")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["-opens_on", "pk"]
        constraints = [
            period_check("call_in_order", start="opens_on", end="closes_on"),
            NoOverlap(
                name="call_once_a_day", fields=["carrier"], start="opens_on", end="closes_on",
                violation_error_message=_("Another call of the carrier is open on these days."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name

    @property
    def last_day(self):
        return self.closes_on - timedelta(days=1)

    def standing(self, on):
        """The label of what it is on ``on``, as ``CallQuerySet.in_standing`` finds it."""
        if on < self.opens_on:
            return self.Standing.COMING.label
        return (self.Standing.OPEN if on < self.closes_on else self.Standing.CLOSED).label
