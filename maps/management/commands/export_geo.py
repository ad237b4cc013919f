"""``export_geo OUT.{gpkg,geojson,shp.zip} [--park CODE] [--on DATE]``"""

from datetime import date

from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from maps.geo.columns import LAYERS
from maps.geo.writing import parks_called, undrawn, write
from parks.errors import RuleViolation


class Command(BaseCommand):
    help = "Write parks, buildings and units as of a day as a GIS file."

    def add_arguments(self, parser):
        parser.add_argument("out")
        parser.add_argument("--park", default="", help="code of the park; all without it")
        parser.add_argument("--on", type=date.fromisoformat, default=None)
        parser.add_argument("--layer", action="append", choices=list(LAYERS), help="all without it")
        parser.add_argument("--crs", default="EPSG:4326", help="EPSG:… of GeoPackage and Shapefile")

    def handle(self, *, out, park, on, layer, crs, **options):
        parks, on = parks_called(park), on or timezone.localdate()
        if park and not parks.exists():
            raise CommandError(_("There is no park with the code %s.") % park)
        try:
            counts = write(out, parks, on=on, layers=tuple(layer or LAYERS), system=crs)
        except RuleViolation as refusal:
            raise CommandError(str(refusal)) from None
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count}")
        if left := undrawn(parks, on=on):
            self.stdout.write(_("%s units have no outline and are not in the file.") % left)
