from datetime import date

import pytest
from django.db import transaction

from parks import services
from parks.errors import RuleViolation
from parks.models import AuditEntry, AuditHead, Unit
from tests.factories import NOBODY, make_unit

DAY = date(2027, 1, 1)


def state():
    return (
        list(Unit.objects.order_by("pk").values_list("pk", "number")),
        AuditEntry.objects.count(),
        list(AuditHead.objects.values_list("sequence", "digest")),
    )


def renumber(unit, number):
    services.renumber_unit(unit=unit, number=number, on=DAY, by=NOBODY)


def test_what_is_rehearsed_is_seen_inside_and_taken_back(db):
    unit = make_unit(number="501")
    before = state()
    with services.rehearsal():
        renumber(unit, "502")
        assert Unit.objects.get(pk=unit.pk).number == "502"
        assert AuditEntry.objects.about(unit).exists()
    assert state() == before


def test_a_refusal_leaves_the_rehearsal_and_nothing_behind(db):
    unit, other = make_unit(number="501"), make_unit(number="502")
    before = state()
    with pytest.raises(RuleViolation), services.rehearsal():
        renumber(unit, "503")
        services.close_unit(unit=other, reason="sold", start=DAY, end=DAY, by=NOBODY)
    assert state() == before


def test_the_transaction_around_a_rehearsal_goes_on(db, django_capture_on_commit_callbacks):
    unit, ran = make_unit(number="501"), []
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        with services.rehearsal():
            renumber(unit, "502")
            transaction.on_commit(lambda: ran.append("rehearsed"))
        renumber(unit, "503")
        transaction.on_commit(lambda: ran.append("done"))
    assert Unit.objects.get(pk=unit.pk).number == "503"
    assert ran == ["done"]
