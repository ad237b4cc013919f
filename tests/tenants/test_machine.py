"""Random acts on three units, compared day by day with a model in plain Python."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from parks import audit
from parks import services as space
from parks.errors import RuleViolation
from parks.invariants import CHECKS
from parks.models import Unit, UnitClosure
from tenants import invariants, services
from tenants.models import Hold, Lease
from tenants.selectors import annotate_state, occupancy, occupancy_series
from tests.factories import NOBODY, make_draft, make_floor, make_tenant, make_unit

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=i) for i in range(24)]
TODAY = FIRST
days = st.sampled_from(DAYS)
spans = st.tuples(st.integers(0, 20), st.integers(1, 12)).map(
    lambda pair: (DAYS[0] + timedelta(days=pair[0]), DAYS[0] + timedelta(days=sum(pair)))
)
assert invariants.codes_are_lawful  # registers the checks of leases


class Letting(RuleBasedStateMachine):
    """``self.units``: key → (from, to, area); ``let``, ``held``, ``closed``: key → list of spans."""

    def __init__(self):
        super().__init__()
        self.floor = make_floor()
        self.tenants = [make_tenant(), make_tenant()]
        self.units, self.let, self.held, self.closed, self.leases = {}, [], [], [], {}
        self.plans = []
        for area in (60, 40, 80):
            self.born(
                make_unit(floor=self.floor, area=area, exists_from=DAYS[0] - timedelta(days=9))
            )

    def born(self, unit):
        self.units[unit.pk] = [unit.exists_from, date.max, unit.gross_area_m2]

    def free(self, kind, key, start, end):
        return not any(k == key and a < end and start < b for k, a, b, *_rest in kind)

    def there(self, key, start, end):
        a, b, _area = self.units[key]
        return a <= start and end <= b

    def attempt(self, expected, act, **arguments):
        try:
            done = act(**arguments)
        except RuleViolation as refusal:
            assert not expected, f"refused though allowed: {refusal}"
            return None
        assert expected, "allowed though a rule forbids it"
        return done

    def pick(self, number):
        return sorted(self.units)[number % len(self.units)]

    @rule(number=st.integers(0, 9), span=spans, who=st.integers(0, 1))
    def sign(self, number, span, who):
        key, (start, end), tenant = self.pick(number), span, self.tenants[who]
        lease = make_draft(units=[Unit.objects.get(pk=key)], tenant=tenant, start=start, end=end)
        others = [h for h in self.held if h[3] != tenant.pk]
        allowed = (
            self.there(key, start, end)
            and self.free(self.let, key, start, end)
            and self.free(self.closed, key, start, end)
            and self.free(others, key, start, end)
        )
        signed = self.attempt(
            allowed, services.sign_lease, lease=lease, signed_on=TODAY, signed_by=NOBODY
        )
        if signed:
            self.let.append([key, start, end, lease.pk])
            self.leases[lease.pk] = (start, end)
            for hold in [h for h in self.held if h[0] == key and h[3] == tenant.pk]:
                if hold[1] < end and start < hold[2]:
                    hold[2] = max(start, hold[1])

    @precondition(lambda self: self.let)
    @rule(number=st.integers(0, 9), day=days)
    def terminate(self, number, day):
        line = self.let[number % len(self.let)]
        lease = Lease.objects.get(pk=line[3])
        done = self.attempt(line[1] <= day < line[2], services.terminate_lease, lease=lease, on=day,
                            by=NOBODY)  # fmt: skip
        if done:
            line[2] = day
            self.let = [one for one in self.let if one[1] < one[2]]

    @precondition(lambda self: self.let)
    @rule(number=st.integers(0, 9))
    def void(self, number):
        line = self.let.pop(number % len(self.let))
        lease = Lease.objects.get(pk=line[3])
        services.void_lease(lease=lease, on=TODAY, by=NOBODY, reason="x")

    @rule(number=st.integers(0, 9), span=spans, who=st.integers(0, 1))
    def hold(self, number, span, who):
        key, (start, end) = self.pick(number), span
        allowed = self.there(key, start, end) and all(
            self.free(kind, key, start, end) for kind in (self.let, self.closed, self.held)
        )
        tenant = self.tenants[who]
        if self.attempt(allowed, services.hold_unit, unit=Unit.objects.get(pk=key), start=start,
                        end=end, tenant=tenant, by=NOBODY):  # fmt: skip
            self.held.append([key, start, end, tenant.pk])

    @precondition(lambda self: Hold.objects.filter(binding=True).exists())
    @rule(number=st.integers(0, 9), day=days)
    def release(self, number, day):
        holds = list(Hold.objects.filter(binding=True).order_by("pk"))
        hold = holds[number % len(holds)]
        mine = next(h for h in self.held if h[:3] == [hold.unit_id, hold.start, hold.end])
        if self.attempt(day < hold.end, services.release_hold, hold=hold, on=day, by=NOBODY):
            mine[2] = max(day, mine[1])
            self.held = [h for h in self.held if h[1] < h[2]]

    @rule(number=st.integers(0, 9), span=spans, open_end=st.booleans())
    def close(self, number, span, open_end):
        key, (start, end) = self.pick(number), span
        end = date.max if open_end else end
        allowed = self.there(key, start, end) and all(
            self.free(kind, key, start, end) for kind in (self.let, self.closed, self.held)
        )
        if self.attempt(allowed, space.close_unit, unit=Unit.objects.get(pk=key), start=start,
                        end=None if open_end else end, reason="own_use", by=NOBODY):  # fmt: skip
            self.closed.append([key, start, end])

    @precondition(lambda self: self.closed)
    @rule(number=st.integers(0, 9), day=days)
    def reopen(self, number, day):
        mine = self.closed[number % len(self.closed)]
        closure = UnitClosure.objects.get(unit=mine[0], start=mine[1])
        self.attempt(day < mine[2], space.reopen_unit, closure=closure, on=day, by=NOBODY)
        mine[2] = max(min(day, mine[2]), mine[1]) if day < mine[2] else mine[2]
        self.closed = [c for c in self.closed if c[1] < c[2]]

    def changeable(self, key, day):
        start, to, _area = self.units[key]
        rest = (self.let, self.closed, self.held)
        return start < day and to == date.max and all(
            self.free(kind, key, day, date.max) for kind in rest
        )  # fmt: skip

    @precondition(lambda self: len(self.units) < 9)
    @rule(number=st.integers(0, 9), day=days)
    def split(self, number, day):
        key = self.pick(number)
        unit = Unit.objects.get(pk=key)
        half = (unit.gross_area_m2 / 2).quantize(Decimal("0.01"))
        into = [
            {"number": f"{unit.pk}-{letter}-{len(self.plans)}", "gross_area_m2": area}
            for letter, area in (("a", half), ("b", unit.gross_area_m2 - half))
        ]
        change = self.attempt(self.changeable(key, day), space.split_unit, unit=unit, into=into,
                              effective_on=day, on=TODAY, by=NOBODY)  # fmt: skip
        self.changed(change, [key], day)

    @precondition(lambda self: len(self.units) > 1)
    @rule(one=st.integers(0, 9), other=st.integers(0, 9), day=days)
    def merge(self, one, other, day):
        keys = {self.pick(one), self.pick(other)}
        if len(keys) == 1:
            return
        allowed = all(self.changeable(key, day) for key in keys)
        units = list(Unit.objects.filter(pk__in=keys))
        change = self.attempt(allowed, space.merge_units, units=units, effective_on=day, on=TODAY,
                              number=f"m{len(self.plans)}-{one}{other}", by=NOBODY)  # fmt: skip
        self.changed(change, keys, day)

    def changed(self, change, keys, day):
        if change is None:
            return
        for key in keys:
            self.units[key][1] = day
        for unit in change.results.all():
            self.born(unit)
        self.plans.append((change, list(keys), [u.pk for u in change.results.all()]))

    @precondition(lambda self: self.plans)
    @rule(number=st.integers(0, 9))
    def cancel(self, number):
        change, sources, results = self.plans[number % len(self.plans)]
        used = any(k in results for kind in (self.let, self.held, self.closed) for k, *_ in kind)
        drafted = Unit.objects.filter(pk__in=results, lease_lines__isnull=False).exists()
        was_held = Unit.objects.filter(pk__in=results, holds__isnull=False).exists()
        ended = any(self.units[key][1] != date.max for key in results)
        allowed = change.effective_on > TODAY and not (used or drafted or was_held or ended)
        if self.attempt(allowed, space.cancel_change, change=change, on=TODAY, by=NOBODY):
            self.plans.remove((change, sources, results))
            for key in results:
                del self.units[key]
            for key in sources:
                self.units[key][1] = date.max

    def expected(self, key, day):
        def on(kind):
            return any(k == key and a <= day < b for k, a, b, *_rest in kind)

        if on(self.closed):
            return "own_use"
        if on(self.let):
            return "let"
        if any(k == key and a > day for k, a, *_rest in self.let):
            return "signed"
        return "held" if on(self.held) else "vacant"

    @invariant()
    def states_agree_on_every_day(self):
        scope = Unit.objects.filter(floor=self.floor).order_by()
        for day in DAYS[:: 1 if len(self.plans) < 2 else 3]:
            there = {k for k, (a, b, _area) in self.units.items() if a <= day < b}
            found = dict(annotate_state(scope, day).values_list("pk", "state"))
            assert found == {key: self.expected(key, day) for key in there}, day

    def teardown(self):
        scope = Unit.objects.filter(floor=self.floor)
        for ratio in occupancy_series(scope, DAYS[0], DAYS[-1], "day"):
            let = [k for k, (a, b, _area) in self.units.items()
                   if a <= ratio.on < b and self.expected(k, ratio.on) == "let"]  # fmt: skip
            assert ratio.numerator == sum(self.units[key][2] for key in let)
            assert ratio.denominator == occupancy(scope, ratio.on).denominator
        violations = [v for name, check in CHECKS.items() for v in check()]
        assert not violations, violations
        assert not list(audit.broken_links())


class IsolatedLetting(Letting):
    """Each example in a transaction of its own, rolled back at its end."""

    def __init__(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        super().__init__()

    def teardown(self):
        try:
            super().teardown()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)


@pytest.mark.uncounted
def test_random_acts_agree_with_the_model(db):
    run_state_machine_as_test(
        IsolatedLetting,
        settings=settings(
            max_examples=12, stateful_step_count=18, deadline=None, derandomize=True, database=None
        ),
    )
