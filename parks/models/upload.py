"""A file somebody handed in, kept until it is decided; and what an applied one did."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parks.querysets import UploadQuerySet


class Upload(models.Model):
    """Where it stands follows from its moments: checked, applied, undone or discarded.

    ``done`` of ``total`` rows and ``phase`` tell how far the work under way has come; ``beat_at``
    is its last sign of life. ``report`` is what the check found, as the pages and the API show it.
    """

    class Kind(models.TextChoices):
        LEDGER = "ledger", _("ledger")
        GEO = "geo", _("GIS file")
        PAPER = "paper", _("document of a form")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    park = models.ForeignKey(
        "parks.Park", models.PROTECT, null=True, blank=True, related_name="uploads",
        verbose_name=_("park"),
    )  # fmt: skip
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("who"),
    )  # fmt: skip
    file = models.FileField(_("file"), upload_to="uploads/%Y/%m/", max_length=200)
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size (bytes)"))
    sha256 = models.CharField(max_length=64)
    options = models.JSONField(default=dict, blank=True)
    report = models.JSONField(default=dict, blank=True)
    uploaded_at = models.DateTimeField(_("handed in"))
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    discarded_at = models.DateTimeField(_("discarded"), null=True, blank=True)
    phase = models.CharField(max_length=20, blank=True, default="")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    beat_at = models.DateTimeField(null=True, blank=True)
    failure = models.TextField(blank=True, default="")

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="upload_undone_after_applied",
                condition=Q(undone_at__isnull=True) | Q(applied_at__isnull=False),
            ),
            models.CheckConstraint(
                name="upload_applied_or_discarded",
                condition=Q(applied_at__isnull=True) | Q(discarded_at__isnull=True),
            ),
        ]

    def __str__(self):
        return self.name


class UploadAct(models.Model):
    """An entry of the trail that applying ``upload`` made; undoing walks them backwards."""

    upload = models.ForeignKey(Upload, models.PROTECT, related_name="acts")
    entry = models.OneToOneField("parks.AuditEntry", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["entry"]

    def __str__(self):
        return f"{self.upload} {self.entry_id}"
