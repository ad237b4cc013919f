"""One firm or carrier and all of them: the same answers, in the same number of queries."""

from datetime import date

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incubation.metrics import Carriers, Firms
from incubation.models import Carrier, Residency
from incubation.rules import METRICS, Columns
from incubation.selectors.assessment import assess, assess_all, evidence_in, gather, judge
from tests.factories.incubation import make_carrier
from tests.incubation.metrics.world import ON, bodies, random_carrier, random_firm

pytestmark = pytest.mark.django_db
#: More than these no rule set asks, of one subject or of a hundred thousand.
MOST = {"firm": 8, "carrier": 15}
CODES = {
    subject: [code for code, one in METRICS.items() if one.subject == subject]
    for subject in ("firm", "carrier")
}


def asked(function):
    with CaptureQueriesContext(connection) as seen:
        function()
    return len(seen)


def course(days, body):
    gathered = Carriers(Carrier.objects.all(), days)
    return [judge(gathered.on(day), body) for day in days]


def everything(world, subject):
    """All metrics of all subjects: value, completeness, earliest day, words."""
    columns = Columns(world)
    return {
        (key, code): (
            columns[code].value(n), bool(columns[code].complete[n]),
            str(columns[code].earliest_for(1)[n]) if columns[code].usable[n] else "",
            "" if columns[code].usable[n] else columns[code].missing(n),
        )
        for code in CODES[subject] for n, key in enumerate(world.index)
    }  # fmt: skip


@pytest.mark.parametrize("on", [date(2024, 2, 29), date(2026, 3, 30), ON])
def test_one_firm_and_all_of_them_get_the_same_answer(on):
    carriers = [make_carrier(), make_carrier(stage="accelerator")]
    for seed in range(40):
        random_firm(carriers[seed % 2], seed)
    together = everything(Firms(Residency.objects.all()).on(on), "firm")
    alone = {}
    for residency in Residency.objects.all():
        one = Residency.objects.filter(pk=residency.pk)
        alone |= everything(Firms(one).on(on), "firm")
    assert together == alone


@pytest.mark.parametrize("on", [date(2024, 2, 29), date(2026, 3, 30), ON])
def test_one_carrier_and_all_of_them_get_the_same_answer(on):
    for seed in range(8):
        random_carrier(seed, firms=6)
    together = everything(Carriers(Carrier.objects.all(), [on]).on(on), "carrier")
    alone = {}
    for pk in Carrier.objects.values_list("pk", flat=True):
        alone |= everything(Carriers(Carrier.objects.filter(pk=pk), [on]).on(on), "carrier")
    assert together == alone


def test_a_course_is_the_answers_day_by_day():
    for seed in range(4):
        random_carrier(seed, firms=6)
    days = [date(2025, month, 28) for month in range(1, 13)]
    for body in bodies("carrier"):
        for day, verdicts in zip(days, course(days, body), strict=True):
            now = assess(Carrier.objects.all(), on=day, body=body)
            assert verdicts.frame().equals(now.frame())
            for code, column in verdicts.columns.items():
                assert np.array_equal(column.numerator, now.columns[code].numerator), code


def test_queries_of_one_firm_and_of_thirty_are_the_same():
    carrier = make_carrier()
    for body in bodies("firm"):
        one = random_firm(carrier, 1)
        counts = {asked(lambda body=body: assess(Residency.objects.all(), on=ON, body=body))}
        for seed in range(30):
            random_firm(carrier, seed)
        counts.add(asked(lambda body=body: assess(Residency.objects.all(), on=ON, body=body)))
        one = Residency.objects.filter(pk=one.pk)
        counts.add(asked(lambda body=body, one=one: assess(one, on=ON, body=body)))
        assert len(counts) == 1, body.code
        assert counts.pop() <= MOST["firm"]


def test_queries_of_one_carrier_of_thirty_and_of_two_years_are_the_same():
    body = next(b for b in bodies("carrier") if b.code == "incubator-general-national")
    days = [date(2024 + n // 12, n % 12 + 1, 1) for n in range(24)]
    random_carrier(1)
    carriers = Carrier.objects.all()
    counts = {asked(lambda: assess(carriers, on=ON, body=body))}
    for seed in range(30):
        random_carrier(seed, firms=2)
    counts.add(asked(lambda: assess(carriers, on=ON, body=body)))
    counts.add(asked(lambda: course(days, body)))
    assert len(counts) == 1
    assert counts.pop() <= MOST["carrier"]
    every = bodies("carrier")
    assert asked(lambda: assess_all(carriers, on=ON, bodies=every)) <= MOST["carrier"]


def test_every_criterion_shows_its_records():
    carrier = random_carrier(3, firms=8)
    for body in bodies():
        subject = carrier if body.subject == "carrier" else carrier.residencies.first()
        one = type(subject).objects.filter(pk=subject.pk)
        rows = evidence_in(gather(one, on=ON, body=body), body, subject.pk)
        assert [code for code, _rows in rows] == [one.code for one in body.criteria()]
        assert all(one.label for _code, found in rows for one in found)
    for residency in Residency.objects.all():
        for code in CODES["firm"]:
            world = gather(Residency.objects.filter(pk=residency.pk), on=ON, body=bodies("firm")[0])
            METRICS[code].rows(world, residency.pk)


def test_evidence_comes_from_what_was_judged():
    carrier = random_carrier(5, firms=8)
    body = next(b for b in bodies("carrier") if b.code == "incubator-general-national")
    world = gather(Carrier.objects.all(), on=ON, body=body)
    rows = dict(evidence_in(world, body, carrier.pk))
    column = Columns(world)["incubated_firms"]
    assert len(rows["firms"]) == column.value(0)
    counted = [one for one in rows["financed"] if one.value in ("yes", "是")]
    assert len(counted) == Columns(world)["financed_firm_share"].numerator[0]


def test_nobody_at_all_is_no_trouble():
    for body in bodies():
        model = Carrier if body.subject == "carrier" else Residency
        assert len(assess(model.objects.none(), on=ON, body=body).overall) == 0
