"""Carriers that an act would drop under a line of their rule sets (see ``parks.consequences``).

"Under a line": a criterion that is met on the day without the act and is not with it.
"""

from django.utils.translation import gettext as _

from incubation.models import Carrier, CarrierSpace, RuleSet
from incubation.selectors.assessment import assess_all
from parks import consequences
from parks.consequences import Watch


def watch_carriers(carriers, on) -> Watch | None:
    """Watches ``carriers`` (pks) by every rule set that judges them on ``on``; None for none.

    Looking takes a fixed number of queries for each stage and kind among them.
    """
    rows = Carrier.objects.filter(pk__in=carriers)
    names = dict(rows.values_list("pk", "name"))
    in_force = list(
        RuleSet.objects.in_force_on(on).filter(
            subject=RuleSet.Subject.CARRIER, purpose=RuleSet.Purpose.RECOGNITION
        )
    )
    judged = [
        (rows.filter(stage=stage, kind=kind), bodies)
        for stage, kind in rows.order_by().values_list("stage", "kind").distinct()
        if (bodies := [r.rules for r in in_force if r.stage == stage and r.kind in ("", kind)])
    ]
    if not judged:
        return None

    def look():
        return {
            (pk, verdicts.body.code): verdicts.explain(position)
            for subjects, bodies in judged
            for verdicts in assess_all(subjects, on=on, bodies=bodies)
            for position, pk in enumerate(verdicts.index)
        }

    def tell(before, after):
        for (pk, code), then in before.items():
            now = after[pk, code]
            for old, new in zip(then.findings, now.findings, strict=True):
                if old.met and not new.met:
                    yield _sentence(names[pk], new, now.body, on)

    return Watch(look, tell)


def _sentence(carrier, finding, body, on):
    words = {
        "carrier": carrier, "day": on, "criterion": finding.node.text, "rule": body.document,
        "value": finding.printed_value, "line": finding.requirement,
        "gap": finding.gap_words or finding.missing,
    }  # fmt: skip
    if finding.is_group:
        return _("%(carrier)s would miss “%(criterion)s” on %(day)s: %(gap)s (%(rule)s).") % words
    return _(
        "%(carrier)s would miss “%(criterion)s” on %(day)s: %(value)s where %(line)s is asked, "
        "%(gap)s (%(rule)s)."
    ) % words  # fmt: skip


@consequences.register
def carriers_of_units(units, on):
    spaces = CarrierSpace.objects.active_on(on).filter(unit__in=units)
    carriers = set(spaces.order_by().values_list("carrier", flat=True))
    return watch_carriers(carriers, on) if carriers else None
