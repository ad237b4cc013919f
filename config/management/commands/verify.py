"""``verify``: every invariant over the whole database; a line per violation, exit 1 if any."""

import sys

from django.core.management import BaseCommand
from django.utils.module_loading import autodiscover_modules
from tqdm import tqdm

from parks.invariants import CHECKS

# Every app's ``invariants`` register their checks.
autodiscover_modules("invariants")


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
