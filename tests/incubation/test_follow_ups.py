"""Graduates are asked for five years; by name with their consent, else in sums of three or more."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from incubation import services as incubation
from incubation.errors import FollowUpTaken, NoGraduate
from incubation.models import FollowUp, Residency
from incubation.querysets import latest_start
from incubation.selectors.follow_ups import cells_of, summed, years_of_graduates
from incubation.services.follow_ups import due_on
from parks.errors import DatesOutOfOrder, InvalidValue
from parks.models import AuditEntry
from tenants.tasks import TASKS
from tenants.trail import prepared
from tests.factories import NOBODY
from tests.factories.incubation import make_carrier, make_residency

ON = date(2026, 6, 30)
LEFT = date(2024, 2, 29)


def graduated(*, left_on=LEFT, carrier=None, consent_on=None):
    residency = make_residency(carrier=carrier, entered_on=date(2022, 1, 10), consent_on=consent_on)
    return incubation.leave_carrier(
        residency=residency, left_on=left_on, outcome="graduated", destination="own_site",
        by=NOBODY,
    )  # fmt: skip


def record(residency, year=1, recorded_on=ON, **fields):
    return incubation.record_follow_up(
        residency=residency,
        year=year,
        recorded_on=recorded_on,
        by=NOBODY,
        **fields | {"source": fields.get("source", "电话")},
    )


@given(left=st.dates(date(2015, 1, 1), date(2026, 1, 1)), on=st.dates(date(2016, 1, 1), ON),
       years=st.integers(1, 5))  # fmt: skip
def test_the_latest_start_is_exact(left, on, years):
    residency = Residency(left_on=left)
    assert (left <= latest_start(on, years)) == (due_on(residency, years) <= on)


@pytest.mark.django_db
def test_a_29_february_is_due_on_the_28th():
    residency = graduated()
    rows = Residency.objects.all()
    assert list(rows.follow_up_missing(date(2025, 2, 28), [1])) == [residency]
    assert not rows.follow_up_missing(date(2025, 2, 27), [1]).exists()
    assert [cell.state for cell in cells_of(residency, on=ON)] == [
        "missing", "missing", "coming", "coming", "coming",
    ]  # fmt: skip


@pytest.mark.django_db
def test_what_is_recorded_is_missing_no_more():
    residency = graduated()
    record(residency, 1, in_existence=True, jobs=12)
    rows = Residency.objects.all()
    assert list(rows.follow_up_missing(ON)) == [residency]
    record(residency, 2, in_existence=False)
    assert not rows.follow_up_missing(date(2029, 12, 31)).exists()
    assert [cell.state for cell in cells_of(residency, on=date(2029, 12, 31))][2:] == ["gone"] * 3
    with pytest.raises(InvalidValue):
        record(residency, 3, recorded_on=date(2027, 3, 1), in_existence=True)
    with pytest.raises(FollowUpTaken):
        record(residency, 1)


@pytest.mark.django_db
def test_what_is_refused():
    with pytest.raises(NoGraduate):
        record(make_residency())
    residency = graduated()
    with pytest.raises(DatesOutOfOrder):
        record(residency, 1, recorded_on=date(2025, 2, 27))
    with pytest.raises(ValidationError):
        record(residency, 6)
    with pytest.raises(ValidationError):
        record(residency, 1, in_existence=False, jobs=3)
    row = record(residency, 1, in_existence=True)
    for sql in ("UPDATE incubation_followup SET year = 6",
                "UPDATE incubation_followup SET in_existence = %s, jobs = 1"):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [False] if "%s" in sql else None)
    incubation.remove_follow_up(follow_up=row, by=NOBODY, reason="错录")
    assert not FollowUp.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("named", "unnamed", "firms", "left_out", "total"),
    [(2, 0, 2, 0, 20), (0, 2, 0, 2, 0), (0, 3, 3, 0, 30), (3, 1, 3, 1, 30), (1, 3, 4, 0, 40),
     (0, 0, 0, 0, 0)],
)  # fmt: skip
def test_small_groups_without_consent_are_in_no_sum(named, unnamed, firms, left_out, total):
    carrier = make_carrier()
    for n in range(named + unnamed):
        consent = date(2022, 1, 10) if n < named else None
        record(graduated(carrier=carrier, consent_on=consent), in_existence=True, jobs=10,
               revenue=Decimal("1.50"))  # fmt: skip
    (first, *_rest) = years_of_graduates(Residency.objects.all(), on=ON)
    assert (first.jobs.firms, first.jobs.left_out, first.jobs.total) == (firms, left_out, total)
    assert first.still_there == firms
    assert (first.due, first.recorded, first.missing) == (named + unnamed,) * 2 + (0,)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 99) | st.none()), max_size=9))
def test_no_sum_tells_of_one_or_two_firms(rows):
    """Whatever one knows of the named firms, the rest of a sum is of none or of three or more."""
    made = [
        FollowUp(residency=Residency(consent_on=ON if named else None), jobs=jobs)
        for named, jobs in rows
    ]
    result = summed(made, lambda row: row.jobs)
    named = [jobs for one, jobs in rows if one and jobs is not None]
    assert result.firms - len(named) in {0, *range(3, 10)}
    if result.firms == len(named):
        assert result.total == sum(named)


@pytest.mark.django_db
def test_consent_is_given_and_withdrawn_and_the_trail_tells_no_figure():
    residency = graduated()
    with pytest.raises(DatesOutOfOrder):
        incubation.set_consent(residency=residency, given_on=date(2027, 1, 1), on=ON, by=NOBODY)
    residency = incubation.set_consent(residency=residency, given_on=ON, on=ON, by=NOBODY)
    row = record(residency, jobs=12, in_existence=True)
    assert cells_of(residency, on=ON)[0].shown
    residency = incubation.set_consent(
        residency=residency, given_on=None, on=ON, by=NOBODY, reason="来函"
    )
    residency = Residency.objects.get(pk=residency.pk)
    assert not cells_of(residency, on=ON)[0].shown
    (entry,) = prepared(AuditEntry.objects.about(row))
    told = {change["label"]: change["after"] for change in entry.changes}
    assert told[FollowUp._meta.get_field("jobs").verbose_name] == "***"
    assert told[FollowUp._meta.get_field("year").verbose_name] == 1


@pytest.mark.django_db
def test_the_board_counts_those_of_whom_a_year_is_missing(operator, jr, operator2):
    by_key = {task.key: task for task in TASKS}
    residency = graduated(carrier=make_carrier(park=jr))
    task = by_key["follow-up-missing"]
    assert [row.pk for row in task.rows(operator, ON)] == [residency.pk]
    assert not task.rows(operator2, ON).exists()


@pytest.mark.django_db
def test_a_follow_up_that_says_nothing_is_none():
    residency = graduated()
    with pytest.raises(InvalidValue):
        record(residency, source="")
    assert record(residency, source="电话无人接听").pk
