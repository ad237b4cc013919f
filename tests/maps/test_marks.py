import re
from datetime import date
from pathlib import Path

import pytest
from dateutil.relativedelta import relativedelta
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from maps.marks import (
    FEW,
    MONTHS_TO_DUE,
    OVER_STAY,
    PALETTE,
    SOME,
    STAGE_MARKS,
    WHITE,
    carrier_marks,
)

DAYS = st.dates(date(2019, 1, 1), date(2040, 1, 1))


@pytest.mark.parametrize(
    ("on", "due", "code"),
    [
        ("2026-06-30", "2026-06-30", "over"),  # the due day itself has come
        ("2026-06-30", "2026-07-01", "due-3"),
        ("2026-06-30", "2026-09-30", "due-3"),
        ("2026-06-30", "2026-10-01", "due-6"),
        ("2026-11-30", "2027-02-28", "due-3"),  # three months from a day February does not have
        ("2026-11-30", "2027-03-01", "due-6"),
        ("2026-06-30", "2028-06-30", "due-24"),
        ("2026-06-30", "2028-07-01", "due-later"),
    ],
)
def test_months_to_due_by_exact_months(on, due, code):
    (mark,) = MONTHS_TO_DUE.of([date.fromisoformat(due)], date.fromisoformat(on))
    assert mark.code == code


@pytest.mark.parametrize(
    ("due", "code"),
    [("2026-07-01", "in-time"), ("2026-06-30", "over-0"), ("2026-03-31", "over-0"),
     ("2026-03-30", "over-3"), ("2025-06-30", "over-12"), ("2025-07-01", "over-3")],
)  # fmt: skip
def test_over_stay_by_exact_months(due, code):
    (mark,) = OVER_STAY.of([date.fromisoformat(due)], date(2026, 6, 30))
    assert mark.code == code


@given(due=DAYS, on=DAYS)
def test_every_day_has_the_class_between_its_bounds(due, on):
    (mark,) = MONTHS_TO_DUE.of([due], on)
    number = MONTHS_TO_DUE.marks.index(mark)
    assert (mark.code == "over") == (due <= on)
    if number < len(MONTHS_TO_DUE.months):
        assert due <= on + relativedelta(months=MONTHS_TO_DUE.months[number])
    if number:
        assert due > on + relativedelta(months=MONTHS_TO_DUE.months[number - 1])


def test_no_due_days_no_classes():
    assert MONTHS_TO_DUE.of([], date(2026, 6, 30)) == []


@pytest.mark.parametrize(
    ("classes", "counts", "labels"),
    [(FEW, [0, 1, 2, 3, 4, 5], ["0", "1", "2", "3 – 4", "3 – 4", "≥ 5"]),
     (SOME, [0, 2, 3, 5, 10, 11], ["0", "1 – 2", "3 – 5", "3 – 5", "6 – 10", "≥ 11"])],
)  # fmt: skip
def test_counts_in_classes(classes, counts, labels):
    assert [mark.label for mark in classes.of(counts)] == labels


def test_stages_have_the_colours_of_the_tokens():
    css = (Path(settings.BASE_DIR) / "config/static/config/tokens.css").read_text()
    tokens = dict(re.findall(r"--stage-(\w+): (#\w{6})", css))
    assert {code: mark.colour for code, mark in STAGE_MARKS.items()} == {
        code: tokens[code] for code in STAGE_MARKS
    }


def test_many_carriers_stay_apart():
    marks = carrier_marks((i, f"载体{i}") for i in range(30)).values()
    assert len({(mark.letter, mark.colour) for mark in marks}) == 30
    assert next(iter(marks)).colour == PALETTE[0]


def test_letters_can_be_read():
    assert STAGE_MARKS["accelerator"].ink == WHITE
    assert STAGE_MARKS["makerspace"].ink != WHITE
    empty = STAGE_MARKS["accelerator"].empty
    assert (empty.hatched, empty.letter, empty.ink != WHITE) == (True, "加", True)
