"""Schedule, documents, move-out and renewals in bulk through the API."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import make_floor, make_lease, make_unit

START, END = date(2024, 1, 1), date(2026, 1, 1)


@pytest.fixture
def lease(jr):
    unit = make_unit(floor=make_floor(park=jr), number="501")
    return make_lease(units=[unit], start=START, end=END, deposit=Decimal(100))


def test_schedule(api, lease):
    rows = api.get(f"/api/v1/leases/{lease.pk}/schedule/").json()
    assert len(rows) == 24
    assert rows[0] == {"unit": "501", "start": "2024-01-01", "end": "2024-02-01", "days": 31,
                       "rent": "3000.00", "property_fee": "0.00"}  # fmt: skip


def test_documents(api, lease, media):
    address = f"/api/v1/leases/{lease.pk}/documents/"
    made = api.post(address, {"file": SimpleUploadedFile("合同.pdf", b"%PDF-1.7\n")})
    assert made.status_code == 201
    assert [one["media_type"] for one in api.get(address).json()] == ["application/pdf"]
    wrong = api.post(address, {"file": SimpleUploadedFile("a.pdf", b"<html>")})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "file_refused")


def test_move_out(api, lease):
    address = f"/api/v1/leases/{lease.pk}/move-out/"
    assert api.get(address).status_code == 404
    asked = api.post(address, {"step": "ask", "on": "2025-12-01"}, format="json")
    assert asked.json()["asked_on"] == "2025-12-01"
    early = api.post(address, {"step": "return_deposit", "on": "2026-01-01"}, format="json")
    assert early.json()["code"] == "step_out_of_order"
    odd = {"step": "settle", "on": "2026-01-01", "inspection": "x"}
    assert api.post(address, odd, format="json").status_code == 400


def test_bulk_renew(api, lease):
    address = "/api/v1/leases/bulk-renew/"
    made = api.post(address, {"leases": [lease.pk], "months": 12, "percent": "10"}, format="json")
    assert made.status_code == 201
    assert made.json()[0]["end"] == "2027-01-01"
    again = api.post(address, {"leases": [lease.pk], "months": 12}, format="json")
    assert again.json()["code"] == "renewal_refused"
    assert api.post(address, {"leases": [999999], "months": 1}, format="json").status_code == 400
