"""Shapes of what people type about a lease: its terms, units, steps and rent-free days."""

from datetime import date, timedelta
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from parks.keys import as_keys
from tenants.choices import found_units, lettable_units, tenant_field, unit_choice
from tenants.forms import FIRST_DAY, LAST_DAY, ReasonForm, date_field, reason_field
from tenants.models import RentUnit, Tenant
from tenants.pick import PickField, labels_of, offer


class RenewForm(ReasonForm):
    last_day = date_field(_("Last day of the renewal"))
    number = forms.CharField(
        label=_("Number"), max_length=60, required=False, help_text=_("Empty: the next free one.")
    )


class AmendForm(RenewForm):
    effective_on = date_field(_("First day of the amendment"))
    last_day = date_field(_("Last day"))


class LeaseForm(forms.Form):
    tenant = tenant_field(_("Tenant"), required=False)
    new_name = forms.CharField(label=_("Name of the new tenant"), max_length=120, required=False)
    new_kind = forms.ChoiceField(
        label=_("Kind"), choices=Tenant.Kind, initial=Tenant.Kind.FIRM, required=False
    )
    new_uscc = forms.CharField(label=_("Social credit code"), max_length=18, required=False)
    new_contact = forms.CharField(label=_("Contact"), max_length=40, required=False)
    new_phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    number = forms.CharField(
        label=_("Number"), max_length=60, required=False, help_text=_("Empty: the next free one.")
    )
    start = date_field(_("First day"), help_text=_("With an open start: the earliest agreed day."))
    last_day = date_field(_("Last day"))
    start_by = date_field(
        _("Starts at the latest on"), required=False,
        help_text=_("Only when the lease starts with the handing over."),
    )  # fmt: skip
    rent_free = forms.CharField(
        label=_("Rent-free periods"), required=False,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "2027-01-01 2027-03-31"}),
        help_text=_("A line each: first day, a space, last day."),
    )  # fmt: skip
    deposit = forms.DecimalField(
        label=_("Deposit (yuan)"), min_value=0, max_digits=14, decimal_places=2, initial=0
    )
    deposit_months = forms.DecimalField(
        label=_("or months of rent"), min_value=0, max_value=60, max_digits=4, decimal_places=1,
        required=False, help_text=_("Reckons the deposit from the first rent of all units."),
    )  # fmt: skip
    step_months = forms.IntegerField(
        label=_("Rent rises every (months)"), min_value=1, max_value=120, required=False,
        help_text=_("For units without steps of their own."),
    )  # fmt: skip
    step_percent = forms.DecimalField(
        label=_("by (%)"), min_value=-50, max_value=100, max_digits=5, decimal_places=2,
        required=False,
    )  # fmt: skip
    property_fee_m2_month = forms.DecimalField(
        label=_("Property fee (yuan/m²·month)"),
        min_value=0,
        max_digits=14,
        decimal_places=2,
        initial=0,
    )
    note = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, user, lease, **kwargs):
        if lease is not None:
            free = "\n".join(f"{one.start} {_last_day(one.end)}" for one in lease.rent_free.all())
            kwargs["initial"] = {
                name: getattr(lease, name)
                for name in ("tenant", "number", "start", "start_by", "deposit",
                             "property_fee_m2_month", "note", "version")
            } | {"tenant": lease.tenant_id, "last_day": _last_day(lease.end), "rent_free": free}  # fmt: skip
        super().__init__(*args, **kwargs)
        tenants = Tenant.objects.visible_to(user).standing()
        offer(self.fields["tenant"], user, tenants, [self["tenant"].value()])
        self.fields["reason"] = reason_field()

    def clean(self):
        values = self.cleaned_data
        if not values.get("tenant") and not values.get("new_name") and "tenant" not in self.errors:
            self.add_error("tenant", _("Choose a tenant, or name a new one below."))
        if values.get("tenant") and values.get("new_name"):
            self.add_error("new_name", _("Either a tenant from the list or a new one."))
        if (values.get("step_months") is None) != (values.get("step_percent") is None):
            self.add_error("step_percent", _("A rise needs both the months and the percent."))
        return values

    def clean_rent_free(self):
        """Pairs of the first day and the first day not free any more."""
        pairs = []
        for first, last in _day_and(
            self.cleaned_data["rent_free"], _iso_day, "2027-01-01 2027-03-31"
        ):
            pairs.append((first, last + timedelta(days=1)))
        return pairs


def _iso_day(text):
    day = date.fromisoformat(text)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(text)
    return day


def _day_and(text, second, example):
    """``(day, second(word))`` of every line or part of "day word; day word"."""
    found = []
    for part in text.replace(";", "\n").replace("；", "\n").splitlines():
        words = part.replace(",", " ").replace("，", " ").replace(":", " ").split()
        if not words:
            continue
        try:
            day, word = words
            found.append((_iso_day(day), second(word)))
        except (ValueError, ArithmeticError):
            raise forms.ValidationError(
                _("“%(part)s” cannot be read. Write it like: %(example)s"),
                params={"part": part.strip(), "example": example},
            ) from None
    return found


def _last_day(end):
    return type(end).fromordinal(end.toordinal() - 1)


class LineForm(forms.Form):
    unit = PickField(
        label=_("Unit"), describe=unit_choice, find=found_units, source="tenants:lease-units",
        placeholder=_("Number or building"), exact=("number",),
        error_messages={"required": _("Choose the unit from the suggestions.")},
    )  # fmt: skip
    area_m2 = forms.DecimalField(
        label=_("Contract area (m²)"), min_value=0, max_digits=12, decimal_places=2, required=False
    )
    rent = forms.DecimalField(label=_("Rent"), min_value=0, max_digits=14, decimal_places=4)
    rent_unit = forms.ChoiceField(
        label=_("Unit of rent"), choices=RentUnit, initial=RentUnit.M2_MONTH
    )
    steps = forms.CharField(
        label=_("Steps (day and new rent)"), required=False, max_length=1000,
        widget=forms.TextInput(attrs={"placeholder": "2028-01-01 30.00; 2029-01-01 32.00"}),
    )  # fmt: skip

    def clean_steps(self):
        """``(day, rent)`` pairs."""
        return tuple(_day_and(self.cleaned_data["steps"], Decimal, "2028-01-01 30.00"))

    def __init__(self, *args, user, units, labels, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self.fields["unit"], user, units, labels=labels)
        self.empty_permitted = True
        # In a table the heading is the label to the eye only.
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label


def lines_formset(data=None, *, user, lease=None, units=()):
    """The rows of units of a lease form; ``units`` are keys to start with."""
    rows = []
    if lease is not None:
        rows = lease_lines(lease)
    elif data is None:
        rows = [{"unit": key} for key in as_keys(units)[:200]]
    formset = forms.formset_factory(
        LineForm, extra=0 if rows else 1, can_delete=True, min_num=0, max_num=200,
        absolute_max=200,
    )  # fmt: skip
    queryset = lettable_units(user)
    if data is None:
        keys = [row["unit"] for row in rows]
    else:
        keys = [value for name, value in data.items()
                if name.startswith("lines-") and name.endswith("-unit")]  # fmt: skip
    labels = labels_of(queryset, keys, unit_choice)
    return formset(
        data, prefix="lines", initial=rows or None,
        form_kwargs={"user": user, "units": queryset, "labels": labels},
    )  # fmt: skip


def lease_lines(lease) -> list[dict]:
    """The lines of a lease as the rows of its form."""
    return [
        {"unit": line.unit_id, "area_m2": line.area_m2, "rent": line.rent,
         "rent_unit": line.rent_unit,
         "steps": "; ".join(f"{one.start} {one.rent}" for one in line.steps.all())}
        for line in lease.lines.prefetch_related("steps")
    ]  # fmt: skip
