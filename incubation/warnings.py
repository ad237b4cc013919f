"""The warnings about residencies, 240, 180 and 90 days before they are due and when they are over,
and about changes of carriers, before and after the last day to report them.
"""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from incubation.duty import REPORT_WARNING_DAYS
from incubation.tasks import (
    CHANGE_TASK,
    FIRST,
    RESIDENCY_TASKS,
    SECOND,
    changes_to_report,
    due_within,
    over_stayed,
)
from parks import notices
from parks.notices import Kind, Reason
from tenants.items import item, with_related
from tenants.warnings import DISTRICT

DUE = _("The stay of %(title)s in %(who)s is due on %(due)s.")
OVER = _("The stay of %(title)s in %(who)s was due on %(due)s.")
#: Key of a task → its kind of notice.
KINDS = {
    "residency-over": Kind(_("Over-stay"), OVER, "bad"),
    "residency-due-last": Kind(_("Due: last warning"), DUE, "bad"),
    "residency-due-second": Kind(_("Due: second warning"), DUE, "warn"),
    "residency-due-first": Kind(_("Due: first warning"), DUE),
}
#: What a tenant's members are told: half a year before, and when the day has come.
OWN = {
    "own-residency-due": (Kind(_("Your stay becomes due"), DUE, "warn"), due_within(SECOND)),
    "own-residency-over": (Kind(_("Your stay is over"), OVER, "bad"), over_stayed),
}
REPORT, REPORT_LATE = "carrier-change-due", "carrier-change-overdue"
#: What the park is told of a change of its carrier.
REPORTS = {
    REPORT: Kind(_("Change to report"),
                 _("The change of %(title)s (%(who)s) is to be reported by %(due)s."), "warn"),
    REPORT_LATE: Kind(_("Report overdue"),
                      _("The change of %(title)s (%(who)s) was to be reported by %(due)s."), "bad"),
}  # fmt: skip


def still(rows):
    """Condition on notices: ``rows(user, on)`` still has the residency, due on the same day."""

    def condition(on):
        found = rows(DISTRICT, on).order_by().filter(pk=OuterRef("about"))
        return Q(Exists(found.filter(due=OuterRef("due_on"))))

    return condition


def still_own(rows):
    """As ``still``, and the reader is still a member of the tenant."""

    def condition(on):
        found = rows(DISTRICT, on).order_by().filter(pk=OuterRef("about"))
        return Q(Exists(found.filter(due=OuterRef("due_on"), tenant__users=OuterRef("user"))))

    return condition


for _key, _kind in KINDS.items():
    notices.register_kind(_key, _kind)
for _task in RESIDENCY_TASKS:
    # The next threshold takes a notice over when it is settled, not before: none is lost.
    _rows = over_stayed if _task.key == "residency-over" else due_within(FIRST)
    notices.register_condition(_task.key, still(_rows))
for _key, (_kind, _rows) in OWN.items():
    notices.register_kind(_key, _kind)
    notices.register_condition(_key, still_own(_rows))


@notices.register(*KINDS)
def of_parks(on):
    for task in RESIDENCY_TASKS:
        for row in with_related(task.rows(DISTRICT, on)).annotate(at_park=F(task.park)):
            told = item(task, row)
            yield Reason(
                kind=task.key, key=f"{task.key}:{row.pk}:{told.due}", about=row.pk,
                park_id=row.at_park, url=told.url, due_on=told.due,
                params={"title": told.title, "who": told.who, "due": str(told.due)},
            )  # fmt: skip


@notices.register(*OWN)
def of_members(on):
    task = RESIDENCY_TASKS[0]
    for key, (_kind, rows) in OWN.items():
        theirs = rows(DISTRICT, on).filter(tenant__users__isnull=False)
        for row in with_related(theirs.annotate(member=F("tenant__users"))):
            told = item(task, row)
            yield Reason(
                kind=key, key=f"{key}:{row.member}:{row.pk}:{told.due}", about=row.pk,
                user_id=row.member, url=told.url, due_on=told.due,
                params={"title": told.title, "who": told.who, "due": str(told.due)},
            )  # fmt: skip


def still_to_report(on):
    """The next kind takes a notice over when it is settled, not before: none is lost."""
    return Q(Exists(changes_to_report(DISTRICT, on).order_by().filter(pk=OuterRef("about"))))


for _key, _kind in REPORTS.items():
    notices.register_kind(_key, _kind)
    notices.register_condition(_key, still_to_report)


@notices.register(*REPORTS)
def of_carriers(on):
    for row in with_related(changes_to_report(DISTRICT, on)):
        told = item(CHANGE_TASK, row)
        if told.due > on + timedelta(days=REPORT_WARNING_DAYS):
            continue
        kind = REPORT if told.due >= on else REPORT_LATE
        yield Reason(
            kind=kind, key=f"{kind}:{row.pk}:{told.due}", about=row.pk, due_on=told.due,
            park_id=row.carrier.park_id, url=told.url,
            params={"title": told.title, "who": told.who, "due": str(told.due)},
        )  # fmt: skip
