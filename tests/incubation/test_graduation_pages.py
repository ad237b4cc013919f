"""The pages of graduation: lists in a fixed number of queries, a decision with its preview."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from incubation import services as incubation
from incubation.models import GraduationReview, Residency
from tests.factories import NOBODY
from tests.factories.incubation import make_carrier, make_residency
from tests.incubation.graduates import (
    AT,
    graduate_rules,
    harder,
    keep_rule_set,
    make_revenue,
    resident,
    shipped_body,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(client, operator, jr):
    client.force_login(operator)
    return client


def queries(client, address) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def graduate_of(carrier, **fields):
    residency = make_residency(carrier=carrier, entered_on=date(2022, 1, 10), **fields)
    return incubation.leave_carrier(
        residency=residency, left_on=date(2024, 3, 1), outcome="graduated",
        destination="own_site", by=NOBODY,
    )  # fmt: skip


def opened(residency):
    today = timezone.localdate()
    return incubation.open_review(residency=residency, on=today, by=NOBODY, at=AT)


def test_the_lists_take_as_many_queries_for_three_as_for_one(shown, jr):
    graduate_rules()
    carrier = make_carrier(park=jr)
    addresses = [f"/graduation/?format={kind}" for kind in ("", "csv")]
    addresses += ["/reviews/", "/follow-ups/", "/follow-ups/?missing=any"]
    counts = []
    for _round in range(2):
        for _one in range(1 + _round):
            residency = resident(carrier=carrier)
            make_revenue(residency.tenant, y2024=3)
            opened(residency)
            graduate = graduate_of(carrier)
            incubation.record_follow_up(
                residency=graduate, year=1, recorded_on=date(2025, 3, 1), by=NOBODY, jobs=3
            )
        counts.append([queries(shown, address) for address in addresses])
    assert counts[0] == counts[1]


def test_the_standing_is_told_and_filtered(shown, jr):
    graduate_rules()
    carrier = make_carrier(park=jr)
    could, unknown = resident(carrier=carrier, high_tech=True), resident(carrier=carrier)
    page = shown.get("/graduation/?standing=could")
    assert [row.pk for row in page.context["page_obj"].object_list] == [could.pk]
    assert {standing: n for standing, _label, n in page.context["tiles"]}["unknown"] == 1
    page = shown.get("/graduation/?standing=unknown")
    assert [row.pk for row in page.context["page_obj"].object_list] == [unknown.pk]
    assert len(shown.get("/graduation/?rule_set=none").context["page_obj"].object_list) == 0


def test_who_would_graduate_under_another_version(shown, jr):
    first = graduate_rules()
    first.effective_to = date(2040, 1, 1)
    first.save()
    second = keep_rule_set(harder(shipped_body("graduate"), effective_from=date(2040, 1, 1)))
    resident(carrier=make_carrier(park=jr), high_tech=True)
    page = shown.get("/graduation/", {"rule_set": str(second)})
    assert (page.context["both"], page.context["newly"], page.context["no_longer"]) == (0, 0, 1)


def test_reviews_are_opened_from_the_list(shown, jr):
    graduate_rules()
    carrier = make_carrier(park=jr)
    rows = [resident(carrier=carrier), resident(carrier=carrier)]
    address = reverse("incubation:review-open")
    keys = [row.pk for row in rows]
    assert shown.get(address, {"residency": keys}).status_code == 200
    sent = {"residency": keys, "day": timezone.localdate().isoformat()}
    answer = shown.post(address, sent)
    assert answer.url == "/reviews/?state=open"
    assert GraduationReview.objects.count() == 2
    again = shown.post(address, sent)
    assert again.status_code == 200
    assert again.context["form"].non_field_errors()


def test_a_decision_is_previewed_then_taken(shown, operator, jr):
    graduate_rules()
    residency = resident(carrier=make_carrier(park=jr), high_tech=True, area=90)
    review = opened(residency)
    address = reverse("incubation:review-detail", args=[review.pk])
    sent = {"decision": "graduate", "opinion": "同意", "destination": "own_site",
            "graduates_on": timezone.localdate().isoformat(), "end_lease": "on"}  # fmt: skip
    page = shown.post(address, sent | {"preview": "1"})
    assert "90.00" in " ".join(page.context["preview"])
    assert Residency.objects.get(pk=residency.pk).left_on is None
    assert GraduationReview.objects.get(pk=review.pk).decision == ""
    assert shown.post(address, sent | {"decide": "1"}).status_code == 302
    assert Residency.objects.get(pk=residency.pk).outcome == "graduated"
    page = shown.get(address)
    assert page.context["form"] is None
    assert page.context["may_revoke"]
    late = shown.post(address, sent | {"decide": "1"}, follow=True)
    assert "error" in {message.level_tag for message in late.context["messages"]}
    shown.post(reverse("incubation:review-revoke", args=[review.pk]), {"reason": "误"})
    assert Residency.objects.get(pk=residency.pk).left_on is None


def test_a_preview_says_what_would_be_refused(shown, jr):
    graduate_rules()
    residency = resident(carrier=make_carrier(park=jr), high_tech=True)
    review = opened(residency)
    page = shown.post(reverse("incubation:review-detail", args=[review.pk]), {
        "decision": "graduate", "opinion": "同意", "destination": "own_site", "preview": "1",
        "graduates_on": "2024-01-10"})  # fmt: skip
    assert page.context["form"].non_field_errors()
    assert page.context["preview"] is None


def test_against_the_rules_the_form_asks_for_the_reason(shown, jr):
    graduate_rules()
    review = opened(resident(carrier=make_carrier(park=jr)))
    page = shown.post(reverse("incubation:review-detail", args=[review.pk]), {
        "decision": "graduate", "opinion": "同意", "destination": "own_site", "decide": "1",
        "graduates_on": timezone.localdate().isoformat()})  # fmt: skip
    assert {"confirm", "against_rules_reason"} <= set(page.context["form"].errors)


def test_tampered_evidence_is_said_on_the_page(shown, jr):
    graduate_rules()
    review = opened(resident(carrier=make_carrier(park=jr)))
    review.evidence["verdict"] = "met"
    GraduationReview.objects.filter(pk=review.pk).update(evidence=review.evidence)
    page = shown.get(reverse("incubation:review-detail", args=[review.pk]))
    assert not page.context["whole"]


def test_a_firm_reads_its_own_evidence_and_review(client, startup, jr):
    graduate_rules()
    carrier = make_carrier(park=jr)
    mine = make_residency(carrier=carrier, tenant=startup.tenants.get())
    other = resident(carrier=carrier)
    client.force_login(startup)
    for name, own, theirs in [("residency-evidence", mine, other),
                              ("review-detail", opened(mine), opened(other))]:  # fmt: skip
        assert client.get(reverse(f"incubation:{name}", args=[own.pk])).status_code == 200
        assert client.get(reverse(f"incubation:{name}", args=[theirs.pk])).status_code == 404
    review = GraduationReview.objects.get(residency=mine)
    answer = client.post(reverse("incubation:review-detail", args=[review.pk]), {"decide": "1"})
    assert answer.status_code == 403


def test_figures_without_consent_are_shown_nowhere(shown, jr):
    graduate = graduate_of(make_carrier(park=jr))
    address = reverse("incubation:follow-up", args=[graduate.pk, 1])
    sent = {"recorded_on": "2025-03-01", "in_existence": "true", "jobs": "4242",
            "revenue": "98765.00", "place": "district"}  # fmt: skip
    assert shown.post(address, sent).status_code == 302
    for where in (address, "/follow-ups/", "/follow-ups/?format=csv",
                  reverse("incubation:residency-detail", args=[graduate.pk]), "/audit/"):  # fmt: skip
        text = shown.get(where).content.decode()
        assert not any(figure in text for figure in ("4242", "4,242", "98765", "98,765"))
    shown.post(reverse("incubation:consent", args=[graduate.pk]), {"day": "2025-01-01"})
    assert "4,242" in shown.get("/follow-ups/").content.decode()
    assert "4242" in shown.get(address).content.decode()
    shown.post(reverse("incubation:consent", args=[graduate.pk]), {"reason": "来函撤回"})
    assert "4,242" not in shown.get("/follow-ups/").content.decode()
