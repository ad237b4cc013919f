"""Fundings, intellectual property, mergers and listings: what is kept, refused, proved, removed."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from parks.errors import RuleViolation
from parks.models import AuditEntry
from tenants import services as letting
from tenants.models import CorporateEvent, Document, Funding, IntellectualProperty
from tests.factories import NOBODY, make_tenant

DAY = date(2025, 3, 1)
FACTS = {
    "funding": {"kind": "angel", "on": DAY, "amount": Decimal(3_000_000), "number": "投协1"},
    "intellectual_property": {"kind": "invention", "title": "一种夹具", "number": "ZL1",
                              "applied_on": DAY, "granted_on": date(2026, 1, 1)},
    "corporate_event": {"kind": "listed", "on": DAY, "partner": "北交所", "number": "830000"},
}  # fmt: skip
MODELS = {"funding": Funding, "intellectual_property": IntellectualProperty,
          "corporate_event": CorporateEvent}  # fmt: skip


@pytest.fixture
def firm(jr):
    return make_tenant(name="长沙湘芯科技有限公司", home_park=jr)


def record(name, tenant, **change):
    values = FACTS[name] | change
    return getattr(letting, f"record_{name}")(tenant=tenant, by=NOBODY, **values)


def act(verb, name, row, **values):
    return getattr(letting, f"{verb}_{name}")(**{name: row}, by=NOBODY, **values)


def refused(code, call, *args, **values):
    with pytest.raises(RuleViolation) as refusal:
        call(*args, **values)
    assert refusal.value.code == code


def paper(tenant):
    file = SimpleUploadedFile("证书.pdf", b"%PDF-1.4 a")
    return letting.add_document(tenant=tenant, file=file, at=timezone.now(), by=NOBODY)


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_is_recorded_corrected_and_removed_and_the_trail_keeps_every_value(firm, name):
    row = record(name, firm)
    act("correct", name, row, number="更正", reason="抄错")
    refused("invalid_value", act, "remove", name, row, reason=" ")
    act("remove", name, row, reason="重复")
    assert not MODELS[name].objects.exists()
    entries = list(AuditEntry.objects.about(row).order_by("sequence"))
    assert [entry.action for entry in entries] == ["create", "correct", "remove"]
    assert entries[1].before == {"number": FACTS[name]["number"]}
    assert entries[1].after == {"number": "更正"}
    assert entries[2].before["number"] == "更正"
    assert [entry.reason for entry in entries[1:]] == ["抄错", "重复"]


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_needs_a_number_or_a_file_of_its_tenant(media, firm, jr, name):
    refused("evidence_missing", record, name, firm, number="")
    others = paper(make_tenant(home_park=jr))
    refused("invalid_value", record, name, firm, number="", document=others)
    own = paper(firm)
    row = record(name, firm, number="", document=own)
    refused("document_in_use", letting.remove_document, document=own, at=timezone.now(), by=NOBODY)
    refused("evidence_missing", act, "correct", name, row, document=None)
    act("correct", name, row, document=None, number="1")
    letting.remove_document(document=own, at=timezone.now(), by=NOBODY)
    refused("invalid_value", act, "correct", name, row, document=own)


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("funding", {"amount": 0}, "invalid_value"),
        ("intellectual_property", {"applied_on": None, "granted_on": None}, "invalid_value"),
        ("intellectual_property", {"granted_on": date(2025, 2, 28)}, "dates_out_of_order"),
        ("intellectual_property", {"end": date(2026, 1, 1)}, "dates_out_of_order"),
        ("intellectual_property", {"granted_on": None, "end": DAY}, "dates_out_of_order"),
    ],
)
def test_what_cannot_be_is_refused_in_words(firm, name, change, code):
    refused(code, record, name, firm, **change)


@pytest.mark.parametrize("name", ["intellectual_property", "corporate_event"])
def test_the_same_is_recorded_once(firm, name):
    record(name, firm)
    refused("already_recorded", record, name, firm)


def test_nothing_is_recorded_of_a_merged_tenant(firm, jr):
    other = make_tenant(home_park=jr)
    letting.merge_tenants(keep=firm, other=other, on=DAY, by=NOBODY, reason="同一家")
    for name in FACTS:
        refused("tenant_merged", record, name, other)


def test_a_right_is_valid_from_its_grant_to_its_end_and_applied_for_before(firm):
    row = record("intellectual_property", firm, end=date(2026, 6, 1))
    valid, applied = IntellectualProperty.objects.valid_on, IntellectualProperty.objects.applied_by
    assert not valid(date(2025, 12, 31))
    assert list(valid(date(2026, 1, 1))) == list(valid(date(2026, 5, 31))) == [row]
    assert not valid(date(2026, 6, 1))
    assert not applied(date(2025, 2, 28))
    assert list(applied(DAY)) == [row]


def test_a_file_goes_again_when_what_it_proves_is_refused(media, firm):
    def try_it():
        file = SimpleUploadedFile("证书.pdf", b"%PDF-1.4 a")
        with letting.kept_file(file=file, tenant=firm, at=timezone.now(), by=NOBODY) as document:
            record("funding", firm, amount=0, number="", document=document)

    refused("invalid_value", try_it)
    assert not Document.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_many_rows_cost_the_same_queries(firm, django_assert_max_num_queries):
    rows = [FACTS["funding"] | {"tenant": firm, "number": f"{n}"} for n in range(20)]
    with django_assert_max_num_queries(12):
        letting.record_fundings(rows, by=NOBODY)
    assert AuditEntry.objects.filter(object_type="tenants.funding").count() == 20


def test_a_merge_takes_all_over_and_counts_nothing_twice(media, firm, jr):
    other = make_tenant(name="湘芯", home_park=jr)
    for tenant in (firm, other):
        for name in FACTS:
            record(name, tenant)
    record("funding", other, on=date(2025, 9, 1), number="", document=paper(other))
    record("intellectual_property", other, number="ZL2", granted_on=None)
    keep = letting.merge_tenants(keep=firm, other=other, on=DAY, by=NOBODY, reason="同一家")
    assert keep.fundings.count() == keep.intellectual_property.count() == 2
    assert keep.corporate_events.count() == 1
    assert keep.fundings.get(number="").document.tenant == keep
    assert AuditEntry.objects.filter(action="remove", object_type="tenants.funding").count() == 1


def test_a_merge_that_would_contradict_itself_is_refused(firm, jr):
    other = make_tenant(name="湘芯", home_park=jr)
    record("intellectual_property", firm, granted_on=None)
    record("intellectual_property", other, applied_on=None, granted_on=date(2025, 1, 1))
    refused("dates_out_of_order", letting.merge_tenants, keep=firm, other=other, on=DAY,
            by=NOBODY, reason="同一家")  # fmt: skip
