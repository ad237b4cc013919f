"""What all parts of the simulation share: one dice, the day, the people who act, the tenants."""

import random
from datetime import date
from decimal import Decimal

from django.db import connection

from config.demo.accounts import make_accounts
from config.demo.names import Names

FIRST_DAY = date(2019, 1, 1)


def cents(value) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))


class World:
    """``tenants``: those known in each park, by its code; ``on``: the day that is today.

    Whoever draws from ``rng`` moves all later draws: a part whose rows nobody else builds on rolls
    a dice of its own, made from ``seed``.
    """

    def __init__(self, *, seed, on):
        self.seed, self.on, self.rng = seed, on, random.Random(seed)
        self.names = Names(self.rng)
        self.users = make_accounts()
        self.tenants = {}

    def by(self, code):
        """Who acts in the park of this code."""
        return self.users[{"JR": "operator", "LD": "operator2"}.get(code, "admin")]


def fresh_statistics():
    """PostgreSQL would plan for the empty tables of a minute ago: the district is one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
