"""``manage.py daily``: write down what ended by itself, raise and withdraw the day's notices, send
the digests. Safe to run twice.
"""

import secrets
from datetime import date

from django.core.management.base import BaseCommand
from django.utils import timezone

from parks import daily
from parks.digest import send_digests
from parks.notices import settle


class Command(BaseCommand):
    help = "Write down what lapsed, make the day's notices and send the digests."

    def add_arguments(self, parser):
        parser.add_argument("--on", type=date.fromisoformat, help="the day; today when left out")

    def handle(self, *, on, **options):
        on = on or timezone.localdate()
        at = timezone.now()
        for line in daily.run(at=at, on=on):
            self.stdout.write(f"{on}: {line}")
        fresh, gone = settle(on)
        sent = send_digests(
            on, token=lambda: secrets.token_urlsafe(32), at=at, complain=self.complain
        )
        self.stdout.write(f"{on}: {fresh} raised, {gone} withdrawn, {sent} mails sent")

    def complain(self, user, error):
        self.stderr.write(f"{user}: {error}")
