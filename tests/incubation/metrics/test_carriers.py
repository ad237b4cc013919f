"""What a carrier's metrics say: the examples of the domain notes, and what is not known."""

from datetime import date
from fractions import Fraction

import pytest
from dateutil.relativedelta import relativedelta

from incubation.metrics import Carriers
from incubation.models import Carrier, CarrierYear, Mentor, Residency, ServiceEvent
from incubation.rules import Columns, Verdict
from incubation.selectors.assessment import assess
from parks.models import UnitClosure
from tenants.models import Funding, IntellectualProperty
from tests.factories.incubation import make_carrier
from tests.incubation.metrics.world import ON, figures, firm, let, single, space_of, stay


@pytest.fixture
def carrier(db):
    return make_carrier(name="金荣孵化器", opened_on=date(2023, 6, 30))


def column(carrier, metric, on=ON):
    return Columns(Carriers(Carrier.objects.filter(pk=carrier.pk), [on]).on(on))[metric]


def value(carrier, metric, on=ON):
    return column(carrier, metric, on).value(0)


def judged(carrier, metric, operator, threshold, on=ON):
    found = assess(
        Carrier.objects.filter(pk=carrier.pk), on=on, body=single(metric, operator, threshold)
    )
    return found.explain(0).finding("only")


def year(carrier, number=2025, **fields):
    return CarrierYear.objects.create(carrier=carrier, year=number, **fields)


def many(carrier, count, **fields):
    return [stay(carrier, entered_on=date(2025, 1, 1), **fields) for _number in range(count)]


class TestFirmsAndSpace:
    def test_50_firms_in_16700_m2_are_2_994_and_fail_3(self, carrier):
        space_of(carrier, 16_700)
        many(carrier, 50)
        found = judged(carrier, "firms_per_1000_m2", ">=", "3")
        assert found.verdict == Verdict.NOT_MET
        assert found.value == Fraction(50_000, 16_700)
        assert found.printed_value.startswith("2.99")
        assert found.gap == 1
        many(carrier, 1)
        assert judged(carrier, "firms_per_1000_m2", ">=", "3").met

    def test_exactly_75_percent_passes_and_a_hundredth_less_does_not(self, carrier):
        space_of(carrier, 1000, "public_service")
        mine = space_of(carrier, 9000)
        residency = stay(carrier)
        line = let(mine.unit, residency.tenant, area="6500.00")
        assert judged(carrier, "area_in_use_share", ">=", "0.75").met
        line.area_m2 = "6499.99"
        line.save()
        found = judged(carrier, "area_in_use_share", ">=", "0.75")
        assert found.verdict == Verdict.NOT_MET
        assert found.gap == Fraction(1, 100)

    def test_management_is_part_of_the_area_and_what_is_sold_is_not(self, carrier):
        space_of(carrier, 500, "management")
        sold = space_of(carrier, 300)
        space_of(carrier, 200, start=date(2026, 7, 1))
        space_of(carrier, 100, end=ON)
        assert value(carrier, "incubation_area_m2") == 800
        UnitClosure.objects.create(unit=sold.unit, reason="sold", start=date(2026, 1, 1))
        assert value(carrier, "incubation_area_m2") == 500
        found = judged(carrier, "incubation_area_m2", ">=", "700")
        assert found.gap == 200

    def test_space_assigned_for_later_says_when(self, carrier):
        space_of(carrier, 500)
        space_of(carrier, 300, start=date(2026, 9, 1))
        space_of(carrier, 400, start=date(2026, 8, 1), end=date(2026, 8, 15))
        space_of(carrier, 400, start=date(2027, 1, 1))
        assert judged(carrier, "incubation_area_m2", ">=", "900").earliest == date(2026, 8, 1)
        assert judged(carrier, "incubation_area_m2", ">=", "1000").earliest == date(2027, 1, 1)
        assert judged(carrier, "incubation_area_m2", ">=", "1300").earliest is None

    def test_only_space_let_on_the_day_to_firms_it_incubates_is_in_use(self, carrier):
        space_of(carrier, 1000, "public_service")
        ours = stay(carrier).tenant
        let(space_of(carrier, 100).unit, ours)
        let(space_of(carrier, 200).unit, firm())
        let(space_of(carrier, 300).unit, stay(make_carrier()).tenant)
        let(space_of(carrier, 400, "public_service").unit, ours)
        let(space_of(carrier, 500).unit, ours, start=date(2026, 7, 1))
        team = stay(carrier, firm(kind="team", founded_on=None))
        let(space_of(carrier, 600).unit, team.tenant)
        due = stay(carrier, entered_on=date(2022, 6, 30))
        let(space_of(carrier, 700).unit, due.tenant)
        found = column(carrier, "area_in_use_share")
        assert found.numerator[0] == (1000 + 400 + 100) * 100
        assert found.denominator[0] == 3800 * 100

    def test_without_space_there_is_no_ratio(self, carrier):
        many(carrier, 2)
        assert value(carrier, "firms_per_1000_m2") is None
        assert value(carrier, "area_in_use_share") is None
        assert value(carrier, "incubation_area_m2") is None

    def test_incubated_firms_are_those_of_the_selector(self, carrier):
        many(carrier, 3)
        stay(carrier, firm(kind="team", founded_on=None))
        stay(carrier, entered_on=date(2022, 6, 30))
        assert value(carrier, "incubated_firms") == 3
        assert Residency.objects.filter(carrier=carrier).incubated_on(ON).count() == 3

    def test_the_main_field_is_the_carriers_own(self, carrier):
        carrier.field = "智能终端"
        carrier.save()
        for field in ("智能终端",) * 3 + ("食品医药",):
            stay(carrier, firm(field=field))
        assert judged(carrier, "main_field_share", ">=", "0.75").met
        stay(carrier, firm(field=""))
        found = judged(carrier, "main_field_share", ">=", "0.75")
        assert found.verdict == Verdict.UNKNOWN
        assert "1" in found.missing


class TestShares:
    def test_unknown_firms_never_count_and_are_named(self, carrier):
        known = many(carrier, 8)
        for residency in known:
            figures(residency.tenant, {2025: 1})
        Funding.objects.create(
            tenant=known[0].tenant, kind="loan", on=date(2025, 1, 1), amount=1, number="T"
        )
        assert value(carrier, "financed_firm_share") == Fraction(1, 8)
        assert judged(carrier, "financed_firm_share", ">=", "0.10").met
        strangers = [stay(carrier) for _number in range(4)]
        found = judged(carrier, "financed_firm_share", ">=", "0.10")
        assert found.verdict == Verdict.UNKNOWN
        assert strangers[0].tenant.name in found.missing
        assert value(carrier, "financed_firm_share") == Fraction(1, 12)

    def test_equity_counts_from_the_carriers_fund_only(self, carrier):
        for kind, source in (("venture", "own_fund"), ("venture", "other"), ("loan", "own_fund")):
            Funding.objects.create(
                tenant=stay(carrier).tenant, kind=kind, source=source, on=date(2025, 1, 1),
                amount=1, number="T",
            )  # fmt: skip
        assert value(carrier, "equity_financed_firm_share") == Fraction(1, 3)
        assert value(carrier, "fund_cases") == 2
        assert not column(carrier, "fund_cases").complete[0]

    def test_patents_and_valid_rights(self, carrier):
        tenants = [stay(carrier).tenant for _number in range(3)]
        for kind, tenant in zip(("invention", "software"), tenants, strict=False):
            IntellectualProperty.objects.create(
                tenant=tenant, kind=kind, title="一种装置", number=f"N{tenant.pk}",
                applied_on=date(2025, 1, 1), granted_on=date(2026, 1, 1),
            )  # fmt: skip
        assert column(carrier, "ip_applicant_share").numerator[0] == 1
        assert column(carrier, "ip_holder_share").numerator[0] == 2
        assert not column(carrier, "ip_holder_share").complete[0]
        figures(tenants[2], {2025: 1}, ip_held=0)
        assert column(carrier, "ip_holder_share").complete[0]

    def test_a_fifth_more_is_not_yet_growing(self, carrier):
        for revenue in (120, 121):
            figures(stay(carrier).tenant, {2024: 100, 2025: revenue}, rd_spending=5)
        assert value(carrier, "growing_firm_share") == Fraction(1, 2)


class TestYears:
    def test_figures_count_once_their_year_is_over_and_not_when_overdue(self, carrier):
        year(carrier, 2025, fund=5_000_000)
        assert value(carrier, "fund_yuan", date(2025, 12, 31)) is None
        assert value(carrier, "fund_yuan", date(2026, 1, 1)) == 5_000_000
        assert value(carrier, "fund_yuan", date(2027, 3, 30)) == 5_000_000
        assert value(carrier, "fund_yuan", date(2027, 3, 31)) is None
        assert "2026" in column(carrier, "fund_yuan", date(2027, 3, 31)).missing(0)

    def test_a_new_figure_is_due_by_the_end_of_march(self, carrier):
        year(carrier, 2025, fund=4_000_000)
        found = judged(carrier, "fund_yuan", ">=", "5000000")
        assert found.gap == 1_000_000
        assert found.earliest == date(2027, 3, 31)

    def test_a_ratio_takes_both_figures_of_one_year(self, carrier):
        year(carrier, 2024, staff=10, professional_staff=8)
        year(carrier, 2025, staff=10)
        assert value(carrier, "professional_staff_share", date(2026, 2, 1)) == Fraction(4, 5)
        assert value(carrier, "professional_staff_share", ON) is None

    def test_income_counts_when_every_kind_is_recorded(self, carrier):
        figures = year(carrier, income_rent=700, income_services=200, income_investment=100,
                       income_grants=0)  # fmt: skip
        assert value(carrier, "service_income_share") is None
        figures.income_other = 0
        figures.save()
        assert value(carrier, "service_income_share") == Fraction(3, 10)

    def test_years_of_statistics_follow_each_other(self, carrier):
        for number, complete in ((2023, True), (2024, True), (2025, True)):
            year(carrier, number, statistics_complete=complete)
        assert value(carrier, "statistics_years") == 3
        carrier.years.filter(year=2024).update(statistics_complete=False)
        assert value(carrier, "statistics_years") == 1
        found = judged(carrier, "statistics_years", ">=", "2")
        assert (found.verdict, found.earliest) == (Verdict.NOT_MET, date(2027, 3, 31))
        carrier.years.filter(year=2024).update(statistics_complete=None)
        assert judged(carrier, "statistics_years", ">=", "2").verdict == Verdict.UNKNOWN

    def test_months_running_say_when(self, carrier):
        assert value(carrier, "months_running") == 36
        found = judged(carrier, "months_running", ">=", "48")
        assert (found.verdict, found.earliest) == (Verdict.NOT_MET, date(2027, 6, 30))


class TestService:
    def test_an_empty_register_of_mentors_says_nothing(self, carrier):
        assert value(carrier, "mentors") is None
        many(carrier, 5)
        Mentor.objects.create(carrier=carrier, name="甲", start=date(2025, 1, 1), end=ON)
        assert value(carrier, "mentors") == 0
        Mentor.objects.create(carrier=carrier, name="乙", start=date(2025, 1, 1))
        assert value(carrier, "mentors_per_10_firms") == 2

    def test_events_of_the_twelve_months_up_to_the_day(self, carrier):
        assert value(carrier, "events_year") is None
        for day in (ON, date(2025, 7, 1), date(2025, 6, 30), date(2026, 7, 1)):
            ServiceEvent.objects.create(carrier=carrier, title=f"路演{day}", on=day)
        assert value(carrier, "events_year") == 2

    def test_residents_and_founders_of_the_twelve_months(self, carrier):
        carrier.opened_on = date(2020, 1, 1)
        carrier.save()
        entered = date(2025, 1, 1)
        stay(carrier, firm(kind="team", founded_on=None), entered_on=entered)
        stay(carrier, firm(founded_on=date(2025, 9, 1)), entered_on=entered)
        stay(carrier, firm(founded_on=date(2024, 9, 1)), entered_on=entered)
        gone = {"outcome": "withdrew", "destination": "outside"}
        stay(carrier, entered_on=entered, left_on=date(2025, 7, 1), **gone)
        stay(carrier, entered_on=entered, left_on=date(2025, 7, 2), **gone)
        assert value(carrier, "residents_year") == 4
        assert value(carrier, "new_firms_year") == 1

    def test_graduates_are_those_who_left_so_by_the_day(self, carrier):
        for left in (date(2025, 1, 1), ON, ON + relativedelta(days=1)):
            stay(carrier, left_on=left, outcome="graduated", destination="own_site")
        stay(carrier, left_on=ON, outcome="expired", destination="own_site")
        assert value(carrier, "graduates_total") == 2

    def test_desks_are_those_the_units_have(self, carrier):
        space_of(carrier, 100, seats=20)
        space_of(carrier, 50, "management", seats=5)
        space_of(carrier, 50, "public_service")
        assert value(carrier, "desks") == 20
        assert value(carrier, "desk_area_share") == Fraction(3, 4)
