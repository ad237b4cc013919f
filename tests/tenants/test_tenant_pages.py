"""Lists remember, personal data stays masked until asked for, and the asking is written down."""

import pytest
from django.urls import reverse

from parks.models import AuditEntry
from tenants.models import SavedFilter, Tenant
from tests.factories import make_tenant

PHONE = "13800001234"
LIST = "/tenants/"


@pytest.fixture
def firm(jr):
    return make_tenant(name="甲公司", home_park=jr, contact_phone=PHONE)


@pytest.fixture
def desk(client, operator):
    client.force_login(operator)
    return client


def test_telephones_are_masked_until_a_click_that_is_logged(desk, firm):
    page = reverse("tenants:tenant-detail", args=[firm.pk])
    for address in (LIST, page, reverse("tenants:tenant-edit", args=[firm.pk])):
        assert PHONE not in desk.get(address).content.decode()
    assert PHONE.encode() not in desk.get(LIST, {"format": "csv"}).content
    shown = desk.post(
        reverse("tenants:tenant-personal", args=[firm.pk]), headers={"HX-Request": "true"}
    )
    assert PHONE in shown.content.decode()
    assert AuditEntry.objects.filter(action="view_personal").count() == 1


def test_the_full_export_needs_a_reason(desk, firm):
    refused = desk.post(LIST, {"act": "personal"})
    assert refused["Content-Type"].startswith("text/html")
    assert desk.post(LIST, {"act": "personal", "reason": "防汛通知"})["Content-Type"].endswith(
        "sheet"
    )
    assert AuditEntry.objects.get(action="export_personal").reason == "防汛通知"


def test_a_filter_is_saved_renamed_and_deleted_by_its_owner(desk, operator2, firm):
    desk.post(LIST, {"act": "save", "name": "企业", "query": "kind=firm&on=2026-01-01"})
    kept = SavedFilter.objects.get()
    assert kept.query == "kind=firm"
    desk.post(LIST, {"act": "rename", "filter": kept.pk, "name": "公司"})
    assert "公司" in desk.get(LIST).content.decode()
    desk.force_login(operator2)
    desk.post(LIST, {"act": "delete", "filter": kept.pk})
    assert SavedFilter.objects.get().name == "公司"


def test_columns_are_remembered_and_exported(desk, firm):
    desk.post(LIST, {"act": "columns", "column": ["kind", "field"]})
    head = desk.get(LIST, {"format": "csv"}).content.decode("utf-8-sig").splitlines()[0]
    assert head.count(",") == 1


def test_a_merged_tenant_leads_to_its_survivor(desk, firm, jr):
    other = make_tenant(name="乙公司", home_park=jr)
    merge = reverse("tenants:tenant-merge", args=[firm.pk]) + f"?other={other.pk}"
    assert desk.post(merge, {"name": "keep", "reason": "同一家"}).status_code == 302
    assert Tenant.objects.get(pk=other.pk).merged_into == firm
    answer = desk.get(reverse("tenants:tenant-detail", args=[other.pk]))
    assert answer["Location"] == reverse("tenants:tenant-detail", args=[firm.pk])
