"""Shapes of a plan of moves: its day, and one line per tenant."""

from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parks.models import Park, Unit
from parks.services.space import OUTLINES
from tenants.forms import date_field, reason_field
from tenants.models import Lease, RentUnit, Tenant
from tenants.services import Step


def place(unit) -> str:
    """A unit as one types it here: building code, a slash, number."""
    return f"{unit.floor.building.code}/{unit.number}"


class PlanForm(forms.Form):
    park = forms.ModelChoiceField(label=gettext_lazy("Park"), queryset=None, empty_label=None)
    effective_on = date_field(gettext_lazy("Day of the moves"))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["park"].queryset = Park.objects.visible_to(user).defer("boundary")
        self.fields["reason"] = reason_field()


class StepForm(forms.Form):
    """Found by what people type: a lease by its number, a tenant by its name, units by number."""

    lease = forms.CharField(label=gettext_lazy("Lease that ends"), required=False, max_length=60)
    tenant = forms.CharField(
        label=gettext_lazy("or tenant that comes"), required=False, max_length=120
    )
    units = forms.CharField(
        label=gettext_lazy("Units afterwards"), required=False, max_length=400,
        help_text=gettext_lazy("All it has from the day on, commas between; empty when the tenant leaves."),
    )  # fmt: skip
    rent = forms.DecimalField(
        label=gettext_lazy("Rent"), required=False, min_value=0, max_digits=14, decimal_places=4,
        help_text=gettext_lazy("Empty: taken over with its steps."),
    )  # fmt: skip
    rent_unit = forms.ChoiceField(
        label=gettext_lazy("Rent unit"), choices=RentUnit, initial=RentUnit.M2_MONTH, required=False
    )
    last_day = date_field(gettext_lazy("Last day"), required=False)
    park = day = None

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        for name, what in (("lease", "lease"), ("tenant", "tenant"), ("units", "unit")):
            self.fields[name].widget.attrs.update({"data-pick": what, "autocomplete": "off"})

    def clean(self):
        values = super().clean()
        if self.park is None or not any(values.get(k) for k in ("lease", "tenant", "units")):
            return values
        lease = self._lease(values.get("lease", ""))
        units = self._units(values.get("units", ""))
        last = values.get("last_day")
        if not self.errors:
            values["step"] = Step(
                before=lease, tenant=None if lease else self._tenant(values.get("tenant", "")),
                units=tuple(units), rent=values.get("rent"),
                rent_unit=values.get("rent_unit") or RentUnit.M2_MONTH,
                end=last + timedelta(days=1) if last else None,
            )  # fmt: skip
        return values

    def _lease(self, number):
        if not number:
            return None
        leases = Lease.objects.visible_to(self.user).filter(park=self.park, number=number.strip())
        lease = leases.select_related("tenant").first()
        if lease is None:
            self.add_error("lease", _("The park has no lease %(number)s.") % {"number": number})
        return lease

    def _tenant(self, name):
        found = Tenant.objects.visible_to(self.user).standing()
        found = list(found.filter(Q(name=name.strip()) | Q(uscc=name.strip()))[:2]) if name else []
        if len(found) != 1:
            self.add_error("tenant", _("Choose one tenant by its full name or code."))
            return None
        return found[0]

    def _units(self, text):
        units = []
        for word in text.replace("，", ",").split(","):
            if not word.strip():
                continue
            code, slash, number = word.strip().rpartition("/")
            rows = Unit.objects.visible_to(self.user).of_park(self.park).existing_on(self.day)
            rows = rows.filter(number=number.strip())
            if slash:
                rows = rows.filter(floor__building__code=code.strip())
            found = list(rows.with_place().defer(*OUTLINES)[:2])
            if len(found) == 1:
                units.extend(found)
                continue
            self.add_error("units", _several(word.strip()) if found else _none(word.strip()))
        return units


def _several(number):
    return _("%(number)s is several units; write the building before it, as in 3/%(number)s.") % {
        "number": number
    }


def _none(number):
    return _("The park has no unit %(number)s on that day.") % {"number": number}


def steps(data=None, *, user, initial=()):
    """The lines of the form; empty ones are no steps."""
    made = forms.formset_factory(
        StepForm, extra=max(3, len(initial) + 1), max_num=60, absolute_max=60
    )
    found = made(data, prefix="steps", form_kwargs={"user": user})
    if data is None:
        for form, values in zip(found.forms, initial, strict=False):
            form.initial = values
    return found
