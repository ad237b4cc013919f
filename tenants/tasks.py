"""What waits for somebody on a day: one registry for the board, its lists, the warnings and the API.

A count and the list it opens ask the same ``rows``, so they cannot differ.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, DateField, Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import TruncDate
from django.db.models.lookups import GreaterThan, LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from parks.models import Unit, UnitChange
from tenants.models import (
    Hold,
    Lease,
    MoveOut,
    MovePlan,
    RentFree,
    TenantClaim,
    Visit,
    VisitProblem,
    YearFigure,
)
from tenants.selectors.vacant_since import vacant_since

GROUPS = {
    "ending": _("Ending and renewal"),
    "handing": _("Signing and handing over"),
    "letting": _("Letting"),
    "money": _("Money and moving out"),
    "space": _("Space and moves"),
    "tenants": _("Tenants and their word"),
    "data": _("Data"),
}


def add_group(key, title):
    """A group of a higher app's tasks on the board; the data's stays the last."""
    last = GROUPS.pop("data")
    GROUPS.update({key: title, "data": last})


#: How far ahead plans are shown.
PLAN_DAYS = 30


@dataclass(frozen=True)
class Task:
    """``rows(user, on)``: a queryset of what waits; ``park``: path to its park.

    ``due``: name of the attribute that says since or until when. ``urgent`` ones stand out.
    """

    key: str
    group: str
    title: str
    hint: str
    rows: Callable
    park: str = "park"
    due: str = ""
    urgent: bool = False


class DaysAfter(Func):
    """The day so many days after a day; both may be columns."""

    template = "(%(expressions)s)"
    arg_joiner = " + "
    output_field = DateField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(
            compiler, connection, template="date(%(expressions)s || ' days')",
            arg_joiner=", '+' || ", **context,
        )  # fmt: skip


def within(on, due, days):
    """Condition: ``due`` is at most as many days after ``on`` as the column ``days`` says."""
    return LessThanOrEqual(F(due), DaysAfter(Value(on, DateField()), F(days)))


def beyond(on, due, days):
    return GreaterThan(F(due), DaysAfter(Value(on, DateField()), F(days)))


def ending(upto, after=None):
    """Leases in force, not carried on, that end within the park's ``upto``, beyond ``after``."""

    def rows(user, on):
        leases = Lease.objects.visible_to(user).active_on(on).not_carried_on(on)
        leases = leases.filter(within(on, "ends_on", f"park__{upto}_warning_days"))
        if after:
            leases = leases.filter(beyond(on, "ends_on", f"park__{after}_warning_days"))
        return leases.order_by("ends_on", "pk")

    return rows


def in_approval(user, on):
    leases = Lease.objects.visible_to(user).with_state(on)
    return leases.filter(state=Lease.State.IN_APPROVAL).order_by("submitted_on", "pk")


def lapsing(user, on):
    holds = Hold.objects.visible_to(user).binding().active_on(on)
    days = "unit__floor__building__park__hold_warning_days"
    return holds.filter(within(on, "end", days)).order_by("end", "pk")


def not_handed_over(user, on):
    return Lease.objects.visible_to(user).not_handed_over(on).order_by("start", "pk")


def rent_free_ending(user, on):
    """Leases in force whose rent-free days of ``on`` end within the park's threshold."""
    free = RentFree.objects.filter(lease=OuterRef("pk"), start__lte=on, end__gt=on).filter(
        within(on, "end", "lease__park__rent_free_warning_days")
    )
    leases = Lease.objects.visible_to(user).active_on(on)
    return leases.filter(Exists(free)).annotate(free_until=free.values("end")[:1]).order_by(
        "free_until", "pk"
    )  # fmt: skip


def long_vacant(user, on):
    units = vacant_since(Unit.objects.visible_to(user), on)
    days = DaysAfter(F("since"), F("floor__building__park__vacant_days"))
    return units.filter(LessThanOrEqual(days, Value(on, DateField()))).order_by("since", "pk")


def deposits(user, on):
    return Lease.objects.visible_to(user).deposit_open(on).order_by("ends_on", "pk")


def move_outs(user, on):
    return MoveOut.objects.visible_to(user).filter(asked_on__lte=on).open()


def figures_to_confirm(user, on):
    rows = YearFigure.objects.visible_to(user).to_confirm()
    return rows.filter(handed_in_on__lte=on).order_by("handed_in_on", "pk")


def reported_problems(user, on):
    """Visits on which the tenant itself reported something not solved by ``on``."""
    unsolved = VisitProblem.objects.filter(visit=OuterRef("pk")).exclude(solved_on__lte=on)
    rows = Visit.objects.visible_to(user).reported().filter(Exists(unsolved), on__lte=on)
    return rows.order_by("on", "pk")


def changes(user, on):
    rows = UnitChange.objects.visible_to(user).planned_after(on)
    return rows.filter(effective_on__lte=on + timedelta(days=PLAN_DAYS))


def moves(user, on):
    rows = MovePlan.objects.visible_to(user).standing().filter(effective_on__gt=on)
    return rows.filter(effective_on__lte=on + timedelta(days=PLAN_DAYS)).order_by("effective_on")


def claims(user, on):
    rows = TenantClaim.objects.visible_to(user).filter(made_at__date__lte=on)
    return rows.waiting().annotate(made=TruncDate("made_at")).order_by("made_at", "pk")


UNIT_PARK = "floor__building__park"
TASKS = [
    Task("ending-last", "ending", _("Ending: last warning"),
         _("Agree on the renewal or prepare the move-out now."), ending("last"), due="ends_on",
         urgent=True),
    Task("ending-second", "ending", _("Ending: second warning"),
         _("Ask the tenant for a decision."), ending("second", "last"), due="ends_on"),
    Task("ending-first", "ending", _("Ending: first warning"),
         _("Talk with the tenant about renewing."), ending("first", "second"), due="ends_on"),
    Task("not-handed-over", "handing", _("Signed, not handed over"),
         _("Hand the units over and write the day down."), not_handed_over, due="start"),
    Task("in-approval", "handing", _("Approvals waiting"),
         _("Sign the lease or reject it with a reason."), in_approval, due="submitted_on"),
    Task("hold-lapsing", "letting", _("Holds about to lapse"),
         _("Sign, or let the unit go back to the vacant ones."), lapsing,
         "unit__floor__building__park", "end", urgent=True),
    Task("long-vacant", "letting", _("Vacant for long"),
         _("Look at the rent, the listing and the state of the unit."), long_vacant, UNIT_PARK,
         "since"),
    Task("rent-free-ending", "money", _("Rent-free days ending"),
         _("Tell the tenant when rent begins."), rent_free_ending, due="free_until"),
    Task("deposit-open", "money", _("Deposits open"),
         _("Settle and give the deposit back, or write down what is kept."), deposits,
         due="ends_on", urgent=True),
    Task("move-out", "money", _("Move-outs under way"),
         _("Do the next step of the move-out."), move_outs, "lease__park", "asked_on"),
    Task("changes", "space", _("Planned splits and merges"),
         _("Check that the units are free by then."), changes, due="effective_on"),
    Task("moves", "space", _("Planned moves"),
         _("Check that everybody knows the day."), moves, due="effective_on"),
    Task("problem-reported", "tenants", _("Problems reported"),
         _("Say who handles it, and write the solution down."), reported_problems,
         "tenant__home_park", "on", urgent=True),
    Task("figures-to-confirm", "tenants", _("Figures to confirm"),
         _("Compare with the year before, then confirm or ask for a correction."),
         figures_to_confirm, "tenant__home_park", "handed_in_on"),
    Task("claims", "tenants", _("People who claim a firm"),
         _("Confirm who belongs to it, refuse who does not."), claims, "tenant__home_park", "made",
         urgent=True),
]  # fmt: skip


def counts(tasks, user, on) -> dict[str, dict[int, int]]:
    """For each key the number of rows by park; one query a task."""
    return {
        task.key: dict(task.rows(user, on).order_by().values_list(task.park)
            .annotate(number=Count("pk", distinct=True)))
        for task in tasks
    }  # fmt: skip


def of_park(task, rows, code):
    return rows.filter(Q(**{f"{task.park}__code": code})) if code else rows
