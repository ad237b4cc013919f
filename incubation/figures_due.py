"""Who has not handed in last year's figures: the board's task, and reminders to the firms."""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from incubation.selectors.figures import still_owing, year_owed
from parks import notices
from parks.notices import Kind, Reason
from tenants.tasks import TASKS, Task
from tenants.warnings import DISTRICT

#: Days before the last day from which a firm is reminded, and its park sees that it is missing.
REMIND_DAYS = 30
DUE, LATE = "figures-due", "figures-late"
KINDS = {
    DUE: Kind(_("Figures to hand in"),
              _("The figures of %(who)s of %(title)s are to be handed in; the last day is %(due)s."), "warn"),
    LATE: Kind(_("Figures overdue"),
               _("The figures of %(who)s of %(title)s were due on %(due)s. Hand them in now."), "bad"),
}  # fmt: skip


def figures_missing(user, on):
    """Due soon or already, and the firm must still do something; the earliest first."""
    rows = still_owing(user, year_owed(on))
    return rows.filter(figures_due__lte=on + timedelta(days=REMIND_DAYS)).order_by(
        "figures_due", "pk"
    )  # fmt: skip


TASKS.append(
    Task("figures-missing", "tenants", _("Figures not handed in"),
         _("Remind the firm; it hands them in on its own page."), figures_missing,
         "carrier__park", "figures_due"),
)  # fmt: skip


def _still(on):
    found = figures_missing(DISTRICT, on).order_by().filter(pk=OuterRef("about"))
    return Q(Exists(found.filter(figures_due=OuterRef("due_on"), tenant__users=OuterRef("user"))))


for _key, _kind in KINDS.items():
    notices.register_kind(_key, _kind)
    notices.register_condition(_key, _still)


@notices.register(*KINDS)
def of_members(on):
    rows = figures_missing(DISTRICT, on).filter(tenant__users__is_active=True)
    year = str(year_owed(on))
    for row in rows.annotate(member=F("tenant__users")).select_related("tenant"):
        kind = DUE if row.figures_due >= on else LATE
        yield Reason(
            kind=kind, key=f"{kind}:{row.member}:{row.tenant_id}:{year}", about=row.pk,
            user_id=row.member, url=f"/my/figures/{row.tenant_id}/{year}/", due_on=row.figures_due,
            params={"title": year, "who": row.tenant.name, "due": str(row.figures_due)},
        )  # fmt: skip
