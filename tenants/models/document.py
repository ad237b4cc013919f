from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models.lease import Lease
from tenants.models.tenant import Tenant
from tenants.querysets import DocumentQuerySet


class StoredFile(models.Model):
    """A file kept outside what the web server serves.

    ``media_type`` is what the content says it is, not what the browser claimed. A removed one
    keeps its row and loses its file.
    """

    name = models.CharField(_("name"), max_length=200)
    file = models.FileField(_("file"), upload_to="documents/%Y/%m/", max_length=200, blank=True)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("size (bytes)"))
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField(_("added"))
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name


class Document(StoredFile):
    """A file that belongs to a lease or to a tenant."""

    class Kind(models.TextChoices):
        CONTRACT = "contract", _("signed contract")
        LICENCE = "licence", _("business licence")
        PLAN = "plan", _("drawing")
        PROTOCOL = "protocol", _("protocol")
        CERTIFICATE = "certificate", _("certificate")
        OTHER = "other", _("other document")

    lease = models.ForeignKey(
        Lease, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    tenant = models.ForeignKey(
        Tenant, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.OTHER)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="document_of_one_thing",
                condition=models.Q(lease__isnull=False, tenant__isnull=True)
                | models.Q(lease__isnull=True, tenant__isnull=False),
            )
        ]

    def __str__(self):
        return self.name
