"""A founder reports a problem, the park handles it, and the founder hears of it."""

import pytest
from django.utils import timezone

from parks import notices
from tenants import services as letting
from tenants.models import Visit, VisitProblem
from tenants.tasks import reported_problems
from tests.factories import make_tenant

pytestmark = pytest.mark.django_db
SAID = {"subject": "货梯", "text": "货梯停了两天", "place": ""}


def told(user):
    return sorted(one.kind for one in notices.standing(user, timezone.localdate()))


def test_from_reported_to_solved(client, startup, operator, operator2, firm):
    on = timezone.localdate()
    client.force_login(startup)
    assert client.post("/my/problems/new/", SAID).status_code == 302
    visit = Visit.objects.get()
    assert (visit.tenant, visit.reported_by, visit.on) == (firm, startup, on)
    assert told(operator) == ["problem-reported"]
    assert told(operator2) == []
    assert list(reported_problems(operator, on)) == [visit]
    client.force_login(operator)
    assert client.get("/tasks/problem-reported/").status_code == 200
    problem = VisitProblem.objects.get()
    letting.correct_problem(problem=problem, on=on, by=operator, handled_by="物业")
    letting.correct_problem(problem=problem, on=on, by=operator, solved_on=on, solution="已修好")
    assert told(startup) == ["problem-handled", "problem-solved"]
    assert told(operator) == []
    assert not reported_problems(operator, on).exists()
    client.force_login(startup)
    assert "已修好" in client.get("/my/problems/").content.decode()


def test_nobody_reports_for_another_firm(client, startup, firm):
    client.force_login(startup)
    assert client.post(f"/my/problems/new/?tenant={make_tenant().pk}", SAID).status_code == 404
    assert not Visit.objects.exists()
