"""The list and the page of an application: who finds it, and what it says."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.applications import make_application, take
from tests.factories.incubation import make_carrier

pytestmark = pytest.mark.django_db


def test_the_staff_find_a_submitted_application_and_its_steps(client, jr, operator):
    draft = make_application(carrier=make_carrier(park=jr))
    sent = take(make_application(carrier=make_carrier(park=jr)), "submit")
    client.force_login(operator)
    page = client.get("/applications/").content.decode()
    assert sent.number in page
    assert draft.number not in page
    detail = client.get(f"/applications/{sent.pk}/").content.decode()
    assert sent.tenant.name in detail
    assert "已提交" in detail
    assert client.get(f"/applications/{draft.pk}/").status_code == 404


@pytest.mark.parametrize("others", [0, 2])
def test_the_list_asks_as_much_for_three_as_for_one(
    client, jr, operator, django_assert_max_num_queries, others
):
    for _n in range(1 + others):
        take(make_application(carrier=make_carrier(park=jr)), "submit")
    client.force_login(operator)
    client.get("/applications/")
    with django_assert_max_num_queries(16):
        client.get("/applications/")


def test_the_page_of_many_parts_asks_once_for_its_frame(client, jr, operator):
    sent = take(make_application(carrier=make_carrier(park=jr)), "submit", "accept_form")
    client.force_login(operator)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/applications/{sent.pk}/").status_code == 200
    inbox = [one for one in asked.captured_queries if 'FROM "parks_notice"' in one["sql"]]
    assert len(inbox) == 2  # the kinds there are, and how many of them have their reason still


def test_an_applicant_reads_which_carrier_and_what_came_by_itself(client, startup, jr, operator):
    on = date(2026, 6, 1)
    draft = make_application(tenant=startup.tenants.get(), carrier=make_carrier(park=jr))
    take(draft, "submit", "accept_form")
    take(draft, "approve", target="noticed", until=date(2026, 6, 8))
    take(draft, "lapse", on=date(2026, 6, 8), until=None)
    client.force_login(startup)
    page = client.get("/applications/")
    assert {one.name for one in page.context["view"].shown_columns if one.key} == {
        "carrier__name", "state",
    }  # fmt: skip
    assert "公示期满，无异议" in client.get(f"/applications/{draft.pk}/").text
    client.force_login(operator)
    shown = client.get("/applications/", {"on": on}).context["view"].shown_columns
    assert {one.name for one in shown if one.key} == {"tenant__name", "state"}
