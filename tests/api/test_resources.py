from datetime import date
from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from tenants.models import Lease, LeaseLine
from tests.api import client
from tests.factories import make_draft, make_lease, make_tenant, make_unit

API = "/api/v1/"
START, END = "2026-01-01", "2027-01-01"


@pytest.fixture
def unit(jr):
    return make_unit(park=jr, number="501")


@pytest.fixture
def tenant(jr):
    return make_tenant(name="甲公司", home_park=jr)


def draft(api, unit, tenant, **changes):
    body = {
        "tenant": tenant.pk,
        "start": START,
        "end": END,
        "lines": [{"unit": unit.pk, "rent": "30"}],
    }
    return api.post(f"{API}leases/", body | changes, format="json")


def problem(answer, status, code):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert {"type", "title", "status", "detail", "code"} <= set(body)
    assert (body["status"], body["code"]) == (status, code)
    return body


def test_token_opens_the_api(operator):
    made = APIClient()
    answer = made.post(f"{API}token/", {"username": "operator", "password": "demo"}, format="json")
    made.credentials(HTTP_AUTHORIZATION=f"Token {answer.json()['token']}")
    assert made.get(f"{API}parks/").json()["count"] == 1
    problem(APIClient().get(f"{API}parks/"), 401, "not_authenticated")


def test_failed_tokens_lock_the_account(operator):
    made = APIClient()
    for _ in range(6):
        answer = made.post(
            f"{API}token/", {"username": "operator", "password": "no"}, format="json"
        )
    assert answer.status_code in (400, 429)
    right = made.post(f"{API}token/", {"username": "operator", "password": "demo"}, format="json")
    assert right.status_code != 200


def test_unit_as_of_a_day(api, unit, tenant):
    make_lease(units=[unit], tenant=tenant, start=date(2026, 1, 1), end=date(2027, 1, 1))
    now = api.get(f"{API}units/{unit.pk}/?on=2026-06-30").json()
    then = api.get(f"{API}units/{unit.pk}/?on=2025-06-30").json()
    assert (now["state"], now["tenant"], now["park"], now["carrier"]) == (
        "let",
        tenant.pk,
        "JR",
        None,
    )
    assert (then["state"], then["tenant"]) == ("vacant", None)


def test_lease_from_draft_to_void(api, unit, tenant):
    pk = draft(api, unit, tenant).json()["id"]
    lease = f"{API}leases/{pk}/"
    assert api.post(f"{lease}submit/", {}, format="json").json()["state"] == "in_approval"
    signed = api.post(f"{lease}sign/", {"signed_on": START}, format="json")
    assert signed.json()["lines"][0]["binding"] is True
    renewal = api.post(f"{lease}renew/", {"end": "2028-01-01"}, format="json")
    assert (renewal.status_code, renewal.json()["kind"]) == (201, "renewal")
    ended = api.post(f"{lease}terminate/", {"on": "2026-07-01", "reason": "搬迁"}, format="json")
    assert ended.json()["terminated_on"] == "2026-07-01"
    assert api.post(f"{lease}void/", {"reason": "错误"}, format="json").json()["state"] == "void"
    problem(api.post(f"{lease}void/", {"reason": "再次"}, format="json"), 409, "lease_state")


def test_overlap_is_409_with_the_domain_code(api, unit, tenant):
    make_lease(units=[unit], start=date(2026, 1, 1), end=date(2027, 1, 1))
    pk = draft(api, unit, tenant).json()["id"]
    body = problem(
        api.post(f"{API}leases/{pk}/sign/", {"signed_on": START}, format="json"),
        409,
        "lease_overlap",
    )
    assert "501" in body["detail"]
    assert LeaseLine.objects.binding().count() == 1


def test_split_merge_and_close(api, unit):
    body = {"effective_on": "2026-09-01", "into": [
        {"number": "501A", "gross_area_m2": "60"}, {"number": "501B", "gross_area_m2": "40"}]}  # fmt: skip
    wrong = body | {"into": [body["into"][0], {"number": "501B", "gross_area_m2": "41"}]}
    problem(
        api.post(f"{API}units/{unit.pk}/split/", wrong, format="json"), 409, "area_not_conserved"
    )
    change = api.post(f"{API}units/{unit.pk}/split/", body, format="json")
    assert change.status_code == 201
    merged = api.post(f"{API}units/merge/", {
        "units": change.json()["results"], "effective_on": "2026-10-01", "number": "501"}, format="json")  # fmt: skip
    assert merged.status_code == 201, merged.content
    (new,) = merged.json()["results"]
    closed = api.post(
        f"{API}units/{new}/close/", {"start": "2026-11-01", "reason": "own_use"}, format="json"
    )
    assert closed.json()["end"] is None


def test_holds(api, unit, tenant):
    body = {"unit": unit.pk, "tenant": tenant.pk, "start": "2099-01-01", "end": "2099-02-01"}
    pk = api.post(f"{API}holds/", body, format="json").json()["id"]
    problem(api.post(f"{API}holds/", body, format="json"), 409, "hold_overlap")
    problem(api.post(f"{API}holds/", body | {"application": 1}, format="json"), 400, "invalid")
    assert api.post(f"{API}holds/{pk}/release/", {}, format="json").json()["binding"] is False


def test_strangers_rows_are_not_there(operator2, ld, unit, tenant):
    other = client(operator2)
    lease = make_draft(units=[unit], tenant=tenant, start=date(2026, 1, 1), end=date(2027, 1, 1))
    for path in (f"units/{unit.pk}/", "parks/JR/", f"tenants/{tenant.pk}/", f"leases/{lease.pk}/"):
        problem(other.get(API + path), 404, "not_found")
    sign = other.post(f"{API}leases/{lease.pk}/sign/", {"signed_on": START}, format="json")
    problem(sign, 404, "not_found")
    assert Lease.objects.get().signed_on is None
    problem(draft(other, unit, tenant), 400, "invalid")


def test_bureau_reads_and_does_not_write(bureau, unit, tenant):
    reader = client(bureau)
    assert reader.get(f"{API}units/{unit.pk}/").status_code == 200
    problem(draft(reader, unit, tenant), 403, "permission_denied")


def test_startup_sees_vacancies_and_its_own(startup, unit, jr):
    mine, others = make_unit(park=jr), make_unit(park=jr)
    days = {"start": date(2020, 1, 1), "end": date(2039, 1, 1)}
    make_lease(units=[mine], tenant=startup.tenants.get(), **days)
    make_lease(units=[others], **days)
    rows = {row["id"]: row for row in client(startup).get(f"{API}units/").json()["results"]}
    assert set(rows) == {unit.pk, mine.pk}
    assert rows[mine.pk]["tenant"] == startup.tenants.get().pk
    assert client(startup).get(f"{API}leases/").json()["count"] == 1
    problem(client(startup).get(f"{API}parks/"), 403, "permission_denied")


@pytest.mark.parametrize(
    "query",
    [
        "foo=1",
        "state=zzz",
        "gross_area_m2__gte=x",
        "ordering=secret",
        "on=1999-01-01",
        "on=x",
        "kind=x",
    ],
)
def test_unknown_filters_and_values_are_400(api, unit, query):
    problem(api.get(f"{API}units/?{query}"), 400, "invalid")


def test_filters_page_size_and_formats(api, unit, jr):
    make_unit(park=jr, area=Decimal("12.5"), number="=1+1")
    assert api.get(f"{API}units/?gross_area_m2__lte=20").json()["count"] == 1
    assert len(api.get(f"{API}units/?page_size=1").json()["results"]) == 1
    table = api.get(f"{API}units/?format=csv").content.decode("utf-8-sig").splitlines()
    assert table[0].startswith("id,park,building")
    assert len(table) == 3
    assert "'=1+1" in "".join(table)
    assert api.get(f"{API}units/?format=xlsx").content[:2] == b"PK"
    assert api.get(f"{API}units/?format=geojson").json()["type"] == "FeatureCollection"


def test_entity_tags(api, unit, tenant):
    pk = draft(api, unit, tenant).json()["id"]
    first = api.get(f"{API}leases/{pk}/")
    assert api.get(f"{API}leases/{pk}/", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    api.post(f"{API}leases/{pk}/submit/", {}, format="json")
    sign = {"signed_on": START}
    stale = api.post(f"{API}leases/{pk}/sign/", sign, format="json", HTTP_IF_MATCH=first["ETag"])
    problem(stale, 412, "precondition_failed")
    fresh = api.get(f"{API}leases/{pk}/")["ETag"]
    assert (
        api.post(f"{API}leases/{pk}/sign/", sign, format="json", HTTP_IF_MATCH=fresh).status_code
        == 200
    )


def test_idempotency_key(api, unit, tenant):
    key = {"HTTP_IDEMPOTENCY_KEY": "once"}
    body = {"tenant": tenant.pk, "start": START, "end": END, "lines": [{"unit": unit.pk}]}
    first = api.post(f"{API}leases/", body, format="json", **key)
    again = api.post(f"{API}leases/", body, format="json", **key)
    assert first.json() == again.json()
    assert Lease.objects.count() == 1
    other = api.post(f"{API}leases/", body | {"note": "x"}, format="json", **key)
    problem(other, 409, "idempotency_key_reused")


def test_indicators_and_series(api, unit, jr):
    make_lease(units=[unit], start=date(2026, 1, 1), end=date(2027, 1, 1))
    rows = {r["code"]: r for r in api.get(f"{API}indicators/?park=JR&on=2026-06-30").json()}
    assert rows["occupancy"]["value"] == 1.0
    assert set(rows) == {"occupancy", "signed", "vacancy"}
    series = api.get(
        f"{API}indicators/occupancy/series/?from=2025-12-01&to=2026-02-01&by=park"
    ).json()
    assert [row["value"] for row in series] == [0.0, 1.0, 1.0]
    problem(api.get(f"{API}indicators/?park=NO"), 404, "not_found")
    problem(api.get(f"{API}indicators/occupancy/series/?step=eon"), 400, "invalid")
    problem(api.get(f"{API}indicators/nonsense/series/"), 404, "not_found")


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"\xff\xfe", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"name": "a\\u0000b"}', "application/json", 400),
        (b"x", "text/plain", 415),
        (b'{"name": NaN}', "application/json", 400),
    ],
    ids=["not utf-8", "not json", "deep", "nul", "plain text", "nan"],
)
def test_bad_bodies_never_break(api, body, content_type, status):
    assert api.post(f"{API}tenants/", body, content_type=content_type).status_code == status


@pytest.mark.parametrize("count", [1, 3])
def test_list_queries_do_not_grow(api, jr, count, django_assert_num_queries, operator):
    units = [make_unit(park=jr) for _ in range(count)]
    make_lease(units=units, start=date(2026, 1, 1), end=date(2027, 1, 1))
    operator.has_perm("parks.view_park")
    with django_assert_num_queries(2):
        assert api.get(f"{API}units/").json()["count"] == count
    with django_assert_num_queries(3):
        api.get(f"{API}leases/")


def test_schema_and_docs(bureau, client):
    client.force_login(bureau)
    assert client.get(f"{API}schema/").status_code == 200
    docs = client.get(f"{API}docs/")
    assert b"swagger-ui" in docs.content
    assert b"https://" not in docs.content
