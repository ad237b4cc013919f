"""``manage.py daily``: raise and withdraw the day's notices, send the digests. Safe to run twice."""

import secrets
from datetime import date

from django.core.management.base import BaseCommand
from django.utils import timezone

from parks.digest import send_digests
from parks.notices import settle


class Command(BaseCommand):
    help = "Make the day's notices and send the digests."

    def add_arguments(self, parser):
        parser.add_argument("--on", type=date.fromisoformat, help="the day; today when left out")

    def handle(self, *, on, **options):
        on = on or timezone.localdate()
        fresh, gone = settle(on)
        sent = send_digests(
            on, token=lambda: secrets.token_urlsafe(32), at=timezone.now(), complain=self.complain
        )
        self.stdout.write(f"{on}: {fresh} raised, {gone} withdrawn, {sent} mails sent")

    def complain(self, user, error):
        self.stderr.write(f"{user}: {error}")
