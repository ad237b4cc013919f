"""Registering, confirming, a forgotten password, my data and my claims as pages."""

import io
import json
import re
import zipfile
from datetime import UTC, date, datetime
from smtplib import SMTPException

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parks.models import AuditEntry, Subscription
from tenants import services as letting
from tenants.models import Account, Tenant, TenantClaim
from tenants.views.accounts import MAILS_PER_ADDRESS, MAILS_PER_PLACE
from tests.factories import make_lease, make_tenant, make_unit
from tests.tenants.test_claims import CODE, WRONG

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 30, 4, tzinfo=UTC)
PASSWORD = "wangcheng-2026"


@pytest.fixture
def post(client, django_capture_on_commit_callbacks):
    """Mails go out once everything is committed."""

    def send(path, **values):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(path, values)

    return send


def register(post, email="li@example.cn", **values):
    values = {"name": "李创", "email": email, "terms": "on"} | values
    return post("/accounts/register/", **values)


def link_in_mail(word="confirm"):
    return re.search(rf"http://127\.0\.0\.1:8000(/accounts/{word}/\S+)", mail.outbox[-1].body)[1]


def passwords(password=PASSWORD):
    return {"new_password1": password, "new_password2": password}


def test_from_the_form_to_an_application(client, post):
    wanted = "/apply/?unit=7"
    assert register(post, next=wanted).url == "/accounts/registered/"
    link = link_in_mail()
    assert client.get(link).status_code == 200
    assert not User.objects.get().is_active  # a mail program that opens links confirms nothing
    answer = post(link, next=wanted, **passwords("12345"))
    assert answer.context["form"].errors
    answer = post(link, next=wanted, **passwords())
    assert answer.url.startswith("/accounts/me/firm/?next=")
    answer = post(answer.url, kind="team", name="晨光团队")
    assert answer.url == wanted
    assert Tenant.objects.get().users.get().email == "li@example.cn"
    again = client.get(link)
    assert (again.status_code, "用过" in again.content.decode()) == (410, True)


def test_a_wrong_link_says_so(client, post):
    register(post)
    link = link_in_mail()
    for wrong in (f"{link[:-3]}xx/", "/accounts/confirm/9999/a-b/"):
        answer = client.get(wrong)
        assert answer.status_code == 410
        assert "用过" not in answer.content.decode()


def test_log_in_by_address_whatever_its_letters_and_locked_alike(client, post):
    register(post)
    post(link_in_mail(), **passwords())
    client.logout()
    fields = {"username": "LI@Example.cn", "password": PASSWORD}
    assert client.post("/accounts/login/", fields).status_code == 302
    client.logout()
    name = User.objects.get().username
    for tried in ("li@example.cn", "Li@example.cn", "LI@example.cn", name, name.upper()):
        answer = client.post("/accounts/login/", {"username": tried, "password": "no"})
    assert answer.status_code == 429
    assert client.post("/accounts/login/", fields).status_code == 429
    # Whoever has the mailbox sets a new password and is let in.
    post("/accounts/forgotten/", email="li@example.cn")
    page = client.get(link_in_mail("forgotten"), follow=True)
    client.post(page.redirect_chain[-1][0], passwords("another-2026"))
    assert client.post(
        "/accounts/login/", fields | {"password": "another-2026"}
    ).status_code == 302  # fmt: skip
    dead = client.get(link_in_mail("forgotten"), follow=True)
    assert "new_password1" not in dead.content.decode()


@pytest.mark.parametrize("path", ["/accounts/register/", "/accounts/forgotten/"])
def test_nobody_learns_whose_address_it_is(client, post, path, bureau):
    bureau.email = "bureau@example.cn"
    bureau.save()
    answers = [
        post(path, name="甲", email=email, terms="on")
        for email in ("bureau@example.cn", "x@example.cn")
    ]
    assert [a.status_code for a in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    assert [m.to for m in mail.outbox] == [["bureau@example.cn"], ["x@example.cn"]]
    bureau.refresh_from_db()
    assert bureau.check_password("demo")


def test_log_in_does_not_tell_who_registered(client, post):
    register(post)

    def refused(name):
        page = client.post("/accounts/login/", {"username": name, "password": PASSWORD})
        return page.context["form"].non_field_errors()

    assert refused("li@example.cn") == refused("nobody@example.cn") == refused("nobody")


@pytest.mark.parametrize("path", ["/accounts/register/", "/accounts/forgotten/"])
def test_mails_are_bounded_by_address_and_by_place(client, post, path):
    def ask(email):
        return post(path, name="甲", email=email, terms="on")

    codes = [ask("li@example.cn").status_code for _ in range(MAILS_PER_ADDRESS + 1)]
    assert codes == [302] * MAILS_PER_ADDRESS + [429]
    kept = ask("LI@example.cn")
    assert (kept.status_code, "LI@example.cn" in kept.content.decode()) == (429, True)
    codes = [ask(f"{n}@example.cn").status_code for n in range(MAILS_PER_PLACE)]
    assert codes.index(429) == MAILS_PER_PLACE - MAILS_PER_ADDRESS - 2
    assert len(mail.outbox) == MAILS_PER_PLACE - 2


def test_a_mail_server_that_is_down_breaks_nothing(post, monkeypatch):
    def down(*args, **kwargs):
        raise SMTPException

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", down)
    assert register(post).status_code == 302
    assert Account.objects.exists()


def test_mail_and_pages_are_in_the_language_chosen(client, post):
    post("/i18n/setlang/", language="en", next="/")
    register(post)
    assert "Welcome" in mail.outbox[-1].body
    post(link_in_mail(), **passwords())
    assert Subscription.objects.get().language == "en"
    client.logout()
    client.cookies.clear()
    client.post("/accounts/login/", {"username": "li@example.cn", "password": PASSWORD})
    assert 'lang="en"' in client.get("/accounts/me/").content.decode()
    post("/i18n/setlang/", language="zh-hans", next="/")
    assert Subscription.objects.get().language == "zh-hans"


def test_nobody_is_sent_to_another_site(client, post):
    register(post, next="https://evil.example/")
    assert "evil" not in mail.outbox[-1].body
    for bad in ("//evil.example", "https://evil.example", "javascript:alert(1)"):
        assert client.get("/accounts/register/", {"next": bad}).context["next"] == ""


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "个人信息"), ("en", "Personal data")])
def test_terms_in_both_languages(client, language, word):
    client.post("/i18n/setlang/", {"language": language, "next": "/"})
    terms = client.get("/accounts/terms/").content.decode()
    assert word in terms
    heading = re.search("<h1[^>]*>([^<]+)", terms)[1].strip()
    assert heading.lower() in client.get("/accounts/register/").content.decode().lower()
    assert client.get("/accounts/terms/2026-11/").status_code == 200
    assert client.get("/accounts/terms/1999/").status_code == 404


def test_a_code_that_does_not_fit_asks_for_the_reason(client, startup):
    client.force_login(startup)
    values = {"kind": "firm", "name": "湘江芯科", "uscc": WRONG}
    short = client.post("/accounts/me/firm/", values | {"uscc": "914301"}).context["form"]
    assert list(short.errors) == ["uscc"]
    form = client.post("/accounts/me/firm/", values).context["form"]
    assert form.errors["uscc"]
    assert not form.fields["override_reason"].widget.is_hidden
    client.post("/accounts/me/firm/", values | {"override_reason": "执照如此"})
    assert startup.tenants.filter(uscc=WRONG).exists()


def test_codes_cannot_be_tried_without_end(client, startup):
    client.force_login(startup)
    codes = [
        client.post(
            "/accounts/me/firm/", {"kind": "firm", "name": "甲", "uscc": str(n)}
        ).status_code
        for n in range(11)
    ]
    assert codes == [200] * 10 + [429]


def test_a_claim_from_the_firm_to_the_member(client, post, startup, operator, operator2, jr):
    known = make_tenant(name="已知企业", uscc=CODE, home_park=jr)
    client.force_login(startup)
    answer = client.post("/accounts/me/firm/", {"kind": "firm", "name": "已知企业", "uscc": CODE})
    assert answer.url == "/accounts/me/"
    assert "园区正在核对" in client.get("/accounts/me/").content.decode()
    assert client.get(f"/tenants/{known.pk}/").status_code == 404
    claim = TenantClaim.objects.get()
    client.force_login(operator2)
    assert client.post(f"/accounts/claims/{claim.pk}/accept/").status_code == 404
    client.force_login(operator)
    assert "已知企业" in client.get("/accounts/claims/").content.decode()
    assert "已知企业" in client.get("/tasks/claims/").content.decode()
    client.post(f"/accounts/claims/{claim.pk}/accept/")
    late = client.post(f"/accounts/claims/{claim.pk}/refuse/", {"reason": "迟了"})
    assert late.status_code == 200
    assert known.users.get() == startup
    client.post(f"/tenants/{known.pk}/members/{startup.pk}/remove/", {"reason": "认错了人"})
    assert not known.users.exists()


def test_a_list_of_claims_asks_the_same_whatever_its_length(
    client, operator, jr, django_assert_num_queries
):
    def made(number):
        user = User.objects.create_user(f"u{number}", first_name="甲")
        letting.claim_tenant(user=user, tenant=make_tenant(home_park=jr), note="", at=AT)

    client.force_login(operator)
    made(1)
    client.get("/accounts/claims/")
    with CaptureQueriesContext(connection) as few:
        client.get("/accounts/claims/")
    made(2)
    made(3)
    with django_assert_num_queries(len(few)):
        client.get("/accounts/claims/")


def test_my_data_to_read_and_to_take(client, startup, media):
    startup.first_name = "李创"
    startup.save()
    letting.add_document(
        tenant=startup.tenants.get(), file=SimpleUploadedFile("证明.txt", "甲".encode()),
        at=timezone.now(), by=startup,
    )  # fmt: skip
    client.force_login(startup)
    page = client.get("/accounts/me/data/").text
    assert "李创" in page
    assert "入驻企业" in page
    data = json.loads(client.get("/accounts/me/data.json").content)
    assert data["auth.user"][0]["first_name"] == "李创"
    box = zipfile.ZipFile(io.BytesIO(client.get("/accounts/me/data.zip").content))
    (name,) = (one for one in box.namelist() if one.startswith("files/"))
    assert name.endswith("证明.txt")
    assert box.read(name) == "甲".encode()
    assert AuditEntry.objects.filter(action="export_personal").count() == 2
    assert client.get("/accounts/me/data.exe").status_code == 404


def test_deleting_the_account_asks_for_the_password_and_says_what_stands_against(client, post, jr):
    register(post)
    post(link_in_mail(), **passwords())
    user = User.objects.get()
    firm = make_tenant(name="湘芯")
    firm.users.add(user)
    lease = make_lease(
        units=[make_unit(park=jr)], tenant=firm,
        start=timezone.localdate().replace(day=1), end=date(2039, 1, 1),
    )  # fmt: skip
    path = "/accounts/me/delete/"
    assert lease.number in client.get(path).content.decode()
    assert lease.number in client.post(path, {"password": PASSWORD, "sure": "on"}).content.decode()
    firm.users.clear()
    assert client.post(path, {"password": "no", "sure": "on"}).status_code == 200
    assert client.post(path, {"password": PASSWORD, "sure": "on"}).url == "/accounts/login/"
    user.refresh_from_db()
    assert not user.is_active
    assert client.get("/accounts/me/").status_code == 302


def test_an_account_of_the_staff_is_not_deleted_here(client, bureau):
    client.force_login(bureau)
    client.post("/accounts/me/delete/", {"password": "demo", "sure": "on"})
    bureau.refresh_from_db()
    assert bureau.is_active
