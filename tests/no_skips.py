"""What counts as passed: under ``CI=true`` a skipped test, or a skipped file, is a failure."""

import os

import pytest

CI = os.environ.get("CI") == "true"


def _fail(report):
    if CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped under CI: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    return _fail((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    return _fail((yield))


def failed(codes, *, whole):
    """Whether one of pytest's exit ``codes`` is a failure; that of a killed one is negative.

    5 says that nothing was selected: with arguments one engine may rightly have none, both may not.
    """
    if not whole and 0 in codes:
        codes = [code for code in codes if code != 5]
    return any(codes)
