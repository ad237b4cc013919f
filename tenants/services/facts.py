"""What is known about a tenant beside its space: people, qualifications, figures, visits.

The plural acts write many rows at once; the single ones call them.
"""

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils.translation import gettext as _

from parks.audit import Act, record_all
from parks.errors import DatesOutOfOrder
from tenants.models import Qualification, TenantPerson, Visit, VisitProblem, YearFigure
from tenants.services.fact_rows import add_rows, correct_row, remove_row
from tenants.services.tenants import refuse_merged

Kind = Qualification.Kind
#: Years a qualification is usually valid (domain notes §3).
TERMS = {
    Kind.SCIENCE_SME: 1, Kind.HIGH_TECH: 3, Kind.INNOVATIVE_SME: 3, Kind.SPECIALISED_SME: 3,
    Kind.LITTLE_GIANT: 3, Kind.CHAMPION: 3, Kind.ABOVE_SCALE: 1,
}  # fmt: skip
#: Those of ``TERMS`` not checked against the published text.
TERMS_UNVERIFIED = {
    Kind.INNOVATIVE_SME, Kind.SPECIALISED_SME, Kind.LITTLE_GIANT, Kind.CHAMPION,
}  # fmt: skip
USUAL_TERM = object()


def usual_end(kind, start):
    """First day no longer covered by the usual term of ``kind``, None for a kind without one."""
    return start + relativedelta(years=TERMS[kind]) if kind in TERMS else None


@transaction.atomic
def add_people(rows, *, by, reason="") -> list[TenantPerson]:
    """``rows``: values of ``TenantPerson``, each with its ``tenant``."""
    return add_rows([TenantPerson(**row) for row in rows], by=by, reason=reason)


def add_person(*, tenant, by, reason="", **fields) -> TenantPerson:
    return add_people([fields | {"tenant": tenant}], by=by, reason=reason)[0]


@transaction.atomic
def correct_person(*, person, by, reason="", **fields) -> TenantPerson:
    return correct_row(person, fields, by=by, reason=reason)


@transaction.atomic
def remove_person(*, person, by, reason=""):
    remove_row(person, by=by, reason=reason)


@transaction.atomic
def record_qualifications(rows, *, by, reason="") -> list[Qualification]:
    """``rows``: values of ``Qualification``; one without ``end`` gets its kind's usual term.

    Raises ``DatesOutOfOrder``, ``FactTaken``, ``TenantMerged``, ``ValidationError``.
    """
    made = []
    for row in rows:
        row = dict(row)
        end = row.pop("end", USUAL_TERM)
        end = usual_end(row["kind"], row["start"]) if end is USUAL_TERM else end
        made.append(Qualification(**row, end=end))
    return add_rows(made, by=by, reason=reason)


def record_qualification(*, tenant, by, reason="", **fields) -> Qualification:
    return record_qualifications([fields | {"tenant": tenant}], by=by, reason=reason)[0]


@transaction.atomic
def correct_qualification(*, qualification, by, reason="", **fields) -> Qualification:
    return correct_row(qualification, fields, by=by, reason=reason)


@transaction.atomic
def remove_qualification(*, qualification, by, reason=""):
    remove_row(qualification, by=by, reason=reason)


@transaction.atomic
def record_figures(rows, *, by, reason="") -> list[YearFigure]:
    """``rows``: values of ``YearFigure``, money in yuan; ``confirmed_on`` when already checked.

    Raises ``FactTaken`` for a year that has figures, ``TenantMerged``, ``ValidationError``.
    """
    return add_rows([YearFigure(**row) for row in rows], by=by, reason=reason)


def record_figure(*, tenant, by, reason="", **fields) -> YearFigure:
    return record_figures([fields | {"tenant": tenant}], by=by, reason=reason)[0]


@transaction.atomic
def correct_figure(*, figure, by, reason="", **fields) -> YearFigure:
    """Other numbers are to be confirmed anew."""
    fields = fields | {"confirmed_on": None, "asked_again": ""}
    return correct_row(figure, fields, by=by, reason=reason)


@transaction.atomic
def record_visits(rows, *, by, reason="") -> list[Visit]:
    """``rows``: values of ``Visit``; ``problems`` in a row: values of ``VisitProblem``."""
    rows = [dict(row) for row in rows]
    problems = [row.pop("problems", ()) for row in rows]
    visits = add_rows([Visit(**row) for row in rows], by=by, reason=reason)
    raised = [
        VisitProblem(visit=visit, **problem)
        for visit, found in zip(visits, problems, strict=True)
        for problem in found
    ]
    _raise(raised, by=by, reason=reason)
    return visits


def record_visit(*, tenant, by, reason="", **fields) -> Visit:
    return record_visits([fields | {"tenant": tenant}], by=by, reason=reason)[0]


@transaction.atomic
def correct_visit(*, visit, by, reason="", **fields) -> Visit:
    visit = correct_row(visit, fields, by=by, reason=reason)
    if visit.problems.filter(solved_on__lt=visit.on).exists():
        raise DatesOutOfOrder(_("A problem of this visit was solved before that day."))
    return visit


@transaction.atomic
def raise_problem(*, visit, text, by, handled_by="", reason="") -> VisitProblem:
    refuse_merged([visit.tenant])
    problem = VisitProblem(visit=visit, text=text, handled_by=handled_by)
    return _raise([problem], by=by, reason=reason)[0]


def _raise(problems, *, by, reason):
    for problem in problems:
        solved_in_order(problem)
        problem.full_clean(exclude=["visit"])
    VisitProblem.objects.bulk_create(problems, batch_size=500)
    record_all([Act("create", one, one.visit.tenant.home_park) for one in problems], by=by,
               reason=reason)  # fmt: skip
    return problems


def solved_in_order(problem):
    if problem.solved_on and problem.solved_on < problem.visit.on:
        raise DatesOutOfOrder(_("A problem is solved on the day of the visit or later."))
