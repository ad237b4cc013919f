"""``import_geo FILE --park CODE --layer parks|buildings|units [--crs …] [--dry-run]``"""

from datetime import date
from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from maps.geo.columns import LAYERS
from maps.geo.files import read
from maps.geo.matching import plan
from maps.geo.rows import Options
from maps.geo.uploads import apply
from parks import audit
from parks.errors import RuleViolation
from parks.models import Park


class Command(BaseCommand):
    help = "Import a GeoPackage, GeoJSON or zipped Shapefile into a park, with a report."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--park", required=True, help="code of the park")
        parser.add_argument("--layer", required=True, choices=list(LAYERS))
        parser.add_argument("--crs", default="", help="EPSG:…, GCJ-02 or BD-09; /yx: north first")
        parser.add_argument("--dry-run", action="store_true", help="report, write nothing")
        parser.add_argument("--on", type=date.fromisoformat, help="new units exist from (today)")
        parser.add_argument("--sheet", default="", help="name of the layer inside the file")
        parser.add_argument(
            "--column", action="append", default=[], metavar="OURS=THEIRS", help="number=房间编号"
        )
        parser.add_argument("--repair", action="store_true", help="make broken outlines valid")
        parser.add_argument("--close-lines", action="store_true", help="closed lines are areas")
        parser.add_argument("--leave-refused", action="store_true", help="go on without them")

    def handle(self, *, file, park, layer, crs, dry_run, on, sheet, column, **options):
        found = Park.objects.filter(code=park).first()
        if found is None:
            raise CommandError(_("There is no park with the code %s.") % park)
        if not Path(file).is_file():
            raise CommandError(_("There is no file %s.") % file)
        chosen = Options(
            layer=layer, system=crs, sheet=sheet, repair=options["repair"],
            columns=dict(pair.split("=", 1) for pair in column if "=" in pair),
            close_lines=options["close_lines"], leave_refused=options["leave_refused"],
        )  # fmt: skip
        try:
            source = read(file, layer=sheet, wanted=layer)
            made = plan(source, park=found, on=on or timezone.localdate(), options=chosen)
            self.show(made)
            if not dry_run:
                with audit.door("import"):
                    apply(made, park=found, by=None)
        except RuleViolation as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(_("Dry run: nothing was written.") if dry_run else _("Imported."))

    def show(self, made):
        say = self.stdout.write
        for note in made.notes + made.verdict.notes:
            say(f"· {note}")
        for one in made.verdict.hypotheses:
            mark = "→" if one.system == made.system else " "
            score = "—" if one.score is None else f"{one.score:.3f} ({one.against})"
            say(
                _("%(mark)s %(system)s: %(label)s; in the district %(inside).0f%%, overlap %(score)s")
                % {"mark": mark, "system": one.system, "label": one.label,
                   "inside": 100 * one.inside, "score": score}
            )  # fmt: skip
        for row in made.rows:
            if row.action == "unchanged" and not row.notes:
                continue
            changes = "; ".join(f"{name}: {old} → {new}" for name, old, new in row.changes)
            words = " ".join(filter(None, [changes, row.reason, row.suggestion, *row.notes]))
            say(f"{row.index}\t{row.action}\t{row.name}\t{words}")
        say(", ".join(f"{name} {n}" for name, n in made.counts.items()))
