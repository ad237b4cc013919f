"""What the page of an allocation shows: its rows in words, and what each weight does."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from incubation.fitting import WORDS
from incubation.matching.parts import WHOLE, score
from incubation.models import AllocationRow
from incubation.selectors.placing import state_of
from parks.models import Unit

NAMES = {
    "area": _("Use of the area"), "price": _("Price"), "stage": _("Stage"), "chain": _("Chain"),
    "wish": _("Units wished for"), "waiting": _("Time waited"),
}  # fmt: skip
MEANINGS = {
    "area": _("The share of the unit that is asked for: the less is left over the better."),
    "price": _("Whole where the rent asked is at most what the applicant would pay, nothing at "
               "twice that, half where no rent is asked yet."),
    "stage": _("Teams suit a makerspace, firms of up to 24 months an incubator, older ones an "
               "accelerator; half one stage off."),
    "chain": _("The share of the firms in the building that are of the applicant's chain."),
    "wish": _("Whole for a unit that the applicant wished for."),
    "waiting": _("Whole for who waits longest, falling evenly to the last."),
}  # fmt: skip
#: Why units were left out, without the numbers of each.
SHORT = {
    "kind": _("another kind of space"), "area": _("too small"), "desks": _("too few desks"),
    "floor_load": _("the floor bears too little"), "clear_height": _("too low"),
    "power": _("too little power"), "fire_class": WORDS["fire_class"],
    "goods_lift": WORDS["goods_lift"], "drainage": WORDS["drainage"],
    "taken": _("not free for the term"), "declined": WORDS["declined"],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """``units``: in the order of their numbers; ``parts``: ``(name, share of 1)``; ``state``: of its offer, "" while there is none."""

    row: AllocationRow
    units: list
    parts: list
    reasons: list
    state: str
    left: Decimal | None

    @property
    def area_m2(self) -> Decimal:
        return area_of(self.units)


@dataclass(frozen=True, slots=True)
class Weight:
    """``mean`` of the part over all placed, ``adds`` to the total; ``trial``: without the weight."""

    name: str
    label: str
    weight: int
    mean: Decimal | None
    adds: Decimal
    trial: dict | None


def rows_of(allocation, on) -> list[Shown]:
    """Two queries; ``application`` with its tenant and carrier, units with their place."""
    rows = allocation.rows.select_related("application__tenant", "application__carrier", "offer")
    found = []
    for row in with_units(rows).order_by("pk"):
        units = list(row.units.all())
        parts = [(label, Decimal(row.parts[name]) / WHOLE) for name, label in NAMES.items()
                 if name in row.parts and allocation.weights[name]]  # fmt: skip
        least = row.application.area_min_m2
        found.append(Shown(
            row, units, parts, [_told(*reason) for reason in row.reasons],
            state_of(row.offer, on) if row.offer else "",
            area_of(units) - least if units and least else None,
        ))  # fmt: skip
    return found


def area_of(units) -> Decimal:
    return sum(unit.gross_area_m2 for unit in units)


def with_units(rows):
    """``rows`` with their units, and these with their place, in the order of their numbers."""
    units = Unit.objects.select_related("floor__building").defer(
        "outline", "floor__outline", "floor__building__footprint"
    )
    return rows.prefetch_related(Prefetch("units", units.order_by("number", "pk")))


def _told(code, numbers) -> str:
    (count,) = numbers.values()
    if code == "joined":
        words = gettext("%(n)s adjoining units that could be merged, none to spare")
        return words % {"n": count}
    if code == "fit":
        return ngettext("%(n)s unit fits", "%(n)s units fit", count) % {"n": count}
    if code == "fit_sets":
        return ngettext(
            "no unit fits alone, %(n)s set of adjoining ones does",
            "no unit fits alone, %(n)s sets of adjoining ones do", count,
        ) % {"n": count}  # fmt: skip
    if code == "others_sets":
        return ngettext(
            "%(n)s set of adjoining units fits and goes to others in whole or in part",
            "%(n)s sets of adjoining units fit and go to others in whole or in part", count,
        ) % {"n": count}  # fmt: skip
    if code == "others":
        words = ngettext(
            "%(n)s unit fits and goes to another", "%(n)s units fit and go to others", count
        )
        return words % {"n": count}
    return gettext("%(what)s: %(n)s") % {"what": SHORT[code], "n": count}


def weights_of(allocation, shown) -> list[Weight]:
    """What each weight does, by ``shown``: the rows of ``allocation``."""
    placed = [one.row for one in shown if one.units]
    trials = {trial["part"]: trial for trial in allocation.trials}
    found = []
    for name, weight in ((name, allocation.weights[name]) for name in NAMES):
        whole = sum(row.parts[name] for row in placed)
        trial = trials.get(name)
        found.append(Weight(
            name, NAMES[name], weight,
            Decimal(whole) / (WHOLE * len(placed)) if placed else None,
            score(weight * whole, allocation.weights),
            trial and trial | {
                "lost": Decimal(trial["lost"]), "left": Decimal(trial["left_over"]) / 100,
            },
        ))  # fmt: skip
    return found
