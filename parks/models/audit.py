"""The append-only trail of every service act; written by ``parks.audit`` only."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from parks.querysets import AuditEntryQuerySet


class AuditEntry(models.Model):
    """One act on one object. ``digest`` covers the row and the digest before it."""

    sequence = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    actor_name = models.CharField(_("who"), max_length=150, blank=True)
    door = models.CharField(_("door"), max_length=10)
    action = models.CharField(_("act"), max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    object_name = models.CharField(_("object"), max_length=200)
    park = models.ForeignKey("parks.Park", models.PROTECT, null=True, blank=True, related_name="+")
    before = models.JSONField(_("before"), default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("after"), default=dict, encoder=DjangoJSONEncoder)
    reason = models.TextField(_("reason"), blank=True, default="")
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        ordering = ["-sequence"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_object")]

    def __str__(self):
        return f"{self.sequence} {self.action} {self.object_name}"


class AuditHead(models.Model):
    """The newest link of the chain: one row, locked by each writer."""

    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [models.CheckConstraint(name="audit_head_single", condition=models.Q(pk=1))]

    def __str__(self):
        return str(self.sequence)
