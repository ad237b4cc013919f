"""One process of the test of two who decide at once: decides as told, at the moment told."""

import json
import sys
import time
from datetime import date

import django


def main(key, decision, start_at):
    from django.contrib.auth.models import AnonymousUser

    from incubation.models import GraduationReview
    from incubation.services import decide_review
    from parks.errors import RuleViolation

    review = GraduationReview.objects.get(pk=key)
    time.sleep(max(0, start_at - time.time()))
    try:
        decide_review(
            review=review, decision=decision, opinion="意见", on=date(2026, 6, 30),
            by=AnonymousUser(), destination="own_site" if decision == "graduate" else "",
        )  # fmt: skip
        outcome = decision
    except RuleViolation as refusal:
        outcome = refusal.code
    json.dump(outcome, sys.stdout)


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
