"""``export_ledger OUT.xlsx [--park CODE] [--on DATE]``"""

from datetime import date
from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parks.models import Park
from tenants.ledger.export import exported
from tenants.ledger.writer import write


class Command(BaseCommand):
    help = "Write the ledger of a park, or of all, as of a day."

    def add_arguments(self, parser):
        parser.add_argument("out", type=Path)
        parser.add_argument("--park", help="code of the park; all when left out")
        parser.add_argument("--on", type=date.fromisoformat, help="as of this day (today)")

    def handle(self, *, out, park, on, **options):
        parks = Park.objects.defer("boundary")
        if park:
            parks = parks.filter(code=park)
        if not (parks := list(parks)):
            raise CommandError(_("There is no park with the code %s.") % (park or "*"))
        on = on or timezone.localdate()
        with out.open("wb") as file:
            write(file, exported(parks, on=on, by=None), on=on, language=get_language())
        self.stdout.write(str(out))
