"""What all parts of the chain's demonstration share: the day, its dice, who acts, the carriers."""

import random
from collections import defaultdict
from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from config.demo.carriers import CARRIERS
from parks.models import Park


class Scene:
    """``plans``: carriers that run on ``on`` for two months at least; ``carriers``: by name.

    ``ways``: steps by tenant, once they are planned.
    """

    def __init__(self, *, seed, on, by):
        self.rng, self.on, self.by = random.Random(f"chain {seed}"), on, by
        self.parks = {park.code: park for park in Park.objects.defer("boundary")}
        since = on - relativedelta(months=2)
        self.plans = [one for one in CARRIERS if one.park in self.parks and one.opened < since]
        self.carriers, self.ways = {}, {}

    def carrier(self, plan):
        return self.carriers[plan.name]

    def moment(self, day):
        return datetime.combine(day, time(10), tzinfo=timezone.get_current_timezone())

    def by_user(self, rows, park):
        """``rows`` in groups of one user each; ``park``: code of a row's park."""
        groups = defaultdict(list)
        for row in rows:
            groups[self.by(park(row))].append(row)
        return groups.items()

    def open_steps(self, stage="", days=0):
        """Steps open on the day that began ``days`` before it or earlier."""
        since = self.on - timedelta(days=days)
        return [
            way[-1] for _key, way in sorted(self.ways.items())
            if not way[-1].ends and way[-1].entered <= since
            and stage in ("", way[-1].plan.stage)
        ]  # fmt: skip
