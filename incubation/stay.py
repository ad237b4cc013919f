"""How long a tenant may stay in a carrier of a stage, and the day it is first due."""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext_lazy as _

from incubation.models.stage import Stage


@dataclass(frozen=True)
class Stay:
    """Whole months; ``special_months`` for the special fields. Not ``verified``: 待核."""

    months: int
    special_months: int
    source: str
    verified: bool = True


#: THE table of stays. What is not in a published rule is this product's default.
STAYS = {
    Stage.MAKERSPACE: Stay(24, 24, _("local rules for makerspaces")),
    Stage.INCUBATOR: Stay(48, 60, "国科发区〔2018〕300号"),
    Stage.ACCELERATOR: Stay(36, 36, _("this product's default"), verified=False),
}


def months_of(stage: str, special_field: str = "") -> int:
    stay = STAYS[Stage(stage)]
    return stay.special_months if special_field else stay.months


def first_due_on(stage: str, entered_on: date, special_field: str = "") -> date:
    """The day in the last month with the number of the day of entry, or that month's last day."""
    return entered_on + relativedelta(months=months_of(stage, special_field))
