"""The rule sets this product ships say what the domain notes say."""

from datetime import date
from decimal import Decimal

import pytest

from incubation.rules import METRICS
from incubation.rules.files import read_files, shipped


@pytest.fixture(scope="module")
def bodies():
    return {body.code: body for body in read_files(shipped(), METRICS)}


def lines(body):
    return {c.code: (c.metric, c.operator, c.threshold) for c in body.criteria()}


def test_all_are_well_formed(bodies):
    assert sorted(bodies) == [
        "accelerator-entry", "accelerator-graduation", "accelerator-ministry-standard", "graduate", "incubated-firm",
        "incubator-general-national", "incubator-ministry-standard",
        "incubator-specialised-national", "makerspace-national",
    ]  # fmt: skip


def test_national_incubators_differ_in_size_and_field(bodies):
    general = bodies["incubator-general-national"]
    specialised = bodies["incubator-specialised-national"]
    assert general.effective_from == date(2019, 1, 1)
    assert lines(general)["firms"] == ("incubated_firms", ">=", 50)
    assert lines(general)["density"] == ("firms_per_1000_m2", ">=", 3)
    assert lines(general)["graduates"] == ("graduates_total", ">=", 20)
    assert lines(general)["area-in-use"] == ("area_in_use_share", ">=", Decimal("0.75"))
    differing = {k for k, v in lines(specialised).items() if lines(general).get(k) != v}
    assert differing == {"firms", "density", "graduates", "main-field", "platform"}
    assert all(criterion.verified for criterion in general.criteria())


def test_money_lines_of_a_graduate_are_strict(bodies):
    graduate = lines(bodies["graduate"])
    assert graduate["revenue"] == ("revenue_two_years_yuan", ">", 10_000_000)
    assert graduate["venture"] == ("venture_total_yuan", ">", 5_000_000)


def test_what_is_not_known_is_blank_and_to_be_verified(bodies):
    ministry = bodies["incubator-ministry-standard"]
    known = {c.code for c in ministry.criteria() if c.threshold is not None}
    assert known == {"equity-financed", "financed", "growing", "income-separate", "service-income"}
    assert not ministry.verified
    assert lines(bodies["accelerator-ministry-standard"]) == lines(ministry)
    for body in bodies.values():
        assert all(c.threshold is not None for c in body.criteria() if c.verified)


def test_accelerator_rules_are_marked_as_the_products_own(bodies):
    own = {code for code, body in bodies.items() if body.product_default}
    assert own == {"accelerator-entry", "accelerator-graduation"}
