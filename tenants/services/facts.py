"""What is known about a tenant beside its space: people, qualifications, figures, visits.

The plural acts write many rows at once; the single ones call them.
"""

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils.translation import gettext as _

from parks.audit import Act, record, record_all, snapshot
from parks.errors import DatesOutOfOrder, InvalidValue, refusing
from tenants.errors import FactTaken
from tenants.models import Qualification, TenantPerson, Visit, VisitProblem, YearFigure
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


def _taken():
    return FactTaken(_("This is already recorded. Correct that entry instead."))


_ONCE = dict.fromkeys(("qualification_once_a_day", "tenants_qualification", "year_figure_once", "tenants_yearfigure"), _taken)  # fmt: skip


def _add(rows, *, by, reason=""):
    """Check, insert and write down new rows of one model that have a ``tenant``."""
    refuse_merged({row.tenant for row in rows})
    for row in rows:
        row.full_clean(exclude=["tenant"], validate_unique=False, validate_constraints=False)
    with refusing(**_ONCE):
        type(rows[0]).objects.bulk_create(rows, batch_size=500)
    acts = [Act("create", row, row.tenant.home_park) for row in rows]
    record_all(acts, by=by, reason=reason)
    return rows


def _correct(row, fields, *, by, reason, action="correct", tenant=None):
    """Change columns of a row; the row is read again and locked."""
    row = type(row).objects.select_for_update().get(pk=row.pk)
    tenant = tenant or row.tenant
    refuse_merged([tenant])
    before = snapshot(row)
    for name, value in fields.items():
        setattr(row, name, value)
    if isinstance(row, Qualification):
        _in_order(row)
    row.full_clean(validate_unique=False, validate_constraints=False)
    with refusing(**_ONCE):
        row.save()
    record(action, row, by=by, park=tenant.home_park, before=before, reason=reason)
    return row


def _remove(row, *, by, reason):
    row = type(row).objects.select_for_update().get(pk=row.pk)
    record("remove", row, by=by, park=row.tenant.home_park, before=snapshot(row), after={},
           reason=reason)  # fmt: skip
    row.delete()


@transaction.atomic
def add_people(rows, *, by, reason="") -> list[TenantPerson]:
    """``rows``: values of ``TenantPerson``, each with its ``tenant``."""
    return _add([TenantPerson(**row) for row in rows], by=by, reason=reason) if rows else []


def add_person(*, tenant, by, reason="", **fields) -> TenantPerson:
    return add_people([fields | {"tenant": tenant}], by=by, reason=reason)[0]


@transaction.atomic
def correct_person(*, person, by, reason="", **fields) -> TenantPerson:
    return _correct(person, fields, by=by, reason=reason)


@transaction.atomic
def remove_person(*, person, by, reason=""):
    _remove(person, by=by, reason=reason)


@transaction.atomic
def record_qualifications(rows, *, by, reason="") -> list[Qualification]:
    """``rows``: values of ``Qualification``; one without ``end`` gets its kind's usual term.

    Raises ``DatesOutOfOrder``, ``FactTaken``, ``TenantMerged``, ``ValidationError``.
    """
    made = []
    for row in rows:
        row = dict(row)
        end = row.pop("end", USUAL_TERM)
        one = Qualification(
            **row, end=usual_end(row["kind"], row["start"]) if end is USUAL_TERM else end
        )
        _in_order(one)
        made.append(one)
    return _add(made, by=by, reason=reason) if made else []


def record_qualification(*, tenant, by, reason="", **fields) -> Qualification:
    return record_qualifications([fields | {"tenant": tenant}], by=by, reason=reason)[0]


@transaction.atomic
def correct_qualification(*, qualification, by, reason="", **fields) -> Qualification:
    return _correct(qualification, fields, by=by, reason=reason)


@transaction.atomic
def remove_qualification(*, qualification, by, reason=""):
    _remove(qualification, by=by, reason=reason)


def _in_order(qualification):
    if qualification.end is not None and qualification.end <= qualification.start:
        raise DatesOutOfOrder(_("A qualification must lapse after it is granted."))


@transaction.atomic
def record_figures(rows, *, by, reason="") -> list[YearFigure]:
    """``rows``: values of ``YearFigure``, money in yuan; ``confirmed_on`` when already checked.

    Raises ``FactTaken`` for a year that has figures, ``TenantMerged``, ``ValidationError``.
    """
    return _add([YearFigure(**row) for row in rows], by=by, reason=reason) if rows else []


def record_figure(*, tenant, by, reason="", **fields) -> YearFigure:
    return record_figures([fields | {"tenant": tenant}], by=by, reason=reason)[0]


@transaction.atomic
def correct_figure(*, figure, by, reason="", **fields) -> YearFigure:
    """Other numbers are to be confirmed anew."""
    return _correct(figure, fields | {"confirmed_on": None}, by=by, reason=reason)


@transaction.atomic
def confirm_figure(*, figure, on, by, reason="") -> YearFigure:
    return _correct(figure, {"confirmed_on": on}, by=by, reason=reason, action="confirm")


@transaction.atomic
def record_visits(rows, *, by, reason="") -> list[Visit]:
    """``rows``: values of ``Visit``; ``problems`` in a row: values of ``VisitProblem``."""
    rows = [dict(row) for row in rows]
    problems = [row.pop("problems", ()) for row in rows]
    visits = _add([Visit(**row) for row in rows], by=by, reason=reason) if rows else []
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
    visit = _correct(visit, fields, by=by, reason=reason)
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
        _solved_in_order(problem)
        problem.full_clean(exclude=["visit"])
    VisitProblem.objects.bulk_create(problems, batch_size=500)
    record_all([Act("create", one, one.visit.tenant.home_park) for one in problems], by=by,
               reason=reason)  # fmt: skip
    return problems


@transaction.atomic
def correct_problem(*, problem, on, by, reason="", **fields) -> VisitProblem:
    """Who handles it, when and how it was solved; ``on`` is today, nothing is solved after it."""
    problem = _correct(problem, fields, by=by, reason=reason, tenant=problem.visit.tenant)
    _solved_in_order(problem)
    if problem.solved_on and problem.solved_on > on:
        raise InvalidValue(_("Write down the solution once it is there: choose a day up to today."))
    return problem


def _solved_in_order(problem):
    if problem.solved_on and problem.solved_on < problem.visit.on:
        raise DatesOutOfOrder(_("A problem is solved on the day of the visit or later."))
