"""Facts of a tenant: what the services keep, and what they refuse."""

from datetime import date
from decimal import Decimal

import pytest

from parks.errors import RuleViolation
from parks.models import AuditEntry
from tenants import services as letting
from tenants.models import Qualification, Tenant, YearFigure
from tenants.selectors.facts import remarks, visit_counts
from tenants.trail import prepared
from tests.factories import NOBODY, make_tenant

TODAY = date(2026, 6, 30)


@pytest.fixture
def firm(jr):
    return make_tenant(name="长沙湘芯科技有限公司", home_park=jr)


def refused(code, act, **values):
    with pytest.raises(RuleViolation) as refusal:
        act(by=NOBODY, **values)
    assert refusal.value.code == code


def test_the_old_name_and_its_initials_still_find_the_tenant(firm):
    day = date(2026, 3, 1)
    letting.rename_tenant(
        tenant=firm, name="望城智云有限公司", effective_on=day, on=TODAY, by=NOBODY
    )
    for text in ("湘芯", "智云", "csxx", "wczy", " 望城智云 "):
        assert list(Tenant.objects.matching(text)) == [firm], text
    former = firm.former_names.get()
    assert (former.name, former.until) == ("长沙湘芯科技有限公司", day)
    assert AuditEntry.objects.filter(action="rename").get().after["name"] == "望城智云有限公司"


@pytest.mark.parametrize(
    ("name", "day", "code"),
    [
        ("长沙湘芯科技有限公司", date(2026, 3, 1), "invalid_value"),
        ("新名", date(2026, 7, 1), "invalid_value"),
        ("新名", date(2025, 1, 1), "dates_out_of_order"),
    ],
)
def test_a_name_changes_once_it_is_in_force_and_in_order(firm, name, day, code):
    if code == "dates_out_of_order":
        letting.rename_tenant(
            tenant=firm, name="中名", effective_on=date(2026, 1, 1), on=TODAY, by=NOBODY
        )
    refused(code, letting.rename_tenant, tenant=firm, name=name, effective_on=day, on=TODAY)


def test_a_qualification_gets_its_usual_term_and_is_held_on_its_days(firm):
    day = date(2023, 6, 30)
    made = letting.record_qualification(tenant=firm, kind="high_tech", start=day, by=NOBODY)
    assert made.end == TODAY
    holding = Tenant.objects.holding
    assert list(holding("high_tech", date(2026, 6, 29))) == [firm]
    assert not holding("high_tech", TODAY)
    assert not holding("high_tech", date(2023, 6, 29))
    open_end = letting.record_qualification(
        tenant=firm, kind="champion", start=day, end=None, by=NOBODY
    )
    assert open_end.end is None
    refused(
        "already_recorded", letting.record_qualification, tenant=firm, kind="high_tech", start=day
    )
    refused("dates_out_of_order", letting.correct_qualification, qualification=made, end=day)


def test_figures_are_recorded_once_a_year_and_confirmed_anew_after_a_correction(firm):
    figure = letting.record_figure(tenant=firm, year=2025, revenue=Decimal(1), by=NOBODY)
    refused("already_recorded", letting.record_figure, tenant=firm, year=2025)
    figure = letting.confirm_figure(figure=figure, on=TODAY, by=NOBODY)
    assert figure.confirmed_on == TODAY
    figure = letting.correct_figure(figure=figure, revenue=Decimal(2), by=NOBODY)
    assert (figure.confirmed_on, figure.revenue) == (None, 2)


def test_odd_figures_are_remarked():
    odd = YearFigure(year=2025, staff=5, staff_degree=6, staff_graduates=7, ip_applied=1,
                     ip_granted=2, revenue=1, rd_spending=2, exports=3)  # fmt: skip
    assert len(remarks(odd)) == 5
    assert remarks(YearFigure(year=2025, staff=5)) == []


def test_a_problem_is_open_until_it_is_solved(firm, bureau):
    visit = letting.record_visit(
        tenant=firm, on=date(2026, 5, 1), visitor="区工信局", subject="走访",
        problems=[{"text": "用电增容"}, {"text": "招工难"}], by=NOBODY,
    )  # fmt: skip
    problem = visit.problems.first()
    refused("dates_out_of_order", letting.correct_problem, problem=problem, on=TODAY,
            solved_on=date(2026, 4, 30))  # fmt: skip
    refused("invalid_value", letting.correct_problem, problem=problem, on=TODAY,
            solved_on=date(2026, 7, 1))  # fmt: skip
    letting.correct_problem(problem=problem, on=TODAY, solved_on=date(2026, 6, 1), by=NOBODY)
    visits = type(visit).objects.visible_to(bureau)
    assert visit_counts(visits, date(2026, 5, 31)) == {"firms": 1, "visits": 1, "problems": 2, "solved": 0}  # fmt: skip
    assert visit_counts(visits, TODAY)["solved"] == 1
    refused("dates_out_of_order", letting.correct_visit, visit=visit, on=date(2026, 6, 2))


def test_the_trail_masks_personal_data(firm, operator):
    letting.add_person(tenant=firm, name="张三", phone="13800001234", by=NOBODY)
    (entry,) = prepared(AuditEntry.objects.filter(object_type="tenants.tenantperson"))
    assert "13800001234" not in str(entry.changes)


def test_many_rows_cost_the_same_queries(firm, django_assert_max_num_queries):
    rows = [
        {"tenant": firm, "kind": "science_sme", "start": date(2000 + n, 1, 1)} for n in range(20)
    ]
    with django_assert_max_num_queries(12):
        letting.record_qualifications(rows, by=NOBODY)
    assert Qualification.objects.count() == AuditEntry.objects.filter(
        object_type="tenants.qualification"
    ).count() == 20  # fmt: skip
