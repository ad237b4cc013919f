"""What is measured, and beside what."""

import json
import logging
import subprocess
import sys

import django

django.setup()

import folium  # noqa: E402
import geopandas as gpd  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from parks.fields import geometries, raw  # noqa: E402
from parks.models import Park, Unit  # noqa: E402
from tenants.selectors import annotate_state, occupancy, occupancy_series  # noqa: E402
from tenants.selectors.series import sample_days  # noqa: E402
from tests.bench import chain, contiguous, ledger, matching, rules, search, stacking  # noqa: E402

#: The same question in bare SQL, written by hand for this database.
BARE = """
SELECT SUM(CASE WHEN c.id IS NULL AND l.id IS NOT NULL
                 AND MAX(l.start, COALESCE(e.handed_over_on, e.start_by, e.start)) <= :d
           THEN u.gross_area_m2 END),
       SUM(CASE WHEN c.id IS NULL THEN u.gross_area_m2 END)
FROM parks_unit u
LEFT JOIN parks_unitclosure c ON c.unit_id = u.id AND c.start <= :d AND (c.end IS NULL OR c.end > :d)
LEFT JOIN tenants_leaseline l ON l.unit_id = u.id AND l.binding AND l.start <= :d AND l.end > :d
LEFT JOIN tenants_lease e ON e.id = l.lease_id
WHERE u.exists_from <= :d AND (u.exists_to IS NULL OR u.exists_to > :d)
"""
FOLIUM_UNITS = 20_000


def row(key, name, seconds, note=""):
    return {
        "key": key,
        "name": name,
        "seconds": seconds,
        "value": f"{seconds * 1000:.1f} ms",
        "note": note,
    }


def run(scale, median, on) -> list[dict]:
    settings.ALLOWED_HOSTS = ["*"]
    logging.disable(logging.WARNING)
    units = Unit.objects.all()
    figures = []

    def bare():
        with connection.cursor() as cursor:
            cursor.execute(BARE.replace(":d", "%(d)s"), {"d": str(on)})
            return cursor.fetchone()

    ours, ratio = median(lambda: occupancy(units, on))
    plain, answer = median(bare)
    assert abs(float(ratio.numerator) - answer[0]) < 0.01, (ratio, answer)
    figures.append(row("occupancy", f"occupancy of a day, {units.count():,} units", ours,
                       f"bare SQL {plain * 1000:.1f} ms: {ours / plain:.2f}×"))  # fmt: skip

    park = Park.objects.get(code="JR")
    mine = Unit.objects.of_park(park)
    start = on.replace(year=2019, month=1, day=1)
    sweep, series = median(lambda: occupancy_series(mine, start, on))
    days = sample_days(start, on, "month")
    monthly, each = median(lambda: [occupancy(mine, day) for day in days], runs=3)
    assert [r.numerator for r in series] == [r.numerator for r in each]
    figures.append(row("series", f"{len(days)}-month series of a park", sweep,
                       f"one query a month {monthly * 1000:.0f} ms: {monthly / sweep:.1f}× slower"))  # fmt: skip

    client = Client()
    client.force_login(User.objects.get(username="bureau"))

    def page(path):
        answer = client.get(f"{path}?on={on}")
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content

    for key, name, path in (
        ("park_page", "map page of a park", "/maps/parks/JR/"),
        ("park_document", "its Folium document", "/maps/parks/JR/document/"),
        ("park_data", "its shapes (frame and layer)", "/maps/parks/JR/data/"),
    ):
        seconds, content = median(lambda path=path: page(path))
        figures.append(row(key, name, seconds, f"{len(content) / 1024:.1f} KB"))
    if scale == 1:
        seconds, content = median(lambda: page("/maps/"), runs=5)
        figures.append(
            row(
                "district_page",
                "map page of the district",
                seconds,
                f"{len(content) / 1024:.1f} KB",
            )
        )
        figures += through_ledger()
        figures += contiguous.run(median, on)
    figures += stacking.run(median, on)
    figures += chain.run(median, on)
    if scale == 1:
        figures += search.run(median, on)
        figures += rules.run(median, on)
        figures += matching.run(median, on)
    if units.count() >= FOLIUM_UNITS:
        figures += against_folium(median, on, client, page)
    return figures


def through_ledger():
    """Measured once, in a process of its own: it fills a database of its own."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.bench.ledger"],
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    return [row(*figure) for figure in ledger.described(found)]


def against_folium(median, on, client, page):
    """20,000 units drawn with plain ``folium.GeoJson``, and the page and data of a park."""
    scope = annotate_state(Unit.objects.exclude(outline=None).order_by("pk"), on)
    rows = list(scope[:FOLIUM_UNITS].values_list("number", "state", raw("outline")))
    frame = gpd.GeoDataFrame(
        {"number": [r[0] for r in rows], "state": [r[1] for r in rows]},
        geometry=geometries([r[2] for r in rows]), crs="EPSG:4326",
    )  # fmt: skip

    def plain():
        drawn = folium.Map()
        folium.GeoJson(frame, tooltip=folium.GeoJsonTooltip(["number", "state"])).add_to(drawn)
        return drawn.get_root().render().encode()

    theirs, html = median(plain, runs=3)
    ours, content = median(lambda: page("/maps/"), runs=5)
    document, inner = median(lambda: page("/maps/document/"), runs=5)
    both, size = ours + document, len(content) + len(inner)
    return [
        row("folium", f"plain folium.GeoJson of {len(rows):,} units", theirs, f"{len(html) / 1024:.0f} KB"),
        row("map_page", "district page and document on the same database", both,
            f"{size / 1024:.0f} KB: {theirs / both:.0f}× faster, {len(html) / size:.0f}× smaller"),
    ]  # fmt: skip
