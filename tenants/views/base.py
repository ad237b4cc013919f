"""What the lists and the forms of this app share."""

import csv
import hashlib
import io
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, ListView
from openpyxl import Workbook

from parks.days import day_of
from parks.models import Building, Park
from parks.tables import safe_cell
from tenants.views.lists import ListMemory

PAGE_SIZE = 100
#: An export is what the filter finds, up to this many rows.
EXPORT_ROWS = 50_000


class PagesView(PermissionRequiredMixin, ListView):
    """A list in pages; a number that is none, or beyond the last, shows the nearest page."""

    paginate_by = PAGE_SIZE

    def paginate_queryset(self, queryset, page_size):
        paginator = self.get_paginator(queryset, page_size)
        self.page = page = paginator.get_page(self.request.GET.get("page"))
        return paginator, page, page.object_list, page.has_other_pages()


class RowsView(ListMemory, PagesView):
    """A filtered, ordered, exportable list as of the day, whose columns a person chooses.

    ``columns``: ``Column`` or ``(heading, path or function of the row)``, shown by
    ``tenants/_rows.html`` and exported; ``orders``: names that ``?ordering=`` takes.
    """

    filter_class = None
    columns = ()
    orders = ()
    default_order = ("pk",)

    def rows(self, on):
        raise NotImplementedError

    def get_queryset(self):
        self.on = day_of(self.request)
        rows = self.rows(self.on)
        if self.filter_class:
            self.filter = self.filter_class(self.request.GET, queryset=rows, request=self.request)
            dress(self.filter.form, self.request.user)
            rows = self.filter.qs if self.filter.is_valid() else rows.none()
        order = self.request.GET.get("ordering", "")
        if order.removeprefix("-") in self.orders:
            return rows.order_by(order, "pk")
        return rows.order_by(*self.default_order)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, filter=getattr(self, "filter", None))

    def render_to_response(self, context, **kwargs):
        kind = self.request.GET.get("format")
        if kind in ("csv", "xlsx"):
            return export(self.object_list[:EXPORT_ROWS], self.exported_columns, kind, self.on)
        return super().render_to_response(context, **kwargs)


#: Filters by the key of a row: links set them, nobody types them.
KEYS = ("building", "floor", "tenant", "unit", "uscc")


def dress(form, user):
    """Make a filter's form fit for people: names to choose from, days from a calendar."""
    fields = form.fields
    for name, field in fields.items():
        if isinstance(field, forms.MultipleChoiceField):
            field.widget = forms.CheckboxSelectMultiple(choices=field.choices)
        elif isinstance(field, forms.DateField):
            field.widget = forms.DateInput(attrs={"type": "date"})
        elif isinstance(field, forms.NullBooleanField):
            field.widget.choices = [("", _("All")), ("true", _("Yes")), ("false", _("No"))]
        elif isinstance(field, forms.ChoiceField):
            field.widget.choices = [("", _("All")), *(pair for pair in field.choices if pair[0])]
        elif isinstance(field, forms.DecimalField):
            field.widget.attrs["class"] = "narrow"
        if name in KEYS:
            field.widget = forms.HiddenInput()
    if "park" in fields:
        parks = list(Park.objects.visible_to(user).values_list("code", "name"))
        chosen = form.data.get("park") or (parks[0][0] if len(parks) == 1 else "")
        fields["park"].widget = (
            forms.Select(choices=[("", _("All")), *parks])
            if len(parks) > 1
            else forms.HiddenInput()
        )
        if "building" in fields and chosen and "\x00" not in chosen:
            buildings = Building.objects.visible_to(user).filter(park__code=chosen)
            choices = [("", _("All")), *buildings.order_by("code").values_list("pk", "name")]
            fields["building"].widget = forms.Select(choices=choices)


def export(rows, columns, kind, on):
    """The rows as CSV (UTF-8 with a mark) or as a workbook; ``columns``: (heading, function)."""
    table = [[str(heading) for heading, _path in columns]]
    table += [[value(row) for _heading, value in columns] for row in rows]
    if kind == "csv":
        out = io.StringIO("\ufeff", newline="")
        out.seek(1)
        csv.writer(out).writerows([safe_cell(value) for value in row] for row in table)
        answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{on}.csv"'
        return answer
    return export_sheets({str(on): table}, on)


def export_sheets(sheets, on):
    """A workbook of the day; ``sheets``: title → rows, the heading first."""
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(str(title)[:31])
        for row in rows:
            sheet.append([safe_cell(value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    answer = HttpResponse(
        buffer.getvalue(),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    answer["Content-Disposition"] = f'attachment; filename="{on}.xlsx"'
    return answer


class ActView(PermissionRequiredMixin, FormView):
    """A form that calls one service: a refusal stands above the form, nothing typed is lost."""

    template_name = "tenants/act.html"
    title = ""
    button = ""
    done = ""
    danger = False

    def act(self, **values):
        """Call the service; return the object whose page comes next."""
        raise NotImplementedError

    def consequences(self) -> list[str]:
        """What follows from the act, in sentences."""
        return []

    def costs(self, **values) -> list[str]:
        """What the act with these values would cost elsewhere (``parks.consequences``).

        Asked before the act; it is done once the person has seen these very sentences.
        """
        return []

    def back(self) -> str:
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs, title=self.title, button=self.button or self.title, danger=self.danger,
            consequences=self.consequences(), back=self.back(),
        )  # fmt: skip

    def form_valid(self, form):
        costs = self.costs(**form.cleaned_data)
        if costs and self.request.POST.get("seen") != sealed(costs):
            shown = self.get_context_data(form=form, costs=costs, seen=sealed(costs))
            return self.render_to_response(shown)
        try:
            target = self.act(**form.cleaned_data)
        except ValidationError as refusal:
            add_refusal(form, refusal)
            return self.form_invalid(form)
        if self.done:
            messages.success(self.request, self.done)
        return HttpResponseRedirect(target)

    @property
    def today(self):
        return timezone.localdate()


def sealed(sentences) -> str:
    """A mark that says which sentences a person has seen."""
    return hashlib.sha256("\n".join(sentences).encode()).hexdigest()[:32]


def add_refusal(form, refusal):
    """Put a service's refusal on the form: on its fields where it names them, else above."""
    if hasattr(refusal, "error_dict"):
        for name, errors in refusal.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, refusal)


def last_day(name):
    """A column of an export: the last day before the day ``name`` of a row."""

    def value(row):
        end = getattr(row, name)
        return None if end is None else end - timedelta(days=1)

    return value


def last_day_to_end(day):
    """People type the last day; the system keeps the first day not covered."""
    return None if day is None else day + timedelta(days=1)
