"""Notices: raised once, withdrawn with their reason, told by mail and calendar."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from icalendar import Calendar

from parks import notices
from parks.models import Notice, Subscription
from tenants import services as letting
from tests.factories import NOBODY, make_lease, make_tenant, make_unit

ON = date(2026, 6, 30)


def lease_in(park, days, on=ON, **fields):
    return make_lease(units=[make_unit(park=park, exists_from=date(2024, 1, 1))],
                      start=date(2024, 1, 1), end=on + timedelta(days=days), **fields)  # fmt: skip


def test_twice_is_once(jr, operator):
    lease_in(jr, 20)
    assert notices.settle(ON) == (1, 0)
    assert notices.settle(ON) == (0, 0)


def test_one_notice_a_threshold_and_it_gives_way_to_the_next(jr, operator):
    lease_in(jr, 90)
    seen = []
    for days in (0, 10, 30, 40, 60, 70):
        notices.settle(ON + timedelta(days=days))
        seen.append(list(Notice.objects.values_list("kind", flat=True)))
    first, second, last = ["ending-first"], ["ending-second"], ["ending-last"]
    assert seen == [first, first, second, second, last, last]


def test_a_released_hold_no_longer_warns(jr, operator):
    unit = make_unit(park=jr, exists_from=ON - timedelta(days=5))
    hold = letting.hold_unit(unit=unit, applicant="甲", start=ON - timedelta(days=2),
                             end=ON + timedelta(days=3), by=NOBODY)  # fmt: skip
    notices.settle(ON)
    assert Notice.objects.get().kind == "hold-lapsing"
    letting.release_hold(hold=hold, on=ON, by=NOBODY)
    assert notices.settle(ON) == (0, 1)


def told(user, on=ON):
    return [notice.kind for notice in notices.standing(user, on)]


def test_what_lost_its_reason_is_gone_before_the_next_daily(jr, operator, client):
    renewed, moved = lease_in(jr, 20), lease_in(jr, 25)
    unit = make_unit(park=jr, exists_from=ON - timedelta(days=5))
    hold = letting.hold_unit(unit=unit, applicant="甲", start=ON - timedelta(days=2),
                             end=ON + timedelta(days=3), by=NOBODY)  # fmt: skip
    notices.settle(ON)
    assert sorted(told(operator)) == ["ending-last", "ending-last", "hold-lapsing"]
    letting.release_hold(hold=hold, on=ON, by=NOBODY)
    assert told(operator) == ["ending-last"] * 2
    draft = letting.renew_lease(lease=renewed, end=date(2028, 1, 1), by=NOBODY)
    assert told(operator) == ["ending-last"] * 2
    letting.sign_lease(lease=draft, signed_on=ON, signed_by=NOBODY)
    assert [n.about for n in notices.standing(operator, ON)] == [moved.pk]
    letting.terminate_lease(lease=moved, on=ON + timedelta(days=2), by=NOBODY, reason="x")
    assert told(operator) == []
    assert notices.unread(operator, ON) == 0
    assert Notice.objects.count() == 3


def test_a_lease_handed_over_no_longer_warns(jr, operator):
    lease = make_lease(units=[make_unit(park=jr, exists_from=date(2024, 1, 1))], kind="new",
                       start=ON - timedelta(days=9), start_by=ON + timedelta(days=9),
                       end=date(2028, 1, 1))  # fmt: skip
    notices.settle(ON)
    assert told(operator) == ["not-handed-over"]
    letting.hand_over_lease(lease=lease, on=ON, by=NOBODY)
    assert told(operator) == []


def test_a_day_without_daily_loses_no_warning(jr, operator):
    lease_in(jr, 90)
    notices.settle(ON)
    assert told(operator, ON + timedelta(days=70)) == ["ending-first"]
    assert told(operator, ON + timedelta(days=90)) == []


def test_the_inbox_costs_the_same_with_many(jr, operator, client):
    client.force_login(operator)
    counts = []
    for rows in (1, 5):
        for _ in range(rows):
            lease_in(jr, 20, on=timezone.localdate())
        notices.settle(timezone.localdate())
        client.get("/inbox/")
        with CaptureQueriesContext(connection) as seen:
            page = client.get("/inbox/")
        counts.append(len(seen))
    assert len(page.context["lines"]) == 6
    assert counts[0] == counts[1]


def test_several_parks_stand_apart_and_nobodys_staff_is_told_why(jr, ld, bureau, admin, client):
    for park in (jr, ld):
        lease_in(park, 20, on=timezone.localdate())
    notices.settle(timezone.localdate())
    client.force_login(admin)
    assert "不属于任何园区" in client.get("/inbox/").content.decode()
    bureau.parks.add(jr, ld)
    client.force_login(bureau)
    page = client.get("/inbox/").content.decode()
    assert page.count('scope="rowgroup"') == 2
    assert page.count("<tbody>") == page.count("</tbody>") == 2


def test_the_inbox_shows_the_urgent_first_and_folds_what_is_many(jr, operator, client):
    today = timezone.localdate()
    for days, many in ((80, 5), (50, 4), (20, 2)):
        for _ in range(many):
            lease_in(jr, days, on=today)
    notices.settle(today)
    client.force_login(operator)

    def shown(query=""):
        lines = client.get(f"/inbox/{query}").context["lines"]
        return [(notice.kind, more or 0) for notice, *_words, more in lines]

    few = [("ending-first", 0), ("ending-first", 0), ("ending-first", 2)]
    assert shown() == [("ending-last", 0)] * 2 + [("ending-second", 0)] * 4 + few
    assert shown("?kind=ending-first") == [("ending-first", 0)] * 5
    client.post("/inbox/mark/", {"kind": "ending-first", "park": jr.pk})
    assert notices.unread(operator, today) == 6
    client.post("/inbox/mark/", {"kind": "ending-last", "park": jr.pk + 1})
    assert notices.unread(operator, today) == 6


def test_words_are_the_readers(jr, operator):
    lease_in(jr, 20, tenant=make_tenant(name="湘芯"))
    notices.settle(ON)
    notice = Notice.objects.get()
    with translation.override("en"):
        assert "last day is 2026-07-19" in notices.words(notice)
    with translation.override("zh-hans"):
        assert "最后一天为 2026-07-19" in notices.words(notice)


def test_a_member_is_told_of_the_own_lease(jr, startup):
    lease_in(jr, 50, tenant=startup.tenants.get())
    notices.settle(ON)
    assert [n.kind for n in Notice.objects.visible_to(startup)] == ["own-lease-ending"]


def test_the_inbox_reads_and_unreads(client, jr, operator, operator2):
    lease_in(jr, 20, on=timezone.localdate())
    notices.settle(timezone.localdate())
    notice = Notice.objects.get()
    client.force_login(operator2)
    client.post("/inbox/mark/", {"read": notice.pk})
    assert client.get("/inbox/").context["lines"] == []
    assert not notice.readings.exists()
    client.force_login(operator)
    assert notices.unread(operator, timezone.localdate()) == 1
    client.post("/inbox/mark/", {"read": notice.pk})
    assert notices.unread(operator, timezone.localdate()) == 0
    client.post("/inbox/mark/", {"unread": notice.pk})
    assert notices.unread(operator, timezone.localdate()) == 1
    answer = client.post("/inbox/mark/?unread=1", {"all": 1})
    assert answer.url == "/inbox/?unread=1"
    assert notices.unread(operator, timezone.localdate()) == 0


@pytest.mark.parametrize(
    ("language", "words"), [("en", "1 notice is new"), ("zh-hans", "有 1 条新提醒")]
)
def test_the_digest_is_sent_once_in_the_persons_language(jr, operator, mailoutbox, language, words):
    operator.email = "o@example.org"
    operator.save()
    Subscription.objects.create(
        user=operator, token="t", language=language, token_made_at=timezone.now()
    )
    lease_in(jr, 20)
    for _ in range(2):
        call_command("daily", on=ON)
    (mail,) = mailoutbox
    assert words in mail.body
    assert words in mail.alternatives[0].content
    assert "/inbox/" in mail.body


def test_a_failing_address_stops_nobody_and_is_tried_again(
    jr, operator, bureau, mailoutbox, settings, capsys
):
    for user, address in ((bureau, "b@example.org"), (operator, "o@example.org")):
        user.email = address
        user.save()
        user.parks.add(jr)
    lease_in(jr, 20)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    call_command("daily", on=ON)
    assert capsys.readouterr().err.count("refused") == 2
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    call_command("daily", on=ON)
    assert len(mailoutbox) == 2


def test_the_feed_has_the_dates_and_dies_with_its_address(client, jr, operator):
    today = timezone.localdate()
    lease = lease_in(jr, 20, on=today, deposit=9999)
    client.force_login(operator)
    client.get("/me/notices/")
    old = operator.subscription.token
    client.logout()
    answer = client.get(f"/calendar/{old}.ics")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["DTSTART"].dt == lease.end - timedelta(days=1)
    assert event["UID"] == f"lease-{lease.pk}@wangcheng-parks"
    assert b"9999" not in answer.content
    assert client.get(f"/calendar/{old}.ics", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    client.force_login(operator)
    client.post("/me/notices/", {"renew": 1})
    assert client.get(f"/calendar/{old}.ics").status_code == 404
