"""The database itself refuses two periods on one day, on both engines."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from parks.constraints import missing_walls, walls
from parks.models import Unit, UnitClosure
from tenants.models import Hold, LeaseLine, RentFree
from tests.factories import make_lease, make_unit

D = date


def test_walls_stand_after_all_migrations(db):
    assert len(list(walls())) == 14
    assert missing_walls() == []


def closure(unit, start, end):
    UnitClosure.objects.bulk_create(
        [UnitClosure(unit=unit, reason="own_use", start=start, end=end)]
    )


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(D(2026, 12, 31), None, id="last-covered-day"),
        pytest.param(D(2025, 6, 1), D(2026, 1, 2), id="first-covered-day"),
        pytest.param(D(2026, 3, 1), D(2026, 3, 2), id="within"),
        pytest.param(D(2020, 1, 1), None, id="around"),
    ],
)
def test_wall_refuses_a_shared_day(db, start, end):
    unit = make_unit()
    closure(unit, D(2026, 1, 1), D(2027, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        closure(unit, start, end)


@pytest.mark.parametrize(
    ("start", "end"),
    [(D(2027, 1, 1), None), (D(2025, 1, 1), D(2026, 1, 1))],
    ids=["after", "before"],
)
def test_wall_lets_neighbours_stand(db, start, end):
    unit = make_unit()
    closure(unit, D(2026, 1, 1), D(2027, 1, 1))
    closure(unit, start, end)
    closure(make_unit(), D(2026, 1, 1), D(2027, 1, 1))
    assert UnitClosure.objects.count() == 3


def test_wall_refuses_an_update_into_taken_days(db):
    unit = make_unit()
    closure(unit, D(2026, 1, 1), D(2027, 1, 1))
    closure(unit, D(2027, 1, 1), None)
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitClosure.objects.filter(end=None).update(start=D(2026, 12, 31))


def test_wall_asks_its_condition(db):
    unit = make_unit()
    lease = make_lease(units=[unit], start=D(2026, 1, 1), end=D(2027, 1, 1))
    copy = LeaseLine(
        lease=lease, unit=unit, start=D(2026, 6, 1), end=D(2027, 1, 1), area_m2=1, rent=1
    )
    copy.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        LeaseLine.objects.filter(pk=copy.pk).update(binding=True)


def test_wall_over_text_keeps_numbers_apart(db):
    unit = make_unit(number="501")
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.filter(pk=make_unit(floor=unit.floor, number="502").pk).update(number="501")


def test_validate_names_the_wall(db):
    unit = make_unit()
    closure(unit, D(2026, 1, 1), D(2027, 1, 1))
    again = UnitClosure(unit=unit, reason="own_use", start=D(2026, 2, 1))
    with pytest.raises(ValidationError) as refusal:
        again.full_clean()
    assert refusal.value.error_dict["__all__"][0].code == "overlap"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [UnitClosure, LeaseLine, Hold, RentFree, Unit])
def test_walls_survive_a_rebuild_of_the_table(model):
    """SQLite rebuilds a table to alter it and forgets its triggers; ours come back."""
    old = model._meta.get_field("start" if model is not Unit else "exists_from")
    new = old.clone()
    new.set_attributes_from_name(old.name)
    new.model, new.null = model, True
    with connection.schema_editor() as editor:
        editor.alter_field(model, old, new)
    assert missing_walls() == []
    with connection.schema_editor() as editor:
        editor.alter_field(model, new, old)
    assert missing_walls() == []
