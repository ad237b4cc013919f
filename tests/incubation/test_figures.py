"""Yearly figures: owed by residents, handed in by the firm, counted once the park confirmed them."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incubation.figures_due import figures_missing
from incubation.selectors.figures import FigureState, owing
from parks import notices
from parks.errors import InvalidValue
from parks.models import Notice
from tenants import services as letting
from tenants.errors import FiguresChanged, FiguresConfirmed
from tenants.models import YearFigure
from tenants.selectors.facts import jumps, numbers_sealed
from tests.factories import NOBODY, make_tenant
from tests.factories.incubation import make_carrier, make_residency

pytestmark = pytest.mark.django_db
D = date
ON = D(2026, 2, 1)


@pytest.fixture
def residency(firm, jr):
    return make_residency(carrier=make_carrier(park=jr), tenant=firm, entered_on=D(2024, 1, 10))


def hand_in(firm, by, year=2025, on=ON, **fields):
    fields = fields or {"revenue": Decimal(100)}
    return letting.hand_in_figures(tenant=firm, year=year, by=by, on=on, **fields)


def confirm(*figures):
    seen = {one.pk: numbers_sealed(one) for one in figures}
    return letting.confirm_figures(seen=seen, by=NOBODY, on=ON)


def state(user, year=2025):
    return owing(user, year).get().figure_state


def told(user, on=ON):
    return sorted(one.kind for one in notices.standing(user, on))


def test_who_was_there_at_the_end_of_the_year_owes(operator, jr, residency):
    carrier = residency.carrier
    make_residency(carrier=carrier, entered_on=D(2026, 1, 10))
    make_residency(carrier=carrier, tenant=make_tenant(kind="team", uscc=None),
                   entered_on=D(2025, 1, 10))  # fmt: skip
    (row,) = owing(operator, 2025)
    assert (row.pk, row.figures_due) == (residency.pk, D(2026, 3, 31))


def test_from_missing_to_confirmed(operator, startup, firm, residency):
    assert state(operator) == FigureState.MISSING
    figure = hand_in(firm, startup)
    assert state(operator) == FigureState.HANDED
    assert told(operator) == ["figures-handed-in"]
    letting.ask_figures_again(figure=figure, what="营收单位不对", by=NOBODY, on=ON)
    assert state(operator) == FigureState.ASKED
    assert told(operator) == []
    again = hand_in(firm, startup, revenue=Decimal(1000000))
    assert (again.pk, again.asked_again) == (figure.pk, "")
    assert confirm(again) == [again]
    assert state(startup) == FigureState.CONFIRMED
    assert told(startup) == ["figures-asked-again", "figures-confirmed"]
    with pytest.raises(FiguresConfirmed):
        hand_in(firm, startup, revenue=Decimal(1))
    with pytest.raises(FiguresConfirmed):
        letting.ask_figures_again(figure=YearFigure.objects.get(), what="x", by=NOBODY, on=ON)


def test_what_was_not_shown_is_not_confirmed(startup, firm):
    shown = hand_in(firm, startup)
    other = make_tenant()
    beside = letting.record_figure(tenant=other, year=2025, staff=3, by=NOBODY)
    hand_in(firm, startup, revenue=Decimal(7))
    with pytest.raises(FiguresChanged, match="望城起点"):
        confirm(beside, shown)
    assert not YearFigure.objects.filter(confirmed_on__isnull=False).exists()


def test_a_year_that_runs_and_a_form_without_a_number_are_refused(startup, firm):
    with pytest.raises(InvalidValue):
        hand_in(firm, startup, year=2026)
    with pytest.raises(InvalidValue):
        hand_in(firm, startup, note="无")


def test_a_slip_of_the_unit_is_seen():
    this, before = (
        YearFigure(revenue=Decimal(10), staff=5),
        YearFigure(revenue=Decimal(100), staff=60),
    )
    assert len(jumps(this, before)) == 1
    assert jumps(this, None) == jumps(YearFigure(revenue=Decimal(11)), before) == []


def test_reminders_before_and_after_the_last_day(startup, operator, firm, residency):
    seen = []
    for on in (D(2026, 2, 28), D(2026, 3, 1), D(2026, 3, 31), D(2026, 4, 1)):
        notices.settle(on)
        seen.append([one.kind for one in Notice.objects.filter(user=startup)])
    assert seen == [[], ["figures-due"], ["figures-due"], ["figures-late"]]
    assert figures_missing(operator, D(2026, 3, 1)).get().pk == residency.pk
    hand_in(firm, startup, on=D(2026, 4, 2))
    assert told(startup, D(2026, 4, 2)) == []
    assert not figures_missing(operator, D(2026, 4, 2)).exists()


@pytest.fixture
def last_year():
    return timezone.localdate().year - 1


def test_the_firm_fills_in_the_form_beside_the_year_before(client, startup, firm, last_year):
    letting.record_figure(tenant=firm, year=last_year - 1, revenue=Decimal(5000000), by=NOBODY)
    client.force_login(startup)
    address = f"/my/figures/{firm.pk}/{last_year}/"
    assert "5,000,000.00" in client.get(address).content.decode()
    slip = client.post(address, {"unit": 1, "revenue": 600})
    assert (slip.status_code, YearFigure.objects.count()) == (200, 1)
    client.post(address, {"unit": 10000, "revenue": 600, "staff": 12})
    figure = YearFigure.objects.get(year=last_year)
    assert (figure.revenue, figure.handed_in_by, figure.confirmed_on) == (6000000, startup, None)
    assert client.get("/my/figures/").status_code == 200
    assert client.get(f"/my/figures/{make_tenant().pk}/{last_year}/").status_code == 404
    assert client.get(f"/my/figures/{firm.pk}/{last_year + 1}/").status_code == 404


def test_the_operator_confirms_many_as_shown(client, operator, startup, firm, residency, last_year):
    client.force_login(operator)
    hand_in(firm, startup, year=last_year, on=timezone.localdate())
    other = make_residency(carrier=residency.carrier, entered_on=D(2024, 1, 10))
    page = client.get("/figures/")
    assert firm.name in page.content.decode()
    states = [row.figure_state for row in page.context["object_list"]]
    assert states == [FigureState.MISSING, FigureState.HANDED]
    chosen = {"residency": [residency.pk, other.pk], "year": last_year}
    shown = client.get("/figures/confirm/", chosen)
    (one,) = shown.context["shown"]
    assert shown.context["others"] == 1
    assert len(client.get("/figures/confirm/", {"year": last_year}).context["shown"]) == 1
    mark = f"{one['figure'].pk}-{one['mark']}"
    hand_in(firm, startup, year=last_year, on=timezone.localdate(), revenue=Decimal(9))
    stale = client.post("/figures/confirm/", chosen | {"figure": [mark]})
    assert (stale.status_code, YearFigure.objects.get().confirmed_on) == (200, None)
    (one,) = stale.context["shown"]
    done = client.post(
        "/figures/confirm/", chosen | {"figure": [f"{one['figure'].pk}-{one['mark']}"]}
    )
    assert done.status_code == 302
    assert YearFigure.objects.get().confirmed_on == timezone.localdate()


def test_another_parks_figures_are_not_confirmed(client, operator2, startup, firm, last_year):
    figure = hand_in(firm, startup, year=last_year, on=timezone.localdate())
    client.force_login(operator2)
    client.post("/figures/confirm/", {"figure": [f"{figure.pk}-{numbers_sealed(figure)}"]})
    figure.refresh_from_db()
    assert figure.confirmed_on is None


def test_the_list_asks_as_often_for_three_as_for_one(client, operator, residency):
    client.force_login(operator)
    client.get("/figures/")
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get("/figures/")
        asked.append(len(queries))
        for _ in range(2):
            make_residency(carrier=residency.carrier, entered_on=D(2024, 1, 10))
    assert len(set(asked)) == 1
