"""What a step of an application means for its place in the queue and for the units held for it."""

from incubation.models import OfferedUnit, WaitingEntry
from incubation.workflow import State
from parks.audit import record
from tenants.services.holds import release_hold

#: Units stay held while the application is in one of these.
KEEPING = {State.HELD, State.ACCEPTED, State.SIGNING, State.MOVED_IN}


def follow(row, *, by) -> None:
    """Called with each step: the waiting list and the holds are what the states say.

    Who comes to ``waiting`` joins at the end of the queue at that moment, but who was approved all
    along and lost its space by no refusal of its own keeps the moment it had. Units held for an application are free as soon as it is nowhere in ``KEEPING``.
    """
    application = row.application
    if row.source == State.WAITING and row.target != State.WAITING:
        left = WaitingEntry.Left.OFFERED if row.act == "hold" else WaitingEntry.Left.WITHDRAWN
        for entry in application.waits.filter(left_on=None):
            entry.left_on, entry.left = max(row.on, entry.joined_on), left
            entry.save(update_fields=["left_on", "left"])
    if row.target == State.WAITING:
        kept = row.act != "decline"
        before = application.waits.order_by("-pk").first() if kept else None
        WaitingEntry.objects.create(
            application=application, carrier=application.carrier, joined_on=row.on,
            joined_at=before.joined_at if before else row.at, unit_kind=application.unit_kind,
        )  # fmt: skip
    if row.source in KEEPING and row.target not in KEEPING:
        _let_go(application, row.on, by=by, reason=row.opinion)


def _let_go(application, on, *, by, reason):
    """A withdrawal answers an open offer; holds that have not ended are released."""
    for offer in application.offers.open_on(on):
        if application.closed_on:
            offer.answer, offer.answered_on = offer.Answer.DECLINED, on
            offer.save(update_fields=["answer", "answered_on"])
            record("decline", offer, by=by, park=application.carrier.park, reason=reason)
    kept = OfferedUnit.objects.filter(
        offer__application=application, hold__binding=True, hold__end__gt=on
    )
    for one in kept.select_related("hold"):
        release_hold(hold=one.hold, on=on, by=by, reason=reason[:200])
