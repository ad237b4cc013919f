"""How a carrier takes applications: its settings and its calls."""

from django.db import transaction
from django.utils.translation import gettext as _

from incubation.errors import IntakeClosed
from incubation.models import ApplicationStep, Call, Intake
from incubation.selectors.intake import intake_of
from incubation.workflow import State
from parks.audit import record, snapshot
from parks.errors import DatesOutOfOrder, refusing


@transaction.atomic
def set_intake(*, carrier, by, reason="", **values) -> Intake:
    """Change the settings of ``carrier``; what is not given stays."""
    intake = Intake.objects.select_for_update().filter(carrier=carrier).first()
    before = snapshot(intake) if intake else None
    intake = intake or Intake(carrier=carrier)
    for name, value in values.items():
        setattr(intake, name, value)
    intake.full_clean(exclude=["carrier", "sheet"])
    intake.save()
    record("set_intake", intake, by=by, park=carrier.park, before=before, reason=reason)
    return intake


@transaction.atomic
def open_call(*, carrier, name, opens_on, closes_on, by, places=None, note="") -> Call:
    """A call on ``[opens_on, closes_on)``; raises ``IntakeClosed`` where another is open.

    A carrier that took applications all year takes them in calls from now on.
    """
    call = Call(
        carrier=carrier, name=name, opens_on=opens_on, closes_on=closes_on, places=places,
        note=note, made_by=by if by and by.is_authenticated else None,
    )  # fmt: skip
    _keep(call)
    record("open_call", call, by=by, park=carrier.park)
    if intake_of(carrier).mode == Intake.Mode.ALL_YEAR:
        set_intake(carrier=carrier, by=by, mode=Intake.Mode.CALLS, reason=name)
    return call


@transaction.atomic
def correct_call(*, call, by, **values) -> Call:
    """Change name, days, places or note; applications sent in it stay within its days."""
    locked = Call.objects.select_for_update(of=("self",)).select_related("carrier__park")
    locked = locked.defer("carrier__park__boundary").get(pk=call.pk)
    before = snapshot(locked)
    for name, value in values.items():
        setattr(locked, name, value)
    sent = ApplicationStep.objects.filter(
        application__call=locked, act="submit", source=State.DRAFT
    )
    if sent.exclude(on__gte=locked.opens_on, on__lt=locked.closes_on).exists():
        raise DatesOutOfOrder(
            _("Applications were sent in this call on days outside of it. Keep those days in it.")
        )
    _keep(locked)
    record("correct_call", locked, by=by, park=locked.carrier.park, before=before)
    return locked


def _keep(call):
    if call.closes_on <= call.opens_on:
        raise DatesOutOfOrder(_("A call closes after it opens."))
    call.full_clean(exclude=["carrier", "made_by"], validate_constraints=False)
    with refusing(
        call_once_a_day=lambda: IntakeClosed(
            _("Another call of the carrier is open on some of these days. Choose other days.")
        )
    ):
        call.save()
