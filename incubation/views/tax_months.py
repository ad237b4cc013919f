"""Tax months: by carrier and month the area that is exempt and the area that is not."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django import forms
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from incubation.models import Carrier, Stage
from incubation.selectors.tax_months import (
    DOCUMENT,
    EXEMPT,
    DayRule,
    Part,
    is_eligible,
    pieces,
    recognitions,
    tax_months,
)
from incubation.spells import first_of_month, months_between, next_month
from parks.days import day_of
from parks.models import Park
from parks.periods import Period
from tenants.views.base import export, last_day

#: So many months are told at once.
MOST_MONTHS = 48
MONTH_FORMAT = "%Y-%m"


def month_field(label):
    widget = forms.DateInput(attrs={"type": "month", "placeholder": "2026-06"}, format=MONTH_FORMAT)
    return forms.DateField(
        label=label, widget=widget, input_formats=[MONTH_FORMAT],
        error_messages={"invalid": _("Type a month like 2026-06.")},
    )  # fmt: skip


class TaxForm(forms.Form):
    """``carriers``: those to choose from."""

    park = forms.ChoiceField(label=_("park"), required=False)
    carrier = forms.ModelChoiceField(
        label=_("carrier"), queryset=None, required=False, empty_label=_("All")
    )
    first = month_field(_("from"))
    last = month_field(_("to"))
    rule = forms.ChoiceField(label=_("which day counts"), choices=DayRule)

    def __init__(self, *args, carriers, parks, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["carrier"].queryset = carriers
        self.fields["park"].choices = [("", _("All")), *parks]
        if len(parks) < 2:
            self.fields["park"].widget = forms.HiddenInput()

    def clean(self):
        values = super().clean()
        first, last = values.get("first"), values.get("last")
        if not first or not last:
            return values
        if last < first:
            self.add_error("last", _("The last month must not lie before the first."))
        elif last >= first + relativedelta(months=MOST_MONTHS):
            self.add_error("last", _("At most %(most)s months at once.") % {"most": MOST_MONTHS})
        elif not 2000 <= first.year <= last.year <= 2100:
            self.add_error("first", _("Choose months from 2000 to 2100."))
        return values


class TaxPage(PermissionRequiredMixin):
    permission_required = "incubation.view_chain"

    @cached_property
    def on(self):
        return day_of(self.request)

    @cached_property
    def carriers(self):
        carriers = Carrier.objects.visible_to(self.request.user).as_of(self.on)
        return carriers.select_related("park").defer("park__boundary").order_by(
            "park__code", "stage", "name"
        )  # fmt: skip

    @cached_property
    def form(self):
        """The year up to the day, all carriers, the mean of days, unless asked otherwise."""
        last = first_of_month(self.on)
        usual = {
            "first": (last - relativedelta(months=11)).strftime(MONTH_FORMAT),
            "last": last.strftime(MONTH_FORMAT), "rule": DayRule.MEAN,
        }  # fmt: skip
        asked = {name: value for name, value in self.request.GET.items() if value}
        parks = list(Park.objects.visible_to(self.request.user).values_list("code", "name"))
        return TaxForm(usual | asked, carriers=self.carriers, parks=parks)

    @property
    def chosen(self):
        values = self.form.cleaned_data
        carriers = self.carriers
        if values["park"]:
            carriers = carriers.filter(park__code=values["park"])
        if values["carrier"]:
            carriers = carriers.filter(pk=values["carrier"].pk)
        return carriers

    def render_to_response(self, context, **kwargs):
        kind = self.request.GET.get("format")
        if kind in ("csv", "xlsx") and self.form.is_valid():
            return export(self.exported_rows(context), self.columns, kind, self.on)
        return super().render_to_response(context, **kwargs)


def two(value):
    return round(value, 2)


def part_column(part):
    return (Part(part).label, lambda row: two(row.parts[part]))


class TaxMonths(TaxPage, TemplateView):
    template_name = "incubation/tax_months.html"
    columns = (
        (_("carrier"), lambda row: row.carrier.name_on),
        (_("park"), lambda row: row.carrier.park.name),
        (_("month"), lambda row: f"{row.period.start:%Y-%m}"),
        (_("exempt status"), lambda row: str(_("yes") if row.eligible else _("no"))),
        (_("area (m²)"), lambda row: two(row.whole)),
        *(part_column(part) for part in Part),
        (_("exempt area (m²)"), lambda row: two(row.exempt)),
        (_("other area (m²)"), lambda row: two(row.whole - row.exempt)),
        (_("papers missing"), lambda row: row.without_file),
    )

    def exported_rows(self, context):
        return context["rows"]

    def get_context_data(self, **kwargs):
        rows, rule = [], DayRule.MEAN
        if self.form.is_valid():
            values = self.form.cleaned_data
            rule = DayRule(values["rule"])
            rows = tax_months(self.chosen, months_between(values["first"], values["last"]), rule)
        return super().get_context_data(
            **kwargs, form=self.form, on=self.on, rows=rows, rule=rule, document=DOCUMENT,
            parts=Part, exempt_parts=[part.value for part in EXEMPT],
            groups=_by_carrier(rows), unverified=rule == DayRule.MEAN,
            accelerators=any(row.carrier.stage == Stage.ACCELERATOR for row in rows),
        )  # fmt: skip


def _by_carrier(rows):
    """``(carrier, rows)`` one after another."""
    groups = {}
    for row in rows:
        groups.setdefault(row.carrier.pk, (row.carrier, []))[1].append(row)
    return list(groups.values())


class TaxMonthRows(TaxPage, TemplateView):
    """The units behind a number: ``?carrier=&first=&last=&rule=`` as on the page, ``?part=``."""

    template_name = "incubation/tax_month_rows.html"
    columns = (
        (_("unit"), lambda row: row.piece.space.unit.number),
        (_("building"), lambda row: row.piece.space.unit.floor.building.name),
        (_("purpose"), lambda row: row.piece.space.get_purpose_display()),
        (_("counts as"), lambda row: str(row.piece.part.label)),
        (_("tenant"), lambda row: row.piece.line and row.piece.line.lease.tenant.name),
        (_("lease"), lambda row: row.piece.line and row.piece.line.lease.number),
        (_("incubation agreement"),
         lambda row: row.piece.residency and row.piece.residency.agreement_number),
        (_("from"), lambda row: row.start),
        (_("last day"), last_day("end")),
        (_("days"), lambda row: row.days),
        (_("area (m²)"), lambda row: row.piece.area),
        (_("counted (m²)"), lambda row: two(row.counted)),
    )  # fmt: skip

    def exported_rows(self, context):
        return context["rows"]

    def get_context_data(self, **kwargs):
        if not self.form.is_valid() or not self.form.cleaned_data["carrier"]:
            raise Http404
        values = self.form.cleaned_data
        part = self.request.GET.get("part", "")
        if part not in ("", "exempt", "papers", *Part.values):
            raise Http404
        start, rule = values["first"], DayRule(values["rule"])
        month = Period(start, next_month(start))
        carrier = self.carriers.get(pk=values["carrier"].pk)
        eligible = is_eligible(carrier.stage, recognitions([carrier])[carrier.pk], month)
        rows = [
            TaxRow(piece, month, counted) for piece in pieces([carrier], month)
            if (counted := piece.counted(month, rule)) and fits(piece, part, eligible)
        ]  # fmt: skip
        return super().get_context_data(
            **kwargs, carrier=carrier, month=month.start, rule=rule, rows=rows, on=self.on,
            part=Part(part).label if part in Part.values else "", asked=part, eligible=eligible,
            whole=sum((row.counted for row in rows), start=0), document=DOCUMENT,
        )  # fmt: skip


def fits(piece, part, eligible) -> bool:
    if part == "exempt":
        return eligible and piece.part in EXEMPT
    if part == "papers":
        return piece.without_file
    return part in ("", piece.part)


class TaxRow:
    """A piece within its month."""

    def __init__(self, piece, month, counted):
        self.piece, self.counted = piece, counted
        self.start = max(piece.start, month.start)
        self.end: date = min(piece.end, month.end)
        self.days = (self.end - self.start).days
