"""Every count of the board is the length of the list it opens; days are exact; parks are apart."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parks import services as space
from parks.models import AuditEntry, Unit
from tenants import services as letting
from tenants.models import Lease, MoveOut
from tenants.selectors.vacant_since import vacant_since
from tenants.tasks import TASKS, counts
from tenants.views.tasks import ALL
from tests.factories import NOBODY, make_draft, make_floor, make_lease, make_park, make_unit

ON = date(2026, 6, 30)
START = date(2024, 1, 1)


def lease_ending(park, days, **fields):
    unit = make_unit(floor=make_floor(park=park))
    end = ON + timedelta(days=days)
    return make_lease(units=[unit], start=START, end=end, **fields)


def keys_of(task, user):
    return {row.pk for row in ALL[task].rows(user, ON)}


@pytest.mark.parametrize(
    ("days", "task"),
    [(1, "ending-last"), (30, "ending-last"), (31, "ending-second"), (60, "ending-second"),
     (61, "ending-first"), (90, "ending-first"), (91, None)],
)  # fmt: skip
def test_a_lease_stands_in_one_list_by_the_days_left(jr, operator, days, task):
    lease = lease_ending(jr, days)
    found = [key for key in ("ending-last", "ending-second", "ending-first")
             if lease.pk in keys_of(key, operator)]  # fmt: skip
    assert found == ([task] if task else [])


def test_each_park_counts_by_its_own_days(bureau, jr):
    early = make_park(first_warning_days=200, second_warning_days=150, last_warning_days=120)
    there, here = lease_ending(early, 100), lease_ending(jr, 100)
    assert keys_of("ending-last", bureau) == {there.pk}
    assert here.pk not in keys_of("ending-first", bureau)


def test_other_parks_are_not_seen(jr, operator, operator2):
    lease_ending(jr, 10)
    assert len(keys_of("ending-last", operator)) == 1
    assert keys_of("ending-last", operator2) == set()


def test_vacant_since_the_last_tenant_or_closure(jr):
    floor = make_floor(park=jr)
    let, closed, new = (make_unit(floor=floor) for _ in range(3))
    make_lease(units=[let], start=START, end=date(2025, 3, 1))
    space.close_unit(unit=closed, reason="own_use", start=START, end=date(2026, 1, 1), by=NOBODY)
    since = dict(vacant_since(Unit.objects.all(), ON).values_list("pk", "since"))
    assert since == {
        let.pk: date(2025, 3, 1), closed.pk: date(2026, 1, 1), new.pk: date(2019, 1, 1),
    }  # fmt: skip


def test_long_vacant_from_the_very_day(jr, operator):
    exact = make_unit(park=jr, exists_from=ON - timedelta(days=90))
    make_unit(park=jr, exists_from=ON - timedelta(days=89))
    assert keys_of("long-vacant", operator) == {exact.pk}


def test_a_deposit_is_open_until_it_is_back(jr, operator):
    lease = lease_ending(jr, -10, deposit=1000)
    lease_ending(jr, -10)
    assert keys_of("deposit-open", operator) == {lease.pk}
    done = ON - timedelta(days=1)
    out = MoveOut.objects.create(lease=lease, asked_on=done, inspected_on=done,
                                 utilities_settled_on=done)  # fmt: skip
    assert keys_of("deposit-open", operator) == {lease.pk}
    assert keys_of("move-out", operator) == {out.pk}
    MoveOut.objects.update(deposit_returned_on=done)
    assert keys_of("deposit-open", operator) == set()
    assert Lease.objects.deposit_open(done - timedelta(days=1)).count() == 1


@pytest.fixture
def busy(jr, ld, operator):
    """Something in many of the lists, in both parks."""
    for park in (jr, ld):
        for days in (10, 45, 80):
            lease_ending(park, days)
        lease_ending(park, -60, deposit=500)
        unit = make_unit(park=park, exists_from=date(2020, 1, 1))
        letting.hold_unit(
            unit=unit, applicant="甲", start=ON, end=ON + timedelta(days=5), by=NOBODY
        )
        draft = make_draft(units=[make_unit(park=park)], start=ON, end=date(2028, 1, 1))
        letting.submit_lease(lease=draft, on=ON, by=NOBODY)
    return operator


@pytest.mark.parametrize("key", sorted(ALL))
def test_a_count_is_the_length_of_its_list(client, busy, bureau, key):
    for user in (busy, bureau):
        client.force_login(user)
        number = sum(counts([ALL[key]], user, ON)[key].values())
        answer = client.get(f"/tasks/{key}/?on={ON}")
        assert answer.status_code == 200
        assert answer.context["paginator"].count == number == len(answer.context["rows"])


def test_the_board_shows_the_counts_and_asks_as_often_for_more(client, busy, jr):
    client.force_login(busy)
    with CaptureQueriesContext(connection) as few:
        page = client.get(f"/?on={ON}").content.decode()
    assert all(f"/tasks/{task.key}/" in page for task in TASKS)
    for _ in range(3):
        lease_ending(jr, 10)
    with CaptureQueriesContext(connection) as many:
        client.get(f"/?on={ON}")
    assert len(few) == len(many)


def test_a_list_asks_as_often_for_three_rows_as_for_one(client, jr, operator):
    client.force_login(operator)
    asked = []
    for _ in range(3):
        lease_ending(jr, 10)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/tasks/ending-last/?on={ON}")
        asked.append(len(queries))
    assert len(set(asked)) == 1


def test_the_settings_of_a_park_are_checked_and_recorded(client, jr, operator):
    client.force_login(operator)
    days = {"first_warning_days": 120, "second_warning_days": 60, "last_warning_days": 30,
            "hold_warning_days": 5, "rent_free_warning_days": 20, "vacant_days": 60,
            "figures_due_days": 90}  # fmt: skip
    wrong = client.post("/parks/JR/settings/", days | {"second_warning_days": 200})
    assert wrong.status_code == 200
    assert wrong.context["form"].errors
    assert client.post("/parks/JR/settings/", days).status_code == 302
    jr.refresh_from_db()
    assert (jr.first_warning_days, jr.vacant_days) == (120, 60)
    assert AuditEntry.objects.about(jr).filter(action="correct").exists()
