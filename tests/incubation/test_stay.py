from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubation.models import Stage
from incubation.stay import first_due_on, months_of

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("stage", "entered_on", "special", "due_on"),
    [
        ("incubator", date(2021, 2, 28), "", date(2025, 2, 28)),
        ("incubator", date(2020, 2, 29), "", date(2024, 2, 29)),
        ("incubator", date(2020, 2, 29), "chips", date(2025, 2, 28)),
        ("incubator", date(2022, 8, 31), "biomedicine", date(2027, 8, 31)),
        ("incubator", date(2022, 1, 10), "agriculture", date(2027, 1, 10)),
        ("makerspace", date(2024, 2, 29), "", date(2026, 2, 28)),
        ("makerspace", date(2024, 2, 29), "chips", date(2026, 2, 28)),
        ("accelerator", date(2023, 8, 31), "", date(2026, 8, 31)),
    ],
)
def test_the_due_day_is_a_matter_of_whole_months(stage, entered_on, special, due_on):
    assert first_due_on(stage, entered_on, special) == due_on


@given(DAYS, st.sampled_from(list(Stage)), st.sampled_from(["", "chips"]))
def test_it_keeps_the_number_of_the_day_or_takes_the_months_last(entered_on, stage, special):
    due_on = first_due_on(stage, entered_on, special)
    months = (due_on.year - entered_on.year) * 12 + due_on.month - entered_on.month
    assert months == months_of(stage, special)
    last_of_month = (due_on + timedelta(days=1)).day == 1
    assert due_on.day == entered_on.day or (last_of_month and due_on.day < entered_on.day)
