"""A workbook in a real browser: mistakes shown, mended, applied, taken back, and out again."""

from threading import Event

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from parks.models import Unit, Upload
from tenants.ledger import jobs
from tenants.models import Lease
from tests.journeys.test_roles import log_in, shot
from tests.tenants.ledger.handmade import ledger_workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MANY = 60


def workbook(park, path):
    """A ledger of ``MANY`` units, firms and leases, and two cells that are wrong."""
    numbers = [f"{n:03}" for n in range(1, MANY + 1)]
    place = {"park": park.name, "building": "A3栋", "floor": "5F"}
    rows = {
        "units": [place | {"ordinal": 5, "number": n, "gross_area_m2": 100,
                           "exists_from": "2020-01-01"} for n in numbers],
        "tenants": [{"name": f"长沙{n}科技有限公司"} for n in numbers],
        "leases": [{"park": park.name, "number": f"HT-{n}", "tenant": f"长沙{n}科技有限公司",
                    "signed_on": "2024-02-01", "start": "2024-03-01",
                    "last_day": "2099-02-28" if n == "007" else "2034-02-28"} for n in numbers],
        "lines": [place | {"lease": f"HT-{n}", "unit": n, "rent": 35, "rent_unit": "m2_month"}
                  for n in numbers],
    }  # fmt: skip
    path.write_bytes(ledger_workbook([park], on=timezone.localdate(), rows=rows).read())
    change(path, "100 左右吧", unit="003")


def change(path, area=None, last_day=None, *, unit="", lease=""):
    """Type over the cells of a unit's area or a lease's last day."""
    book = load_workbook(path)
    for sheet in book:
        for row in sheet.iter_rows():
            values = [cell.value for cell in row]
            if unit in values and area and values.count("A3栋") and "35" not in map(str, values):
                next(c for c in row if str(c.value) in ("100", "100.0", "100 左右吧")).value = area
            if lease in values and last_day and str(values).count("2099"):
                next(c for c in row if str(c.value).startswith("2099")).value = last_day
    book.save(path)


def hand_in(page, path):
    page.goto("/ledger/")
    page.set_input_files("[name=file]", path)
    page.get_by_role("button", name="检查（不写入）").click()
    page.wait_for_url("**/ledger/*/")
    # A check in the background reloads the page when it is done.
    page.get_by_role("link", name="拒绝").wait_for()


def saved(page, name, path):
    with page.expect_download() as download:
        page.locator("main").get_by_text(name, exact=True).click()
    download.value.save_as(path)
    return path


def test_a_ledger_from_mistakes_to_taken_back(page, jr, operator, tmp_path, monkeypatch):
    monkeypatch.setattr("tenants.ledger.jobs.AT_ONCE", 0)
    workbook(jr, tmp_path / "台账.xlsx")
    log_in(page, "operator")
    page.goto("/ledger/")
    shot(page, "ledger-list")

    hand_in(page, tmp_path / "台账.xlsx")
    page.get_by_text("100 左右吧").first.wait_for()
    page.get_by_text("20 年").first.wait_for()
    assert not page.get_by_role("button", name="写入系统").count()
    shot(page, "ledger-findings")

    marked = saved(page, "下载标注后的原表", tmp_path / "marked.xlsx")
    change(marked, 100, "2034-02-28", unit="003", lease="HT-007")
    hand_in(page, marked)
    page.get_by_role("button", name="写入系统").wait_for()
    shot(page, "ledger-ready")
    assert not Unit.objects.exists()

    # Writing begins once its bar is seen: 60 rows are there before a busy machine shows a page.
    looked, write = Event(), jobs.apply
    monkeypatch.setattr(jobs, "apply", lambda *a, **k: looked.wait(60) and write(*a, **k))
    page.get_by_role("button", name="写入系统").click()
    page.locator("progress").wait_for()
    looked.set()
    page.locator(".notice.success").wait_for(timeout=60_000)
    assert (Unit.objects.count(), Lease.objects.count()) == (MANY, MANY)
    shot(page, "ledger-applied")
    applied = page.url
    page.goto("/leases/?q=HT-007")
    page.get_by_role("link", name="HT-007").wait_for()

    page.goto("/ledger/")
    hand_in(page, saved(page, "导出", tmp_path / "out.xlsx"))
    page.get_by_text("文件中的内容系统里都已有").wait_for()
    counts = Upload.objects.order_by("pk").last().report["counts"]
    assert counts == {"created": 0, "changed": 0, "unchanged": 4 * MANY, "refused": 0}

    page.goto(applied)
    page.click("button[name=language][value=en]")
    page.get_by_label("Reason").fill("wrong year")
    shot(page, "ledger-applied-en")
    page.get_by_role("button", name="Take the import back").click()
    page.get_by_text("taken back ·").wait_for(timeout=60_000)
    assert not Unit.objects.exists()
    assert not Lease.objects.exists()
    shot(page, "ledger-taken-back-en")
