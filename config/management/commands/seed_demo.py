"""``seed_demo``: the demonstration district; the same rows for the same arguments."""

import sys
from datetime import date

from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from config.demo.copies import copy_parks
from config.demo.plan import PARKS
from config.demo.simulate import simulate
from config.demo.world import FIRST_DAY, fresh_statistics
from parks import audit
from parks.models import Park
from parks.notices import settle


def day(text) -> date:
    try:
        return text if isinstance(text, date) else date.fromisoformat(text)
    except ValueError:
        raise CommandError(_("Write the day as 2026-06-30.")) from None


class Command(BaseCommand):
    help = "Simulate the demonstration district from 2019-01-01 to a day, through the services."

    def add_arguments(self, parser):
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--on", default=None, help="YYYY-MM-DD, today when left out")
        parser.add_argument("--parks", type=int, default=len(PARKS))
        parser.add_argument(
            "--scale", type=int, default=1, help="copies of the parks, for benchmarks"
        )
        parser.add_argument("--add", action="store_true", help="even if the database holds data")

    def handle(self, *, seed, on, parks, scale, add, **options):
        on = day(on) if on else timezone.localdate()
        if on <= FIRST_DAY:
            raise CommandError(_("Choose a day after %(day)s.") % {"day": FIRST_DAY})
        if not 1 <= parks <= len(PARKS) or scale < 1:
            raise CommandError(
                _("--parks is 1 to %(most)s, --scale at least 1.") % {"most": len(PARKS)}
            )
        if Park.objects.exists() and not add:
            raise CommandError(
                _("The database already holds parks. Use an empty one, or --add to add to it.")
            )
        plans = PARKS[:parks]
        if taken := set(Park.objects.values_list("code", flat=True)) & {p.code for p in plans}:
            raise CommandError(
                _("Parks with these codes exist already: %(codes)s") % {"codes": ", ".join(taken)}
            )
        with (
            tqdm(desc=_("Demonstration district"), file=sys.stderr, unit="") as bar,
            audit.door("command"),
            transaction.atomic(),
        ):
            simulate(seed=seed, on=on, plans=plans, step=bar.update)
            copy_parks(copies=scale, codes=[plan.code for plan in plans], step=bar.update)
            fresh_statistics()
            settle(on)
