"""The pages of residencies: lists as of a day, forms that say what follows, acts in bulk."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incubation import services as incubation
from incubation.models import Residency
from incubation.rules import METRICS
from incubation.rules.files import read_files, shipped
from incubation.services.rule_sets import load_rule_sets
from tenants.models import Tenant
from tests.factories import NOBODY, make_lease, make_tenant, make_unit
from tests.factories.incubation import make_carrier, make_residency

ON = date(2026, 6, 30)
FOUNDED, LATE = date(2022, 1, 10), date(2024, 1, 11)


@pytest.fixture
def carrier(jr):
    return make_carrier(park=jr, name="金荣孵化器")


@pytest.fixture
def staff(client, operator):
    client.force_login(operator)
    return client


def due_in(days, carrier, **fields):
    """A residency of today's lists that is due in so many days."""
    residency = make_residency(carrier=carrier, entered_on=date(2019, 1, 1), **fields)
    Residency.objects.filter(pk=residency.pk).update(
        due_on=timezone.localdate() + timedelta(days=days)
    )
    return residency


def page(client, path, **query):
    return client.get(path, query).content.decode()


def test_the_list_filters_orders_and_exports_what_it_shows(staff, carrier):
    tenant = make_tenant(name="甲科技", home_park=carrier.park, field="芯片", chain="terminal")
    make_residency(carrier=carrier, tenant=tenant)
    gone = make_residency(carrier=carrier, entered_on=date(2020, 1, 1))
    incubation.leave_carrier(
        residency=gone, left_on=date(2023, 1, 1), outcome="withdrew", destination="outside",
        by=NOBODY,
    )  # fmt: skip
    shown = page(staff, "/residencies/", on=ON, chain="terminal", field="芯片", state="in")
    assert "甲科技" in shown
    assert gone.tenant.name not in shown
    left = page(staff, "/residencies/", on=ON, outcome="withdrew")
    assert gone.tenant.name in left
    assert "2023-01-01" in left
    # On an earlier day nobody knew that it would leave.
    assert "2023-01-01" not in page(staff, "/residencies/", on="2022-06-30", q=gone.tenant.name)
    csv = page(staff, "/residencies/", on=ON, format="csv", state="left")
    assert gone.tenant.name in csv
    assert "甲科技" not in csv
    assert staff.get("/residencies/", {"carrier": "x", "due_within": "y"}).status_code == 200


def test_lists_cost_the_same_for_one_and_for_three(staff, carrier):
    def queries(path):
        with CaptureQueriesContext(connection) as caught:
            assert staff.get(path).status_code == 200
        return len(caught)

    due_in(30, carrier)
    paths = ["/residencies/", "/residencies/due/", "/tasks/residency-due-last/"]
    for path in paths:
        queries(path)
    one = [queries(path) for path in paths]
    for _n in range(2):
        due_in(30, carrier)
    assert [queries(path) for path in paths] == one


def test_who_is_due_stands_in_one_group(staff, carrier):
    days = {"over": 0, "last": 90, "second": 91, "first": 240}
    rows = {key: due_in(n, carrier) for key, n in days.items()}
    later = due_in(241, carrier)
    answer = staff.get("/residencies/due/")
    groups = {one["key"]: [row.pk for row in one["rows"]] for one in answer.context["groups"]}
    assert groups == {key: [row.pk] for key, row in rows.items()}
    assert later.tenant.name not in answer.content.decode()


def test_the_board_counts_what_its_lists_hold(staff, carrier):
    for days in (-1, 90, 91, 181):
        due_in(days, carrier)
    board = page(staff, "/")
    for key in ("over", "due-last", "due-second", "due-first"):
        assert f"/tasks/residency-{key}/" in board
        assert len(staff.get(f"/tasks/residency-{key}/").context["rows"]) == 1


class TestAdmitting:
    @pytest.fixture(autouse=True)
    def rules(self, db):
        load_rule_sets(read_files(shipped(), METRICS), by=None, at=datetime(2026, 1, 1, tzinfo=UTC))

    def values(self, carrier, **more):
        return {"carrier": carrier.pk, "agreement_number": "FH-1", "entered_on": LATE} | more

    def test_a_new_tenant_is_made_and_admitted_with_an_exemption(self, staff, carrier, operator):
        values = self.values(carrier, new_name="乙团队", new_kind="firm", new_founded_on=FOUNDED)
        refused = staff.post("/residencies/new/", values)
        assert refused.status_code == 200
        assert "24" in refused.content.decode()
        assert not Tenant.objects.filter(name="乙团队").exists()
        answer = staff.post("/residencies/new/", values | {"exemption_reason": "重点引进"})
        residency = Residency.objects.get()
        assert answer["Location"] == f"/residencies/{residency.pk}/"
        assert residency.exempted_by == operator
        assert residency.tenant.home_park == carrier.park

    def test_what_follows_is_shown_before_and_nothing_kept(self, staff, carrier):
        tenant = make_tenant(home_park=carrier.park, founded_on=FOUNDED)
        live = {"HTTP_HX_REQUEST": "true"}
        values = self.values(carrier, tenant=tenant.pk, agreement_number="")
        shown = staff.post("/residencies/new/", values, **live).content.decode()
        assert "2028-01-11" in shown
        assert "verdict-not-met" in shown
        assert "verdict-unknown" in shown
        empty = staff.post("/residencies/new/", {}, **live).content.decode()
        assert "verdict" not in empty
        assert not Residency.objects.exists()
        make_residency(tenant=tenant, entered_on=FOUNDED)
        taken = staff.post("/residencies/new/", values, **live).content.decode()
        assert "notice bad" in taken

    def test_a_carrier_of_another_park_is_not_to_choose(self, staff, ld):
        values = self.values(make_carrier(park=ld), new_name="丙")
        answer = staff.post("/residencies/new/", values)
        assert "carrier" in answer.context["form"].errors
        assert staff.get("/residencies/carriers/", {"typed": ""}).json()["found"] == []


def test_carriers_are_found_by_words(staff, carrier):
    make_carrier(park=carrier.park, name="金荣加速器", stage="accelerator")
    found = staff.get("/residencies/carriers/", {"typed": "金荣 孵化器"}).json()["found"]
    assert [key for key, _words in found] == [carrier.pk]
    rows = staff.get("/residencies/carriers/", {"typed": "", "stage": "accelerator"}).json()
    assert len(rows["found"]) == 1


class TestActs:
    def test_each_says_what_follows_and_does_it(self, staff, carrier, jr):
        residency = make_residency(carrier=carrier)
        unit = make_unit(park=jr)
        make_lease(
            units=[unit], tenant=residency.tenant, start=date(2024, 1, 10), end=date(2039, 1, 1)
        )
        base = f"/residencies/{residency.pk}"
        assert "2028-01-10" in page(staff, f"{base}/extend/")
        staff.post(f"{base}/extend/", {
            "due_on": "2029-01-10", "decided_on": "2026-01-01", "reason": "研发周期长",
        })  # fmt: skip
        assert "2029-01-10" in page(staff, f"{base}/")
        assert residency.tenant.leases.get().number in page(staff, f"{base}/leave/")
        staff.post(f"{base}/leave/", {
            "left_on": "2026-02-01", "outcome": "withdrew", "destination": "outside",
        })  # fmt: skip
        residency.refresh_from_db()
        assert residency.left_on == date(2026, 2, 1)
        staff.post(f"{base}/reopen/", {"reason": "录错"})
        residency.refresh_from_db()
        assert residency.left_on is None

    def test_a_refusal_keeps_what_was_typed(self, staff, carrier):
        residency = make_residency(carrier=carrier)
        answer = staff.post(f"/residencies/{residency.pk}/extend/", {
            "due_on": "2027-01-10", "decided_on": "2026-01-01", "reason": "短了",
        })  # fmt: skip
        body = answer.content.decode()
        assert "2028-01-10" in body
        assert "短了" in body

    def test_a_transfer_and_the_next_stage(self, staff, carrier, jr):
        residency = make_residency(carrier=carrier)
        other = make_carrier(park=jr, name="二期孵化器")
        up = make_carrier(park=jr, name="加速器", stage="accelerator")
        base = f"/residencies/{residency.pk}"
        live = {"HTTP_HX_REQUEST": "true"}
        move = {"carrier": other.pk, "on_day": "2025-01-01", "agreement_number": "T-1",
                "reason": "换址"}  # fmt: skip
        shown = staff.post(f"{base}/transfer/", move, **live).content.decode()
        assert "2028-01-10" in shown
        wrong = staff.post(f"{base}/transfer/", move | {"carrier": up.pk})
        assert "carrier" in wrong.context["form"].errors
        staff.post(f"{base}/transfer/", move)
        after = Residency.objects.get(previous=residency)
        assert staff.get(f"/residencies/{after.pk}/advance/").status_code == 200
        staff.post(f"/residencies/{after.pk}/advance/", {
            "carrier": up.pk, "on_day": "2026-01-01", "agreement_number": "A-1",
        })  # fmt: skip
        assert Residency.objects.get(previous=after).carrier == up
        assert "加速器" in page(staff, f"/residencies/{after.pk}/")

    def test_corrections_are_written_down(self, staff, carrier):
        residency = make_residency(carrier=carrier, agreement_number="FH-1")
        path = f"/residencies/{residency.pk}/correct/"
        same = {"agreement_number": "FH-1", "special_field": "", "reason": "录错"}
        assert staff.post(path, same).status_code == 200
        assert staff.post(path, same | {"agreement_number": "FH-2"}).status_code == 302
        residency.refresh_from_db()
        assert residency.agreement_number == "FH-2"

    def test_an_entry_by_mistake_is_withdrawn(self, staff, carrier):
        residency = make_residency(carrier=carrier)
        path = f"/residencies/{residency.pk}/withdraw/"
        assert staff.post(path, {"reason": ""}).status_code == 200
        assert staff.post(path, {"reason": "录错"})["Location"] == "/residencies/"
        assert not Residency.objects.exists()


class TestBulk:
    def test_many_are_extended_or_none(self, staff, carrier):
        rows = [due_in(30, carrier) for _n in range(2)]
        keys = [row.pk for row in rows]
        shown = page(staff, "/residencies/extend/", residency=keys)
        assert all(row.tenant.name in shown for row in rows)
        today = timezone.localdate()
        values = {"residency": keys, "due_on": today + timedelta(days=400), "months": "",
                  "decided_on": today, "reason": "统一延期"}  # fmt: skip
        previews = staff.post("/residencies/extend/", values).context["previews"]
        assert {one["refusal"] for one in previews} == {""}
        short = values | {"due_on": today + timedelta(days=10), "apply": "1"}
        assert staff.post("/residencies/extend/", short).status_code == 200
        assert not rows[0].extensions.exists()
        assert staff.post("/residencies/extend/", values | {"apply": "1"}).status_code == 302
        assert all(row.extensions.count() == 1 for row in rows)

    def test_many_leave_or_none(self, staff, carrier, ld):
        rows = [due_in(-10, carrier) for _n in range(2)]
        strange = due_in(-10, make_carrier(park=ld))
        keys = [row.pk for row in [*rows, strange]]
        values = {"residency": keys, "left_on": timezone.localdate(), "outcome": "expired",
                  "destination": "unknown", "apply": "1"}  # fmt: skip
        assert staff.post("/residencies/leave/", values).status_code == 302
        assert Residency.objects.filter(outcome="expired").count() == 2
        strange.refresh_from_db()
        assert strange.left_on is None

    def test_nobody_chosen_says_what_to_do(self, staff):
        assert "/residencies/due/" in page(staff, "/residencies/extend/")


def test_a_startup_sees_its_own_and_how_long_it_may_stay(client, startup, carrier):
    mine = make_residency(
        carrier=carrier, tenant=startup.tenants.get(), entered_on=date(2024, 1, 10)
    )
    other = make_residency(carrier=carrier)
    client.force_login(startup)
    board = page(client, "/", on="2027-01-01")
    assert f"/residencies/{mine.pk}/" in board
    assert "12" in board
    assert client.get(f"/residencies/{mine.pk}/").status_code == 200
    assert client.get(f"/residencies/{other.pk}/").status_code == 404
