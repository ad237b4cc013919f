"""Shapes of what people type about a lease: its terms, units, steps and rent-free days."""

from datetime import date, timedelta
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from parks.models import Unit
from tenants.forms import FIRST_DAY, LAST_DAY, ReasonForm, date_field, narrowed, reason_field
from tenants.models import RentUnit, Tenant


class RenewForm(ReasonForm):
    last_day = date_field(_("Last day of the renewal"))
    number = forms.CharField(
        label=_("Number"), max_length=60, required=False, help_text=_("Empty: the next free one.")
    )


class AmendForm(RenewForm):
    effective_on = date_field(_("First day of the amendment"))
    last_day = date_field(_("Last day"))


class LeaseForm(forms.Form):
    tenant = forms.ModelChoiceField(label=_("Tenant"), queryset=None)
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
            } | {"last_day": _last_day(lease.end), "rent_free": free}  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["tenant"].queryset = Tenant.objects.visible_to(user).order_by("name")
        narrowed(self.fields["tenant"])
        self.fields["reason"] = reason_field()

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
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=None)
    area_m2 = forms.DecimalField(
        label=_("Contract area (m²)"), min_value=0, max_digits=12, decimal_places=2, required=False
    )
    rent = forms.DecimalField(label=_("Rent"), min_value=0, max_digits=14, decimal_places=4)
    rent_unit = forms.ChoiceField(label=_("Unit of rent"), choices=RentUnit)
    steps = forms.CharField(
        label=_("Steps (day and new rent)"), required=False, max_length=1000,
        widget=forms.TextInput(attrs={"placeholder": "2028-01-01 30.00; 2029-01-01 32.00"}),
    )  # fmt: skip

    def clean_steps(self):
        """``(day, rent)`` pairs."""
        return tuple(_day_and(self.cleaned_data["steps"], Decimal, "2028-01-01 30.00"))

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        # One query's choices serve every row of the formset.
        self.fields["unit"].choices = units.choices_for_lines
        narrowed(self.fields["unit"])
        self.empty_permitted = True
        # In a table the heading is the label to the eye only.
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label


class UnitTypeahead:
    """Unit choices of a form: asked once, shown with their place."""

    def __init__(self, user):
        self.rows = (
            Unit.objects.visible_to(user).filter(exists_to=None).exclude(
                closures__end=None, closures__isnull=False
            ).with_place().defer(
                "outline", "floor__outline", "floor__building__footprint",
                "floor__building__park__boundary",
            ).in_plan_order()
        )  # fmt: skip

    def queryset(self):
        rows = self.rows
        rows.choices_for_lines = [("", "—")] + [
            (
                unit.pk,
                f"{unit.floor.building.park.code} {unit.floor.building} {unit.floor} "
                f"{unit.number} · {unit.gross_area_m2} ㎡",
            )
            for unit in rows
        ]
        return rows


def lines_formset(data=None, *, user, lease=None, unit=""):
    """The rows of units of a lease form; ``unit`` is a key to start with."""
    rows = []
    if lease is not None:
        rows = [
            {"unit": line.unit_id, "area_m2": line.area_m2, "rent": line.rent,
             "rent_unit": line.rent_unit,
             "steps": "; ".join(f"{one.start} {one.rent}" for one in line.steps.all())}
            for line in lease.lines.prefetch_related("steps")
        ]  # fmt: skip
    elif unit.isdecimal() and len(unit) < 18:
        rows = [{"unit": int(unit)}]
    formset = forms.formset_factory(
        LineForm, extra=0 if rows else 1, can_delete=True, min_num=0, max_num=200,
        absolute_max=200,
    )  # fmt: skip
    return formset(
        data, prefix="lines", initial=rows or None,
        form_kwargs={"units": UnitTypeahead(user).queryset()},
    )  # fmt: skip
