"""From approval to space: the waiting list, offers, and proposals that place many at once."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from incubation.models.application import Application
from incubation.models.carrier import Carrier
from incubation.querysets import (
    AllocationQuerySet,
    AllocationRowQuerySet,
    OfferQuerySet,
    WaitingQuerySet,
)
from parks.models.space import UnitKind


class WaitingEntry(models.Model):
    """In the queue for a kind of space of a carrier since the moment ``joined_at``.

    The place follows from the moments, never from a number that is kept.
    """

    class Left(models.TextChoices):
        OFFERED = "offered", _("got an offer")
        WITHDRAWN = "withdrawn", _("withdrew")

    application = models.ForeignKey(Application, models.PROTECT, related_name="waits")
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="waits")
    unit_kind = models.CharField(_("kind of space"), max_length=12, choices=UnitKind)
    joined_on = models.DateField(_("since"))
    joined_at = models.DateTimeField(_("moment"))
    left_on = models.DateField(_("left on"), null=True, blank=True)
    left = models.CharField(_("why it left"), max_length=10, choices=Left, blank=True, default="")

    objects = WaitingQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the waiting list")
        verbose_name_plural = _("waiting list")
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                name="waiting_once",
                condition=Q(left_on__isnull=True),
                violation_error_message=_("The application is already on the waiting list."),
            ),
            models.CheckConstraint(
                name="waiting_left_with_reason",
                condition=Q(left_on__isnull=True, left="")
                | Q(left_on__gte=F("joined_on")) & ~Q(left=""),
            ),
        ]

    def __str__(self):
        return f"{self.application_id} {self.joined_on}"


class Offer(models.Model):
    """Units held for an application, to be answered before the day ``until``.

    ``queue``: who stood where at that moment, and why those before were passed over, as
    ``[{"application", "number", "place", "since", "passed_over"}]``. ``passed_from``: the offer
    that was not taken, whose units these are.
    """

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        RETRACTED = "retracted", _("taken back by the carrier")

    application = models.ForeignKey(Application, models.PROTECT, related_name="offers")
    made_on = models.DateField(_("offered on"))
    made_at = models.DateTimeField(_("moment"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    until = models.DateField(_("to be answered before"))
    queue = models.JSONField(default=list, blank=True)
    passed_from = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="passed_to"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    answer = models.CharField(_("answer"), max_length=9, choices=Answer, blank=True, default="")
    answered_on = models.DateField(_("answered on"), null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="offer_in_order", condition=Q(until__gt=F("made_on"))),
            models.CheckConstraint(
                name="offer_answered_on_a_day",
                condition=Q(answer="", answered_on__isnull=True)
                | ~Q(answer="") & Q(answered_on__gte=F("made_on")),
            ),
        ]

    def __str__(self):
        return f"{self.application_id} {self.made_on}"


class OfferedUnit(models.Model):
    """A unit of an offer and the hold that keeps it."""

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="units")
    hold = models.OneToOneField("tenants.Hold", models.PROTECT, related_name="offered")

    class Meta:
        verbose_name = _("offered unit")
        verbose_name_plural = _("offered units")
        ordering = ["offer", "pk"]

    def __str__(self):
        return str(self.hold)


class Allocation(models.Model):
    """A proposal that places applications in vacant units as of a day, best by ``weights``.

    ``trials``: for each weight, what the proposal would be without it. ``digest`` seals what went
    in, so that the same question gives the same answer.
    """

    park = models.ForeignKey("parks.Park", models.CASCADE, null=True, blank=True, related_name="+")
    on = models.DateField(_("as of"))
    weights = models.JSONField(_("weights"))
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=6)
    trials = models.JSONField(default=list, blank=True)
    digest = models.CharField(max_length=64)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made"))

    objects = AllocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["-made_at", "-pk"]

    def __str__(self):
        return f"{self.on} {self.pk}"


class AllocationRow(models.Model):
    """Where an application would go, what each weight gave, or why nothing fits.

    ``units``: one, or several that adjoin and could be merged; none where nothing is left.
    """

    allocation = models.ForeignKey(Allocation, models.CASCADE, related_name="rows")
    application = models.ForeignKey(Application, models.CASCADE, related_name="allocation_rows")
    units = models.ManyToManyField("parks.Unit", through="AllocatedUnit", related_name="+")
    score = models.DecimalField(_("score"), max_digits=10, decimal_places=6, default=0)
    parts = models.JSONField(default=dict, blank=True)
    reasons = models.JSONField(default=list, blank=True)
    offer = models.OneToOneField(
        Offer, models.SET_NULL, null=True, blank=True, related_name="allocation_row"
    )

    objects = AllocationRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of an allocation")
        verbose_name_plural = _("rows of allocations")
        ordering = ["allocation", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["allocation", "application"], name="allocation_application_once"
            ),
        ]

    def __str__(self):
        return f"{self.allocation_id} {self.application_id}"


class AllocatedUnit(models.Model):
    """A unit of a row; once in its ``allocation``."""

    row = models.ForeignKey(AllocationRow, models.CASCADE, related_name="places")
    allocation = models.ForeignKey(Allocation, models.CASCADE, related_name="+")
    unit = models.ForeignKey("parks.Unit", models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("unit of an allocation")
        verbose_name_plural = _("units of allocations")
        ordering = ["row", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["allocation", "unit"], name="allocated_unit_once"),
        ]

    def __str__(self):
        return f"{self.row_id} {self.unit_id}"
