"""How a tenant grows: money it was given, intellectual property, mergers and listings.

Each says what proves it: a number, a file among the tenant's documents, or both.
"""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenants.models.facts import evidence
from tenants.models.tenant import Tenant
from tenants.querysets import IntellectualPropertyQuerySet, OfTenantQuerySet


def proven(name):
    """There is a number or a file."""
    return models.CheckConstraint(
        name=name,
        condition=~Q(number="") | Q(document__isnull=False),
        violation_error_message=_("Say what proves it: give a number or a file."),
    )


class Funding(models.Model):
    """Money that came to the tenant on a day, in yuan."""

    class Kind(models.TextChoices):
        ANGEL = "angel", _("angel money")
        VENTURE = "venture", _("venture capital")
        EQUITY = "equity", _("other equity")
        LOAN = "loan", _("loan")
        GRANT = "grant", _("grant")

    #: Risk money, which counts towards graduation (国科发区〔2018〕300号).
    RISK = (Kind.ANGEL, Kind.VENTURE)

    class Source(models.TextChoices):
        OWN_FUND = "own_fund", _("the carrier's own or partnered fund")
        OTHER = "other", _("another source")

    tenant = models.ForeignKey(
        Tenant, models.PROTECT, related_name="fundings", verbose_name=_("tenant")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    on = models.DateField(_("day"))
    amount = models.DecimalField(
        _("amount (yuan)"), max_digits=16, decimal_places=2, validators=[MinValueValidator(0)]
    )
    investor = models.CharField(_("from whom"), max_length=120, blank=True, default="")
    source = models.CharField(
        _("source of the money"), max_length=8, choices=Source, default=Source.OTHER
    )
    number = models.CharField(_("number of the agreement"), max_length=60, blank=True, default="")
    document = evidence()
    note = models.CharField(_("note"), max_length=200, blank=True, default="")

    objects = OfTenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("funding")
        verbose_name_plural = _("fundings")
        ordering = ["tenant", "-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="funding_of_some_money",
                condition=Q(amount__gt=0),
                violation_error_message=_("The amount must be above zero."),
            ),
            proven("funding_proven"),
        ]

    def __str__(self):
        return f"{self.tenant} {self.get_kind_display()} {self.on}"


class IntellectualProperty(models.Model):
    """Applied for on a day; valid on ``[granted_on, end)`` once granted."""

    class Kind(models.TextChoices):
        INVENTION = "invention", _("invention patent")
        UTILITY = "utility", _("utility model")
        DESIGN = "design", _("design")
        SOFTWARE = "software", _("software copyright")
        CHIP = "chip", _("layout of an integrated circuit")
        PLANT = "plant", _("plant variety")
        OTHER = "other", _("other right")

    class State(models.TextChoices):
        AHEAD = "ahead", _("not applied for yet")
        APPLIED = "applied", _("applied for")
        VALID = "valid", _("valid")
        LAPSED = "lapsed", _("lapsed")

    tenant = models.ForeignKey(
        Tenant, models.PROTECT, related_name="intellectual_property", verbose_name=_("tenant")
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    number = models.CharField(
        pgettext_lazy("paper", "number"), max_length=60, blank=True, default=""
    )
    applied_on = models.DateField(_("applied for on"), null=True, blank=True)
    granted_on = models.DateField(_("granted on"), null=True, blank=True)
    end = models.DateField(_("lapses on"), null=True, blank=True)
    document = evidence()
    note = models.CharField(_("note"), max_length=200, blank=True, default="")

    objects = IntellectualPropertyQuerySet.as_manager()

    class Meta:
        verbose_name = _("intellectual property")
        verbose_name_plural = _("intellectual property")
        ordering = ["tenant", "-applied_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="ip_has_a_day",
                condition=Q(applied_on__isnull=False) | Q(granted_on__isnull=False),
                violation_error_message=_("Say when it was applied for or granted."),
            ),
            models.CheckConstraint(
                name="ip_in_order",
                condition=(
                    Q(applied_on__isnull=True)
                    | Q(granted_on__isnull=True)
                    | Q(granted_on__gte=F("applied_on"))
                )
                & (Q(end__isnull=True) | Q(granted_on__isnull=False) & Q(end__gt=F("granted_on"))),
                violation_error_message=_("It is applied for, then granted, then lapses."),
            ),
            models.UniqueConstraint(
                fields=["tenant", "kind", "number"],
                name="ip_number_once",
                condition=~Q(number=""),
                violation_error_message=_("This number is already recorded."),
            ),
            proven("ip_proven"),
        ]

    def __str__(self):
        return self.title

    def state_on(self, on) -> State:
        if self.granted_on and self.granted_on <= on:
            return self.State.LAPSED if self.end and self.end <= on else self.State.VALID
        return self.State.APPLIED if self.applied_on and self.applied_on <= on else self.State.AHEAD

    @property
    def identity(self) -> str:
        """What two records of the same right share: its number, else its title."""
        return self.number or self.title


class CorporateEvent(models.Model):
    """A merger, a listing, the end of the firm."""

    class Kind(models.TextChoices):
        MERGED = "merged", pgettext_lazy("firm", "merged")
        ACQUIRED = "acquired", _("acquired")
        LISTED = "listed", _("listed")
        DEREGISTERED = "deregistered", _("struck off the register")

    tenant = models.ForeignKey(
        Tenant, models.PROTECT, related_name="corporate_events", verbose_name=_("tenant")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    on = models.DateField(_("day"))
    partner = models.CharField(_("partner or market"), max_length=120, blank=True, default="")
    number = models.CharField(
        pgettext_lazy("paper", "number"), max_length=60, blank=True, default=""
    )
    document = evidence()
    note = models.CharField(_("note"), max_length=200, blank=True, default="")

    objects = OfTenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("merger or listing")
        verbose_name_plural = _("mergers and listings")
        ordering = ["tenant", "-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "kind", "on"],
                name="corporate_event_once",
                violation_error_message=_("This is already recorded for that day."),
            ),
            proven("corporate_event_proven"),
        ]

    def __str__(self):
        return f"{self.tenant} {self.get_kind_display()} {self.on}"
