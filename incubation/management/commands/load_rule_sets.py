"""``load_rule_sets [FILE …] [--check]``"""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from incubation.rules import METRICS, RuleFileError
from incubation.rules.files import read_files, shipped
from incubation.services import load_rule_sets


class Command(BaseCommand):
    help = (
        "Check rule sets in TOML files (those shipped, without a file) and keep the new versions."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="*", type=Path)
        parser.add_argument("--check", action="store_true", help="read them, keep nothing")

    def handle(self, *, files, check, **options):
        try:
            bodies = read_files(files or shipped(), METRICS)
        except RuleFileError as error:
            raise CommandError("\n".join(error.faults)) from None
        if check:
            self.stdout.write(_("%(count)s rule sets are in order.") % {"count": len(bodies)})
            return
        try:
            made = load_rule_sets(bodies, by=None, at=timezone.now())
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        if options["verbosity"] == 0:
            return
        for rule_set in made:
            self.stdout.write(f"{rule_set} · {rule_set.name}")
        self.stdout.write(
            _("%(new)s new, %(kept)s there already.")
            % {"new": len(made), "kept": len(bodies) - len(made)}
        )
