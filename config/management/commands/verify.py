"""``verify``: every invariant over the whole database; a line per violation, exit 1 if any."""

import sys

from django.core.management import BaseCommand
from tqdm import tqdm

import incubation.carrier_invariants  # noqa: F401 - registers its checks
import incubation.invariants  # noqa: F401 - registers its checks
import incubation.rule_set_invariants  # noqa: F401 - registers its checks
import tenants.invariants  # noqa: F401 - registers its checks
from parks.invariants import CHECKS


class Command(BaseCommand):
    help = "Check every invariant over the whole database."

    def handle(self, **options):
        count = 0
        for name in tqdm(CHECKS, desc="verify", file=sys.stderr, disable=None):
            for violation in CHECKS[name]():
                count += 1
                self.stdout.write(str(violation))
        self.stdout.write(f"{count} violations, {len(CHECKS)} checks")
        if count:
            sys.exit(1)
