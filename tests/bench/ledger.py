"""``python -m tests.bench.ledger [ROWS]``: check and apply a made ledger in a database of its own.

Beside it the same units through ``django-import-export`` into the same model, and how long another
writer waits at most meanwhile.
"""

import os
import sys
import tempfile
import threading
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

ON = date(2026, 6, 30)


def sheets(rows):
    """A quarter each of units, tenants, leases and lines."""
    many = rows // 4
    place = [{"building": f"{n // 500}栋", "floor": f"{n // 50 % 10 + 1}F"} for n in range(many)]
    return {
        "units": [
            place[n] | {"ordinal": n // 50 % 10 + 1, "number": f"U{n}", "exists_from": date(2020, 1, 1),
                        "gross_area_m2": Decimal(50 + n % 400)}
            for n in range(many)
        ],
        "tenants": [{"name": f"企业{n}有限公司", "contact_name": "王某"} for n in range(many)],
        "leases": [
            {"number": f"HT-{n}", "tenant": f"企业{n}有限公司", "signed_on": date(2025, 1, 1),
             "start": date(2025, 1, 1), "last_day": date(2027, 12, 31),
             "handed_over_on": date(2025, 1, 1)}
            for n in range(many)
        ],
        "lines": [
            {"building": place[n]["building"], "floor": place[n]["floor"], "unit": f"U{n}",
             "lease": f"HT-{n}", "rent": Decimal(30)}
            for n in range(many)
        ],
    }  # fmt: skip


class Neighbour(threading.Thread):
    """Somebody who saves something small all the while."""

    longest, going = 0.0, True

    def run(self):
        from django.contrib.auth.models import User
        from django.db import connection

        user = User.objects.get(username="neighbour")
        while self.going:
            began = time.perf_counter()
            user.first_name = str(began)
            user.save(update_fields=["first_name"])
            self.longest = max(self.longest, time.perf_counter() - began)
            time.sleep(0.05)
        connection.close()


def through_import_export(floor, units):
    """Seconds for the same units: one resource, bulk mode, no rules, no trail."""
    import tablib
    from import_export import resources

    from parks.models import Unit

    class UnitResource(resources.ModelResource):
        class Meta:
            model = Unit
            use_bulk = True
            batch_size = 500
            fields = ("id", "floor", "number", "gross_area_m2", "exists_from", "numbered_from")

    table = tablib.Dataset(
        headers=["floor", "number", "gross_area_m2", "exists_from", "numbered_from"]
    )
    for row in units:
        day = str(row["exists_from"])
        table.append([floor.pk, f"X{row['number']}", str(row["gross_area_m2"]), day, day])
    began = time.perf_counter()
    UnitResource().import_data(table, raise_errors=True)
    return time.perf_counter() - began


def main(rows=10_000):
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
        import django

        django.setup()
        from django.contrib.auth.models import User
        from django.core.management import call_command
        from django.utils import timezone

        from parks.models import Floor, Upload
        from parks.services import create_park
        from tenants.ledger.apply import Writer
        from tenants.ledger.check import check
        from tests.tenants.ledger.handmade import book

        call_command("migrate", verbosity=0)
        User.objects.create_user("neighbour")
        park = create_park(code="B", name="B", by=None)
        made = sheets(rows)
        began = time.perf_counter()
        checked = check(book(**made), park=park, on=ON, by=None)
        took = time.perf_counter() - began
        print(f"check {rows} rows: {took:.2f} s, {rows / took:.0f} rows/s")
        upload = Upload.objects.create(kind="ledger", park=park, name="x", size=1, sha256="",
                                       uploaded_at=timezone.now())  # fmt: skip
        neighbour, writer = Neighbour(), Writer(upload, None, None)
        neighbour.start()
        began = time.perf_counter()
        writer.write(checked.plan)
        took = time.perf_counter() - began
        neighbour.going = False
        neighbour.join()
        print(f"apply {rows} rows: {took:.2f} s, {rows / took:.0f} rows/s")
        print(f"longest transaction {writer.longest:.2f} s, longest wait {neighbour.longest:.2f} s")
        took = through_import_export(Floor.objects.first(), made["units"])
        print(
            f"django-import-export, units only, no rules, no trail: {len(made['units']) / took:.0f} rows/s"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
