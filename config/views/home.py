"""``/``: every role's own board, and the search of the frame."""

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.shortcuts import render

from maps.charts import ratio_chart
from parks.days import day_of
from parks.models import Park, Unit
from tenants.models import Lease, LeaseLine, Tenant
from tenants.problems import PROBLEMS
from tenants.selectors import occupancy_series, ratios_by, shares
from tenants.tasks import GROUPS, TASKS, counts

#: How many finds of each kind the search shows.
FINDS = 20
#: How many months the board's chart looks back.
CHART_MONTHS = 24


@login_required
def home(request):
    """Bureau and administrators: the district; operators: what is due; startups: their space."""
    user, on = request.user, day_of(request)
    if not user.has_perm("parks.view_park"):
        lines = LeaseLine.objects.binding().visible_to(user).active_on(on)
        rows = lines.select_related("lease__tenant", "unit__floor__building__park")
        return render(request, "home/startup.html", {"lines": rows})
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
        "tasks": TASKS,
        "by_park": [(p, [found[t.key].get(p.pk, 0) for t in TASKS]) for p in parks],
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
    """Units by old or new number, tenants by name or code, leases by number: one's own only."""
    user, text, on = request.user, request.GET.get("q", "").strip(), day_of(request)
    context = {"query": text}
    if text and "\x00" not in text:
        parks_seen = user.has_perm("parks.view_park")
        context |= {
            "units": Unit.objects.visible_to(user)
            .matching(text)
            .existing_on(on)
            .with_place()[:FINDS]
            if parks_seen
            else [],
            "tenants": (
                Tenant.objects.visible_to(user).filter(name__icontains=text)
                | Tenant.objects.visible_to(user).filter(uscc__icontains=text)
            )[:FINDS],
            "leases": Lease.objects.visible_to(user)
            .filter(number__icontains=text)
            .select_related("tenant")[:FINDS],
        }
    return render(request, "home/search.html", context)
