"""Registering, confirming once, being forgotten: what the services promise."""

from datetime import UTC, date, datetime, timedelta

import pytest
from axes.models import AccessLog
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from parks.invariants import CHECKS
from parks.models import AuditEntry, Notice, Subscription
from tenants import personal
from tenants import services as letting
from tenants.errors import AccountNotYours, EraseRefused, LinkUsed
from tenants.links import confirm_link
from tenants.models import Account, SavedFilter, TenantClaim
from tests.factories import make_lease, make_tenant, make_unit

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 30, 4, tzinfo=UTC)
ON = date(2026, 6, 30)
PASSWORD = "wangcheng-2026"


def register(address="li@example.cn", name="李创", at=AT):
    return letting.register_person(
        address=address, name=name, terms_version="2026-11", language="en", at=at
    )


def confirmed(**fields):
    return letting.confirm_person(account=register(**fields), password=PASSWORD, at=AT)


def erase(user, by=None):
    return letting.erase_account(user=user, by=by or user, at=AT, on=ON)


def test_an_account_opens_when_its_address_is_confirmed():
    account = register(address=" Li@Example.CN ")
    user = account.user
    assert (account.address, user.is_active, user.has_usable_password()) == (
        "li@example.cn", False, False,
    )  # fmt: skip
    assert "li" not in user.username.split("@")
    assert not AuditEntry.objects.exists()
    letting.confirm_person(account=account, password=PASSWORD, at=AT)
    user = User.objects.get()
    assert user.is_active
    assert user.check_password(PASSWORD)
    assert user.has_perm("incubation.apply")
    assert user.subscription.language == "en"
    entry = AuditEntry.objects.get()
    assert "example" not in f"{entry.after}{entry.object_name}{entry.actor_name}"
    with pytest.raises(LinkUsed):
        letting.confirm_person(account=account, password="another-2026", at=AT)


def test_an_address_that_is_somebodys_is_not_registered_again():
    confirmed()
    User.objects.create_user("bureau", email="Bureau@example.cn")
    assert register(name="冒名") is None
    assert register(address="bureau@example.cn") is None
    assert User.objects.filter(first_name="李创").count() == 1


def test_registering_anew_kills_the_earlier_link():
    first = register()
    old = confirm_link.make_token(first)
    assert confirm_link.check_token(first, old)
    second = register(name="李新", at=AT + timedelta(minutes=5))
    assert (second.pk, User.objects.get().first_name) == (first.pk, "李新")
    assert not confirm_link.check_token(second, old)
    assert confirm_link.check_token(second, confirm_link.make_token(second))


def test_a_link_tells_used_from_wrong_and_ends(settings):
    account = register()
    token = confirm_link.make_token(account)
    assert not confirm_link.was_used(account, token)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert not confirm_link.check_token(account, token)
    settings.PASSWORD_RESET_TIMEOUT = 60
    account = letting.confirm_person(account=account, password=PASSWORD, at=AT)
    assert not confirm_link.check_token(account, token)
    assert confirm_link.was_used(account, token)
    assert not confirm_link.was_used(account, token[:-1] + "x")


def test_what_was_never_confirmed_is_deleted_after_a_week():
    register()
    confirmed(address="wang@example.cn")
    assert letting.forget_unconfirmed(at=AT + timedelta(days=6)) == 0
    assert letting.forget_unconfirmed(at=AT + timedelta(days=7)) == 1
    assert list(Account.objects.values_list("address", flat=True)) == ["wang@example.cn"]


def test_a_deleted_account_names_nobody():
    account = confirmed()
    user = account.user
    make_tenant(name="有同事").users.add(user, confirmed(address="wang@example.cn").user)
    letting.claim_tenant(user=user, tenant=make_tenant(), note="我是股东", at=AT)
    SavedFilter.objects.create(user=user, page="x", name="y", query="z")
    Notice.objects.create(user=user, kind="x", key="x", raised_on=ON)
    AccessLog.objects.create(username=user.username, ip_address="10.0.0.9")
    erase(user)
    user, account = User.objects.get(pk=user.pk), Account.objects.get(pk=account.pk)
    assert (user.get_full_name(), user.email, user.is_active) == ("", "", False)
    assert (account.address, account.erased_at) == (None, AT)
    assert not user.tenants.exists()
    assert not user.groups.exists()
    for model in (TenantClaim, SavedFilter, AccessLog):
        assert not model.objects.exists()
    assert not Notice.objects.filter(user=user).exists()
    assert not Subscription.objects.filter(user=user).exists()
    assert [str(v) for one in CHECKS.values() for v in one()] == []
    assert register() is not None  # the address is free again


def test_the_last_member_of_a_tenant_with_a_lease_stays(jr):
    user = confirmed().user
    firm = make_tenant(name="湘芯")
    firm.users.add(user)
    lease = make_lease(
        units=[make_unit(park=jr)], tenant=firm, start=date(2026, 1, 1), end=date(2027, 1, 1)
    )
    with pytest.raises(EraseRefused, match=lease.number):
        erase(user)
    firm.users.add(confirmed(address="wang@example.cn").user)
    assert erase(user).erased_at


def test_only_the_person_itself_deletes_an_account_it_registered(bureau):
    user = confirmed().user
    with pytest.raises(AccountNotYours):
        erase(user, by=bureau)
    with pytest.raises(AccountNotYours):
        erase(bureau)


def test_the_database_keeps_one_account_an_address():
    account = register()
    other = User.objects.create(username="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(
            user=other, address=account.address, terms_version="1", terms_accepted_at=AT,
            registered_at=AT,
        )  # fmt: skip


def test_my_data_is_all_of_mine_without_secrets(startup, bureau):
    startup.email = "s@example.cn"
    startup.save()
    SavedFilter.objects.create(user=bureau, page="x", name="别人的", query="z")
    SavedFilter.objects.create(user=startup, page="x", name="我的", query="z")
    letting.claim_tenant(user=startup, tenant=make_tenant(), note="我是股东", at=AT)
    Subscription.objects.create(user=startup, token="geheim", token_made_at=AT)
    text = str(personal.as_data(personal.parts(startup)))
    for word in ("s@example.cn", "我的", "我是股东", "望城起点科技有限公司", "claim"):
        assert word in text
    assert "geheim" not in text
    assert "别人的" not in text
