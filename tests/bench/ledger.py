"""``python -m tests.bench.ledger [ROWS]``: check and apply a made ledger in a database of its own.

Beside it the bare cells with openpyxl, the same units through ``django-import-export`` into the same
model, and how long another writer waits at most meanwhile.
"""

import io
import json
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


def measured(rows=10_000):
    """Figures by name; makes a database of its own and needs Django not to be set up yet."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
        import django

        django.setup()
        from django.contrib.auth.models import User
        from django.core.management import call_command
        from django.utils import timezone
        from openpyxl import load_workbook

        from parks.models import Floor, Upload
        from parks.services import create_park
        from tenants.ledger.apply import Writer
        from tenants.ledger.check import check
        from tenants.ledger.reader import read
        from tenants.ledger.writer import write

        call_command("migrate", verbosity=0)
        User.objects.create_user("neighbour")
        park = create_park(code="B", name="B", by=None)
        made, out = sheets(rows), io.BytesIO()
        write(out, made, on=ON, language="zh-hans")

        began = time.perf_counter()
        for sheet in load_workbook(io.BytesIO(out.getvalue()), read_only=True, data_only=True):
            list(sheet.iter_rows(values_only=True))
        cells = time.perf_counter() - began

        began = time.perf_counter()
        book = read(io.BytesIO(out.getvalue()), name="x.xlsx")
        reading = time.perf_counter() - began
        began = time.perf_counter()
        checked = check(book, park=park, on=ON, by=None)
        checking = time.perf_counter() - began
        assert checked.findings.counts["created"] == rows, checked.findings.counts

        upload = Upload.objects.create(kind="ledger", park=park, name="x", size=1, sha256="",
                                       uploaded_at=timezone.now())  # fmt: skip
        neighbour, writer = Neighbour(), Writer(upload, None, None)
        neighbour.start()
        began, work = time.perf_counter(), time.thread_time()
        writer.write(checked.plan)
        applying, work = time.perf_counter() - began, time.thread_time() - work
        neighbour.going = False
        neighbour.join()
        theirs = through_import_export(Floor.objects.first(), made["units"])
        return {
            "rows": rows, "openpyxl": cells, "read": reading, "check": checking,
            "apply": applying, "apply_cpu": work, "longest_transaction": writer.pace.longest,
            "longest_wait": neighbour.longest, "import_export": theirs,
            "import_export_rows": len(made["units"]),
        }  # fmt: skip


def described(found):
    """``(key, name, seconds, note)`` of each figure."""
    rows = found["rows"]

    def speed(seconds, many=rows):
        return f"{many / seconds:,.0f} rows/s"

    both = found["read"] + found["check"]
    return [
        ("ledger_check", f"a workbook of {rows:,} rows read and checked", both,
         f"{speed(both)}; its cells alone with openpyxl {found['openpyxl']:.2f} s, "
         f"the check alone {speed(found['check'])}"),
        ("ledger_apply", "and applied, with rules and trail", found["apply"],
         f"{speed(found['apply'])}, {found['apply_cpu']:.1f} s of them computing; the same units "
         f"with django-import-export, neither rules nor trail: "
         f"{speed(found['import_export'], found['import_export_rows'])}"),
        ("ledger_wait", "longest wait of another writer meanwhile", found["longest_wait"],
         f"longest transaction {found['longest_transaction']:.2f} s"),
    ]  # fmt: skip


def main(rows=10_000):
    found = measured(rows)
    for _key, name, seconds, note in described(found):
        print(f"{name}: {seconds:.2f} s; {note}")
    # The last line is for ``tests.bench``.
    print(json.dumps(found))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
