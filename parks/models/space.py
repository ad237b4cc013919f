"""Park → building → floor → unit, each unit from its first day to its last.

Areas stand side by side and none is derived from another silently (domain notes §4).
"""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parks.constraints import NoOverlap
from parks.fields import GeometryField
from parks.periods import period_check
from parks.querysets import (
    BuildingQuerySet,
    FloorQuerySet,
    ParkQuerySet,
    UnitChangeQuerySet,
    UnitClosureQuerySet,
    UnitFormerNumberQuerySet,
    UnitQuerySet,
)

code_validator = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9_-]*\Z", _("Use letters, digits, hyphen and underscore only.")
)


class GeometrySource(models.TextChoices):
    SURVEYED = "surveyed", _("surveyed")
    IMPORTED = "imported", _("imported")
    INDICATIVE = "indicative", _("indicative")


class AreaSource(models.TextChoices):
    SURVEYED = "surveyed", _("surveyed area")
    ESTIMATED = "estimated", _("estimated area")


class FireClass(models.TextChoices):
    """Fire hazard of production: a building of one class may host that class and the lower ones."""

    A = "A", _("class A (甲)")
    B = "B", _("class B (乙)")
    C = "C", _("class C (丙)")
    D = "D", _("class D (丁)")
    E = "E", _("class E (戊)")


class UnitKind(models.TextChoices):
    WORKSHOP = "workshop", _("workshop")
    OFFICE = "office", _("office")
    LAB = "lab", _("laboratory")
    DESK = "desk", _("desk")
    STORAGE = "storage", _("storage")
    SHOP = "shop", _("shop")
    DORMITORY = "dormitory", _("dormitory")
    OTHER = "other", _("other space")


class Tenure(models.TextChoices):
    HELD = "held", _("held by the park")
    MANAGED = "managed", _("managed for an owner")


def area_field(label, **options):
    return models.DecimalField(
        label, max_digits=12, decimal_places=2, validators=[MinValueValidator(0)], **options
    )


def days_field(label, default):
    """A number of days, at least one."""
    return models.PositiveSmallIntegerField(
        label, default=default, validators=[MinValueValidator(1), MaxValueValidator(3650)]
    )


def source_field():
    return models.CharField(
        _("geometry source"), max_length=12, choices=GeometrySource, blank=True, default=""
    )


class Park(models.Model):
    code = models.CharField(_("code"), max_length=20, unique=True, validators=[code_validator])
    name = models.CharField(_("name"), max_length=100)
    name_verified = models.BooleanField(_("name verified"), default=True)
    operator = models.CharField(_("operator"), max_length=100, blank=True, default="")
    street_code = models.CharField(
        _("street code"),
        max_length=9,
        blank=True,
        default="",
        validators=[RegexValidator(r"^\d{9}\Z", _("A street code has nine digits."))],
    )
    address = models.CharField(_("address"), max_length=200, blank=True, default="")
    land_area_mu = models.DecimalField(
        _("land area (mu)"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    boundary = GeometryField(_("boundary"), null=True, blank=True)
    geometry_source = source_field()
    staff = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="parks", blank=True, verbose_name=_("staff")
    )
    first_warning_days = days_field(_("first warning before a lease ends (days)"), 90)
    second_warning_days = days_field(_("second warning (days)"), 60)
    last_warning_days = days_field(_("last warning (days)"), 30)
    hold_warning_days = days_field(_("warning before a hold lapses (days)"), 7)
    rent_free_warning_days = days_field(_("warning before rent-free days end (days)"), 30)
    vacant_days = days_field(_("a unit stands empty long after (days)"), 90)
    figures_due_days = days_field(_("yearly figures due after the year's end (days)"), 90)

    objects = ParkQuerySet.as_manager()

    class Meta:
        verbose_name = _("park")
        verbose_name_plural = _("parks")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="park_warnings_in_order",
                condition=Q(first_warning_days__gt=models.F("second_warning_days"))
                & Q(second_warning_days__gt=models.F("last_warning_days")),
                violation_error_message=_("Each warning must come later than the one before it."),
            )
        ]

    def __str__(self):
        return self.name


class Building(models.Model):
    park = models.ForeignKey(Park, models.PROTECT, related_name="buildings", verbose_name=_("park"))
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100)
    use = models.CharField(_("use"), max_length=12, choices=UnitKind, default=UnitKind.WORKSHOP)
    fire_class = models.CharField(
        _("fire hazard class"), max_length=1, choices=FireClass, blank=True, default=""
    )
    completed_on = models.DateField(_("completed on"), null=True, blank=True)
    footprint = GeometryField(_("footprint"), null=True, blank=True)
    geometry_source = source_field()
    external_id = models.CharField(_("identifier in the source file"), max_length=100, blank=True)

    objects = BuildingQuerySet.as_manager()

    class Meta:
        verbose_name = _("building")
        verbose_name_plural = _("buildings")
        ordering = ["park", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["park", "code"],
                name="building_code_unique",
                violation_error_message=_("The park already has a building with this code."),
            )
        ]

    def __str__(self):
        return self.name


class Floor(models.Model):
    """``ordinal`` counts storeys from the ground: 1 is 1F, −1 is B1; imported plans may have 0."""

    building = models.ForeignKey(
        Building, models.PROTECT, related_name="floors", verbose_name=_("building")
    )
    ordinal = models.SmallIntegerField(_("storey"))
    name = models.CharField(_("name"), max_length=40)
    outline = GeometryField(_("outline"), null=True, blank=True)
    geometry_source = source_field()
    external_id = models.CharField(_("identifier in the source file"), max_length=100, blank=True)

    objects = FloorQuerySet.as_manager()

    class Meta:
        verbose_name = _("floor")
        verbose_name_plural = _("floors")
        ordering = ["building", "ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["building", "ordinal"],
                name="floor_ordinal_unique",
                violation_error_message=_("The building already has this storey."),
            )
        ]

    def __str__(self):
        return self.name


class UnitChange(models.Model):
    """A split or merge: ``sources`` end and ``results`` begin on ``effective_on``."""

    class Kind(models.TextChoices):
        SPLIT = "split", _("split")
        MERGE = "merge", _("merge")

    park = models.ForeignKey(Park, models.PROTECT, related_name="unit_changes")
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    effective_on = models.DateField(_("effective on"))
    planned_on = models.DateField(_("planned on"))
    cancelled_on = models.DateField(_("cancelled on"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True, default="")

    objects = UnitChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("split or merge")
        verbose_name_plural = _("splits and merges")
        ordering = ["effective_on", "pk"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.effective_on}"


class Unit(models.Model):
    """Something to let, from a desk to a storey, on the days ``[exists_from, exists_to)``.

    ``number`` is the newest one, borne from ``numbered_from``; earlier ones keep their days in
    ``former_numbers``.
    """

    floor = models.ForeignKey(Floor, models.PROTECT, related_name="units", verbose_name=_("floor"))
    number = models.CharField(_("number"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12, choices=UnitKind, default=UnitKind.OFFICE)
    tenure = models.CharField(_("tenure"), max_length=8, choices=Tenure, default=Tenure.HELD)
    gross_area_m2 = area_field(_("gross area (m²)"))
    net_area_m2 = area_field(_("net area (m²)"), null=True, blank=True)
    shared_area_m2 = area_field(_("shared area (m²)"), null=True, blank=True)
    billable_area_m2 = area_field(_("billable area (m²)"), null=True, blank=True)
    area_source = models.CharField(
        _("area source"), max_length=10, choices=AreaSource, default=AreaSource.ESTIMATED
    )
    seats = models.PositiveIntegerField(_("number of desks"), default=0)
    clear_height_m = models.DecimalField(
        _("clear height (m)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    floor_load_kn_m2 = models.DecimalField(
        _("floor load (kN/m²)"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    power_kva = models.DecimalField(
        _("power (kVA)"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    column_grid = models.CharField(_("column grid"), max_length=40, blank=True, default="")
    goods_lift = models.BooleanField(_("goods lift"), default=False)
    drainage = models.BooleanField(_("process drainage"), default=False)
    exists_from = models.DateField(_("exists from"))
    numbered_from = models.DateField(_("bears this number from"))
    exists_to = models.DateField(_("exists to"), null=True, blank=True)
    listed = models.BooleanField(_("listed when vacant"), default=True)
    outline = GeometryField(_("outline"), null=True, blank=True)
    geometry_source = source_field()
    external_id = models.CharField(_("identifier in the source file"), max_length=100, blank=True)
    begun_by = models.ForeignKey(
        UnitChange, models.PROTECT, null=True, blank=True, related_name="results"
    )
    ended_by = models.ForeignKey(
        UnitChange, models.SET_NULL, null=True, blank=True, related_name="sources"
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["floor", "number", "pk"]
        constraints = [
            period_check("unit_exists_in_order", start="exists_from", end="exists_to"),
            models.CheckConstraint(
                name="unit_gross_area_positive",
                condition=Q(gross_area_m2__gt=0),
                violation_error_message=_("The gross area must be above zero."),
            ),
            period_check("unit_number_in_order", start="numbered_from", end="exists_to"),
            NoOverlap(
                name="unit_number_once_a_day",
                fields=["floor", "number"],
                start="numbered_from",
                end="exists_to",
                violation_error_message=_("Another unit of this floor bears this number then."),
            ),
        ]

    def __str__(self):
        return self.number


class UnitFormerNumber(models.Model):
    """The unit bore ``number`` on the days ``[start, end)``."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="former_numbers")
    number = models.CharField(_("former number"), max_length=40, db_index=True)
    start = models.DateField(_("from"))
    end = models.DateField(_("to"))

    objects = UnitFormerNumberQuerySet.as_manager()

    class Meta:
        verbose_name = _("former number")
        verbose_name_plural = _("former numbers")
        ordering = ["unit", "start"]
        constraints = [
            period_check("former_number_in_order"),
            NoOverlap(name="former_number_once_a_day", fields=["unit"]),
        ]

    def __str__(self):
        return self.number


class UnitClosure(models.Model):
    """Why a unit is not for letting on the days ``[start, end)``; a sale has no end."""

    class Reason(models.TextChoices):
        OUT_OF_USE = "out_of_use", _("out of use")
        OWN_USE = "own_use", _("own use")
        PUBLIC_SERVICE = "public_service", _("public service")
        SOLD = "sold", _("sold")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="closures", verbose_name=_("unit"))
    reason = models.CharField(_("reason"), max_length=14, choices=Reason)
    start = models.DateField(_("from"))
    end = models.DateField(_("to"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True, default="")

    objects = UnitClosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["unit", "start"]
        constraints = [
            period_check("closure_in_order"),
            NoOverlap(
                name="closure_once_a_day",
                fields=["unit"],
                violation_error_message=_("The unit is already closed on some of these days."),
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.get_reason_display()}"
