"""The search of the frame in a register of 90,000 tenants: what one types, as one types it."""

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parks.models import Park
from tenants.models import Tenant
from tenants.pinyin import initials
from tenants.selectors.finding import find

TENANTS = 90_000
PLACES = ("长沙", "望城", "湘江", "金荣", "湖南", "星城", "岳麓", "铜官", "月亮岛", "滨水")
TRADES = ("智能", "精密", "生物", "新材料", "环保", "电子", "软件", "食品", "物流", "传感")
FORMS = ("科技有限公司", "制造有限公司", "股份有限公司")
#: Words and what they are: one hit, many hits, initials, none.
TYPED = {"湘江智能00042": "a name", "精密": "a trade", "xjzn": "initials", "无此企业": "nothing"}
MOST_QUERIES = 6


def run(median, on) -> list[dict]:
    """A figure for each of ``TYPED``; the tenants made for it are taken back."""
    with transaction.atomic():
        build()
        figures = measure(median, on)
        transaction.set_rollback(True)
    return figures


def build():
    home = Park.objects.order_by("pk").first()
    stems = [(p + t, form) for p in PLACES for t in TRADES for form in FORMS]
    letters = {stem: initials(stem + form) for stem, form in stems}
    missing = max(0, TENANTS - Tenant.objects.count())
    Tenant.objects.bulk_create(
        (
            Tenant(name=f"{stem}{i:05}{form}", home_park=home, initials=letters[stem])
            for i in range(missing)
            for stem, form in [stems[i % len(stems)]]
        ),
        batch_size=2000,
    )


def measure(median, on):
    client, count = Client(), Tenant.objects.count()
    user = User.objects.get(username="bureau")
    client.force_login(user)
    figures = []
    for text, what in TYPED.items():

        def answer(text=text):
            reply = client.get("/search/", {"q": text, "on": str(on)}, HTTP_HX_REQUEST="true")
            assert reply.status_code == 200, text
            return reply

        user.has_perm("parks.view_park")
        with CaptureQueriesContext(connection) as seen:
            find(user, text, on, 6)
        asked = len(seen)
        assert asked <= MOST_QUERIES, seen.captured_queries
        seconds, _reply = median(answer, runs=5)
        figures.append({
            "key": f"search-{what}", "name": f"search as one types: {what}, {count:,} tenants",
            "seconds": seconds, "value": f"{seconds * 1000:.0f} ms", "note": f"{asked} queries",
        })  # fmt: skip
    return figures
