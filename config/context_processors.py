"""What the frame of every page shows."""

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.utils import timezone

from config.navigation import navigation
from config.roles import ROLE_NAMES, roles_of
from parks.days import day_error, day_of, last_day
from parks.models import Park

#: The park switcher lists so many and leads to the list of all: the frame stays small.
PARKS_IN_MENU = 20


def frame(request):
    """Asked for once a page: the parts of a page that are rendered by themselves have it too."""
    if not hasattr(request, "frame"):
        request.frame = _frame(request)
    return request.frame


def _frame(request):
    user = getattr(request, "user", None)
    today = timezone.localdate()
    on = day_of(request)
    context = {
        "demo": settings.DEMO,
        "today": today,
        "on": on,
        "day_error": day_error(request),
        "first_day": settings.FIRST_DAY,
        "last_day": last_day(today),
        "day_before": max(on - relativedelta(days=1), settings.FIRST_DAY),
        "day_after": min(on + relativedelta(days=1), last_day(today)),
        "month_start": on.replace(day=1),
        "year_ago": max(on - relativedelta(years=1), settings.FIRST_DAY),
    }
    if user is None or not user.is_authenticated:
        return context
    roles = roles_of(user)
    context["folded"] = request.COOKIES.get("navigation") == "folded"
    context["nav"] = navigation(user, request.path, today)
    context["role_name"] = ROLE_NAMES[roles[0]] if roles else ROLE_NAMES["none"]
    if user.is_superuser:
        context["role_name"] = ROLE_NAMES["admin"]
    parks = Park.objects.visible_to(user).values("code", "name")[: PARKS_IN_MENU + 1]
    context["my_parks"] = list(parks)[:PARKS_IN_MENU]
    context["more_parks"] = len(parks) > PARKS_IN_MENU
    return context
