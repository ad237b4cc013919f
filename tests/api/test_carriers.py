"""Carriers, mentors and service events through the API: who may, what is refused, as of which day."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incubation.models import Carrier
from tests.api import client
from tests.factories import make_floor, make_tenant, make_unit
from tests.factories.incubation import make_carrier, make_residency

API = "/api/v1/"


@pytest.fixture
def units(jr):
    floor = make_floor(park=jr)
    return [make_unit(floor=floor, number=f"50{n}", area=100, seats=2) for n in range(1, 4)]


@pytest.fixture
def carrier(jr):
    return make_carrier(park=jr, name="金荣孵化器")


def post(api, path, **body):
    return api.post(f"{API}{path}/", body, format="json")


def test_an_operator_makes_a_carrier_of_its_own_park_alone(api, jr, ld, bureau, startup):
    body = {"park": "JR", "name": "一号", "stage": "incubator", "opened_on": "2020-01-01"}
    made = post(api, "carriers", **body)
    assert made.status_code == 201, made.content
    assert made.json().items() >= body.items()
    assert made["ETag"]
    assert post(api, "carriers", **body).json()["code"] == "already_recorded"
    assert post(api, "carriers", **body | {"park": "LD"}).status_code == 400
    assert post(api, "carriers", **body | {"opened_on": "0001-01-01"}).status_code == 400
    for user, status in ((bureau, 403), (startup, 403)):
        assert post(client(user), "carriers", **body | {"name": "二号"}).status_code == status
    one = f"{API}carriers/{made.json()['id']}/"
    assert api.patch(one, {"field": "新材料"}, format="json").json()["field"] == "新材料"
    assert api.patch(one, {"stage": "makerspace"}, format="json").status_code == 400
    stale = api.patch(one, {"note": "甲"}, format="json", headers={"If-Match": '"old"'})
    assert stale.status_code == 412


def test_space_is_given_and_read_as_of_the_day(api, carrier, units, operator2):
    path = f"carriers/{carrier.pk}/spaces"
    body = {"units": [units[0].pk, units[1].pk], "purpose": "tenants", "start": "2025-03-01"}
    made = post(api, path, **body)
    assert made.status_code == 201, made.content
    assert len(made.json()) == 2
    again = post(api, path, **body)
    assert (again.status_code, again.json()["code"]) == (409, "carrier_space_taken")
    assert post(client(operator2), path, **body).status_code == 404
    assert post(api, path, **body | {"units": [10**9]}).status_code == 400
    then = api.get(f"{API}carriers/{carrier.pk}/", {"on": "2025-03-01"}).json()
    assert (then["area_m2"], then["units"], then["seats"]) == ("200.00", 2, 4)
    assert [one["unit"] for one in then["spaces"]] == body["units"]
    before = api.get(f"{API}carriers/{carrier.pk}/", {"on": "2025-02-28"}).json()
    assert (before["area_m2"], before["spaces"]) == ("0.00", [])
    released = post(api, f"carriers/{carrier.pk}/release", spaces=[made.json()[0]["id"]],
                    on="2026-01-01")  # fmt: skip
    assert [one["unit"] for one in released.json()] == [units[1].pk]
    other = post(api, f"carriers/{carrier.pk}/release", spaces=[made.json()[1]["id"]],
                 on="2026-01-01", purpose="management")  # fmt: skip
    assert [one["purpose"] for one in other.json()] == ["management"]


def test_a_unit_says_its_carrier_of_the_day(api, carrier, units, startup):
    post(api, f"carriers/{carrier.pk}/spaces", units=[units[0].pk], purpose="tenants",
         start="2025-03-01")  # fmt: skip
    found = api.get(f"{API}units/", {"carrier": carrier.pk, "on": "2025-03-01"}).json()["results"]
    assert [(one["id"], one["carrier"]) for one in found] == [(units[0].pk, carrier.pk)]
    early = api.get(f"{API}units/", {"carrier": carrier.pk, "on": "2025-02-28"}).json()
    assert early["count"] == 0
    assert api.get(f"{API}units/", {"carrier": "x"}).status_code == 400


def test_the_bureau_recognises_and_grades(api, carrier, bureau):
    office = client(bureau)
    body = {"level": "national", "start": "2022-01-01", "document": "1号"}
    path = f"carriers/{carrier.pk}"
    assert post(api, f"{path}/recognitions", **body).status_code == 403
    made = post(office, f"{path}/recognitions", **body)
    assert made.status_code == 201, made.content
    assert post(office, f"{path}/recognitions", **body).json()["code"] == "already_recorded"
    grade = {"level": "national", "year": 2024, "grade": "B"}
    assert post(office, f"{path}/grades", **grade).status_code == 201
    assert api.get(f"{API}{path}/grades/").json()[0].items() >= grade.items()
    assert api.get(f"{API}carriers/", {"level": "national"}).json()["count"] == 1
    ended = post(office, f"{path}/end-recognition", recognition=made.json()["id"], on="2025-01-01")
    assert ended.json()["end"] == "2025-01-01"
    now = api.get(f"{API}carriers/", {"level": "national"}).json()
    assert now["count"] == 0
    year = {"year": 2025, "staff": 8, "fund": "5000000.00"}
    assert post(office, f"{path}/years", **year).status_code == 403
    assert post(api, f"{path}/years", **year).status_code == 201
    assert api.get(f"{API}{path}/years/").json()[0].items() >= year.items()


def test_a_change_is_made_and_reported(api, carrier, bureau):
    post(client(bureau), f"carriers/{carrier.pk}/recognitions", level="city", start="2022-01-01")
    path = f"carriers/{carrier.pk}"
    made = post(api, f"{path}/changes", what="name", after="新名", effective_on="2026-01-31")
    assert made.status_code == 201, made.content
    assert made.json()["report_by"] == "2026-04-30"
    assert api.get(f"{API}{path}/", {"on": "2026-01-30"}).json()["name"] == "金荣孵化器"
    assert api.get(f"{API}{path}/", {"on": "2026-01-31"}).json()["changes_to_report"] == 1
    report = {"change": made.json()["id"], "reported_on": "2026-02-10", "number": "1号"}
    assert post(api, f"{path}/report", **report).json()["report_number"] == "1号"
    assert api.get(f"{API}{path}/", {"on": "2026-03-01"}).json()["changes_to_report"] == 0
    assert len(api.get(f"{API}{path}/changes/").json()) == 1
    assert post(api, f"{path}/close", on="2026-03-01").json()["closed_on"] == "2026-03-01"
    assert api.get(f"{API}carriers/", {"on": "2026-03-01"}).json()["count"] == 0


def test_mentors_and_events(api, carrier, ld, operator2):
    firm = make_tenant(home_park=carrier.park)
    mentor = {"carrier": carrier.pk, "name": "王老师", "start": "2025-01-01"}
    assert post(client(operator2), "mentors", **mentor).status_code == 400
    made = post(api, "mentors", **mentor)
    assert made.status_code == 201, made.content
    path = f"mentors/{made.json()['id']}"
    assert post(api, f"{path}/pair", tenant=firm.pk, start="2025-02-01").status_code == 201
    session = {"tenant": firm.pk, "on": "2025-03-01", "minutes": 60, "subject": "融资"}
    assert post(api, f"{path}/sessions", **session).status_code == 201
    got = api.get(f"{API}{path}/", {"on": "2025-03-01"}).json()
    assert (got["firms"], got["sessions"]) == ([firm.pk], 1)
    assert api.get(f"{API}mentors/", {"tenant": firm.pk}).json()["count"] == 1
    assert len(api.get(f"{API}{path}/sessions/").json()) == 1
    assert api.patch(f"{API}{path}/", {"speciality": "财税"}, format="json").status_code == 200
    assert post(api, f"{path}/end", on="2026-01-01").json()["end"] == "2026-01-01"
    event = {"carrier": carrier.pk, "on": "2025-03-01", "title": "路演", "kind": "roadshow",
             "attendance": [{"tenant": firm.pk, "people": 2}]}  # fmt: skip
    made = post(api, "service-events", **event)
    assert made.status_code == 201, made.content
    assert made.json()["attendance"] == event["attendance"]
    one = f"service-events/{made.json()['id']}"
    other = {"attendance": [{"tenant": firm.pk, "people": 3}]}
    assert api.patch(f"{API}{one}/", other, format="json").json().items() >= other.items()
    assert client(operator2).get(f"{API}{one}/").status_code == 404
    gone = api.post(f"{API}{one}/remove/?format=csv", {"reason": "写错"}, format="json")
    assert (gone.status_code, gone.content) == (204, b"")


def test_lists_cost_the_same_however_many(api, jr, units):
    def cost(path):
        with CaptureQueriesContext(connection, ) as queries:  # fmt: skip
            assert api.get(f"{API}{path}/").status_code == 200
        return len(queries)

    def fill(n):
        carrier = make_carrier(park=jr)
        post(api, f"carriers/{carrier.pk}/spaces", units=[units[n].pk], purpose="tenants",
             start="2025-03-01")  # fmt: skip
        make_residency(carrier=carrier, entered_on=date(2026, 1, 1))
        post(api, "mentors", carrier=carrier.pk, name="甲", start="2025-01-01")
        post(api, "service-events", carrier=carrier.pk, on="2025-03-01", title="路演")

    fill(0)
    paths = ("carriers", "mentors", "service-events")
    first = {path: cost(path) for path in paths}
    fill(1)
    fill(2)
    assert {path: cost(path) for path in paths} == first
    assert Carrier.objects.count() == 3
