"""Strings of an address become days and choices here, and nowhere later."""

from django import forms
from django.utils.translation import gettext_lazy as _

from maps.classes import SCHEMES
from parks.days import parse_day

RATIOS = {
    "occupancy": _("occupancy"),
    "signed": _("signed share"),
    "vacancy": _("vacancy share"),
}
DEFINITIONS = {
    "occupancy": _("let on the day ÷ lettable"),
    "signed": _("under a binding lease, begun or not ÷ lettable"),
    "vacancy": _("1 − signed share"),
}
MEASURES = {"area": _("by area"), "units": _("by units"), "desks": _("by desks")}
#: What is coloured: space, or how far those who use it are in the chain.
SPACE = "space"
LAYERS = {
    SPACE: _("Letting"),
    "stage": _("Stage"),
    "carrier": _("Carrier"),
    "over": _("Over-stay"),
    "due": _("Months to due date"),
}
FORMATS = ("csv", "xlsx", "geojson")


class DayField(forms.CharField):
    """A day that can be looked at; None when nothing was given."""

    def __init__(self, *, today, **kwargs):
        super().__init__(required=False, **kwargs)
        self.today = today
        self.widget = forms.DateInput(attrs={"type": "date"})

    def clean(self, value):
        text = super().clean(value)
        return parse_day(text, today=self.today) if text else None


class AddressForm(forms.Form):
    """The query of an address. What it does not say, or says wrongly, has a default."""

    defaults = {}

    def __init__(self, data, *, today):
        super().__init__(data, auto_id="map_%s")
        self.today = today
        self.fields["on"] = DayField(today=today, label=_("Day"))
        for field in self.fields.values():
            field.widget.attrs["data-submit"] = ""

    @property
    def values(self) -> dict:
        """Cleaned values by name; ``on`` is today when it is not given or cannot be read."""
        self.is_valid()
        clean = {name: self.cleaned_data.get(name) for name in self.fields}
        for name, default in self.defaults.items():
            if clean[name] in (None, ""):
                clean[name] = default
        clean["on"] = clean["on"] or self.today
        return clean

    def complaints(self) -> list[str]:
        """What is wrong with the address, each with the name of its field."""
        return [
            f"{self.fields[name].label}: {message}"
            for name, messages in self.errors.items()
            for message in messages
        ]


def choices(label, pairs):
    return forms.ChoiceField(choices=list(pairs), required=False, label=label)


class MapForm(AddressForm):
    defaults = {"layer": SPACE, "ratio": "occupancy", "measure": "area", "scheme": "fixed"}

    layer = choices(_("Layer"), LAYERS.items())
    ratio = choices(_("Indicator"), RATIOS.items())
    measure = choices(_("Measured"), MEASURES.items())
    scheme = choices(_("Classes"), [(code, scheme.label) for code, scheme in SCHEMES.items()])
    format = choices(_("Format"), [(code, code) for code in FORMATS])
    ordering = forms.CharField(required=False, max_length=40, label=_("Order"))
    floor = forms.IntegerField(required=False, min_value=-32768, max_value=32767, label=_("Floor"))
    unit = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, label=_("Unit"))

    def __init__(self, data, *, today):
        super().__init__(data, today=today)
        self.fields["compare"] = DayField(today=today, label=_("Compared with"))
        self.fields["compare"].widget.attrs["data-submit"] = ""
