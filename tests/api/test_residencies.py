"""Residencies through the API: who may, what is refused, what the day says."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incubation import services as incubation
from tests.api import client
from tests.factories import NOBODY, make_tenant
from tests.factories.incubation import make_carrier, make_residency

API = "/api/v1/residencies/"
ENTERED = date(2024, 1, 10)


@pytest.fixture
def carrier(jr):
    return make_carrier(park=jr, name="金荣孵化器")


@pytest.fixture
def residency(carrier):
    return make_residency(carrier=carrier)


def post(api, path, **body):
    return api.post(f"{API}{path}", body, format="json")


def test_a_tenant_is_admitted(api, carrier, bureau, operator2, startup):
    tenant = make_tenant(home_park=carrier.park)
    body = {"tenant": tenant.pk, "carrier": carrier.pk, "agreement_number": "FH-1",
            "entered_on": "2024-02-29"}  # fmt: skip
    assert post(client(bureau), "", **body).status_code == 403
    assert post(client(startup), "", **body).status_code == 403
    stranger = post(client(operator2), "", **body)
    assert stranger.status_code == 400
    assert set(stranger.json()["errors"]) == {"tenant"}
    answer = post(api, "", **body)
    assert answer.status_code == 201
    assert answer.json()["due_on"] == "2028-02-29"
    again = post(api, "", **body | {"tenant": make_tenant(home_park=carrier.park).pk})
    assert (again.status_code, again.json()["code"]) == (409, "agreement_taken")
    twice = post(api, "", **body | {"agreement_number": "FH-2"})
    assert (twice.status_code, twice.json()["code"]) == (409, "already_resident")


def test_an_extension_counts_from_its_day(api, residency):
    body = {"due_on": "2029-01-10", "decided_on": "2026-01-01", "reason": "研发周期长"}
    answer = post(api, f"{residency.pk}/extend/", **body)
    assert answer.status_code == 200
    assert answer.json()["first_due_on"] == "2028-01-10"
    assert answer.json()["due_on"] == "2029-01-10"
    before = api.get(f"{API}{residency.pk}/?on=2025-12-31").json()
    assert before["due_on"] == "2028-01-10"


def test_transfer_advance_leave_and_back(api, jr, residency):
    other, up = make_carrier(park=jr), make_carrier(park=jr, stage="accelerator")
    body = {"carrier": other.pk, "on_day": "2025-01-01", "agreement_number": "T-1",
            "reason": "换址"}  # fmt: skip
    wrong = post(api, f"{residency.pk}/transfer/", **body | {"carrier": up.pk})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "stage_order")
    moved = post(api, f"{residency.pk}/transfer/", **body).json()
    assert (moved["previous"], moved["due_on"]) == (residency.pk, "2028-01-10")
    body = {"carrier": up.pk, "on_day": "2026-01-01", "agreement_number": "A-1"}
    risen = post(api, f"{moved['id']}/advance/", **body).json()
    assert (risen["stage"], risen["due_on"]) == ("accelerator", "2029-01-01")
    unseen = post(api, f"{risen['id']}/leave/", left_on="2026-03-01", outcome="graduated",
                  destination="outside")  # fmt: skip
    assert (unseen.status_code, unseen.json()["code"]) == (409, "outcome_refused")
    left = post(api, f"{risen['id']}/leave/", left_on="2026-03-01", outcome="withdrew",
                destination="outside").json()  # fmt: skip
    assert (left["state"], left["outcome"]) == ("left", "withdrew")
    back = post(api, f"{risen['id']}/reopen/", reason="录错").json()
    assert (back["left_on"], back["outcome"]) == (None, "")


def test_what_is_its_own_is_corrected(api, residency):
    answer = api.patch(
        f"{API}{residency.pk}/", {"consent_on": "2024-01-10", "reason": "补录"}, format="json"
    )
    assert answer.json()["consent_on"] == "2024-01-10"
    none = api.patch(f"{API}{residency.pk}/", {"consent_on": "2024-01-10"}, format="json")
    assert none.status_code == 400


def test_an_entry_by_mistake_is_withdrawn(api, residency):
    assert post(api, f"{residency.pk}/withdraw/").status_code == 400
    assert post(api, f"{residency.pk}/withdraw/", reason="录错").status_code == 204
    assert api.get(f"{API}{residency.pk}/").status_code == 404


def test_who_sees_what(api, residency, operator2, bureau, startup):
    mine = make_residency(tenant=startup.tenants.get(), carrier=residency.carrier)
    assert client(bureau).get(API).json()["count"] == 2
    assert client(operator2).get(API).json()["count"] == 0
    seen = client(startup).get(API).json()["results"]
    assert [one["id"] for one in seen] == [mine.pk]
    assert client(startup).get(f"{API}{residency.pk}/").status_code == 404


def test_filters_say_the_same_as_the_day(api, carrier, residency):
    old = make_residency(carrier=carrier, entered_on=date(2020, 1, 10))

    def found(query):
        return [one["id"] for one in api.get(f"{API}?on=2026-06-30&{query}").json()["results"]]

    assert found("state=over") == [old.pk]
    assert found("state=in") == [residency.pk]
    assert found("stage=makerspace") == []
    assert found(f"carrier={carrier.pk}&park=JR") == [residency.pk, old.pk]
    assert api.get(f"{API}?on=2027-06-30&due_within=240").json()["count"] == 1
    assert api.get(f"{API}?colour=red").status_code == 400
    assert api.get(f"{API}?state=asleep").status_code == 400
    assert api.get(f"{API}?carrier=999999").status_code == 400


def test_a_list_costs_the_same_for_one_and_for_many(api, carrier, residency):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert api.get(API).status_code == 200
        return len(caught)

    incubation.extend_residency(
        residency=residency, due_on=date(2029, 1, 1), decided_on=date(2025, 1, 1), reason="延期",
        by=NOBODY,
    )  # fmt: skip
    queries()
    one = queries()
    for _n in range(3):
        make_residency(carrier=carrier)
    assert queries() == one
