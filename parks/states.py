"""The seven states of a unit on a day: word, colour, letter and pattern, once for every door.

Colours are safe for the colour-blind; letters and the hatching carry them in black and white.
Source: design notes of the pages, "States"; domain notes §4.
"""

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

    @property
    def colour(self) -> str:
        return COLOURS[self]

    @property
    def letter(self) -> str:
        return LETTERS[self]

    @property
    def hatched(self) -> bool:
        return self is UnitState.OUT_OF_USE


COLOURS = {
    UnitState.VACANT: "#009E73",
    UnitState.HELD: "#E69F00",
    UnitState.SIGNED: "#56B4E9",
    UnitState.LET: "#0072B2",
    UnitState.OWN_USE: "#8C8C8C",
    UnitState.SOLD: "#7A5195",
    UnitState.OUT_OF_USE: "#BFBFBF",
}
LETTERS = {
    UnitState.VACANT: "空",
    UnitState.HELD: "订",
    UnitState.SIGNED: "签",
    UnitState.LET: "租",
    UnitState.OWN_USE: "自",
    UnitState.SOLD: "售",
    UnitState.OUT_OF_USE: "停",
}
