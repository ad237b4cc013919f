"""A problem that somebody of the tenant reports: a visit the other way round, followed until solved."""

from django.db import transaction
from django.utils.translation import gettext as _

from parks.errors import InvalidValue
from parks.telling import tell
from tenants.models import VisitProblem
from tenants.services.fact_rows import correct_row
from tenants.services.facts import record_visit, solved_in_order
from tenants.services.figures import park_of


@transaction.atomic
def report_problem(*, tenant, subject, text, by, on, place="") -> VisitProblem:
    """``by`` reports ``text`` about ``subject``, at ``place``; the park's staff are told at once."""
    visit = record_visit(
        tenant=tenant, on=on, visitor=by.get_full_name() or by.get_username(), subject=subject,
        note=place, reported_by=by, problems=[{"text": text}], by=by,
    )  # fmt: skip
    problem = visit.problems.get()
    tell(
        kind="problem-reported", park=park_of(tenant, on), about=problem.pk, on=on,
        url=f"/tenants/{tenant.pk}/#visits",
        params={"title": subject, "who": tenant.name, "reason": text},
    )  # fmt: skip
    return problem


@transaction.atomic
def correct_problem(*, problem, on, by, reason="", **fields) -> VisitProblem:
    """Who handles it, when and how it was solved; ``on`` is today, nothing is solved after it.

    Where the tenant reported it, its members are told.
    """
    before = VisitProblem.objects.get(pk=problem.pk)
    problem = correct_row(problem, fields, by=by, reason=reason, tenant=problem.visit.tenant)
    solved_in_order(problem)
    if problem.solved_on and problem.solved_on > on:
        raise InvalidValue(_("Write down the solution once it is there: choose a day up to today."))
    if problem.visit.reported_by_id:
        if problem.solved_on and not before.solved_on:
            _tell_members(problem, "problem-solved", on)
        elif problem.handled_by and problem.handled_by != before.handled_by:
            _tell_members(problem, "problem-handled", on)
    return problem


def _tell_members(problem, kind, on):
    visit = problem.visit
    tell(
        kind=kind, about=problem.pk, on=on, url="/my/problems/",
        users=visit.tenant.users.filter(is_active=True).order_by("pk"),
        params={"title": visit.subject, "reason": problem.solution or "—",
                "handled": problem.handled_by},
    )  # fmt: skip
