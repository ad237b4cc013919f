"""The acts on residencies, and what they refuse in words."""

from datetime import date, timedelta

import pytest

from incubation import services as incubation
from incubation.errors import (
    AgreementTaken,
    AlreadyResident,
    CarrierNotOpen,
    DueDay,
    ExemptionByNobody,
    OutcomeRefused,
    ResidencyState,
    StageOrder,
)
from incubation.models import Residency
from parks import audit
from parks.errors import DatesOutOfOrder, InvalidValue
from parks.models import AuditEntry
from tenants import services as letting
from tenants.errors import TenantMerged
from tests.factories import NOBODY, make_park, make_tenant
from tests.factories.incubation import make_carrier, make_residency

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 30)
ENTERED = date(2024, 1, 10)


def due(residency, on=TODAY):
    return Residency.objects.with_due(on).get(pk=residency.pk).due


def actions():
    return list(AuditEntry.objects.order_by("sequence").values_list("action", flat=True))


def leave(residency, left_on=date(2025, 1, 1), outcome="withdrew", destination="outside", **more):
    return incubation.leave_carrier(
        residency=residency, left_on=left_on, outcome=outcome, destination=destination,
        by=NOBODY, **more,
    )  # fmt: skip


def move(act, residency, carrier, on_day=date(2025, 3, 1), number="X-1", **more):
    return act(
        residency=residency, carrier=carrier, on_day=on_day, agreement_number=number, by=NOBODY,
        reason="换址", **more,
    )  # fmt: skip


class TestAdmitting:
    def test_an_admission_is_due_after_the_months_of_its_stage_and_written_down(self):
        residency = make_residency(entered_on=date(2021, 2, 28), agreement_number=" FH-7 ")
        assert residency.due_on == date(2025, 2, 28)
        assert residency.agreement_number == "FH-7"
        entry = AuditEntry.objects.order_by("-sequence").first()
        assert (entry.action, entry.park) == ("admit", residency.carrier.park)

    def test_a_special_field_gives_60_months(self):
        residency = make_residency(entered_on=date(2021, 2, 28), special_field="biomedicine")
        assert residency.due_on == date(2026, 2, 28)

    def test_a_carrier_takes_nobody_before_it_opens_or_once_its_end_is_known(self):
        early = make_carrier(opened_on=date(2024, 2, 1))
        with pytest.raises(CarrierNotOpen, match="2024-02-01"):
            make_residency(carrier=early, entered_on=ENTERED)
        closing = make_carrier(closed_on=date(2026, 1, 1))
        with pytest.raises(CarrierNotOpen, match="2026-01-01"):
            make_residency(carrier=closing, entered_on=ENTERED)

    def test_nobody_is_in_two_carriers_on_one_day(self):
        tenant = make_tenant()
        first = make_residency(tenant=tenant)
        with pytest.raises(AlreadyResident, match="2024-01-10"):
            make_residency(tenant=tenant, entered_on=date(2025, 1, 1))
        with pytest.raises(AlreadyResident):
            make_residency(tenant=tenant, entered_on=date(2020, 1, 1))
        leave(first, date(2025, 1, 1))
        assert make_residency(tenant=tenant, entered_on=date(2025, 1, 1)).pk

    def test_the_database_itself_refuses_the_second(self):
        first = make_residency()
        wanted = incubation.Entry(first.tenant, make_carrier(), "FH-2", ENTERED)
        with pytest.raises(AlreadyResident):
            incubation.admit_tenants([wanted, wanted], by=NOBODY, on=TODAY)

    def test_an_agreement_number_is_used_once_in_a_carrier(self):
        first = make_residency(agreement_number="FH-1")
        with pytest.raises(AgreementTaken, match="FH-1"):
            make_residency(carrier=first.carrier, agreement_number="FH-1")
        with pytest.raises(InvalidValue):
            make_residency(agreement_number="  ")
        assert make_residency(agreement_number="FH-1").pk

    def test_nobody_enters_under_a_name_that_was_merged_away(self):
        keep, other = make_tenant(), make_tenant()
        letting.merge_tenants(keep=keep, other=other, on=TODAY, by=NOBODY, reason="同一企业")
        with pytest.raises(TenantMerged):
            make_residency(tenant=other)

    def test_what_has_not_come_is_not_recorded_as_done(self):
        with pytest.raises(DatesOutOfOrder):
            make_residency(consent_on=TODAY + timedelta(days=1))

    def test_many_are_admitted_together_or_not_at_all(self):
        carrier = make_carrier()
        entries = [incubation.Entry(make_tenant(), carrier, f"B-{n}", ENTERED) for n in range(30)]
        clash = incubation.Entry(make_tenant(), carrier, "B-3", ENTERED)
        with pytest.raises(AgreementTaken):
            incubation.admit_tenants([*entries, clash], by=NOBODY, on=TODAY)
        assert not Residency.objects.exists()
        made = incubation.admit_tenants(entries, by=NOBODY, on=TODAY)
        assert [row.agreement_number for row in made] == [e.agreement_number for e in entries]
        assert all(row.pk for row in made)

    def test_an_exemption_has_a_name(self, operator):
        with pytest.raises(ExemptionByNobody):
            make_residency(exemption_reason="重点引进")
        residency = make_residency(exemption_reason="重点引进", by=operator)
        assert residency.exempted_by == operator


class TestExtending:
    def extend(self, residency, due_on, decided_on=date(2027, 12, 1), reason="研发周期长"):
        return incubation.extend_residency(
            residency=residency, due_on=due_on, decided_on=decided_on, reason=reason, by=NOBODY
        )

    def test_an_extension_counts_from_the_day_it_was_decided(self):
        residency = make_residency()
        self.extend(residency, date(2029, 1, 10))
        assert due(residency, date(2027, 11, 30)) == date(2028, 1, 10)
        assert due(residency, date(2027, 12, 1)) == date(2029, 1, 10)

    def test_it_leads_to_a_later_day_and_has_a_reason(self):
        residency = make_residency()
        with pytest.raises(DueDay, match="2028-01-10"):
            self.extend(residency, date(2028, 1, 10))
        with pytest.raises(InvalidValue):
            self.extend(residency, date(2029, 1, 10), reason=" ")
        with pytest.raises(DueDay):
            self.extend(residency, date(2028, 6, 1), decided_on=date(2028, 6, 1))
        with pytest.raises(DatesOutOfOrder):
            self.extend(residency, date(2029, 1, 10), decided_on=date(2024, 1, 9))

    def test_decisions_follow_one_another(self):
        residency = make_residency()
        self.extend(residency, date(2029, 1, 10))
        with pytest.raises(DatesOutOfOrder, match="2027-12-01"):
            self.extend(residency, date(2030, 1, 10), decided_on=date(2027, 6, 1))
        with pytest.raises(DueDay, match="2029-01-10"):
            self.extend(residency, date(2028, 6, 1), decided_on=date(2027, 12, 31))
        self.extend(residency, date(2030, 1, 10), decided_on=date(2028, 12, 1))
        assert due(residency, date(2029, 1, 1)) == date(2030, 1, 10)

    def test_who_left_is_not_extended(self):
        residency = make_residency()
        leave(residency)
        with pytest.raises(ResidencyState):
            self.extend(residency, date(2029, 1, 10))

    def test_many_at_once_all_or_none(self):
        one, other = make_residency(), make_residency()
        leave(other)
        rows = [
            incubation.Extension(row, date(2029, 1, 10), date(2027, 1, 1), "延期")
            for row in (one, other)
        ]
        with pytest.raises(ResidencyState):
            incubation.extend_residencies(rows, by=NOBODY)
        assert due(one) == date(2028, 1, 10)
        incubation.extend_residencies(rows[:1], by=NOBODY)
        assert due(one, date(2027, 1, 1)) == date(2029, 1, 10)


class TestMoving:
    def test_a_transfer_stays_in_the_stage_and_keeps_the_due_day(self):
        residency = make_residency(consent_on=ENTERED, special_field="chips")
        incubation.extend_residency(
            residency=residency, due_on=date(2029, 7, 1), decided_on=date(2024, 6, 1),
            reason="延期", by=NOBODY,
        )  # fmt: skip
        after = move(incubation.transfer_residency, residency, make_carrier())
        residency.refresh_from_db()
        assert (residency.left_on, residency.outcome) == (date(2025, 3, 1), "transferred")
        assert residency.destination == "carrier"
        assert (after.previous, after.entered_on) == (residency, date(2025, 3, 1))
        assert due(after) == date(2029, 7, 1)
        assert (after.consent_on, after.special_field) == (ENTERED, "chips")
        assert actions()[-2:] == ["leave", "transfer"]

    def test_an_extension_decided_after_the_day_of_the_transfer_goes_on_too(self):
        residency = make_residency(entered_on=ENTERED)
        incubation.extend_residency(
            residency=residency, due_on=date(2029, 7, 1), decided_on=date(2025, 6, 1),
            reason="延期", by=NOBODY,
        )  # fmt: skip
        after = move(incubation.transfer_residency, residency, make_carrier())
        assert due(after, date(2025, 3, 1)) == date(2028, 1, 10)
        assert due(after) == date(2029, 7, 1)
        assert actions()[-1] == "extend"

    def test_a_transfer_out_of_the_stage_is_none(self):
        residency = make_residency()
        with pytest.raises(StageOrder):
            move(incubation.transfer_residency, residency, make_carrier(stage="accelerator"))
        with pytest.raises(StageOrder):
            move(incubation.transfer_residency, residency, residency.carrier)

    def test_who_is_due_is_extended_before_a_transfer(self):
        residency = make_residency(entered_on=date(2020, 1, 10))
        with pytest.raises(DueDay, match="2024-01-10"):
            move(incubation.transfer_residency, residency, make_carrier())

    def test_the_next_stage_begins_a_new_clock(self):
        residency = make_residency(stage="makerspace")
        after = move(incubation.advance_residency, residency, make_carrier())
        assert after.due_on == date(2029, 3, 1)
        residency.refresh_from_db()
        assert residency.outcome == "advanced"

    @pytest.mark.parametrize(
        ("here", "there"),
        [
            ("makerspace", "accelerator"), ("incubator", "makerspace"),
            ("incubator", "incubator"), ("accelerator", "accelerator"),
        ],
    )  # fmt: skip
    def test_stages_are_taken_one_by_one_upwards(self, here, there):
        residency = make_residency(stage=here)
        with pytest.raises(StageOrder):
            move(incubation.advance_residency, residency, make_carrier(stage=there))
        residency.refresh_from_db()
        assert residency.left_on is None

    def test_it_goes_on_after_it_entered(self):
        residency = make_residency(stage="makerspace")
        with pytest.raises(DatesOutOfOrder):
            move(incubation.advance_residency, residency, make_carrier(), on_day=ENTERED)

    def test_a_refused_entry_leaves_the_residency_before_as_it_was(self):
        residency = make_residency()
        closed = make_carrier(closed_on=date(2027, 1, 1))
        with pytest.raises(CarrierNotOpen):
            move(incubation.transfer_residency, residency, closed)
        residency.refresh_from_db()
        assert residency.left_on is None


class TestLeaving:
    def test_who_leaves_has_an_outcome_and_went_somewhere(self):
        residency = leave(make_residency(), destination_note="长沙高新区", reason="自愿")
        residency.refresh_from_db()
        assert (residency.left_on, residency.outcome) == (date(2025, 1, 1), "withdrew")
        with pytest.raises(ResidencyState, match="2025-01-01"):
            leave(residency)

    def test_one_day_is_the_least(self):
        with pytest.raises(DatesOutOfOrder):
            leave(make_residency(), ENTERED)

    def test_moving_on_is_no_leaving(self):
        with pytest.raises(OutcomeRefused):
            leave(make_residency(), outcome="advanced", destination="carrier")

    def test_only_what_is_dissolved_goes_nowhere(self):
        with pytest.raises(OutcomeRefused):
            leave(make_residency(), outcome="dissolved", destination="outside")
        with pytest.raises(OutcomeRefused):
            leave(make_residency(), destination="none")
        assert leave(make_residency(), outcome="dissolved", destination="none").pk

    def test_leaving_when_due_is_not_leaving_before(self):
        residency = make_residency()
        with pytest.raises(OutcomeRefused, match="2028-01-10"):
            leave(residency, date(2028, 1, 9), outcome="expired")
        assert leave(residency, date(2028, 1, 10), outcome="expired").outcome == "expired"

    def test_many_at_once_all_or_none(self):
        rows = [make_residency(), make_residency(entered_on=date(2025, 6, 1))]
        departures = [
            incubation.Departure(row, date(2025, 1, 1), "removed", "unknown") for row in rows
        ]
        with pytest.raises(DatesOutOfOrder):
            incubation.leave_carriers(departures, by=NOBODY)
        assert Residency.objects.filter(left_on=None).count() == 2

    def test_a_leaving_is_taken_back(self):
        residency = leave(make_residency())
        incubation.reopen_residency(residency=residency, by=NOBODY, reason="录错")
        residency.refresh_from_db()
        assert (residency.left_on, residency.outcome, residency.destination) == (None, "", "")
        with pytest.raises(ResidencyState):
            incubation.reopen_residency(residency=residency, by=NOBODY, reason="录错")

    def test_but_not_once_the_tenant_went_on(self):
        residency = make_residency()
        move(incubation.transfer_residency, residency, make_carrier())
        residency.refresh_from_db()
        with pytest.raises(ResidencyState):
            incubation.reopen_residency(residency=residency, by=NOBODY, reason="录错")
        left = leave(make_residency())
        make_residency(tenant=left.tenant, entered_on=date(2026, 1, 1))
        with pytest.raises(AlreadyResident):
            incubation.reopen_residency(residency=left, by=NOBODY, reason="录错")


class TestWithdrawing:
    def withdraw(self, residency, reason="录错企业"):
        return incubation.withdraw_residency(residency=residency, by=NOBODY, reason=reason)

    def test_an_entry_by_mistake_never_was_and_the_trail_keeps_it(self):
        residency = make_residency(agreement_number="FH-1")
        assert self.withdraw(residency) is None
        assert not Residency.objects.exists()
        entry = AuditEntry.objects.order_by("-sequence").first()
        assert (entry.action, entry.before["agreement_number"]) == ("remove", "FH-1")
        assert make_residency(tenant=residency.tenant).pk

    def test_the_residency_before_goes_on(self):
        residency = make_residency()
        after = move(incubation.transfer_residency, residency, make_carrier())
        assert self.withdraw(after) == residency
        residency.refresh_from_db()
        assert (residency.left_on, residency.outcome) == (None, "")

    def test_what_was_built_upon_stays(self):
        residency = make_residency()
        with pytest.raises(InvalidValue):
            self.withdraw(residency, reason=" ")
        incubation.extend_residency(
            residency=residency, due_on=date(2029, 1, 1), decided_on=ENTERED, reason="延期",
            by=NOBODY,
        )  # fmt: skip
        with pytest.raises(ResidencyState):
            self.withdraw(residency)
        with pytest.raises(ResidencyState):
            self.withdraw(leave(make_residency()))


class TestCorrecting:
    def correct(self, residency, reason="录错", **fields):
        return incubation.correct_residency(residency=residency, by=NOBODY, reason=reason, **fields)

    def test_the_trail_keeps_the_old_value(self):
        residency = make_residency(agreement_number="FH-1")
        self.correct(residency, agreement_number="FH-2", registered_on=ENTERED, consent_on=ENTERED)
        entry = AuditEntry.objects.order_by("-sequence").first()
        assert entry.before["agreement_number"] == "FH-1"
        assert entry.after["agreement_number"] == "FH-2"
        assert entry.reason == "录错"

    def test_another_special_field_moves_the_due_day(self):
        residency = self.correct(make_residency(), special_field="chips")
        assert residency.due_on == date(2029, 1, 10)
        after = move(incubation.transfer_residency, residency, make_carrier())
        for one in (after, Residency.objects.get(pk=residency.pk)):
            with pytest.raises(DueDay):
                self.correct(one, special_field="")

    def test_it_has_a_reason_and_keeps_to_what_is_to_correct(self):
        residency = make_residency()
        with pytest.raises(InvalidValue):
            self.correct(residency, reason="", note="x")
        with pytest.raises(InvalidValue):
            self.correct(residency, left_on=TODAY)
        other = make_residency(carrier=residency.carrier, agreement_number="FH-9")
        with pytest.raises(AgreementTaken):
            self.correct(residency, agreement_number=other.agreement_number)


def test_a_team_that_registers_a_firm_stays_the_same_tenant_and_residency():
    team = make_tenant(kind="team", name="起点团队")
    residency = make_residency(tenant=team, stage="makerspace")
    letting.correct_tenant(
        tenant=team, by=NOBODY, kind="firm", founded_on=date(2024, 9, 1), reason="注册公司"
    )
    again = Residency.objects.get(tenant=team)
    assert again == residency
    assert again.due_on == date(2026, 1, 10)
    assert again.tenant.founded_on > again.entered_on
    assert Residency.objects.incubated_on(date(2025, 1, 1)).get() == residency
    assert not Residency.objects.incubated_on(date(2024, 8, 31)).exists()


def test_every_act_is_in_the_unbroken_trail():
    residency = make_residency(carrier=make_carrier(park=make_park(code="ZZ")))
    move(incubation.transfer_residency, residency, make_carrier())
    assert list(audit.broken_links()) == []
