"""The production server of ``make run``: several processes, a demonstration when empty."""

import os
import sys

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.utils import timezone

from parks.models import Park


class Command(BaseCommand):
    help = "Fill an empty database with the demonstration (where DEMO is on) and serve."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=max(2, min(4, os.cpu_count() or 2)))

    def handle(self, *, host, port, workers, **options):
        if settings.DEMO and not Park.objects.exists():
            call_command("seed_demo", seed=1, on=timezone.localdate())
        lines = ["", f"  http://{host}:{port}/"]
        if settings.DEMO:
            lines += [
                "  演示账号 demonstration accounts (password: demo)",
                "  admin · bureau · operator · operator2 · reviewer · reviewer2 · startup",
            ]
        self.stdout.write("\n".join([*lines, ""]))
        self.stdout.flush()
        os.execv(  # noqa: S606 - the server takes this process's place, so Ctrl-C reaches it
            sys.executable,
            [
                sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host,
                "--port", str(port), "--workers", str(workers), "--blocking-threads", "4",
                "--log-level", "warning",
                "--respawn-failed-workers", "config.wsgi:application",
            ],
        )  # fmt: skip
