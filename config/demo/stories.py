"""Which applications the demonstration tells of: their days, the space they want, who applies."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.auth.models import Group

from config.demo.reviewing import person
from config.demo.roads import GAPS, LAPSES, OF_STARTUP, ROADS, WANTED, Road
from config.demo.vacant import Vacant
from incubation.selectors.calls import taking
from incubation.selectors.intake import intake_of
from tenants import services as letting

#: 元/㎡·month an applicant would pay, by kind of space: hardly less than is asked.
RENTS_MOST = {"workshop": Decimal(22), "office": Decimal(38), "desk": Decimal(126)}


@dataclass
class Story:
    """``days``: ``(day, act)`` in order; ``units``: those that will be offered."""

    name: str
    road: Road
    days: list
    user: object = None
    tenant: object = None
    units: list = field(default_factory=list)
    needs: dict = field(default_factory=dict)
    merits: tuple = ()
    application: object = None

    @property
    def first(self) -> date:
        return self.days[0][0]

    def day_of(self, act) -> date | None:
        return next((day for day, one in self.days if one == act), None)


class Stories:
    """``world``: the people and names of the district; ``scene``: the carriers of its chain."""

    def __init__(self, world, scene):
        self.world, self.scene, self.on = world, scene, scene.on
        self.rng = random.Random(f"applications {world.seed}")

    def plan(self) -> list[Story]:
        startup = self.world.users["startup"]
        firm = startup.tenants.first()
        there = self.scene.carriers
        stories = [
            self.story(name, road)
            for name, roads in WANTED.items() if name in there for road in roads.split()
        ]  # fmt: skip
        for name, second, road in OF_STARTUP:
            if name not in there:
                continue
            one = self.story(name, road, earlier=60 * (road == "refused"))
            one.user, one.tenant = startup, None if second else firm
            stories.append(one)
        stories = [one for one in stories if self.taken(one)]
        self.find_units(stories)
        stories = [one for one in stories if one.needs]
        self.found(stories)
        return stories

    def story(self, name, road, earlier=0) -> Story:
        """Its days are reckoned back from how long it has stood where it is."""
        road, rng = ROADS[road], self.rng
        intake = intake_of(self.scene.carriers[name])
        day = self.on - timedelta(days=road.stands + (earlier or road.over and rng.randrange(60)))
        days = []
        for act, before in zip(road.acts[::-1], ("start", *road.acts)[-2::-1], strict=True):
            days.append((day, act))
            gap = GAPS.get(act) or getattr(intake, LAPSES[before])
            if act not in ("lapse", "move_in"):
                gap += rng.randrange(2)
            if before == "approve" and act != "object":
                gap = max(gap, intake.notice_days)
            day -= timedelta(days=gap)
        merit = rng.randrange(*road.merit)
        merits = road.merit if road.apart else (merit, merit + rng.randrange(-5, 6))
        return Story(name, road, [(day, "start"), *days[::-1]], merits=merits)

    def taken(self, story) -> bool:
        """Does the carrier take applications on the day it is sent?"""
        carrier = self.scene.carriers[story.name]
        sent = story.day_of("submit")
        return carrier.opened_on <= story.first and (sent is None or taking(carrier, sent).open)

    def find_units(self, stories):
        """Units for whom some are offered, one on each road first; what all ask for."""
        vacant = {name: Vacant(carrier, self.on) for name, carrier in self.scene.carriers.items()}
        offered = [one for one in stories if one.road.wants == "free"]
        before = Counter()
        ranks = {}
        for one in offered:
            again = before[one.name, one.road]
            ranks[id(one)] = (0, -1) if one.user else (again, one.road.rank)
            before[one.name, one.road] += 1
        for one in sorted(offered, key=lambda one: ranks[id(one)]):
            one.units = vacant[one.name].take(one.day_of("offer"))
            one.needs = self.needs(one.units)
        lapsing = {one.name: one.units for one in stories if one.road is ROADS["lapsed"]}
        for one in stories:
            if one.road is ROADS["next"]:
                one.needs = self.needs(lapsing.get(one.name, []))
            elif one.road.wants == "none":
                one.needs = self.needs(vacant[one.name].larger())
            elif one.road.wants == "vacant":
                one.needs = self.needs(vacant[one.name].left())

    def needs(self, units) -> dict:
        """Columns of an application that ``units`` meet."""
        if not units:
            return {}
        area, kind = sum(unit.gross_area_m2 for unit in units), units[0].kind
        desk = kind == "desk"
        return {
            "unit_kind": kind, "area_min_m2": None if desk else (area * 9 / 10).quantize(Decimal(1)),
            "area_max_m2": None if desk else (area * 13 / 10).quantize(Decimal(1)),
            "desks": 1 if desk else None, "people": 1 if desk else max(3, int(area / 8)),
            "rent_most": RENTS_MOST[kind] + self.rng.randrange(4),
        }  # fmt: skip

    def found(self, stories):
        """The firms and teams that apply, each with a person; the demonstration account has two."""
        role = Group.objects.get(name="startup")
        second = None
        for n, one in enumerate(stories, 1):
            if one.tenant or one.user and second:
                one.tenant = one.tenant or second
                continue
            park = self.scene.carriers[one.name].park
            if one.needs["unit_kind"] == "desk" and not one.user:
                fields = self.world.names.team()
            else:
                days = self.rng.randrange(120, 500)
                fields = self.world.names.firm() | {"founded_on": one.first - timedelta(days=days)}
            one.tenant = letting.create_tenant(
                home_park=park, by=self.scene.by(park.code), **fields
            )
            if one.user:
                second = one.tenant
            else:
                one.user = person(f"founder{n:02d}", fields["contact_name"], role)
            one.tenant.users.add(one.user)
