"""Leases, their dated lines and money, and holds.

What a lease *is* on a day follows from its dates (``LeaseQuerySet.with_state``); only the acts are
stored. A line is ``binding`` from signing until the lease is void; binding lines of a unit never
share a day.
"""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parks.constraints import NoOverlap
from parks.periods import period_check
from tenants.models.tenant import Tenant
from tenants.querysets import AskingRentQuerySet, HoldQuerySet, LeaseLineQuerySet, LeaseQuerySet


class RentUnit(models.TextChoices):
    M2_MONTH = "m2_month", _("yuan/m²·month")
    M2_DAY = "m2_day", _("yuan/m²·day")
    MONTH = "month", _("yuan/month")


def money_field(label, *, places=2, **options):
    return models.DecimalField(
        label, max_digits=14, decimal_places=places, validators=[MinValueValidator(0)], **options
    )


class Lease(models.Model):
    """``[start, end)``; the printed last day is ``end`` − 1.

    With ``start_by`` the first day is not yet known: the units are blocked from ``start`` (the
    earliest agreed day) and count as let from ``handed_over_on``, at the latest from ``start_by``.
    """

    class Kind(models.TextChoices):
        NEW = "new", _("new lease")
        RENEWAL = "renewal", _("renewal")
        AMENDMENT = "amendment", _("amendment")
        SURRENDER = "surrender", _("surrender")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_APPROVAL = "in_approval", _("in approval")
        REJECTED = "rejected", _("rejected")
        SIGNED = "signed", _("signed")
        ACTIVE = "active", _("in force")
        EXPIRED = "expired", _("expired")
        TERMINATED = "terminated", _("ended early")
        VOID = "void", _("void")

    park = models.ForeignKey(
        "parks.Park", models.PROTECT, related_name="leases", verbose_name=_("park")
    )
    tenant = models.ForeignKey(
        Tenant, models.PROTECT, related_name="leases", verbose_name=_("tenant")
    )
    number = models.CharField(pgettext_lazy("paper", "number"), max_length=60)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind, default=Kind.NEW)
    previous = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="next",
        verbose_name=_("lease before"),
    )
    submitted_on = models.DateField(_("submitted on"), null=True, blank=True)
    rejected_on = models.DateField(_("rejected on"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    voided_on = models.DateField(_("voided on"), null=True, blank=True)
    terminated_on = models.DateField(_("ended early on"), null=True, blank=True)
    start = models.DateField(_("start"))
    end = models.DateField(_("end"))
    start_by = models.DateField(_("starts at the latest on"), null=True, blank=True)
    handed_over_on = models.DateField(_("handed over on"), null=True, blank=True)
    deposit = money_field(_("deposit (yuan)"), default=0)
    property_fee_m2_month = money_field(_("property fee (yuan/m²·month)"), default=0)
    note = models.TextField(_("note"), blank=True, default="")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = LeaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")
        ordering = ["-start", "number"]
        constraints = [
            period_check("lease_in_order"),
            models.UniqueConstraint(
                fields=["park", "number"],
                name="lease_number_unique",
                violation_error_message=_("The park already has a lease with this number."),
            ),
            models.CheckConstraint(
                name="lease_start_by_in_term",
                condition=Q(start_by__isnull=True)
                | (Q(start_by__gte=F("start")) & Q(start_by__lt=F("end"))),
                violation_error_message=_("The latest start must lie within the term."),
            ),
            models.CheckConstraint(
                name="lease_handed_over_when_signed",
                condition=Q(handed_over_on__isnull=True) | Q(signed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="lease_handed_over_in_term",
                condition=Q(handed_over_on__isnull=True) | Q(handed_over_on__lt=F("end")),
            ),
            models.CheckConstraint(
                name="lease_terminated_in_term",
                condition=Q(terminated_on__isnull=True)
                | (
                    Q(signed_on__isnull=False)
                    & Q(terminated_on__gte=F("start"))
                    & Q(terminated_on__lt=F("end"))
                ),
            ),
            models.CheckConstraint(
                name="lease_voided_when_signed",
                condition=Q(voided_on__isnull=True) | Q(signed_on__isnull=False),
            ),
        ]

    def __str__(self):
        return self.number


class LeaseLine(models.Model):
    """One unit of a lease on ``[start, end)``; ``area_m2`` is the contract's billable area."""

    lease = models.ForeignKey(Lease, models.CASCADE, related_name="lines", verbose_name=_("lease"))
    unit = models.ForeignKey(
        "parks.Unit", models.PROTECT, related_name="lease_lines", verbose_name=_("unit")
    )
    start = models.DateField(_("start"))
    end = models.DateField(_("end"))
    area_m2 = models.DecimalField(
        _("contract area (m²)"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    rent = money_field(_("rent"), places=4)
    rent_unit = models.CharField(
        _("rent unit"), max_length=8, choices=RentUnit, default=RentUnit.M2_MONTH
    )
    binding = models.BooleanField(default=False, editable=False)

    objects = LeaseLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("lease line")
        verbose_name_plural = _("lease lines")
        ordering = ["lease", "start", "unit"]
        constraints = [
            period_check("lease_line_in_order"),
            NoOverlap(
                name="lease_line_once_a_day",
                fields=["unit"],
                condition=Q(binding=True),
                violation_error_message=_("The unit is already let on some of these days."),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "end"], condition=Q(binding=True), name="binding_line"),
        ]

    def __str__(self):
        return f"{self.lease} {self.unit}"


class RentStep(models.Model):
    """From day ``start`` the line's rent is ``rent`` in the line's own rent unit."""

    line = models.ForeignKey(LeaseLine, models.CASCADE, related_name="steps")
    start = models.DateField(_("from"))
    rent = money_field(_("rent"), places=4)

    class Meta:
        verbose_name = _("rent step")
        verbose_name_plural = _("rent steps")
        ordering = ["line", "start"]
        constraints = [models.UniqueConstraint(fields=["line", "start"], name="rent_step_unique")]

    def __str__(self):
        return f"{self.start} {self.rent}"


class RentFree(models.Model):
    """No rent is due on the days ``[start, end)``."""

    lease = models.ForeignKey(Lease, models.CASCADE, related_name="rent_free")
    start = models.DateField(_("from"))
    end = models.DateField(_("to"))

    class Meta:
        verbose_name = _("rent-free period")
        verbose_name_plural = _("rent-free periods")
        ordering = ["lease", "start"]
        constraints = [
            period_check("rent_free_in_order"),
            NoOverlap(name="rent_free_once_a_day", fields=["lease"]),
        ]

    def __str__(self):
        return f"{self.start} – {self.end}"


class Hold(models.Model):
    """A unit kept for someone on ``[start, end)``; it lapses by itself on ``end``.

    A release brings ``end`` forward; one before the first day leaves the hold not ``binding``.
    """

    unit = models.ForeignKey(
        "parks.Unit", models.PROTECT, related_name="holds", verbose_name=_("unit")
    )
    tenant = models.ForeignKey(
        Tenant,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="holds",
        verbose_name=_("tenant"),
    )
    applicant = models.CharField(_("held for"), max_length=120, blank=True, default="")
    start = models.DateField(_("from"))
    end = models.DateField(_("to"))
    binding = models.BooleanField(default=True, editable=False)
    note = models.CharField(_("note"), max_length=200, blank=True, default="")

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ["start", "pk"]
        constraints = [
            period_check("hold_in_order"),
            NoOverlap(
                name="hold_once_a_day",
                fields=["unit"],
                condition=Q(binding=True),
                violation_error_message=_("The unit is already held on some of these days."),
            ),
            models.CheckConstraint(
                name="hold_is_for_someone",
                condition=Q(tenant__isnull=False) | ~Q(applicant=""),
                violation_error_message=_("Say for whom the unit is held."),
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.tenant or self.applicant}"


class AskingRent(models.Model):
    """What is asked for a vacant unit on ``[start, end)``; public, unlike the rents of leases."""

    unit = models.ForeignKey(
        "parks.Unit", models.PROTECT, related_name="asking_rents", verbose_name=_("unit")
    )
    rent = models.DecimalField(
        _("asking rent"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    rent_unit = models.CharField(_("rent unit"), max_length=10, choices=RentUnit)
    start = models.DateField(_("from"))
    end = models.DateField(_("to"), null=True, blank=True)

    objects = AskingRentQuerySet.as_manager()

    class Meta:
        verbose_name = _("asking rent")
        verbose_name_plural = _("asking rents")
        ordering = ["unit", "start"]
        constraints = [
            period_check("asking_rent_in_order"),
            NoOverlap(
                name="asking_rent_once_a_day", fields=["unit"],
                violation_error_message=_("The unit already has an asking rent on these days."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.unit} {self.rent}"
