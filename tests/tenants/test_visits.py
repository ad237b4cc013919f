"""The list of visits: of a park, of a period, flat in queries, open problems first."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants import services as letting
from tests.factories import NOBODY, make_lease, make_tenant, make_unit

LIST = "/visits/"


def visit(tenant, on, *texts):
    return letting.record_visit(tenant=tenant, on=on, visitor="区工信局", subject="走访",
                                problems=[{"text": text} for text in texts], by=NOBODY)  # fmt: skip


@pytest.fixture
def firm(jr):
    return make_tenant(name="甲公司", home_park=jr)


def test_more_visits_cost_no_more_queries(client, operator, jr, firm, django_assert_num_queries):
    client.force_login(operator)
    visit(firm, date(2026, 5, 1), "用电增容")
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for day in (2, 3):
        visit(make_tenant(home_park=jr), date(2026, 5, day), "招工难", "停车位不足")
    with django_assert_num_queries(len(one)):
        assert client.get(LIST).context["page_obj"].paginator.count == 3


def test_visits_of_a_park_are_those_of_its_tenants(client, bureau, jr, ld, firm):
    client.force_login(bureau)
    guest = make_tenant(name="乙公司", home_park=ld)
    visit(firm, date(2026, 5, 1))
    visit(guest, date(2026, 5, 2))

    def names(park):
        rows = client.get(LIST, {"park": park}).context["object_list"]
        return [row.tenant.name for row in rows]

    assert names("JR") == ["甲公司"]
    assert names("LD") == ["乙公司"]
    make_lease(units=[make_unit(park=jr)], tenant=guest, start=date(2026, 1, 1),
               end=date(2027, 1, 1))  # fmt: skip
    assert names("JR") == ["乙公司", "甲公司"]


def test_the_counters_are_those_of_the_period(client, operator, firm):
    client.force_login(operator)
    solved = visit(firm, date(2026, 5, 1), "用电增容")
    letting.correct_problem(problem=solved.problems.get(), on=date(2026, 6, 1),
                            solved_on=date(2026, 6, 1), by=NOBODY)  # fmt: skip
    visit(firm, date(2026, 6, 10), "招工难")
    visit(firm, date(2026, 7, 10), "停车位不足")
    page = client.get(LIST, {"on__gte": "2026-05-01", "on__lte": "2026-06-30", "on": "2026-07-31"})
    assert page.context["counts"] == {"firms": 1, "visits": 2, "problems": 2, "solved": 1}
    assert "2026-05-01 – 2026-06-30" in page.content.decode()
    assert [row.on.day for row in page.context["object_list"]] == [10, 1]
    early = client.get(LIST, {"on": "2026-05-31"})
    assert early.context["counts"] == {"firms": 1, "visits": 1, "problems": 1, "solved": 0}
    wrong = client.get(LIST, {"on__gte": "nonsense"})
    assert (wrong.status_code, wrong.context["counts"]["visits"]) == (200, 0)
