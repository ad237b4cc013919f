"""A tenant's whole way on one line of time: stage by stage above space by space.

The drawing and the table beneath are made from the same rows.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import zip_longest

from dateutil.relativedelta import relativedelta
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from incubation.models import Residency, ResidencyExtension, Stage
from parks.sections import Section, register
from tenants.models import LeaseLine, Qualification

#: The drawing in its own units; its page scrolls where the screen is narrower.
WIDTH, LABELS, ROW = 1000, 140, 34
#: So many units are drawn; the table has all.
MOST_UNITS = 12
#: What is shown after the last day that is known.
AHEAD = relativedelta(months=3)


@dataclass(frozen=True, slots=True)
class Bar:
    """``[x, x + width)`` in a lane; ``label`` stands above it, ``title`` tells all."""

    x: float
    width: float
    css: str
    label: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    css: str
    title: str
    url: str = ""


@dataclass(slots=True)
class Lane:
    name: str
    y: int = 0
    bars: list = field(default_factory=list)
    marks: list = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: ``until`` is the first day after, None while it goes on."""

    day: date
    until: date | None
    what: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    tenant: object
    lanes: list
    lines: list
    years: list
    now: float | None
    hidden_units: int
    width: int = WIDTH

    @property
    def height(self):
        return len(self.lanes) * ROW + 22

    @property
    def axis(self):
        return len(self.lanes) * ROW + 4


def way_of(tenant, user, on) -> Way | None:
    """What ``user`` may see of it, None for a tenant that never was in a carrier."""
    decided = ResidencyExtension.objects.filter(decided_on__lte=on)
    residencies = list(
        Residency.objects.visible_to(user).with_due(on).filter(tenant=tenant)
        .select_related("carrier").order_by("entered_on")
        .prefetch_related(Prefetch("extensions", decided, to_attr="decided"))
    )  # fmt: skip
    if not residencies:
        return None
    lines = list(
        LeaseLine.objects.visible_to(user).binding().filter(lease__tenant=tenant)
        .select_related("lease", "unit__floor__building").order_by("start", "pk")
        .defer("unit__outline", "unit__floor__outline", "unit__floor__building__footprint")
    )  # fmt: skip
    held = list(Qualification.objects.visible_to(user).filter(tenant=tenant).order_by("start"))
    scale = Scale(tenant, residencies, lines, held, on)
    units = _unit_lanes(lines, scale)
    lanes = [
        *_stage_lanes(residencies, scale, on), *_event_lanes(tenant, residencies, scale),
        *_held_lanes(held, scale), *units[:MOST_UNITS],
    ]  # fmt: skip
    for index, lane in enumerate(lanes):
        lane.y = index * ROW
    return Way(
        tenant=tenant, lanes=lanes, lines=_table(tenant, residencies, lines, held),
        years=scale.years(), now=scale.at(on), hidden_units=max(0, len(units) - MOST_UNITS),
    )  # fmt: skip


class Scale:
    """Days to the drawing's x: from the first day known to the last, or ``on``."""

    def __init__(self, tenant, residencies, lines, held, on):
        starts = [one.entered_on for one in residencies] + [line.start for line in lines]
        ends = [one.left_on or one.due for one in residencies] + [line.end for line in lines]
        self.first = min(starts)
        founded = tenant.founded_on
        if founded and founded > self.first - relativedelta(years=3):
            self.first = min(self.first, founded)
        self.last = max([on, *(end for end in ends if end)]) + AHEAD

    def at(self, day) -> float:
        day = min(max(day, self.first), self.last)
        share = (day - self.first) / (self.last - self.first)
        return round(LABELS + share * (WIDTH - LABELS), 1)

    def bar(self, start, end, css, label, title, url):
        x, right = self.at(start), self.at(end or self.last)
        return Bar(x, max(round(right - x, 1), 2), css, label, title, url)

    def years(self):
        years = range(self.first.year + 1, self.last.year + 1)
        return [(self.at(date(year, 1, 1)), year) for year in years]


def _stage_lanes(residencies, scale, on):
    for stage in Stage:
        here = [one for one in residencies if one.carrier.stage == stage]
        if not here:
            continue
        lane = Lane(str(stage.label))
        for one in here:
            _residency(lane, one, stage, scale, on)
        _fit(lane)
        yield lane


def _residency(lane, one, stage, scale, on):
    url, title = _page(one), _told(one)
    css = f"stage-{stage}"
    # What is past is solid, what is to come is light, what is beyond the due day hatched.
    reached = min(one.left_on or on, max(on, one.entered_on + timedelta(days=1)))
    solid = min(reached, one.due)
    lane.bars.append(scale.bar(one.entered_on, solid, css, one.carrier.name, title, url))
    if reached > one.due:
        lane.bars.append(scale.bar(one.due, reached, f"{css} over", "", title, url))
    until = one.left_on or one.due
    if until > reached:
        lane.bars.append(scale.bar(reached, until, f"{css} ahead", "", title, url))
    if one.left_on is None or one.left_on >= one.due:
        due = _("due on %(day)s") % {"day": one.due}
        lane.marks.append(Mark(scale.at(one.due), "due", due, url))
    lane.marks += [
        Mark(scale.at(extension.decided_on), "extension", _extended(extension), url)
        for extension in one.decided
    ]


def _event_lanes(tenant, residencies, scale):
    lane = Lane(_("Marks"))
    if _became_firm(tenant, residencies):
        title = _("registered a firm on %(day)s") % {"day": tenant.founded_on}
        lane.marks.append(Mark(scale.at(tenant.founded_on), "firm", title, _tenant(tenant)))
    for one in residencies:
        if one.outcome == Residency.Outcome.GRADUATED:
            title = _("graduated on %(day)s") % {"day": one.left_on}
            lane.marks.append(Mark(scale.at(one.left_on), "graduated", title, _page(one)))
    if lane.marks:
        yield lane


def _held_lanes(held, scale):
    for kind in Qualification.Kind:
        rows = [one for one in held if one.kind == kind]
        if rows:
            lane = Lane(str(kind.label))
            lane.bars = [
                scale.bar(one.start, one.end, "held", one.number, _period(one), _tenant(one.tenant))
                for one in rows
            ]
            _fit(lane)
            yield lane


def _unit_lanes(lines, scale):
    by_unit = {}
    for line in lines:
        by_unit.setdefault(line.unit, []).append(line)
    lanes = []
    for unit, rows in by_unit.items():
        lane = Lane(_place(unit))
        for line in rows:
            lane.bars.append(
                scale.bar(line.start, line.end, "state-let", f"{line.area_m2} ㎡",
                          f"{line.lease.number} · {_period(line)}", _lease(line))
            )  # fmt: skip
        _fit(lane)
        lanes.append(lane)
    return lanes


def _place(unit) -> str:
    return f"{unit.floor.building.name} {unit.number}"


def _fit(lane):
    """Labels end before the next one begins."""
    named = [bar for bar in lane.bars if bar.label]
    for bar, following in zip_longest(named, named[1:]):
        end = following.x if following else WIDTH
        lane.bars[lane.bars.index(bar)] = Bar(
            bar.x, bar.width, bar.css, _short(bar.label, end - bar.x - 6), bar.title, bar.url
        )


def _short(text, room) -> str:
    """``text`` as far as it fits into ``room``: a wide letter takes 12, a narrow one 6.5."""

    def taken(part):
        return sum(12 if ord(letter) > 0x2E7F else 6.5 for letter in part)

    if taken(text) <= room:
        return text
    while text and taken(text) + 6.5 > room:
        text = text[:-1]
    return f"{text}…" if text else ""


def _table(tenant, residencies, lines, held):
    found = []
    for one in residencies:
        outcome = f" · {one.get_outcome_display()}" if one.outcome else ""
        due = _("due on %(day)s") % {"day": one.due}
        text = f"{one.carrier.name} · {due}{outcome}"
        what = one.carrier.get_stage_display()
        found.append(Line(one.entered_on, one.left_on, what, text, _page(one)))
        found += [
            Line(extension.decided_on, None, _("Extension"), _extended(extension), _page(one))
            for extension in one.decided
        ]
        if one.outcome == Residency.Outcome.GRADUATED:
            found.append(Line(one.left_on, None, _("Graduation"), one.carrier.name, _page(one)))
    if _became_firm(tenant, residencies):
        found.append(Line(tenant.founded_on, None, _("Team became a firm"), tenant.name))
    for line in lines:
        text = f"{_place(line.unit)} · {line.area_m2} ㎡ · {line.lease.number}"
        found.append(Line(line.start, line.end, _("Space"), text, _lease(line)))
    for one in held:
        text = f"{one.get_kind_display()} {one.number}".strip()
        found.append(Line(one.start, one.end, _("Qualification"), text))
    return sorted(found, key=lambda line: line.day)


def _became_firm(tenant, residencies):
    founded = tenant.founded_on
    return bool(founded and tenant.kind == "firm" and founded > residencies[0].entered_on)


def _told(one) -> str:
    end = one.left_on and f"{one.left_on} {one.get_outcome_display()}"
    return f"{one.carrier.name} · {one.entered_on} – " + (
        end or _("due on %(day)s") % {"day": one.due}
    )


def _extended(extension) -> str:
    return _("extended to %(due)s, decided on %(day)s: %(reason)s") % {
        "due": extension.due_on, "day": extension.decided_on, "reason": extension.reason,
    }  # fmt: skip


def _period(one) -> str:
    return f"{one.start} – {one.end - timedelta(days=1) if one.end else '…'}"


def _page(residency) -> str:
    return reverse("incubation:residency-detail", args=[residency.pk])


def _lease(line) -> str:
    return reverse("tenants:lease-detail", args=[line.lease_id])


def _tenant(tenant) -> str:
    return reverse("tenants:tenant-detail", args=[tenant.pk])


@register("tenant")
def way_section(tenant, user, on):
    if not user.has_perm("incubation.view_residency"):
        return None
    way = way_of(tenant, user, on)
    return way and Section("incubation/_way_section.html", {"way": way})
