"""Founding a team or firm, and belonging to one that is known."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User

from parks.errors import InvalidValue
from parks.models import AuditEntry, Notice
from tenants import services as letting
from tenants.errors import ClaimDecided, ClaimOpen
from tenants.models import Tenant, TenantClaim
from tenants.tasks import TASKS
from tenants.uscc import CheckDigitFails, InvalidCode
from tests.factories import NOBODY, make_tenant

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 30, 4, tzinfo=UTC)
CODE = "91430100MA4L16JQ9D"
#: Its last character does not fit.
WRONG = CODE[:-1] + ("1" if CODE[-1] != "1" else "2")


def join(user, kind="firm", name="湘江芯科", **fields):
    return letting.join_tenant(user=user, kind=kind, name=name, at=AT, **fields)


def decide(claim, accept=True, by=None, **fields):
    by = by or User.objects.get_or_create(username="园区")[0]
    return letting.decide_claim(claim=claim, accept=accept, by=by, at=AT, **fields)


@pytest.fixture
def known(jr):
    return make_tenant(name="已知企业", uscc=CODE, home_park=jr)


def test_a_team_is_its_founders(stranger):
    team = join(stranger, "team", "晨光团队", uscc="ignored")
    assert (team.kind, team.uscc, list(team.users.all())) == ("team", None, [stranger])
    with pytest.raises(InvalidValue):
        join(stranger, "team", "晨光团队")


@pytest.mark.parametrize(
    ("code", "refusal"),
    [("", InvalidValue), ("123", InvalidCode), (WRONG, CheckDigitFails)],
)
def test_the_code_of_a_firm_is_checked(stranger, code, refusal):
    with pytest.raises(refusal):
        join(stranger, uscc=code)
    assert not Tenant.objects.exists()


def test_a_code_the_licence_shows_is_taken_with_a_reason(stranger):
    firm = join(stranger, uscc=WRONG, override_reason="执照如此")
    assert firm.uscc_override_reason == "执照如此"


def test_a_known_firm_is_claimed_and_nothing_is_seen_before(stranger, known, operator):
    claim = join(stranger, uscc=CODE.lower(), note="技术总监")
    assert isinstance(claim, TenantClaim)
    assert not stranger.tenants.exists()
    with pytest.raises(ClaimOpen):
        join(stranger, uscc=CODE)
    task = next(one for one in TASKS if one.key == "claims")
    assert list(task.rows(operator, AT.date())) == [claim]
    assert Notice.objects.get(kind="claim-made").park == known.home_park
    decide(claim, by=operator)
    assert stranger.tenants.get() == known
    assert not task.rows(operator, AT.date()).exists()
    with pytest.raises(ClaimDecided):
        decide(claim, accept=False, reason="迟了")
    with pytest.raises(ClaimOpen):
        join(stranger, uscc=CODE)


def test_a_refusal_needs_a_reason_that_the_person_reads(stranger, known):
    claim = join(stranger, uscc=CODE)
    with pytest.raises(InvalidValue):
        decide(claim, accept=False, reason=" ")
    decide(claim, accept=False, reason="企业说不认识")
    assert not known.users.exists()
    assert Notice.objects.get(user=stranger).params["reason"] == "企业说不认识"
    assert AuditEntry.objects.filter(action="refuse_claim").exists()


def test_members_hear_of_a_new_one_and_it_can_be_undone(stranger, startup, known, operator):
    known.users.add(startup)
    decide(join(stranger, uscc=CODE), by=operator)
    assert Notice.objects.get(kind="member-joined").user == startup
    letting.remove_member(tenant=known, user=stranger, by=operator, at=AT, reason="认错了人")
    assert list(known.users.all()) == [startup]
    assert Notice.objects.get(kind="member-removed").user == stranger
    with pytest.raises(InvalidValue):
        letting.remove_member(tenant=known, user=stranger, by=operator, at=AT, reason="再次")


def test_staff_of_another_park_see_no_claim(stranger, known, operator, operator2, bureau):
    claim = join(stranger, uscc=CODE)
    seen = {user: TenantClaim.objects.visible_to(user).filter(pk=claim.pk).exists()
            for user in (operator, operator2, bureau, stranger)}  # fmt: skip
    assert list(seen.values()) == [True, False, True, True]


def test_a_claim_follows_a_merge_and_is_never_doubled(stranger, startup, known, jr):
    other = make_tenant(name="另一条", home_park=jr)
    for tenant in (known, other):
        letting.claim_tenant(user=stranger, tenant=tenant, note="", at=AT)
    only = letting.claim_tenant(user=startup, tenant=other, note="", at=AT)
    letting.merge_tenants(keep=known, other=other, on=AT.date(), by=NOBODY, reason="同一家")
    assert known.claims.waiting().count() == 2
    only.refresh_from_db()
    assert only.tenant == known
    again = letting.claim_tenant(user=User.objects.create_user("c"), tenant=other, note="", at=AT)
    assert again.tenant == known
