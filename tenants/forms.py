"""Shapes of what people type: dates, numbers, choices among what they may see. Rules are services'."""

import json
from datetime import date
from decimal import Decimal

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from parks.files import ENDINGS
from parks.models import Building, Park, Unit, UnitClosure
from parks.templatetags.space import masked
from tenants.choices import tenant_field
from tenants.models import Tenant
from tenants.pick import offer

#: Whatever is agreed lies between these; beyond them a typing error.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
#: Straight cuts of one drawing.
MOST_CUTS = 40
DAYS = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]


def date_field(label, **options):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, validators=DAYS, **options)


def reason_field(*, required=False):
    return forms.CharField(
        label=_("Reason"), required=required, max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("Kept in the audit trail."),
    )  # fmt: skip


def file_field(*, required=True):
    return forms.FileField(
        label=_("File"), required=required,
        widget=forms.FileInput(attrs={"accept": ",".join(f".{one}" for one in ENDINGS.values())}),
        help_text=_("PDF, Word, Excel, PowerPoint, picture or plain text; at most 20 MB."),
    )  # fmt: skip


class ReasonForm(forms.Form):
    def __init__(self, *args, required=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"] = reason_field(required=required)


class DayReasonForm(ReasonForm):
    day = date_field(_("Day"))


class SplitForm(ReasonForm):
    """``parts`` as lines of "number area": the way they stand in a spreadsheet."""

    effective_on = date_field(_("First day of the parts"))
    parts = forms.CharField(
        label=_("Parts"), widget=forms.Textarea(attrs={"rows": 4, "placeholder": "501A 60.00"}),
        help_text=_("A line each: number, a space or a comma, gross area in m². Together they must "
                    "have the area of the unit."),
    )  # fmt: skip

    cuts = forms.CharField(required=False, max_length=10_000, widget=forms.HiddenInput)

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(["effective_on", "parts", "reason"])
        half = (unit.gross_area_m2 / 2).quantize(Decimal("0.01"))
        self.fields[
            "parts"
        ].initial = f"{unit.number}A {half}\n{unit.number}B {unit.gross_area_m2 - half}"

    def clean_cuts(self):
        """``[((x, y), (x, y)), …]`` in metres of the drawing; [] without one."""
        try:
            cuts = [
                tuple((float(x), float(y)) for x, y in line)
                for line in json.loads(self.cleaned_data["cuts"] or "[]")
            ]
            readable = len(cuts) <= MOST_CUTS and all(
                len(line) == 2 and all(abs(v) < 1e6 for point in line for v in point)
                for line in cuts
            )
        except (ValueError, TypeError):
            readable = False
        if not readable:
            # Hidden, so the words stand above the form.
            self.add_error(None, _("The drawing could not be read. Draw the cuts again."))
            return []
        return cuts

    def clean_parts(self):
        parts = []
        for number, line in enumerate(self.cleaned_data["parts"].splitlines(), start=1):
            words = line.replace(",", " ").replace("，", " ").replace("\t", " ").split()
            if not words:
                continue
            try:
                name, text = words
                area = Decimal(text).quantize(Decimal("0.01"))
            except (ValueError, ArithmeticError):
                raise forms.ValidationError(
                    _("Line %(line)s must have a number and an area, like: 501A 60.00"),
                    params={"line": number},
                ) from None
            parts.append({"number": name, "gross_area_m2": area})
        return parts


class MergeForm(ReasonForm):
    units = forms.ModelMultipleChoiceField(
        label=_("Neighbours"), queryset=Unit.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    number = forms.CharField(label=_("Number of the new unit"), max_length=40)
    effective_on = date_field(_("First day of the new unit"))

    def __init__(self, *args, unit, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(["units", "number", "effective_on", "reason"])
        field = self.fields["units"]
        field.queryset = (
            Unit.objects.filter(floor=unit.floor_id, exists_to=None).exclude(pk=unit.pk).exclude(
                closures__end=None, closures__isnull=False
            ).order_by("number")
        )  # fmt: skip
        field.label_from_instance = lambda one: f"{one.number} · {one.gross_area_m2} ㎡"
        self.fields["effective_on"].initial = on


class CloseForm(forms.Form):
    closed_for = forms.ChoiceField(label=_("Reason"), choices=UnitClosure.Reason)
    start = date_field(_("From"))
    last_day = date_field(
        _("Last day"), required=False, help_text=_("Empty: until further notice.")
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class RenumberForm(ReasonForm):
    number = forms.CharField(label=_("New number"), max_length=40)
    effective_on = date_field(_("From"))


class CorrectForm(forms.ModelForm):
    reason = reason_field(required=True)

    def validate_constraints(self):
        """The service asks the constraints, on the locked row."""


class CorrectUnitForm(CorrectForm):
    class Meta:
        model = Unit
        fields = [
            "kind", "tenure", "gross_area_m2", "net_area_m2", "shared_area_m2", "billable_area_m2",
            "area_source", "seats", "clear_height_m", "floor_load_kn_m2", "power_kva",
            "column_grid", "goods_lift", "drainage", "listed",
        ]  # fmt: skip


class CorrectParkForm(CorrectForm):
    class Meta:
        model = Park
        fields = ["name", "name_verified", "operator", "street_code", "address", "land_area_mu"]


class CorrectBuildingForm(CorrectForm):
    class Meta:
        model = Building
        fields = ["name", "use", "fire_class", "completed_on"]
        widgets = {"completed_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class HoldForm(forms.Form):
    start = date_field(_("From"))
    last_day = date_field(_("Last day"))
    tenant = tenant_field(_("Tenant"), required=False)
    applicant = forms.CharField(
        label=_("or held for"),
        max_length=120,
        required=False,
        help_text=_("Somebody not yet a tenant."),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        tenants = Tenant.objects.visible_to(user).standing()
        offer(self.fields["tenant"], user, tenants, [self["tenant"].value()])


class TenantForm(forms.ModelForm):
    reason = reason_field()

    class Meta:
        model = Tenant
        fields = [
            "kind", "name", "uscc", "uscc_override_reason", "founded_on", "field", "industry_code",
            "chain", "contact_name", "contact_phone",
        ]  # fmt: skip
        widgets = {"founded_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "uscc_override_reason": _("Only when the licence really bears a code whose last "
                                      "character does not fit."),
        }  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Typed with spaces or in full width it is longer; the service normalises it.
        self.fields["uscc"].max_length = None
        self.fields["uscc"].validators = []
        self.fields["uscc"].widget.attrs["maxlength"] = 40
        if self.instance.pk:
            self.fields["name"].help_text = _(
                "For a typing error only; a new name is an act of its own, which keeps the old one."
            )
            if self.instance.contact_phone:
                self.initial["contact_phone"] = masked(self.instance.contact_phone)
                self.fields["contact_phone"].help_text = _(
                    "Masked; as long as it is not changed, it is kept."
                )

    def clean(self):
        values = super().clean()
        if self.instance.pk and "contact_phone" not in self.changed_data:
            values["contact_phone"] = self.instance.contact_phone
        return values

    def _post_clean(self):
        """Uniqueness, code and constraints are asked by the service."""
