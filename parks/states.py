"""The seven states of a unit on a day: word, colour, letter and pattern, once for every door."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitState(models.TextChoices):
    VACANT = "vacant", _("vacant")
    HELD = "held", _("held")
    SIGNED = "signed", _("signed, not handed over")
    LET = "let", _("let")
    OWN_USE = "own_use", _("own use")
    SOLD = "sold", _("sold")
    OUT_OF_USE = "out_of_use", _("out of use")
