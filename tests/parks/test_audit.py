from datetime import date

import pytest
from django.db import connection

from parks import audit, services
from parks.models import AuditEntry
from tests.factories import make_park, make_unit


def test_each_act_is_recorded_with_door_and_reason(operator, jr):
    unit = make_unit(park=jr)
    with audit.door("api"):
        services.renumber_unit(
            unit=unit, number="X", on=date(2024, 1, 1), by=operator, reason="统一"
        )
    entry = AuditEntry.objects.about(unit).first()
    assert (entry.action, entry.door, entry.reason, entry.actor) == (
        "renumber",
        "api",
        "统一",
        operator,
    )
    assert entry.before["number"] == unit.number
    assert entry.after["number"] == "X"
    assert entry.park == jr


def test_trail_is_seen_by_its_parks_people(operator, operator2, bureau, startup, jr):
    unit = make_unit(park=jr)
    entries = AuditEntry.objects.about(unit)
    seen = [entries.visible_to(user).exists() for user in (operator, operator2, bureau, startup)]
    assert seen == [True, False, True, False]


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE parks_auditentry SET reason = 'other' WHERE sequence = 2", "changed"),
        ("DELETE FROM parks_auditentry WHERE sequence = 2", "missing"),
        ("DELETE FROM parks_auditentry WHERE sequence = 3", "missing at the end"),
    ],
)
def test_chain_shows_a_changed_or_missing_row(db, statement, what):
    for code in "ABC":
        make_park(code=code)
    assert list(audit.broken_links()) == []
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert what in [found for _sequence, found in audit.broken_links()]
