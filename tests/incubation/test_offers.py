"""Offers hold units, lapse by themselves, and go to the next in the queue, and the log says why."""

from datetime import date, timedelta

import pytest

from incubation import services as incubation
from incubation.errors import NothingFits, OfferState, QueueJumped
from incubation.models import Application, Offer, WaitingEntry
from incubation.selectors.waiting import earliest_days, queue_of, waits
from parks.audit import broken_links
from tenants import services as letting
from tenants.models import Hold
from tests.factories import NOBODY, make_lease, make_tenant, make_unit
from tests.factories.applications import give_space, make_approved, make_waiting, moment, take
from tests.factories.incubation import make_carrier

pytestmark = pytest.mark.django_db
D = date
DAY = D(2026, 6, 10)


@pytest.fixture
def carrier():
    return make_carrier()


@pytest.fixture
def unit(carrier):
    return give_space(carrier, make_unit(park=carrier.park, area=120))[0]


def offer(application, *units, on=DAY, **fields):
    return incubation.offer_units(
        application=application, units=units, by=NOBODY, at=moment(on), on=on, **fields
    )


def decline(application, on=DAY):
    return incubation.decline_offer(
        application=application, opinion="太远", by=NOBODY, at=moment(on), on=on
    )


def state(application, on):
    return Application.objects.with_state(on).get(pk=application.pk).state


def waiting(carrier, day, **fields):
    return make_waiting(carrier=carrier, on=D(2026, 6, day), **fields)


def test_an_offer_holds_the_units_until_its_day_and_takes_the_place_in_the_queue(carrier, unit):
    first, second = waiting(carrier, 3), waiting(carrier, 4)
    made = offer(first, unit)
    assert made.until == DAY + timedelta(days=7)
    hold = Hold.objects.get()
    assert (hold.start, hold.end, hold.tenant) == (DAY, made.until, first.tenant)
    assert [row["number"] for row in made.queue] == [first.number, second.number]
    assert state(first, made.until - timedelta(days=1)) == "held"
    assert state(first, made.until) == "lapsed"
    assert [entry.application for entry in queue_of(carrier, "office", DAY)] == [second]
    assert list(broken_links()) == []


def test_who_waits_longer_is_not_passed_over_without_a_reason(carrier, unit):
    waiting(carrier, 3)
    late = make_approved(carrier=carrier, on=D(2026, 6, 4))
    with pytest.raises(QueueJumped):
        offer(late, unit)
    assert not Hold.objects.exists()
    made = offer(late, unit, reason="扩租，需与现有房源相邻")
    assert made.queue[0]["passed_over"] == [["reason", {"reason": "扩租，需与现有房源相邻"}]]


def test_whom_the_unit_does_not_fit_is_passed_over_with_what_stands_against_it(carrier, unit):
    waiting(carrier, 3, area_min_m2=150, area_max_m2=300)
    made = offer(waiting(carrier, 4), unit)
    assert made.queue[0]["passed_over"] == [["area", {"has": "120.00", "wants": "150.00"}]]


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"unit_kind": "lab"}, "房源类型"),
        ({"clear_height_m": 6}, "净高"),
        ({"fire_class": "C"}, "火灾危险性"),
        ({"goods_lift": True}, "货梯"),
    ],
)
def test_a_hard_need_not_met_is_refused_in_words(carrier, unit, wish, code):
    with pytest.raises(NothingFits, match=code):
        offer(make_approved(carrier=carrier, **wish), unit)


def test_a_unit_let_during_the_term_or_of_another_carrier_is_not_offered(carrier, unit):
    application = make_approved(carrier=carrier)
    with pytest.raises(NothingFits):
        offer(application, make_unit(park=carrier.park))
    make_lease(units=[unit], start=D(2027, 1, 1), end=D(2028, 1, 1))
    with pytest.raises(NothingFits, match="空闲"):
        offer(application, unit)


def test_a_unit_is_offered_once_at_a_time(carrier, unit):
    offer(make_approved(carrier=carrier), unit)
    with pytest.raises(NothingFits, match="空闲"):
        offer(make_approved(carrier=carrier), unit)


def test_a_lapsed_offer_passes_on_to_the_first_whom_it_fits(carrier, unit):
    first = waiting(carrier, 3)
    small = waiting(carrier, 4, area_min_m2=150, area_max_m2=None)
    third, fourth = waiting(carrier, 5), waiting(carrier, 6)
    until = offer(first, unit).until
    eve = until - timedelta(days=1)
    assert incubation.pass_on_lapsed(at=moment(eve), on=eve) == []
    (made,) = incubation.pass_on_lapsed(at=moment(until), on=until)
    assert (made.application, made.passed_from.application, made.made_by) == (third, first, None)
    said = [(row["number"], [code for code, _ in row["passed_over"]]) for row in made.queue]
    assert said == [(small.number, ["area"]), (third.number, []), (fourth.number, [])]
    assert incubation.pass_on_lapsed(at=moment(until), on=until) == []
    first.refresh_from_db()
    assert first.closed_on == until
    later = made.until
    (made,) = incubation.pass_on_lapsed(at=moment(later), on=later)
    assert made.application == fourth


def test_it_does_not_pass_on_to_who_joined_after_it_ended(carrier, unit):
    until = offer(waiting(carrier, 3), unit).until
    waiting(carrier, 25)
    assert incubation.pass_on_lapsed(at=moment(D(2026, 6, 26)), on=D(2026, 6, 26)) == []
    assert Offer.objects.filter(made_on__gte=until).count() == 0


def test_who_declines_joins_at_the_end_and_the_next_gets_it_at_once(carrier, unit):
    first, second = waiting(carrier, 3), waiting(carrier, 4)
    offer(first, unit)
    decline(first)
    assert state(second, DAY) == "held"
    assert state(first, DAY) == "waiting"
    decline(second)
    # Nobody gets again what it declined.
    assert [e.application for e in queue_of(carrier, "office", DAY)] == [first, second]
    assert Offer.objects.count() == 2
    assert not Hold.objects.binding().filter(end__gt=DAY).exists()


def test_accepting_keeps_the_units_for_the_days_to_sign(carrier, unit):
    application = make_approved(carrier=carrier)
    offer(application, unit)
    made = incubation.accept_offer(application=application, by=NOBODY, at=moment(DAY), on=DAY)
    until = DAY + timedelta(days=15)
    assert made.answer == "accepted"
    assert Hold.objects.get().end == until
    assert (state(application, until - timedelta(days=1)), state(application, until)) == (
        "accepted", "approved",
    )  # fmt: skip
    with pytest.raises(OfferState):
        incubation.accept_offer(application=application, by=NOBODY, at=moment(DAY), on=DAY)


def test_where_the_unit_is_promised_from_a_day_on_it_is_kept_as_long_as_it_was(carrier, unit):
    application = make_approved(carrier=carrier)
    until = offer(application, unit).until
    letting.hold_unit(unit=unit, start=until, end=D(2026, 7, 30), tenant=make_tenant(), by=NOBODY)
    incubation.accept_offer(application=application, by=NOBODY, at=moment(DAY), on=DAY)
    assert state(application, until) == "approved"


def test_an_offer_that_lapsed_is_not_accepted(carrier, unit):
    application = make_approved(carrier=carrier)
    until = offer(application, unit).until
    with pytest.raises(OfferState):
        incubation.accept_offer(application=application, by=NOBODY, at=moment(until), on=until)


def test_a_withdrawal_lets_the_units_go_and_they_pass_on(carrier, unit):
    first, second = waiting(carrier, 3), waiting(carrier, 4)
    third = waiting(carrier, 5)
    made = offer(first, unit)
    take(first, "withdraw", on=DAY)
    made.refresh_from_db()
    assert made.answer == "declined"
    assert not Hold.objects.get().binding
    take(second, "withdraw", on=DAY)
    assert WaitingEntry.objects.get(application=second).left == "withdrawn"
    (made,) = incubation.pass_on_lapsed(at=moment(DAY), on=DAY)
    assert made.application == third


def test_of_several_units_the_next_gets_what_fits(carrier, unit):
    give_space(carrier, small := make_unit(park=carrier.park, area=50))
    first = waiting(carrier, 3, area_min_m2=160)
    second = waiting(carrier, 4, area_min_m2=100, area_max_m2=130)
    offer(first, unit, small)
    decline(first)
    assert state(second, DAY) == "held"


def test_the_earliest_day_comes_from_the_real_ends_in_the_order_of_the_queue(carrier):
    ends = (D(2026, 12, 1), D(2026, 9, 1))
    units = [make_unit(park=carrier.park, area=100) for _end in ends]
    give_space(carrier, *units)
    for unit, end in zip(units, ends, strict=True):
        make_lease(units=[unit], start=D(2025, 1, 1), end=end)
    wide = waiting(carrier, 3, area_min_m2=500, area_max_m2=None)
    entries = [waiting(carrier, day).waits.get() for day in (4, 5, 6)]
    days = earliest_days([queue_of(carrier, "office", DAY)], DAY)
    assert days[wide.waits.get().pk] is None
    assert [days[entry.pk].day for entry in entries[:2]] == [D(2026, 9, 1), D(2026, 12, 1)]
    # The third comes after the two years of the first.
    assert waits(entries[2].application, DAY).plausible.day == D(2028, 9, 1)


def test_the_queue_costs_the_same_for_one_and_for_many(carrier, unit, django_assert_num_queries):
    waiting(carrier, 3)
    with django_assert_num_queries(5):
        earliest_days([queue_of(carrier, "office", DAY)], DAY)
    for _n in range(3):
        waiting(carrier, 4)
    with django_assert_num_queries(5):
        earliest_days([queue_of(carrier, "office", DAY)], DAY)


def test_an_offer_taken_back_keeps_the_place_and_does_not_pass_on(carrier, unit):
    first, second = waiting(carrier, 3), waiting(carrier, 4)
    offer(first, unit)
    incubation.retract_offer(
        application=first, opinion="房源漏水", by=NOBODY, at=moment(DAY), on=DAY
    )
    assert [e.application for e in queue_of(carrier, "office", DAY)] == [first, second]
    assert incubation.pass_on_lapsed(at=moment(DAY), on=DAY) == []
    assert not Hold.objects.get().binding


def test_a_hold_of_an_offer_is_not_released_behind_its_back(carrier, unit):
    application = make_approved(carrier=carrier)
    offer(application, unit)
    with pytest.raises(OfferState):
        letting.release_hold(hold=Hold.objects.get(), on=DAY, by=NOBODY)
    take(application, "withdraw", on=DAY)
    assert not Hold.objects.get().binding
