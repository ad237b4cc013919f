"""People who registered themselves, and firms they say are theirs."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.models.tenant import Tenant
from tenants.querysets import ClaimQuerySet


class Account(models.Model):
    """What a self-registered person agreed to and when its address was confirmed.

    ``address``: the e-mail address it logs in with, in small letters. The user's name is a random
    one, as the trail keeps it for ever. ``erased_at``: the person asked to be forgotten; the user
    stays without a name, as the trail names it.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="account")
    address = models.EmailField(_("e-mail address"), unique=True, null=True)
    terms_version = models.CharField(_("version of the terms"), max_length=20)
    terms_accepted_at = models.DateTimeField(_("terms accepted"))
    registered_at = models.DateTimeField(_("registered"))
    confirmed_at = models.DateTimeField(_("address confirmed"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    class Meta:
        verbose_name = _("user account")
        verbose_name_plural = _("user accounts")
        constraints = [
            models.CheckConstraint(
                name="account_address_until_erased",
                condition=Q(erased_at__isnull=True, address__isnull=False)
                | Q(erased_at__isnull=False, address__isnull=True),
            )
        ]

    def __str__(self):
        return str(self.user)


class TenantClaim(models.Model):
    """``user`` says that it belongs to a tenant already known; the park's staff decide."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="claims")
    tenant = models.ForeignKey(
        Tenant, models.CASCADE, related_name="claims", verbose_name=_("tenant")
    )
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    made_at = models.DateTimeField(_("claimed"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted = models.BooleanField(_("confirmed"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim of a firm")
        verbose_name_plural = _("claims of firms")
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "tenant"], name="claim_once", condition=Q(decided_at__isnull=True),
                violation_error_message=_("You have already claimed this firm."),
            ),
            models.CheckConstraint(
                name="claim_decided_whole",
                condition=Q(decided_at__isnull=True, accepted__isnull=True)
                | Q(decided_at__isnull=False, accepted=True)
                | Q(decided_at__isnull=False, accepted=False) & ~Q(reason=""),
                violation_error_message=_("A claim is refused with a reason."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.user} {self.tenant}"
