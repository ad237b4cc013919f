"""``manage.py load_score_sheets``: keep the shipped scoring sheets; safe to run again."""

from django.core.management.base import BaseCommand

from incubation.services import load_score_sheets


class Command(BaseCommand):
    help = "Load the scoring sheets shipped with the product."

    def handle(self, **options):
        made = load_score_sheets()
        if options["verbosity"]:
            self.stdout.write(f"{len(made)} scoring sheets loaded")
