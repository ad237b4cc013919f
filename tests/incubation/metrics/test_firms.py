"""What a firm's metrics say: the examples of the domain notes, and what is not known."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from incubation.metrics import Firms
from incubation.metrics.calendar import PARTS, due_year, months_between
from incubation.models import Residency
from incubation.rules import Columns, Verdict
from incubation.selectors.assessment import assess
from tenants.models import CorporateEvent, Funding, IntellectualProperty, Qualification
from tests.factories.incubation import make_carrier
from tests.incubation.metrics.world import ON, figures, firm, rule, single, stay

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
WAN = 10_000


@pytest.fixture
def carrier(db):
    return make_carrier(name="金荣孵化器")


def column(residency, metric, on=ON):
    return Columns(Firms(Residency.objects.filter(pk=residency.pk)).on(on))[metric]


def value(residency, metric, on=ON):
    return column(residency, metric, on).value(0)


def verdict(residency, body, on=ON):
    return assess(Residency.objects.filter(pk=residency.pk), on=on, body=body).verdict(0)


def missing(residency, metric, on=ON):
    return column(residency, metric, on).missing(0)


@given(first=DAYS, months=st.integers(0, 120), beyond=st.integers(0, 27))
def test_months_are_those_of_the_calendar(first, months, beyond):
    last = first + relativedelta(months=months)
    found = months_between(
        np.array([first, first], "datetime64[D]"),
        np.array([last, last + timedelta(days=beyond)], "datetime64[D]"),
    )
    assert found.tolist() == [months * PARTS, months * PARTS + beyond]


@given(first=DAYS, day=st.integers(0, 4000))
def test_a_day_more_is_more(first, day):
    days = [first + timedelta(days=day + n) for n in range(2)]
    less, more = months_between(
        np.array([first] * 2, "datetime64[D]"), np.array(days, "datetime64[D]")
    )
    assert less < more


class TestEntry:
    def test_24_months_are_admitted_and_a_day_more_is_not(self, carrier):
        tenant = firm(founded_on=date(2022, 1, 10))
        body = single("months_founded_at_entry", "<=", "24")
        for entered, expected in (
            (date(2024, 1, 10), Verdict.MET),
            (date(2024, 1, 11), Verdict.NOT_MET),
        ):
            residency = stay(carrier, tenant, entered_on=entered)
            assert verdict(residency, body) == expected
            residency.delete()

    def test_the_last_day_of_a_shorter_month_is_the_month(self, carrier):
        residency = stay(carrier, entered_on=date(2021, 2, 28))
        assert value(residency, "months_stayed", date(2025, 2, 28)) == 48
        assert value(residency, "months_stayed", date(2025, 3, 1)) > 48
        late = stay(carrier, entered_on=date(2021, 8, 31))
        assert value(late, "months_stayed", date(2022, 2, 28)) == 6

    def test_60_months_are_for_the_special_fields(self, carrier):
        body = rule("incubated-firm")
        plain = stay(carrier, entered_on=date(2022, 1, 10))
        chips = stay(carrier, entered_on=date(2022, 1, 10), special_field="chips", months=60)
        found = assess(Residency.objects.all(), on=date(2026, 1, 11), body=body)
        stays = next(node.code for node in body.nodes if "months_stayed" in str(node))
        assert found.frame().loc[plain.pk, stays] == Verdict.NOT_MET
        assert found.frame().loc[chips.pk, stays] == Verdict.MET

    def test_a_transfer_within_the_stage_goes_on_counting(self, carrier):
        tenant = firm(founded_on=date(2021, 1, 10))
        first = stay(
            carrier, tenant, entered_on=date(2022, 1, 10), left_on=date(2024, 1, 10),
            outcome="transferred", destination="carrier",
        )  # fmt: skip
        second = stay(make_carrier(), tenant, entered_on=date(2024, 1, 10), previous=first)
        assert value(second, "months_stayed", date(2026, 1, 10)) == 48
        assert value(second, "months_founded_at_entry") == 12
        higher = stay(
            make_carrier(stage="accelerator"), firm(), entered_on=date(2024, 1, 10)
        )  # fmt: skip
        assert value(higher, "months_stayed", date(2026, 1, 10)) == 24

    def test_without_a_day_of_founding_nobody_knows(self, carrier):
        residency = stay(carrier, firm(founded_on=None))
        assert value(residency, "months_founded_at_entry") is None
        assert missing(residency, "months_founded_at_entry")

    def test_a_registered_address_of_a_later_day_says_when(self, carrier):
        residency = stay(carrier, registered_on=ON + timedelta(days=9))
        found = column(residency, "registered_inside")
        assert found.value(0) == 0
        assert found.earliest[0].item() == ON + timedelta(days=9)
        assert value(stay(carrier), "registered_inside") is None


class TestQualifications:
    def test_one_that_lapsed_in_2024_counts_in_a_report_for_2023(self, carrier):
        residency = stay(carrier, entered_on=date(2021, 6, 1))
        Qualification.objects.create(
            tenant=residency.tenant, kind="high_tech", number="GR2021", start=date(2021, 9, 18),
            end=date(2024, 9, 18),
        )  # fmt: skip
        graduate = rule("graduate")
        assert verdict(residency, graduate, date(2023, 12, 31)) == Verdict.MET
        assert value(residency, "high_tech", date(2024, 9, 17)) == 1
        assert value(residency, "high_tech", date(2024, 9, 18)) == 0

    def test_a_certificate_of_a_later_day_says_when(self, carrier):
        residency = stay(carrier)
        Qualification.objects.create(
            tenant=residency.tenant, kind="high_tech", number="GR2026", start=date(2026, 9, 1)
        )
        found = assess(Residency.objects.all(), on=ON, body=single("high_tech", "=="))
        assert found.explain(0).finding("only").earliest == date(2026, 9, 1)

    def test_nobody_asked_is_unknown_and_says_what_is_missing(self, carrier):
        residency = stay(carrier)
        for metric in ("high_tech", "science_sme", "merged_or_listed", "venture_total_yuan"):
            assert value(residency, metric) is None
            assert "2025" in missing(residency, metric)
        figures(residency.tenant, {2025: None})
        for metric in ("high_tech", "science_sme", "merged_or_listed", "venture_total_yuan"):
            assert value(residency, metric) == 0


class TestMoney:
    def test_500_wan_is_not_more_than_500_wan(self, carrier):
        residency = stay(carrier)
        body = single("venture_total_yuan", ">", str(500 * WAN))
        Funding.objects.create(
            tenant=residency.tenant, kind="angel", on=date(2025, 1, 1), amount=500 * WAN, number="T"
        )
        for kind in ("loan", "grant", "equity"):
            Funding.objects.create(
                tenant=residency.tenant,
                kind=kind,
                on=date(2025, 1, 1),
                amount=900 * WAN,
                number="T",
            )
        assert verdict(residency, body) == Verdict.NOT_MET
        Funding.objects.create(
            tenant=residency.tenant, kind="venture", on=date(2026, 7, 9), amount=Decimal("0.01"),
            number="T",
        )  # fmt: skip
        assert verdict(residency, body) == Verdict.NOT_MET
        assert verdict(residency, body, date(2026, 7, 9)) == Verdict.MET

    def test_money_already_recorded_for_a_later_day_says_when(self, carrier):
        residency = stay(carrier)
        for day, amount in (
            (date(2025, 1, 1), 300),
            (date(2026, 8, 1), 100),
            (date(2026, 9, 1), 150),
        ):
            Funding.objects.create(
                tenant=residency.tenant, kind="angel", on=day, amount=amount * WAN, number="T"
            )
        found = assess(
            Residency.objects.all(), on=ON, body=single("venture_total_yuan", ">=", str(500 * WAN))
        )
        assert found.explain(0).finding("only").earliest == date(2026, 9, 1)

    def test_1000_wan_in_two_consecutive_years_means_strictly_more(self, carrier):
        residency = stay(carrier, entered_on=date(2023, 5, 1))
        graduate = rule("graduate")
        figures(residency.tenant, {2023: 0, 2024: 400 * WAN, 2025: 600 * WAN})
        assert value(residency, "revenue_two_years_yuan") == 1000 * WAN
        assert verdict(residency, graduate) == Verdict.NOT_MET
        residency.tenant.year_figures.filter(year=2025).update(revenue=Decimal("6000000.01"))
        assert verdict(residency, graduate) == Verdict.MET

    def test_years_apart_are_not_consecutive(self, carrier):
        residency = stay(carrier, entered_on=date(2023, 5, 1))
        figures(residency.tenant, {2023: 800 * WAN, 2025: 800 * WAN})
        assert value(residency, "revenue_two_years_yuan") is None
        assert "2024" in missing(residency, "revenue_two_years_yuan")

    def test_what_is_not_confirmed_by_the_day_does_not_count(self, carrier):
        residency = stay(carrier, entered_on=date(2023, 5, 1))
        figures(residency.tenant, {2023: 1, 2024: 1})
        figures(residency.tenant, {2025: 5000 * WAN}, confirmed=False)
        graduate = rule("graduate")
        assert value(residency, "revenue_two_years_yuan") == 2
        found = assess(Residency.objects.all(), on=ON, body=graduate)
        assert found.verdict(0) == Verdict.UNKNOWN
        assert "2025" in found.explain(0).findings[0].missing

    def test_an_incomplete_sum_is_met_or_unknown_never_refused(self, carrier):
        residency = stay(carrier, entered_on=date(2022, 5, 1))
        figures(residency.tenant, {2024: 700 * WAN, 2025: 700 * WAN})
        body = single("revenue_two_years_yuan", ">", str(1000 * WAN))
        assert verdict(residency, body) == Verdict.MET
        residency.tenant.year_figures.filter(year=2025).update(revenue=0)
        assert verdict(residency, body) == Verdict.UNKNOWN

    def test_the_next_years_figures_are_due_by_the_end_of_march(self, carrier):
        residency = stay(carrier, entered_on=date(2024, 5, 1))
        figures(residency.tenant, {2024: 1, 2025: 1})
        found = column(residency, "revenue_two_years_yuan")
        assert found.earliest[0].item() == date(2027, 3, 31)
        assert [due_year(day) for day in (date(2026, 3, 30), date(2026, 3, 31))] == [2024, 2025]

    def test_growth_is_over_the_year_before(self, carrier):
        residency = stay(carrier)
        figures(residency.tenant, {2024: 300, 2025: 400})
        assert value(residency, "revenue_growth_share") == Fraction(1, 3)
        residency.tenant.year_figures.filter(year=2024).update(revenue=0)
        assert value(residency, "revenue_growth_share") is None


class TestRest:
    def test_merged_acquired_and_listed_count_and_the_end_of_a_firm_does_not(self, carrier):
        residency = stay(carrier)
        event = CorporateEvent.objects.create(
            tenant=residency.tenant, kind="deregistered", on=date(2025, 1, 1), number="1"
        )
        assert value(residency, "merged_or_listed") == 0
        event.kind = "acquired"
        event.save()
        assert value(residency, "merged_or_listed") == 1
        assert value(residency, "merged_or_listed", date(2024, 12, 31)) is None

    def test_rights_count_while_they_are_valid_and_else_the_figures(self, carrier):
        residency = stay(carrier)
        figures(residency.tenant, {2025: 1}, ip_held=4)
        assert value(residency, "ip_held") == 4
        IntellectualProperty.objects.create(
            tenant=residency.tenant, kind="invention", title="一种装置", number="ZL1",
            granted_on=date(2024, 1, 1), end=date(2026, 6, 30),
        )  # fmt: skip
        assert value(residency, "ip_held") == 0
        assert value(residency, "ip_held", date(2026, 6, 29)) == 1

    def test_a_graduate_of_an_incubator_may_enter_an_accelerator(self, carrier):
        tenant = firm()
        stay(
            carrier, tenant, entered_on=date(2023, 3, 1), left_on=date(2026, 1, 1),
            outcome="graduated", destination="carrier",
        )  # fmt: skip
        entry = rule("accelerator-entry")
        next_one = stay(make_carrier(stage="accelerator"), tenant, entered_on=date(2026, 1, 1))
        assert verdict(next_one, entry) == Verdict.MET
        assert verdict(next_one, entry, date(2025, 12, 31)) != Verdict.MET
