"""Walls that both databases hold: no two periods of the same thing share a day."""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.ddl_references import Statement, Table
from django.db.models import CharField, Q, TextField
from django.db.models.constraints import BaseConstraint
from django.db.models.sql import Query
from django.utils.translation import gettext_lazy as _

from parks.periods import Period, overlap_q

_TRIGGER = """CREATE TRIGGER %(trigger)s BEFORE %(event)s ON %(table)s
WHEN %(when)s
BEGIN
  SELECT RAISE(ABORT, 'no_overlap: %(name)s') WHERE EXISTS (
    SELECT 1 FROM %(table)s WHERE %(same)s
    AND (%(start)s < NEW.%(end)s OR NEW.%(end)s IS NULL)
    AND (%(end)s > NEW.%(start)s OR %(end)s IS NULL)
    AND (%(condition)s)%(other)s);
END"""


class NoOverlap(BaseConstraint):
    """Rows with equal ``fields`` (and meeting ``condition``) never share a day of ``[start, end)``.

    PostgreSQL: an exclusion constraint over range types, which needs no extension.
    SQLite: a pair of triggers that abort. SQLite rebuilds a table on ALTER and drops its
    triggers; they ride on the schema editor's deferred SQL, so a rebuild makes them again.
    ``missing_walls`` proves that they stand.
    """

    violation_error_code = "overlap"
    default_violation_error_message = _("These days overlap another entry.")

    def __init__(self, *, name, fields, start="start", end="end", condition=None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.fields = tuple(fields)
        self.start = start
        self.end = end
        self.condition = condition if condition is not None else Q()

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        kwargs |= {"fields": self.fields, "start": self.start, "end": self.end}
        if self.condition:
            kwargs["condition"] = self.condition
        return path, args, kwargs

    def __eq__(self, other):
        if isinstance(other, NoOverlap):
            return self.deconstruct() == other.deconstruct()
        return super().__eq__(other)

    __hash__ = BaseConstraint.__hash__

    def constraint_sql(self, model, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            quoted = schema_editor.quote_name(self.name)
            return f"CONSTRAINT {quoted} {self._exclusion(model, schema_editor)}"
        # The table may still bear a temporary name: deferred statements follow its renaming.
        schema_editor.deferred_sql.extend(self._triggers(model, schema_editor))
        return None

    def create_sql(self, model, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            table = schema_editor.quote_name(model._meta.db_table)
            return f"ALTER TABLE {table} ADD {self.constraint_sql(model, schema_editor)}"
        insert, update = self._triggers(model, schema_editor)
        schema_editor.execute(insert)
        return update

    def remove_sql(self, model, schema_editor):
        quote = schema_editor.quote_name
        if schema_editor.connection.vendor == "postgresql":
            return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {quote(self.name + '_insert')}")
        return f"DROP TRIGGER IF EXISTS {quote(self.name + '_update')}"

    def _columns(self, model):
        field = model._meta.get_field
        return (
            [field(name) for name in self.fields],
            field(self.start).column,
            field(self.end).column,
        )

    def _condition_sql(self, model, schema_editor):
        if not self.condition:
            return ""
        query = Query(model=model, alias_cols=False)
        where = query.build_where(self.condition)
        compiler = query.get_compiler(connection=schema_editor.connection)
        sql, params = where.as_sql(compiler, schema_editor.connection)
        return sql % tuple(schema_editor.quote_value(p) for p in params)

    def _exclusion(self, model, schema_editor):
        quote = schema_editor.quote_name
        fields, start, end = self._columns(model)
        elements = []
        for field in fields:
            value = quote(field.column)
            if isinstance(field, (CharField, TextField)):
                # 62 bits of a text's hash stand for the text: core PostgreSQL has no text range.
                value = f"(hashtextextended({value}, 0) >> 2)"
            elements.append(f"int8range({value}, {value}, '[]') WITH &&")
        elements.append(f"daterange({quote(start)}, {quote(end)}) WITH &&")
        sql = f"EXCLUDE USING gist ({', '.join(elements)})"
        condition = self._condition_sql(model, schema_editor)
        return f"{sql} WHERE ({condition})" if condition else sql

    def _triggers(self, model, schema_editor):
        quote = schema_editor.quote_name
        fields, start, end = self._columns(model)
        condition = self._condition_sql(model, schema_editor)
        when = condition
        for field in model._meta.concrete_fields:
            when = when.replace(quote(field.column), f"NEW.{quote(field.column)}")
        pk = quote(model._meta.pk.column)
        for event in ("insert", "update"):
            yield Statement(
                _TRIGGER,
                table=Table(model._meta.db_table, quote),
                trigger=quote(f"{self.name}_{event}"),
                event=event.upper(),
                when=when or "1",
                name=self.name,
                same=" AND ".join(f"{quote(f.column)} = NEW.{quote(f.column)}" for f in fields),
                start=quote(start),
                end=quote(end),
                condition=condition or "1",
                other=f" AND {pk} <> OLD.{pk}" if event == "update" else "",
            )

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        start, end = getattr(instance, self.start), getattr(instance, self.end)
        names = {self.start, self.end, *self.fields}
        if start is None or (exclude and names & set(exclude)) or (end and end <= start):
            return
        if self.condition:
            values = instance._get_field_expression_map(meta=model._meta, exclude=exclude)
            if not self.condition.check(values, using=using):
                return
        same = {
            model._meta.get_field(n).attname: getattr(instance, model._meta.get_field(n).attname)
            for n in self.fields
        }
        clash = model._default_manager.using(using).filter(
            self.condition, overlap_q(Period(start, end), start=self.start, end=self.end), **same
        )
        if clash.exclude(pk=instance.pk).exists():
            raise ValidationError(
                self.get_violation_error_message(), code=self.violation_error_code
            )


def walls():
    """Every ``(model, NoOverlap)`` of the installed apps."""

    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if isinstance(constraint, NoOverlap):
                yield model, constraint


def missing_walls(using=DEFAULT_DB_ALIAS) -> list[str]:
    """Names of walls that the models of existing tables declare and the database does not hold."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'x'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        standing = {row[0] for row in cursor.fetchall()}
    suffixes = [""] if connection.vendor == "postgresql" else ["_insert", "_update"]
    return [
        constraint.name + suffix
        for model, constraint in walls()
        if model._meta.db_table in tables
        for suffix in suffixes
        if constraint.name + suffix not in standing
    ]
