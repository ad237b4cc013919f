"""``verify`` sees each invariant broken by raw SQL, past the services and, where need be, the walls."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from incubation import services as incubation
from incubation.rules import METRICS
from incubation.rules.files import read_files, shipped
from parks import services as space
from parks.constraints import walls
from tenants import services as letting
from tests.factories import NOBODY, make_draft, make_lease, make_park, make_tenant, make_unit
from tests.factories.incubation import make_carrier, make_residency
from tests.worlds import kept

START, END = date(2026, 1, 1), date(2027, 1, 1)


@pytest.fixture(scope="module")
def sound(django_db_setup, django_db_blocker, tmp_path_factory):
    """A let unit, a held one, a closed one, a split, a renumbered one."""
    media = str(tmp_path_factory.mktemp("media"))
    with override_settings(MEDIA_ROOT=media), kept(django_db_blocker):
        make_world(make_park(code="JR"))
        yield


@pytest.fixture
def world(sound, db):
    """Each test breaks it anew."""


def make_world(jr):
    unit, held, closed, cut = (make_unit(park=jr, number=n) for n in ("1", "2", "3", "4"))
    make_lease(units=[unit], start=START, end=END)
    letting.hold_unit(unit=held, start=START, end=END, tenant=make_tenant(), by=NOBODY)
    space.close_unit(unit=closed, reason="own_use", start=START, end=END, by=NOBODY)
    parts = [{"number": f"4{c}", "gross_area_m2": 50} for c in "AB"]
    space.split_unit(unit=cut, into=parts, effective_on=END, on=START, by=NOBODY)
    space.renumber_unit(unit=unit, number="1x", on=date(2024, 1, 1), by=NOBODY)
    make_draft(units=[held], start=START, end=END)
    moving = make_lease(units=[make_unit(park=jr, number="5")], start=START, end=END)
    to = make_unit(park=jr, number="6")
    letting.set_asking_rent(unit=make_unit(park=jr, number="9"), rent=26, rent_unit="m2_month",
                            start=START, by=NOBODY)  # fmt: skip
    chain(jr)
    carrier(jr)
    proofs(jr)
    letting.register_person(address="li@example.cn", name="李创", terms_version="2026-11",
                            language="en", at=datetime(2026, 1, 1, tzinfo=UTC))  # fmt: skip
    letting.plan_moves(park=jr, steps=[letting.Step(before=moving, units=(to,))], on=START,
                       effective_on=date(2026, 7, 1), by=NOBODY)  # fmt: skip


def proofs(jr):
    """A mentor with a firm, rule sets, and a funding proved by a file."""
    one = make_carrier(park=jr)
    mentor = incubation.add_mentor(carrier=one, name="张三", start=date(2024, 6, 1), by=NOBODY)
    firm = make_tenant(home_park=jr)
    incubation.pair_mentor(mentor=mentor, tenant=firm, start=date(2024, 6, 1), by=NOBODY)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    incubation.load_rule_sets(read_files(shipped(), METRICS), by=None, at=at)
    for tenant in (firm, make_tenant(home_park=jr)):
        paper = letting.add_document(
            tenant=tenant, file=SimpleUploadedFile("a.txt", b"a"), at=at, by=NOBODY
        )
    letting.record_funding(tenant=tenant, kind="angel", on=START, amount=1, document=paper,
                           by=NOBODY)  # fmt: skip


def chain(park):
    """A residency advanced, transferred and extended, and one that was dissolved."""
    first = make_residency(carrier=make_carrier(park=park, stage="makerspace"))
    move = {"by": NOBODY, "reason": "升级", "agreement_number": "X"}
    second = incubation.advance_residency(
        residency=first, carrier=make_carrier(park=park), on_day=date(2025, 1, 1), **move
    )
    third = incubation.transfer_residency(
        residency=second, carrier=make_carrier(park=park), on_day=date(2025, 6, 1), **move
    )
    incubation.extend_residency(
        residency=third, due_on=date(2030, 1, 1), decided_on=date(2025, 7, 1), reason="延期",
        by=NOBODY,
    )  # fmt: skip
    incubation.leave_carrier(
        residency=make_residency(), left_on=date(2025, 1, 1), outcome="dissolved",
        destination="none", by=NOBODY,
    )  # fmt: skip


def carrier(park):
    """A carrier with a name before, a unit, a mentor's session and an event."""
    made = make_carrier(park=park, name="甲孵化器", opened_on=date(2020, 1, 1))
    fields = {"carrier": made, "by": NOBODY}
    incubation.assign_spaces(
        units=[make_unit(park=park, number="7")],
        purpose="tenants",
        start=date(2020, 1, 1),
        **fields,
    )
    mentor = incubation.add_mentor(name="王老师", start=date(2020, 1, 1), **fields)
    incubation.record_session(
        mentor=mentor, tenant=make_tenant(), on=START, minutes=60, subject="融资", by=NOBODY
    )
    incubation.record_event(on=START, title="路演", **fields)
    incubation.change_carrier(what="name", after="乙孵化器", effective_on=START, on=START, **fields)


def fell(*names):
    """Take walls down on either engine."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with deferred checks stays
        for model, wall in walls():
            if wall.name not in names:
                continue
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE {model._meta.db_table} DROP CONSTRAINT {wall.name}")
            else:
                cursor.execute(f"DROP TRIGGER {wall.name}_insert")
                cursor.execute(f"DROP TRIGGER {wall.name}_update")


def verify(capsys):
    code = 0
    try:
        call_command("verify")
    except SystemExit as end:
        code = end.code
    return code, capsys.readouterr().out


def test_a_sound_database_has_no_violation(world, capsys):
    code, out = verify(capsys)
    assert code == 0, out
    assert out.strip().endswith("checks")


BREAKS = [
    ("move_day", [], "UPDATE tenants_moveplan SET effective_on = '2026-07-02'"),
    ("move_day", [], "UPDATE tenants_moveplan SET cancelled_on = '2026-02-01'"),
    ("overlap", ["lease_line_once_a_day"], "INSERT INTO tenants_leaseline (lease_id, unit_id, start, \"end\", area_m2, rent, rent_unit, binding) SELECT lease_id, unit_id, start, \"end\", area_m2, rent, rent_unit, binding FROM tenants_leaseline WHERE binding"),
    ("wall_missing", ["closure_once_a_day"], "SELECT 1"),
    ("overlap", ["closure_once_a_day"], "INSERT INTO parks_unitclosure (unit_id, reason, start, \"end\", note) SELECT unit_id, reason, start, \"end\", note FROM parks_unitclosure"),
    ("overlap", ["hold_once_a_day"], "INSERT INTO tenants_hold (unit_id, tenant_id, applicant, start, \"end\", binding, note) SELECT unit_id, tenant_id, applicant, start, \"end\", binding, note FROM tenants_hold"),
    ("closure_outside_unit", [], "UPDATE parks_unitclosure SET start = '2001-01-01'"),
    ("former_number_days", [], "UPDATE parks_unitformernumber SET \"end\" = '2025-01-01'"),
    ("unit_dates", [], "UPDATE parks_unit SET numbered_from = '2001-01-01' WHERE number = '3'"),
    ("area_not_conserved", [], "UPDATE parks_unit SET gross_area_m2 = 51 WHERE number = '4A'"),
    ("change_day", [], "UPDATE parks_unit SET exists_to = '2026-12-31' WHERE number = '4'"),
    ("change_day", [], "UPDATE parks_unit SET exists_from = '2027-01-02', numbered_from = '2027-01-02' WHERE number = '4A'"),
    ("change_empty", [], "UPDATE parks_unit SET begun_by_id = NULL"),
    ("geometry", [], "UPDATE parks_unit SET outline = {junk}"),
    ("audit_chain", [], "UPDATE parks_auditentry SET object_name = 'x' WHERE sequence = 5"),
    ("line_outside_unit", [], "UPDATE parks_unit SET exists_to = '2026-06-01' WHERE number = '1x'"),
    ("hold_outside_unit", [], "UPDATE parks_unit SET exists_to = '2026-06-01' WHERE number = '2'"),
    ("asking_outside_unit", [], "UPDATE tenants_askingrent SET start = '2001-01-01'"),
    ("let_while_closed", [], "UPDATE parks_unitclosure SET unit_id = (SELECT MIN(unit_id) FROM tenants_leaseline WHERE binding)"),
    ("held_while_closed", [], "UPDATE parks_unitclosure SET unit_id = (SELECT unit_id FROM tenants_hold)"),
    ("let_while_held", [], "UPDATE tenants_hold SET unit_id = (SELECT MIN(unit_id) FROM tenants_leaseline WHERE binding)"),
    ("line_outside_lease", [], "UPDATE tenants_leaseline SET start = '2025-12-31'"),
    ("line_after_end", [], "UPDATE tenants_lease SET terminated_on = '2026-05-01' WHERE signed_on IS NOT NULL AND start < '2026-05-01'"),
    ("binding", [], "UPDATE tenants_leaseline SET binding = {false}"),
    ("lease_park", [], "UPDATE tenants_lease SET park_id = {other_park}"),
    ("lease_dates", [], "UPDATE tenants_lease SET handed_over_on = '2025-12-01' WHERE signed_on IS NOT NULL"),
    ("lease_term", [], "UPDATE tenants_lease SET \"end\" = '2056-01-01'"),
    ("lease_chain", [], "UPDATE tenants_lease SET previous_id = (SELECT MIN(id) FROM tenants_lease) WHERE signed_on IS NULL"),
    ("lease_empty", [], "DELETE FROM tenants_leaseline"),
    ("rent_step", [], "INSERT INTO tenants_rentstep (line_id, start, rent) SELECT id, '2030-01-01', 1 FROM tenants_leaseline WHERE binding"),
    ("rent_free", [], "INSERT INTO tenants_rentfree (lease_id, start, \"end\") SELECT id, '2030-01-01', '2030-02-01' FROM tenants_lease"),
    ("move_out_deposit", [], "INSERT INTO tenants_moveout (lease_id, asked_on, inspection, deposit_kept, deposit_kept_for, reason) SELECT id, '2026-01-01', '', 99999999, 'x', '' FROM tenants_lease WHERE signed_on IS NOT NULL"),
    ("move_out_unsigned", [], "INSERT INTO tenants_moveout (lease_id, asked_on, inspection, deposit_kept, deposit_kept_for, reason) SELECT id, '2026-01-01', '', 0, '', '' FROM tenants_lease WHERE signed_on IS NULL"),
    ("merged_tenant", [], "UPDATE tenants_tenant SET merged_on = '2026-01-01', merged_into_id = (SELECT MIN(id) FROM tenants_tenant) WHERE id = (SELECT MAX(tenant_id) FROM tenants_hold)"),
    ("mentor_pairing", [], "UPDATE incubation_mentorpairing SET start = '2024-05-01'"),
    ("rule_set_seal", [], "UPDATE incubation_ruleset SET digest = 'x' WHERE code = 'graduate'"),
    ("rule_set_columns", [], "UPDATE incubation_ruleset SET stage = 'makerspace' WHERE code = 'graduate'"),
    ("rule_set_columns", [], "UPDATE incubation_ruleset SET effective_to = '2030-01-01' WHERE code = 'graduate'"),
    ("evidence", [], "UPDATE tenants_document SET removed_at = '2026-01-02'"),
    ("evidence", [], "UPDATE tenants_funding SET document_id = (SELECT MIN(id) FROM tenants_document WHERE tenant_id IS NOT NULL)"),
    ("residency_carrier", [], "UPDATE incubation_carrier SET opened_on = '2025-12-01'"),
    ("residency_carrier", [], "UPDATE incubation_carrier SET closed_on = '2025-12-01'"),
    ("carrier_space_park", [], "UPDATE incubation_carrier SET park_id = (SELECT MAX(id) FROM parks_park)"),
    ("carrier_space_unit", [], "UPDATE parks_unit SET exists_from = '2024-01-01', numbered_from = '2024-01-01' WHERE number = '7'"),
    ("carrier_run", [], "UPDATE incubation_carrier SET closed_on = '2026-12-01'"),
    ("carrier_run", [], "UPDATE incubation_serviceevent SET \"on\" = '2019-01-01'"),
    ("mentor_session", [], "UPDATE incubation_mentorsession SET \"on\" = '2019-01-01'"),
    ("carrier_change", [], "UPDATE incubation_carrier SET name = '丙' WHERE name = '乙孵化器'"),
    ("residency_merged", [], "UPDATE tenants_tenant SET merged_on = '2026-01-01', merged_into_id = (SELECT MIN(tenant_id) FROM tenants_lease) WHERE id = (SELECT MIN(tenant_id) FROM incubation_residency)"),
    ("residency_chain", [], "UPDATE incubation_residency SET tenant_id = (SELECT MAX(tenant_id) FROM tenants_lease) WHERE outcome = 'advanced'"),
    ("residency_chain", ["residency_once_a_day"], "UPDATE incubation_residency SET left_on = '2026-01-01' WHERE outcome = 'advanced'"),
    ("residency_chain", [], "UPDATE incubation_carrier SET stage = 'accelerator' WHERE stage = 'incubator'"),
    ("residency_chain", [], "UPDATE incubation_residency SET previous_id = NULL"),
    ("extension", [], "UPDATE incubation_residencyextension SET decided_on = '2019-01-01'"),
    ("extension", [], "UPDATE incubation_residencyextension SET due_on = '2026-01-01'"),
    ("residency_outcome", [], "UPDATE incubation_residency SET destination = 'outside' WHERE outcome = 'dissolved'"),
    ("residency_outcome", [], "UPDATE incubation_residency SET outcome = 'expired', destination = 'outside' WHERE outcome = 'dissolved'"),
    ("account_open_unconfirmed", [], "UPDATE auth_user SET is_active = NOT is_active"),
    ("account_not_erased", [], "UPDATE tenants_account SET erased_at = registered_at, address = NULL"),
    ("uscc", [], "UPDATE tenants_tenant SET uscc = '91430112MA0000000X' WHERE id = (SELECT MIN(id) FROM tenants_tenant)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "felled", "statement"), BREAKS, ids=[f"{b[0]}-{i}" for i, b in enumerate(BREAKS)]
)
def test_verify_sees(world, ld, capsys, code, felled, statement):
    fell(*felled)
    postgres = connection.vendor == "postgresql"
    statement = statement.format(
        junk="'\\x0102'::bytea" if postgres else "x'0102'",
        false="FALSE" if postgres else "0",
        other_park=ld.pk,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
    status, out = verify(capsys)
    assert status == 1
    assert any(line.startswith(f"{code}: ") for line in out.splitlines()), out
