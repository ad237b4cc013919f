"""What the page of an allocation shows: its rows in words, and what each weight does."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from incubation.fitting import WORDS
from incubation.matching.parts import WHOLE, score
from incubation.models import AllocationRow
from incubation.selectors.placing import state_of

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
    """``parts``: ``(name, share of 1)``; ``state``: of its offer, "" while there is none."""

    row: AllocationRow
    parts: list
    reasons: list
    state: str
    left: Decimal | None


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
    """One query; ``application`` with its tenant and carrier, ``unit`` with its place."""
    rows = allocation.rows.select_related(
        "application__tenant", "application__carrier", "unit__floor__building", "offer"
    ).defer("unit__outline", "unit__floor__outline", "unit__floor__building__footprint")
    found = []
    for row in rows.order_by("pk"):
        parts = [(label, Decimal(row.parts[name]) / WHOLE) for name, label in NAMES.items()
                 if name in row.parts and allocation.weights[name]]  # fmt: skip
        least = row.application.area_min_m2
        found.append(Shown(
            row, parts, [_told(*reason) for reason in row.reasons],
            state_of(row.offer, on) if row.offer else "",
            row.unit.gross_area_m2 - least if row.unit and least else None,
        ))  # fmt: skip
    return found


def _told(code, numbers) -> str:
    (count,) = numbers.values()
    if code == "fit":
        return ngettext("%(n)s unit fits", "%(n)s units fit", count) % {"n": count}
    if code == "others":
        words = ngettext(
            "%(n)s unit fits and goes to another", "%(n)s units fit and go to others", count
        )
        return words % {"n": count}
    return gettext("%(what)s: %(n)s") % {"what": SHORT[code], "n": count}


def weights_of(allocation, shown) -> list[Weight]:
    """What each weight does, by ``shown``: the rows of ``allocation``."""
    placed = [one.row for one in shown if one.row.unit_id]
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
