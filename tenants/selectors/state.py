"""A unit's state on a day, derived in SQL from dated records (domain notes §4)."""

from django.db.models import Case, CharField, Exists, F, FilteredRelation, OuterRef, Q, Value, When
from django.db.models.lookups import LessThanOrEqual

from parks.models import Unit, UnitClosure
from parks.periods import active_q
from parks.states import UnitState
from tenants.models import LeaseLine
from tenants.querysets import let_from

#: How a closure shows: public service is the park's own use of its space.
CLOSED_STATES = {
    UnitClosure.Reason.SOLD: UnitState.SOLD,
    UnitClosure.Reason.OWN_USE: UnitState.OWN_USE,
    UnitClosure.Reason.PUBLIC_SERVICE: UnitState.OWN_USE,
    UnitClosure.Reason.OUT_OF_USE: UnitState.OUT_OF_USE,
}


def annotate_state(units, on):
    """The units that exist on ``on``, each with its state, tenant and lease, in one query.

    Adds ``state`` (a ``UnitState`` value), ``closed_for`` (closure reason or None), ``line``,
    ``closure`` and ``hold`` as joins (``line__lease``, ``line__lease__tenant`` … are None where
    nothing covers the day), and ``lease_id``, ``tenant_id``, ``tenant_name``, ``lease_end``.

    A closed unit is sold, own use or out of use; else let from the day its line counts as let;
    else signed when a binding line covers the day or, signed by then, begins later; else held;
    else vacant. Each join meets at most one row: ``NoOverlap`` keeps it so.
    """
    signed_ahead = LeaseLine.objects.binding().filter(
        unit=OuterRef("pk"), start__gt=on, lease__signed_on__lte=on
    )
    return with_day_joins(units, on).annotate(
        closed_for=F("closure__reason"),
        state=Case(
            *(When(closure__reason=r, then=Value(s.value)) for r, s in CLOSED_STATES.items()),
            When(let_on(on), then=Value(UnitState.LET.value)),
            When(line__isnull=False, then=Value(UnitState.SIGNED.value)),
            When(Exists(signed_ahead), then=Value(UnitState.SIGNED.value)),
            When(hold__isnull=False, then=Value(UnitState.HELD.value)),
            default=Value(UnitState.VACANT.value),
            output_field=CharField(),
        ),
        lease_id=F("line__lease_id"),
        tenant_id=F("line__lease__tenant_id"),
        tenant_name=F("line__lease__tenant__name"),
        lease_end=F("line__end"),
    )


def let_units(units, on):
    """Those of ``units`` that are let on ``on``, each with its ``tenant_id``."""
    return annotate_state(units, on).filter(state=UnitState.LET)


def with_day_joins(units, on):
    """The units that exist on ``on``, joined to what covers that day: closure, line, hold."""
    return units.existing_on(on).alias(
        closure=FilteredRelation("closures", condition=active_q_of("closures", on)),
        line=FilteredRelation(
            "lease_lines",
            condition=active_q_of("lease_lines", on) & Q(lease_lines__binding=True),
        ),
        hold=FilteredRelation("holds", condition=active_q_of("holds", on) & Q(holds__binding=True)),
    )


def active_q_of(relation, on):
    return active_q(on, start=f"{relation}__start", end=f"{relation}__end")


def let_on(on):
    """Condition on joined units: the line covering ``on`` counts as let by then."""
    return Q(line__isnull=False) & Q(LessThanOrEqual(let_from("line__lease__", "line__start"), on))


def vacancies(on):
    """Units shown to everybody as free on ``on``: vacant and listed."""
    return annotate_state(Unit.objects.filter(listed=True), on).filter(state=UnitState.VACANT)


def units_visible_to(user, on):
    """Units the user may open: those of one's parks, one's own space, and published vacancies."""
    if user.has_perm("parks.view_park"):
        return Unit.objects.visible_to(user)
    own = LeaseLine.objects.binding().visible_to(user).filter(end__gt=on)
    return Unit.objects.filter(Q(pk__in=own.values("unit")) | Q(pk__in=vacancies(on).values("pk")))
