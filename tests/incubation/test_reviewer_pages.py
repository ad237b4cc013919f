"""The register of reviewers, their interests, and the scoring sheets."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from incubation import services as incubation
from incubation.models import Interest, Reviewer, ScoreSheet
from incubation.selectors.intake import intake_of
from incubation.selectors.reviewing import conflicts_of, sheet_for
from parks.errors import DatesOutOfOrder, InvalidValue
from tenants import services as letting
from tests.factories import NOBODY, make_tenant
from tests.factories.applications import make_application, make_reviewer, take
from tests.factories.incubation import make_carrier

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 5)


@pytest.fixture(autouse=True)
def sheet(db):
    return incubation.load_score_sheets()[0]


@pytest.fixture
def application(jr):
    on = timezone.localdate()
    return take(make_application(carrier=make_carrier(park=jr), on=on), "submit", "accept_form",
                on=on)  # fmt: skip


def url(name, *args):
    return reverse(f"incubation:{name}", args=args)


def test_a_new_reviewer_gets_an_account_and_a_link(
    client, bureau, mailoutbox, django_capture_on_commit_callbacks
):
    client.force_login(bureau)
    values = {"username": "zhuanjia", "name": "专家甲", "most_open": 5, "start": "2026-01-01"}
    refused = client.post(url("reviewer-new"), values)
    assert "电子邮箱" in refused.content.decode()
    assert not User.objects.filter(username="zhuanjia").exists()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(url("reviewer-new"), values | {"email": "a@example.com"})
    row = Reviewer.objects.get()
    assert answer.url == url("reviewer-detail", row.pk)
    assert row.user.has_perm("incubation.review_application")
    assert "/accounts/forgotten/" in mailoutbox[0].body
    assert "zhuanjia" in mailoutbox[0].body
    again = client.post(url("reviewer-new"), values)
    assert "该账户已是评审专家" in again.content.decode()


def test_an_interest_recorded_takes_the_review_off_and_ends(client, operator, application):
    reviewer = make_reviewer("评甲")
    (row,) = incubation.assign_reviewers(
        application=application, reviewers=[reviewer], by=NOBODY, at=timezone.now(),
        on=timezone.localdate(),
    )  # fmt: skip
    client.force_login(operator)
    today = timezone.localdate()
    values = {
        "organisation": f" {application.tenant.name}", "kind": "shareholding", "note": "持股",
        "start": today,
    }  # fmt: skip
    assert client.post(url("reviewer-interest", reviewer.pk), values).status_code == 302
    row.refresh_from_db()
    assert row.withdrawn_at
    assert application.exclusions.get().detail == "持股"
    interest = Interest.objects.get()
    assert interest.source == "known"
    page = client.get(url("reviewer-detail", reviewer.pk)).content.decode()
    assert url("interest-end", interest.pk) in page
    assert client.post(url("interest-end", interest.pk), {"last_day": today}).status_code == 302
    assert conflicts_of(application, [reviewer], today + timedelta(days=1)) == {reviewer: []}
    with pytest.raises(DatesOutOfOrder):
        incubation.end_interest(interest=interest, end=interest.start, by=NOBODY)


def test_rivals_holders_and_other_operators_are_known_from_the_records(application):
    tenant = application.tenant
    tenant.industry_code, tenant.field = "C3841", "储能"
    tenant.save()
    rival = make_tenant(name="对手公司", industry_code="C3841")
    make_tenant(name="同链公司", industry_code="C3842", field="储能")
    make_carrier(operator="另一运营公司")
    letting.record_funding(tenant=tenant, kind="venture", on=ON, amount=1, number="1",
                           investor="星火 创投", by=NOBODY)  # fmt: skip
    letting.record_funding(tenant=tenant, kind="loan", on=ON, amount=1, number="2",
                           investor="农商银行", by=NOBODY)  # fmt: skip
    people = {
        name: make_reviewer(name, organisation=name)
        for name in ("对手公司", "同链公司", "另一运营公司", "星火创投", "农商银行")
    }
    member = make_reviewer("账户在对手公司")
    rival.users.add(member.user)
    found = conflicts_of(application, [*people.values(), member], ON)
    kinds = {one.name: [kind for kind, _detail in why] for one, why in found.items()}
    assert kinds == {
        "对手公司": ["competitor"], "同链公司": [], "另一运营公司": ["competitor"],
        "星火创投": ["shareholding"], "农商银行": [], "账户在对手公司": ["competitor"],
    }  # fmt: skip


def test_a_new_employer_takes_the_review_off(client, operator, application):
    reviewer = make_reviewer("评甲")
    (row,) = incubation.assign_reviewers(
        application=application, reviewers=[reviewer], by=NOBODY, at=timezone.now(),
        on=timezone.localdate(),
    )  # fmt: skip
    client.force_login(operator)
    values = {"name": "评甲", "organisation": application.tenant.name, "most_open": 3,
              "start": "2020-01-01"}  # fmt: skip
    assert client.post(url("reviewer-edit", reviewer.pk), values).status_code == 302
    row.refresh_from_db()
    assert row.withdrawn_at


def test_who_has_ended_or_has_its_fill_is_not_asked(application):
    today = timezone.localdate()
    gone = make_reviewer("评甲", end=today)
    full = make_reviewer("评乙", most_open=1)
    asked = {"by": NOBODY, "at": timezone.now(), "on": today}
    other = take(make_application(on=today), "submit", "accept_form", on=today)
    incubation.assign_reviewers(application=other, reviewers=[full], **asked)
    for reviewer in (gone, full):
        with pytest.raises(InvalidValue):
            incubation.assign_reviewers(application=application, reviewers=[reviewer], **asked)


def sheet_values(*criteria, **fields):
    values = {"code": "new-sheet", "name": "新表", "pass_points": 70,
              "criteria-TOTAL_FORMS": 10, "criteria-INITIAL_FORMS": 6}  # fmt: skip
    for n, (name, weight) in enumerate(criteria):
        values |= {f"criteria-{n}-name": name, f"criteria-{n}-weight": weight}
    return values | fields


def test_a_new_sheet_follows_the_old_one_and_the_last_one_stays(client, operator, sheet):
    client.force_login(operator)
    shown = client.get(url("sheet-new"))
    assert shown.context["lines"][0].initial["weight"] == 25
    refused = client.post(url("sheet-new"), sheet_values(("技术", 60), ("团队", 30)))
    assert "现为 90" in refused.content.decode()
    assert 'value="技术"' in refused.content.decode()
    taken = client.post(url("sheet-new"), sheet_values(("技术", 100), code=sheet.code))
    assert taken.context["form"].errors["code"]
    assert client.post(
        url("sheet-new"), sheet_values(("技术", 60), ("团队", 40))
    ).status_code == 302  # fmt: skip
    made = ScoreSheet.objects.get(code="new-sheet")
    assert [one.position for one in made.criteria.all()] == [1, 2]
    assert sheet_for(intake_of(make_carrier()), ON) == made
    today = timezone.localdate()
    assert client.post(url("sheet-retire", sheet.pk)).status_code == 302
    assert "停用" in client.get(url("sheet-list")).content.decode()
    with pytest.raises(InvalidValue):
        incubation.retire_sheet(sheet=made, on=today, by=NOBODY)


@pytest.mark.parametrize("others", [0, 2])
def test_the_register_asks_as_much_for_three_as_for_one(
    client, bureau, django_assert_max_num_queries, others
):
    for n in range(1 + others):
        make_reviewer(f"评{n}")
    client.force_login(bureau)
    for address in (url("reviewer-list"), url("sheet-list")):
        client.get(address)
        with django_assert_max_num_queries(12):
            client.get(address)
