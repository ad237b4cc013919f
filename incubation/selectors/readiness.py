"""How far a carrier is from a rule set: criterion by criterion, over two years, a level further."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor

from dateutil.relativedelta import relativedelta

from incubation.metrics import Carriers
from incubation.models import Carrier, Level, RuleSet, Stage
from incubation.rules import Columns, Evidence, Explanation, Finding, Verdict, evaluate
from incubation.rules.units import SCALES, printed
from incubation.selectors.assessment import evidence_in

#: Months shown of the way up to the day.
MONTHS = 24
LEVELS = list(Level)


@dataclass(frozen=True)
class Line:
    """A criterion or group, how deep it lies, and the records behind a criterion's value.

    ``numerator`` and ``denominator`` are printed parts of a quotient, empty of other values;
    ``less``: how much less space would close the gap of a quotient over an area.
    """

    finding: Finding
    depth: int
    rows: list[Evidence]
    numerator: str = ""
    denominator: str = ""
    less: str = ""


@dataclass(frozen=True)
class Month:
    """The verdicts of a day: ``by_code`` of every criterion and group, counts at the top."""

    on: date
    verdict: Verdict
    by_code: dict[str, Verdict]
    met: int
    not_met: int
    unknown: int


@dataclass(frozen=True)
class Report:
    """``carrier`` against ``rule_set`` as of ``on``; ``course`` from the oldest month on."""

    carrier: Carrier
    rule_set: RuleSet
    on: date
    explanation: Explanation
    lines: list[Line]
    course: list[Month]

    @property
    def tops(self):
        return self.explanation.findings

    @property
    def level_word(self):
        level = self.rule_set.level
        return Level(level).label if level else ""

    @property
    def table(self):
        """Each top-level finding with its verdicts month by month."""
        return [(one, [month.by_code[one.node.code] for month in self.course]) for one in self.tops]

    @property
    def met(self):
        return [found for found in self.tops if found.met]

    @property
    def gaps(self):
        """Findings that are not met."""
        return [found for found in self.tops if found.verdict == Verdict.NOT_MET]

    @property
    def unknown(self):
        return [found for found in self.tops if found.unknown]

    @property
    def closing(self):
        """Lines at the top that are not met."""
        return [
            line for line in self.lines
            if line.depth == 0 and line.finding.verdict == Verdict.NOT_MET
        ]  # fmt: skip


def carrier_rule_sets(on=None) -> list[RuleSet]:
    """The rule sets in force that carriers are recognised by, the highest level first.

    Without a day every version there is.
    """
    found = RuleSet.objects if on is None else RuleSet.objects.in_force_on(on)
    found = found.filter(subject=RuleSet.Subject.CARRIER, purpose=RuleSet.Purpose.RECOGNITION)
    return sorted(found, key=lambda one: (Stage(one.stage).rank, _rank(one), one.kind, one.code))


def fitting(rule_sets, carrier) -> list[RuleSet]:
    """Those for the carrier's stage and kind."""
    return [
        one for one in rule_sets if one.stage == carrier.stage and one.kind in ("", carrier.kind)
    ]


def called(text, in_force, versions) -> RuleSet | None:
    """The rule set called ``text``: “code” for the one in force, “code v2” for any version."""
    found = (one for one in in_force if text == one.code)
    return next(found, None) or next((one for one in versions if text == str(one)), None)


def chosen_for(rule_sets, carrier) -> RuleSet | None:
    """The one of the level the carrier holds (``with_level``); else the next above that has one.

    A carrier of no level is held against the lowest there is. Of one level the rule set made for
    the carrier's kind goes before one for any.
    """
    mine = fitting(rule_sets, carrier)
    held = LEVELS.index(carrier.level) if carrier.level else len(LEVELS)
    reachable = [one for one in mine if _rank(one) <= held] or mine
    return max(reachable, key=lambda one: (_rank(one), one.kind != "", one.effective_from, one.code),
               default=None)  # fmt: skip


def next_above(rule_sets, carrier, rule_set) -> RuleSet | None:
    """The rule set of the next level up for the carrier's stage and kind."""
    above = [one for one in fitting(rule_sets, carrier) if _rank(one) < _rank(rule_set)]
    return max(
        above, key=lambda one: (_rank(one), one.kind != "", one.effective_from), default=None
    )


def _rank(rule_set):
    """0 is the national level; a rule set of no level comes last."""
    return LEVELS.index(rule_set.level) if rule_set.level else len(LEVELS)


def months_up_to(on: date, opened_on: date) -> list[date]:
    """The day of each of the last ``MONTHS`` months, ``on`` the last; none before the opening."""
    days = [on - relativedelta(months=back) for back in reversed(range(MONTHS))]
    return [day for day in days if day >= opened_on or day == on]


def report(carrier, rule_set, on) -> Report:
    return reports(carrier, [rule_set], on)[0]


def reports(carrier, rule_sets, on, *, course=True) -> list[Report]:
    """The carrier against several rule sets; its records are gathered once, whatever the months.

    The records behind the values are shown for the first.
    """
    days = months_up_to(on, carrier.opened_on) if course else [on]
    gathered = Carriers(Carrier.objects.filter(pk=carrier.pk), days)
    worlds = [gathered.on(day) for day in days]
    columns = [Columns(world) for world in worlds]
    found = []
    for rule_set in rule_sets:
        body = rule_set.rules
        judged = [
            evaluate(body, facts, world.index)
            for facts, world in zip(columns, worlds, strict=True)
        ]  # fmt: skip
        now = judged[-1]
        rows = {} if found else dict(evidence_in(worlds[-1], body, carrier.pk))
        lines = [
            _line(finding, depth, rows.get(finding.node.code, []), now)
            for finding, depth in now.explain(0).walk()
        ]
        course_ = [_month(day, verdicts) for day, verdicts in zip(days, judged, strict=True)]
        found.append(Report(carrier, rule_set, on, now.explain(0), lines, course_))
    return found


def _line(finding, depth, rows, verdicts):
    metric = finding.metric
    if metric is None or not metric.base or finding.value is None:
        return Line(finding, depth, rows)
    column = verdicts.columns[metric.code]
    numerator, denominator = int(column.numerator[0]), int(column.denominator[0])
    return Line(
        finding, depth, rows, printed(Fraction(numerator, metric.part_scale), metric.part),
        printed(Fraction(denominator, SCALES[metric.base]), metric.base),
        _less(finding, metric, numerator, denominator),
    )  # fmt: skip


def _less(finding, metric, numerator, denominator):
    """By how much the area a quotient is over would have to shrink, the numerator as it is."""
    line = finding.node.line
    wanted = metric.base == "m2" and finding.node.operator == ">=" and numerator and line
    if not wanted or finding.verdict != Verdict.NOT_MET:
        return ""
    return printed(Fraction(denominator - floor(numerator / line), SCALES["m2"]), "m2")


def _month(on, verdicts):
    tops = [Verdict(verdicts.arrays[node.code][0]) for node in verdicts.body.nodes]
    return Month(
        on, verdicts.verdict(0), {code: Verdict(v[0]) for code, v in verdicts.arrays.items()},
        *(tops.count(kind) for kind in (Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN)),
    )  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """One of many carriers against the rule set that fits it; None where there is none."""

    carrier: Carrier
    rule_set: RuleSet | None
    explanation: Explanation | None

    @property
    def level_word(self):
        return Level(self.carrier.level).label if self.carrier.level else ""

    @property
    def met(self):
        return sum(found.met for found in self.explanation.findings) if self.explanation else 0

    @property
    def asked(self):
        return len(self.explanation.findings) if self.explanation else 0

    @property
    def gaps(self):
        found = self.explanation.findings if self.explanation else ()
        return [one for one in found if one.verdict == Verdict.NOT_MET]

    @property
    def unknown(self):
        return [one for one in self.explanation.findings if one.unknown] if self.explanation else []


def standings(carriers, on, rule_set=None) -> list[Standing]:
    """Every carrier of ``carriers`` against ``rule_set``, else against the one that fits it.

    Its own queries and those of one gathering, for any number of carriers. With a ``rule_set``
    those of another stage or kind are left out.
    """
    rows = list(carriers.with_level(on).select_related("park").defer("park__boundary"))
    in_force = carrier_rule_sets(on)
    if rule_set is None:
        chosen = {one.pk: chosen_for(in_force, one) for one in rows}
    else:
        rows = [one for one in rows if fitting([rule_set], one)]
        chosen = {one.pk: rule_set for one in rows}
    world = Carriers(carriers, [on]).on(on)
    columns, judged, found = Columns(world), {}, []
    for one in rows:
        wanted = chosen[one.pk]
        if wanted is None:
            found.append(Standing(one, None, None))
            continue
        if wanted.pk not in judged:
            judged[wanted.pk] = evaluate(wanted.rules, columns, world.index)
        verdicts = judged[wanted.pk]
        found.append(Standing(one, wanted, verdicts.explain(verdicts.position(one.pk))))
    return found
