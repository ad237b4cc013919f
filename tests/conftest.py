"""Named people, a real browser, and no skipped test under ``CI``."""

import gc
import os
from datetime import date
from pathlib import Path

import pytest
from coverage import Coverage
from django.contrib.auth.models import Group, User
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import sync_playwright

from tests.factories import make_park, make_tenant
from tests.no_skips import pytest_make_collect_report as pytest_make_collect_report
from tests.no_skips import pytest_runtest_makereport as pytest_runtest_makereport

# Playwright runs an event loop in the test's thread; Django's guard would refuse the ORM there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Looking for cycles after every 700 new objects took a tenth of the time; memory stays the same.
gc.set_threshold(50_000, 20, 50)

hypothesis_settings.register_profile("house", derandomize=True, deadline=None, print_blob=True)
hypothesis_settings.load_profile("house")

BROWSER_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


WHOLE = {"api", "config", "journeys"}
DATABASE = {"db", "transactional_db", "live_server"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark ``pure`` what asks for no database: elsewhere than there pytest-django refuses one.

    Lines are not counted where whole pages and answers are tried: tracing takes three quarters
    more time, and the share asked for is that of what lies beneath, by tests of its own.
    """
    for item in items:
        whole = item.path.parent.name in WHOLE or "client" in item.fixturenames
        if whole or item.get_closest_marker("browser"):
            item.add_marker("uncounted")
        if not item.get_closest_marker("django_db") and not DATABASE & set(item.fixturenames):
            item.add_marker("pure")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Stop counting lines around an ``uncounted`` test and its fixtures.

    A worker has two counters, its process's and its session's: once one is stopped the other takes
    over, and ``no_cover`` of pytest-cov, which stops one, saves nothing.
    """
    stopped = []
    while item.get_closest_marker("uncounted") and (counter := Coverage.current()):
        counter.stop()
        stopped.append(counter)
    try:
        return (yield)
    finally:
        for counter in reversed(stopped):
            counter.start()


def pytest_fixture_setup(fixturedef, request):
    """A pure test asks for no database on its way either: it does not run on every engine."""
    asked = fixturedef.argname in DATABASE and request.node.get_closest_marker("pure")
    assert not asked, "django_db is missing"


def person(username, role=None, **fields):
    user = User.objects.create_user(username, password="demo", **fields)  # noqa: S106
    if role:
        user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


@pytest.fixture
def admin(db):
    return User.objects.create_superuser("admin", password="demo")  # noqa: S106


@pytest.fixture
def jr(db):
    """金荣科技园, the park of ``operator``."""
    return make_park(code="JR", name="金荣科技园")


@pytest.fixture
def ld(db):
    """联东U谷, the park of ``operator2``."""
    return make_park(code="LD", name="联东U谷")


@pytest.fixture
def bureau(db):
    return person("bureau", "bureau")


@pytest.fixture
def operator(jr):
    user = person("operator", "operator")
    user.parks.add(jr)
    return user


@pytest.fixture
def operator2(ld):
    user = person("operator2", "operator")
    user.parks.add(ld)
    return user


@pytest.fixture
def reviewer(db):
    return person("reviewer", "reviewer")


@pytest.fixture
def startup(db):
    """A member of the tenant ``startup.tenants.get()``."""
    user = person("startup", "startup")
    make_tenant(name="望城起点科技有限公司").users.add(user)
    return user


@pytest.fixture
def firm(startup, jr):
    """The tenant of ``startup``, at home in the park of ``operator``."""
    tenant = startup.tenants.get()
    tenant.home_park = jr
    tenant.save()
    return tenant


@pytest.fixture
def stranger(db):
    """Somebody who can log in and has no role."""
    return person("stranger")


@pytest.fixture
def media(settings, tmp_path):
    """Uploads of the test go to a folder of its own."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def today():
    return date(2026, 6, 30)


def _executable():
    for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser"):
        if Path(path).exists():
            return path
    return None


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_executable(), args=BROWSER_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, live_server):
    """A page that fails its test on a request to another host, a script error or a CSP breach."""
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": 1440, "height": 900}, locale="zh-CN"
    )
    tab = context.new_page()
    faults = []
    tab.on("pageerror", lambda error: faults.append(f"script error: {error}"))
    tab.on(
        "console",
        lambda message: (
            faults.append(f"console: {message.text}")
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    tab.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((live_server.url, "data:", "blob:", "about:"))
            else faults.append(f"another host: {request.url}")
        ),
    )
    tab.on(
        "response",
        lambda answer: (
            faults.append(f"{answer.status}: {answer.url}")
            if answer.status >= 500 or (answer.status == 404 and "/static/" in answer.url)
            else None
        ),
    )
    yield tab
    context.close()
    assert not faults, faults
