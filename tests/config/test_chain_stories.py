"""Carriers of the demonstration that tell a story: one just below 75 %, one ready for the state."""

from datetime import date

import pytest

from config.demo.plan import PARKS
from config.demo.simulate import simulate
from incubation.models import CarrierChange
from tests.config.chain_stories import judged

ON = date(2026, 6, 30)


@pytest.mark.once
@pytest.mark.django_db
def test_one_carrier_misses_75_percent_by_a_little_and_one_is_ready(media):
    simulate(seed=1, on=ON, plans=[plan for plan in PARKS if plan.code in ("P4", "P5")])
    below = judged("示范四园孵化器", on=ON)
    assert [one.node.code for one in below.unmet] == ["area-in-use"]
    assert 0.74 < below.finding("area-in-use").value < 0.75
    ready = judged("示范五园孵化器", on=ON)
    assert ready.unmet == []
    assert CarrierChange.objects.exclude(reported_on=None).exists()
