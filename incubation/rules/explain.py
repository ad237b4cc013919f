"""One subject's verdict in words: value, line, gap, what is missing, since when it could be met."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from math import ceil, floor

import numpy as np
from django.utils.translation import gettext, override

from incubation.rules.bodies import Criterion, Node, RuleSetBody
from incubation.rules.registry import Metric
from incubation.rules.units import printed
from incubation.rules.verdict import Verdict

SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "==": "="}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is found about one criterion or group.

    ``value`` is exact, ``gap`` is the exact amount in the metric's ``part`` that closes it (None
    where met, unknown or not a matter of amount). ``members`` are the findings of a group. Words
    come in the language that is active when they are asked for.
    """

    node: Node
    verdict: Verdict
    metric: Metric | None
    value: Fraction | None
    complete: bool
    gap: Fraction | None
    missing_words: Callable[[], str] | None
    earliest: date | None
    members: tuple["Finding", ...] = ()

    @property
    def met(self):
        return self.verdict == Verdict.MET

    @property
    def unknown(self):
        return self.verdict == Verdict.UNKNOWN

    @property
    def is_group(self):
        return self.metric is None

    @property
    def verified(self) -> bool:
        """False: 待核, the line is not checked against the text of the rule."""
        return all(m.verified for m in self.members) if self.is_group else self.node.verified

    @property
    def printed_value(self) -> str:
        """The value as people read it; "—" for none, never rounded onto its line."""
        if self.value is None:
            return "—"
        text = printed(self.value, self.metric.unit, apart_from=self.node.line)
        return text if self.complete else gettext("at least %(value)s") % {"value": text}

    @property
    def requirement(self) -> str:
        """The line: "≥ 75%"; empty of a group."""
        return "" if self.is_group else requirement(self.node)

    @property
    def gap_words(self) -> str:
        """What would close the gap: "还差 4 家"; of a group what its unmet members say."""
        if self.verdict != Verdict.NOT_MET:
            return ""
        if self.is_group:
            return self._together([member.gap_words for member in self.members])
        return _gap_words(self.node, self.metric, self.gap)

    @property
    def missing(self) -> str:
        """What would have to be recorded for a verdict; empty where there is one."""
        if self.verdict != Verdict.UNKNOWN:
            return ""
        if self.is_group:
            return self._together([member.missing for member in self.members])
        return self.missing_words()

    def _together(self, texts):
        """Joined as the group joins its members: one of any is enough."""
        joint = gettext("; ") if self.node.mode == "all" else gettext(", or ")
        return joint.join(dict.fromkeys(filter(None, texts)))

    def to_mapping(self) -> dict:
        """JSON-able, exact and in both languages, for a review that freezes what was found."""
        mapping = {
            "code": self.node.code,
            "text": self.node.text.to_mapping(),
            "verdict": int(self.verdict),
            "gap_words": _both(lambda: self.gap_words),
            "missing": _both(lambda: self.missing),
            "earliest": self.earliest and self.earliest.isoformat(),
            "article": self.node.article,
            "verified": self.verified,
        }
        if self.is_group:
            return mapping | {self.node.mode: [m.to_mapping() for m in self.members]}
        return mapping | {
            "metric": self.metric.code,
            "value": None if self.value is None else str(self.value),
            "printed_value": _both(lambda: self.printed_value),
            "complete": self.complete,
            "requirement": _both(lambda: self.requirement),
            "gap": None if self.gap is None else str(self.gap),
            "part": self.metric.part,
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """A body's verdict on one subject; ``earliest`` is the day the whole could be met."""

    body: RuleSetBody
    subject_id: object
    verdict: Verdict
    findings: tuple[Finding, ...]
    earliest: date | None

    def walk(self):
        """Every finding in order, with its depth."""
        stack = [(finding, 0) for finding in reversed(self.findings)]
        while stack:
            finding, depth = stack.pop()
            yield finding, depth
            stack += [(member, depth + 1) for member in reversed(finding.members)]

    def finding(self, code) -> Finding:
        return next(found for found, _depth in self.walk() if found.node.code == code)

    @property
    def unmet(self) -> list[Finding]:
        """Top-level findings that are not met or not known."""
        return [finding for finding in self.findings if not finding.met]

    def to_mapping(self) -> dict:
        return {
            "rule_set": self.body.code,
            "version": self.body.version,
            "digest": self.body.digest,
            "document": self.body.document,
            "verdict": int(self.verdict),
            "earliest": self.earliest and self.earliest.isoformat(),
            "findings": [finding.to_mapping() for finding in self.findings],
        }


def requirement(criterion: Criterion) -> str:
    """The line a criterion draws: "≥ 75%", "待核" where nobody knows it yet."""
    sign = SIGNS[criterion.operator]
    if criterion.threshold is None:
        return gettext("%(sign)s to be verified") % {"sign": sign}
    text = printed(criterion.line, criterion.unit)
    return text if criterion.unit == "yesno" else f"{sign} {text}"


def explanation(verdicts, position: int) -> Explanation:
    """The explanation of the subject at ``position`` of ``verdicts``."""
    return Explanation(
        body=verdicts.body,
        subject_id=verdicts.index[position],
        verdict=verdicts.verdict(position),
        findings=tuple(_finding(node, verdicts, position) for node in verdicts.body.nodes),
        earliest=_day(verdicts.earliest[""][position]),
    )


def _finding(node, verdicts, position):
    verdict = Verdict(verdicts.arrays[node.code][position])
    earliest = _day(verdicts.earliest[node.code][position])
    if not isinstance(node, Criterion):
        members = tuple(_finding(member, verdicts, position) for member in node.members)
        return Finding(node, verdict, None, None, True, None, None, earliest, members)
    column, metric = verdicts.columns[node.metric], verdicts.metrics[node.metric]
    return Finding(
        node=node,
        verdict=verdict,
        metric=metric,
        value=column.value(position),
        complete=bool(column.complete[position]),
        gap=_gap(node, column, metric, position) if verdict == Verdict.NOT_MET else None,
        missing_words=partial(_missing, node, column, position),
        earliest=earliest,
    )


def _gap(criterion, column, metric, position):
    """The least amount, in ``metric.part`` and whole steps, that brings the value to its line.

    The denominator is held as it is. A strict line takes one step more where it is just reached.
    """
    if criterion.operator == "==":
        return None
    line, step = criterion.line, metric.step
    numerator, denominator = int(column.numerator[position]), int(column.denominator[position])
    distance = abs(line * denominator - numerator) / step
    steps = floor(distance) + 1 if criterion.operator in {">", "<"} else ceil(distance)
    return Fraction(steps * step, metric.part_scale)


def _gap_words(criterion, metric, gap):
    if gap is None:
        return gettext("not so yet") if criterion.unit == "yesno" else gettext("not equal")
    amount = printed(gap, metric.part)
    line = printed(criterion.line, criterion.unit)
    if criterion.operator in {"<=", "<"}:
        return gettext("%(amount)s over the limit of %(line)s") % {"amount": amount, "line": line}
    if metric.part == metric.unit:
        return gettext("%(amount)s short") % {"amount": amount}
    return gettext("%(amount)s short of the line of %(line)s") % {"amount": amount, "line": line}


def _missing(criterion, column, position):
    if criterion.line is None:
        return gettext("the threshold is to be verified")
    if column.known[position] and column.denominator[position] <= 0:
        return gettext("nothing to divide by")
    return column.missing(position)


def _both(words):
    """What ``words()`` says in each language."""
    said = {}
    for key, language in (("zh", "zh-hans"), ("en", "en")):
        with override(language):
            said[key] = words()
    return said


def _day(value):
    return None if np.isnat(value) else value.astype("datetime64[D]").item()
