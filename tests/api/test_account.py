"""One's own account by the API: for whom one acts, one's data, the end of it."""

import pytest
from django.core.cache import cache
from django.utils import timezone
from rest_framework.authtoken.models import Token

from parks.models import AuditEntry
from tenants import services as letting
from tenants import terms
from tenants.models import Account
from tests.api import client
from tests.api.test_own_acts import API, JSON, post
from tests.factories import make_tenant
from tests.factories.incubation import make_carrier
from tests.tenants.test_account_pages import CODE

pytestmark = pytest.mark.django_db


@pytest.fixture
def founder():
    """Registered here, its address confirmed; belongs to nobody yet."""
    cache.clear()  # it counts what was tried
    at = timezone.now()
    account = letting.register_person(
        address="li@example.cn", name="李创", terms_version=terms.CURRENT, language="zh-hans", at=at
    )
    return letting.confirm_person(account=account, password="wangcheng-2026", at=at).user


def test_a_founder_joins_is_told_of_itself_and_goes(founder, jr):
    known = make_tenant(name="已知企业", uscc=CODE, home_park=jr)
    team = post(founder, "account/join/", {"kind": "team", "name": "晨光团队"})
    assert (team.status_code, team.json()["claim"]) == (201, None)
    wrong = post(founder, "account/join/", {"kind": "firm", "name": "甲", "uscc": "1"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "uscc_invalid")
    claimed = post(founder, "account/join/", {"kind": "firm", "name": "已知企业", "uscc": CODE})
    assert (claimed.json()["tenant"], claimed.json()["claim"]["tenant"]) == (None, known.pk)

    named = client(founder).patch(f"{API}account/", {"name": "李创新"}, **JSON).json()
    assert (named["name"], named["roles"]) == ("李创新", ["startup"])
    assert [one["name"] for one in named["tenants"]] == ["晨光团队"]
    assert [one["accepted"] for one in named["claims"]] == [None]
    data = client(founder).get(f"{API}account/data/").json()
    assert data["auth.user"][0]["email"] == "li@example.cn"
    assert AuditEntry.objects.get(action="export_personal").actor_name == founder.username

    Token.objects.create(user=founder)
    assert post(founder, "account/erase/", {"password": "x"}).status_code == 400
    assert post(founder, "account/erase/", {"password": "wangcheng-2026"}).status_code == 204
    assert Account.objects.get(user=founder).erased_at
    assert not Token.objects.exists()


def test_codes_are_not_tried_without_end(founder):
    tried = {"kind": "firm", "name": "甲", "uscc": "1"}
    codes = [post(founder, "account/join/", tried).status_code for _n in range(11)]
    assert codes == [400] * 10 + [429]


def test_conditions_of_entry_before_a_draft_is_begun(startup, firm, jr):
    carrier = make_carrier(park=jr, stage="makerspace")
    address = f"{API}applications/carriers/{carrier.pk}/eligibility/"
    found = client(startup).get(address).json()
    assert (found["on"], found["lacking"]) == (timezone.localdate().isoformat(), [])
    assert client(startup).get(f"{address}?tenant={make_tenant().pk}").status_code == 400
