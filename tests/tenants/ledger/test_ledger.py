"""Check, apply, undo and export against a real database."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from parks import work
from parks.audit import broken_links
from parks.models import Building, Unit, UnitClosure, Upload, UploadAct
from tenants import services as letting
from tenants.errors import UnitHeld
from tenants.ledger.apply import FindingsChanged, Refused, apply
from tenants.ledger.check import check
from tenants.ledger.export import rows_of
from tenants.ledger.undo import BuiltUpon, undo
from tenants.models import AskingRent, Lease, LeaseLine, Qualification, Tenant, YearFigure
from tests.factories import NOBODY, make_draft, make_lease, make_tenant, make_unit
from tests.tenants.ledger.handmade import book

ON = date(2026, 6, 30)
CODE = "91430122MA4L16JF6N"


def upload_of(park, findings=None, user=None):
    upload = Upload(kind="ledger", park=park, by=user, name="台账.xlsx", size=1, sha256="0" * 64,
                    uploaded_at=timezone.now(), checked_at=timezone.now())  # fmt: skip
    upload.file.save("ledger.xlsx", ContentFile(b"x"), save=False)
    upload.report = findings.report() if findings else {}
    upload.save()
    return upload


def do(made, park, by=None):
    checked = check(made(), park=park, on=ON, by=by)
    upload = upload_of(park, checked.findings)
    work.claim(upload, work.APPLYING, parks=[park.pk])
    apply(upload, made(), park=park, on=ON, by=by)
    return upload


def unit_row(number, **cells):
    return {"building": "A3栋", "floor": "5F", "ordinal": 5, "number": number,
            "gross_area_m2": Decimal("100.00"), "exists_from": date(2020, 1, 1)} | cells  # fmt: skip


def lease_row(number, **cells):
    return {"number": number, "tenant": "长沙甲科技有限公司", "signed_on": date(2024, 2, 1),
            "start": date(2024, 3, 1), "last_day": date(2027, 2, 28)} | cells  # fmt: skip


def line_row(lease, unit, **cells):
    return {"lease": lease, "building": "A3栋", "floor": "5F", "unit": unit,
            "rent": Decimal("35.0000")} | cells  # fmt: skip


def whole():
    return book(
        units=[
            unit_row("501", old_number="旧1", numbered_from=date(2021, 1, 1)), unit_row("502"),
            unit_row("503", closed_for="own_use", closed_from=date(2025, 1, 1), note="自用"),
        ],
        tenants=[
            {"name": "长沙甲科技有限公司", "former_names": "甲工作室 2020-01-01", "founded_on": date(2019, 1, 1)},
            {"name": "乙团队", "kind": "team"},
        ],
        leases=[
            lease_row("HT-1", handed_over_on=date(2024, 3, 1), rent_free="2024-03-01 2024-03-31"),
            lease_row("HT-2", tenant="乙团队", signed_on=None),
            lease_row("HT-3", tenant="乙团队", start=date(2025, 1, 1), last_day=date(2028, 1, 1),
                      terminated_on=date(2026, 9, 30)),
        ],
        lines=[
            line_row("HT-1", "501", steps="2025-03-01 36.75"), line_row("HT-2", "502"),
            line_row("HT-3", "502"),
        ],
        qualifications=[{"tenant": "长沙甲科技有限公司", "kind": "high_tech", "start": date(2024, 1, 1)}],
        figures=[{"tenant": "长沙甲科技有限公司", "year": 2025, "revenue": Decimal("1200000.00"), "staff": 12}],
    )  # fmt: skip


def problems(findings):
    return {(p.sheet, p.row, p.code) for p in findings.all_problems() if p.blocking}


def test_a_file_makes_everything_and_a_second_time_nothing(jr, django_assert_max_num_queries):
    with django_assert_max_num_queries(22):
        found = check(whole(), park=jr, on=ON, by=None).findings
    assert not problems(found)
    assert found.counts == {"created": 13, "changed": 0, "unchanged": 0, "refused": 0}
    assert not Unit.objects.exists()
    upload = do(whole, jr)
    upload.refresh_from_db()
    assert work.state(upload) == "applied"
    unit = Unit.objects.get(number="501")
    assert (unit.exists_from, unit.numbered_from) == (date(2020, 1, 1), date(2021, 1, 1))
    assert unit.former_numbers.get().number == "旧1"
    assert Lease.objects.active_on(ON).count() == 2
    assert Lease.objects.get(number="HT-3").terminated_on == date(2026, 10, 1)
    assert UnitClosure.objects.get().note == "自用"
    assert Qualification.objects.count() == YearFigure.objects.count() == 1
    assert "gzs" in Tenant.objects.get(name__startswith="长沙").initials
    assert not list(broken_links())
    again = check(whole(), park=jr, on=ON, by=None).findings
    assert again.counts == {"created": 0, "changed": 0, "unchanged": 13, "refused": 0}


def test_undo_takes_everything_back(jr):
    upload = do(whole, jr)
    work.claim(upload, work.UNDOING, parks=[jr.pk])
    undo(upload, by=None)
    upload.refresh_from_db()
    assert work.state(upload) == "undone"
    for model in (Unit, Lease, Tenant, Building, UploadAct):
        assert not model.objects.exists()
    assert not list(broken_links())


def test_what_builds_on_an_import_keeps_it(jr):
    upload = do(whole, jr)
    make_draft(units=[Unit.objects.get(number="502")], start=date(2030, 1, 1), end=date(2031, 1, 1))
    work.claim(upload, work.UNDOING, parks=[jr.pk])
    with pytest.raises(BuiltUpon):
        undo(upload, by=None)
    assert Unit.objects.count() == 3
    assert work.state(upload) == "applied"


def test_an_import_that_changes_what_was_there_is_undone_exactly(jr):
    unit = make_unit(park=jr, number="501")
    building, floor = unit.floor.building, unit.floor
    tenant = make_tenant(name="甲", home_park=jr)
    lease = make_lease(
        units=[unit], tenant=tenant, number="HT-1", start=date(2024, 1, 1), end=date(2027, 1, 1)
    )
    draft = make_draft(
        units=[unit], tenant=tenant, number="HT-2", start=date(2027, 1, 1), end=date(2028, 1, 1)
    )
    place = {"building": building.name, "floor": floor.name}

    def made():
        return book(
            units=[{**place, "number": "501A", "old_number": "501", "numbered_from": date(2026, 1, 1),
                    "gross_area_m2": Decimal("120.00")}],
            tenants=[{"name": "甲", "uscc": CODE}],
            leases=[{"number": "HT-1", "tenant": "甲", "handed_over_on": date(2024, 1, 5),
                     "terminated_on": date(2026, 12, 31)} | {"terminated_on": date(2026, 11, 30)},
                    {"number": "HT-2", "tenant": "甲", "deposit": Decimal("900.00")}],
            lines=[{**place, "lease": "HT-2", "unit": "501A", "start": date(2027, 1, 1), "rent": Decimal(40)}],
        )  # fmt: skip

    found = check(made(), park=jr, on=ON, by=None).findings
    assert not problems(found)
    assert found.counts["changed"] == 5
    before = (Lease.objects.filter(pk=lease.pk).values().get(), list(lease.lines.values()),
              Lease.objects.filter(pk=draft.pk).values().get(), list(draft.lines.values()),
              Unit.objects.values().get(), Tenant.objects.values().get())  # fmt: skip
    upload = do(made, jr)
    assert lease.lines.get().end == date(2026, 12, 1)
    assert draft.lines.get().rent == 40
    unit.refresh_from_db()
    assert (unit.number, unit.gross_area_m2) == ("501A", 120)
    work.claim(upload, work.UNDOING, parks=[jr.pk])
    undo(upload, by=None)
    after = (Lease.objects.filter(pk=lease.pk).values().get(), list(lease.lines.values()),
             Lease.objects.filter(pk=draft.pk).values().get(), list(draft.lines.values()),
             Unit.objects.values().get(), Tenant.objects.values().get())  # fmt: skip
    assert after == before


REFUSED = [
    ({"units": [unit_row("1"), unit_row("1")]}, ("units", 3, "twice")),
    ({"units": [unit_row("1", gross_area_m2=Decimal(0))]}, ("units", 2, "invalid_value")),
    ({"units": [unit_row("1", last_day=date(2019, 1, 1))]}, ("units", 2, "dates_out_of_order")),
    ({"units": [unit_row("1", park="XX")]}, ("units", 2, "park_unknown")),
    ({"tenants": [{"name": "甲", "uscc": "91430122MA4L16JF60"}]}, ("tenants", 2, "uscc_check_digit")),
    ({"leases": [lease_row("HT-1")]}, ("leases", 2, "tenant_unknown")),
    ({"tenants": [{"name": "长沙甲科技有限公司"}], "leases": [lease_row("HT-1")]}, ("leases", 2, "lease_empty")),
    ({"lines": [line_row("HT-9", "501")]}, ("lines", 2, "lease_unknown")),
]  # fmt: skip


@pytest.mark.parametrize(("sheets", "problem"), REFUSED)
def test_what_is_refused_is_named(jr, sheets, problem):
    assert problem in problems(check(book(**sheets), park=jr, on=ON, by=None).findings)


def overlapping(**second):
    return book(
        units=[unit_row("501", closed_for="own_use", closed_from=date(2030, 1, 1))],
        tenants=[{"name": "长沙甲科技有限公司"}],
        leases=[lease_row("HT-1"), lease_row("HT-2", **second)],
        lines=[line_row("HT-1", "501"), line_row("HT-2", "501")],
    )


@pytest.mark.parametrize(("second", "code"), [
    ({}, "lease_overlap"),
    ({"start": date(2029, 1, 1), "last_day": date(2031, 1, 1)}, "unit_closed"),
    ({"start": date(2019, 1, 1), "last_day": date(2019, 9, 1)}, "unit_not_there"),
    ({"start": date(2028, 1, 1), "last_day": date(2049, 1, 1)}, "term_too_long"),
])  # fmt: skip
def test_days_taken_twice_in_the_file(jr, second, code):
    codes = {
        row[2] for row in problems(check(overlapping(**second), park=jr, on=ON, by=None).findings)
    }
    assert code in codes


def test_days_taken_by_a_lease_of_the_database_name_it(jr):
    do(whole, jr)
    made = book(leases=[lease_row("HT-9")], lines=[line_row("HT-9", "501")])
    found = check(made, park=jr, on=ON, by=None).findings
    assert "HT-1" in next(p.message for p in found.all_problems())


def test_a_signed_lease_is_not_rewritten(jr):
    do(whole, jr)
    made = book(leases=[lease_row("HT-1", deposit=Decimal(5))])
    assert problems(check(made, park=jr, on=ON, by=None).findings) == {("leases", 2, "lease_state")}


def test_a_refused_file_and_a_changed_database_write_nothing(jr):
    bad = book(units=[unit_row("1", gross_area_m2=Decimal(0))])
    upload = upload_of(jr, check(bad, park=jr, on=ON, by=None).findings)
    work.claim(upload, work.APPLYING, parks=[jr.pk])
    with pytest.raises(Refused):
        apply(upload, bad, park=jr, on=ON, by=None)
    good = upload_of(jr, check(whole(), park=jr, on=ON, by=None).findings)
    make_tenant(name="乙团队", kind="team", home_park=jr)
    work.claim(good, work.APPLYING, parks=[jr.pk])
    with pytest.raises(FindingsChanged):
        apply(good, whole(), park=jr, on=ON, by=None)
    assert not Unit.objects.exists()


def test_a_service_that_refuses_in_the_middle_leaves_nothing(jr):
    """The check is right; a hold that comes while the import runs makes a service refuse."""
    do(lambda: book(units=[unit_row("501"), unit_row("502"), unit_row("503")]), jr)

    def made():
        return book(
            tenants=[{"name": "长沙甲科技有限公司"}],
            leases=[lease_row("HT-1")],
            lines=[line_row("HT-1", "501")],
        )

    upload = upload_of(jr, check(made(), park=jr, on=ON, by=None).findings)
    work.claim(upload, work.APPLYING, parks=[jr.pk])

    def hold(done, total):
        unit = Unit.objects.filter(number="501").first()
        if unit and not unit.holds.exists() and Lease.objects.exists():
            letting.hold_unit(
                unit=unit, applicant="丙", start=date(2025, 1, 1), end=date(2026, 1, 1), by=NOBODY
            )

    with pytest.raises(UnitHeld):
        apply(upload, made(), park=jr, on=ON, by=None, progress=hold)
    upload.refresh_from_db()
    assert upload.applied_at is None
    assert work.state(upload) == "checked"
    assert not Lease.objects.exists()


def test_one_file_at_a_time_per_park(jr):
    first, second = upload_of(jr), upload_of(jr)
    work.claim(first, work.APPLYING, parks=[jr.pk])
    with pytest.raises(work.Busy):
        work.claim(second, work.APPLYING, parks=[jr.pk])


def asked(unit):
    """What is asked for the unit: ``(rent, unit of rent, first day, day after the last)``."""
    rows = AskingRent.objects.filter(unit__number=unit)
    return list(rows.values_list("rent", "rent_unit", "start", "end"))


def test_an_asking_rent_comes_in_once_and_goes_out_as_it_came(jr):
    told = {"asked_rent": Decimal("38.50"), "asked_unit": "m2_month",
            "asked_from": date(2026, 1, 1)}  # fmt: skip
    day = {"asked_rent": Decimal("1.20"), "asked_unit": "m2_day",
           "asked_last_day": date(2026, 12, 31)}  # fmt: skip

    def made():
        return book(units=[unit_row("501", **told), unit_row("502"), unit_row("503", **day)])

    upload = do(made, jr)
    assert asked("501") == [(Decimal("38.50"), "m2_month", date(2026, 1, 1), None)]
    assert asked("503") == [(Decimal("1.20"), "m2_day", ON, date(2027, 1, 1))]
    assert not asked("502")
    assert check(made(), park=jr, on=ON, by=None).findings.counts["unchanged"] == 3
    found = {row["number"]: row for row in rows_of([jr], on=ON)["units"]}
    assert {name: found["501"][name] for name in told} == told
    assert found["501"]["asked_last_day"] is None
    assert {name: found["503"][name] for name in day} == day
    assert found["502"]["asked_rent"] is None
    assert (
        check(book(**rows_of([jr], on=ON)), park=jr, on=ON, by=None).findings.counts["unchanged"]
        == 3
    )
    work.claim(upload, work.UNDOING, parks=[jr.pk])
    undo(upload, by=None)
    assert not AskingRent.objects.exists()
    assert not list(broken_links())


def test_another_asking_rent_ends_the_one_before_and_is_undone_exactly(jr):
    unit = make_unit(park=jr)
    letting.set_asking_rent(unit=unit, rent=Decimal("30"), rent_unit="m2_month",
                            start=date(2026, 1, 1), by=NOBODY)  # fmt: skip
    row = rows_of([jr], on=ON)["units"][0]
    kept = asked(unit.number)
    risen = row | {"asked_rent": Decimal("35.00"), "asked_from": date(2026, 9, 1)}
    upload = do(lambda: book(units=[risen]), jr)
    assert asked(unit.number) == [
        (Decimal("30.00"), "m2_month", date(2026, 1, 1), date(2026, 9, 1)),
        (Decimal("35.00"), "m2_month", date(2026, 9, 1), None),
    ]
    found = check(book(units=[risen | {"asked_from": date(2026, 8, 1)}]), park=jr, on=ON, by=None)
    assert {code for _sheet, _row, code in problems(found.findings)} == {"asked_later"}
    work.claim(upload, work.UNDOING, parks=[jr.pk])
    undo(upload, by=None)
    assert asked(unit.number) == kept


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"asked_from": date(2019, 1, 1)}, "unit_not_there"),
        ({"asked_from": date(2026, 2, 1), "asked_last_day": date(2026, 1, 1)},
         "dates_out_of_order"),
        ({"asked_rent": Decimal("-1")}, "min_value"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(jr, cells, code):
    row = unit_row("501", asked_rent=Decimal("30")) | cells
    found = check(book(units=[row]), park=jr, on=ON, by=None).findings
    assert {one for _sheet, _row, one in problems(found)} == {code}


def test_export_goes_round(jr):
    do(whole, jr)
    unit = Unit.objects.get(number="502")
    for rent, start in ((30, date(2026, 1, 1)), (None, date(2027, 1, 1))):
        letting.set_asking_rent(unit=unit, rent=rent, rent_unit="m2_month", start=start, by=NOBODY)
    first = rows_of([jr], on=ON)
    assert [row["asked_rent"] for row in first["units"]].count(None) == 2
    for model in (AskingRent, LeaseLine, Qualification, YearFigure, UnitClosure, UploadAct):
        model.objects.all().delete()
    Lease.objects.all().delete()
    Tenant.objects.all().delete()
    Unit.objects.all().delete()
    for building in Building.objects.all():
        building.floors.all().delete()
        building.delete()
    do(lambda: book(**first), jr)
    assert rows_of([jr], on=ON) == first
