"""The stacking plan of a park of 3,000 units: server, bytes, and Chromium until it is painted."""

import os
import statistics
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import sync_playwright

from parks.models import Building, Floor, Park, Unit
from tenants.models import Lease, LeaseLine, Tenant

UNITS, FLOORS, BUILDINGS = 3000, 6, 12
CODE = "BENCH"
HOST = "http://bench.test"
#: Until the frame after the one that follows loading: all cells stand on the screen.
PAINTED = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(
  () => done(performance.now()))))"""


def run(median, on) -> list[dict]:
    """Three figures; what is built for them is taken back."""
    with transaction.atomic():
        build(on)
        figures = measure(median, on)
        transaction.set_rollback(True)
    return figures


def build(on):
    """Four of five units let, from a desk of 4 m² up to 1,000 m²."""
    park = Park.objects.create(code=CODE, name="基准园区")
    each = UNITS // (BUILDINGS * FLOORS) + 1
    units = []
    for n in range(BUILDINGS):
        building = Building.objects.create(park=park, code=f"{n + 1:02}", name=f"{n + 1}栋")
        for ordinal in range(1, FLOORS + 1):
            floor = Floor.objects.create(building=building, ordinal=ordinal, name=f"{ordinal}F")
            units += [
                Unit(floor=floor, number=f"{ordinal}{i:02}", exists_from="2019-01-01",
                     numbered_from="2019-01-01", gross_area_m2=Decimal(4 + i * i * 996 // each**2))
                for i in range(each)
            ]  # fmt: skip
    units = Unit.objects.bulk_create(units[:UNITS])
    tenant = Tenant.objects.create(name="长沙基准测量科技有限公司")
    days = {"start": on - timedelta(days=200), "end": on + timedelta(days=500)}
    leases = Lease.objects.bulk_create(
        Lease(park=park, tenant=tenant, number=f"B-{i}", signed_on=days["start"], **days)
        for i in range(UNITS * 4 // 5)
    )
    LeaseLine.objects.bulk_create(
        LeaseLine(lease=lease, unit=unit, area_m2=unit.gross_area_m2, rent=30, binding=True, **days)
        for lease, unit in zip(leases, units, strict=False)
    )


def measure(median, on):
    client = Client()
    client.force_login(User.objects.get(username="bureau"))
    path = f"/parks/{CODE}/stacking/?on={on}"

    def page():
        return client.get(path).content

    with CaptureQueriesContext(connection) as queries:
        page()
    count = len(queries)
    server, html = median(page)
    painted = statistics.median(paint(path, html) for _ in range(3))
    return [
        {"key": "stacking_server", "name": f"stacking plan of {UNITS:,} units, server",
         "seconds": server, "value": f"{server * 1000:.0f} ms",
         "note": f"{count} queries, {len(html) / 1024:.0f} KB"},
        {"key": "stacking_paint", "name": "its page in Chromium until painted",
         "seconds": painted, "value": f"{painted * 1000:.0f} ms", "note": "served without a network"},
    ]  # fmt: skip


def paint(path, html):
    """Seconds a fresh browser takes from asking for ``html`` until all of its cells are painted."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

    def answer(route):
        wanted = route.request.url.removeprefix(HOST).split("?")[0]
        if not wanted.startswith("/static/"):
            return route.fulfill(body=html, content_type="text/html; charset=utf-8")
        found = finders.find(wanted.removeprefix("/static/"))
        return route.fulfill(path=found) if found else route.abort()

    with sync_playwright() as playwright:
        binary = next((p for p in ("/usr/bin/chromium",) if Path(p).exists()), None)
        browser = playwright.chromium.launch(
            executable_path=binary, args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page(viewport={"width": 1440, "height": 900})
        tab.route("**/*", answer)
        tab.goto(HOST + path)
        ms = tab.evaluate(PAINTED)
        assert tab.locator(".line a").count() == UNITS
        browser.close()
    return ms / 1000
