"""The pages of a lease: form, schedule, sheet, papers, move-out, renewals in bulk."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook
from pypdf import PdfReader

from parks.models import Upload
from tenants import services as letting
from tenants.models import Document, Hold, Lease, MoveOut, Tenant
from tests.factories import NOBODY, make_draft, make_floor, make_lease, make_tenant, make_unit

START, END = date(2026, 1, 1), date(2028, 1, 1)
PDF = b"%PDF-1.7\n1 0 obj"


@pytest.fixture
def floor(jr):
    return make_floor(park=jr, ordinal=5)


@pytest.fixture
def desk(client, operator):
    client.force_login(operator)
    return client


@pytest.fixture
def lease(floor, jr):
    return make_lease(
        units=[make_unit(floor=floor, number="501")], tenant=make_tenant(home_park=jr), start=START,
        end=END, deposit=Decimal(9000),
    )  # fmt: skip


def typed(units, **changes):
    """The post of a lease form; ``units`` are (unit, rent)."""
    rows = {"lines-TOTAL_FORMS": len(units), "lines-INITIAL_FORMS": 0}
    for index, (unit, rent) in enumerate(units):
        rows |= {f"lines-{index}-unit": unit.pk, f"lines-{index}-rent": rent,
                 f"lines-{index}-rent_unit": "m2_month"}  # fmt: skip
    return rows | {"start": "2026-01-01", "last_day": "2027-12-31", "deposit": 0,
                   "property_fee_m2_month": 0} | changes  # fmt: skip


def test_tenants_and_units_are_found_by_typing(desk, floor, jr):
    make_tenant(name="长沙湘芯", home_park=jr)
    unit = make_unit(floor=floor, number="501")
    address = reverse("tenants:lease-tenants")
    assert "湘芯" in desk.get(address, {"typed": "csxx"}).content.decode()
    assert "湘芯" not in desk.get(address, {"typed": "zzz"}).content.decode()
    words = f"{floor.building.name} 501"
    answer = desk.get(reverse("tenants:lease-units"), {"typed": words})
    assert [key for key, _words in answer.json()["found"]] == [unit.pk]


def test_several_units_come_with_the_address(desk, floor):
    units = [make_unit(floor=floor, number=n) for n in ("501", "502")]
    page = desk.get(reverse("tenants:lease-new"), {"unit": [u.pk for u in units]}).content.decode()
    assert all(f'name="lines-{n}-unit" value="{unit.pk}"' in page for n, unit in enumerate(units))


def test_the_form_asks_no_more_of_the_database_with_more_tenants(desk, floor, jr):
    def count():
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse("tenants:lease-new"))
        return len(queries)

    make_tenant(home_park=jr)
    make_unit(floor=floor)
    count()
    one = count()
    for _n in range(3):
        make_tenant(home_park=jr)
        make_unit(floor=floor)
    assert count() == one


def test_a_new_tenant_is_made_with_the_draft_or_not_at_all(desk, floor):
    unit = make_unit(floor=floor, number="501")
    wrong = typed([(unit, 30)], new_name="新企业", new_kind="firm", last_day="2050-01-01")
    assert desk.post(reverse("tenants:lease-new"), wrong).status_code == 200
    assert not Tenant.objects.exists()
    right = typed([(unit, 30)], new_name="新企业", new_kind="firm", new_contact="王")
    assert desk.post(reverse("tenants:lease-new"), right).status_code == 302
    tenant = Lease.objects.get().tenant
    assert (tenant.name, tenant.contact_name, tenant.home_park) == (
        "新企业", "王", floor.building.park,
    )  # fmt: skip


def test_rises_and_a_deposit_in_months(desk, floor, jr):
    unit = make_unit(floor=floor, number="501")
    data = typed([(unit, 30)], tenant=make_tenant(home_park=jr).pk, step_months=12,
                 step_percent=5, deposit_months=3)  # fmt: skip
    page = desk.post(reverse("tenants:lease-conflicts"), data).content.decode()
    assert "3,000.00" in page
    assert "73,800.00" in page
    desk.post(reverse("tenants:lease-new"), data)
    lease = Lease.objects.get()
    assert lease.deposit == 9000
    assert list(lease.lines.get().steps.values_list("start", "rent")) == [
        (date(2027, 1, 1), Decimal("31.50"))
    ]


def test_of_two_who_edit_the_second_chooses(desk, floor, jr):
    unit, tenant = make_unit(floor=floor, number="501"), make_tenant(home_park=jr)
    draft = make_draft(units=[unit], tenant=tenant, start=START, end=END)
    address = reverse("tenants:lease-edit", args=[draft.pk])
    mine = typed([(unit, 33)], tenant=tenant.pk, number=draft.number, note="我的",
                 deposit=700, version=draft.version)  # fmt: skip
    desk.post(address, mine | {"note": "他的", "lines-0-rent": 30, "deposit": 500})
    answer = desk.post(address, mine)
    names = [one["name"] for one in answer.context["differences"]]
    assert set(names) == {"note", "deposit", "lines"}
    draft.refresh_from_db()
    assert draft.note == "他的"
    mine |= {"version": draft.version, "take-note": "mine", "take-deposit": "theirs",
             "take-lines": "mine"}  # fmt: skip
    assert desk.post(address, mine).status_code == 302
    draft.refresh_from_db()
    assert (draft.note, draft.deposit, draft.lines.get().rent) == ("我的", 500, 33)


def test_rows_and_rent_free_days_of_both_are_told_apart(desk, floor, jr):
    unit, tenant = make_unit(floor=floor, number="501"), make_tenant(home_park=jr)
    draft = make_draft(units=[unit], tenant=tenant, start=START, end=END)
    address = reverse("tenants:lease-edit", args=[draft.pk])
    mine = typed([(unit, 30)], tenant=tenant.pk, number=draft.number, version=draft.version)
    theirs = {"lines-0-area_m2": 90, "lines-0-steps": "2027-01-01 32",
              "rent_free": "2026-01-01 2026-01-31"}  # fmt: skip
    desk.post(address, mine | theirs)
    found = {one["name"]: one for one in desk.post(address, mine).context["differences"]}
    assert set(found) == {"lines", "rent_free"}
    assert "90.00 ㎡" in found["lines"]["theirs"]
    assert "2027-01-01 32.00" in found["lines"]["theirs"]
    draft.refresh_from_db()
    same = mine | theirs | {"version": draft.version - 1, "rent_free": "2026-01-01  2026-01-31 "}
    assert desk.post(address, same).context["differences"] == []


def test_words_name_a_tenant_and_a_unit_without_a_suggestion_chosen(desk, floor, jr):
    tenant, unit = make_tenant(name="湘芯", home_park=jr), make_unit(floor=floor, number="501")
    make_tenant(name="湘芯科技", home_park=jr)
    data = typed([(unit, 30)]) | {"tenant-words": "湘芯", "lines-0-unit": "",
                                  "lines-0-unit-words": "501"}  # fmt: skip
    assert desk.post(reverse("tenants:lease-new"), data).status_code == 302
    assert (Lease.objects.get().tenant, Lease.objects.get().lines.get().unit) == (tenant, unit)


def test_words_that_name_none_or_several_are_refused_and_stay(desk, floor, jr):
    other = make_floor(park=jr, ordinal=6)
    unit = make_unit(floor=floor, number="501")
    make_unit(floor=other, number="501")
    data = typed([(unit, 30)]) | {"tenant-words": "没有的", "lines-0-unit": "",
                                  "lines-0-unit-words": "501"}  # fmt: skip
    page = desk.post(reverse("tenants:lease-new"), data).content.decode()
    assert "没有名为“没有的”的项" in page
    assert "有多个名为“501”的项" in page
    assert 'value="没有的"' in page
    assert not Lease.objects.exists()


def test_a_row_left_empty_is_no_row_and_a_rent_without_a_unit_is_asked_about(desk, floor, jr):
    unit, tenant = make_unit(floor=floor, number="501"), make_tenant(home_park=jr)
    empty = {"lines-TOTAL_FORMS": 2, "lines-1-unit": "", "lines-1-rent": "",
             "lines-1-rent_unit": "m2_month"}  # fmt: skip
    data = typed([(unit, 30)], tenant=tenant.pk) | empty
    page = desk.post(reverse("tenants:lease-new"), data | {"lines-1-rent": 20}).content.decode()
    assert "请从提示中选择房源" in page
    assert desk.post(reverse("tenants:lease-new"), data).status_code == 302
    assert Lease.objects.get().lines.count() == 1


def test_words_typed_over_a_chosen_tenant_count(desk, floor, jr):
    chosen, meant = make_tenant(name="甲", home_park=jr), make_tenant(name="乙", home_park=jr)
    unit = make_unit(floor=floor, number="501")
    data = typed([(unit, 30)], tenant=chosen.pk) | {"tenant-words": "乙"}
    desk.post(reverse("tenants:lease-new"), data)
    assert Lease.objects.get().tenant == meant


def test_a_merged_tenant_is_offered_nowhere(desk, floor, jr):
    kept, double = make_tenant(name="湘芯", home_park=jr), make_tenant(name="湘心", home_park=jr)
    letting.merge_tenants(keep=kept, other=double, on=START, by=NOBODY, reason="同一家")
    unit = make_unit(floor=floor, number="501")
    found = desk.get(reverse("tenants:lease-tenants"), {"typed": "湘心"}).json()["found"]
    assert [key for key, _words in found] == [kept.pk]
    data = typed([(unit, 30)], tenant=double.pk)
    assert desk.post(reverse("tenants:lease-new"), data).status_code == 200
    held = {"start": START, "last_day": START, "tenant": double.pk}
    assert desk.post(reverse("tenants:unit-hold", args=[unit.pk]), held).status_code == 200
    assert not Hold.objects.exists()


def test_a_refused_form_keeps_its_files_until_they_are_decided(desk, client, floor, jr, media,
                                                                operator2):  # fmt: skip
    unit, tenant = make_unit(floor=floor, number="501"), make_tenant(home_park=jr)
    new = reverse("tenants:lease-new")
    files = [SimpleUploadedFile(name, PDF) for name in ("合同.pdf", "附图.pdf")]
    bad = typed([(unit, 30)], tenant=tenant.pk, last_day="2025-01-01")
    page = desk.post(new, bad | {"papers": files, "paper_kind": "contract"}).content.decode()
    papers = list(Upload.objects.filter(kind="paper").order_by("pk"))
    assert [one.name for one in papers] == ["合同.pdf", "附图.pdf"]
    assert page.count('name="paper" ') == page.count("checked") == 2
    assert "合同.pdf" in desk.get(new).content.decode()
    assert desk.post(reverse("tenants:paper-discard", args=[papers[1].pk])).status_code == 302
    assert "附图.pdf" not in desk.get(new).content.decode()
    html = SimpleUploadedFile("坏.pdf", b"<html>")
    good = typed([(unit, 30)], tenant=tenant.pk, paper=[papers[0].pk])
    assert "坏.pdf" in desk.post(new, good | {"papers": [html]}).content.decode()
    assert desk.post(new, good).status_code == 302
    document = Document.objects.get()
    assert (document.name, document.kind, document.lease) == (
        "合同.pdf", "contract", Lease.objects.get(),
    )  # fmt: skip
    assert "合同.pdf" not in desk.get(new).content.decode()
    client.force_login(operator2)
    gone = reverse("tenants:paper-discard", args=[papers[0].pk])
    assert client.post(gone).status_code == 404


def test_the_schedule_is_on_the_page_and_in_a_workbook(desk, lease):
    page = desk.get(reverse("tenants:lease-detail", args=[lease.pk])).content.decode()
    assert "72,000.00" in page
    answer = desk.get(reverse("tenants:lease-schedule", args=[lease.pk]))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet.max_row == 25


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_sheet_prints_the_lease(desk, lease, language):
    with override(language):
        desk.cookies["django_language"] = language
        answer = desk.get(reverse("tenants:lease-sheet", args=[lease.pk]))
    reader = PdfReader(io.BytesIO(answer.content))
    # pypdf takes the two bytes of a code in a subset for two signs, the first of them none.
    text = "".join(page.extract_text() for page in reader.pages).replace("\x00", "")
    for words in (lease.number, lease.tenant.name, "2027-12-31", "72,000.00", "柒万贰仟元整"):
        assert words in text
    fonts = reader.pages[0]["/Resources"]["/Font"].values()
    embedded = [font.get_object()["/DescendantFonts"][0].get_object() for font in fonts]
    assert all("/FontDescriptor" in font for font in embedded)


def test_a_paper_is_kept_served_and_removed(desk, client, lease, media, operator2):
    add = reverse("tenants:lease-add-document", args=[lease.pk])
    html = SimpleUploadedFile("合同.pdf", b"<html><script>", content_type="application/pdf")
    assert desk.post(add, {"file": html, "kind": "contract"}).status_code == 200
    assert not Document.objects.exists()
    desk.post(add, {"file": SimpleUploadedFile("合同.pdf", PDF), "kind": "contract"})
    document = Document.objects.get()
    assert "合同" not in document.file.name
    answer = desk.get(reverse("tenants:document-file", args=[document.pk]) + "?show=1")
    assert answer.content == PDF
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    remove = reverse("tenants:document-remove", args=[document.pk])
    desk.post(remove, {"reason": "传错了"})
    document.refresh_from_db()
    assert document.removed_at
    assert not document.file
    assert desk.get(reverse("tenants:document-file", args=[document.pk])).status_code == 404
    client.force_login(operator2)
    assert client.get(add).status_code == 404


def test_asking_to_leave_offers_to_end_the_lease(desk, lease):
    ask = reverse("tenants:lease-ask-surrender", args=[lease.pk])
    answer = desk.post(ask, {"day": "2026-01-05", "leaves_on": "2027-03-01", "reason": "搬"})
    assert answer.url.endswith("/terminate/?day=2027-03-01")
    assert 'value="2027-03-01"' in desk.get(answer.url).content.decode()
    move_out = MoveOut.objects.get()
    desk.post(reverse("tenants:move-out-inspect", args=[move_out.pk]),
              {"day": "2026-01-06", "inspection": "完好"})  # fmt: skip
    page = desk.get(reverse("tenants:lease-detail", args=[lease.pk])).content.decode()
    assert "完好" in page
    refused = desk.post(reverse("tenants:move-out-vacate", args=[move_out.pk]),
                        {"day": "2026-01-06"})  # fmt: skip
    assert refused.status_code == 200


def test_the_list_of_move_outs_asks_the_same_for_one_and_three(desk, floor):
    def add():
        one = make_lease(units=[make_unit(floor=floor)], start=START, end=END)
        letting.ask_surrender(lease=one, on=START, today=START, by=NOBODY)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(reverse("tenants:move-out-list")).status_code == 200
        return len(queries)

    add()
    count()
    one = count()
    add()
    add()
    assert count() == one


def test_leases_are_renewed_together(desk, floor):
    leases = [make_lease(units=[make_unit(floor=floor)], start=START, end=END) for _n in "ab"]
    address = reverse("tenants:lease-bulk-renew")
    keys = [lease.pk for lease in leases]
    page = desk.get(address, {"lease": keys}).content.decode()
    assert "2028-12-31" in page
    terms = {"lease": keys, "months": 6, "percent": 10, "reason": "到期"}
    assert "33.00" in desk.post(address, terms).content.decode()
    assert Lease.objects.count() == 2
    assert desk.post(address, terms | {"apply": 1, "submit": "on"}).status_code == 302
    made = Lease.objects.filter(kind="renewal")
    assert [(one.end, bool(one.submitted_on)) for one in made] == [(date(2028, 7, 1), True)] * 2


def test_who_decided_stands_on_the_page(desk, floor, operator):
    draft = make_draft(units=[make_unit(floor=floor)], start=START, end=END)
    letting.submit_lease(lease=draft, on=START, by=operator)
    letting.reject_lease(lease=draft, on=START, by=operator, reason="租金低于底价")
    page = desk.get(reverse("tenants:lease-detail", args=[draft.pk])).content.decode()
    assert "租金低于底价" in page


@pytest.mark.parametrize("day", ["1899-12-31", "2199-01-01"])
def test_a_signing_day_beyond_reason_is_refused(desk, floor, day):
    draft = make_draft(units=[make_unit(floor=floor)], start=START, end=END)
    assert (
        desk.post(reverse("tenants:lease-sign", args=[draft.pk]), {"day": day}).status_code == 200
    )
    draft.refresh_from_db()
    assert draft.signed_on is None
