"""Carriers of incubation in parks: what they are, which space they use, who recognised them.

A carrier is open on ``[opened_on, closed_on)``; its name, operator and place are the newest ones,
earlier ones stand in ``changes``.
"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from incubation.duty import report_by
from incubation.models.stage import CarrierKind, Level, Stage
from incubation.querysets import (
    CarrierChangeQuerySet,
    CarrierQuerySet,
    OfCarrierPeriodQuerySet,
    OfCarrierQuerySet,
)
from parks.constraints import NoOverlap
from parks.periods import period_check


def count(label):
    return models.PositiveIntegerField(label, null=True, blank=True)


def yuan(label):
    return models.DecimalField(
        label, max_digits=16, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip


def year_field():
    return models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(1990), MaxValueValidator(2100)]
    )


class Carrier(models.Model):
    park = models.ForeignKey(
        "parks.Park", models.PROTECT, related_name="carriers", verbose_name=_("park")
    )
    name = models.CharField(_("name"), max_length=120)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage)
    kind = models.CharField(
        _("kind"), max_length=12, choices=CarrierKind, default=CarrierKind.GENERAL
    )
    field = models.CharField(_("field"), max_length=60, blank=True, default="")
    operator = models.CharField(_("operator"), max_length=120, blank=True, default="")
    address = models.CharField(_("place"), max_length=200, blank=True, default="")
    #: None: not known.
    own_legal_person = models.BooleanField(_("a legal person of its own"), null=True, blank=True)
    opened_on = models.DateField(_("runs since"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True, default="")

    objects = CarrierQuerySet.as_manager()

    class Meta:
        verbose_name = _("carrier")
        verbose_name_plural = _("carriers")
        ordering = ["park", "stage", "name"]
        constraints = [
            period_check("carrier_in_order", start="opened_on", end="closed_on"),
            models.UniqueConstraint(
                fields=["park", "name"],
                name="carrier_name_unique",
                violation_error_message=_("The park already has a carrier with this name."),
            ),
            models.CheckConstraint(
                name="carrier_specialised_in_a_field",
                condition=~Q(kind="specialised") | ~Q(field=""),
                violation_error_message=_("Say in which field the carrier is specialised."),
            ),
        ]

    def __str__(self):
        return self.name


class CarrierRecognition(models.Model):
    """Recognised or registered at a level on the days ``[start, end)``."""

    class Form(models.TextChoices):
        RECOGNISED = "recognised", _("recognised (认定)")
        REGISTERED = "registered", _("registered (备案)")

    carrier = models.ForeignKey(
        Carrier, models.PROTECT, related_name="recognitions", verbose_name=_("carrier")
    )
    level = models.CharField(_("level"), max_length=10, choices=Level)
    form = models.CharField(_("form"), max_length=10, choices=Form, default=Form.RECOGNISED)
    document = models.CharField(_("document"), max_length=120, blank=True, default="")
    start = models.DateField(_("from"))
    end = models.DateField(_("to"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True, default="")

    objects = OfCarrierPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("recognition")
        verbose_name_plural = _("recognitions")
        ordering = ["carrier", "start"]
        constraints = [
            period_check("recognition_in_order"),
            NoOverlap(
                name="recognition_once_a_day",
                fields=["carrier", "level"],
                violation_error_message=_("The carrier is already recognised at this level then."),
            ),
        ]

    def __str__(self):
        return f"{self.carrier} {self.get_level_display()}"


class CarrierGrade(models.Model):
    """The result of a year's evaluation; D is a failure, two in a row cost the status."""

    class Grade(models.TextChoices):
        A = "A", _("A (excellent)")
        B = "B", _("B (good)")
        C = "C", _("C (passed)")
        D = "D", _("D (failed)")

    carrier = models.ForeignKey(
        Carrier, models.PROTECT, related_name="grades", verbose_name=_("carrier")
    )
    level = models.CharField(_("level"), max_length=10, choices=Level)
    year = year_field()
    grade = models.CharField(_("grade"), max_length=1, choices=Grade)
    note = models.CharField(_("note"), max_length=200, blank=True, default="")

    objects = OfCarrierQuerySet.as_manager()

    class Meta:
        verbose_name = _("grade of a year")
        verbose_name_plural = _("grades of years")
        ordering = ["carrier", "level", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "level", "year"],
                name="carrier_grade_once",
                violation_error_message=_("This year's grade is already recorded."),
            )
        ]

    def __str__(self):
        return f"{self.carrier} {self.year} {self.grade}"


class CarrierSpace(models.Model):
    """The carrier uses the unit for ``purpose`` on the days ``[start, end)``."""

    class Purpose(models.TextChoices):
        TENANTS = "tenants", _("for tenants")
        PUBLIC_SERVICE = "public_service", _("for public service")
        MANAGEMENT = "management", _("for the management")

    carrier = models.ForeignKey(
        Carrier, models.PROTECT, related_name="spaces", verbose_name=_("carrier")
    )
    unit = models.ForeignKey(
        "parks.Unit", models.PROTECT, related_name="carrier_spaces", verbose_name=_("unit")
    )
    purpose = models.CharField(
        _("purpose"), max_length=14, choices=Purpose, default=Purpose.TENANTS
    )
    start = models.DateField(_("from"))
    end = models.DateField(_("to"), null=True, blank=True)

    objects = OfCarrierPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("space of a carrier")
        verbose_name_plural = _("space of carriers")
        ordering = ["carrier", "unit", "start"]
        constraints = [
            period_check("carrier_space_in_order"),
            NoOverlap(
                name="carrier_space_once_a_day",
                fields=["unit"],
                violation_error_message=_("The unit belongs to a carrier on some of these days."),
            ),
        ]

    def __str__(self):
        return f"{self.carrier} {self.unit}"


class CarrierYear(models.Model):
    """A carrier's figures of a year, money in yuan; None is unknown, never zero (domain §11)."""

    carrier = models.ForeignKey(
        Carrier, models.PROTECT, related_name="years", verbose_name=_("carrier")
    )
    year = year_field()
    staff = count(_("staff"))
    full_time_staff = count(_("full-time staff"))
    professional_staff = count(_("professional service staff"))
    fund = yuan(_("seed money or partnered fund (yuan)"))
    fund_cases = count(_("cases of fund use"))
    typical_cases = count(_("typical cases"))
    income_rent = yuan(_("income from rent and property fees (yuan)"))
    income_services = yuan(_("income from services (yuan)"))
    income_investment = yuan(_("income from investment (yuan)"))
    income_grants = yuan(_("grants (yuan)"))
    income_other = yuan(_("other income (yuan)"))
    cost = yuan(_("cost (yuan)"))
    tax = yuan(_("tax paid (yuan)"))
    tax_relief = yuan(_("tax relief (yuan)"))
    technical_platform = models.BooleanField(_("public technical platform"), null=True, blank=True)
    service_income_separate = models.BooleanField(
        _("service income accounted for separately"), null=True, blank=True
    )
    statistics_complete = models.BooleanField(
        _("statistics handed in, true and complete"), null=True, blank=True
    )
    evidence = models.CharField(_("evidence (number or file)"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True, default="")

    objects = OfCarrierQuerySet.as_manager()

    class Meta:
        verbose_name = _("carrier's figures of a year")
        verbose_name_plural = _("carriers' figures of years")
        ordering = ["carrier", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "year"],
                name="carrier_year_once",
                violation_error_message=_("Figures of this year are already recorded."),
            )
        ]

    def __str__(self):
        return f"{self.carrier} {self.year}"


class CarrierChange(models.Model):
    """Name, operator, area or place became another on ``effective_on``.

    It is to be reported within 3 months (国科发区〔2018〕300号).
    """

    class What(models.TextChoices):
        NAME = "name", _("name")
        OPERATOR = "operator", _("operator")
        AREA = "area", _("area")
        ADDRESS = "address", _("place")

    carrier = models.ForeignKey(
        Carrier, models.PROTECT, related_name="changes", verbose_name=_("carrier")
    )
    what = models.CharField(_("what changed"), max_length=8, choices=What)
    effective_on = models.DateField(_("effective on"))
    before = models.CharField(_("before"), max_length=200, blank=True)
    after = models.CharField(_("after"), max_length=200, blank=True)
    reported_on = models.DateField(_("reported on"), null=True, blank=True)
    report_number = models.CharField(_("number of the report"), max_length=60, blank=True)

    objects = CarrierChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a carrier")
        verbose_name_plural = _("changes of carriers")
        ordering = ["carrier", "-effective_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "what", "effective_on"],
                name="carrier_change_once_a_day",
            ),
            models.CheckConstraint(
                name="carrier_change_reported_after",
                condition=Q(reported_on__isnull=True) | Q(reported_on__gte=F("effective_on")),
                violation_error_message=_("A change is reported on its day or later."),
            ),
        ]

    def __str__(self):
        return f"{self.carrier} {self.get_what_display()} {self.effective_on}"

    @property
    def report_by(self):
        return report_by(self.effective_on)
