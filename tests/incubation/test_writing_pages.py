"""The applicant's pages: start, compare, write, attach, send; and what others must not get."""

import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from incubation import services as incubation
from incubation.models import Application, ReviewAssignment, Reviewer, ScoreSheet
from incubation.rules import METRICS
from incubation.rules.files import read_files, shipped
from tests.conftest import person
from tests.factories import NOBODY, make_lease, make_tenant, make_unit
from tests.factories.applications import CONTENT, give_space, make_application, moment, take
from tests.factories.files import NAME, document, locked
from tests.factories.incubation import make_carrier

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def draft(startup, jr, media, client):
    client.force_login(startup)
    return make_application(tenant=startup.tenants.get(), carrier=make_carrier(park=jr))


def url(name, application, **more):
    return reverse(f"incubation:{name}", kwargs={"pk": application.pk, **more})


def typed(**changes):
    """What a browser sends of the whole form."""
    return {
        name: value for name, value in (CONTENT | {"move_in_on": "2039-01-01"} | changes).items()
        if value not in (None, False)
    }  # fmt: skip


def pdf(content=b"%PDF-1.7"):
    return SimpleUploadedFile("计划.pdf", content)


def test_a_start_from_a_vacant_unit_takes_over_what_it_is(client, startup, jr):
    carrier, today = make_carrier(park=jr), timezone.localdate()
    unit = make_unit(park=jr, kind="office", area=120)
    give_space(carrier, unit)
    client.force_login(startup)
    page = client.get(reverse("incubation:apply"), {"unit": unit.pk})
    assert [row.carrier for row, _begun in page.context["rows"]] == [carrier]
    assert page.context["rows"][0][0].free == 1
    assert page.context["gone"] == 0
    gone = client.get(reverse("incubation:apply"), {"unit": [unit.pk, 10**9]})
    assert gone.context["gone"] == 1
    client.post(reverse("incubation:apply-start"), {"carrier": carrier.pk, "unit": unit.pk})
    application = Application.objects.with_state(today).get()
    assert (application.unit_kind, application.area_min_m2) == ("office", 120)
    assert list(application.preferred_units.all()) == [unit]
    again = client.post(reverse("incubation:apply-start"), {"carrier": carrier.pk})
    assert again.url == url("apply-form", application)
    assert Application.objects.count() == 1


def test_a_start_from_space_vacant_later_keeps_the_day_of_moving_in(client, startup, jr):
    carrier, unit = make_carrier(park=jr), make_unit(park=jr)
    give_space(carrier, unit)
    today, day = timezone.localdate(), timezone.localdate() + timedelta(days=40)
    make_lease(units=[unit], start=today - timedelta(days=9), end=today + timedelta(days=9))
    client.force_login(startup)
    asked = {"unit": unit.pk, "on": day.isoformat()}
    page = client.get(reverse("incubation:apply"), asked)
    assert list(page.context["units"]) == [unit]
    assert f'name="on" value="{day}"' in page.text
    client.post(reverse("incubation:apply-start"), {"carrier": carrier.pk} | asked)
    application = Application.objects.get()
    assert application.move_in_on == day
    assert list(application.preferred_units.all()) == [unit]


def test_who_acts_for_two_firms_applies_for_the_second_too(client, draft, startup):
    page = client.get(reverse("incubation:apply"))
    assert page.context["rows"][0][1] == {"applications": [draft], "tenants": []}
    second = make_tenant()
    second.users.add(startup)
    page = client.get(reverse("incubation:apply"))
    assert page.context["rows"][0][1] == {"applications": [draft], "tenants": [second]}
    values = {"carrier": draft.carrier_id, "tenant": second.pk}
    client.post(reverse("incubation:apply-start"), values)
    assert second.applications.get().carrier == draft.carrier


def test_a_start_for_anothers_firm_is_none(client, startup, jr):
    client.force_login(startup)
    client.post(reverse("incubation:apply-start"),
                {"carrier": make_carrier(park=jr).pk, "tenant": make_tenant().pk})  # fmt: skip
    client.post(reverse("incubation:apply-start"), {"carrier": "x"})
    assert not Application.objects.exists()


def test_carriers_stand_side_by_side_with_every_criterion(client, startup, jr):
    at = moment(date(2026, 1, 1))
    incubation.load_rule_sets(read_files(shipped(), METRICS), by=None, at=at)
    pair = [make_carrier(park=jr, stage="accelerator"), make_carrier(park=jr)]
    client.force_login(startup)
    page = client.get(reverse("incubation:apply-compare"), {"carrier": [one.pk for one in pair]})
    assert [row.carrier for row, _found in page.context["judged"]] == pair
    assert all(found.findings for _row, found in page.context["judged"])
    assert page.context["table"]


def test_the_list_asks_as_often_for_many_carriers(client, startup, jr, django_assert_num_queries):
    client.force_login(startup)
    make_carrier(park=jr)
    client.get(reverse("incubation:apply"))
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(reverse("incubation:apply"))
    for _n in range(3):
        give_space(make_carrier(park=jr), make_unit(park=jr))
    with django_assert_num_queries(len(one)):
        client.get(reverse("incubation:apply"))


def test_typing_saves_what_is_named_and_says_what_cannot_be(client, draft):
    data = typed(title="新名", months="0", fields="title,months,closed_on")
    answer = client.post(url("apply-form", draft), data, **HTMX)
    assert json.loads(answer["HX-Trigger"])["dossier-saved"] == {"fields": ["title"]}
    assert 'id="error-months"' in answer.content.decode()
    draft.refresh_from_db()
    assert (draft.title, draft.months, draft.people) == ("新名", 24, 12)
    crossed = typed(area_max_m2="20", fields="area_max_m2,team", team="两人")
    client.post(url("apply-form", draft), crossed, **HTMX)
    draft.refresh_from_db()
    assert (draft.area_max_m2, draft.team) == (200, "两人")


def test_what_is_not_saved_is_said_beside_saved(client, draft):
    answer = client.post(url("apply-form", draft), typed(months="0", fields="title,months"), **HTMX)
    assert [field.name for field in answer.context["unsaved"]] == ["months"]
    assert "✓" not in answer.text.split("<div")[0]
    answer = client.post(url("apply-form", draft), typed(fields="months"), **HTMX)
    assert answer.context["unsaved"] == []


def test_units_wished_for_together_are_judged_together(client, draft):
    units = [make_unit(park=draft.carrier.park, kind="office", area=60) for _n in range(2)]
    for unit in units:
        give_space(draft.carrier, unit)
    one = typed(fields="preferred_units", preferred_units=[units[0].pk])
    assert client.post(url("apply-form", draft), one, **HTMX).context["together"] is None
    both = typed(fields="preferred_units", preferred_units=[unit.pk for unit in units])
    together = client.post(url("apply-form", draft), both, **HTMX).context["together"]
    assert (together.area_m2, together.reasons) == (120, [])
    choices = client.get(url("apply-units", draft)).context["choices"]
    assert [(choice.wished, choice.reasons) for choice in choices] == [(True, []), (True, [])]
    draft.preferred_units.remove(units[1])
    alone = client.get(url("apply-units", draft)).context["choices"][0]
    assert len(alone.reasons) == 1


def test_a_form_with_an_error_keeps_everything_typed(client, draft):
    page = client.post(url("apply-form", draft), typed(months="many", title="新名"))
    assert page.context["form"]["months"].value() == "many"
    assert page.context["form"].errors["months"]
    draft.refresh_from_db()
    assert draft.title == "新名"


def test_sent_once_everything_is_there(client, draft):
    page = client.post(url("apply-form", draft), typed(send="1"))
    assert page.status_code == 200
    assert page.context["form"].non_field_errors()
    emptied = client.post(url("apply-form", draft), typed(send="1", title="", people="0"))
    assert set(emptied.context["form"].errors) == {"__all__", "title", "people"}
    assert "data-arrived" not in emptied.text
    for kind in ("licence", "plan"):
        client.post(url("apply-paper-add", draft), {"kind": kind, "file": pdf(kind.encode() + b"")},
                    **HTMX)  # fmt: skip
        client.post(url("apply-paper-add", draft), {"kind": kind, "file": pdf()}, **HTMX)
    assert draft.documents.count() == 2
    sent = client.post(url("apply-form", draft), typed(send="1"))
    assert sent.url == f"/applications/{draft.pk}/"
    for _again in range(2):
        assert client.post(url("apply-form", draft), typed(send="1")).status_code == 200
    assert draft.steps.filter(act="submit").count() == 1
    assert client.get(url("apply-form", draft)).url == f"/applications/{draft.pk}/"
    assert f'data-arrived="/apply/{draft.pk}/"' in client.get(sent.url).text


def test_the_form_says_beforehand_that_nothing_is_taken_now(client, draft):
    assert "再提交" not in client.get(url("apply-form", draft)).text
    incubation.set_intake(carrier=draft.carrier, by=NOBODY, mode="closed")
    assert "再提交" in client.get(url("apply-form", draft)).text


def test_an_amendment_shows_what_was_asked_for(client, draft, bureau):
    take(draft, "submit")
    on = timezone.localdate()
    incubation.step(application=draft, act="return", by=bureau, at=timezone.now(), on=on,
                    until=date(2039, 1, 1), opinion="补齐", details={"items": ["营业执照副本"]})  # fmt: skip
    page = client.get(url("apply-form", draft)).content.decode()
    assert "营业执照副本" in page


def test_a_bad_file_is_refused_in_words_and_nothing_is_kept(client, draft, media):
    html = client.post(url("apply-paper-add", draft),
                       {"kind": "plan", "file": pdf(b"<!doctype html><script>")}, **HTMX)  # fmt: skip
    assert 'role="alert"' in html.content.decode()
    assert not draft.documents.exists()
    plain = client.post(url("apply-paper-add", draft), {"kind": "plan"})
    assert plain.url.endswith("#papers")


def test_only_who_may_gets_a_document_and_as_a_download(client, draft, operator, operator2, bureau):
    client.post(url("apply-paper-add", draft), {"kind": "plan", "file": pdf()}, **HTMX)
    address = url("application-document", draft, document=draft.documents.get().pk)
    answer = client.get(address)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    rival = person("rival", "startup")
    make_tenant().users.add(rival)
    seen = {}
    for sent in (False, True):
        if sent:
            take(draft, "submit", on=timezone.localdate())
        for who in (rival, operator2, operator, bureau):
            client.force_login(who)
            seen[sent, who.username] = client.get(address).status_code
    assert [code for (sent, _who), code in seen.items() if not sent] == [404] * 4
    assert [code for (sent, _who), code in seen.items() if sent] == [404, 404, 200, 200]
    client.force_login(operator)
    other = make_application()
    assert client.get(address.replace(f"/{draft.pk}/", f"/{other.pk}/", 1)).status_code == 404


def test_a_blind_reviewer_gets_only_what_names_nobody(client, draft, reviewer):
    for named, content in ((True, b"%PDF-1.7 a"), (False, document())):
        incubation.add_paper(application=draft, file=pdf(content), names_applicant=named, by=NOBODY,
                             at=timezone.now(), on=timezone.localdate())  # fmt: skip
    take(draft, "submit", "accept_form", on=timezone.localdate())
    judge = Reviewer.objects.create(user=reviewer, name="甲", start=date(2026, 1, 1))
    ReviewAssignment.objects.create(
        application=draft, reviewer=judge, assigned_at=timezone.now(), due_on=date(2039, 1, 1),
        sheet=ScoreSheet.objects.create(code="s", name="表"), blind=True,
    )  # fmt: skip
    client.force_login(reviewer)
    answers = {
        one.names_applicant: client.get(url("application-document", draft, document=one.pk))
        for one in draft.documents.all()
    }
    assert {named: one.status_code for named, one in answers.items()} == {True: 404, False: 200}
    assert NAME.encode() in document()
    assert NAME.encode() not in answers[False].content
    assert answers[False].content.startswith(b"%PDF-")
    with draft.documents.get(names_applicant=False).file.open("rb") as file:
        assert file.read() == document()


def test_what_has_no_copy_without_names_is_not_promised_to_reviewers(client, draft):
    incubation.set_intake(carrier=draft.carrier, by=NOBODY, blind=True)
    sent = {"kind": "plan", "file": pdf(locked())}
    page = client.post(url("apply-paper-add", draft), sent, **HTMX).content.decode()
    assert "密码" in page
    assert "内含本单位名称" in page
    assert not draft.documents.exists()
    sent = {"kind": "plan", "file": pdf(locked()), "names_applicant": "on"}
    client.post(url("apply-paper-add", draft), sent, **HTMX)
    assert draft.documents.get().names_applicant


def test_taken_back_and_applied_again(client, draft):
    client.post(url("application-withdraw", draft), {"opinion": ""})
    assert client.get(url("application-withdraw", draft)).url == f"/applications/{draft.pk}/"
    page = client.get(reverse("incubation:apply"))
    assert page.context["mine"][0].state == "withdrawn"
    assert f'data-arrived="/apply/{draft.pk}/"' in page.text
    assert draft.carrier in page_of_copy(client, draft)
    again = client.post(url("application-copy", draft), {"carrier": draft.carrier_id})
    copy = Application.objects.get(previous=draft)
    assert draft.carrier not in page_of_copy(client, draft)
    assert again.url == url("apply-form", copy)


def page_of_copy(client, application):
    """The carriers offered for a copy."""
    return (
        client.get(url("application-copy", application)).context["form"].fields["carrier"].queryset
    )
