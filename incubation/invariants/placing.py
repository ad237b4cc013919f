"""What must always be true of queues, offers and what became of them; see ``parks.invariants``."""

from django.db.models import Exists, F, OuterRef, Q, Subquery

from incubation.models import (
    AllocatedUnit,
    AllocationRow,
    Application,
    ApplicationStep,
    CarrierSpace,
    Offer,
    OfferedUnit,
    WaitingEntry,
)
from incubation.workflow import State
from parks.invariants import Violation, check, found

#: Their units are held.
OFFERED = [State.HELD, State.ACCEPTED]


def _with_last_step():
    """Adds ``target`` and ``until`` of the last step that was written down."""
    last = ApplicationStep.objects.filter(application=OuterRef("pk")).order_by("-sequence")
    return Application.objects.annotate(
        target=Subquery(last.values("target")[:1]), until=Subquery(last.values("until")[:1])
    )


@check
def the_queue_is_who_waits():
    """An application stands in the queue once while it waits and never otherwise."""
    waits = WaitingEntry.objects.filter(application=OuterRef("pk"), left_on=None)
    rows = _with_last_step().annotate(queued=Exists(waits))
    lost = rows.filter(target=State.WAITING, queued=False)
    yield from found("waiting_lost", lost, "waits and stands in no queue")
    odd = rows.filter(queued=True).exclude(target=State.WAITING)
    yield from found("waiting_odd", odd, "stands in a queue and does not wait")
    other = WaitingEntry.objects.exclude(carrier=F("application__carrier"))
    yield from found("waiting_carrier", other, "is in the queue of another carrier")


@check
def offers_are_held_for_their_applicant():
    other = OfferedUnit.objects.exclude(hold__tenant=F("offer__application__tenant"))
    yield from found("offer_tenant", other, "is held for another than it is offered to")
    space = CarrierSpace.objects.filter(
        unit=OuterRef("hold__unit"), carrier=OuterRef("offer__application__carrier"),
        start__lte=OuterRef("offer__made_on"),
    )  # fmt: skip
    strange = OfferedUnit.objects.filter(~Exists(space))
    yield from found("offer_space", strange, "is no unit of the carrier")
    newest = Offer.objects.filter(application=OuterRef("pk")).order_by("-made_at", "-pk")
    rows = _with_last_step().filter(target__in=OFFERED)
    rows = rows.annotate(offer=Subquery(newest.values("pk")[:1]))
    let_go = OfferedUnit.objects.filter(
        Q(hold__binding=False) | Q(hold__end__lt=OuterRef("until")), offer=OuterRef("offer")
    )
    bare = rows.filter(Q(offer=None) | Exists(let_go))
    yield from found("offer_not_held", bare, "is offered units that are not held so long")


@check
def accepted_rows_are_what_was_offered():
    offered = OfferedUnit.objects.filter(offer=OuterRef("row__offer"), hold__unit=OuterRef("unit"))
    proposed = AllocatedUnit.objects.filter(
        row__offer=OuterRef("offer"), unit=OuterRef("hold__unit")
    )
    more = AllocatedUnit.objects.filter(~Exists(offered), row=OuterRef("pk"))
    less = OfferedUnit.objects.filter(~Exists(proposed), offer=OuterRef("offer"))
    rows = AllocationRow.objects.filter(offer__isnull=False)
    other = rows.filter(Exists(more) | Exists(less) | ~Q(offer__application=F("application")))
    yield from found("allocation_offer", other, "was accepted and something else is offered")
    strange = AllocatedUnit.objects.exclude(allocation=F("row__allocation"))
    yield from found("allocation_unit", strange, "is counted for another allocation than its row")


@check
def nobody_is_passed_over_without_a_reason():
    for offer in Offer.objects.order_by("pk").iterator(chunk_size=500):
        for row in offer.queue:
            if row["application"] == offer.application_id:
                break
            if not row["passed_over"]:
                yield Violation(
                    "offer_queue", f"incubation.Offer {offer.pk}",
                    f"passes {row['number']} over without a reason",
                )  # fmt: skip


@check
def what_was_converted_is_the_applicants():
    rows = Application.objects.filter(
        Q(residency__isnull=False) & ~Q(residency__tenant=F("tenant"))
        | Q(residency__isnull=False) & ~Q(residency__carrier=F("carrier"))
        | Q(lease__isnull=False) & ~Q(lease__tenant=F("tenant"))
    )
    yield from found("converted", rows, "has the residency or lease of another")
    unsigned = _with_last_step().filter(target=State.MOVED_IN, lease__signed_on=None)
    unsigned = unsigned.filter(lease__isnull=False)
    yield from found("moved_in_unsigned", unsigned, "moved in without a signed lease")
