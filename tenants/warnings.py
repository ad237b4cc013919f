"""The warnings about leases, holds and units; each asks the same rows as the board's task."""

from datetime import timedelta
from types import SimpleNamespace

from django.db.models import Exists, F, OuterRef, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from parks import notices
from parks.notices import Kind, Reason
from tenants.items import item, with_related
from tenants.tasks import TASKS, DaysAfter, ending

#: Days after which what waits is worth a warning.
DEPOSIT_LATE, APPROVAL_LATE = 30, 7
#: Warnings are made for everybody at once; who reads which, ``visible_to`` says.
DISTRICT = SimpleNamespace(has_perm=lambda permission: True, is_authenticated=True)

ENDS = _("Lease %(title)s of %(who)s ends; its last day is %(due)s.")
#: Key of a task → its kind of notice.
KINDS = {
    "ending-last": Kind(_("Ending: last warning"), ENDS, "bad"),
    "ending-second": Kind(_("Ending: second warning"), ENDS, "warn"),
    "ending-first": Kind(_("Ending: first warning"), ENDS),
    "hold-lapsing": Kind(_("Holds about to lapse"),
                         _("The hold of %(title)s for %(who)s lapses; its last day is %(due)s."), "warn"),
    "not-handed-over": Kind(_("Signed, not handed over"),
                            _("Lease %(title)s of %(who)s began on %(due)s and is not handed over."), "bad"),
    "rent-free-ending": Kind(_("Rent-free days ending"),
                             _("Lease %(title)s of %(who)s is rent-free up to %(due)s.")),
    "long-vacant": Kind(_("Vacant for long"), _("%(title)s has stood empty since %(due)s.")),
    "deposit-open": Kind(_("Deposits open"),
                         _("The deposit of lease %(title)s (%(who)s), which ended on %(due)s, is not back."), "bad"),
    "in-approval": Kind(_("Approvals waiting"),
                        _("Lease %(title)s of %(who)s has waited for approval since %(due)s."), "warn"),
    "move-out": Kind(_("Move-out overdue"),
                     _("%(who)s wanted to leave (lease %(title)s) and the move-out is not finished."), "warn"),
    "own-lease-ending": Kind(_("Your lease ends"), ENDS, "warn"),
}  # fmt: skip
for _key, _kind in KINDS.items():
    notices.register_kind(_key, _kind)

#: Dues that are the first day not covered: people read the last day before it.
ENDS_AT = {"ends_on", "end", "free_until"}


def late(key, on) -> Q:
    """Which rows of the task are worth a warning, not only a line on the board."""
    return {
        "not-handed-over": Q(start__lte=on),
        "deposit-open": Q(ends_on__lte=on - timedelta(days=DEPOSIT_LATE)),
        "in-approval": Q(submitted_on__lt=on - timedelta(days=APPROVAL_LATE)),
        "move-out": Q(leaves_on__lt=on),
    }.get(key, Q())


def printed(task, due):
    return due - timedelta(days=1) if due and task.due in ENDS_AT else due


def asked_again(task, rows):
    """Condition on notices: ``rows(user, on)`` still has the row, due on the same day."""
    days = Value(1 if task.due in ENDS_AT else 0)

    def condition(on):
        found = rows(DISTRICT, on).filter(late(task.key, on)).order_by()
        found = found.filter(pk=OuterRef("about"))
        return Q(Exists(found.filter(**{task.due: DaysAfter(OuterRef("due_on"), days)})))

    return condition


def own_ends(on):
    leases = ending("second")(DISTRICT, on).order_by()
    return Q(Exists(leases.filter(pk=OuterRef("about"), tenant__users=OuterRef("user"),
                                  ends_on=DaysAfter(OuterRef("due_on"), Value(1)))))  # fmt: skip


for _task in TASKS:
    if _task.key in KINDS:
        # The next threshold takes a notice over when it is settled, not before: none is lost.
        _rows = ending("first") if _task.key.startswith("ending-") else _task.rows
        notices.register_condition(_task.key, asked_again(_task, _rows))
notices.register_condition("own-lease-ending", own_ends)


@notices.register(*(key for key in KINDS if key != "own-lease-ending"))
def of_tasks(on):
    for task in TASKS:
        if task.key not in KINDS:
            continue
        rows = with_related(task.rows(DISTRICT, on).filter(late(task.key, on)))
        for row in rows.annotate(at_park=F(task.park)):
            told = item(task, row)
            due = printed(task, told.due)
            yield Reason(
                kind=task.key, key=f"{task.key}:{row.pk}:{told.due}", about=row.pk, park_id=row.at_park,
                params={"title": told.title, "who": told.who, "due": str(due)},
                url=told.url, due_on=due,
            )  # fmt: skip


@notices.register("own-lease-ending")
def of_members(on):
    """A tenant's members are told once, with the park's second warning."""
    for task in TASKS:
        if task.key not in ("ending-last", "ending-second"):
            continue
        rows = task.rows(DISTRICT, on).filter(tenant__users__isnull=False)
        for lease in rows.annotate(member=F("tenant__users")).select_related("tenant"):
            due = printed(task, lease.ends_on)
            yield Reason(
                kind="own-lease-ending", key=f"own:{lease.member}:{lease.pk}:{lease.ends_on}",
                about=lease.pk, user_id=lease.member, due_on=due,
                params={"title": lease.number, "who": lease.tenant.name, "due": str(due)},
                url=reverse("tenants:lease-detail", args=[lease.pk]),
            )  # fmt: skip
