"""Applications by the API: each does there what it may do on a page, and sees no more."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from incubation import services as incubation
from incubation.models import Application, ApplicationDocument, Reviewer
from incubation.rules import METRICS
from incubation.rules.files import read_files, shipped
from tenants import services as letting
from tests.api import client
from tests.conftest import person
from tests.factories import NOBODY, make_tenant, make_unit
from tests.factories.applications import (
    CONTENT,
    give_space,
    make_application,
    make_reviewer,
    take,
)
from tests.factories.files import NAME, document, locked
from tests.factories.incubation import make_carrier

pytestmark = pytest.mark.django_db
API = "/api/v1/applications/"
JSON = {"format": "json"}


@pytest.fixture
def carrier(jr, media):
    return make_carrier(park=jr)


@pytest.fixture
def unit(carrier):
    return give_space(carrier, make_unit(park=carrier.park, area=120))[0]


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def wished(today):
    """What a script sends of a whole application."""
    plain = {name: str(one) if isinstance(one, Decimal) else one for name, one in CONTENT.items()}
    return plain | {"move_in_on": (today + timedelta(days=30)).isoformat()}


@pytest.fixture
def sent(startup, carrier, today):
    """In review, of the startup's firm."""
    row = make_application(tenant=startup.tenants.get(), carrier=carrier, by=startup, on=today)
    return take(row, "submit", "accept_form", on=today)


def do(user, act, application, body=None, **headers):
    address = f"{API}{getattr(application, 'pk', application)}/{act}/"
    return client(user).post(address, body or {}, **JSON, headers=headers)


def judge(name, **fields):
    return make_reviewer(name, user=person(f"judge-{name}", "reviewer"), **fields)


def pdf(content=b"%PDF-1.7", name="计划.pdf"):
    return SimpleUploadedFile(name, content)


def ok(answer, status=200):
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def refused(answer, status, code):
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == code
    return answer.json()


def test_from_a_draft_to_moved_in(startup, operator, carrier, unit, wished, today):
    """Everybody does its part by the API alone."""
    incubation.load_score_sheets()
    api = client(startup)
    assert [one["id"] for one in api.get(f"{API}carriers/").json()] == [carrier.pk]
    body = {"carrier": carrier.pk, "title": "柔性储能薄膜", "preferred_units": [unit.pk]}
    once = {"Idempotency-Key": "a"}
    draft = ok(api.post(API, body, **JSON, headers=once), 201)
    assert ok(api.post(API, body, **JSON, headers=once), 201) == draft
    assert (draft["state"], draft["preferred_units"]) == ("draft", [unit.pk])
    pk = draft["id"]
    refused(api.post(API, body, **JSON), 409, "application_under_way")
    refused(do(startup, "submit", pk), 409, "application_incomplete")
    lacking = ok(api.get(f"{API}{pk}/eligibility/"))["lacking"]
    assert {"summary", "papers", "commitments"} <= {one["field"] for one in lacking}
    ok(api.patch(f"{API}{pk}/", wished, **JSON))
    for kind, content in (("licence", b"%PDF-1.7 a"), ("plan", b"%PDF-1.7 b")):
        ok(api.post(f"{API}{pk}/documents/", {"file": pdf(content), "kind": kind}), 201)
    told = ok(api.get(f"{API}{pk}/eligibility/"))
    assert (told["lacking"], told["obstacles"]) == ([], [])
    assert client(operator).get(f"{API}{pk}/").status_code == 404
    assert ok(do(startup, "submit", pk))["state"] == "submitted"
    refused(do(startup, "submit", pk), 409, "application_state")

    assert ok(do(operator, "return", pk, {"items": ["补充团队简历"]}))["state"] == "amending"
    step = ok(api.get(f"{API}{pk}/"))["history"][-1]
    assert (step["details"]["items"], step["by"]) == (["补充团队简历"], "operator")
    ok(do(startup, "submit", pk))
    assert ok(do(operator, "accept-form", pk))["state"] == "in_review"

    judges = [judge("甲"), judge("乙")]
    rival = judge("丙", organisation=startup.tenants.get().name)
    proposal = ok(client(operator).get(f"{API}{pk}/reviewers/"))
    assert {one["id"] for one in proposal["proposed"]} == {one.pk for one in judges}
    assert [one["id"] for one in proposal["excluded"]] == [rival.pk]
    refused(do(operator, "assign", pk, {"reviewers": [rival.pk]}), 409, "reviewer_excluded")
    assert len(ok(do(operator, "assign", pk))["reviews"]) == 2
    assert Application.objects.get(pk=pk).exclusions.get().reviewer == rival
    decision = {"decision": "approve", "opinion": "同意"}
    refused(do(operator, "decide", pk, decision), 409, "review_missing")
    for one in judges:
        criteria = ok(client(one.user).get(f"{API}{pk}/sheet/"))["criteria"]
        scores = [{"criterion": c["id"], "points": str(c["weight"])} for c in criteria]
        given = {"scores": scores, "recommends": True, "opinion": "好"}
        ok(do(one.user, "score", pk, given))
    approved = ok(do(operator, "decide", pk, decision))
    assert (approved["state"], approved["score"]["mean"]) == ("approved", "100.00")
    assert ok(do(operator, "queue", pk))["state"] == "waiting"
    place = ok(api.get(f"{API}{pk}/waiting/"))
    assert (place["place"], place["unit"]) == (1, unit.pk)
    held = ok(do(operator, "hold", pk, {"units": [unit.pk]}))
    assert held["state"] == "held"
    (hold,) = ok(client(operator).get("/api/v1/holds/"))["results"]
    assert (hold["application"], hold["unit"]) == (pk, unit.pk)
    (offer,) = ok(api.get(f"{API}{pk}/offers/"))
    assert (offer["state"], offer["units"], offer["place"]) == ("open", [unit.pk], 1)
    assert ok(do(startup, "accept", pk))["state"] == "accepted"
    end = today.replace(year=today.year + 2)
    terms = {"agreement_number": "FH-1", "start": today.isoformat(), "end": end.isoformat()}
    wrong = terms | {"rents": [{"unit": unit.pk + 1, "rent": "1"}]}
    refused(do(operator, "convert", pk, wrong), 400, "invalid")
    signing = ok(do(operator, "convert", pk, terms | {"rents": [{"unit": unit.pk, "rent": "31"}]}))
    assert signing["state"] == "signing"
    lease = ok(client(operator).get(f"/api/v1/leases/{signing['lease']}/"))
    assert lease["lines"][0]["rent"] == "31.0000"
    assert ok(do(operator, "move-in", pk))["state"] == "moved_in"


def test_who_has_nothing_to_do_with_it_finds_none(sent, startup, operator2, reviewer, stranger):
    rival = person("rival", "startup")
    make_tenant().users.add(rival)
    for who in (rival, operator2, reviewer):
        assert client(who).get(API).json()["count"] == 0
        for part in ("", "documents/", "messages/", "eligibility/", "waiting/", "offers/"):
            assert client(who).get(f"{API}{sent.pk}/{part}").status_code == 404
    assert client(stranger).get(API).status_code == 403
    for act in ("withdraw", "submit", "copy"):
        assert do(rival, act, sent).status_code == 404
    assert do(operator2, "accept-form", sent).status_code == 404
    assert client(rival).patch(f"{API}{sent.pk}/", {"title": "x"}, **JSON).status_code == 404
    for act in ("accept-form", "decide", "hold", "convert", "move-in", "score", "assign"):
        assert do(startup, act, sent).status_code == 403
    foreign = {"carrier": sent.carrier_id, "tenant": sent.tenant_id}
    refused(client(rival).post(API, foreign, **JSON), 400, "invalid")


def test_a_member_of_staff_does_not_decide_on_its_own_firm_elsewhere(sent, operator2):
    """An operator who applies to another park acts there as an applicant only."""
    sent.tenant.users.add(operator2)
    assert client(operator2).get(f"{API}{sent.pk}/").status_code == 200
    body = {"decision": "approve", "opinion": "同意"}
    assert do(operator2, "decide", sent, body).status_code == 404


def test_points_are_hidden_and_a_blind_reviewer_sees_no_names(sent, startup, operator, today):
    incubation.load_score_sheets()
    incubation.set_intake(carrier=sent.carrier, by=NOBODY, blind=True)
    first, second = judge("甲"), judge("乙")
    Application.objects.filter(pk=sent.pk).update(
        summary=f"{sent.tenant.name}做柔性储能薄膜。", closed_on=None
    )
    assert ok(do(operator, "assign", sent))["hidden_reviews"] == 0
    blind = client(first.user).get(f"{API}{sent.pk}/")
    data = ok(blind)
    assert (data["applicant"], data["tenant"], data["written_by"]) == (None, None, None)
    assert sent.tenant.name not in blind.content.decode()
    assert startup.username not in [step["by"] for step in data["history"]]
    assert client(first.user).get(f"{API}?search={sent.tenant.name}").json()["count"] == 0
    assert client(first.user).get(f"{API}?tenant={sent.tenant_id}").json()["count"] == 0
    criteria = ok(client(first.user).get(f"{API}{sent.pk}/sheet/"))["criteria"]
    half = [{"criterion": c["id"], "points": str(c["weight"] / 2)} for c in criteria]
    given = {"scores": half, "recommends": False, "opinion": "一般"}
    refused(do(first.user, "score", sent, given | {"scores": half[1:]}), 400, "invalid")
    handed = ok(do(first.user, "score", sent, given))
    assert (handed["hidden_reviews"], len(handed["reviews"])) == (0, 2)
    refused(do(first.user, "score", sent, given), 409, "review_decided")
    waiting = ok(client(second.user).get(f"{API}{sent.pk}/"))
    assert (waiting["hidden_reviews"], waiting["score"], len(waiting["reviews"])) == (1, None, 1)
    applicant = ok(client(startup).get(f"{API}{sent.pk}/"))
    assert (applicant["reviews"], applicant["score"]) == ([], None)
    assert client(startup).get(f"{API}{sent.pk}/sheet/").status_code == 404
    assert do(second.user, "declare-interest", sent, {"kind": "kinship"}).status_code == 204
    assert client(second.user).get(f"{API}{sent.pk}/").status_code == 404


def test_a_reviewer_who_came_to_work_for_the_applicant_cannot_score(sent, operator):
    incubation.load_score_sheets()
    one = judge("甲")
    ok(do(operator, "assign", sent, {"reviewers": [one.pk]}))
    sent.tenant.users.add(one.user)
    criteria = ok(client(one.user).get(f"{API}{sent.pk}/sheet/"))["criteria"]
    scores = [{"criterion": c["id"], "points": 1} for c in criteria]
    given = {"scores": scores, "recommends": True, "opinion": "好"}
    refused(do(one.user, "score", sent, given), 409, "reviewer_excluded")


def test_documents_go_only_to_who_may_and_as_a_download(
    startup, operator, carrier, today, settings
):
    settings.DOCUMENT_BYTES = 2**20
    row = make_application(tenant=startup.tenants.get(), carrier=carrier, on=today)
    address, api = f"{API}{row.pk}/documents/", client(startup)
    page = pdf(b"<!doctype html><script>", "计划.pdf")
    refused(api.post(address, {"file": page, "kind": "plan"}), 409, "file_refused")
    large = pdf(b"%PDF-1.7" + bytes(settings.DOCUMENT_BYTES))
    refused(api.post(address, {"file": large, "kind": "plan"}), 413, "too_large")
    key = ok(api.post(address, {"file": pdf(), "kind": "plan"}), 201)["id"]
    file = api.get(f"{address}{key}/")
    assert (file.content, file["Content-Type"]) == (b"%PDF-1.7", "application/pdf")
    assert file["Content-Disposition"].startswith("attachment")
    other = make_application(carrier=carrier, on=today)
    assert api.get(f"{API}{other.pk}/documents/{key}/").status_code == 404
    assert client(operator).get(f"{address}{key}/").status_code == 404
    assert client(operator).delete(f"{address}{key}/").status_code == 403
    assert api.delete(f"{address}{key}/").status_code == 204
    assert api.get(address).json() == []
    assert not ApplicationDocument.objects.exclude(file="").exists()


def test_a_blind_reviewer_gets_copies_without_names(startup, operator, carrier, today):
    incubation.load_score_sheets()
    incubation.set_intake(carrier=carrier, by=NOBODY, blind=True)
    row = make_application(tenant=startup.tenants.get(), carrier=carrier, on=today)
    address, api = f"{API}{row.pk}/documents/", client(startup)
    given = {"kind": "plan", "names_applicant": False}
    refusal = refused(api.post(address, given | {"file": pdf(locked())}), 409, "names_remain")
    assert "密码" in refusal["detail"]
    key = ok(api.post(address, given | {"file": pdf(document())}), 201)["id"]
    old = row.documents.create(
        kind="ip", name="a.pdf", names_applicant=False, size=8, sha256="1" * 64,
        media_type="application/pdf", added_at=timezone.now(), file=pdf(locked()),
    )  # fmt: skip
    take(row, "submit", "accept_form", on=today)
    judge("甲")
    judge("乙")
    ok(do(operator, "assign", row))
    reader = client(Reviewer.objects.get(name="甲").user)
    shown = {one["id"]: one for one in reader.get(address).json()}
    assert shown[key]["sha256"] == ""
    assert shown[key]["name"] != "计划.pdf"
    assert NAME.encode() not in reader.get(f"{address}{key}/").content
    refused(reader.get(f"{address}{old.pk}/"), 409, "names_remain")
    assert client(operator).get(f"{address}{key}/").content == document()
    assert len(client(operator).get(address).json()[0]["sha256"]) == 64


def test_messages_and_a_second_carrier(sent, startup, operator, bureau, jr, today):
    address = f"{API}{sent.pk}/messages/"
    ok(client(startup).post(address, {"text": "何时评审？"}, **JSON), 201)
    ok(client(operator).post(address, {"text": "下周。"}, **JSON), 201)
    assert client(bureau).post(address, {"text": "x"}, **JSON).status_code == 403
    told = ok(client(startup).get(address))
    assert [(one["by"], one["from_applicant"]) for one in told] == [
        ("startup", True), ("operator", False),
    ]  # fmt: skip
    second = make_carrier(park=jr)
    copied = ok(do(startup, "copy", sent, {"carrier": second.pk}), 201)
    assert (copied["carrier"], copied["title"], copied["state"]) == (
        second.pk, sent.title, "draft",
    )  # fmt: skip
    tag = client(startup).get(f"{API}{copied['id']}/")["ETag"]
    ok(client(startup).patch(f"{API}{copied['id']}/", {"title": "新"}, **JSON))
    stale = do(startup, "withdraw", copied["id"], **{"If-Match": tag})
    refused(stale, 412, "precondition_failed")
    assert ok(do(startup, "withdraw", copied["id"]))["state"] == "withdrawn"


def test_a_withdrawn_application_is_not_approved(sent, startup, operator):
    ok(do(startup, "withdraw", sent, {"opinion": "另有安排"}))
    refused(do(operator, "assign", sent), 409, "application_state")
    body = {"decision": "approve", "opinion": "同意"}
    assert do(operator, "decide", sent, body).status_code == 409


def test_only_the_applicant_objects_for_itself_and_while_the_notice_runs(sent, startup, operator):
    body = {"opinion": "公示的项目名称有误"}
    early = do(startup, "objection", sent, body)
    assert (early.status_code, early.json()["code"]) == (409, "application_state")
    on = timezone.localdate()
    take(sent, "approve", target="noticed", on=on, until=on + timedelta(days=7))
    assert do(operator, "objection", sent, body).status_code == 403
    assert do(startup, "objection", sent, {}).status_code == 400
    done = do(startup, "objection", sent, body)
    assert (done.status_code, done.json()["state"]) == (200, "in_review"), done.json()


def test_conditions_of_entry_one_by_one(sent, startup, today):
    incubation.load_rule_sets(read_files(shipped(), METRICS), by=None, at=timezone.now())
    told = ok(client(startup).get(f"{API}{sent.pk}/eligibility/"))
    assert told["met"] + told["not_met"] + told["unknown"] > 0
    assert {one["verdict"] for one in told["conditions"]} <= {"met", "not_met", "unknown"}
    assert all(one["text"] for one in told["conditions"])


def test_the_list_by_state_and_day_asks_as_often_for_many(
    sent, operator, carrier, today, django_assert_num_queries
):
    api = client(operator)
    api.get(API)
    with CaptureQueriesContext(connection) as one:
        assert api.get(f"{API}?state=in_review").json()["count"] == 1
    for _n in range(2):
        take(make_application(carrier=carrier, on=today), "submit", "accept_form", on=today)
    with django_assert_num_queries(len(one)):
        rows = api.get(f"{API}?state=in_review").json()["results"]
    assert [len(row["history"]) for row in rows] == [3, 3, 3]
    assert api.get(f"{API}?state=draft&state=approved").json()["count"] == 0
    assert api.get(f"{API}?late=false").json()["count"] == 3
    assert api.get(f"{API}?late=true&on={today + timedelta(days=40)}").json()["count"] == 3
    refused(api.get(f"{API}?state=nowhere"), 400, "invalid")
    refused(api.get(f"{API}?colour=red"), 400, "invalid")
    assert api.get(f"{API}?on=2020-01-01").json()["count"] == 0
    assert "A" in api.get(f"{API}?format=csv").content.decode()


def test_calls_are_public_and_opened_by_their_carrier(startup, operator, operator2, carrier):
    body = {"carrier": carrier.pk, "name": "秋季批次", "opens_on": "2026-01-01",
            "closes_on": "2026-02-01"}  # fmt: skip
    assert client(startup).post("/api/v1/calls/", body, **JSON).status_code == 403
    refused(client(operator2).post("/api/v1/calls/", body, **JSON), 400, "invalid")
    ok(client(operator).post("/api/v1/calls/", body, **JSON), 201)
    refused(client(operator).post("/api/v1/calls/", body, **JSON), 409, "intake_closed")
    (call,) = ok(client(startup).get("/api/v1/calls/?open=true&on=2026-01-05"))["results"]
    assert client(startup).get("/api/v1/calls/?open=true&on=2026-02-01").json()["count"] == 0
    later = {"closes_on": "2026-03-01"}
    address = f"/api/v1/calls/{call['id']}/"
    assert client(operator2).patch(address, later, **JSON).status_code == 404
    assert ok(client(operator).patch(address, later, **JSON))["closes_on"] == "2026-03-01"
    settings = f"/api/v1/carriers/{carrier.pk}/intake/"
    assert ok(client(startup).get(settings))["mode"] == "calls"
    assert client(operator2).patch(settings, {"check_days": 3}, **JSON).status_code == 404
    refused(client(operator).patch(settings, {"reviewer_count": 1}, **JSON), 400, "invalid")
    assert ok(client(operator).patch(settings, {"check_days": 3}, **JSON))["check_days"] == 3


def test_a_draft_that_breaks_off_leaves_nothing(startup, carrier, unit, jr):
    body = {"carrier": carrier.pk, "area_min_m2": "200", "area_max_m2": "100"}
    refused(client(startup).post(API, body, **JSON), 400, "invalid")
    elsewhere = {"carrier": carrier.pk, "preferred_units": [make_unit(park=jr).pk]}
    refused(client(startup).post(API, elsewhere, **JSON), 400, "invalid")
    refused(client(startup).post(API, {"carrier": 2**40}, **JSON), 400, "invalid")
    assert not Application.objects.exists()


def test_everybody_finds_vacant_space_and_an_applicant_what_fits(sent, startup, operator, unit):
    letting.set_asking_rent(
        unit=unit, rent=Decimal(26), rent_unit="m2_month", start=date(2026, 1, 1), by=NOBODY
    )
    small = give_space(sent.carrier, make_unit(park=sent.carrier.park, area=20))[0]
    address, nobody = "/api/v1/vacancies/", APIClient()
    (row,) = ok(nobody.get(f"{address}?gross_area_m2__gte=100&stage={sent.carrier.stage}"))[
        "results"
    ]
    assert (row["id"], row["carrier"], row["asked_month"]) == (unit.pk, sent.carrier_id, "3120.00")
    assert nobody.get(f"{address}?asked_m2__lte=25").json()["count"] == 0
    refused(nobody.get(f"{address}?kind=x"), 400, "invalid")
    refused(nobody.get(f"{address}?tenant=1"), 400, "invalid")
    seen = ok(client(startup).get(f"{API}{sent.pk}/units/"))
    assert [(one["id"], one["fits"]) for one in seen] == [(unit.pk, True)]
    staff = ok(client(operator).get(f"{API}{sent.pk}/units/"))
    assert [one["id"] for one in staff] == [unit.pk, small.pk]
    assert staff[1]["against"]
