"""The dates of a person as an iCalendar feed at a secret address."""

import hashlib
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from parks.models import Subscription
from tenants.items import item, with_related
from tenants.models import Hold, Lease
from tenants.tasks import TASKS

#: How far ahead the feed looks, and when a calendar reminds.
AHEAD, REMIND = timedelta(days=365), timedelta(days=-7)


def dates(user, on):
    """``(uid, day, words, address)`` of what the person may see now: names and days, no money."""
    limit = on + AHEAD
    leases = Lease.objects.visible_to(user).active_on(on).not_carried_on(on)
    leases = leases.filter(ends_on__lte=limit)
    for lease in leases.select_related("tenant").order_by("pk"):
        words = _("Lease %(number)s of %(tenant)s: last day") % {
            "number": lease.number, "tenant": lease.tenant.name,
        }  # fmt: skip
        yield f"lease-{lease.pk}", lease.ends_on - timedelta(days=1), words, f"/leases/{lease.pk}/"
    holds = Hold.objects.visible_to(user).binding().active_on(on).filter(end__lte=limit)
    for hold in holds.select_related("unit", "tenant").order_by("pk"):
        words = _("Hold of %(unit)s for %(who)s: last day") % {
            "unit": hold.unit.number, "who": hold.tenant or hold.applicant,
        }  # fmt: skip
        yield f"hold-{hold.pk}", hold.end - timedelta(days=1), words, f"/units/{hold.unit_id}/"
    for task in TASKS:
        if task.group == "space" and user.has_perm("parks.view_park"):
            for row in with_related(task.rows(user, on)):
                told = item(task, row)
                yield f"{task.key}-{row.pk}", told.due, f"{task.title}: {told.park}", told.url


def feed(request, token):
    """No log-in: the token is the key. ``404`` for one that is not, or no longer, somebody's."""
    rows = Subscription.objects.select_related("user").filter(user__is_active=True)
    found = rows.filter(token=token).first()
    if found is None:
        raise Http404
    on = timezone.localdate()
    with translation.override(found.language):
        calendar = Calendar()
        calendar.add("prodid", "-//Wangcheng parks//")
        calendar.add("version", "2.0")
        calendar.add("x-wr-calname", _("Wangcheng parks"))
        calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
        for uid, day, words, address in dates(found.user, on):
            calendar.add_component(entry(uid, day, words, f"{settings.SITE_URL}{address}"))
    body = calendar.to_ical()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponseNotModified()
    else:
        answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["ETag"], answer["Cache-Control"] = tag, "private"
    return answer


def entry(uid, day, words, address):
    event = Event()
    event.add("uid", f"{uid}@wangcheng-parks")
    # The stamp follows the date told, so that an unchanged feed stays the same, byte by byte.
    event.add("dtstamp", datetime(day.year, day.month, day.day, tzinfo=UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", words)
    event.add("url", address)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", REMIND)
    event.add_component(alarm)
    return event
