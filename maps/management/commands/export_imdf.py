"""``export_imdf --park CODE OUT``"""

from datetime import date

from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from maps.imdf.exporter import write
from parks.models import Park


class Command(BaseCommand):
    help = "Write a park as of a day as an IMDF zip."

    def add_arguments(self, parser):
        parser.add_argument("out")
        parser.add_argument("--park", required=True)
        parser.add_argument("--on", type=date.fromisoformat, default=None)

    def handle(self, *, out, park, on, **options):
        found = Park.objects.filter(code=park).first()
        if found is None:
            raise CommandError(_("There is no park with the code %s.") % park)
        for name, count in write(found, on or timezone.localdate(), out).items():
            self.stdout.write(f"{name}: {count}")
