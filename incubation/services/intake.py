"""How a carrier takes applications: its settings and its calls."""

from django.db import transaction
from django.utils.translation import gettext as _

from incubation.errors import IntakeClosed
from incubation.models import Call, Intake
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
    """A call on ``[opens_on, closes_on)``; raises ``IntakeClosed`` where another is open."""
    if closes_on <= opens_on:
        raise DatesOutOfOrder(_("A call closes after it opens."))
    call = Call(
        carrier=carrier, name=name, opens_on=opens_on, closes_on=closes_on, places=places,
        note=note, made_by=by if by and by.is_authenticated else None,
    )  # fmt: skip
    call.full_clean(exclude=["carrier", "made_by"], validate_constraints=False)
    with refusing(
        call_once_a_day=lambda: IntakeClosed(
            _("Another call of the carrier is open on some of these days. Choose other days.")
        )
    ):
        call.save()
    record("open_call", call, by=by, park=carrier.park)
    return call
