"""Which units a carrier uses, for what and on which days; what rides on them after a split."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from incubation.errors import CarrierNotOpen, SpaceOfAnother, SpacesDiffer
from incubation.models import Carrier, CarrierChange, CarrierRecognition, CarrierSpace
from incubation.services import rows
from parks.errors import DatesOutOfOrder, UnitNotThere, refusing
from parks.models import Unit
from parks.periods import Period
from parks.services import lock_units
from tenants.errors import WrongPark


@dataclass(frozen=True)
class SpaceTerms:
    """The carrier uses the unit on ``[start, end)``."""

    carrier: Carrier
    unit: Unit
    purpose: str
    start: date
    end: date | None = None


def refuse_outside(carrier, period: Period):
    """Raise ``CarrierNotOpen`` unless the carrier runs on every day of ``period``."""
    runs = Period(carrier.opened_on, carrier.closed_on)
    if not period.within(runs):
        raise CarrierNotOpen(
            _("%(carrier)s runs %(period)s; choose days within."),
            carrier=carrier.name, period=runs,
        )  # fmt: skip


def assign_spaces(*, carrier, units, purpose, start, by, end=None, reason="") -> list[CarrierSpace]:
    """The carrier uses ``units`` of its park on ``[start, end)``.

    Raises ``SpaceOfAnother``, ``UnitNotThere``, ``WrongPark``, ``CarrierNotOpen``,
    ``DatesOutOfOrder``. What it does to the area of a recognised carrier is written down as a
    change to report.
    """
    terms = [SpaceTerms(carrier, unit, purpose, start, end) for unit in units]
    return assign_all_spaces(terms, by=by, reason=reason)


@transaction.atomic
def assign_all_spaces(terms, *, by, reason="") -> list[CarrierSpace]:
    """Many ``SpaceTerms`` in one insert; raises as ``assign_spaces``."""
    made = _assign(terms, by=by, reason=reason)
    record_area_changes(_days(made), by=by, reason=reason)
    return made


def _assign(terms, *, by, reason):
    units = {unit.pk: unit for unit in lock_units([one.unit for one in terms])}
    for one in terms:
        _refuse_out_of_place(one, units[one.unit.pk])
    made = [
        CarrierSpace(
            carrier=one.carrier, unit=units[one.unit.pk], purpose=one.purpose, start=one.start,
            end=one.end,
        )
        for one in terms
    ]  # fmt: skip
    _refuse_taken(made)
    with refusing(carrier_space_once_a_day=_taken):
        return rows.add(made, park=_park, by=by, reason=reason, action="assign")


def _refuse_out_of_place(one, unit):
    wanted, there = rows.period_of(one), Period(unit.exists_from, unit.exists_to)
    if unit.floor.building.park_id != one.carrier.park_id:
        raise WrongPark(_("%(unit)s lies in another park than %(carrier)s."), unit=unit.number,
                        carrier=one.carrier.name)  # fmt: skip
    refuse_outside(one.carrier, wanted)
    if not wanted.within(there):
        raise UnitNotThere(
            _("%(unit)s exists %(period)s; choose days within, and assign what follows it from "
              "its own first day."), unit=unit.number, period=there,
        )  # fmt: skip


def _refuse_taken(made):
    """Name whose unit it is, before the database refuses it without a name."""
    by_unit = {}
    for one in CarrierSpace.objects.filter(unit__in=[row.unit_id for row in made]).select_related(
        "carrier"
    ):
        by_unit.setdefault(one.unit_id, []).append(one)
    for row in made:
        wanted = Period(row.start, row.end)
        for one in by_unit.get(row.unit_id, ()):
            if wanted.overlaps(period := Period(one.start, one.end)):
                raise SpaceOfAnother(
                    _("%(unit)s belongs to %(carrier)s (%(purpose)s) %(period)s. Release it there "
                      "first or choose other days."), unit=row.unit.number,
                    carrier=one.carrier.name, purpose=one.get_purpose_display(), period=period,
                )  # fmt: skip


def _taken():
    return SpaceOfAnother(_("A unit belongs to a carrier on some of these days."))


@transaction.atomic
def release_spaces(*, spaces, on, by, reason="") -> None:
    """The carrier no longer uses the spaces from ``on``; one that never began is gone.

    Raises ``DatesOutOfOrder`` for a space that has ended by then.
    """
    days = _release(_of(spaces), on=on, by=by, reason=reason)
    record_area_changes(days, by=by, reason=reason)


def _release(spaces, *, on, by, reason):
    days = _days(spaces)
    for row in spaces:
        if row.end is not None and row.end <= on:
            raise DatesOutOfOrder(_("%(unit)s was released by then already."), unit=row.unit.number)
        days[row.carrier].add(on)
        _end(row, on, by=by, reason=reason)
    return days


@transaction.atomic
def change_purpose(*, spaces, purpose, on, by, reason="") -> list[CarrierSpace]:
    """From ``on`` the spaces serve ``purpose``; how they served before stays readable."""
    spaces = _of(spaces)
    terms = [
        SpaceTerms(one.carrier, one.unit, purpose, max(on, one.start), one.end) for one in spaces
    ]
    days = _release(spaces, on=on, by=by, reason=reason)
    made = _assign(terms, by=by, reason=reason)
    record_area_changes(days, by=by, reason=reason)
    return made


def _of(spaces):
    """The spaces as they are now, kept from others until the transaction ends."""
    return list(_locked().filter(pk__in=[one.pk for one in spaces]).order_by("pk"))


def _locked():
    return CarrierSpace.objects.select_for_update(of=("self",)).select_related(
        "carrier__park", "unit"
    ).defer("carrier__park__boundary", "unit__outline")  # fmt: skip


def _days(spaces) -> dict:
    """Per carrier the days on which its area may become another."""
    days = {}
    for one in spaces:
        days.setdefault(one.carrier, set()).update(day for day in (one.start, one.end) if day)
    return days


def record_area_changes(days, *, by, reason="") -> None:
    """Write down where the area of a recognised carrier differs from the day before.

    ``days``: per carrier the days to look at. A change stands once a day; another difference puts
    it right and is to be reported anew, none takes it away.
    """
    carriers = [carrier for carrier, found in days.items() if found]
    if not carriers:
        return
    spaces, held, known = {}, {}, {}
    for one in CarrierSpace.objects.filter(carrier__in=carriers).values_list(
        "carrier", "start", "end", "unit__gross_area_m2"
    ):
        spaces.setdefault(one[0], []).append(one[1:])
    for one in CarrierRecognition.objects.filter(carrier__in=carriers):
        held.setdefault(one.carrier_id, []).append(Period(one.start, one.end))
    for one in CarrierChange.objects.filter(carrier__in=carriers, what=CarrierChange.What.AREA):
        known[one.carrier_id, one.effective_on] = one
    made = []
    for carrier in carriers:
        for day in sorted(days[carrier]):
            eve = day - timedelta(days=1)
            recognised = any(eve in period and day in period for period in held.get(carrier.pk, ()))
            before, after = (_area(spaces.get(carrier.pk, ()), on) for on in (eve, day))
            change = known.get((carrier.pk, day))
            if not recognised or abs(before - after) <= Decimal("0.01"):
                if change:
                    rows.remove(change, park=carrier.park, by=by, reason=reason)
                continue
            fields = {"before": f"{before:.2f}", "after": f"{after:.2f}"}
            if change is None:
                made.append(CarrierChange(
                    carrier=carrier, what=CarrierChange.What.AREA, effective_on=day, **fields
                ))  # fmt: skip
            elif (change.before, change.after) != tuple(fields.values()):
                fields |= {"reported_on": None, "report_number": ""}
                rows.change(change, fields, park=carrier.park, by=by, reason=reason)
    rows.add(made, park=_park, by=by, reason=reason)


def _area(spaces, on) -> Decimal:
    return sum((area for start, end, area in spaces if on in Period(start, end)), start=Decimal(0))


def carry_on(change, sources, results, by, reason):
    """After a split or merge the units that follow serve the same carrier and purpose.

    Raises ``SpacesDiffer`` when units that become one do not serve alike.
    """
    day = change.effective_on
    found = _later(sources, day)
    served = {
        unit.pk: {
            (one.carrier_id, one.purpose, max(one.start, day), one.end)
            for one in found if one.unit_id == unit.pk
        }
        for unit in sources
    }  # fmt: skip
    if len({frozenset(one) for one in served.values()}) > 1:
        raise SpacesDiffer(
            _("The units do not serve alike: %(uses)s. Release them or let them serve the same "
              "carrier and purpose first."),
            uses="; ".join(_uses(sources, found)),
        )  # fmt: skip
    begun = [
        CarrierSpace(carrier=row.carrier, unit=unit, purpose=row.purpose,
                     start=max(row.start, day), end=row.end)
        for row in found if row.unit_id == sources[0].pk for unit in results
    ]  # fmt: skip
    for row in found:
        _end(row, day, by=by, reason=reason)
    rows.add(begun, park=lambda row: change.park, by=by, reason=reason, action="assign")


def _uses(units, spaces):
    for unit in units:
        own = [
            f"{one.carrier.name} ({one.get_purpose_display()}) {Period(one.start, one.end)}"
            for one in spaces if one.unit_id == unit.pk
        ]  # fmt: skip
        yield f"{unit.number}: {', '.join(own) or _('no carrier')}"


def _later(units, day):
    """The spaces of ``units`` with days from ``day`` on."""
    found = _locked().filter(unit__in=[unit.pk for unit in units]).exclude(end__lte=day)
    return list(found.order_by("unit", "start"))


def _end(row, day, *, by, reason):
    """End the space on ``day``; one that begins no earlier is gone."""
    if row.start >= day:
        rows.remove(row, park=_park(row), by=by, reason=reason)
    else:
        rows.change(row, {"end": day}, park=_park(row), by=by, reason=reason, action="release")


def take_back(change, sources, results, by, reason):
    """A cancelled split or merge: the units before go on serving as the planned ones would."""
    day = change.effective_on
    found = _later(results, day)
    uses = {
        frozenset((one.carrier_id, one.purpose, one.start, one.end)
                  for one in found if one.unit_id == unit.pk)
        for unit in results
    }  # fmt: skip
    if len(uses) > 1:
        raise SpacesDiffer(
            _("The planned units do not serve alike: %(uses)s. Release them or let them serve the "
              "same carrier and purpose first."),
            uses="; ".join(_uses(results, found)),
        )  # fmt: skip
    kept = [
        (one.carrier, one.purpose, one.start, one.end)
        for one in found if one.unit_id == results[0].pk
    ]  # fmt: skip
    for row in found:
        _end(row, day, by=by, reason=reason)
    before = {
        (one.unit_id, one.carrier_id, one.purpose): one
        for one in _locked().filter(unit__in=[unit.pk for unit in sources], end=day)
    }
    begun = []
    for unit in sources:
        for carrier, purpose, start, end in kept:
            earlier = before.get((unit.pk, carrier.pk, purpose))
            if earlier and start == day:
                rows.change(earlier, {"end": end}, park=change.park, by=by, reason=reason)
            else:
                begun.append(CarrierSpace(carrier=carrier, unit=unit, purpose=purpose,
                                          start=start, end=end))  # fmt: skip
    rows.add(begun, park=lambda row: change.park, by=by, reason=reason, action="assign")


def _park(row):
    return row.carrier.park
