"""Proposals that place all approved applications of a park at once, and their acceptance.

Nothing happens to anybody before a row is accepted: only then the unit is held and offered.
"""

from collections import Counter
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from incubation.errors import NothingFits, OfferState
from incubation.matching.allocating import NOWHERE, allocate, trials
from incubation.matching.parts import MOST, WEIGHTS, score
from incubation.models import AllocatedUnit, Allocation, AllocationRow, Application, Carrier
from incubation.selectors.matching import question, spaces_of, to_place
from incubation.services.offers import offer_units
from parks.audit import record
from parks.errors import InvalidValue

#: A row is written as ``["others", {"fit": n}]`` where units fit and all go to others, and so for
#: sets of them.
OTHERS, OTHERS_SETS = "others", "others_sets"


@transaction.atomic
def propose_allocation(*, park, by, at, on, weights=None) -> Allocation:
    """The best allocation by ``weights``: name → 0 to ``MOST``; what is not given weighs as usual.

    The same question gives the proposal there is. Raises ``InvalidValue``.
    """
    weights = checked(weights or {})
    asked = ask(park, on)
    digest = asked.digest(weights)
    same = Allocation.objects.filter(park=park, digest=digest)
    same = same.exclude(rows__offer__isnull=False).first()
    if same:
        return same
    allocation = Allocation(
        park=park, on=on, weights=weights, total=0, digest=digest, made_at=at,
        made_by=by if by and by.is_authenticated else None,
    )  # fmt: skip
    return _solve(allocation, asked, by=by, action="propose_allocation")


@transaction.atomic
def work_out_again(*, allocation, by, at, on) -> Allocation:
    """By the same weights with what is there ``on``; accepted rows stay while they are offered."""
    allocation = Allocation.objects.select_for_update().get(pk=allocation.pk)
    asked = ask(allocation.park, on)
    again = {row.pk for row in asked.applications}
    allocation.rows.exclude(offer__isnull=False).delete()
    allocation.rows.filter(application__in=again).delete()
    allocation.on, allocation.made_at = on, at
    allocation.digest = asked.digest(allocation.weights)
    return _solve(allocation, asked, by=by, action="work_out_again")


def checked(weights) -> dict:
    odd = [name for name in weights if name not in WEIGHTS]
    bad = [value for value in weights.values() if value not in range(MOST + 1)]
    if odd or bad:
        raise InvalidValue(_("Give each weight a whole number from 0 to %(most)s."), most=MOST)
    return WEIGHTS | weights


def ask(park, on):
    """Who is to be placed in ``park`` and every unit of its carriers, as a question."""
    applications = to_place(park, on)
    units = spaces_of(Carrier.objects.filter(park=park), on) if applications else []
    return question(applications, units, on)


def _solve(allocation, asked, *, by, action) -> Allocation:
    weights, choice = allocation.weights, (asked.fits, asked.parts, allocation.weights, asked.sets)
    found = allocate(*choice)
    kept = []
    if allocation.pk:
        anew = [unit for place in found.units if place != NOWHERE for unit in asked.places[place]]
        allocation.rows.filter(units__in=anew).delete()
        kept = list(allocation.rows.all())
    allocation.trials = [
        _trial(name, found, without, asked, weights)
        for name, without in trials(*choice, known=found).items()
    ]
    allocation.total = sum((row.score for row in kept), start=score(found.value, weights))
    allocation.save()
    rows = AllocationRow.objects.bulk_create(_rows(allocation, asked, found))
    AllocatedUnit.objects.bulk_create(
        AllocatedUnit(row=row, allocation=allocation, unit=unit)
        for row, place in zip(rows, found.units, strict=True) if place != NOWHERE
        for unit in asked.places[place]
    )  # fmt: skip
    record(action, allocation, by=by, park=allocation.park)
    return allocation


def left_over(asked, found) -> int:
    """Hundredths of a m² beyond what is asked for, over all placed."""
    rows = (found.units != NOWHERE).nonzero()[0]
    return int((asked.has.area[found.units[rows]] - asked.wants.area[rows, 0]).sum())


def _trial(name, found, without, asked, weights) -> dict:
    return {
        "part": name, "placed": without.placed, "parts": without.parts,
        "changed": int((without.units != found.units).sum()),
        "lost": str(score(found.value - without.value, weights).quantize(Decimal("0.000001"))),
        "left_over": left_over(asked, without) - left_over(asked, found),
    }  # fmt: skip


def _rows(allocation, asked, found):
    weights = allocation.weights
    for n, (application, place) in enumerate(zip(asked.applications, found.units, strict=True)):
        row = AllocationRow(allocation=allocation, application=application)
        row.reasons = list(_reasons(asked, n, place))
        if place != NOWHERE:
            row.parts = {name: int(part[n, place]) for name, part in asked.parts.items()}
            row.score = score(
                sum(weights[name] * part for name, part in row.parts.items()), weights
            )
        yield row


def _reasons(asked, n, place):
    """Yields ``[code, {name: count}]`` of what led application ``n`` to ``place``."""
    alone = len(asked.units)
    fit, sets = int(asked.fits[n, :alone].sum()), int(asked.fits[n, alone:].sum())
    if place == NOWHERE:
        if fit:
            yield [OTHERS, {"fit": fit}]
        elif sets:
            yield [OTHERS_SETS, {"sets": sets}]
        else:
            own = ~asked.unmet["carrier"][n, :alone]
            counts = Counter({
                code: int((mask[n, :alone] & own).sum()) for code, mask in asked.unmet.items()
            })  # fmt: skip
            yield from ([code, {"units": count}] for code, count in counts.most_common() if count)
        return
    if place < alone:
        yield ["fit", {"fit": fit}]
    else:
        yield ["joined", {"units": len(asked.places[place])}]
        yield ["fit_sets", {"sets": sets}]


@transaction.atomic
def accept_rows(*, allocation, by, at, on, rows=None) -> list:
    """Hold and offer what the ``rows`` propose, all where none are given; all or none.

    Returns the offers. Raises ``OfferState`` where nothing is left to accept, ``NothingFits`` and
    what ``offer_units`` raises, naming the row.
    """
    allocation = Allocation.objects.select_for_update().get(pk=allocation.pk)
    wanted = allocation.rows.placed().filter(offer__isnull=True).order_by("pk")
    if rows is not None:
        wanted = wanted.filter(pk__in=[row.pk for row in rows])
    wanted = list(wanted.select_related("allocation").prefetch_related("units"))
    if not wanted:
        raise OfferState(_("Nothing of this proposal is left to accept. Work it out again."))
    applications = Application.objects.select_related("tenant", "carrier__park").in_bulk(
        [row.application_id for row in wanted]
    )
    offers = []
    for row in wanted:
        application = applications[row.application_id]
        offers.append(_offer(application, row, by=by, at=at, on=on))
        row.offer = offers[-1]
        row.save(update_fields=["offer"])
    record("accept_rows", allocation, by=by, park=allocation.park,
           after={"rows": [row.pk for row in wanted]})  # fmt: skip
    return offers


def _offer(application, row, *, by, at, on):
    reason = _("Proposed by allocation %(number)s of %(day)s, score %(score).3f.") % {
        "number": row.allocation_id, "day": row.allocation.on, "score": row.score,
    }  # fmt: skip
    units = row.units.all()
    try:
        return offer_units(application=application, units=units, by=by, at=at, on=on, reason=reason)
    except ValidationError as refusal:
        raise NothingFits(
            _("%(number)s cannot be offered %(unit)s now, so nothing was offered: %(why)s Work the "
              "proposal out again."),
            number=application.number, unit=" + ".join(sorted(unit.number for unit in units)), why=" ".join(refusal.messages),
        ) from refusal  # fmt: skip
