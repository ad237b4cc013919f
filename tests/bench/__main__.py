"""Benchmarks at scale 1, 10 and 100: a table on the screen, JSON in ``bench/results/``.

Each scale gets an SQLite database of its own in ``var/bench``, kept for the next run. Every figure
is the median of several runs after a warm-up; ratios are of medians. Nothing here passes or fails.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ON = date(2026, 6, 30)
SCALES = (1, 10, 100)


def database(scale) -> Path:
    """The database of ``scale``, made when it is not there yet."""
    path = ROOT / "var" / "bench" / f"scale-{scale}.sqlite3"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        making = path.with_suffix(".making")
        making.unlink(missing_ok=True)
        environment = os.environ | {"DATABASE_URL": f"sqlite:///{making}"}
        for command in (
            ["migrate", "-v0"], ["createcachetable"],
            ["seed_demo", "--seed", "1", "--on", str(ON), "--scale", str(scale)],
        ):  # fmt: skip
            subprocess.run(
                [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True
            )
        making.rename(path)
        for suffix in ("-wal", "-shm"):
            left = making.with_name(making.name + suffix)
            if left.exists():
                left.rename(path.with_name(path.name + suffix))
    return path


def median(function, runs=7):
    """Median seconds of ``runs`` calls after one more, and what the last call returned."""
    result = function()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        result = function()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken), result


def one_scale(scale):
    """Runs in a process of its own, on the database of ``scale``; prints its figures as JSON."""
    os.environ["DATABASE_URL"] = f"sqlite:///{database(scale)}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    from tests.bench import measures  # noqa: PLC0415 - Django must know its database first

    print(json.dumps(measures.run(scale, median, ON)))


def show(results):
    width = max(len(row["name"]) for figures in results.values() for row in figures)
    for scale, figures in results.items():
        print(f"\nscale {scale}")
        for row in figures:
            print(f"  {row['name']:<{width}}  {row['value']:>12}  {row.get('note', '')}")


def main():
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--scales", type=int, nargs="+", default=SCALES)
    parser.add_argument("--inside", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        one_scale(options.inside)
        return
    results = {}
    for scale in options.scales:
        database(scale)
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "tests.bench", "--inside", str(scale)],
            cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        results[scale] = json.loads(done.stdout.splitlines()[-1])
    show(results)
    if len(results) > 1:
        first, last = (results[s] for s in (min(results), max(results)))
        pages = [
            next(r["seconds"] for r in rows if r["key"] == "park_page") for rows in (first, last)
        ]
        print(
            f"\npark page, scale {max(results)} ÷ scale {min(results)}: {pages[1] / pages[0]:.2f}×"
        )
    out = ROOT / "bench" / "results"
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{time.strftime('%Y%m%d-%H%M%S')}.json"
    path.write_text(json.dumps(results, indent=1, ensure_ascii=False))
    print(f"\n{path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
