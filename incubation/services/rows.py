"""Writing rows that belong to a carrier: checked, saved and written down alike."""

from functools import cache

from django.db.models import CheckConstraint, ForeignKey, UniqueConstraint
from django.utils.translation import gettext as _

from parks.audit import Act, record, record_all, snapshot
from parks.constraints import NoOverlap
from parks.errors import DatesOutOfOrder, InvalidValue, refusing
from parks.periods import Period
from tenants.errors import FactTaken


@cache
def refusals(model) -> dict:
    """What the database's refusals of rows of ``model`` mean, by the name each engine gives."""
    known = {}
    for one in model._meta.constraints:
        if isinstance(one, NoOverlap | UniqueConstraint):
            known[one.name] = _saying(FactTaken, one)
            if isinstance(one, UniqueConstraint):  # SQLite names the table
                known[model._meta.db_table] = known[one.name]
        elif isinstance(one, CheckConstraint):
            known[one.name] = (
                _out_of_order if one.violation_error_code == "period_order"
                else _saying(InvalidValue, one)
            )  # fmt: skip
    return known


def _saying(error, constraint):
    return lambda: error(constraint.get_violation_error_message())


def _out_of_order():
    return DatesOutOfOrder(_("The last day must not lie before the first."))


def period_of(row) -> Period:
    """The days of a row, or ``DatesOutOfOrder``."""
    if row.end is not None and row.end <= row.start:
        raise _out_of_order()
    return Period(row.start, row.end)


def clean(row):
    """Shapes of the columns; what concerns other rows, the database refuses."""
    keys = [f.name for f in row._meta.concrete_fields if isinstance(f, ForeignKey)]
    row.full_clean(exclude=keys, validate_unique=False, validate_constraints=False)


def add(rows, *, park, by, reason="", action="create"):
    """Save new rows of one model in one insert. ``park``: function of a row."""
    if not rows:
        return rows
    for row in rows:
        clean(row)
    with refusing(**refusals(type(rows[0]))):
        type(rows[0]).objects.bulk_create(rows, batch_size=500)
    record_all([Act(action, row, park(row)) for row in rows], by=by, reason=reason)
    return rows


def locked(row):
    """The row as it is now, kept from others until the transaction ends."""
    return type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)


def change(row, fields, *, park, by, reason="", action="correct"):
    """Change columns of a ``locked`` row."""
    before = snapshot(row)
    for name, value in fields.items():
        setattr(row, name, value)
    clean(row)
    with refusing(**refusals(type(row))):
        row.save()
    record(action, row, by=by, park=park, before=before, reason=reason)
    return row


def remove(row, *, park, by, reason=""):
    record("remove", row, by=by, park=park, before=snapshot(row), after={}, reason=reason)
    row.delete()
