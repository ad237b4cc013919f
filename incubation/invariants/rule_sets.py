"""What must always be true of rule sets; see ``parks.invariants``."""

from incubation.models import RuleSet
from incubation.rules import RuleFileError
from parks.invariants import Violation, check


@check
def rule_sets_fit_their_seal():
    """The body by its digest, the columns by the body, the end by the next version."""
    following = {}
    for row in RuleSet.objects.order_by("code", "-version"):
        subject = f"{row._meta.label} {row.pk}"
        try:
            body = row.rules
        except RuleFileError as error:
            yield Violation("rule_set_seal", subject, "; ".join(error.faults))
            continue
        if body.digest != row.digest:
            yield Violation("rule_set_seal", subject, "the body does not fit its digest")
        columns = ("code", "version", "subject", "purpose", "stage", "kind", "level",
                   "effective_from")  # fmt: skip
        other = [name for name in columns if getattr(row, name) != getattr(body, name)]
        if other:
            yield Violation("rule_set_columns", subject, f"{', '.join(other)}: not as in the body")
        ends = [day for day in (body.effective_to, following.get(row.code)) if day]
        if row.effective_to != min(ends, default=None):
            yield Violation("rule_set_columns", subject, "ends neither as written nor by the next")
        following[row.code] = row.effective_from
