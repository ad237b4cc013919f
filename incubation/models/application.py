"""A team or firm applies to a carrier: what it says and wants, and every step since.

The state on a day follows from the last step by that day (``ApplicationQuerySet.with_state``);
no column holds it.
"""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from incubation import workflow
from incubation.models.carrier import Carrier
from incubation.models.intake import Call
from incubation.models.residency import Residency
from incubation.querysets import (
    ApplicationQuerySet,
    OfApplicationQuerySet,
    PaperQuerySet,
    StepQuerySet,
)
from parks.models.space import FireClass, UnitKind
from tenants.models.document import StoredFile


class Application(models.Model):
    """A draft lacks what it lacks; ``submit`` asks for the rest. ``closed_on``: day of the last step."""

    class Commitment(models.TextChoices):
        """What an applicant promises before it sends."""

        TRUE_DATA = "true_data", _("What we say here is true and complete.")
        REGISTER = "register", _("We register and mainly work in the carrier once admitted.")
        SAFETY = "safety", _("We keep the rules of fire safety, safe production and environment.")
        NO_SUBLET = "no_sublet", _("We do not sublet or lend the space.")
        STATISTICS = "statistics", _("We hand in the yearly figures.")

    number = models.CharField(_("number"), max_length=30, unique=True)
    tenant = models.ForeignKey(
        "tenants.Tenant", models.PROTECT, related_name="applications", verbose_name=_("applicant")
    )
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("written by"),
    )  # fmt: skip
    carrier = models.ForeignKey(
        Carrier, models.PROTECT, related_name="applications", verbose_name=_("carrier")
    )
    call = models.ForeignKey(
        Call, models.PROTECT, null=True, blank=True, related_name="applications",
        verbose_name=_("call"),
    )  # fmt: skip
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="later",
        verbose_name=_("earlier application"),
    )  # fmt: skip

    title = models.CharField(_("name of the project"), max_length=120, blank=True, default="")
    summary = models.TextField(_("what the project is"), max_length=3000, blank=True, default="")
    technology = models.TextField(
        _("technology and intellectual property"), max_length=3000, blank=True, default=""
    )
    team = models.TextField(_("team"), max_length=3000, blank=True, default="")
    market = models.TextField(
        _("market and business model"), max_length=3000, blank=True, default=""
    )
    finance = models.TextField(_("finance and funding"), max_length=3000, blank=True, default="")
    safety = models.TextField(
        _("use of the space, safety and environment"), max_length=3000, blank=True, default=""
    )
    people = models.PositiveIntegerField(_("people who will work here"), null=True, blank=True)
    special_field = models.CharField(
        _("special field"), max_length=12, choices=Residency.SpecialField, blank=True, default=""
    )

    unit_kind = models.CharField(
        _("kind of space"), max_length=12, choices=UnitKind, blank=True, default=""
    )
    area_min_m2 = models.DecimalField(
        _("area from (㎡)"), max_digits=10, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )  # fmt: skip
    area_max_m2 = models.DecimalField(
        _("area to (㎡)"), max_digits=10, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )  # fmt: skip
    desks = models.PositiveIntegerField(_("desks"), null=True, blank=True)
    floor_load_kn_m2 = models.DecimalField(
        _("floor load at least (kN/㎡)"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    clear_height_m = models.DecimalField(
        _("clear height at least (m)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    power_kva = models.DecimalField(
        _("power at least (kVA)"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    fire_class = models.CharField(
        _("fire class of the production"), max_length=1, choices=FireClass, blank=True, default=""
    )
    goods_lift = models.BooleanField(_("goods lift needed"), default=False)
    drainage = models.BooleanField(_("process drainage needed"), default=False)
    move_in_on = models.DateField(_("move in on"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(
        _("months of the lease"), null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
    )  # fmt: skip
    rent_most = models.DecimalField(
        _("rent at most (元/㎡·month)"), max_digits=8, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    preferred_units = models.ManyToManyField(
        "parks.Unit", blank=True, related_name="+", verbose_name=_("units wished for")
    )
    commitments = models.JSONField(_("commitments"), default=list, blank=True)
    saved_at = models.DateTimeField(_("last saved"))

    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)
    residency = models.OneToOneField(
        Residency, models.SET_NULL, null=True, blank=True, editable=False,
        related_name="application", verbose_name=_("residency"),
    )  # fmt: skip
    lease = models.OneToOneField(
        "tenants.Lease", models.SET_NULL, null=True, blank=True, editable=False,
        related_name="application", verbose_name=_("lease"),
    )  # fmt: skip

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "carrier"], name="application_one_open",
                condition=Q(closed_on__isnull=True),
                violation_error_message=_("An application to this carrier is already under way."),
            ),
            models.CheckConstraint(
                name="application_area_in_order",
                condition=Q(area_min_m2__isnull=True) | Q(area_max_m2__isnull=True)
                | Q(area_max_m2__gte=F("area_min_m2")),
                violation_error_message=_("The largest area is not below the smallest."),
            ),
            models.CheckConstraint(
                name="application_not_before_itself",
                condition=Q(previous__isnull=True) | ~Q(previous=F("id")),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.number} {self.tenant}"


class ApplicationStep(models.Model):
    """From ``source`` to ``target`` by ``act``; ``until``: the day the target ends by itself.

    Steps are numbered without gaps, so of two people who act at once one is refused.
    ``content``: on submitting, what was submitted. ``details``: what the act adds, such as the
    list of what to amend.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="steps")
    sequence = models.PositiveSmallIntegerField(_("number"))
    act = models.CharField(
        _("act"), max_length=12, choices=[(act.key, act.label) for act in workflow.ACTS.values()]
    )
    source = models.CharField(_("from"), max_length=10, blank=True, default="")
    target = models.CharField(_("to"), max_length=10, choices=workflow.State)
    until = models.DateField(_("until"), null=True, blank=True)
    on = models.DateField(_("day"))
    at = models.DateTimeField(_("moment"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip
    opinion = models.TextField(_("opinion"), blank=True, default="")
    details = models.JSONField(default=dict, blank=True)
    content = models.JSONField(null=True, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of an application")
        verbose_name_plural = _("steps of applications")
        ordering = ["application", "sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "sequence"], name="application_step_sequence"
            ),
            models.CheckConstraint(name="application_step_allowed", condition=workflow.allowed()),
            models.CheckConstraint(
                name="application_step_opinion",
                condition=~Q(act__in=workflow.needs_opinion()) | ~Q(opinion=""),
                violation_error_message=_("This step needs an opinion."),
            ),
            models.CheckConstraint(
                name="application_step_until",
                condition=Q(until__isnull=True) & ~Q(target__in=[str(s) for s in workflow.FALLS])
                | Q(until__isnull=False, until__gt=F("on"))
                & Q(target__in=[str(s) for s in workflow.FALLS]),
            ),
        ]

    def __str__(self):
        return f"{self.application_id} {self.sequence} {self.act}"


class ApplicationDocument(StoredFile):
    class Kind(models.TextChoices):
        LICENCE = "licence", _("business licence")
        PLAN = "plan", _("business plan")
        IP = "ip", _("intellectual property")
        ACCOUNTS = "accounts", _("financial statements")
        OTHER = "other", _("other document")

    application = models.ForeignKey(Application, models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.OTHER)
    #: It names the applicant and is kept from reviewers who see no names.
    names_applicant = models.BooleanField(_("names the applicant"), default=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of an application")
        verbose_name_plural = _("documents of applications")
        ordering = ["application", "kind", "pk"]
        constraints = [
            models.CheckConstraint(
                name="application_document_has_file",
                condition=~Q(file="") | Q(removed_at__isnull=False),
            )
        ]

    def __str__(self):
        return self.name


class ApplicationMessage(models.Model):
    """Between the applicant and the carrier's staff, seen by both."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="messages")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip
    from_applicant = models.BooleanField(_("from the applicant"))
    at = models.DateTimeField(_("moment"))
    text = models.TextField(_("message"), max_length=2000)

    objects = OfApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(name="application_message_text", condition=~Q(text=""))
        ]

    def __str__(self):
        return self.text[:40]
