"""Mentors with their firms and sessions, and service events with attendance."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incubation.models.carrier import Carrier
from incubation.querysets import OfCarrierPeriodQuerySet, OfCarrierQuerySet
from parks.constraints import NoOverlap
from parks.periods import PeriodQuerySet, period_check


class Mentor(models.Model):
    """Somebody who is a carrier's mentor on the days ``[start, end)``."""

    carrier = models.ForeignKey(
        Carrier, models.PROTECT, related_name="mentors", verbose_name=_("carrier")
    )
    name = models.CharField(_("name"), max_length=40)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True, default="")
    speciality = models.CharField(_("speciality"), max_length=120, blank=True, default="")
    start = models.DateField(_("from"))
    end = models.DateField(_("to"), null=True, blank=True)

    objects = OfCarrierPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentor")
        verbose_name_plural = _("mentors")
        ordering = ["carrier", "name", "start"]
        constraints = [
            period_check("mentor_in_order"),
            NoOverlap(
                name="mentor_once_a_day",
                fields=["carrier", "name"],
                violation_error_message=_("This person is already a mentor of the carrier then."),
            ),
        ]

    def __str__(self):
        return self.name


class MentorPairing(models.Model):
    """The mentor looks after the tenant on the days ``[start, end)``."""

    mentor = models.ForeignKey(
        Mentor, models.PROTECT, related_name="pairings", verbose_name=_("mentor")
    )
    tenant = models.ForeignKey(
        "tenants.Tenant", models.PROTECT, related_name="mentor_pairings", verbose_name=_("tenant")
    )
    start = models.DateField(_("from"))
    end = models.DateField(_("to"), null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentor's firm")
        verbose_name_plural = _("mentors' firms")
        ordering = ["mentor", "start"]
        constraints = [
            period_check("mentor_pairing_in_order"),
            NoOverlap(
                name="mentor_pairing_once_a_day",
                fields=["mentor", "tenant"],
                violation_error_message=_("The mentor already looks after this tenant then."),
            ),
        ]

    def __str__(self):
        return f"{self.mentor} {self.tenant}"


class MentorSession(models.Model):
    mentor = models.ForeignKey(
        Mentor, models.PROTECT, related_name="sessions", verbose_name=_("mentor")
    )
    tenant = models.ForeignKey(
        "tenants.Tenant", models.PROTECT, related_name="mentor_sessions", verbose_name=_("tenant")
    )
    on = models.DateField(_("day"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), validators=[MinValueValidator(1)])
    subject = models.CharField(_("subject"), max_length=200)

    class Meta:
        verbose_name = _("mentor session")
        verbose_name_plural = _("mentor sessions")
        ordering = ["-on", "-pk"]

    def __str__(self):
        return f"{self.mentor} {self.on}"


class ServiceEvent(models.Model):
    """Something a carrier held for its tenants."""

    class Kind(models.TextChoices):
        TRAINING = "training", _("training")
        ROADSHOW = "roadshow", _("roadshow")
        FINANCE = "finance", _("meeting with investors")
        POLICY = "policy", _("policy briefing")
        EXCHANGE = "exchange", _("exchange")
        OTHER = "other", _("other event")

    carrier = models.ForeignKey(
        Carrier, models.PROTECT, related_name="events", verbose_name=_("carrier")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.TRAINING)
    on = models.DateField(_("day"))
    title = models.CharField(_("title"), max_length=200)
    held_by = models.CharField(_("held by"), max_length=120, blank=True, default="")
    people = models.PositiveIntegerField(_("people"), null=True, blank=True)

    objects = OfCarrierQuerySet.as_manager()

    class Meta:
        verbose_name = _("service event")
        verbose_name_plural = _("service events")
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "on", "title"],
                name="service_event_once",
                violation_error_message=_("This event is already recorded."),
            )
        ]

    def __str__(self):
        return self.title


class EventAttendance(models.Model):
    event = models.ForeignKey(
        ServiceEvent, models.CASCADE, related_name="attendance", verbose_name=_("event")
    )
    tenant = models.ForeignKey(
        "tenants.Tenant", models.PROTECT, related_name="attendance", verbose_name=_("tenant")
    )
    people = models.PositiveIntegerField(_("people"), default=1)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["event", "tenant"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "tenant"], name="attendance_once",
                violation_error_message=_("The tenant is already on the list."),
            ),
            models.CheckConstraint(name="attendance_of_somebody", condition=Q(people__gte=1)),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.event} {self.tenant}"
