"""Ledgers over the API: hand in, read the findings, discard; limits as the house has them."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.tenants.ledger.handmade import ledger_workbook
from tests.tenants.ledger.test_ledger import whole

ON = date(2026, 6, 30)
URL = "/api/v1/ledgers/"


@pytest.mark.django_db
def test_a_ledger_is_handed_in_and_discarded(client, operator, jr):
    client.force_login(operator)
    rows = {sheet.code: [row.values for row in sheet.rows] for sheet in whole().sheets}
    answer = client.post(URL, {"file": ledger_workbook([jr], on=ON, rows=rows), "park": "JR"})
    assert answer.status_code == 201, answer.content
    assert answer.json()["report"]["counts"]["created"] == 13
    own = f"{URL}{answer.json()['id']}/"
    assert client.get(own).json()["state"] == "checked"
    assert client.post(f"{own}discard/").json()["state"] == "discarded"
    assert client.post(f"{own}apply/").json()["code"] == "upload_decided"
    assert client.get(f"{URL}template/").status_code == 200
    assert client.get(f"{URL}export/?park=JR&on=2026-06-30").status_code == 200


@pytest.mark.django_db
def test_another_type_and_too_large_a_file_are_refused(client, operator, jr, monkeypatch):
    client.force_login(operator)
    answer = client.post(URL, {"file": SimpleUploadedFile("a.pdf", b"%PDF")})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    monkeypatch.setattr("tenants.ledger.jobs.LARGEST", 3)
    answer = client.post(URL, {"file": SimpleUploadedFile("a.csv", b"abcd")})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.django_db
def test_a_park_of_others_is_not_there(client, operator, ld):
    client.force_login(operator)
    assert client.get(f"{URL}export/?park=LD").status_code == 404
