"""Does a carrier take applications on a day?"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from incubation.models import Call, Intake
from incubation.selectors.intake import intake_of


@dataclass(frozen=True, slots=True)
class Taking:
    """``call``: the one that is open, or for a closed carrier the next one; ``against``: why not."""

    intake: Intake
    call: Call | None
    against: str

    @property
    def open(self) -> bool:
        return not self.against


def taking(carrier, on) -> Taking:
    intake = intake_of(carrier)
    calls = carrier.calls.filter(closes_on__gt=on).order_by("opens_on")
    return _taking(carrier, intake, calls.first() if intake.mode == Intake.Mode.CALLS else None, on)


def taking_of(carriers, on) -> dict[int, Taking]:
    """By key of each carrier; two queries."""
    keys = [carrier.pk for carrier in carriers]
    intakes = {one.carrier_id: one for one in Intake.objects.filter(carrier__in=keys)}
    calls = {}
    for one in Call.objects.filter(carrier__in=keys, closes_on__gt=on).order_by("-opens_on"):
        calls[one.carrier_id] = one
    found = {}
    for carrier in carriers:
        intake = intakes.get(carrier.pk) or Intake(carrier=carrier)
        call = calls.get(carrier.pk) if intake.mode == Intake.Mode.CALLS else None
        found[carrier.pk] = _taking(carrier, intake, call, on)
    return found


def _taking(carrier, intake, call, on) -> Taking:
    against = ""
    if carrier.opened_on > on:
        against = _("It opens on %(day)s.") % {"day": carrier.opened_on}
    elif carrier.closed_on:
        against = _("It closes on %(day)s; nobody is admitted any more.") % {
            "day": carrier.closed_on
        }
    elif intake.mode == Intake.Mode.CLOSED:
        against = _("It takes no applications at present.")
    elif intake.mode == Intake.Mode.CALLS and call is None:
        against = _("It takes applications in calls; none is announced.")
    elif call and call.opens_on > on:
        against = _("It takes applications in calls; the next opens on %(day)s.") % {
            "day": call.opens_on
        }
    return Taking(intake, call, against)
