from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.querysets import TenantQuerySet


class Tenant(models.Model):
    """A team or a firm. A team that registers a firm stays the same tenant."""

    class Kind(models.TextChoices):
        TEAM = "team", _("team")
        FIRM = "firm", _("firm")

    class Chain(models.TextChoices):
        """The five key chains of the district (domain notes §1.4)."""

        FOOD = "food", _("green food")
        STORAGE = "storage", _("advanced energy storage materials")
        TERMINAL = "terminal", _("smart terminals")
        ALLOY = "alloy", _("new alloys")
        MEDICAL = "medical", _("medicine and medical devices")

    kind = models.CharField(_("kind"), max_length=4, choices=Kind, default=Kind.FIRM)
    name = models.CharField(_("name"), max_length=120, db_index=True)
    uscc = models.CharField(
        _("unified social credit code"), max_length=18, null=True, blank=True, unique=True
    )
    uscc_override_reason = models.CharField(
        _("reason for a failing check character"), max_length=200, blank=True, default=""
    )
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    field = models.CharField(_("field"), max_length=60, blank=True, default="")
    industry_code = models.CharField(_("industry code"), max_length=5, blank=True, default="")
    chain = models.CharField(_("chain"), max_length=8, choices=Chain, blank=True, default="")
    contact_name = models.CharField(_("contact"), max_length=40, blank=True, default="")
    contact_phone = models.CharField(_("telephone"), max_length=30, blank=True, default="")
    home_park = models.ForeignKey(
        "parks.Park",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("park that keeps the record"),
    )
    users = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="tenants", blank=True, verbose_name=_("members")
    )
    external_id = models.CharField(_("identifier in the source file"), max_length=100, blank=True)
    #: Pinyin initials of the name and of former ones, for the search; written by the services.
    initials = models.CharField(max_length=400, blank=True, default="", editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged",
        verbose_name=_("merged into"), editable=False,
    )  # fmt: skip
    merged_on = models.DateField(_("merged on"), null=True, blank=True, editable=False)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("tenant")
        verbose_name_plural = _("tenants")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="tenant_team_has_no_code",
                condition=~Q(kind="team") | Q(uscc__isnull=True),
                violation_error_message=_("A team has no unified social credit code yet."),
            ),
            models.CheckConstraint(
                name="tenant_merged_into_another",
                condition=Q(merged_into__isnull=True, merged_on__isnull=True)
                | Q(merged_into__isnull=False, merged_on__isnull=False)
                & ~Q(merged_into=models.F("id")),
            ),
        ]

    def __str__(self):
        return self.name
