"""Judging firms and carriers by a rule set as of a day.

One firm or carrier and all of them go the same way, in a fixed number of queries.
"""

from datetime import date

from incubation.metrics import Carriers, Firms
from incubation.models import RuleSet
from incubation.rules import METRICS, Columns, Evidence, RuleSetBody, Verdicts, evaluate


def gather(subjects, *, on, body):
    """What is recorded about ``subjects`` as of ``on``, for the metrics of ``body``'s subject."""
    if body.subject == RuleSet.Subject.CARRIER:
        return Carriers(subjects, [on]).on(on)
    return Firms(subjects).on(on)


def judge(world, body) -> Verdicts:
    """``body`` over what was gathered."""
    return evaluate(body, Columns(world), world.index)


def assess(subjects, *, on: date, body: RuleSetBody) -> Verdicts:
    """Judge ``subjects`` by ``body`` as of ``on``.

    Parameters
    ----------
    subjects : QuerySet
        Of ``Residency`` for rule sets that judge firms, of ``Carrier`` for those that judge
        carriers; any number, in a fixed number of queries.
    body : RuleSetBody
        Any version, of whatever days: it need not be in force.
    """
    return judge(gather(subjects, on=on, body=body), body)


def assess_all(subjects, *, on, bodies) -> list[Verdicts]:
    """The verdicts of several rule sets that judge the same subjects, facts gathered once."""
    if not bodies:
        return []
    world = gather(subjects, on=on, body=bodies[0])
    columns = Columns(world)
    return [evaluate(body, columns, world.index) for body in bodies]


def evidence_in(world, body, subject_id) -> list[tuple[str, list[Evidence]]]:
    """``(code of the criterion, records behind its value)`` in the order of ``body``."""
    found = {
        criterion.metric: METRICS[criterion.metric].rows(world, subject_id)
        for criterion in body.criteria()
    }
    return [(criterion.code, found[criterion.metric]) for criterion in body.criteria()]


def rule_set_in_force(*, purpose, on, stage="", kind="", level="", code="") -> RuleSet | None:
    """The rule set of ``purpose`` in force on ``on``; None where there is none.

    ``stage``, ``level`` and ``code`` must fit where given; ``kind`` may also be met by a rule set
    for any kind. Of several the most fitting kind, then the one in force latest, is taken.
    """
    fits = {"purpose": purpose, "stage": stage, "level": level, "code": code}
    rows = RuleSet.objects.in_force_on(on).filter(**{k: v for k, v in fits.items() if v})
    if kind:
        rows = rows.filter(kind__in=[kind, ""])
    rows = sorted(rows, key=lambda one: (one.kind == kind, one.effective_from, one.pk))
    return rows[-1] if rows else None
