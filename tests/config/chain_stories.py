"""The verdict of the national rules on a carrier of the demonstration, as a page would ask it."""

from incubation.models import Carrier
from incubation.selectors.assessment import assess, rule_set_in_force


def judged(name, *, on):
    carrier = Carrier.objects.get(name=name)
    rules = rule_set_in_force(
        purpose="recognition", on=on, stage=carrier.stage, kind=carrier.kind, level="national"
    )
    verdicts = assess(Carrier.objects.filter(pk=carrier.pk), on=on, body=rules.rules)
    return verdicts.explain(verdicts.position(carrier.pk))
