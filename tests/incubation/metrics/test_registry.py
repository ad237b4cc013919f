"""Every metric is explained, and every rule set this product ships asks for known ones."""

import pytest
from django.utils.translation import override

from incubation.metrics import carrier
from incubation.rules import METRICS
from incubation.rules.files import read_files, shipped


def test_the_shipped_rule_sets_ask_for_metrics_there_are():
    assert carrier
    read_files(shipped(), METRICS)


@pytest.mark.parametrize("code", METRICS)
def test_a_metric_says_what_it_counts_and_where_that_stands(code):
    one = METRICS[code]
    with override("zh-hans"):
        chinese = [str(part) for part in (one.label, one.definition, one.source)]
    with override("en"):
        english = [str(part) for part in (one.label, one.definition, one.source)]
    assert all(chinese)
    assert all(english)
    assert chinese[:2] != english[:2]
