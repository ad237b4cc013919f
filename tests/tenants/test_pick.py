"""Tenants chosen by typing in the forms of a hold and of a merge."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tenants.models import Hold
from tests.factories import make_tenant, make_unit


@pytest.fixture
def desk(client, operator):
    client.force_login(operator)
    return client


@pytest.fixture
def hold(jr):
    """The address of the form that holds a unit, and what is typed besides the tenant."""
    day = timezone.localdate()
    typed = {"start": day, "last_day": day + timedelta(days=9)}
    return reverse("tenants:unit-hold", args=[make_unit(park=jr).pk]), typed


@pytest.mark.parametrize("act", ["tenants:unit-hold", "tenants:tenant-merge"])
def test_a_form_holds_no_list_of_tenants(
    desk, jr, hold, act, django_assert_num_queries, django_assert_max_num_queries
):
    keep = make_tenant(home_park=jr)
    address = hold[0] if act == "tenants:unit-hold" else reverse(act, args=[keep.pk])
    with django_assert_max_num_queries(15) as first:
        desk.get(address)
    for number in range(3):
        make_tenant(name=f"别家{number}", home_park=jr)
    with django_assert_num_queries(len(first)):
        page = desk.get(address).content.decode()
    assert "别家" not in page
    assert "tenants/pick.js" in page


@pytest.mark.parametrize(("words", "held"), [("湘芯科技", True), ("没有的", False)])
def test_a_hold_is_for_the_tenant_named_or_asked_about(desk, jr, hold, words, held):
    tenant = make_tenant(name="湘芯科技", home_park=jr)
    address, typed = hold
    answer = desk.post(address, typed | {"tenant": "", "tenant-words": words})
    assert list(Hold.objects.values_list("tenant", flat=True)) == [tenant.pk] * held
    assert held or 'value="没有的"' in answer.content.decode()


def test_the_record_that_stays_is_no_record_that_goes(desk, jr):
    keep, twin = (make_tenant(name=name, home_park=jr) for name in ("湘芯科技", "湘芯科技公司"))
    merge = reverse("tenants:tenant-merge", args=[keep.pk])
    source = reverse("tenants:lease-tenants")
    assert f'data-pick="{source}?without={keep.pk}"' in desk.get(merge).content.decode()
    found = desk.get(source, {"typed": "湘芯", "without": keep.pk}).json()["found"]
    assert [key for key, _words in found] == [twin.pk]
    for typed in ({"other": keep.pk}, {"other": keep.pk, "other-words": "湘芯科技"},
                  {"other-words": "湘芯科技"}):  # fmt: skip
        assert desk.post(merge, typed).status_code == 200, typed
    answer = desk.post(merge, {"other": "", "other-words": twin.name})
    assert answer.url == f"{merge}?other={twin.pk}"
