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
from incubation.matching.needs import column, down, unmet
from incubation.models import Application, CarrierSpace, Offer
from incubation.models.stage import Stage
from incubation.workflow import State
from parks.periods import active_q
from tenants.models import AskingRent, LeaseLine, Tenant
from tenants.rent import monthly

#: A firm no older than this, in months, suits an incubator, an older one an accelerator.
YOUNG = 24
CHAINS = Tenant.Chain.values


@dataclass(frozen=True, slots=True)
class Question:
    """Applications down, units across; ``unmet``: by code of a need where it is not met.

    ``fits``: no need is unmet. ``parts``: by name, what each weight weighs. ``rents``: hundredths
    of a yuan per m² and month, ``UNKNOWN`` for none. ``alike`` and ``firms``: firms of the
    applicant's chain and of any in the building. ``asked``: the asking rents by key of a unit.
    ``taken``: as ``fitting.taken_of`` says.
    """

    on: object
    applications: list
    units: list
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
        keys = [[row.pk for row in self.applications], [unit.pk for unit in self.units]]
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
        "unit__outline", "unit__floor__outline", "unit__floor__building__footprint"
    )
    units = []
    for space in rows.order_by("unit"):
        space.unit.carrier = space.carrier
        units.append(space.unit)
    return units


def question(applications, units, on) -> Question:
    """``units`` as ``spaces_of`` gives them. Seven queries, however many there are."""
    taken = taken_of(units, on)
    wants = down(column([wants_of(row, end_of(row, on)) for row in applications]))
    has = column([has_of([unit], free_until(unit, taken[unit.pk], on)) for unit in units])
    not_met = dict(unmet(wants, has))
    not_met["carrier"] = _down(row.carrier_id for row in applications) != _across(
        unit.carrier.pk for unit in units
    )
    declined = Offer.objects.filter(application__in=applications, answer=Offer.Answer.DECLINED)
    not_met["declined"] = _pairs(applications, units, declined.values_list(
        "application", "units__hold__unit"
    ))  # fmt: skip
    fits = ~np.logical_or.reduce(list(not_met.values()))
    wished = Application.preferred_units.through.objects.filter(application__in=applications)
    asked = {row.unit_id: row for row in AskingRent.objects.active_on(on).filter(unit__in=units)}
    rents = _across(rent_m2(asked.get(unit.pk), unit) for unit in units)
    alike, firms = _neighbours(applications, units, on)
    # Who wants desks is measured by desks.
    desks = wants.desks > 0
    parts = {
        "area": p.area(np.where(desks, wants.desks, wants.area), np.where(desks, has.desks, has.area)),
        "price": p.price(_down(
            p.UNKNOWN if row.rent_most is None else int(row.rent_most * 100) for row in applications
        ), rents),
        "stage": p.stage(
            _down(suits(row.tenant, on) for row in applications),
            _across(Stage(unit.carrier.stage).rank for unit in units),
        ),
        "chain": p.chain(alike, firms),
        "wish": p.WHOLE * _pairs(applications, units, wished.values_list("application", "unit")),
        "waiting": p.waiting(len(applications)),
    }  # fmt: skip
    parts = {name: np.broadcast_to(part, fits.shape) for name, part in parts.items()}
    return Question(
        on, applications, units, wants, has, not_met, fits, parts, rents, alike, firms, asked, taken
    )


def _down(numbers):
    return np.array(list(numbers), dtype=np.int64).reshape(-1, 1)


def _across(numbers):
    return np.array(list(numbers), dtype=np.int64)


def _pairs(applications, units, pairs):
    """True for the ``pairs`` of keys."""
    rows = {row.pk: n for n, row in enumerate(applications)}
    columns = {unit.pk: n for n, unit in enumerate(units)}
    found = np.zeros((len(rows), len(columns)), dtype=bool)
    for application, unit in pairs:
        if unit in columns:
            found[rows[application], columns[unit]] = True
    return found


def rent_m2(asked, unit) -> int:
    """Hundredths of a yuan per m² and month, ``UNKNOWN`` where nothing is asked."""
    if asked is None:
        return p.UNKNOWN
    whole = monthly(asked.rent, asked.rent_unit, unit.gross_area_m2)
    return int(whole * 100 / unit.gross_area_m2)


def suits(tenant, on) -> int:
    """The rank of the stage that suits ``tenant``, ``UNKNOWN`` where its age is not known."""
    if tenant.kind == Tenant.Kind.TEAM:
        return Stage.MAKERSPACE.rank
    if tenant.founded_on is None:
        return p.UNKNOWN
    young = tenant.founded_on + relativedelta(months=YOUNG) >= on
    return (Stage.INCUBATOR if young else Stage.ACCELERATOR).rank


def _neighbours(applications, units, on):
    """Firms of the applicant's chain, and firms at all, that let in each unit's building; one query."""
    buildings = {unit.floor.building_id: 0 for unit in units}
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
    of = _across(buildings[unit.floor.building_id] for unit in units)
    codes = _across(chain_code(row.tenant.chain) for row in applications)
    return counted[codes][:, of], np.broadcast_to(firms[of], (len(codes), len(of)))


def chain_code(chain) -> int:
    return CHAINS.index(chain) + 1 if chain else 0


def why(asked, n, m) -> list[str]:
    """What there is to say of application ``n`` in unit ``m``, in the language that is active."""
    application, unit = asked.applications[n], asked.units[m]
    said = []
    if asked.wants.desks[n, 0]:
        said.append(gettext("%(wants)s of %(has)s desks") % {
            "wants": asked.wants.desks[n, 0], "has": unit.seats,
        })  # fmt: skip
    elif application.area_min_m2 and unit.gross_area_m2 >= application.area_min_m2:
        left = unit.gross_area_m2 - application.area_min_m2
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
