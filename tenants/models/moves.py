"""Tenants that leave: the move-out of a lease; and tenants that move: dated plans."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenants.models.lease import Lease, money_field
from tenants.models.tenant import Tenant
from tenants.querysets import MoveOutQuerySet, MovePlanQuerySet


class MoveOut(models.Model):
    """How far a tenant has moved out of a lease; a step is done when it has its day.

    Order (domain notes §5): asked, inspected, utilities settled, deposit back, registered address
    moved out, unit vacant.
    """

    lease = models.OneToOneField(Lease, models.PROTECT, related_name="move_out")
    asked_on = models.DateField(_("surrender asked"))
    leaves_on = models.DateField(_("wants to leave on"), null=True, blank=True)
    inspected_on = models.DateField(_("inspected"), null=True, blank=True)
    inspection = models.TextField(_("what the inspection found"), blank=True, default="")
    utilities_settled_on = models.DateField(_("utilities settled"), null=True, blank=True)
    deposit_returned_on = models.DateField(_("deposit back"), null=True, blank=True)
    deposit_kept = money_field(_("kept of the deposit (yuan)"), default=0)
    deposit_kept_for = models.CharField(_("kept for"), max_length=200, blank=True, default="")
    address_moved_on = models.DateField(_("registered address moved out"), null=True, blank=True)
    vacated_on = models.DateField(_("unit vacant"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")

    objects = MoveOutQuerySet.as_manager()

    class Meta:
        verbose_name = _("move-out")
        verbose_name_plural = _("move-outs")
        ordering = ["asked_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="move_out_inspected_after_asked",
                condition=Q(inspected_on__isnull=True) | Q(inspected_on__gte=F("asked_on")),
                violation_error_message=_("The inspection comes after the surrender was asked."),
            ),
            models.CheckConstraint(
                name="move_out_deposit_after_settled",
                condition=Q(deposit_returned_on__isnull=True)
                | Q(utilities_settled_on__isnull=False, inspected_on__isnull=False),
                violation_error_message=_(
                    "The deposit goes back once the unit is inspected and utilities are settled."
                ),
            ),
            models.CheckConstraint(
                name="move_out_kept_for_something",
                condition=Q(deposit_kept=0) | ~Q(deposit_kept_for=""),
                violation_error_message=_("Say what the kept part of the deposit is for."),
            ),
        ]

    def __str__(self):
        return str(self.lease)


class MovePlan(models.Model):
    """Several tenants' moves on one day, taken together or not at all."""

    park = models.ForeignKey("parks.Park", models.PROTECT, related_name="move_plans")
    effective_on = models.DateField(_("effective on"))
    planned_on = models.DateField(_("planned on"))
    cancelled_on = models.DateField(_("cancelled on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")

    objects = MovePlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan of moves")
        verbose_name_plural = _("plans of moves")
        ordering = ["-effective_on", "-pk"]

    def __str__(self):
        return f"{self.park} {self.effective_on}"


class Move(models.Model):
    """One tenant's step of a plan.

    leave: ``before`` ends; move: ``before`` gives way to ``after`` on other units; take: ``after``
    begins.
    """

    class Kind(models.TextChoices):
        LEAVE = "leave", _("leaves")
        MOVE = "move", _("moves")
        TAKE = "take", _("comes")

    plan = models.ForeignKey(MovePlan, models.CASCADE, related_name="moves")
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("tenant"))
    before = models.ForeignKey(
        Lease, models.PROTECT, null=True, blank=True, related_name="moves_from"
    )
    after = models.ForeignKey(Lease, models.PROTECT, null=True, blank=True, related_name="moves_to")
    #: What the step cut short, as it was: ``{"lines": {pk: [end, binding]}, "holds": …,
    #: "terminated_on": day or null}``; a cancelled plan gives it back.
    ended = models.JSONField(default=dict, blank=True, editable=False, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["plan", "pk"]
        constraints = [
            models.CheckConstraint(
                name="move_has_its_leases",
                condition=Q(kind="leave", before__isnull=False, after__isnull=True)
                | Q(kind="move", before__isnull=False, after__isnull=False)
                | Q(kind="take", before__isnull=True, after__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.tenant} {self.get_kind_display()}"
