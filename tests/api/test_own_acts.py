"""What a member of a firm does by the API besides applying: figures and problems."""

from datetime import date

import pytest
from django.utils import timezone

from tests.api import client
from tests.conftest import person
from tests.factories import make_tenant
from tests.factories.incubation import make_carrier, make_residency

pytestmark = pytest.mark.django_db
API = "/api/v1/"
JSON = {"format": "json"}


def post(user, path, body=None, **more):
    return client(user).post(f"{API}{path}", body or {}, **JSON, **more)


def test_figures_handed_in_asked_again_and_confirmed(startup, operator, operator2, firm, jr):
    make_residency(carrier=make_carrier(park=jr), tenant=firm, entered_on=date(2020, 1, 10))
    year = timezone.localdate().year - 1
    owed = f"{API}year-figures/owed/"
    (row,) = client(startup).get(owed).json()["results"]
    assert (row["tenant"], row["state"], row["figure"]) == (firm.pk, "missing", None)
    assert client(operator2).get(owed).json()["count"] == 0
    assert post(startup, "year-figures/", {"tenant": firm.pk, "year": year}).status_code == 403
    rival = person("rival", "startup")
    make_tenant().users.add(rival)
    foreign = {"tenant": firm.pk, "year": year, "revenue": "1"}
    assert post(rival, "year-figures/hand-in/", foreign).status_code == 400
    empty = post(startup, "year-figures/hand-in/", {"year": year})
    assert (empty.status_code, empty.json()["code"]) == (400, "invalid_value")
    body = {"year": year, "revenue": "100.00", "rd_spending": "200.00"}
    handed = post(startup, "year-figures/hand-in/", body)
    assert handed.status_code == 201, handed.json()
    figure, tag = handed.json(), handed["ETag"]
    assert (len(figure["remarks"]), figure["confirmed_on"]) == (1, None)
    address = f"year-figures/{figure['id']}/"
    assert post(startup, f"{address}confirm/").status_code == 403
    assert post(operator2, f"{address}confirm/").status_code == 404
    asked = post(operator, f"{address}ask-again/", {"what": "研发费用"})
    assert asked.json()["asked_again"] == "研发费用"
    assert client(startup).get(f"{owed}?state=returned").json()["count"] == 1
    again = post(startup, "year-figures/hand-in/", body | {"rd_spending": "20.00"})
    assert (again.json()["id"], again.json()["asked_again"]) == (figure["id"], "")
    stale = post(operator, f"{address}confirm/", headers={"If-Match": tag})
    assert stale.status_code == 412
    done = post(operator, f"{address}confirm/", headers={"If-Match": again["ETag"]})
    assert done.json()["confirmed_on"] == timezone.localdate().isoformat()
    late = post(startup, "year-figures/hand-in/", body)
    assert (late.status_code, late.json()["code"]) == (409, "figures_confirmed")
    assert client(operator).get(f"{owed}?year=x").status_code == 400
    assert (
        client(operator).get(f"{owed}?year={year - 1}").json()["results"][0]["state"] == "missing"
    )


def test_a_problem_from_reported_to_solved(startup, operator, operator2, bureau, firm):
    said = {"subject": "货梯", "text": "货梯停了两天", "place": "1 号楼"}
    assert post(operator, "problems/", said).status_code == 403
    problem = post(startup, "problems/", said)
    assert problem.status_code == 201, problem.json()
    row = problem.json()
    assert (row["reported_by"], row["tenant"], row["place"]) == ("startup", firm.pk, "1 号楼")
    address = f"{API}problems/{row['id']}/"
    assert client(operator2).get(address).status_code == 404
    solved = {"solved_on": timezone.localdate().isoformat(), "solution": "已修复"}
    for user, status in ((startup, 403), (bureau, 403), (operator2, 404), (operator, 200)):
        assert client(user).patch(address, solved, **JSON).status_code == status
    assert client(startup).get(f"{API}problems/?solved=true").json()["count"] == 1
    kinds = {one["kind"] for one in client(startup).get(f"{API}notices/").json()["results"]}
    assert "problem-solved" in kinds
