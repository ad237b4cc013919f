"""Shapes of what people type when space is offered, taken and moved into. Rules are services'."""

from django import forms
from django.utils.translation import gettext_lazy as _

from incubation.residency_forms import agreement_field, exemption_field, registered_field
from tenants.forms import date_field
from tenants.models import RentUnit


def words_field(label, *, required=True, help_text=""):
    return forms.CharField(
        label=label, max_length=300, required=required, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class OfferForm(forms.Form):
    units = forms.MultipleChoiceField(
        label=_("Units"), error_messages={"required": _("Mark at least one unit.")}
    )
    last_day = date_field(_("To be answered by"), help_text=_("The last day for an answer."))
    reason = words_field(
        _("Reason"), required=False,
        help_text=_("Needed where somebody before in the queue could use the units too; the log "
                    "shows it."),
    )  # fmt: skip

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = [(str(unit.pk), unit.number) for unit in units]


class AcceptForm(forms.Form):
    """Nothing to type: the button is the answer."""


class DeclineForm(forms.Form):
    opinion = words_field(_("Why it does not suit"), help_text=_("The carrier reads it."))


class OpinionForm(forms.Form):
    opinion = words_field(_("Reason"), help_text=_("The applicant reads it."))


class AbandonForm(OpinionForm):
    approved = forms.BooleanField(
        label=_("It stays approved and may get another offer"), required=False,
        help_text=_("For when the space was lost, not when the applicant gave up."),
    )  # fmt: skip


class MoveInForm(forms.Form):
    opinion = words_field(_("Note"), required=False)

    def __init__(self, *args, unsigned, **kwargs):
        super().__init__(*args, **kwargs)
        if unsigned:
            self.fields["signed_on"] = date_field(_("Lease signed on"))
            self.order_fields(["signed_on", "opinion"])


def amount_field(label, **options):
    return forms.DecimalField(
        label=label, min_value=0, max_digits=14, decimal_places=2, required=False, initial=0,
        **options,
    )  # fmt: skip


class ConvertForm(forms.Form):
    """``rent_<unit>`` and ``rent_unit_<unit>`` for each of ``units``."""

    agreement_number = agreement_field()
    start = date_field(
        _("Enters and rents from"), help_text=_("Of the residency and of the lease.")
    )
    last_day = date_field(_("Last day of the lease"))
    lease_number = forms.CharField(
        label=_("Lease number"), max_length=60, required=False,
        help_text=_("Empty: the park's next one."),
    )  # fmt: skip
    deposit = amount_field(_("Deposit (yuan)"))
    property_fee_m2_month = amount_field(_("Property fee (yuan/m²·month)"))
    registered_on = registered_field()
    exemption_reason = exemption_field()
    opinion = words_field(_("Note"), required=False)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.units = units
        for unit in units:
            self.fields[f"rent_{unit.pk}"] = forms.DecimalField(
                label=_("Rent of %(unit)s") % {"unit": unit.number}, min_value=0, max_digits=14,
                decimal_places=4,
            )  # fmt: skip
            self.fields[f"rent_unit_{unit.pk}"] = forms.ChoiceField(
                label=_("Unit of the rent of %(unit)s") % {"unit": unit.number}, choices=RentUnit
            )

    def rent_fields(self):
        return [
            (unit, self[f"rent_{unit.pk}"], self[f"rent_unit_{unit.pk}"]) for unit in self.units
        ]

    def clean(self):
        values = self.cleaned_data
        values["rents"] = {
            unit.pk: (values.pop(f"rent_{unit.pk}"), values.pop(f"rent_unit_{unit.pk}"))
            for unit in self.units
            if f"rent_{unit.pk}" in values and f"rent_unit_{unit.pk}" in values
        }
        for name in ("deposit", "property_fee_m2_month"):
            values[name] = values.get(name) or 0
        start, last = values.get("start"), values.get("last_day")
        if start and last and last < start:
            self.add_error("last_day", _("The lease must end after it starts."))
        return values
