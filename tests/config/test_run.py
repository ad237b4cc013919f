"""The suite itself: nothing skipped, nothing empty, passes for success under ``CI=true``."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.no_skips import failed

ROOT = Path(settings.BASE_DIR)
SUITES = {
    "passes": "def test_a(): pass",
    "skips": "import pytest\ndef test_a(): pytest.skip('later')",
    "marked": "import pytest\n@pytest.mark.skip(reason='later')\ndef test_a(): pass",
    "skips_file": "import pytest\npytest.skip('later', allow_module_level=True)",
    "empty": "",
}


def outcome(folder, text, ci):
    (folder / "test_a.py").write_text(text)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", str(folder),
         "-p", "no:django", "-p", "no:cacheprovider", "-p", "tests.no_skips", str(folder)],
        cwd=ROOT, capture_output=True, check=False,
        env=os.environ | {"CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    ).returncode  # fmt: skip


@pytest.mark.parametrize("suite", sorted(SUITES))
def test_only_passing_tests_pass_under_ci(tmp_path, suite):
    assert (outcome(tmp_path, SUITES[suite], ci="true") == 0) == (suite == "passes")


def test_a_skip_is_allowed_at_the_desk(tmp_path):
    assert outcome(tmp_path, SUITES["skips"], ci="") == 0


@pytest.mark.parametrize(
    ("codes", "args", "fails"),
    [
        ([0, 0], ["tests/parks"], False),
        ([0, 5], ["tests/journeys"], False),
        ([5, 5], ["-k", "nothing"], True),
        ([1, 0], ["tests/parks"], True),
        ([0, -9], ["tests/parks"], True),
        ([0, 5], [], True),
    ],
)
def test_verdict(codes, args, fails):
    assert failed(codes, whole=not args) == fails


def test_ci_runs_lint_and_tests_and_stops_at_the_first_failure(tmp_path):
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci" / "run").write_bytes((ROOT / ".ci" / "run").read_bytes())
    for lint, expected in (("true", 0), ("false", 2)):
        (tmp_path / "Makefile").write_text(
            f"lint:\n\t@echo lint; {lint}\ntest:\n\t@echo test $$CI\n"
        )
        done = subprocess.run(
            ["bash", str(tmp_path / ".ci" / "run")], capture_output=True, text=True, check=False,
            env={k: v for k, v in os.environ.items() if not k.startswith("MAKE")},
        )  # fmt: skip
        assert done.returncode == expected
        assert ("test true" in done.stdout) == (expected == 0)
