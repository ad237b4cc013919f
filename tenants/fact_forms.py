"""Shapes of what is typed about a tenant. What is personal comes masked; unchanged, it is kept."""

import re
from datetime import timedelta
from decimal import Decimal
from functools import partial

from django import forms
from django.utils.translation import gettext_lazy as _

from parks.templatetags.space import DASH, masked
from tenants.choices import found_tenants, tenant_field
from tenants.forms import date_field, file_field, reason_field
from tenants.models import (
    CorporateEvent,
    Document,
    Funding,
    IntellectualProperty,
    Qualification,
    Tenant,
    TenantPerson,
    Visit,
    VisitProblem,
    YearFigure,
)
from tenants.pick import offer
from tenants.selectors.facts import NUMBERS
from tenants.services.facts import TERMS, TERMS_UNVERIFIED


class FactForm(forms.ModelForm):
    """The service asks uniqueness and constraints, on the locked row."""

    personal = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"] = reason_field()
        for name in self.personal:
            self.fields[name].widget.attrs["autocomplete"] = "off"
            if value := getattr(self.instance, name):
                self.initial[name] = masked(value)
                self.fields[name].help_text = _("Masked; as long as it is not changed, it is kept.")

    def clean(self):
        values = super().clean()
        for name in self.personal:
            if self.instance.pk and name not in self.changed_data:
                values[name] = getattr(self.instance, name)
        return values

    def _post_clean(self):
        """Nothing is asked of the row here."""


class ProvenForm(FactForm):
    """A fact with its proof: a file handed in here, or one the tenant's documents already hold."""

    file = file_field(required=False)
    document = forms.ModelChoiceField(label=_("or a file already kept"), queryset=None,
                                      required=False)  # fmt: skip

    def __init__(self, *args, tenant, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("File that proves it")
        field = self.fields["document"]
        field.queryset = Document.objects.kept().filter(tenant=tenant)
        if not field.queryset.exists():
            field.widget = forms.HiddenInput()
        elif self.instance.document_id:
            self.fields["file"].help_text = _("A new file takes the place of the one below.")
        if self.files:
            self.fields["file"].help_text = _("Choose the file again: a browser does not keep it.")


def unit_field():
    return forms.TypedChoiceField(
        label=_("Money is typed in"), coerce=int, initial=1,
        choices=[(1, _("yuan")), (1000, _("thousand yuan")), (10000, _("ten thousand yuan"))],
    )  # fmt: skip


def without_unit(field):
    """The unit is the one chosen in the form, not that of the column: "revenue (yuan)"."""
    field.label = re.sub(r"\s*[(（](yuan|元)[)）]$", "", str(field.label))


class PersonForm(FactForm):
    personal = ("phone", "email")

    # What is shown masked is no address; the service asks the real one.
    email = forms.CharField(label=_("e-mail"), max_length=254, required=False)

    class Meta:
        model = TenantPerson
        fields = ["role", "name", "phone", "email", "note"]


class QualificationForm(ProvenForm):
    start = date_field(_("Granted on"))
    last_day = date_field(_("Last day"), required=False)

    class Meta:
        model = Qualification
        fields = ["kind", "number", "start", "document", "note"]

    field_order = ["kind", "start", "last_day", "number", "file", "document", "note", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["last_day"].help_text = _("Empty: without an end.")
            return
        usual = "；".join(
            f"{kind.label} {years}{' ' + str(_('(to be verified)')) * (kind in TERMS_UNVERIFIED)}"
            for kind, years in TERMS.items()
        )
        self.fields["last_day"].help_text = _(
            "Empty: the usual term in years: %(usual)s"
        ) % {"usual": usual}  # fmt: skip


class FigureForm(ProvenForm):
    unit = unit_field()

    class Meta:
        model = YearFigure
        fields = ["year", *(field.name for field in NUMBERS), "number", "document", "note"]

    field_order = ["year", "unit", *(field.name for field in NUMBERS), "number", "file",
                   "document", "note", "reason"]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in NUMBERS:
            without_unit(self.fields[field.name])

    def clean(self):
        values = super().clean()
        unit = Decimal(values.pop("unit", 1))
        for field in NUMBERS:
            if field.get_internal_type() == "DecimalField" and values.get(field.name) is not None:
                values[field.name] = (values[field.name] * unit).quantize(Decimal("0.01"))
        return values


class HandInForm(FigureForm):
    """As a firm fills it in for one year, the figures of the year before beside each field."""

    def __init__(self, *args, before=None, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("year", "reason"):
            del self.fields[name]
        for field in NUMBERS:
            value = before and getattr(before, field.name)
            self.fields[field.name].help_text = _("%(year)s: %(value)s") % {
                "year": before.year if before else _("year before"),
                "value": DASH if value is None else _shown_number(value),
            }  # fmt: skip
        self.fields["unit"].help_text = _("What stands below the fields is in yuan.")


def _shown_number(value):
    return f"{value:,.2f}" if isinstance(value, Decimal) else f"{value:,}"


class AskForm(forms.Form):
    what = forms.CharField(
        label=_("What is to be corrected"), max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("The firm reads these words."),
    )  # fmt: skip


class ReportForm(forms.Form):
    """A problem as somebody of the tenant reports it."""

    subject = forms.CharField(label=_("What it is about"), max_length=80)
    place = forms.ChoiceField(label=_("Where"), required=False)
    text = forms.CharField(
        label=_("What is wrong"), max_length=300, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", _("nowhere in particular"))]
        self.fields["place"].choices = choices + [(one, one) for one in places]


class FundingForm(ProvenForm):
    on = date_field(_("Day"))
    unit = unit_field()

    class Meta:
        model = Funding
        fields = ["kind", "on", "amount", "investor", "source", "number", "document", "note"]

    field_order = ["kind", "on", "unit", "amount", "investor", "source", "number", "file",
                   "document", "note", "reason"]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_unit(self.fields["amount"])
        if not self.instance.pk:
            self.initial["unit"] = 10000

    def clean(self):
        values = super().clean()
        unit = Decimal(values.pop("unit", 1))
        if values.get("amount") is not None:
            values["amount"] = (values["amount"] * unit).quantize(Decimal("0.01"))
        return values


class IntellectualPropertyForm(ProvenForm):
    applied_on = date_field(_("Applied for on"), required=False)
    granted_on = date_field(_("Right granted on"), required=False)
    last_day = date_field(
        _("Last day"), required=False, help_text=_("Empty: without an end.")
    )  # fmt: skip

    class Meta:
        model = IntellectualProperty
        fields = ["kind", "title", "applied_on", "granted_on", "number", "document", "note"]

    field_order = ["kind", "title", "applied_on", "granted_on", "last_day", "number", "file",
                   "document", "note", "reason"]  # fmt: skip


class CorporateEventForm(ProvenForm):
    on = date_field(_("Day"))

    class Meta:
        model = CorporateEvent
        fields = ["kind", "on", "partner", "number", "document", "note"]

    field_order = ["kind", "on", "partner", "number", "file", "document", "note", "reason"]


class VisitForm(FactForm):
    on = date_field(_("Day"))

    class Meta:
        model = Visit
        fields = ["on", "visitor", "subject", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}


class NewVisitForm(VisitForm):
    problems = forms.CharField(
        label=_("Problems"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A line each."),
    )  # fmt: skip

    def clean_problems(self):
        lines = [line.strip() for line in self.cleaned_data["problems"].splitlines()]
        if any(len(line) > 300 for line in lines):
            raise forms.ValidationError(_("A problem has at most 300 characters."))
        return [{"text": line} for line in lines if line]


class ProblemForm(FactForm):
    solved_on = date_field(_("Solved on"), required=False)

    class Meta:
        model = VisitProblem
        fields = ["text", "handled_by", "solved_on", "solution"]


class NewProblemForm(FactForm):
    class Meta:
        model = VisitProblem
        fields = ["text", "handled_by"]


class RenameForm(forms.Form):
    name = forms.CharField(label=_("New name"), max_length=120)
    effective_on = date_field(_("First day of the new name"))
    reason = reason_field()


class OtherForm(forms.Form):
    """Which record is merged into this one."""

    other = tenant_field(_("The record that goes"))

    def __init__(self, *args, user, tenants, keep, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["other"]
        field.find = partial(found_tenants, without=keep.pk)
        field.widget.query = f"without={keep.pk}"
        offer(field, user, tenants, [self["other"].value()])


def merge_form(keep, other, choices, conflicts):
    """A form with a choice for each column in which both differ."""

    class MergeForm(forms.Form):
        reason = reason_field(required=True)

    form_fields = {}
    for name in choices:
        mine, theirs = _shown(keep, name), _shown(other, name)
        if mine != theirs and mine and theirs:
            form_fields[name] = forms.ChoiceField(
                label=Tenant._meta.get_field(name).verbose_name, widget=forms.RadioSelect,
                choices=[("keep", mine), ("other", theirs)], initial="keep",
            )  # fmt: skip
    if conflicts:
        form_fields["figures"] = forms.ChoiceField(
            label=_("figures and qualifications of the same time"), widget=forms.RadioSelect,
            choices=[("keep", _("those of the record that stays")),
                     ("other", _("those of the record that goes"))], initial="keep",
        )  # fmt: skip
    return type("MergeForm", (MergeForm,), form_fields)


def _shown(tenant, name):
    if name == "contact_phone":
        return masked(tenant.contact_phone) if tenant.contact_phone else ""
    display = getattr(tenant, f"get_{name}_display", None)
    return str(display() if display else getattr(tenant, name) or "")


def last_day_of(end):
    return None if end is None else end - timedelta(days=1)
