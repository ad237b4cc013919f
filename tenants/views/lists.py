"""What a list remembers of a person: filters saved by name, and the columns chosen.

Both are rows of ``SavedFilter``; the choice of columns is the one without a name, so that it
follows the person to every machine and costs the list one query together with the filters.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect, QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from parks.errors import InvalidValue, refusing
from parks.templatetags.space import DASH
from tenants.models import SavedFilter

#: Parts of an address that are no part of a filter.
PASSING = ("page", "format", "on")
LONGEST_QUERY = SavedFilter._meta.get_field("query").max_length
LONGEST_NAME = SavedFilter._meta.get_field("name").max_length


def dated(address, day: str):
    """``address`` with ``day`` (``?on=…`` or "") before its fragment; None and "" stay."""
    path, mark, part = (address or "").partition("#")
    joined = day.replace("?", "&", 1) if "?" in path else day
    return path and path + joined + mark + part


@dataclass(frozen=True)
class Column:
    """A column of a list and of its export.

    ``path``: attribute path or function of the row, the exported value. ``cell``: function of the
    row for the page, where a word in place of the value is not enough. ``order``: name for
    ``?ordering=``; ``link``: function of the row to an address; ``key``: stays in sight on a
    telephone; ``shown``: until the person chooses otherwise; ``exported``: False for acts.
    """

    heading: str
    path: str | Callable
    name: str = ""
    order: str = ""
    num: bool = False
    key: bool = False
    shown: bool = True
    exported: bool = True
    link: Callable | None = None
    cell: Callable | None = None

    @property
    def css(self):
        return " ".join(word for word, on in (("num", self.num), ("key", self.key)) if on)

    def value(self, row):
        if callable(self.path):
            return self.path(row)
        for name in self.path.split("__"):
            row = getattr(row, name, None)
            if callable(row):
                row = row()
        return row

    def text(self, row):
        """The cell as the page shows it."""
        value = self.cell(row) if self.cell else self.value(row)
        if value is None or value == "":
            return DASH
        if isinstance(value, Decimal):
            return f"{value:,.2f}"
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        return value.isoformat() if isinstance(value, date) else value


def declared(columns) -> list[Column]:
    """``columns`` with a name each; ``(heading, path)`` is a column too."""
    made = []
    for index, one in enumerate(columns):
        column = one if isinstance(one, Column) else Column(*one)
        name = column.name or (column.path if isinstance(column.path, str) else str(index))
        made.append(Column(**column.__dict__ | {"name": name}))
    return made


class ListMemory:
    """For ``RowsView``: ``POST`` saves, renames or deletes a filter, or chooses the columns."""

    #: False where the page is no table of the declared columns.
    choosable = True

    @cached_property
    def page_name(self):
        return self.request.resolver_match.view_name

    @cached_property
    def _kept(self):
        return list(SavedFilter.objects.filter(user=self.request.user, page=self.page_name))

    @property
    def saved_filters(self):
        return [one for one in self._kept if one.name]

    @cached_property
    def all_columns(self):
        return declared(self.columns)

    @cached_property
    def shown_columns(self):
        """The columns chosen, in their order; the first one, which names the row, always."""
        kept = next((one.query.split(",") for one in self._kept if not one.name), None)
        names = kept if kept is not None else [one.name for one in self.all_columns if one.shown]
        return [
            one for index, one in enumerate(self.all_columns) if index == 0 or one.name in names
        ]

    @property
    def exported_columns(self):
        columns = self.shown_columns if self.choosable else self.all_columns
        return [(one.heading, one.value) for one in columns if one.exported]

    @property
    def table_rows(self):
        """Per row of the page its key and a list of ``(column, text, address or "")``."""
        day = "" if self.on == timezone.localdate() else f"?on={self.on}"
        for row in self.page.object_list:
            yield (
                row.pk,
                [
                    (one, one.text(row), one.link and dated(one.link(row), day))
                    for one in self.shown_columns
                ],
            )

    @property
    def foot(self):
        """The totals under the columns, or nothing."""
        totals = self.totals()
        return [(one, totals.get(one.name)) for one in self.shown_columns] if totals else []

    def totals(self) -> dict:
        """Sums over all rows of the filter by the name of their column."""
        return {}

    @property
    def query(self):
        return self.request.GET.urlencode()

    def post(self, request, *args, **kwargs):
        acts = {"save": self._save, "rename": self._rename, "delete": self._delete,
                "columns": self._choose}  # fmt: skip
        query = QueryDict(request.POST.get("query", "")[: 4 * LONGEST_QUERY]).urlencode()
        try:
            if act := acts.get(request.POST.get("act")):
                query = act(request.POST, query)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return HttpResponseRedirect(request.path + (f"?{query}" if query else ""))

    def _save(self, values, query):
        kept = QueryDict(query, mutable=True)
        for name in PASSING if "day" not in values else PASSING[:2]:
            kept.pop(name, None)
        row = SavedFilter(user=self.request.user, page=self.page_name, query=kept.urlencode())
        if len(row.query) > LONGEST_QUERY:
            raise InvalidValue(_("This filter is too long to be kept. Use fewer conditions."))
        self._name(row, values)
        messages.success(self.request, _("The filter is saved."))
        return query

    def _rename(self, values, query):
        if row := self._own(values):
            self._name(row, values)
        return query

    def _delete(self, values, query):
        if row := self._own(values):
            row.delete()
            messages.success(self.request, _("The filter is deleted."))
        return query

    def _choose(self, values, query):
        known = {one.name for one in self.all_columns}
        chosen = [name for name in values.getlist("column") if name in known]
        where = {"user": self.request.user, "page": self.page_name, "name": ""}
        if "usual" in values:
            SavedFilter.objects.filter(**where).delete()
        else:
            SavedFilter.objects.update_or_create(**where, defaults={"query": ",".join(chosen)})
        return query

    def _own(self, values):
        return next(
            (one for one in self.saved_filters if str(one.pk) == values.get("filter")), None
        )

    def _name(self, row, values):
        row.name = " ".join(values.get("name", "").replace("\x00", "").split())
        if not row.name or len(row.name) > LONGEST_NAME:
            raise InvalidValue(
                _("Give the filter a name of at most %(most)s characters."), most=LONGEST_NAME
            )

        def taken():
            return InvalidValue(_("You already keep a filter of this name."))

        with refusing(saved_filter_name_unique=taken, tenants_savedfilter=taken):
            row.save()
