"""``import_ledger`` and ``export_ledger`` with real files."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from parks.models import AuditEntry, Unit, Upload
from tenants.models import Lease
from tests.tenants.ledger.handmade import ledger_workbook
from tests.tenants.ledger.test_ledger import CODE, whole

ON = "2026-06-30"


@pytest.fixture
def ledger(jr, tmp_path, monkeypatch):
    monkeypatch.setattr("parks.work.PAUSE", 0)
    rows = {sheet.code: [row.values for row in sheet.rows] for sheet in whole().sheets}
    path = tmp_path / "台账.xlsx"
    path.write_bytes(ledger_workbook([jr], on=date.fromisoformat(ON), rows=rows).read())
    return path


def run(name, *words, **options):
    out = io.StringIO()
    call_command(name, *map(str, words), stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_a_ledger_goes_in_out_and_in_again(ledger, tmp_path):
    said = run("import_ledger", ledger, "--park", "JR", "--on", ON)
    assert "已导入" in said
    assert (Unit.objects.count(), Lease.objects.count()) == (3, 3)
    assert Upload.objects.get().applied_at
    assert set(AuditEntry.objects.filter(object_type="tenants.lease").values_list("door", flat=True)) == {"import"}  # fmt: skip
    out = tmp_path / "out.xlsx"
    assert str(out) in run("export_ledger", out, "--park", "JR", "--on", ON)
    said = run("import_ledger", out, "--on", ON)
    assert "新建 0，变更 0" in said
    assert "拒绝 0" in said


@pytest.mark.django_db
def test_a_dry_run_and_a_refused_file_write_nothing(ledger, tmp_path):
    assert "未写入" in run("import_ledger", ledger, "--park", "JR", "--on", ON, "--dry-run")
    bad = tmp_path / "bad.csv"
    bad.write_text(f"企业名称,统一社会信用代码\n甲公司,{CODE[:-1]}0\n", "utf-8")
    with pytest.raises(CommandError, match="已拒绝"):
        run("import_ledger", bad, "--park", "JR")
    assert not Unit.objects.exists()
    assert all(upload.discarded_at for upload in Upload.objects.all())


@pytest.mark.django_db
@pytest.mark.parametrize("words", [("no.xlsx",), ("no.xlsx", "--park", "NO")])
def test_what_is_not_there_is_said(jr, words):
    with pytest.raises(CommandError):
        run("import_ledger", *words)
