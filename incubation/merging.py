"""Two records of one tenant become one: what of the chain would not fit afterwards."""

from itertools import groupby

from django.utils.translation import gettext as _

from incubation.models import Application, EventAttendance, MentorPairing, Residency
from parks.audit import Act, snapshot
from tenants import merging


@merging.obstacle
def residencies_on_the_same_days(keep, other):
    mine = list(Residency.objects.filter(tenant=keep).select_related("carrier"))
    for theirs in Residency.objects.filter(tenant=other).select_related("carrier"):
        for one in mine:
            if not _before(one, theirs.entered_on) and not _before(theirs, one.entered_on):
                yield _(
                    "Both have a residency on the same days: in %(mine)s since %(from)s and in "
                    "%(theirs)s since %(since)s. Correct the days of one of them first."
                ) % {
                    "mine": one.carrier.name, "from": one.entered_on,
                    "theirs": theirs.carrier.name, "since": theirs.entered_on,
                }  # fmt: skip


@merging.obstacle
def applications_to_one_carrier(keep, other):
    """One open application to a carrier is what a tenant has."""
    rows = Application.objects.filter(tenant__in=[keep, other], closed_on=None)
    rows = rows.select_related("carrier").order_by("carrier", "pk")
    for _carrier, pair in groupby(rows, key=lambda row: row.carrier_id):
        first, *later = pair
        if later:
            yield _(
                "Both have an application to %(carrier)s under way, %(numbers)s. Let one of them be "
                "withdrawn first."
            ) % {
                "carrier": first.carrier.name,
                "numbers": ", ".join(one.number for one in [first, *later]),
            }  # fmt: skip


def _before(residency, day):
    return residency.left_on is not None and residency.left_on <= day


@merging.uniter
def one_attendance_an_event(keep, other):
    """Both were counted at an event: the larger number of people stays."""
    mine = {row.event_id: row for row in EventAttendance.objects.filter(tenant=keep)}
    for theirs in EventAttendance.objects.filter(tenant=other, event__in=list(mine)):
        one = mine[theirs.event_id]
        before = snapshot(one)
        one.people = max(one.people, theirs.people)
        one.save()
        yield Act("take_over", one, keep.home_park, before)
        yield Act("remove", theirs, keep.home_park, snapshot(theirs), {})
        EventAttendance.objects.filter(pk=theirs.pk).delete()


@merging.uniter
def one_pairing_a_day(keep, other):
    """Days on which a mentor looked after both become one pairing."""
    rows = MentorPairing.objects.filter(tenant__in=[keep, other]).order_by("mentor", "start", "pk")
    for _mentor, pairings in groupby(rows, key=lambda row: row.mentor_id):
        first, *later = pairings
        spans = [[first]]
        for row in later:
            until = [one.end for one in spans[-1]]
            if None in until or row.start < max(until):
                spans[-1].append(row)
            else:
                spans.append([row])
        for one, *rest in spans:
            if not rest:
                continue
            before, ends = snapshot(one), [one.end, *(row.end for row in rest)]
            for row in rest:
                yield Act("remove", row, keep.home_park, snapshot(row), {})
            MentorPairing.objects.filter(pk__in=[row.pk for row in rest]).delete()
            one.end = None if None in ends else max(ends)
            one.save()
            yield Act("take_over", one, keep.home_park, before)
