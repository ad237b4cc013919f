"""``/``: every role's own board, and the search of the frame."""

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers

from incubation.selectors.own_board import own_board
from maps.charts import ratio_chart
from parks.days import day_of
from parks.models import Park, Unit
from tenants.models import Lease
from tenants.problems import PROBLEMS
from tenants.selectors import occupancy_series, ratios_by, shares
from tenants.selectors.finding import find
from tenants.tasks import GROUPS, TASKS, counts

#: How many finds of each kind the search shows.
FINDS = 20
#: And while one types.
FINDS_TYPING = 6
#: How many months the board's chart looks back.
CHART_MONTHS = 24


@login_required
def home(request):
    """The district to the bureau, what is due to operators, their own to startups and reviewers."""
    user, on = request.user, day_of(request)
    if not user.has_perm("parks.view_park"):
        if user.has_perm("incubation.review_application") and not user.has_perm("incubation.apply"):
            return redirect("incubation:reviewing")
        return render(request, "home/startup.html", own_board(user, on))
    parks = list(Park.objects.visible_to(user).defer("boundary"))
    units = Unit.objects.visible_to(user)
    by_park = ratios_by(units, on, by="floor__building__park")
    leases = Lease.objects.visible_to(user)
    first = max(on - relativedelta(months=CHART_MONTHS), settings.FIRST_DAY)
    series = occupancy_series(units, first, on)
    found = counts(TASKS, user, on)
    problems = counts(PROBLEMS, user, on)
    context = {
        "series": series,
        "chart": ratio_chart(series),
        "whole": shares(units, on),
        "rows": [(park, by_park.get(park.pk)) for park in parks],
        "groups": _groups(found, problems),
        "by_task": [(t, [(p, found[t.key].get(p.pk, 0)) for p in parks]) for t in TASKS],
        "active": leases.active_on(on).count(),
    }
    return render(request, "home/board.html", context)


def _groups(found, problems):
    """``(title, tasks with their counts)`` of each group that has any, urgent ones first."""
    totals = {task.key: sum(found[task.key].values()) for task in TASKS}
    totals |= {task.key: sum(problems[task.key].values()) for task in PROBLEMS}
    groups = []
    for key, title in GROUPS.items():
        tasks = [(t, totals[t.key]) for t in [*TASKS, *PROBLEMS] if t.group == key]
        tasks = sorted(tasks, key=lambda pair: (not pair[1], not pair[0].urgent))
        if key == "data":
            tasks = [pair for pair in tasks if pair[1]]
        groups.append((title, tasks))
    return groups


@login_required
def search(request):
    """What one may see by number, name, code or initials; to htmx only the list below the field."""
    text, on = request.GET.get("q", ""), day_of(request)
    limit = FINDS_TYPING if request.htmx else FINDS
    context = {"query": text.strip(), "groups": find(request.user, text, on, limit)}
    answer = render(request, "home/_finds.html" if request.htmx else "home/search.html", context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer
