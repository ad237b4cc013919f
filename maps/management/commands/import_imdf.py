"""``import_imdf PATH --park CODE [--dry-run]``"""

from datetime import date

from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from maps.imdf.importer import import_archive
from maps.imdf.reader import read
from parks.models import Park


class Command(BaseCommand):
    help = "Import an IMDF folder or zip into a park, with a report file by file."

    def add_arguments(self, parser):
        parser.add_argument("path")
        parser.add_argument("--park", required=True, help="code of the park")
        parser.add_argument("--dry-run", action="store_true", help="report, write nothing")
        parser.add_argument(
            "--on", type=date.fromisoformat, help="units exist from this day (today)"
        )
        parser.add_argument("--let-from", type=date.fromisoformat, help="let occupants' units from")
        parser.add_argument("--let-to", type=date.fromisoformat, help="first day not let any more")

    def handle(self, *, path, park, dry_run, on, let_from, let_to, **options):
        found = Park.objects.filter(code=park).first()
        if found is None:
            raise CommandError(_("There is no park with the code %s.") % park)
        if bool(let_from) != bool(let_to) or (let_from and let_to <= let_from):
            raise CommandError(_("Give --let-from and a later --let-to, or neither."))
        report = import_archive(
            read(path), park=found, on=on or let_from or timezone.localdate(), by=None,
            dry_run=dry_run, let_from=let_from, let_to=let_to,
        )  # fmt: skip
        for line in report.lines():
            self.stdout.write(line)
        if report.errors:
            raise CommandError(
                _("Refused: nothing was written. Mend the errors above and try again.")
            )
        self.stdout.write(_("Dry run: nothing was written.") if dry_run else _("Imported."))
