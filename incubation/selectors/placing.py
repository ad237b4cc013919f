"""What the pages of placing show: units to offer, the log of offers, where an application stands."""

from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil

from django.db.models import F

from incubation.fitting import against, lacking, term_of, words
from incubation.matching.parts import WEIGHTS, score, weighed
from incubation.models import Offer
from incubation.selectors.matching import place_of, question, spaces_of, why
from parks.models import Unit
from tenants.models import AskingRent, RentUnit
from tenants.selectors.free import contiguous

#: Codes of needs that several units meet by what they have together.
SUMMED = frozenset({"area", "desks", "power"})


def rents_asked(application, units, on) -> dict:
    """For each unit ``(rent, rent_unit)``: what is asked on ``on``, else the most it would pay."""
    asked = AskingRent.objects.active_on(on).filter(unit__in=units)
    found = {row.unit_id: (row.rent, row.rent_unit) for row in asked}
    wished = (application.rent_most or Decimal(0), RentUnit.M2_MONTH)
    return {unit.pk: found.get(unit.pk, wished) for unit in units}


@dataclass(slots=True)
class Choice:
    """A unit of the carrier, or adjoining ones: ``reasons`` why it does not fit, none where it does.

    ``joined``: those of ``reasons`` that others taken with it cannot mend.
    ``why``: what speaks for it, or is to be known. ``score``: how well it suits, 0 to 1, by the
    usual weights.
    """

    units: tuple
    reasons: list
    asked: AskingRent | None
    wished: bool
    taken: bool
    joined: list
    why: list
    score: Decimal
    marked: bool = False

    @property
    def unit(self):
        return self.units[0]

    @property
    def area_m2(self):
        return sum(unit.gross_area_m2 for unit in self.units)


def choices_for(application, on) -> list[Choice]:
    """The carrier's units for tenants: least against them first, then who suits best.

    A fixed number of queries.
    """
    return match(application, on)[0]


def match(application, on) -> tuple[list[Choice], list[Choice]]:
    """``choices_for``, and where none of them fits the best set of each floor.

    The sets are of units that adjoin and could be merged, none to spare, best first.
    """
    asked = question([application], spaces_of([application.carrier], on), on)
    scores = weighed(asked.parts, WEIGHTS)[0]
    found = []
    for n, units in enumerate(asked.places):
        reasons = against(application, units, asked.taken, on)
        found.append(Choice(
            units, [words(one) for one in reasons], asked.asked.get(units[0].pk),
            bool(asked.parts["wish"][0, n]), any(code == "taken" for code, _numbers in reasons),
            [words(one) for one in reasons if one[0] not in SUMMED], why(asked, 0, n), score(int(scores[n]), WEIGHTS),
        ))  # fmt: skip
    alone = len(asked.units)
    choices, sets = found[:alone], [
        one for one, fits in zip(found[alone:], asked.fits[0, alone:], strict=True) if fits
    ]  # fmt: skip
    choices.sort(key=lambda one: (len(one.reasons), -one.score, *place_of(one.unit)))
    sets.sort(key=lambda one: (-one.score, len(one.units), *place_of(one.unit)))
    of_floor = {}
    for one in sets:
        of_floor.setdefault(one.unit.floor_id, one)
    return choices, list(of_floor.values())


@dataclass(slots=True)
class Together:
    """Several units as one: ``reasons`` why they do not fit even so."""

    units: list
    area_m2: Decimal
    reasons: list


def wish_together(application) -> Together | None:
    """What the units wished for have together, should there be more than one. One query."""
    units = application.preferred_units.select_related("floor__building")
    units = list(units.defer("outline", "floor__outline", "floor__building__footprint"))
    if len(units) < 2:
        return None
    reasons = [words(one) for one in lacking(application, units)]
    return Together(units, sum(one.gross_area_m2 for one in units), reasons)


def together_for(application, choices, on) -> list:
    """The smallest adjoining sets of ``choices`` that are enough only together, one a building and
    across its floors.

    Those alone too small and otherwise fit (``tenants.selectors.free.contiguous``).
    """
    if not application.area_min_m2 or any(not one.reasons for one in choices):
        return []
    small = [
        one.unit.pk for one in choices
        if one.unit.gross_area_m2 < application.area_min_m2 and len(one.reasons) == 1
        and not one.taken
    ]  # fmt: skip
    start, months = term_of(application, on)
    months += ceil((start - on).days / 28)
    units = Unit.objects.filter(pk__in=small)
    return contiguous(units, area_m2=application.area_min_m2, by=on, months=months, limit=3)


def state_of(offer, on) -> str:
    """``open``, ``accepted``, ``declined``, ``retracted`` or ``lapsed`` on ``on``."""
    if offer.answer and offer.answered_on <= on:
        return offer.answer
    return "open" if offer.until > on else "lapsed"


@dataclass(slots=True)
class Told:
    """An offer as the log shows it; ``ahead``: who stood before, and why it was passed over."""

    offer: Offer
    state: str
    units: list
    ahead: list = field(default_factory=list)
    place: int | None = None


def told(offers, on) -> list[Told]:
    """``offers`` with application, units and those they came from loaded."""
    found = []
    for offer in offers:
        row = Told(offer, state_of(offer, on), [one.hold.unit for one in offer.units.all()])
        for one in offer.queue:
            if one["application"] == offer.application_id:
                row.place = one["place"]
            elif one["passed_over"]:
                reasons = "; ".join(words(reason) for reason in one["passed_over"])
                row.ahead.append((one["place"], one["number"], one["application"], reasons))
        found.append(row)
    return found


def with_all(offers):
    """Everything ``told`` needs in a fixed number of queries."""
    offers = offers.select_related(
        "application__tenant", "application__carrier__park", "made_by", "passed_from__application",
        "passed_to__application",
    ).defer("application__carrier__park__boundary")  # fmt: skip
    return offers.prefetch_related("units__hold__unit__floor__building")


def log_of(carrier, unit_kind, on):
    """The offers of one queue made by ``on``, the newest first."""
    rows = Offer.objects.filter(
        application__carrier=carrier, application__unit_kind=unit_kind, made_on__lte=on
    )
    return with_all(rows).order_by(F("made_at").desc(), "-pk")
