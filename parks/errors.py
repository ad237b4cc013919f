"""What the domain refuses, with a stable code each. HTTP statuses live in ``api/errors.py``."""

import re
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _


class RuleViolation(ValidationError):
    """A domain rule said no. ``code`` is stable; the message tells people what to do."""

    code = "rule_violation"

    def __init__(self, message, **params):
        super().__init__(message, code=type(self).code, params=params or None)

    def __str__(self):
        return " ".join(self.messages)


class AreaNotConserved(RuleViolation):
    code = "area_not_conserved"


class UnitInTheWay(RuleViolation):
    """Something still needs the unit past the day it should end."""

    code = "unit_in_use"


class PlanAlreadyOpen(RuleViolation):
    code = "plan_already_open"


class UnitNotThere(RuleViolation):
    """The unit does not exist on the days asked for."""

    code = "unit_not_there"


class NumberTaken(RuleViolation):
    code = "number_taken"


class PlaceTaken(RuleViolation):
    """A building's code in its park, or a storey in its building, is there already."""

    code = "place_taken"


class ClosureOverlap(RuleViolation):
    code = "closure_overlap"


class UnitNotContained(RuleViolation):
    """An outline leaves its floor or lies on another unit."""

    code = "outline_conflict"


class TooLate(RuleViolation):
    """The day has come: what is past is corrected, not cancelled."""

    code = "too_late"


class DatesOutOfOrder(RuleViolation):
    code = "dates_out_of_order"


class InvalidValue(RuleViolation):
    """A value no record of this kind can hold."""

    code = "invalid_value"


class SomeoneWasFaster(RuleViolation):
    """Two people changed the same thing; nothing was saved."""

    code = "conflict"

    def __init__(self):
        super().__init__(
            _(
                "Someone else has just changed this. Reload the page and try again; nothing was lost."
            )
        )


def constraint_name(error) -> str:
    """Name of the constraint behind an ``IntegrityError`` on either engine, or ``""``."""
    diag = getattr(error.__cause__, "diag", None)
    if diag is not None and diag.constraint_name:
        return diag.constraint_name
    found = re.search(r"(?:no_overlap|constraint failed): ?(\w+)", str(error))
    return found[1] if found else ""


@contextmanager
def refusing(**violations):
    """Turn the database's refusal by constraint ``name`` into ``violations[name]()``.

    The block runs in a savepoint, so the enclosing transaction can go on.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        violation = violations.get(constraint_name(error))
        if violation is None:
            raise
        raise violation() from error
