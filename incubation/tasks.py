"""What waits about incubation, on the board beside what waits about letting."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from incubation.models import CarrierChange, GraduationReview, Residency
from tenants.items import Item, tells
from tenants.tasks import TASKS, Task, add_group

#: Days before a residency is due when the park is warned, the earliest first.
FIRST, SECOND, LAST = 240, 180, 90


def over_stayed(user, on):
    return Residency.objects.visible_to(user).over_stayed(on).order_by("due", "pk")


def due_within(days, after=0):
    """Open residencies that are due in more than ``after`` and at most ``days`` days."""

    def rows(user, on):
        due = Residency.objects.visible_to(user).with_due(on).open_on(on)
        first, last = on + timedelta(days=after), on + timedelta(days=days)
        return due.filter(due__gt=first, due__lte=last).order_by("due", "pk")

    return rows


def changes_to_report(user, on):
    """Due on their ``report_by``, the earliest first."""
    return CarrierChange.objects.visible_to(user).to_report(on).order_by("effective_on", "pk")


@tells(Residency, "tenant", "carrier__park")
def _residency(row, due):
    url = reverse("incubation:residency-detail", args=[row.pk])
    return Item(row.tenant.name, url, row.carrier.park.name, row.carrier.name, due)


@tells(CarrierChange, "carrier__park")
def _carrier_change(row, due):
    url = f"{reverse('incubation:carrier-detail', args=[row.carrier_id])}#changes"
    what = f"{row.get_what_display()} {row.effective_on}"
    return Item(row.carrier.name, url, row.carrier.park.name, what, due)


#: They stand before the problems of data, which come last.
add_group("incubation", _("Incubation"))
RESIDENCY_TASKS = [
    Task("residency-over", "incubation", _("Over-stay"),
         _("Extend with a reason, or let the tenant graduate or leave."), over_stayed,
         "carrier__park", "due", urgent=True),
    Task("residency-due-last", "incubation", _("Due: last warning"),
         _("Decide now: extension, graduation or leaving."), due_within(LAST),
         "carrier__park", "due", urgent=True),
    Task("residency-due-second", "incubation", _("Due: second warning"),
         _("Ask the tenant what it plans and check the conditions of graduation."),
         due_within(SECOND, LAST), "carrier__park", "due"),
    Task("residency-due-first", "incubation", _("Due: first warning"),
         _("Look what is missing for graduation while there is time."),
         due_within(FIRST, SECOND), "carrier__park", "due"),
]  # fmt: skip
TASKS += RESIDENCY_TASKS


def follow_ups_missing(user, on):
    return Residency.objects.visible_to(user).follow_up_missing(on).order_by("left_on", "pk")


def open_reviews(user, on):
    rows = GraduationReview.objects.visible_to(user).in_state("open", on)
    return rows.defer("evidence").order_by("on", "pk")


@tells(GraduationReview, "residency__tenant", "residency__carrier__park")
def _review(row, due):
    url = reverse("incubation:review-detail", args=[row.pk])
    residency = row.residency
    park = residency.carrier.park.name
    return Item(residency.tenant.name, url, park, residency.carrier.name, due)


TASKS += [
    Task("review-open", "incubation", _("Graduation reviews open"),
         _("Look at the evidence and decide, with an opinion."), open_reviews,
         "residency__carrier__park", "on"),
    Task("follow-up-missing", "incubation", _("Graduates to ask"),
         _("Ask how the graduate fares and record the year."), follow_ups_missing,
         "carrier__park", "left_on"),
]  # fmt: skip
CHANGE_TASK = Task(
    "carrier-changes", "incubation", _("Changes to report"),
    _("Report the change of the carrier and write down when and under which number."),
    changes_to_report, "carrier__park", "report_by", urgent=True,
)  # fmt: skip
TASKS.append(CHANGE_TASK)
