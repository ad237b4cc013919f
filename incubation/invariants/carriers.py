"""What must always be true of carriers and what is recorded of them; see ``parks.invariants``."""

from django.db.models import F, OuterRef, Q, Subquery

from incubation.models import (
    Carrier,
    CarrierChange,
    CarrierRecognition,
    CarrierSpace,
    Mentor,
    MentorPairing,
    MentorSession,
    ServiceEvent,
)
from parks.invariants import check, found

What = CarrierChange.What


@check
def spaces_fit_their_carriers():
    rows = CarrierSpace.objects.exclude(unit__floor__building__park=F("carrier__park"))
    yield from found("carrier_space_park", rows, "lies in another park than its carrier")
    outside = (
        Q(start__lt=F("unit__exists_from"))
        | Q(unit__exists_to__isnull=False, end__isnull=True)
        | Q(end__gt=F("unit__exists_to"))
    )
    rows = CarrierSpace.objects.filter(outside)
    yield from found("carrier_space_unit", rows, "has days on which its unit does not exist")


@check
def rows_fit_their_carriers():
    closed = Q(carrier__closed_on__isnull=False) & (
        Q(end__isnull=True) | Q(end__gt=F("carrier__closed_on"))
    )
    outside = Q(start__lt=F("carrier__opened_on")) | closed
    for model in (CarrierSpace, CarrierRecognition, Mentor):
        rows = model.objects.filter(outside)
        yield from found("carrier_run", rows, "has days on which its carrier does not run")
    outside = Q(on__lt=F("carrier__opened_on")) | Q(on__gte=F("carrier__closed_on"))
    rows = ServiceEvent.objects.filter(outside)
    yield from found("carrier_run", rows, "was held when its carrier did not run")
    outside = Q(on__lt=F("mentor__start")) | Q(on__gte=F("mentor__end"))
    rows = MentorSession.objects.filter(outside)
    yield from found("mentor_session", rows, "lies outside the term of its mentor")
    late = Q(mentor__end__isnull=False) & (Q(end__isnull=True) | Q(end__gt=F("mentor__end")))
    rows = MentorPairing.objects.filter(Q(start__lt=F("mentor__start")) | late)
    yield from found("mentor_pairing", rows, "lies outside the term of its mentor")


@check
def carriers_bear_what_changed_last():
    for what in (What.NAME, What.OPERATOR, What.ADDRESS):
        newest = CarrierChange.objects.filter(carrier=OuterRef("pk"), what=what)
        last = newest.order_by("-effective_on").values("after")[:1]
        rows = Carrier.objects.annotate(last=Subquery(last))
        rows = rows.filter(last__isnull=False).exclude(last=F(what))
        yield from found("carrier_change", rows, f"has another {what} than its last change says")
