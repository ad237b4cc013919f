"""One process of the test of two who decide at once: decides as told, at the moment told."""

from datetime import date

from django.contrib.auth.models import AnonymousUser

from incubation.models import GraduationReview
from incubation.services import decide_review
from parks.errors import RuleViolation


def main(ready, key, decision):
    review = GraduationReview.objects.get(pk=key)
    ready()
    try:
        decide_review(
            review=review, decision=decision, opinion="意见", on=date(2026, 6, 30),
            by=AnonymousUser(), destination="own_site" if decision == "graduate" else "",
        )  # fmt: skip
    except RuleViolation as refusal:
        return refusal.code
    return decision
