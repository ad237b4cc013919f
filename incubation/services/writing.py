"""An applicant writes its application, sends it and takes it back."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from incubation.dossier import COLUMNS, Commitment
from incubation.errors import ApplicationIncomplete, IntakeClosed
from incubation.models import Application, ApplicationStep
from incubation.selectors.calls import taking
from incubation.selectors.waiting import units_of
from incubation.selectors.writing import completeness, content_now, papers_of
from incubation.services.applications import start_application, step, written
from incubation.services.papers import copy_papers
from incubation.workflow import State
from parks.errors import InvalidValue

#: Units one may wish for.
MOST_UNITS = 30


@transaction.atomic
def save_draft(*, application, values, by, at, on) -> Application:
    """Keep ``values``: some of ``COLUMNS``, and ``preferred_units``; what is not named stays.

    What was typed is no act: the trail and the log hold what is submitted, not each draft. Raises
    ``ApplicationState``, ``ValidationError`` with the fields it is about.
    """
    row = written(application, on)
    values = dict(values)
    units = values.pop("preferred_units", None)
    if unknown := set(values) - set(COLUMNS):
        raise InvalidValue(
            _("No part of an application: %(names)s."), names=", ".join(sorted(unknown))
        )
    for name, value in values.items():
        setattr(row, name, value)
    row.saved_at = at
    row.applicant = by if by and by.is_authenticated else row.applicant
    row.clean_fields(exclude=[f.name for f in row._meta.fields if f.name not in values])
    if "commitments" in values:
        row.commitments = _commitments(row.commitments)
    if None not in (row.area_min_m2, row.area_max_m2) and row.area_max_m2 < row.area_min_m2:
        raise ValidationError({"area_max_m2": _("The largest area is not below the smallest.")})
    row.save(update_fields=[*values, "saved_at", "applicant"])
    if units is not None:
        row.preferred_units.set(_wished(row.carrier, units, on))
    return row


def _commitments(promised) -> list[str]:
    if not isinstance(promised, list) or set(promised) - set(Commitment.values):
        raise ValidationError({"commitments": _("Choose among the commitments listed.")})
    return [one for one in Commitment.values if one in promised]


def _wished(carrier, units, on):
    wanted = {unit.pk for unit in units}
    found = list(units_of(carrier, on).filter(pk__in=wanted).values_list("pk", flat=True))
    if len(wanted) > MOST_UNITS:
        raise ValidationError({"preferred_units": _("Choose at most %(most)s units.")
                               % {"most": MOST_UNITS}})  # fmt: skip
    if len(found) < len(wanted):
        raise ValidationError({"preferred_units": _("%(carrier)s has no such unit for tenants.")
                               % {"carrier": carrier.name}})  # fmt: skip
    return found


@transaction.atomic
def copy_application(*, previous, carrier=None, by, at, on) -> Application:
    """A new draft that says what ``previous`` says, with its documents; to the same carrier or to
    ``carrier``. One that is at an end becomes its earlier application.

    Commitments are made anew, a day gone by and units of another carrier are left out. Raises as
    ``start_application`` does.
    """
    previous = Application.objects.with_state(on).select_related("tenant", "carrier").get(
        pk=previous.pk
    )  # fmt: skip
    carrier = carrier or previous.carrier
    content = {name: getattr(previous, name) for name in COLUMNS if name != "commitments"}
    if previous.move_in_on and previous.move_in_on < on:
        del content["move_in_on"]
    copy = start_application(
        tenant=previous.tenant, carrier=carrier, by=by, at=at, on=on,
        previous=previous if previous.closed_on or previous.state in _OVER else None, **content,
    )  # fmt: skip
    wished = previous.preferred_units.values_list("pk", flat=True)
    copy.preferred_units.set(units_of(carrier, on).filter(pk__in=list(wished)))
    copy_papers(papers_of(previous), into=copy, by=by, at=at)
    return copy


_OVER = (State.REFUSED, State.WITHDRAWN, State.LAPSED, State.MOVED_IN)


@transaction.atomic
def submit_application(*, application, by, at, on) -> ApplicationStep:
    """Send the application, or send it again after it was amended; what it says is kept with the
    step.

    Raises ``ApplicationState``, ``ApplicationIncomplete`` naming everything that is missing,
    ``IntakeClosed``. A call that closed meanwhile does not shut out who amends.
    """
    row = written(application, on)
    if lacking := completeness(row, on):
        raise ApplicationIncomplete(
            _("Still missing: %(things)s."), things=_("; ").join(one.words for one in lacking)
        )
    if row.state == State.DRAFT:
        door = taking(row.carrier, on)
        if not door.open:
            raise IntakeClosed(
                _("%(carrier)s: %(reason)s"), carrier=row.carrier.name, reason=door.against
            )
        row.call = door.call
        row.save(update_fields=["call"])
    return step(application=row, act="submit", by=by, at=at, on=on, content=content_now(row))


@transaction.atomic
def withdraw_application(*, application, by, at, on, opinion="") -> ApplicationStep:
    """Take it back: a draft, or one that is under way until the signing begins."""
    return step(application=application, act="withdraw", by=by, at=at, on=on, opinion=opinion)
