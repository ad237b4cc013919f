"""The as-of day of an address, ``?on=``; read once, at the edge."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

#: Plans reach this far ahead.
YEARS_AHEAD = 2


def last_day(today: date) -> date:
    return today + relativedelta(years=YEARS_AHEAD)


def local_day(at) -> date:
    """The day of a moment where we are."""
    return at.astimezone(timezone.get_current_timezone()).date()


def latest_day() -> date:
    """The last day that can be looked at now."""
    return last_day(timezone.localdate())


def parse_day(text: str, *, today: date) -> date:
    """``text`` as ``YYYY-MM-DD``, today for an empty one.

    Raises ``ValidationError`` saying what to write, or which days can be looked at.
    """
    if not text:
        return today
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None:
        raise ValidationError(_("Write the day as 2026-06-30."), code="day_unreadable")
    if not settings.FIRST_DAY <= day <= last_day(today):
        raise ValidationError(
            _("Choose a day from %(first)s to %(last)s."),
            code="day_out_of_range",
            params={"first": settings.FIRST_DAY, "last": last_day(today)},
        )
    return day


def day_of(request) -> date:
    """The day the request asks for; an unreadable one is answered with today.

    The frame of the page shows the complaint (``day_error``), so nothing is hidden.
    """
    today = timezone.localdate()
    try:
        return parse_day(request.GET.get("on", ""), today=today)
    except ValidationError:
        return today


def day_error(request) -> str:
    """What is wrong with ``?on=``, or ``""``."""
    try:
        parse_day(request.GET.get("on", ""), today=timezone.localdate())
    except ValidationError as error:
        return error.messages[0]
    return ""
