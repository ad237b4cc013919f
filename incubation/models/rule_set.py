from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from incubation.querysets import RuleSetQuerySet
from incubation.rules.bodies import RuleSetBody
from parks.constraints import NoOverlap


class RuleSet(models.Model):
    """One version of a rule set; ``body`` is what a versioned file says and never changes.

    The columns beside it repeat what is asked for in queries. A version is in force on
    ``[effective_from, effective_to)``; the next version ends it. ``digest`` seals the body.
    """

    class Subject(models.TextChoices):
        CARRIER = "carrier", _("carrier")
        FIRM = "firm", _("firm")

    class Purpose(models.TextChoices):
        RECOGNITION = "recognition", _("recognition of a carrier")
        INCUBATED = "incubated", _("incubated firm")
        ENTRY = "entry", _("entry")
        GRADUATION = "graduation", _("graduation")

    code = models.SlugField(_("code"), max_length=60)
    version = models.PositiveSmallIntegerField(_("version"))
    subject = models.CharField(_("judges"), max_length=7, choices=Subject)
    purpose = models.CharField(_("purpose"), max_length=11, choices=Purpose)
    stage = models.CharField(_("stage"), max_length=12, blank=True, default="")
    kind = models.CharField(_("kind"), max_length=12, blank=True, default="")
    level = models.CharField(_("level"), max_length=10, blank=True, default="")
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force to"), null=True, blank=True)
    body = models.JSONField(_("rule set"), encoder=DjangoJSONEncoder)
    digest = models.CharField(max_length=64)
    reason = models.CharField(_("reason for this version"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made"))

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule set")
        verbose_name_plural = _("rule sets")
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="rule_set_version_unique"),
            models.CheckConstraint(
                name="rule_set_in_order",
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
            ),
            NoOverlap(
                name="rule_set_one_version_a_day",
                fields=["code"],
                start="effective_from",
                end="effective_to",
                violation_error_message=_("Another version is in force on these days."),
            ),
        ]

    def __str__(self):
        return f"{self.code} v{self.version}"

    @cached_property
    def rules(self) -> RuleSetBody:
        """The body as what ``incubation.rules.evaluate`` takes."""
        return RuleSetBody.from_mapping(self.body)

    @property
    def name(self) -> str:
        """In the active language."""
        return str(self.rules.name)
