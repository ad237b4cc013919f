"""What is known of tenants, through the API: who may, what is refused, what is never given."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parks.models import AuditEntry
from tenants import services as letting
from tests.api import client
from tests.factories import NOBODY, make_tenant

API = "/api/v1/"
PHONE = "13800001234"
BODIES = {
    "qualifications": {"kind": "high_tech", "start": "2024-01-01", "number": "GR1"},
    "year-figures": {"year": 2025, "revenue": "1250000.50", "staff": 12},
    "visits": {"on": "2026-03-01", "visitor": "区工信局", "subject": "走访",
               "problems": [{"text": "用电增容"}]},
    "fundings": {"kind": "angel", "on": "2025-03-01", "amount": "3000000.00", "number": "投1"},
    "intellectual-properties": {"kind": "invention", "title": "夹具", "number": "ZL1",
                                "applied_on": "2025-03-01"},
    "corporate-events": {"kind": "listed", "on": "2025-03-01", "number": "830000"},
}  # fmt: skip
CHANGES = {
    "qualifications": {"number": "GR2"},
    "year-figures": {"revenue": "2000000.00"},
    "visits": {"subject": "回访"},
    "fundings": {"amount": "4000000.00"},
    "intellectual-properties": {"granted_on": "2026-01-01"},
    "corporate-events": {"partner": "北交所"},
}


@pytest.fixture
def firm(jr):
    return make_tenant(name="甲公司", home_park=jr, contact_phone=PHONE)


def post(api, path, **body):
    return api.post(f"{API}{path}/", body, format="json")


@pytest.mark.parametrize("path", BODIES)
def test_facts_are_written_and_corrected_by_the_operator_alone(
    api, firm, bureau, operator2, startup, path
):
    body = BODIES[path] | {"tenant": firm.pk}
    assert post(client(bureau), path, **body).status_code == 403
    assert post(client(startup), path, **body).status_code == 403
    assert post(client(operator2), path, **body).status_code == 400
    made = post(api, path, **body)
    assert made.status_code == 201, made.content
    one = f"{API}{path}/{made.json()['id']}/"
    change = CHANGES[path]
    assert client(bureau).get(one).status_code == 200
    assert client(bureau).patch(one, change, format="json").status_code == 403
    assert client(operator2).get(one).status_code == 404
    assert client(operator2).patch(one, change, format="json").status_code == 404
    stale = api.patch(one, change, format="json", headers={"If-Match": '"old"'})
    assert stale.status_code == 412
    answer = api.patch(one, change, format="json", headers={"If-Match": made["ETag"]})
    assert answer.status_code == 200, answer.content
    assert answer.json().items() >= change.items()
    other = make_tenant(name="乙公司", home_park=firm.home_park)
    assert api.patch(one, {"tenant": other.pk}, format="json").status_code == 400


@pytest.mark.parametrize(
    ("path", "change", "code"),
    [
        ("qualifications", {}, "already_recorded"),
        ("qualifications", {"kind": "champion", "end": "2023-01-01"}, "dates_out_of_order"),
        ("year-figures", {}, "already_recorded"),
        (
            "visits",
            {"problems": [{"text": "招工难", "solved_on": "2026-02-01"}]},
            "dates_out_of_order",
        ),
        ("fundings", {"number": ""}, "evidence_missing"),
        ("intellectual-properties", {}, "already_recorded"),
        (
            "intellectual-properties",
            {"number": "ZL2", "granted_on": "2025-02-01"},
            "dates_out_of_order",
        ),
        ("corporate-events", {}, "already_recorded"),
    ],
)
def test_rules_answer_with_their_code(api, firm, path, change, code):
    body = BODIES[path] | {"tenant": firm.pk}
    assert post(api, path, **body).status_code == 201
    refused = post(api, path, **body | change)
    assert (refused.status_code, refused.json()["code"]) == (409, code)


def test_a_qualification_without_an_end_gets_its_term(api, firm):
    made = post(api, "qualifications", tenant=firm.pk, **BODIES["qualifications"]).json()
    assert made["end"] == "2027-01-01"
    held = api.get(f"{API}qualifications/?held=true&on=2026-12-31").json()
    assert [row["id"] for row in held["results"]] == [made["id"]]
    assert api.get(f"{API}qualifications/?held=true&on=2027-01-01").json()["count"] == 0


def test_rename(api, firm, bureau, operator2):
    path, body = f"tenants/{firm.pk}/rename", {"name": "新名公司", "effective_on": "2026-01-01"}
    assert post(client(bureau), path, **body).status_code == 403
    assert post(client(operator2), path, **body).status_code == 404
    assert post(api, path, **body).json()["former_names"] == ["甲公司"]
    found = api.get(f"{API}tenants/?q=甲公司").json()
    assert [row["name"] for row in found["results"]] == ["新名公司"]
    back = post(api, path, name="三名公司", effective_on="2025-01-01")
    assert (back.status_code, back.json()["code"]) == (409, "dates_out_of_order")


def test_merge(api, firm, jr, bureau, operator2):
    other = make_tenant(name="甲公司（旧）", home_park=jr)
    body = {"keep": firm.pk, "other": other.pk, "reason": "同一家"}
    assert post(client(bureau), "tenants/merge", **body).status_code == 403
    assert post(client(operator2), "tenants/merge", **body).status_code == 400
    assert post(api, "tenants/merge", **body).status_code == 200
    again = post(api, "tenants/merge", **body)
    assert (again.status_code, again.json()["code"]) == (409, "tenant_merged")
    assert api.get(f"{API}tenants/{other.pk}/").json()["merged_into"] == firm.pk
    listed = api.get(f"{API}tenants/").json()["results"]
    assert [row["id"] for row in listed] == [firm.pk]
    for path, row in BODIES.items():
        late = post(api, path, **row | {"tenant": other.pk})
        assert (late.status_code, late.json()["code"]) == (409, "tenant_merged"), path


def test_no_telephone_leaves_through_the_api_but_in_a_logged_ledger(api, firm):
    letting.add_person(tenant=firm, name="张三", phone=PHONE, email="z3@example.cn", by=NOBODY)
    for path in ("tenants/", f"tenants/{firm.pk}/", "tenants/?format=csv", "search/?q=甲"):
        text = api.get(f"{API}{path}").content.decode()
        assert PHONE not in text
        assert "z3@example.cn" not in text
    assert api.get(f"{API}ledgers/export/?on=2026-06-30").status_code == 200
    entry = AuditEntry.objects.get(action="export_ledger")
    assert (entry.door, entry.after, entry.park) == ("api", {"on": "2026-06-30"}, firm.home_park)


@pytest.mark.parametrize("path", BODIES)
def test_lists_cost_the_same_queries_for_more_rows(api, jr, path, django_assert_num_queries):
    def add():
        tenant = make_tenant(home_park=jr)
        assert post(api, path, **BODIES[path] | {"tenant": tenant.pk}).status_code == 201

    add()
    api.get(f"{API}{path}/")
    with CaptureQueriesContext(connection) as one:
        api.get(f"{API}{path}/")
    needed = len(one)
    add()
    add()
    with django_assert_num_queries(needed):
        assert api.get(f"{API}{path}/").json()["count"] == 3


def test_a_fact_tells_its_history_and_is_removed_with_a_reason(api, firm, bureau, operator2):
    made = post(api, "fundings", tenant=firm.pk, **BODIES["fundings"]).json()
    one = f"{API}fundings/{made['id']}/"
    api.patch(one, {"kind": "venture"}, format="json")
    history = client(bureau).get(f"{one}history/").json()
    assert [(entry["action"], entry["by"]) for entry in history] == [
        ("create", "operator"), ("correct", "operator"),
    ]  # fmt: skip
    change = history[1]["changes"][0]
    assert change["before"] != change["after"]
    assert "angel" not in (change["before"], change["after"])
    assert client(bureau).post(f"{one}remove/", {"reason": "重复"}).status_code == 403
    assert client(operator2).post(f"{one}remove/", {"reason": "重复"}).status_code == 404
    assert api.post(f"{one}remove/", {}, format="json").status_code == 400
    assert api.post(f"{one}remove/", {"reason": "重复"}, format="json").status_code == 204
    assert api.get(one).status_code == 404


def test_a_file_in_the_request_proves_a_fact(media, api, firm):
    body = {"tenant": firm.pk, "kind": "angel", "on": "2025-03-01", "amount": "1"}
    file = SimpleUploadedFile("协议.pdf", b"%PDF-1.4 a")
    made = api.post(f"{API}fundings/", body | {"file": file}, format="multipart")
    assert made.status_code == 201, made.content
    assert firm.documents.get().pk == made.json()["document"]
    page = SimpleUploadedFile("协议.pdf", b"<html><script>1</script></html>")
    refused = api.post(f"{API}fundings/", body | {"file": page}, format="multipart")
    assert (refused.status_code, refused.json()["code"]) == (409, "file_refused")
    assert firm.documents.count() == 1


def test_rights_are_valid_on_their_days(api, firm):
    body = BODIES["intellectual-properties"] | {"granted_on": "2025-06-01", "end": "2026-06-01"}
    post(api, "intellectual-properties", tenant=firm.pk, **body)
    states = {"2025-02-28": "ahead", "2025-03-01": "applied", "2025-06-01": "valid",
              "2026-06-01": "lapsed"}  # fmt: skip
    for day, state in states.items():
        rows = api.get(f"{API}intellectual-properties/?on={day}").json()["results"]
        assert rows[0]["state"] == state
        valid = api.get(f"{API}intellectual-properties/?valid=true&on={day}").json()["count"]
        assert valid == (state == "valid")
