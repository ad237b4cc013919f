"""Shapes of what is typed about carriers, their mentors and events. Rules are the services'."""

import re
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from incubation.models import (
    Carrier,
    CarrierChange,
    CarrierGrade,
    CarrierRecognition,
    CarrierSpace,
    CarrierYear,
    Mentor,
    MentorSession,
    ServiceEvent,
)
from incubation.selectors.carriers import YEAR_FIELDS
from parks.models import Park, Unit
from tenants.fact_forms import FactForm
from tenants.forms import ReasonForm, date_field
from tenants.models import Tenant

YEAR_PARTS = {
    "year": _("Year"), "people": _("People and cases"), "money": _("Income, cost and fund"),
    "answers": _("Answers"), "proof": _("What proves it"),
}  # fmt: skip


def last_day_field(**options):
    options = {"required": False, "help_text": _("Empty: until further notice.")} | options
    return date_field(_("Last day"), **options)


class CarrierForm(FactForm):
    opened_on = date_field(_("Runs since"))

    class Meta:
        model = Carrier
        fields = ["name", "kind", "field", "operator", "address", "own_legal_person", "opened_on",
                  "note"]  # fmt: skip
        help_texts = {
            "field": _("For a specialised carrier: in which field."),
            "name": _("For a typing error only; a new name is an act of its own, which keeps the "
                      "old one."),
        }  # fmt: skip
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}


class NewCarrierForm(CarrierForm):
    class Meta(CarrierForm.Meta):
        fields = ["park", "stage", *CarrierForm.Meta.fields]
        help_texts = {"field": CarrierForm.Meta.help_texts["field"]}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["park"].queryset = Park.objects.visible_to(user).defer("boundary")
        self.fields["park"].empty_label = None


class ChangeForm(ReasonForm):
    what = forms.ChoiceField(
        label=_("What changed"),
        choices=[pair for pair in CarrierChange.What.choices if pair[0] != "area"],
    )
    after = forms.CharField(label=_("It is now"), max_length=200)
    effective_on = date_field(_("Effective on"))

    field_order = ["what", "after", "effective_on", "reason"]


class LastDayForm(ReasonForm):
    last_day = date_field(_("Last day"))

    field_order = ["last_day", "reason"]


class ReportForm(ReasonForm):
    reported_on = date_field(_("Reported on"))
    number = forms.CharField(
        label=_("Number of the report"), max_length=60, required=False,
        help_text=_("The number of the letter or of the receipt."),
    )  # fmt: skip

    field_order = ["reported_on", "number", "reason"]


class RecognitionForm(FactForm):
    start = date_field(_("Recognised on"))
    last_day = last_day_field()

    class Meta:
        model = CarrierRecognition
        fields = ["level", "form", "document", "start", "note"]

    field_order = ["level", "form", "document", "start", "last_day", "note", "reason"]


class GradeForm(FactForm):
    class Meta:
        model = CarrierGrade
        fields = ["level", "year", "grade", "note"]


class CorrectGradeForm(GradeForm):
    class Meta(GradeForm.Meta):
        fields = ["grade", "note"]


class YearForm(FactForm):
    unit = forms.TypedChoiceField(
        label=_("Money is typed in"), coerce=int, initial=1,
        choices=[(1, _("yuan")), (1000, _("thousand yuan")), (10000, _("ten thousand yuan"))],
    )  # fmt: skip

    class Meta:
        model = CarrierYear
        fields = ["year", *(field.name for field in YEAR_FIELDS), "evidence", "note"]

    field_order = ["year", "unit"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in YEAR_FIELDS:
            # The unit is the one chosen above, not that of the column: "cost (yuan)".
            label = str(self.fields[field.name].label)
            self.fields[field.name].label = re.sub(r"\s*[(（](yuan|元)[)）]$", "", label)

    def groups(self):
        """``(heading, fields)``: what one thinks about at once."""
        kinds = {"DecimalField": "money", "BooleanField": "answers"}
        parts = {"year": ["year"], "people": [], "money": ["unit"], "answers": []}
        for field in YEAR_FIELDS:
            parts[kinds.get(field.get_internal_type(), "people")].append(field.name)
        parts["proof"] = ["evidence", "note", "reason"]
        for part, names in parts.items():
            if found := [self[name] for name in names if name in self.fields]:
                yield YEAR_PARTS[part], found

    def clean(self):
        values = super().clean()
        unit = Decimal(values.pop("unit", 1))
        for field in YEAR_FIELDS:
            if field.get_internal_type() == "DecimalField" and values.get(field.name) is not None:
                values[field.name] = (values[field.name] * unit).quantize(Decimal("0.01"))
        return values


class CorrectYearForm(YearForm):
    class Meta(YearForm.Meta):
        fields = [name for name in YearForm.Meta.fields if name != "year"]


class AssignForm(ReasonForm):
    """Units by mark, or by number as they stand on the doors; both may be used at once."""

    purpose = forms.ChoiceField(label=_("Purpose"), choices=CarrierSpace.Purpose)
    start = date_field(_("Starting on"))
    last_day = last_day_field()
    numbers = forms.CharField(
        label=_("or numbers"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "501 502 503"}),
        help_text=_("Apart by spaces, commas or lines; of the building chosen above."),
    )  # fmt: skip
    units = forms.ModelMultipleChoiceField(
        label=_("Units"), queryset=Unit.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("One of the marked units is not there any more. "
                                            "Reload the page and mark them again.")},
    )  # fmt: skip

    field_order = ["purpose", "start", "last_day", "numbers", "units", "reason"]

    def __init__(self, *args, units, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units
        #: Units among which a typed number is looked for.
        self.places = places

    def clean(self):
        values = super().clean()
        marked = {unit.pk: unit for unit in values.get("units") or ()}
        words = re.split(r"[\s,，、;；]+", values.pop("numbers", "") or "")
        for number in dict.fromkeys(word for word in words if word):
            found = list(self.places.filter(number__iexact=number)[:2])
            if len(found) == 1:
                marked[found[0].pk] = found[0]
            elif found:
                self.add_error("numbers", _("%(number)s is in several buildings; choose the "
                                            "building above.") % {"number": number})  # fmt: skip
            else:
                self.add_error("numbers", _("No unit here is called %(number)s on this day.") % {
                    "number": number})  # fmt: skip
        if not marked and not self.errors:
            self.add_error("units", _("Mark at least one unit, or type its number."))
        values["units"] = list(marked.values())
        return values


class ReleaseForm(ReasonForm):
    RELEASE = "release"

    spaces = forms.ModelMultipleChoiceField(
        label=_("Units"), queryset=CarrierSpace.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Mark at least one unit.")},
    )  # fmt: skip
    act = forms.ChoiceField(
        label=_("What happens"),
        choices=[(RELEASE, _("no longer of the carrier")), *CarrierSpace.Purpose.choices],
    )
    day = date_field(_("From"), help_text=_("The first day on which it is so."))

    field_order = ["act", "day", "reason", "spaces"]

    def __init__(self, *args, spaces, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["spaces"].queryset = spaces


class MentorForm(FactForm):
    start = date_field(_("Starting on"))
    last_day = last_day_field()

    class Meta:
        model = Mentor
        fields = ["name", "organisation", "speciality", "start"]

    field_order = ["name", "organisation", "speciality", "start", "last_day", "reason"]


def tenant_field(**options):
    return forms.ModelChoiceField(label=_("Tenant"), queryset=Tenant.objects.none(), **options)


class OfTenantForm(forms.Form):
    """``tenants``: those to choose from."""

    def __init__(self, *args, tenants, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tenant"].queryset = tenants


class PairForm(OfTenantForm, ReasonForm):
    tenant = tenant_field()
    start = date_field(_("Starting on"))
    last_day = last_day_field()

    field_order = ["tenant", "start", "last_day", "reason"]


class SessionForm(OfTenantForm, FactForm):
    tenant = tenant_field()
    on = date_field(_("Day"))

    class Meta:
        model = MentorSession
        fields = ["on", "minutes", "subject"]

    field_order = ["tenant", "on", "minutes", "subject", "reason"]


class EventForm(FactForm):
    on = date_field(_("Day"))

    class Meta:
        model = ServiceEvent
        fields = ["kind", "on", "title", "held_by", "people"]
        help_texts = {"people": _("Everybody who came, also from outside.")}


class AttendanceForm(ReasonForm):
    """People by tenant; empty: was not there."""

    def __init__(self, *args, tenants, present, **kwargs):
        super().__init__(*args, **kwargs)
        self.tenants = tenants
        for tenant in tenants:
            self.fields[f"people-{tenant.pk}"] = forms.IntegerField(
                label=tenant.name, min_value=1, max_value=100_000, required=False,
                initial=present.get(tenant.pk),
            )  # fmt: skip

    def clean(self):
        values = super().clean()
        return {
            "reason": values.get("reason", ""),
            "attendance": {
                tenant: values[name] for tenant in self.tenants
                if values.get(name := f"people-{tenant.pk}")
            },
        }  # fmt: skip
