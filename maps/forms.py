"""Addresses of maps: the only place where their strings become values."""

from django import forms
from django.utils.translation import gettext_lazy as _

RATIOS = [
    ("occupancy", _("occupancy (let ÷ lettable)")),
    ("signed", _("signed (under a lease ÷ lettable)")),
    ("vacancy", _("vacancy (1 − signed)")),
]
MEASURES = [("area", _("by area")), ("units", _("by units")), ("desks", _("by desks"))]
SCHEMES = [("fixed", _("fixed breaks")), ("quantiles", _("quantiles")), ("fisher", _("natural"))]
DEFINITIONS = {
    "occupancy": _("Area let on the day ÷ lettable area (gross − own use − public service − sold "
                   "− out of use). Domain notes §7."),
    "signed": _("Area under a binding lease, begun or not ÷ lettable area. Domain notes §7."),
    "vacancy": _("1 − the signed share. Domain notes §7."),
}  # fmt: skip


class MapForm(forms.Form):
    """``layer`` (which ratio), ``measure`` and ``scheme``; an unknown value falls back, loudly."""

    layer = forms.ChoiceField(label=_("Coloured by"), choices=RATIOS, required=False)
    measure = forms.ChoiceField(label=_("Counted"), choices=MEASURES, required=False)
    scheme = forms.ChoiceField(label=_("Classes"), choices=SCHEMES, required=False)

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["data-submit"] = ""
            field.initial = field.choices[0][0]

    def value(self, name) -> str:
        """The cleaned value, or the first choice."""
        self.full_clean()
        chosen = self.cleaned_data.get(name)
        return chosen or self.fields[name].choices[0][0]
