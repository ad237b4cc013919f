"""Applications and units as the arrays of ``incubation.matching``, and what comes out in words."""

import hashlib
import json
from dataclasses import dataclass

import numpy as np
from dateutil.relativedelta import relativedelta
from django.db.models import Case, F, FilteredRelation, When
from django.utils.translation import gettext

from incubation.fitting import end_of, free_until, has_of, taken_of, wants_of
from incubation.matching import parts as p
from incubation.matching.allocating import units_in
from incubation.matching.needs import Needs, column, down, unmet
from incubation.models import Application, CarrierSpace, Offer
from incubation.models.stage import Stage
from incubation.selectors.together import needed, sets_of
from incubation.workflow import State
from parks.periods import active_q
from tenants.models import AskingRent, LeaseLine, Tenant
from tenants.rent import monthly

#: A firm no older than this, in months, suits an incubator, an older one an accelerator.
YOUNG = 24
CHAINS = Tenant.Chain.values


@dataclass(frozen=True, slots=True)
class Question:
    """Applications down; across single ``units`` and after them ``sets`` that could be merged, as
    the columns of their units; ``places``: the units of each column. ``unmet``: by code of a need
    where it is not met.

    ``fits``: no need is unmet; a set only where no single unit fits and none of it is to spare.
    ``parts``: by name, what each weight weighs. ``rents``: hundredths of a yuan per m² and month,
    ``UNKNOWN`` for none. ``alike`` and ``firms``: firms of the applicant's chain and of any in the
    building. ``asked``: the asking rents by key of a unit. ``taken``: as ``fitting.taken_of`` says.
    """

    on: object
    applications: list
    units: list
    sets: list
    places: list
    wants: object
    has: object
    unmet: dict
    fits: np.ndarray
    parts: dict
    rents: np.ndarray
    alike: np.ndarray
    firms: np.ndarray
    asked: dict
    taken: dict

    def digest(self, weights) -> str:
        """Seals everything the answer depends on."""
        keys = [[row.pk for row in self.applications], [unit.pk for unit in self.units], self.sets]
        seal = hashlib.sha256(json.dumps([str(self.on), keys, sorted(weights.items())]).encode())
        for array in (self.fits, *(self.parts[name] for name in sorted(self.parts))):
            seal.update(np.ascontiguousarray(array).tobytes())
        return seal.hexdigest()


def to_place(park, on) -> list[Application]:
    """Those approved in ``park`` without space on ``on``, who waits longest first; one query."""
    rows = Application.objects.in_state(State.APPROVED, State.WAITING, on=on)
    rows = rows.filter(carrier__park=park).alias(
        entry=FilteredRelation(
            "waits", condition=active_q(on, start="waits__joined_on", end="waits__left_on")
        )
    )
    since = Case(When(entry__joined_on__isnull=False, then=F("entry__joined_on")),
                 default=F("state_since"))  # fmt: skip
    rows = rows.annotate(since=since).select_related("tenant", "carrier__park")
    moment = F("entry__joined_at").asc(nulls_last=True)
    return list(rows.defer("carrier__park__boundary").order_by("since", moment, "pk"))


def spaces_of(carriers, on) -> list:
    """The units of ``carriers`` for tenants on ``on``, each with its ``carrier``; one query."""
    rows = CarrierSpace.objects.filter(
        active_q(on), carrier__in=carriers, purpose=CarrierSpace.Purpose.TENANTS
    )
    rows = rows.filter(active_q(on, start="unit__exists_from", end="unit__exists_to"))
    rows = rows.select_related("unit__floor__building", "carrier").defer(
        "unit__floor__outline", "unit__floor__building__footprint"
    )
    units = []
    for space in rows.order_by("unit"):
        space.unit.carrier = space.carrier
        units.append(space.unit)
    return units


def question(applications, units, on) -> Question:
    """``units`` as ``spaces_of`` gives them. Seven queries, however many there are."""
    taken = taken_of(units, on)
    until = {unit.pk: free_until(unit, taken[unit.pk], on) for unit in units}

    def have(place):
        return has_of(place, min(until[unit.pk] for unit in place))

    wants = down(column([wants_of(row, end_of(row, on)) for row in applications]))
    declined = Offer.objects.filter(application__in=applications, answer=Offer.Answer.DECLINED)
    declined = _pairs(applications, units, declined.values_list(
        "application", "units__hold__unit"
    ))  # fmt: skip
    has = column([have([unit]) for unit in units])
    alone = _unmet(applications, [(unit,) for unit in units], wants, has, declined)
    without = np.flatnonzero(~_met(alone).any(axis=1))
    together = sets_of(
        [applications[n] for n in without], units,
        Needs(*(field[without, 0] for field in wants)), has, on,
    )  # fmt: skip
    sets = [one.columns for one in together]
    places = [(unit,) for unit in units] + [tuple(units[m] for m in one) for one in sets]
    of = units_in(sets, len(units))
    if sets:
        has = column([have(place) for place in places])
    not_met = _unmet(applications, places, wants, has, declined @ of)
    # Who wants desks is measured by desks.
    desks = wants.desks > 0
    wanted = np.where(desks, wants.desks, wants.area)
    there = np.where(desks, has.desks, has.area)
    area, seats = np.array([one.least for one in together], dtype=np.int64).reshape(-1, 2).T
    needless = np.zeros(there.shape, dtype=bool)
    needless[:, len(units) :] = _met(alone).any(axis=1, keepdims=True) | ~needed(
        wanted, there[:, len(units) :], np.where(desks, seats, area)
    )
    not_met["needless"] = needless
    fits = _met(not_met)
    wished = Application.preferred_units.through.objects.filter(application__in=applications)
    wished = _pairs(applications, units, wished.values_list("application", "unit")) @ of
    asked = {row.unit_id: row for row in AskingRent.objects.active_on(on).filter(unit__in=units)}
    rents = _across(rent_m2(asked, place) for place in places)
    alike, firms = _neighbours(applications, places, on)
    parts = {
        "area": p.area(wanted, there),
        "price": p.price(_down(
            p.UNKNOWN if row.rent_most is None else int(row.rent_most * 100) for row in applications
        ), rents),
        "stage": p.stage(
            _down(suits(row.tenant, on) for row in applications),
            _across(Stage(place[0].carrier.stage).rank for place in places),
        ),
        "chain": p.chain(alike, firms),
        "wish": p.WHOLE * wished // of.sum(axis=0),
        "waiting": p.waiting(len(applications)),
    }  # fmt: skip
    parts = {name: np.broadcast_to(part, fits.shape) for name, part in parts.items()}
    return Question(
        on, applications, units, sets, places, wants, has, not_met, fits, parts, rents, alike,
        firms, asked, taken,
    )  # fmt: skip


def _unmet(applications, places, wants, has, declined) -> dict:
    """By code of a need where it is not met; ``has`` and ``declined`` for each of ``places``."""
    carriers = _across(place[0].carrier.pk for place in places)
    of_another = _down(row.carrier_id for row in applications) != carriers
    return dict(unmet(wants, has)) | {"carrier": of_another, "declined": declined > 0}


def _met(not_met):
    return ~np.logical_or.reduce(list(not_met.values()))


def _down(numbers):
    return np.array(list(numbers), dtype=np.int64).reshape(-1, 1)


def _across(numbers):
    return np.array(list(numbers), dtype=np.int64)


def _pairs(applications, units, pairs):
    """1 for the ``pairs`` of keys."""
    rows = {row.pk: n for n, row in enumerate(applications)}
    columns = {unit.pk: n for n, unit in enumerate(units)}
    found = np.zeros((len(rows), len(columns)), dtype=np.int64)
    for application, unit in pairs:
        if unit in columns:
            found[rows[application], columns[unit]] = 1
    return found


def rent_m2(asked, place) -> int:
    """Hundredths of a yuan per m² and month of all units of ``place`` together, ``UNKNOWN`` where
    nothing is asked for one of them."""
    rows = [asked.get(unit.pk) for unit in place]
    if None in rows:
        return p.UNKNOWN
    area = sum(unit.gross_area_m2 for unit in place)
    whole = sum(
        monthly(row.rent, row.rent_unit, unit.gross_area_m2)
        for row, unit in zip(rows, place, strict=True)
    )
    return int(whole * 100 / area)


def suits(tenant, on) -> int:
    """The rank of the stage that suits ``tenant``, ``UNKNOWN`` where its age is not known."""
    if tenant.kind == Tenant.Kind.TEAM:
        return Stage.MAKERSPACE.rank
    if tenant.founded_on is None:
        return p.UNKNOWN
    young = tenant.founded_on + relativedelta(months=YOUNG) >= on
    return (Stage.INCUBATOR if young else Stage.ACCELERATOR).rank


def _neighbours(applications, places, on):
    """Firms of the applicant's chain, and firms at all, that let in each place's building; one query."""
    buildings = {place[0].floor.building_id: 0 for place in places}
    buildings = {key: n for n, key in enumerate(buildings)}
    lines = LeaseLine.objects.binding().active_on(on).order_by()
    lines = lines.filter(unit__floor__building__in=buildings).distinct()
    counted = np.zeros((len(CHAINS) + 1, len(buildings)), dtype=np.int64)
    for building, _tenant, chain in lines.values_list(
        "unit__floor__building", "lease__tenant", "lease__tenant__chain"
    ):
        counted[chain_code(chain), buildings[building]] += 1
    firms = counted.sum(axis=0)
    counted[0] = 0
    of = _across(buildings[place[0].floor.building_id] for place in places)
    codes = _across(chain_code(row.tenant.chain) for row in applications)
    return counted[codes][:, of], np.broadcast_to(firms[of], (len(codes), len(of)))


def chain_code(chain) -> int:
    return CHAINS.index(chain) + 1 if chain else 0


def why(asked, n, m) -> list[str]:
    """What there is to say of application ``n`` in column ``m``, in the language that is active."""
    application, place = asked.applications[n], asked.places[m]
    area = sum(unit.gross_area_m2 for unit in place)
    said = []
    if len(place) > 1:
        said.append(gettext("adjoining, on one floor: could be merged, none to spare"))
    if asked.wants.desks[n, 0]:
        said.append(gettext("%(wants)s of %(has)s desks") % {
            "wants": asked.wants.desks[n, 0], "has": asked.has.desks[m],
        })  # fmt: skip
    elif application.area_min_m2 and area >= application.area_min_m2:
        left = area - application.area_min_m2
        said.append(
            gettext("%(left)s ㎡ left over") % {"left": left}
            if left
            else gettext("no area left over")
        )
    if application.rent_most is not None:
        rent = asked.rents[m]
        words = gettext("no rent asked yet")
        if rent != p.UNKNOWN:
            words = gettext("rent within its limit")
        if rent > int(application.rent_most * 100):
            words = gettext("rent %(more)s yuan/m²·month above its limit")
        said.append(words % {"more": f"{rent / 100 - float(application.rent_most):.2f}"})
    if asked.alike[n, m]:
        said.append(gettext("%(alike)s of %(firms)s firms in the building are of its chain") % {
            "alike": asked.alike[n, m], "firms": asked.firms[n, m],
        })  # fmt: skip
    if asked.unmet["declined"][n, m]:
        said.append(gettext("declined it before"))
    return said


def place_of(unit) -> tuple:
    """Where ``unit`` stands among those that suit as well."""
    return unit.floor.building.code, -unit.floor.ordinal, unit.number, unit.pk
