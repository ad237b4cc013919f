"""How a carrier takes applications."""

from incubation.models import Intake


def intake_of(carrier) -> Intake:
    """The carrier's settings, or the defaults, unsaved."""
    return Intake.objects.filter(carrier=carrier).first() or Intake(carrier=carrier)
