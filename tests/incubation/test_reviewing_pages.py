"""The pages of reviews: asking, the copy, the sheet that saves itself, the points on the page."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from incubation import services as incubation
from incubation.blind import VEIL, class_of, veiled
from incubation.models import Application, ReviewAssignment
from parks.models import Notice
from tenants.tasks import TASKS
from tests.factories import NOBODY, make_tenant
from tests.factories.applications import (
    make_application,
    make_review,
    make_reviewer,
    moment,
    take,
)
from tests.factories.files import NAME, document, locked
from tests.factories.incubation import make_carrier

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture(autouse=True)
def sheet(db):
    return incubation.load_score_sheets()[0]


@pytest.fixture
def firm():
    return make_tenant(name="长沙麓源新材料有限公司", contact_name="罗小宝")


@pytest.fixture
def application(jr, firm, today):
    carrier = make_carrier(park=jr)
    row = make_application(
        carrier=carrier, tenant=firm, on=today, title="麓源储能薄膜",
        team="罗小宝等五人，联系 a@luyuan.cn 或 13800000000。",
    )  # fmt: skip
    return take(row, "submit", "accept_form", on=today)


@pytest.fixture
def me(reviewer):
    return make_reviewer("评甲", user=reviewer)


def page(client, name, *args):
    return client.get(reverse(f"incubation:{name}", args=args)).content.decode()


def ask(application, *reviewers, on):
    return incubation.assign_reviewers(
        application=application, reviewers=reviewers, by=NOBODY, at=moment(on), on=on
    )


def typed(review, **fields):
    """What the form sends when every criterion has half of its points."""
    for one in review.sheet.criteria.all():
        fields.setdefault(f"points_{one.pk}", Decimal(one.weight) / 2)
    return {"opinion": "可行", "recommends": "yes"} | fields


def test_the_least_busy_are_asked_from_the_page_and_the_interested_are_kept(
    client, operator, application, firm, me
):
    other, member = make_reviewer("评乙"), make_reviewer("评丙")
    firm.users.add(member.user)
    client.force_login(operator)
    url = reverse("incubation:application-assign", args=[application.pk])
    shown = client.get(url)
    assert shown.context["form"].initial["reviewers"] == [other.pk, me.pk]
    assert "任职" in shown.content.decode()
    refused = client.post(url, {"reviewers": [member.pk]})
    assert refused.status_code == 200
    assert not ReviewAssignment.objects.exists()
    assert client.post(url, {"reviewers": [me.pk, other.pk]}).status_code == 302
    assert [one.reviewer for one in application.exclusions.all()] == [member]
    assert Notice.objects.filter(kind="review-asked", user=me.user).count() == 1


def test_what_is_typed_is_kept_and_handed_in_as_a_whole(client, reviewer, me, application, today):
    (row,) = ask(application, me, on=today)
    client.force_login(reviewer)
    assert firm_name(application) in page(client, "reviewing")
    url = reverse("incubation:reviewing-review", args=[row.pk])
    first = row.sheet.criteria.first()
    points, remark = f"points_{first.pk}", f"remark_{first.pk}"
    saved = client.post(url, {"fields": f"{points},{remark}", points: "12.5", remark: "专利扎实"},
                        headers={"HX-Request": "true"})  # fmt: skip
    assert "12.5" in saved.content.decode()
    bad = client.post(url, {"fields": points, points: "99"}, headers={"HX-Request": "true"})
    assert f'id="error-{points}"' in bad.content.decode()
    shown = client.get(url).context["form"].initial
    assert (shown[points], shown[remark]) == (Decimal("12.5"), "专利扎实")
    lacking = client.post(url, {"send": "1", points: "12.5"})
    assert "请为每个评分项打分" in lacking.content.decode()
    assert client.post(url, typed(row, send="1")).status_code == 302
    row.refresh_from_db()
    assert (row.points, row.recommends) == (50, True)
    assert "50.0" in page(client, "reviewing-review", row.pk)


def firm_name(application):
    return application.tenant.name


def test_a_blind_copy_names_nobody(client, media, reviewer, me, application, operator, today):
    incubation.set_intake(carrier=application.carrier, by=NOBODY, blind=True)
    (row,) = ask(application, me, on=today)
    papers = [
        application.documents.create(
            kind="plan", name=f"麓源计划{n}.pdf", names_applicant=named, size=8, sha256=str(n) * 64,
            media_type="application/pdf", added_at=timezone.now(),
            file=SimpleUploadedFile("a.pdf", document()),
        )
        for n, named in enumerate((True, False))
    ]  # fmt: skip
    client.force_login(reviewer)
    for text in (page(client, "reviewing"), page(client, "reviewing-review", row.pk)):
        for name in ("麓源", "罗小宝", "luyuan", "13800000000"):
            assert name not in text
    assert VEIL in page(client, "reviewing-review", row.pk)
    address = [
        reverse("incubation:application-document", args=[application.pk, one.pk]) for one in papers
    ]
    assert client.get(address[0]).status_code == 404
    answer = client.get(address[1])
    assert answer.status_code == 200
    assert "%E9%BA%93" not in answer["Content-Disposition"]
    assert NAME.encode() not in answer.content
    client.force_login(operator)
    assert NAME.encode() in client.get(address[1]).content


def test_a_blind_reviewer_is_told_what_is_kept_back(
    client, media, reviewer, me, application, operator, today
):
    """A locked file from before the rule: nothing of it goes out, and the page says why."""
    incubation.set_intake(carrier=application.carrier, by=NOBODY, blind=True)
    kept = [
        application.documents.create(
            kind="plan", name="a.pdf", names_applicant=named, size=8, sha256=str(n) * 64,
            media_type="application/pdf", added_at=timezone.now(),
            file=SimpleUploadedFile("a.pdf", locked()),
        )
        for n, named in enumerate((True, False))
    ]  # fmt: skip
    client.force_login(operator)
    assert "2 份附件中" in page(client, "application-assign", application.pk)
    (row,) = ask(application, me, on=today)
    client.force_login(reviewer)
    assert "1 份附件" in page(client, "reviewing-review", row.pk)
    address = reverse("incubation:application-document", args=[application.pk, kept[1].pk])
    for shown in ("", "?show=1"):
        answer = client.get(address + shown, follow=True)
        assert answer.redirect_chain[0][0] == reverse("incubation:reviewing-review", args=[row.pk])
        assert "密码" in answer.content.decode()
    client.force_login(operator)
    assert client.get(address).content.startswith(b"%PDF-")


def test_the_veil_covers_names_and_ways_to_reach_them():
    text = veiled("我们麓源（www.luyuan.cn，0731-88888888）", ["麓源"])
    assert text.count(VEIL) >= 2
    assert "luyuan" not in text
    assert [class_of(n, (0, 5, 10)) for n in (0, 3, 6, 11)][:3] == ["0", "1–5", "6–10"]


def test_a_reviewer_declares_and_loses_sight(client, reviewer, me, application, today):
    (row,) = ask(application, me, on=today)
    client.force_login(reviewer)
    url = reverse("incubation:reviewing-interest", args=[row.pk])
    assert client.post(url, {"kind": "kinship", "note": "表兄"}).status_code == 302
    assert client.get(reverse("incubation:reviewing-review", args=[row.pk])).status_code == 404
    assert application.exclusions.get().detail == "表兄"


def test_the_page_shows_points_mean_and_spread_to_the_staff_only(
    client, operator, startup, application, today
):
    for name, points in (("评乙", 80), ("评丙", 60)):
        make_review(application, make_reviewer(name), points, on=today)
    client.force_login(operator)
    text = page(client, "application-detail", application.pk)
    assert "70.0" in text
    assert "20.0" in text
    application.tenant.users.add(startup)
    client.force_login(startup)
    text = page(client, "application-detail", application.pk)
    assert "评乙" not in text
    assert "70.0" not in text


def test_a_review_is_taken_off(client, operator, me, application, today):
    (row,) = ask(application, me, on=today)
    client.force_login(operator)
    url = reverse("incubation:application-review-off", args=[application.pk, row.pk])
    assert client.post(url, {"reason": "出差"}).status_code == 302
    assert client.get(url).status_code == 404
    assert "出差" in page(client, "application-detail", application.pk)


@pytest.mark.parametrize("others", [0, 2])
def test_the_board_asks_as_much_for_three_as_for_one(
    client, reviewer, me, jr, today, django_assert_max_num_queries, others
):
    for _n in range(1 + others):
        row = make_application(carrier=make_carrier(park=jr), on=today)
        ask(take(row, "submit", "accept_form", on=today), me, on=today)
    client.force_login(reviewer)
    client.get("/reviewing/")
    with django_assert_max_num_queries(13):
        client.get("/reviewing/")


def test_nothing_is_typed_once_the_review_is_over(client, reviewer, me, application, today):
    (row,) = ask(application, me, on=today)
    take(application, "withdraw", on=today)
    assert Application.objects.with_state(today).get(pk=application.pk).state == "withdrawn"
    client.force_login(reviewer)
    url = reverse("incubation:reviewing-review", args=[row.pk])
    assert "data-dossier" not in client.get(url).content.decode()
    answer = client.post(url, {"fields": "opinion", "opinion": "好"},
                         headers={"HX-Request": "true"})  # fmt: skip
    assert "评审已结束" in answer.content.decode()


def test_the_board_tells_of_late_and_missing_reviewers(client, operator, me, application, today):
    on = today + timedelta(days=60)
    rows = {task.key: task.rows for task in TASKS}
    assert [one.pk for one in rows["review-unasked"](operator, today)] == [application.pk]
    ask(application, me, make_reviewer("评乙"), on=today)
    assert not rows["review-unasked"](operator, today)
    assert not rows["review-late"](operator, today)
    assert [one.pk for one in rows["review-late"](operator, on)] == [application.pk]
    client.force_login(operator)
    page = client.get(f"/tasks/review-late/?on={on}").content.decode()
    assert application.tenant.name in page


def test_whoever_only_reviews_begins_with_its_reviews(client, reviewer, me, application, today):
    ask(application, me, on=today)
    client.force_login(reviewer)
    assert firm_name(application) in client.get("/", follow=True).content.decode()
