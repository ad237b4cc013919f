"""Shapes of what people type about residencies. Rules are services'."""

from functools import partial

from django import forms
from django.utils.translation import gettext_lazy as _

from incubation.choices import carrier_choice, found_carriers, open_carriers
from incubation.models import Residency
from incubation.services.residencies import BY_MOVING
from tenants.choices import found_tenants, tenant_choice
from tenants.forms import date_field, reason_field
from tenants.models import Tenant
from tenants.pick import PickField, offer

Outcome, Destination = Residency.Outcome, Residency.Destination
#: Graduation is decided in a review, going on by acts of its own.
LEAVING = [(one.value, one.label) for one in Outcome if one not in {*BY_MOVING, Outcome.GRADUATED}]


def blank(choices):
    return [("", "—"), *choices]


def carrier_field():
    return PickField(
        label=_("Carrier"), describe=carrier_choice, find=found_carriers,
        source="incubation:carrier-search", placeholder=_("Name, park or stage"), exact=("name",),
    )  # fmt: skip


def agreement_field():
    return forms.CharField(label=_("Number of the incubation agreement"), max_length=60)


def registered_field():
    return date_field(
        _("Registered address in the carrier since"), required=False,
        help_text=_("Empty: not moved in yet, or not known."),
    )  # fmt: skip


def exemption_field():
    return forms.CharField(
        label=_("Reason for an exemption"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only where a condition is not met; recorded with your name."),
    )  # fmt: skip


def special_field():
    return forms.ChoiceField(
        label=_("Special field"), choices=blank(Residency.SpecialField.choices), required=False,
        help_text=_("Biomedicine, modern agriculture and integrated circuits may stay longer."),
    )  # fmt: skip


class AdmitForm(forms.Form):
    tenant = PickField(
        label=_("Tenant"), required=False, describe=tenant_choice, find=found_tenants,
        source="tenants:lease-tenants", placeholder=_("Name, former name, code or initials"),
        exact=("name", "uscc"),
    )  # fmt: skip
    new_name = forms.CharField(label=_("Name of the new tenant"), max_length=120, required=False)
    new_kind = forms.ChoiceField(
        label=_("Kind"), choices=Tenant.Kind, initial=Tenant.Kind.FIRM, required=False
    )
    new_uscc = forms.CharField(label=_("Social credit code"), max_length=18, required=False)
    new_founded_on = date_field(_("Founded on"), required=False)
    new_field = forms.CharField(label=_("Field"), max_length=60, required=False)
    carrier = carrier_field()
    agreement_number = agreement_field()
    entered_on = date_field(_("Enters on"))
    special_field = special_field()
    registered_on = registered_field()
    consent_on = date_field(
        _("Consent to yearly follow-up given on"), required=False,
        help_text=_("Without consent the firm is reported only in sums after graduation."),
    )  # fmt: skip
    exemption_reason = exemption_field()
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        tenants = Tenant.objects.visible_to(user).standing()
        offer(self.fields["tenant"], user, tenants, [self["tenant"].value()])
        offer(self.fields["carrier"], user, open_carriers(user), [self["carrier"].value()])
        self.fields["reason"] = reason_field()

    def clean(self):
        values = self.cleaned_data
        if not values.get("tenant") and not values.get("new_name") and "tenant" not in self.errors:
            self.add_error("tenant", _("Choose a tenant, or name a new one below."))
        if values.get("tenant") and values.get("new_name"):
            self.add_error("new_name", _("Either a tenant from the list or a new one."))
        return values


class MoveForm(forms.Form):
    """A transfer to another carrier of the same ``stage``, or with ``advance`` to one of it."""

    carrier = carrier_field()
    on_day = date_field(_("First day there"))
    agreement_number = agreement_field()
    registered_on = registered_field()

    def __init__(self, *args, user, stage, advance, **kwargs):
        super().__init__(*args, **kwargs)
        carriers = open_carriers(user).filter(stage=stage)
        field = self.fields["carrier"]
        field.find = partial(found_carriers, stage=stage)
        field.widget.query = f"stage={stage}"
        offer(field, user, carriers, [self["carrier"].value()])
        if advance:
            self.fields["special_field"] = special_field()
            self.fields["exemption_reason"] = exemption_field()
        self.fields["reason"] = reason_field(required=not advance)


class ExtendForm(forms.Form):
    due_on = date_field(_("Due on"))
    decided_on = date_field(_("Decided on"))
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class LeaveForm(forms.Form):
    left_on = date_field(_("Leaves on"), help_text=_("The first day it is not there any more."))
    outcome = forms.ChoiceField(label=_("Outcome"), choices=blank(LEAVING))
    destination = forms.ChoiceField(label=_("Goes to"), choices=blank(Destination.choices))
    destination_note = forms.CharField(label=_("Where exactly"), max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"] = reason_field()


class CorrectForm(forms.Form):
    agreement_number = agreement_field()
    special_field = special_field()
    registered_on = registered_field()
    consent_on = date_field(_("Consent to yearly follow-up given on"), required=False)
    destination_note = forms.CharField(label=_("Where exactly"), max_length=200, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"] = reason_field(required=True)


class BulkExtendForm(forms.Form):
    months = forms.IntegerField(
        label=_("Extend by (months)"), min_value=1, max_value=60, required=False, initial=12,
        help_text=_("From the due day of each."),
    )  # fmt: skip
    due_on = date_field(_("or all until"), required=False, help_text=_("Wins over the months."))
    decided_on = date_field(_("Decided on"))
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self):
        if not self.cleaned_data.get("months") and not self.cleaned_data.get("due_on"):
            self.add_error("months", _("Say for how many months, or until which day."))
        return self.cleaned_data


class NeededReasonForm(forms.Form):
    reason = reason_field(required=True)
