"""The pages of the ledger, with real files and the worker's thread."""

import io
import time
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from parks import work
from parks.models import Unit, Upload
from tests.factories import make_lease, make_tenant, make_unit
from tests.tenants.ledger.handmade import ledger_workbook
from tests.tenants.ledger.test_ledger import CODE, whole

ON = date(2026, 6, 30)


def rows_of_book(made):
    return {s.code: [row.values for row in s.rows] for s in made.sheets}


def hand_in(client, file, **data):
    return client.post(reverse("tenants:ledger-list"), {"file": file, **data}, follow=True)


def wait(upload):
    for _turn in range(200):
        upload.refresh_from_db()
        if not work.running(upload):
            return
        time.sleep(0.05)
    raise AssertionError(upload.phase)


@pytest.mark.django_db(transaction=True)
def test_a_ledger_is_handed_in_applied_and_taken_back(client, operator, jr):
    client.force_login(operator)
    made = ledger_workbook([jr], on=ON, rows=rows_of_book(whole()))
    answer = hand_in(client, made)
    assert answer.status_code == 200
    upload = Upload.objects.get()
    assert upload.report["counts"]["created"] == 13, upload.report

    def act(name):
        client.post(reverse("tenants:ledger-act", args=[upload.pk, name]), {"reason": "误传"})

    act("apply")
    wait(upload)
    assert upload.applied_at, upload.failure
    assert Unit.objects.count() == 3
    assert client.get(reverse("tenants:ledger-progress", args=[upload.pk]))["HX-Refresh"] == "true"
    act("undo")
    wait(upload)
    assert upload.undone_at, upload.failure
    assert not Unit.objects.exists()


@pytest.mark.django_db
def test_a_bad_cell_is_marked_and_nothing_applied(client, operator, jr):
    client.force_login(operator)
    rows = {"tenants": [{"name": "甲", "uscc": CODE[:-1] + ("0" if CODE[-1] != "0" else "1")}]}
    answer = hand_in(client, ledger_workbook([jr], on=ON, rows=rows))
    upload = Upload.objects.get()
    assert upload.report["counts"]["refused"] == 1
    assert "refused" in answer.context["chosen"]
    client.post(reverse("tenants:ledger-act", args=[upload.pk, "apply"]))
    upload.refresh_from_db()
    assert not upload.applied_at
    marked = client.get(reverse("tenants:ledger-marked", args=[upload.pk]))
    book = load_workbook(io.BytesIO(b"".join(marked.streaming_content)))
    assert any("企业" in name or "问题" in name for name in book.sheetnames)
    client.post(reverse("tenants:ledger-act", args=[upload.pk, "discard"]))
    upload.refresh_from_db()
    assert upload.discarded_at


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "content", "status"), [
    ("台账.pdf", b"%PDF", 422), ("台账.xlsx", b"no workbook at all", 200),
])  # fmt: skip
def test_what_is_no_ledger_is_said_in_plain_words(client, operator, jr, name, content, status):
    client.force_login(operator)
    answer = hand_in(client, SimpleUploadedFile(name, content))
    assert answer.status_code == status
    if status == 200:
        assert Upload.objects.get().report["refused"]


@pytest.mark.django_db
def test_export_and_import_of_a_file_change_nothing(client, operator, jr):
    unit = make_unit(park=jr)
    tenant = make_tenant(home_park=jr, uscc=CODE, contact_phone="13800000000")
    make_lease(units=[unit], tenant=tenant, start=date(2025, 1, 1), end=date(2028, 1, 1))
    client.force_login(operator)
    answer = client.get(reverse("tenants:ledger-export"), {"park": jr.code, "on": "2026-06-30"})
    content = b"".join(answer.streaming_content)
    hand_in(client, SimpleUploadedFile("台账.xlsx", content))
    counts = Upload.objects.get().report["counts"]
    assert counts == {"created": 0, "changed": 0, "unchanged": 4, "refused": 0}


@pytest.mark.django_db
def test_the_list_asks_as_often_for_three_as_for_one(
    client, operator, jr, django_assert_max_num_queries
):
    client.force_login(operator)

    def count():
        with django_assert_max_num_queries(40) as asked:
            client.get(reverse("tenants:ledger-list"))
        return len(asked)

    hand_in(client, ledger_workbook([jr], on=ON))
    count()
    one = count()
    for _turn in range(2):
        hand_in(client, ledger_workbook([jr], on=ON))
    assert count() == one


@pytest.mark.django_db(transaction=True)
def test_a_large_file_is_checked_in_the_background(client, operator, jr, monkeypatch):
    monkeypatch.setattr("tenants.ledger.jobs.AT_ONCE", 0)
    client.force_login(operator)
    hand_in(client, ledger_workbook([jr], on=ON, rows=rows_of_book(whole())))
    upload = Upload.objects.get()
    wait(upload)
    assert work.state(upload) == "checked"
    assert upload.report["counts"]["created"] == 13


@pytest.mark.django_db
def test_a_check_shows_how_far_it_is_and_may_be_cut_off(client, operator, jr):
    client.force_login(operator)
    hand_in(client, ledger_workbook([jr], on=ON, rows=rows_of_book(whole())))
    upload = Upload.objects.get()
    work.claim(upload, work.CHECKING, parks=[])
    work.telling(upload)(30, 120)
    shown = client.get(reverse("tenants:ledger-progress", args=[upload.pk])).content.decode()
    assert "25%" in shown
    client.post(reverse("tenants:ledger-act", args=[upload.pk, "check"]))
    upload.refresh_from_db()
    assert work.state(upload) == "running"
    upload.beat_at -= 2 * work.SILENT
    upload.save()
    assert work.state(upload) == "checked"
    client.post(reverse("tenants:ledger-act", args=[upload.pk, "check"]))
    upload.refresh_from_db()
    assert not upload.phase


@pytest.mark.django_db
def test_an_import_cut_off_is_not_checked_away(client, operator, jr):
    client.force_login(operator)
    hand_in(client, ledger_workbook([jr], on=ON, rows=rows_of_book(whole())))
    upload = Upload.objects.get()
    work.claim(upload, work.APPLYING, parks=[jr.pk])
    upload.beat_at -= 2 * work.SILENT
    upload.save()
    client.post(reverse("tenants:ledger-act", args=[upload.pk, "check"]))
    upload.refresh_from_db()
    assert work.state(upload) == "interrupted"
