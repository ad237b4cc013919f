"""The conditions of entry of residencies, judged by the rule sets in force on the day of entry."""

from incubation.metrics import Firms
from incubation.models import Residency, RuleSet
from incubation.selectors.assessment import judge, rule_set_in_force

#: A rule of entry, and what makes a firm an incubated one.
PURPOSES = (RuleSet.Purpose.ENTRY, RuleSet.Purpose.INCUBATED)


def entry_bodies(carrier, on) -> list:
    """The rule sets that judge who enters ``carrier`` on ``on``."""
    found = (
        rule_set_in_force(purpose=purpose, on=on, stage=carrier.stage, kind=carrier.kind)
        for purpose in PURPOSES
    )
    return [one.rules for one in found if one]


def judged(residencies) -> dict:
    """By key of each saved residency its ``Explanation`` of every rule set, as of its entry.

    Facts are gathered once, whatever the number of residencies.
    """
    found = {row.pk: [] for row in residencies}
    groups = {}
    for row in residencies:
        groups.setdefault((row.carrier.stage, row.carrier.kind, row.entered_on), []).append(row)
    facts = None
    for (_stage, _kind, day), rows in groups.items():
        for body in entry_bodies(rows[0].carrier, day):
            facts = facts or Firms(Residency.objects.filter(pk__in=found))
            verdicts = judge(facts.on(day), body)
            for row in rows:
                found[row.pk].append(verdicts.explain(verdicts.position(row.pk)))
    return found


def unmet_conditions(residencies) -> dict:
    """For each residency that fails one: the conditions in words. What is unknown does not block."""
    found = judged(residencies)
    unmet = {
        row: [
            str(finding.node.text)
            for one in found[row.pk] for finding in one.findings if finding.verdict == 0
        ]
        for row in residencies
    }  # fmt: skip
    return {row: words for row, words in unmet.items() if words}
