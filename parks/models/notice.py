"""Warnings to people, made once each by ``daily`` and by services; and how they are delivered."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from parks.querysets import NoticeQuerySet


class Notice(models.Model):
    """Something a park's staff, or one person, should know.

    ``key`` makes it unique, so that the same warning is never raised twice. The words are made
    from ``kind`` and ``params`` in the reader's language (``parks.notices``); ``url`` leads there.
    ``about`` is the key of the row warned of, so that a reason can be asked for again.
    """

    park = models.ForeignKey(
        "parks.Park", models.CASCADE, null=True, blank=True, related_name="notices"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="notices"
    )
    kind = models.CharField(_("kind"), max_length=40)
    key = models.CharField(max_length=120, unique=True)
    about = models.BigIntegerField(null=True, blank=True)
    params = models.JSONField(default=dict, blank=True)
    url = models.CharField(max_length=200, blank=True, default="")
    due_on = models.DateField(_("due on"), null=True, blank=True)
    raised_on = models.DateField(_("raised on"))
    #: It went to ``user`` by a mail of its own, so that no digest repeats it.
    mailed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-raised_on", "due_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="notice_is_for_someone",
                condition=models.Q(park__isnull=False) | models.Q(user__isnull=False),
            )
        ]

    def __str__(self):
        return self.key


class NoticeReading(models.Model):
    """``user`` has put ``notice`` aside."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(_("read"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "user"], name="notice_read_once")]

    def __str__(self):
        return f"{self.notice_id} {self.user_id}"


class Subscription(models.Model):
    """How a person gets notices outside the pages: e-mail digest and a calendar's secret address."""

    class Digest(models.TextChoices):
        DAILY = "daily", _("every day")
        WEEKLY = "weekly", _("every Monday")
        NEVER = "never", _("never")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="subscription"
    )
    digest = models.CharField(
        _("e-mail digest"), max_length=8, choices=Digest, default=Digest.DAILY
    )
    language = models.CharField(_("language"), max_length=8, default="zh-hans")
    token = models.CharField(max_length=64, unique=True)
    token_made_at = models.DateTimeField(_("address made"))
    digest_sent_on = models.DateField(_("last digest"), null=True, blank=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")

    def __str__(self):
        return str(self.user)
