"""Requests at the edge of what HTTP allows: refused in words, never a broken server."""

import pytest
from rest_framework.test import APIClient

from tests.factories import make_unit

API = "/api/v1/"


@pytest.fixture
def api(operator):
    made = APIClient(raise_request_exception=False)
    made.force_login(operator)
    return made


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("page=x", 404),
        ("page=99999999999999999999999", 404),
        ("page_size=x", 400),
        ("page_size=0", 400),
        ("page_size=1001", 400),
        ("search=%00", 400),
        ("search=%ff", 200),
        ("number=%00", 400),
        ("format=zzz", 404),
        ("floor=99999999999999999999999", 400),
        ("floor=-99999999999999999999999", 400),
        ("floor=1.5", 400),
        ("gross_area_m2__gte=NaN", 400),
        ("gross_area_m2__gte=1e999999", 400),
    ],
)
def test_odd_queries(api, jr, query, status):
    make_unit(park=jr)
    answer = api.get(f"{API}units/?{query}")
    assert answer.status_code == status, answer.content
    if status >= 400:
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        "floors/?building",
        "floors/?ordinal",
        "leases/?tenant",
        "leases/?unit",
        "holds/?unit",
        "holds/?tenant",
    ],
)
@pytest.mark.parametrize("value", ["9" * 30, "-" + "9" * 30, "x"])
def test_keys_no_database_holds(api, jr, path, value):
    assert api.get(f"{API}{path}={value}").status_code in (200, 400)


@pytest.mark.parametrize("headers", [{}, {"HTTP_IDEMPOTENCY_KEY": "large"}], ids=["plain", "keyed"])
def test_a_body_too_large_is_413(api, headers):
    body = b'{"name": "' + b"x" * 12_000_000 + b'"}'
    answer = api.generic("POST", f"{API}tenants/", body, "application/json", **headers)
    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"


def test_an_unacceptable_answer_is_406(api):
    answer = api.get(f"{API}units/", HTTP_ACCEPT="image/png")
    assert answer.status_code == 406
    assert answer["Content-Type"] == "application/problem+json"


def test_session_writes_need_the_csrf_token(operator, jr):
    made = APIClient(enforce_csrf_checks=True)
    made.force_login(operator)
    answer = made.post(f"{API}tenants/", {"name": "甲", "kind": "team"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


@pytest.mark.parametrize("path", ["nonsense/", "parks/%00/", "parks/a%2Fb/"])
def test_addresses_that_are_none_are_problems_too(api, path):
    answer = api.get(API + path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_forgotten_slash_redirects(api):
    assert api.get(f"{API}units").status_code == 301
