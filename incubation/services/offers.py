"""Offers: units held for an application until a day, taken or passed on to the next in the queue.

The queue of the moment is kept with every offer, with what stood against each who was passed over,
so that anybody can see afterwards that it was fair.
"""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils.translation import gettext as _

from incubation.errors import NothingFits, OfferState, QueueJumped
from incubation.fitting import against, taken_of, words
from incubation.models import Offer, OfferedUnit, WaitingEntry
from incubation.selectors.intake import intake_of
from incubation.selectors.waiting import queue_of, units_of
from incubation.services.applications import record_lapsed, step
from incubation.services.entering import locked_carriers
from incubation.workflow import State
from parks.audit import record, snapshot
from parks.days import local_day
from parks.errors import DatesOutOfOrder, InvalidValue, UnitNotThere
from parks.services import lock_units
from tenants.errors import HoldOverlap, LeaseOverlap, UnitClosed
from tenants.services.holds import extend_hold, hold_unit

#: Somebody has the unit on some of the days.
TAKEN = (HoldOverlap, LeaseOverlap, UnitClosed, UnitNotThere)


@transaction.atomic
def offer_units(
    *, application, units, by, at, on, until=None, reason="", passed_from=None
) -> Offer:
    """Hold ``units`` of the carrier for ``application``, to be answered before ``until``.

    ``until`` defaults to the carrier's days for an answer. ``reason`` is asked for where somebody
    before in the queue could use the units too; the log shows it. Raises ``NothingFits``,
    ``QueueJumped``, ``ApplicationState``, ``HoldOverlap``, ``LeaseOverlap``, ``UnitClosed``.
    """
    lock_carrier(application)
    until = until or on + timedelta(days=intake_of(application.carrier).offer_days)
    if until <= on:
        raise DatesOutOfOrder(_("Give at least one day to answer."))
    units = _units_of(application, units, on)
    _refuse_unfit(application, units, on)
    queue = _standing(application, units, on, reason=reason.strip())
    step(
        application=application, act="hold", by=by, at=at, on=on, until=until, opinion=reason,
        details={"units": [unit.number for unit in units]},
    )  # fmt: skip
    offer = Offer(
        application=application, made_on=on, made_at=at, until=until, queue=queue,
        made_by=by if by and by.is_authenticated else None, reason=reason.strip(),
        passed_from=passed_from,
    )  # fmt: skip
    offer.clean_fields(exclude=["application", "made_by", "passed_from"])
    lock_units(units)
    offer.save()
    holds = [
        hold_unit(unit=unit, start=on, end=until, tenant=application.tenant, by=by,
                  note=application.number)
        for unit in units
    ]  # fmt: skip
    OfferedUnit.objects.bulk_create([OfferedUnit(offer=offer, hold=hold) for hold in holds])
    record("offer", offer, by=by, park=application.carrier.park, reason=reason)
    return offer


def lock_carrier(application):
    """One after the other in a carrier: the queue that is written down is the queue there is."""
    application.carrier = locked_carriers({application.carrier_id})[application.carrier_id]


def _units_of(application, units, on) -> list:
    wanted = {unit.pk for unit in units}
    found = list(units_of(application.carrier, on).filter(pk__in=wanted).order_by("pk"))
    if not wanted:
        raise InvalidValue(_("Choose at least one unit."))
    if len(found) < len(wanted):
        raise NothingFits(
            _("%(carrier)s has no such unit for tenants on this day."),
            carrier=application.carrier.name,
        )
    return found


def _refuse_unfit(application, units, on):
    if lacking := against(application, units, taken_of(units, on), on):
        raise NothingFits(
            _("%(units)s: %(reasons)s."), units=", ".join(unit.number for unit in units),
            reasons="; ".join(words(one) for one in lacking),
        )  # fmt: skip


def _standing(application, units, on, reason) -> list[dict]:
    """The queue of the moment, with what stands against each before ``application``.

    Raises ``QueueJumped`` where nothing does and no ``reason`` is given.
    """
    rows, ahead = [], True
    declined, taken = _declined(units), taken_of(units, on)
    for entry in queue_of(application.carrier, application.unit_kind, on):
        own = entry.application_id == application.pk
        ahead = ahead and not own
        passed_over = _against(entry.application, units, declined, taken, on) if ahead else []
        if ahead and not passed_over:
            if not reason:
                raise QueueJumped(
                    _("%(number)s waits longer and could use it too. Offer it there, or say why "
                      "it goes to another; the log shows the reason."),
                    number=entry.application.number,
                )  # fmt: skip
            passed_over = [["reason", {"reason": reason}]]
        rows.append({
            "application": entry.application_id, "number": entry.application.number,
            "place": entry.place, "since": entry.joined_at.isoformat(), "passed_over": passed_over,
        })  # fmt: skip
    return rows


def _declined(units) -> set[int]:
    """The applications that were offered one of ``units`` and declined."""
    rows = Offer.objects.filter(answer=Offer.Answer.DECLINED, units__hold__unit__in=units)
    return set(rows.values_list("application", flat=True))


def _against(application, units, declined, taken, on) -> list:
    if application.pk in declined:
        return [["declined", {}]]
    return against(application, units, taken, on)


def standing_offer(application) -> Offer:
    """The offer the application goes by: its newest. Raises ``OfferState`` without one."""
    offer = application.offers.order_by("-made_at", "-pk").first()
    if offer is None or offer.answer in (Offer.Answer.DECLINED, Offer.Answer.RETRACTED):
        raise OfferState(_("There is no offer to go by. Offer units first."))
    return offer


def open_offer(application, on) -> Offer:
    """The offer that waits for an answer on ``on``, raises ``OfferState`` without one."""
    offer = application.offers.open_on(on).first()
    if offer is None:
        raise OfferState(_("There is no offer to answer; it may have lapsed."))
    return offer


@transaction.atomic
def accept_offer(*, application, by, at, on) -> Offer:
    """The applicant takes the units; they stay held for the carrier's days to sign.

    Where something else is agreed upon a unit from a day on, they stay held as long as they were.
    Raises ``OfferState``, ``ApplicationState``.
    """
    lock_carrier(application)
    offer = open_offer(application, on)
    until = on + timedelta(days=intake_of(application.carrier).sign_days)
    until = keep_units(offer, max(until, offer.until), by=by)
    step(application=application, act="accept", by=by, at=at, on=on, until=until)
    return answer(offer, Offer.Answer.ACCEPTED, by=by, on=on)


def answer(offer, given, *, by, on, reason="") -> Offer:
    before = snapshot(offer)
    offer.answer, offer.answered_on = given, on
    offer.save(update_fields=["answer", "answered_on"])
    park = offer.application.carrier.park
    record("answer", offer, by=by, park=park, before=before, reason=reason)
    return offer


def keep_units(offer, until, *, by):
    """Hold the units of ``offer`` until ``until``, all or none; returns the day they are held to."""
    holds = [one.hold for one in offer.units.select_related("hold__unit").order_by("hold__unit")]
    held = min(hold.end for hold in holds)
    try:
        with transaction.atomic():
            for hold in holds:
                if hold.end < until:
                    extend_hold(hold=hold, end=until, by=by)
    except TAKEN:
        return held
    return until


@transaction.atomic
def decline_offer(*, application, opinion, by, at, on) -> Offer:
    """The applicant does not take the units and joins the queue at its end.

    The units go on to the next whom they fit at once. Raises ``OfferState``, ``ApplicationState``.
    """
    lock_carrier(application)
    offer = open_offer(application, on)
    step(application=application, act="decline", by=by, at=at, on=on, opinion=opinion)
    answer(offer, Offer.Answer.DECLINED, by=by, on=on, reason=opinion)
    _pass_on(offer, on, at=at, on=on)
    return offer


@transaction.atomic
def retract_offer(*, application, opinion, by, at, on) -> Offer:
    """The carrier takes an offer back, answered or not; the applicant keeps its place in the queue.

    The units do not pass on by themselves: something is the matter with them, or with the offer.
    """
    lock_carrier(application)
    offer = standing_offer(application)
    queued = application.waits.exists()
    step(
        application=application, act="retract", by=by, at=at, on=on, opinion=opinion,
        target=State.WAITING if queued else State.APPROVED,
    )  # fmt: skip
    return answer(offer, Offer.Answer.RETRACTED, by=by, on=on, reason=opinion)


def not_taken(on):
    """Offers that ended by ``on`` without a lease, each with ``ended_on``."""
    closed = Q(application__closed_on__lte=on)
    lapsed = closed & Q(answer="")
    given_up = closed & Q(answer=Offer.Answer.ACCEPTED, application__residency__isnull=True)
    declined = Q(answer=Offer.Answer.DECLINED, answered_on__lte=on)
    return Offer.objects.filter(lapsed | given_up | declined).annotate(
        ended_on=Case(
            When(answer=Offer.Answer.DECLINED, then=F("answered_on")),
            default=F("application__closed_on"),
        )
    )


@transaction.atomic
def pass_on_lapsed(*, at, on) -> list[Offer]:
    """Write down what lapsed by ``on``; offer the units of offers not taken to the next in line.

    The next is the first of those who stood in the queue when the offer ended, and still do, whom
    the units fit. Safe to run twice. Returns the offers made.
    """
    record_lapsed(at=at, on=on)
    waiting = WaitingEntry.objects.waiting_on(on).filter(
        carrier=OuterRef("application__carrier"), unit_kind=OuterRef("application__unit_kind")
    )
    rows = not_taken(on).filter(Exists(waiting), passed_to=None)
    rows = rows.select_related("application__carrier").order_by("ended_on", "pk")
    found = (_pass_on(offer, offer.ended_on, at=at, on=on) for offer in rows)
    return [offer for offer in found if offer]


def _pass_on(offer, ended, *, at, on) -> Offer | None:
    """Offer the units of ``offer``, which ended on ``ended``, to the first whom they fit.

    All together, else one of them; never to who declined them before.
    """
    lock_carrier(offer.application)
    carrier, kind = offer.application.carrier, offer.application.unit_kind
    if Offer.objects.filter(passed_from=offer).exists():
        return None
    keys = list(offer.units.values_list("hold__unit", flat=True))
    units = list(units_of(carrier, on).filter(pk__in=keys).order_by("-gross_area_m2", "pk"))
    declined, taken = _declined(units), taken_of(units, on)
    sets = [units] if len(units) == 1 else [units, *([unit] for unit in units)]
    for entry in queue_of(carrier, kind, on):
        if _joined(entry) > ended:
            break
        for some in sets if units else ():
            if _against(entry.application, some, declined, taken, on):
                continue
            try:
                return offer_units(
                    application=entry.application, units=some, by=None, at=at, on=on,
                    passed_from=offer,
                )  # fmt: skip
            except TAKEN:
                continue
    return None


def _joined(entry) -> date:
    return local_day(entry.joined_at)
