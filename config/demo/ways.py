"""The ways of the demonstration's tenants through the chain, planned from where they lease.

Nothing is written here: a way is a list of steps, each a stay in one carrier with how it begins
and how it ends.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from config.demo.carriers import DENSITY, JUST_BELOW
from incubation.stay import first_due_on
from tenants.models import LeaseLine, Tenant

STAGES = ("makerspace", "incubator", "accelerator")
#: A gap between two leases that does not end a stay.
GAP = timedelta(days=60)
SHORTEST = timedelta(days=120)
#: Area that the firms of the carrier just below 75 % use, at least.
JUST_BELOW_M2 = 6400
#: Graduations are decided in June and December.
REVIEW_DAYS = ((6, 20), (12, 10))
SPECIAL = {"生物医药": "biomedicine", "传感器": "chips"}
FAST = "招商引进的成长型企业，经载体办公会同意"
LATE = "园区存量企业转入孵化，经载体办公会同意"
OLD = "创始团队重组后重新立项，经载体办公会同意"


@dataclass(slots=True)
class Stay:
    """A tenant leases in a carrier's buildings from ``first`` to ``last`` (None: on the day)."""

    plan: object
    tenant: Tenant
    first: date
    last: date | None
    area: float
    units: dict


@dataclass(slots=True)
class Step:
    """A residency to be. ``begins``: admit, transfer, advance, graduated; ``ends``: "" (open),
    an outcome, or what the next step begins with."""

    plan: object
    tenant: Tenant
    entered: date
    begins: str = "admit"
    ends: str = ""
    left: date | None = None
    destination: str = ""
    special: str = ""
    exemption: str = ""
    extended: bool = False
    stay: Stay | None = None
    residency: object = None

    @property
    def due(self):
        return first_due_on(self.plan.stage, self.entered, self.special)


def first_of_month(day):
    """The first of a month, ``day`` or the next one."""
    return day if day.day == 1 else (day + relativedelta(months=1)).replace(day=1)


def months_before(day, months):
    return day - relativedelta(months=months)


def review_days(since, on):
    days = [date(year, *day) for year in range(since.year, on.year + 1) for day in REVIEW_DAYS]
    return [day for day in days if since <= day <= on - timedelta(days=15)]


class Ways:
    """``plans``: the carriers; ``on``: the day. Same ``rng``, same ways."""

    def __init__(self, plans, *, on, rng):
        self.plans, self.on, self.rng = plans, on, rng
        self.tenants = {one.pk: one for one in Tenant.objects.select_related("home_park")}
        self.stays = self._stays()
        self.ways: dict[int, list[Step]] = {}

    def _stays(self):
        """By carrier its stays, in the order of tenants."""
        place = {(plan.park, code): plan for plan in self.plans for code in plan.buildings}
        found = defaultdict(list)
        lines = LeaseLine.objects.binding().order_by("lease__tenant", "start", "pk")
        for tenant, unit, park, code, start, end, area in lines.values_list(
            "lease__tenant", "unit", "unit__floor__building__park__code",
            "unit__floor__building__code", "start", "end", "area_m2",
        ):  # fmt: skip
            plan = place.get((park, code))
            if plan and start <= self.on and end > plan.opened:
                found[plan.name, tenant].append((max(start, plan.opened), end, unit, area))
        stays = defaultdict(list)
        for (name, tenant), lines in found.items():
            plan = next(one for one in self.plans if one.name == name)
            for first, last, units in merged(lines):
                here = {unit: area for start, end, unit, area in units if start <= self.on < end}
                stays[name].append(Stay(
                    plan, self.tenants[tenant], first, None if last > self.on else last,
                    float(sum(here.values())), here,
                ))  # fmt: skip
        return stays

    # --- who is where on the day -----------------------------------------------------------
    def plan(self):
        """Residents of the day first, carrier by carrier, then the ways that are over."""
        order = sorted(self.plans, key=lambda plan: (not plan.story, -STAGES.index(plan.stage)))
        for plan in order:
            self._residents(plan)
        for stage in STAGES[::-1]:
            for plan in self.plans:
                if plan.stage == stage:
                    self._former(plan)
        return self.ways

    def _residents(self, plan):
        here = [one for one in self.stays[plan.name]
                if one.last is None and one.tenant.pk not in self.ways]  # fmt: skip
        firms = [one for one in here if one.tenant.kind == "firm"]
        if plan.story == DENSITY:
            firms.sort(key=lambda one: -one.area)
        elif plan.story == JUST_BELOW:
            firms = enough(sorted(firms, key=lambda one: one.area), plan.firms, JUST_BELOW_M2)
        else:
            old = plan.stage == "incubator"
            firms.sort(key=lambda one: (
                old and not self._young(one.tenant, one.first), self.rng.random()
            ))  # fmt: skip
        chosen = firms[: plan.firms]
        for one in chosen:
            self._open(one)
        if plan.stage == "makerspace":
            for one in here:
                if one.tenant.kind == "team":
                    self._open(one)
        rest = [one for one in firms[plan.firms :] if one.tenant.pk not in self.ways]
        if plan.stage == "incubator":
            old = [one for one in rest if one.first < months_before(self.on, 50)]
            for one in old[: 5 if plan.story else 3]:
                self._over_stays(one)
            for one in rest:
                if one.tenant.pk not in self.ways and (plan.story or self.rng.random() < 0.7):
                    self._graduates(one, self.on, "same_space")

    def _young(self, tenant, day):
        return tenant.founded_on and day <= tenant.founded_on + relativedelta(months=24)

    def _step(self, stay, entered, **fields):
        tenant = stay.tenant
        special = SPECIAL.get(tenant.field, "") if stay.plan.stage == "incubator" else ""
        step = Step(stay.plan, tenant, entered, special=special, **fields)
        old = tenant.founded_on and not self._young(tenant, entered)
        if stay.plan.stage == "incubator" and old:
            step.exemption = self.rng.choice((LATE, OLD))
        if stay.plan.stage == "accelerator":
            step.exemption = FAST
        return step

    def _open(self, stay):
        """A resident of the day: not due yet, or extended, or in by a later entry."""
        months = {"makerspace": 24, "incubator": 48, "accelerator": 36}[stay.plan.stage]
        entered = first_of_month(stay.first + timedelta(days=self.rng.randrange(0, 40)))
        extended = False
        if entered <= months_before(self.on, months):
            extended = (
                stay.plan.stage != "makerspace"
                and entered > months_before(self.on, months + 8)
                and self.rng.random() < 0.6
            )  # fmt: skip
            over = stay.plan.stage == "makerspace" and self.rng.random() < 0.2
            if over:
                entered = max(entered, first_of_month(months_before(self.on, 29)))
            elif not extended:
                ago = self.rng.randrange(3, months - 6)
                entered = first_of_month(months_before(self.on, ago))
        entered = min(entered, self.on.replace(day=1))
        if entered < stay.plan.opened:
            entered = first_of_month(stay.plan.opened)
        step = self._step(stay, entered, extended=extended)
        step.stay = stay
        step.extended &= step.due <= self.on + timedelta(days=60)
        self.ways[stay.tenant.pk] = [*self._before(step, stay), step]

    def _over_stays(self, stay):
        entered = first_of_month(max(stay.first, months_before(self.on, 57)))
        step = self._step(stay, entered)
        if step.due < self.on:
            self.ways[stay.tenant.pk] = [step]

    def _reviews(self, tenant, since, until):
        """Days on which the tenant, by then a firm, may be reviewed."""
        return review_days(max(since, tenant.founded_on or since), until)

    def _graduates(self, stay, until, destination):
        entered = first_of_month(stay.first + timedelta(days=self.rng.randrange(0, 40)))
        days = self._reviews(stay.tenant, entered + relativedelta(months=14), until)
        days = [day for day in days if day + timedelta(days=10) < until]
        step = self._step(stay, entered, ends="graduated", destination=destination)
        days = [day for day in days if day < step.due]
        if not days:
            return False
        step.left = self.rng.choice(days) + timedelta(days=10)
        self.ways[stay.tenant.pk] = [*self._before(step, stay), step]
        return True

    def _before(self, step, stay):
        """Earlier stays of the tenant that lead to ``step``: from a stage below, or within it."""
        rank = STAGES.index(step.plan.stage)
        earlier = [
            one
            for plan in self.plans
            if STAGES.index(plan.stage) in (rank, rank - 1) and plan is not step.plan
            for one in self.stays[plan.name]
            if one.tenant.pk == stay.tenant.pk and one.first + SHORTEST < step.entered
        ]
        if not earlier:
            return []
        one = max(earlier, key=lambda one: one.first)
        entered = first_of_month(one.first)
        before = self._step(one, entered, destination="carrier")
        if entered + SHORTEST > step.entered:
            return []
        gone = one.last is not None and one.last + GAP < step.entered
        if gone or before.due <= step.entered:
            return self._ended(before, min(one.last or step.entered, step.entered))
        before.left = step.entered
        if one.plan.stage == step.plan.stage:
            if step.extended or before.due <= self.on:
                return []  # it keeps the due day
            before.ends, step.begins = "transferred", "transfer"
        elif one.plan.stage == "makerspace":
            before.ends, step.begins = "advanced", "advance"
        else:
            days = self._reviews(stay.tenant, entered + relativedelta(months=10), step.entered)
            if not days:
                return []
            day = days[-1] + timedelta(days=10)
            if day < step.plan.opened or step.left and step.left <= day:
                return []
            before.ends, step.begins, step.exemption = "graduated", "graduated", ""
            before.left = step.entered = day
        return [before]

    def _ended(self, step, until):
        """A residency that was over before the tenant came to its next carrier."""
        until = min(until, step.due)
        days = self._reviews(step.tenant, step.entered + relativedelta(months=10), until)
        if step.plan.stage == "incubator" and days and days[-1] + timedelta(days=10) <= until:
            step.ends, step.left = "graduated", days[-1] + timedelta(days=10)
            step.destination = "own_site"
        else:
            step.ends = "expired" if until == step.due else "withdrew"
            step.left, step.destination = until, "own_site"
        return [step] if step.left > step.entered + GAP else []

    # --- who was there once ----------------------------------------------------------------
    def _former(self, plan):
        for stay in self.stays[plan.name]:
            if stay.tenant.pk in self.ways or stay.last is None:
                continue
            if stay.last - stay.first < SHORTEST or self.rng.random() < 0.1 and not plan.story:
                continue
            if plan.stage == "incubator":
                old = not plan.story and not self._young(stay.tenant, stay.first)
                if stay.tenant.kind != "firm" or old and self.rng.random() < 0.6:
                    continue
            if (
                self.rng.random()
                < {"makerspace": 0.1, "incubator": 0.62, "accelerator": 0.5}[plan.stage]
            ):
                where = self.rng.choice(("own_site", "own_site", "outside", "same_space"))
                if plan.stage != "makerspace" and self._graduates(stay, stay.last, where):
                    continue
            self._left(stay)

    def _left(self, stay):
        entered = first_of_month(stay.first)
        left = stay.last
        step = self._step(stay, entered)
        if left - entered < timedelta(days=60):
            return
        if left >= step.due:
            step.ends, left = "expired", step.due + timedelta(days=self.rng.randrange(0, 20))
            left = min(left, self.on)
        else:
            step.ends = self.rng.choice(
                ("withdrew", "withdrew", "withdrew", "dissolved", "removed")
            )
        step.left = left
        step.destination = "none" if step.ends == "dissolved" else self.rng.choice(
            ("outside", "own_site", "unknown")
        )  # fmt: skip
        self.ways[stay.tenant.pk] = [*self._before(step, stay), step]


def enough(stays, count, area):
    """``count`` neighbours of ``stays`` (smallest first) that use ``area`` m² together, if any."""
    for first in range(max(len(stays) - count, 0) + 1):
        chosen = stays[first : first + count]
        if sum(one.area for one in chosen) >= area:
            return chosen + stays[:first] + stays[first + count :]
    return stays


def merged(lines):
    """``(first, last, lines)`` of lines ``(start, end, …)`` with no gap longer than ``GAP``."""
    first = last = None
    kept = []
    for line in sorted(lines, key=lambda line: line[:3]):
        if first is not None and line[0] > last + GAP:
            yield first, last, kept
            first, kept = None, []
        if first is None:
            first, last = line[:2]
        last = max(last, line[1])
        kept.append(line)
    if first is not None:
        yield first, last, kept
