"""Who could graduate on a day, who is near, and of whom it is not known."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

import numpy as np
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incubation.errors import NoRuleSet
from incubation.models import GraduationReview, Residency, RuleSet, Stage
from incubation.rules import Group, Verdict
from incubation.selectors.assessment import assess, rule_set_in_force

#: Near is who misses conditions by at most this share of their lines each, …
NEAR_GAP = 0.2
#: … or by a yes that is known to come within so many days.
NEAR_DAYS = 366


class Standing(TextChoices):
    COULD = "could", gettext_lazy("could graduate")
    NEAR = "near", gettext_lazy("near")
    UNKNOWN = "unknown", gettext_lazy("unknown")
    FAR = "far", gettext_lazy("not reached yet")
    NO_RULES = "no_rules", gettext_lazy("no rules for the stage")


@dataclass(frozen=True)
class Miss:
    """One criterion that keeps a firm from graduating, in words."""

    finding: object

    def __str__(self):
        words = self.finding.gap_words or self.finding.missing
        return f"{self.finding.node.text}: {words}" if words else str(self.finding.node.text)


@dataclass(frozen=True)
class Candidate:
    """A residency as judged.

    ``standing_then``: under the rules in force, where it is judged by others; ``gap``: the
    greatest relative distance from a line that is missed.
    """

    residency: Residency
    standing: Standing
    rule_set: RuleSet | None = None
    verdicts: object = None
    gap: float = float("inf")
    standing_then: Standing | None = None
    under_review: bool = False

    @property
    def pk(self):
        return self.residency.pk

    @property
    def position(self):
        return self.verdicts.position(self.residency.pk)

    @cached_property
    def explanation(self):
        return self.verdicts.explain(self.position)

    @property
    def earliest(self):
        return self.explanation.earliest if self.verdicts is not None else None

    @cached_property
    def met(self) -> list:
        """The criteria that carry a graduation, by their texts."""
        if self.standing != Standing.COULD:
            return []
        return [f.node.text for f, _depth in self.explanation.walk() if f.met and not f.is_group]

    @cached_property
    def misses(self) -> list[Miss]:
        """The shortest way to what is missing: of alternatives the nearest, or all unknown ones."""
        if self.verdicts is None or self.standing == Standing.COULD:
            return []
        wanted = Verdict.UNKNOWN if self.standing == Standing.UNKNOWN else Verdict.NOT_MET
        codes = self._shortest(self.verdicts.body.nodes, wanted)
        return [Miss(f) for f, _depth in self.explanation.walk() if f.node.code in codes]

    def _shortest(self, nodes, wanted) -> set[str]:
        codes = set()
        for node in nodes:
            if Verdict(self.verdicts.arrays[node.code][self.position]) != wanted:
                continue
            if not isinstance(node, Group):
                codes.add(node.code)
            elif node.mode == "all" or wanted == Verdict.UNKNOWN:
                codes |= self._shortest(node.members, wanted)
            else:
                codes |= self._shortest([min(node.members, key=self._gap)], wanted)
        return codes

    def _gap(self, node) -> float:
        gap = self.verdicts.gap(node)[self.position]
        return float("inf") if np.isnan(gap) else float(gap)


@dataclass
class Judgement:
    """The residencies of a day with the rule set each is judged by."""

    on: object
    residencies: list
    judged: dict = field(default_factory=dict)

    def of(self, residency):
        """``(verdicts, rule set)``; ``(None, None)`` where the stage has no rules."""
        return self.judged.get(residency.carrier.stage, (None, None))

    def refuse_without_rules(self):
        names = [one.tenant.name for one in self.residencies if self.of(one)[0] is None]
        if names:
            raise NoRuleSet(
                _("No rules of graduation are in force for the stage of: %(names)s. A firm of a "
                  "makerspace goes on to an incubator instead."),
                names=", ".join(names),
            )  # fmt: skip

    def candidates(self, *, then: "Judgement | None" = None) -> list[Candidate]:
        """Every residency with its standing, the nearest to graduating first."""
        known = {}
        for verdicts, rule_set in self.judged.values():
            for pk, standing, gap in standings(verdicts, self.on):
                known[pk] = (standing, rule_set, verdicts, gap)
        before = {one.pk: one.standing for one in then.candidates()} if then else {}
        reviews = GraduationReview.objects.undecided().values_list("residency", flat=True)
        under = set(reviews.filter(residency__in=[one.pk for one in self.residencies]))
        unknown = (Standing.NO_RULES, None, None, float("inf"))
        rows = [
            Candidate(one, *known.get(one.pk, unknown), before.get(one.pk), one.pk in under)
            for one in self.residencies
        ]
        order = list(Standing)
        return sorted(rows, key=lambda r: (order.index(r.standing), r.gap, r.residency.tenant.name))


def standings(verdicts, on):
    """``(subject id, standing, relative gap)`` for every subject."""
    soon = np.datetime64(on + timedelta(days=NEAR_DAYS))
    reach = np.logical_and.reduce([_reach(verdicts, node, soon) for node in verdicts.body.nodes])
    gaps = np.fmax.reduce([verdicts.gap(node) for node in verdicts.body.nodes])
    gaps = np.where(np.isnan(gaps), np.inf, gaps)
    for pk, overall, near, gap in zip(verdicts.index, verdicts.overall, reach, gaps, strict=True):
        if overall == Verdict.MET:
            yield pk, Standing.COULD, 0.0
        elif overall == Verdict.UNKNOWN:
            yield pk, Standing.UNKNOWN, float(gap)
        else:
            yield pk, Standing.NEAR if near else Standing.FAR, float(gap)


def _reach(verdicts, node, soon):
    """Where a node is met or near it: of a group all its members, or one of them."""
    if isinstance(node, Group):
        members = [_reach(verdicts, member, soon) for member in node.members]
        gather = np.logical_and if node.mode == "all" else np.logical_or
        return gather.reduce(members)
    verdict = verdicts.arrays[node.code]
    if node.unit == "yesno":
        near = verdicts.earliest[node.code] <= soon
    else:
        near = verdicts.gap(node) <= NEAR_GAP
    return (verdict == Verdict.MET) | ((verdict == Verdict.NOT_MET) & near)


def judged(residencies, *, on, rule_set=None) -> Judgement:
    """``residencies`` (a queryset) judged by the graduation rules of their stages on ``on``.

    ``rule_set``: another version for the stages it is meant for. A fixed number of queries.
    """
    rows = list(
        residencies.with_due(on)
        .select_related("tenant", "carrier__park")
        .defer("carrier__park__boundary")
        .order_by("pk")
    )
    used = {}
    for stage in sorted({row.carrier.stage for row in rows}):
        chosen = rule_set_in_force(purpose="graduation", on=on, stage=stage)
        if rule_set is not None and rule_set.stage in ("", stage):
            chosen = rule_set
        if chosen is not None:
            used.setdefault(chosen.pk, (chosen, []))[1].append(stage)
    result = Judgement(on, rows)
    for chosen, stages in used.values():
        of_stages = residencies.filter(carrier__stage__in=stages)
        verdicts = assess(of_stages, on=on, body=chosen.rules)
        result.judged |= dict.fromkeys(stages, (verdicts, chosen))
    return result


def graduation_rule_sets():
    """Every version that judges graduations, the newest first."""
    purpose = RuleSet.Purpose.GRADUATION
    return RuleSet.objects.filter(purpose=purpose, subject=RuleSet.Subject.FIRM)


def next_carriers(residency, user, *, on):
    """Carriers of the next stage that ``user`` may admit to and that run on ``on``."""
    following = Stage(residency.carrier.stage).following
    if following is None:
        return type(residency.carrier).objects.none()
    carriers = type(residency.carrier).objects.visible_to(user).open_on(on)
    return carriers.filter(stage=following, closed_on=None).select_related("park")
