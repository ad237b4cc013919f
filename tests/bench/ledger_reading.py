"""``python -m tests.bench.ledger_reading``: 10,000 rows read and typed, beside the bare file."""

import io
import os
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

import django  # noqa: E402

django.setup()

import pandas  # noqa: E402
from openpyxl import load_workbook  # noqa: E402

from tenants.ledger.reader import read  # noqa: E402
from tenants.ledger.writer import write  # noqa: E402
from tests.bench.ledger_rows import leases, lines, units  # noqa: E402

ROWS = 10_000


def best(function, runs=3):
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        function()
        taken.append(time.perf_counter() - start)
    return min(taken)


def main():
    sheets = {"units": units(ROWS), "leases": leases(ROWS), "lines": lines(ROWS)}
    for code, rows in sheets.items():
        out = io.BytesIO()
        writing = best(
            lambda rows=rows, code=code: write(
                io.BytesIO(), {code: rows}, on="2026-06-30", language="zh-hans"
            ),
            1,
        )
        write(out, {code: rows}, on="2026-06-30", language="zh-hans")
        content = out.getvalue()

        def with_openpyxl(content=content):
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            return [list(sheet.iter_rows(values_only=True)) for sheet in book]

        def with_pandas(engine, content=content):
            return pandas.read_excel(io.BytesIO(content), sheet_name=None, engine=engine)

        figures = {
            "ours, read and typed": best(
                lambda content=content: read(io.BytesIO(content), name="x.xlsx")
            ),
            "openpyxl read_only, cells alone": best(with_openpyxl, 2),
            "pandas (openpyxl), cells alone": best(lambda: with_pandas("openpyxl"), 2),
            "pandas (calamine), cells alone": best(lambda: with_pandas("calamine"), 2),
            "ours, written": writing,
        }
        print(f"{code}, {ROWS:,} rows, {len(content) / 1e6:.1f} MB")
        for name, seconds in figures.items():
            print(f"  {name:<34} {seconds:6.2f} s  {ROWS / seconds:9,.0f} rows/s")


if __name__ == "__main__":
    main()
