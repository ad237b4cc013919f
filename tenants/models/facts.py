"""What is known about a tenant beside its space: names, people, qualifications, figures, visits."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parks.periods import period_check
from tenants.models.tenant import Tenant
from tenants.querysets import (
    FigureQuerySet,
    OfTenantPeriodQuerySet,
    OfTenantQuerySet,
    VisitQuerySet,
)


class TenantFormerName(models.Model):
    """The tenant bore ``name`` until day ``until`` (the first day it no longer did)."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="former_names")
    name = models.CharField(_("former name"), max_length=120, db_index=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = OfTenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        ordering = ["tenant", "-until", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name", "until"], name="former_name_once")
        ]

    def __str__(self):
        return self.name


class TenantPerson(models.Model):
    """Somebody of the tenant beside its main contact. Personal data: masked in lists."""

    class Role(models.TextChoices):
        LEGAL = "legal", _("legal representative")
        FOUNDER = "founder", _("founder")
        FINANCE = "finance", _("finance")
        SAFETY = "safety", _("safety")
        OTHER = "other", _("other role")

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="people")
    role = models.CharField(_("role"), max_length=8, choices=Role, default=Role.OTHER)
    name = models.CharField(_("name"), max_length=40)
    phone = models.CharField(_("telephone"), max_length=30, blank=True, default="")
    email = models.EmailField(_("e-mail"), blank=True, default="")
    note = models.CharField(_("note"), max_length=200, blank=True, default="")

    objects = OfTenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["tenant", "role", "name"]

    def __str__(self):
        return self.name


def evidence():
    """The file behind a fact, kept with the tenant's documents."""
    return models.ForeignKey(
        "tenants.Document", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("file that proves it"),
    )  # fmt: skip


class Qualification(models.Model):
    """A qualification held on the days ``[start, end)`` (domain notes §3)."""

    class Kind(models.TextChoices):
        SCIENCE_SME = "science_sme", _("science and technology SME")
        HIGH_TECH = "high_tech", _("high-tech enterprise")
        INNOVATIVE_SME = "innovative_sme", _("innovative SME")
        SPECIALISED_SME = "specialised_sme", _("specialised SME (provincial)")
        LITTLE_GIANT = "little_giant", _("little giant")
        CHAMPION = "champion", _("manufacturing champion")
        ABOVE_SCALE = "above_scale", _("industrial firm above scale")
        OTHER = "other", _("other qualification")

    tenant = models.ForeignKey(
        Tenant, models.PROTECT, related_name="qualifications", verbose_name=_("tenant")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    number = models.CharField(_("certificate number"), max_length=60, blank=True, default="")
    start = models.DateField(_("granted on"))
    end = models.DateField(_("lapses on"), null=True, blank=True)
    document = evidence()
    note = models.CharField(_("note"), max_length=200, blank=True, default="")

    objects = OfTenantPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        ordering = ["tenant", "-start", "kind"]
        constraints = [
            period_check("qualification_in_order"),
            models.UniqueConstraint(
                fields=["tenant", "kind", "start"],
                name="qualification_once_a_day",
                violation_error_message=_("This qualification is already recorded for that day."),
            ),
        ]

    def __str__(self):
        return f"{self.tenant} {self.get_kind_display()} {self.start}"


def yuan(label):
    return models.DecimalField(label, max_digits=16, decimal_places=2, null=True, blank=True)


def count(label):
    return models.PositiveIntegerField(label, null=True, blank=True)


class YearFigure(models.Model):
    """A tenant's figures of a year, money in yuan; None is unknown, never zero (domain notes §11).

    What a firm hands in itself counts once somebody of the park has confirmed it.
    ``asked_again``: what the park wants corrected; ``handed_in_on`` None: the park wrote it.
    """

    tenant = models.ForeignKey(
        Tenant, models.PROTECT, related_name="year_figures", verbose_name=_("tenant")
    )
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(1990), MaxValueValidator(2100)]
    )
    revenue = yuan(_("revenue (yuan)"))
    output_value = yuan(_("output value (yuan)"))
    rd_spending = yuan(_("R&D spending (yuan)"))
    net_profit = yuan(_("net profit (yuan)"))
    total_assets = yuan(_("total assets (yuan)"))
    tax_paid = yuan(_("tax paid (yuan)"))
    exports = yuan(_("exports (yuan)"))
    staff = count(_("people"))
    staff_degree = count(_("people with a college degree"))
    staff_graduates = count(_("new graduates taken on"))
    ip_applied = count(_("IP applied for"))
    ip_granted = count(_("IP granted"))
    ip_held = count(_("valid IP held"))
    number = models.CharField(
        _("number of the audit report"), max_length=60, blank=True, default=""
    )
    document = evidence()
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True, editable=False)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("handed in by"), editable=False,
    )  # fmt: skip
    handed_in_on = models.DateField(_("handed in on"), null=True, blank=True, editable=False)
    asked_again = models.CharField(
        _("to be corrected"), max_length=300, blank=True, default="", editable=False
    )

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figures of a year")
        verbose_name_plural = _("figures of years")
        ordering = ["tenant", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "year"],
                name="year_figure_once",
                violation_error_message=_("Figures of this year are already recorded."),
            ),
            models.CheckConstraint(
                name="year_figure_confirmed_or_asked_again",
                condition=Q(confirmed_on__isnull=True) | Q(asked_again=""),
                violation_error_message=_("What is to be corrected is not confirmed."),
            ),
        ]

    def __str__(self):
        return f"{self.tenant} {self.year}"


class Visit(models.Model):
    """A call on a tenant (domain notes §1.7)."""

    tenant = models.ForeignKey(
        Tenant, models.PROTECT, related_name="visits", verbose_name=_("tenant")
    )
    on = models.DateField(_("day"))
    visitor = models.CharField(_("visitor"), max_length=80)
    subject = models.CharField(_("subject"), max_length=200)
    note = models.TextField(_("note"), blank=True, default="")
    #: Somebody of the tenant reported it; None: the park's staff called on the tenant.
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("reported by"), editable=False,
    )  # fmt: skip

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-on", "-pk"]

    def __str__(self):
        return f"{self.tenant} {self.on}"


class VisitProblem(models.Model):
    """A problem raised on a visit, until it is solved."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="problems")
    text = models.CharField(_("problem"), max_length=300)
    handled_by = models.CharField(_("handled by"), max_length=80, blank=True, default="")
    solved_on = models.DateField(_("solved on"), null=True, blank=True)
    solution = models.CharField(_("solution"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        ordering = ["visit", "pk"]

    def __str__(self):
        return self.text
