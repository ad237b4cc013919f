"""Rules as data: criteria over exact facts, with three-valued and explained verdicts.

Pure: numpy, pandas and texts; no models, no request, no clock.
"""

from incubation.rules.bodies import Criterion, Group, RuleFileError, RuleSetBody, Words
from incubation.rules.columns import Column, Columns
from incubation.rules.compare import Comparison, compare
from incubation.rules.evaluate import Verdicts, evaluate
from incubation.rules.explain import Explanation, Finding
from incubation.rules.registry import METRICS, Evidence, Metric, metric
from incubation.rules.verdict import Verdict

__all__ = [
    "METRICS", "Column", "Columns", "Comparison", "Criterion", "Evidence", "Explanation",
    "Finding", "Group", "Metric", "RuleFileError", "RuleSetBody", "Verdict", "Verdicts", "Words",
    "compare", "evaluate", "metric",
]  # fmt: skip
