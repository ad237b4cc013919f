"""Processes of their own that act at the same moment, on the database of the tests.

Django is set up in one process, which then divides; it has no connection yet, so each part opens
one of its own.
"""

import json
import multiprocessing
import os
import subprocess
import sys
from importlib import import_module

import django
from django.db import connection


def database_url():
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    host = settings["HOST"] or settings["OPTIONS"].get("host", "")
    user, password = settings["USER"], settings["PASSWORD"]
    place = f"?host={host}" if host.startswith("/") else ""
    server = "" if place else f"{host}:{settings['PORT'] or 5432}"
    login = f"{user}:{password}@" if password else f"{user}@"
    return f"postgresql://{login}{server}/{settings['NAME']}{place}"


def at_once(module, each) -> list:
    """``main(ready, *arguments)`` of ``module``, in a process for each of ``each``: the answers.

    ``ready`` waits until all have called it. Arguments and answers are JSON.
    """
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.at_once", module, json.dumps(each)],
        env=os.environ | {"DATABASE_URL": database_url()},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def part(arguments):
    return main(barrier.wait, *arguments)


if __name__ == "__main__":
    django.setup()
    main = import_module(sys.argv[1]).main
    each = json.loads(sys.argv[2])
    fork = multiprocessing.get_context("fork")
    barrier = fork.Barrier(len(each), timeout=60)
    with fork.Pool(len(each)) as pool:
        answers = pool.map(part, each, chunksize=1)
        pool.close()
        pool.join()
    json.dump(answers, sys.stdout)
