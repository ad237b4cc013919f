"""A park with oddities goes out and comes back cell by cell."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parks.models import AuditEntry, AuditHead, Park, Upload
from tenants.ledger.apply import Writer
from tenants.ledger.check import check
from tenants.ledger.export import rows_of
from tenants.ledger.reader import read
from tests.tenants.ledger.handmade import book, ledger_workbook
from tests.tenants.ledger.test_ledger import line_row, unit_row, upload_of

ON = date(2026, 6, 30)
KEPT = {Park, AuditEntry, AuditHead, Upload}


def empty():
    """Everything but the parks and the trail is gone, whatever holds on to whatever."""
    tables = [
        model._meta.db_table
        for app in ("incubation", "tenants", "parks")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model not in KEPT
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # What is still to be checked would stand in the way.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            return
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")


def take_in(made, park):
    checked = check(made, park=park, on=ON, by=None)
    assert not checked.findings.refused, list(checked.findings.all_problems())[:5]
    Writer(upload_of(park), None, None).write(checked.plan)


words = st.text("甲乙丙丁ab1-'=+@", min_size=1, max_size=12).filter(lambda t: t.strip() == t)
money = st.decimals(0, 10**9, places=2)


@pytest.mark.django_db
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    number=words, tenant=words, note=words, area=st.decimals("0.01", 90000, places=2),
    deposit=money, rent=st.decimals(0, 9999, places=4), fee=money,
    height=st.none() | st.decimals(0, 900, places=2),
)  # fmt: skip
def test_odd_values_go_round(jr, number, tenant, note, area, deposit, rent, fee, height):
    empty()
    take_in(
        book(
            units=[unit_row(number, gross_area_m2=area, clear_height_m=height)],
            tenants=[{"name": tenant, "kind": "team", "field": note}],
            leases=[{"number": note, "tenant": tenant, "start": date(2024, 3, 1),
                     "last_day": date(2027, 2, 28), "deposit": deposit, "note": note,
                     "property_fee_m2_month": Decimal(fee)}],
            lines=[line_row(note, number, rent=rent)],
        ),
        jr,
    )  # fmt: skip
    first = rows_of([jr], on=ON)
    made = read(ledger_workbook([jr], on=ON), name="台账.xlsx")
    empty()
    take_in(made, jr)
    assert rows_of([jr], on=ON) == first
