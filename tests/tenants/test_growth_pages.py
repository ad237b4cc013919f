"""Pages of fundings, rights and events: forms with a proof, the history beside the fact, lists."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tenants import services as letting
from tenants.models import Funding, YearFigure
from tests.factories import make_tenant

FUNDING = {"kind": "angel", "on": "2025-03-01", "unit": 10000, "amount": "300", "source": "other"}
RIGHT = {"kind": "invention", "title": "夹具", "applied_on": "2025-03-01", "number": "ZL1"}
EVENT = {"kind": "listed", "on": "2025-03-01", "number": "830000"}


@pytest.fixture
def firm(jr):
    return make_tenant(name="甲公司", home_park=jr)


@pytest.fixture
def desk(client, operator, media):
    client.force_login(operator)
    return client


def page_of(firm, **query):
    return reverse("tenants:tenant-detail", args=[firm.pk])


def pdf():
    return SimpleUploadedFile("协议.pdf", b"%PDF-1.4 a")


def test_a_funding_is_typed_in_ten_thousands_with_its_file(desk, firm):
    form = reverse("tenants:tenant-funding", args=[firm.pk])
    assert "佐证" in desk.post(form, FUNDING).content.decode()  # neither number nor file
    refused = desk.post(form, FUNDING | {"amount": "0", "file": pdf()})
    assert "请重新选择文件" in refused.content.decode()
    assert desk.post(form, FUNDING | {"file": pdf()}).status_code == 302
    made = Funding.objects.get()
    assert (made.amount, made.document.tenant) == (3_000_000, firm)
    page = desk.get(page_of(firm)).content.decode()
    assert "协议.pdf" in page
    assert "3,000,000.00" in page
    edit = reverse("tenants:funding-edit", args=[made.pk])
    assert 'name="document"' in desk.get(edit).content.decode()
    change = FUNDING | {
        "unit": 1,
        "amount": "4000000",
        "document": made.document_id,
        "kind": "venture",
    }
    assert desk.post(edit, change | {"reason": "抄错"}).status_code == 302
    page = desk.get(page_of(firm)).content.decode()
    assert "<del>天使投资</del> → <ins>创业投资</ins>" in page
    assert "<del>3000000.00</del>" in page
    assert "抄错" in page


@pytest.mark.parametrize(
    ("name", "values"),
    [("funding", FUNDING | {"number": "1"}), ("ip", RIGHT), ("corporate", EVENT)],
)
def test_a_fact_is_added_and_removed_and_the_trail_still_tells(desk, firm, name, values):
    add = reverse(f"tenants:tenant-{name}", args=[firm.pk])
    assert desk.post(add, values | {"note": "独一无二"}).status_code == 302
    related = {
        "funding": "fundings",
        "ip": "intellectual_property",
        "corporate": "corporate_events",
    }
    row = getattr(firm, related[name]).get()
    remove = reverse(f"tenants:{name}-remove", args=[row.pk])
    assert desk.post(remove, {"reason": ""}).status_code == 200
    assert desk.post(remove, {"reason": "重复录入"}).status_code == 302
    page = desk.get(page_of(firm)).content.decode()
    assert "重复录入" in page
    assert "独一无二" in page


def test_figures_have_a_proof_and_a_history(desk, firm):
    add = reverse("tenants:tenant-figures", args=[firm.pk])
    values = {"year": 2025, "unit": 10000, "revenue": "500", "file": pdf(), "number": "审字1"}
    assert desk.post(add, values).status_code == 302
    figure = YearFigure.objects.get()
    edit = reverse("tenants:figure-edit", args=[figure.pk])
    desk.post(edit, {"year": 2025, "unit": 10000, "revenue": "600", "number": "审字2",
                     "document": figure.document_id})  # fmt: skip
    page = desk.get(page_of(firm)).content.decode()
    for text in ("审字2", "<del>审字1</del>", "<del>5000000.00</del>", "协议.pdf"):
        assert text in page


def test_facts_after_the_day_are_told_apart(desk, firm):
    desk.post(reverse("tenants:tenant-funding", args=[firm.pk]), FUNDING | {"number": "1"})
    early = desk.get(page_of(firm) + "?on=2025-02-28").context["growth"]
    assert (early.risk_money, len(early.fundings)) == (0, 1)
    assert desk.get(page_of(firm) + "?on=2025-03-01").context["growth"].risk_money == 3_000_000


def test_a_member_reads_its_own_history_and_changes_nothing(client, startup, media):
    firm = startup.tenants.get()
    letting.record_funding(tenant=firm, kind="angel", on=date(2025, 1, 1), amount=1, number="1",
                           by=startup)  # fmt: skip
    client.force_login(startup)
    page = client.get(page_of(firm)).content.decode()
    assert "startup" in page
    assert "/fundings/" not in page


def test_more_facts_cost_no_more_queries(desk, firm, django_assert_num_queries):
    def add(n):
        for name, values in (
            ("funding", FUNDING), ("ip", RIGHT), ("corporate", EVENT | {"on": f"2025-0{n}-01"}),
        ):  # fmt: skip
            values = values | {"number": f"{n}", "file": pdf()}
            address = reverse(f"tenants:tenant-{name}", args=[firm.pk])
            assert desk.post(address, values).status_code == 302

    pages = [
        page_of(firm),
        *(reverse(f"tenants:{name}-list") for name in ("funding", "ip", "corporate")),
    ]
    add(1)
    needed = []
    for address in pages:
        desk.get(address)
        with CaptureQueriesContext(connection) as one:
            desk.get(address)
        needed.append(len(one))
    add(2)
    add(3)
    for address, count in zip(pages, needed, strict=True):
        with django_assert_num_queries(count):
            desk.get(address)


def test_lists_show_what_was_there_on_the_day(desk, operator2, firm):
    desk.post(reverse("tenants:tenant-funding", args=[firm.pk]), FUNDING | {"number": "1"})
    desk.post(reverse("tenants:tenant-ip", args=[firm.pk]), RIGHT)
    desk.post(reverse("tenants:tenant-corporate", args=[firm.pk]), EVENT)
    for name in ("funding", "ip", "corporate"):
        address = reverse(f"tenants:{name}-list")
        count = lambda **query: desk.get(address, query).context["page_obj"].paginator.count  # noqa: E731, B023
        assert count(on="2025-02-28") == 0
        assert count(on="2025-03-01") == count(q="甲公司") == count(park="JR") == 1
        assert count(q="乙") == count(park="LD") == 0
        assert "甲公司" in desk.get(address, {"format": "csv"}).content.decode()
    desk.force_login(operator2)
    assert desk.get(reverse("tenants:funding-list")).context["page_obj"].paginator.count == 0
