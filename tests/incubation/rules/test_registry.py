import pytest

from incubation.rules import metric
from tests.incubation.rules.metrics import METRICS


def enter(registry, **others):
    fields = {
        "subject": "carrier", "unit": "firms", "label": "x", "definition": "x", "source": "x",
    }  # fmt: skip
    return metric("x", **fields | others, registry=registry)(lambda world: world)


def test_a_metric_is_entered_once():
    registry = {}
    assert enter(registry) is registry["x"]
    with pytest.raises(ValueError, match="there already"):
        enter(registry)


@pytest.mark.parametrize(
    ("others", "message"),
    [
        ({"unit": "share"}, "in which part its gap is told"),
        ({"unit": "acres"}, "acres"),
        ({"subject": "park"}, "park"),
        ({"unit": "share", "part": "m2", "part_scale": 50}, "whole number of steps"),
    ],
)
def test_a_metric_says_what_it_counts(others, message):
    with pytest.raises(ValueError, match=message):
        enter({}, **others)


def test_the_smallest_step_is_that_of_the_part():
    steps = {code: METRICS[code].step for code in ("area", "use", "density", "months", "listed")}
    assert steps == {"area": 1, "use": 1, "density": 100_000, "months": 1, "listed": 1}
