"""Warnings 240, 180 and 90 days before a residency is due, and when it is over."""

from datetime import date, timedelta

from incubation import services as incubation
from parks import notices
from parks.models import Notice
from tests.factories import NOBODY
from tests.factories.incubation import make_carrier, make_residency

#: Entered so that it is due on this day.
DUE = date(2028, 1, 10)


def in_days(before):
    return DUE - timedelta(days=before)


def kinds(**filters):
    rows = Notice.objects.filter(kind__contains="residency", **filters)
    return sorted(rows.values_list("kind", flat=True))


def stays(park, **fields):
    return make_residency(carrier=make_carrier(park=park), entered_on=date(2024, 1, 10), **fields)


def test_one_threshold_gives_way_to_the_next(jr):
    stays(jr)
    seen = []
    for before in (241, 240, 181, 180, 91, 90, 1, 0, -30):
        notices.settle(in_days(before))
        seen.append(kinds(user=None))
    first, second, last, over = (
        [f"residency-{key}"] for key in ("due-first", "due-second", "due-last", "over")
    )
    assert seen == [[], first, first, second, second, last, last, over, over]
    assert notices.settle(in_days(-30)) == (0, 0)


def test_an_extension_takes_the_warning_back_at_once(jr, operator):
    residency = stays(jr)
    notices.settle(in_days(0))
    assert [one.kind for one in notices.standing(operator, in_days(0))] == ["residency-over"]
    incubation.extend_residency(
        residency=residency, due_on=date(2029, 1, 10), decided_on=in_days(0), reason="延期",
        by=NOBODY,
    )  # fmt: skip
    assert not notices.standing(operator, in_days(0)).exists()
    notices.settle(in_days(0))
    assert kinds() == []


def test_the_members_of_the_tenant_are_told_too(jr, operator2, startup):
    residency = stays(jr, tenant=startup.tenants.get())
    notices.settle(in_days(180))
    own = notices.standing(startup, in_days(180)).get(kind="own-residency-due")
    assert own.url == f"/residencies/{residency.pk}/"
    assert residency.carrier.name in notices.words(own)
    assert not notices.standing(operator2, in_days(180)).exists()
    notices.settle(in_days(-1))
    assert kinds(user=startup) == ["own-residency-over"]
    startup.tenants.clear()
    assert not notices.standing(startup, in_days(-1)).exists()
