"""``import_ledger FILE [--park CODE] [--dry-run] [--mapping FILE.toml]``"""

from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from parks.models import Park
from tenants.ledger import jobs
from tenants.ledger.findings import kept_problems

#: Problems that are printed; the marked workbook holds all.
SHOWN = 200


class Command(BaseCommand):
    help = "Check a ledger and, without --dry-run, apply it: all or nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--park", help="code of the park; needed when the rows do not say")
        parser.add_argument("--dry-run", action="store_true", help="check, write nothing")
        parser.add_argument("--mapping", type=Path, help="a TOML file that explains the columns")
        parser.add_argument("--on", type=date.fromisoformat, help="as of this day (today)")

    def handle(self, *, file, park, dry_run, mapping, on, **options):
        found = Park.objects.filter(code=park).first() if park else None
        if park and found is None:
            raise CommandError(_("There is no park with the code %s.") % park)
        for path in filter(None, (file, mapping)):
            if not path.is_file():
                raise CommandError(_("There is no file %s.") % path)
        try:
            with file.open("rb") as source:
                upload = jobs.hand_in(
                    File(source, name=file.name), name=file.name, park=found, by=None,
                    on=on or timezone.localdate(), at=timezone.now(),
                    mapping=mapping.read_text("utf-8") if mapping else "",
                )  # fmt: skip
            self.report(upload)
            if upload.report["refused"]:
                jobs.discard(upload, at=timezone.now())
                raise CommandError(
                    _("Refused: nothing was written. Mend the errors above and try again.")
                )
            if dry_run:
                jobs.discard(upload, at=timezone.now())
                self.stdout.write(_("Dry run: nothing was written."))
                return
            with tqdm(unit="") as bar:
                jobs.start_apply(
                    upload, by=None, background=False, progress=lambda n, of: follow(bar, n, of)
                )
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        self.stdout.write(_("Imported."))

    def report(self, upload):
        problems = kept_problems(upload.report)
        for problem in problems[:SHOWN]:
            place = f"{problem.sheet} {problem.column}{problem.row or ''}".strip()
            self.stdout.write(f"{place}: {problem.value} {problem.message} {problem.suggestion}")
        if len(problems) > SHOWN:
            self.stdout.write(f"… +{len(problems) - SHOWN}")
        self.stdout.write(
            _("%(created)s created, %(changed)s changed, %(unchanged)s unchanged, %(refused)s "
              "refused") % upload.report["counts"]
        )  # fmt: skip


def follow(bar, done, total):
    bar.total = total
    bar.update(done - bar.n)
