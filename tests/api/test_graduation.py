"""Reviews, evidence and follow-ups by the API."""

from datetime import date

import pytest
from django.utils import timezone

from incubation import services as incubation
from incubation.models import GraduationReview, Residency
from tests.factories import NOBODY
from tests.factories.incubation import make_carrier, make_residency
from tests.incubation.graduates import graduate_rules, harder, keep_rule_set, resident, shipped_body

pytestmark = pytest.mark.django_db
API = "/api/v1/"
JSON = {"content_type": "application/json"}


@pytest.fixture
def api(client, operator, jr):
    graduate_rules()
    client.force_login(operator)
    return client


@pytest.fixture
def firm(api, jr):
    return resident(carrier=make_carrier(park=jr), high_tech=True)


def test_the_evidence_of_a_residency(api, firm):
    answer = api.get(f"{API}residencies/{firm.pk}/evidence/?on=2026-06-30")
    assert answer.status_code == 200
    data = answer.json()
    assert (data["verdict"], data["on"]) == ("met", "2026-06-30")
    assert data["rule_set"]["code"] == "graduate"
    assert {one["code"] for one in data["findings"][0]["members"]} >= {"high-tech", "revenue"}
    assert api.get(f"{API}residencies/{firm.pk}/evidence/?rule_set=x").status_code == 400
    assert api.get(f"{API}residencies/{firm.pk}/evidence/?colour=x").status_code == 400
    second = keep_rule_set(harder(shipped_body("graduate"), effective_from=date(2040, 1, 1)),
                           code="graduate-next")  # fmt: skip
    data = api.get(f"{API}residencies/{firm.pk}/evidence/?rule_set={second.pk}").json()
    assert data["verdict"] == "unknown"


def test_open_decide_and_revoke(api, firm):
    answer = api.post(f"{API}reviews/", {"residency": firm.pk}, **JSON)
    assert answer.status_code == 201, answer.json()
    review = answer.json()
    assert (review["verdict"], review["decision"]) == ("met", "")
    assert (
        api.post(f"{API}reviews/", {"residency": firm.pk}, **JSON).json()["code"] == "review_open"
    )
    assert "evidence" not in api.get(f"{API}reviews/?open=true").json()["results"][0]
    address, tag = f"{API}reviews/{review['id']}/", answer["ETag"]
    body = {"decision": "graduate", "opinion": "同意", "destination": "own_site"}
    stale = api.post(f"{address}decide/", body, **JSON, headers={"If-Match": '"x"'})
    assert stale.status_code == 412
    answer = api.post(f"{address}decide/", body, **JSON, headers={"If-Match": tag})
    assert answer.json()["graduates_on"] == timezone.localdate().isoformat()
    assert api.post(f"{address}decide/", body, **JSON).json()["code"] == "review_decided"
    answer = api.post(f"{address}revoke/", {"reason": "误"}, **JSON)
    assert answer.json()["revocation_reason"] == "误"
    assert Residency.objects.get(pk=firm.pk).left_on is None


def test_graduating_in_one_call(api, firm, jr):
    accelerator = make_carrier(park=jr, stage="accelerator")
    body = {"opinion": "同意", "next_carrier": accelerator.pk, "next_agreement_number": "JS-9"}
    answer = api.post(f"{API}residencies/{firm.pk}/graduate/", body, **JSON)
    assert answer.status_code == 201, answer.json()
    firm.refresh_from_db()
    assert firm.outcome == "graduated"
    assert firm.next.carrier == accelerator
    assert GraduationReview.objects.get().evidence["verdict"] == "met"


def test_against_the_rules_only_with_a_reason(api, jr):
    residency = resident(carrier=make_carrier(park=jr))
    body = {"opinion": "同意", "destination": "own_site"}
    address = f"{API}residencies/{residency.pk}/graduate/"
    assert api.post(address, body, **JSON).json()["code"] == "against_rules"
    assert not GraduationReview.objects.exists()
    body["against_rules_reason"] = "特批"
    assert api.post(address, body, **JSON).status_code == 201


def test_others_and_other_roles_are_refused(api, client, firm, operator2, bureau):
    client.force_login(operator2)
    assert client.post(f"{API}reviews/", {"residency": firm.pk}, **JSON).status_code == 400
    assert client.post(
        f"{API}residencies/{firm.pk}/graduate/", {"opinion": "x"}, **JSON
    ).status_code == 404  # fmt: skip
    client.force_login(bureau)
    assert client.post(f"{API}reviews/", {"residency": firm.pk}, **JSON).status_code == 403


def test_follow_ups_hide_what_is_not_agreed_to(api, jr):
    graduate = make_residency(carrier=make_carrier(park=jr), entered_on=date(2022, 1, 10))
    graduate = incubation.leave_carrier(
        residency=graduate, left_on=date(2024, 3, 1), outcome="graduated",
        destination="own_site", by=NOBODY,
    )  # fmt: skip
    body = {"residency": graduate.pk, "year": 1, "recorded_on": "2025-03-01",
            "in_existence": True, "jobs": 7, "revenue": "100.00"}  # fmt: skip
    answer = api.post(f"{API}follow-ups/", body, **JSON)
    assert answer.status_code == 201, answer.json()
    assert (answer.json()["jobs"], answer.json()["named"]) == (None, False)
    assert api.post(f"{API}follow-ups/", body, **JSON).json()["code"] == "follow_up_taken"
    years = api.get(f"{API}follow-ups/years/?park=JR").json()
    assert (years[0]["recorded"], years[0]["jobs"], years[0]["jobs_left_out"]) == (1, 0, 1)
    assert api.get(f"{API}follow-ups/years/?park=LD").status_code == 404
    incubation.set_consent(residency=graduate, given_on=date(2025, 1, 1), on=date(2025, 1, 1),
                           by=NOBODY)  # fmt: skip
    answer = api.patch(f"{API}follow-ups/{answer.json()['id']}/", {"jobs": 9}, **JSON)
    assert (answer.json()["jobs"], answer.json()["revenue"]) == (9, "100.00")
