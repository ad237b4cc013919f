"""Shapes of what people set for a proposal. Rules are services'."""

from django import forms
from django.utils.translation import gettext_lazy as _

from incubation.matching.parts import MOST, WEIGHTS
from incubation.selectors.allocations import MEANINGS, NAMES


class WeightsForm(forms.Form):
    """``weight_<name>`` for each part; ``parks``: those to choose from."""

    park = forms.ChoiceField(label=_("Park"))

    def __init__(self, *args, parks, weights, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["park"].choices = [(park.code, park.name) for park in parks]
        if len(parks) == 1:
            self.fields["park"].widget = forms.HiddenInput()
            self.initial["park"] = parks[0].code
        for name, label in NAMES.items():
            self.fields[f"weight_{name}"] = forms.IntegerField(
                label=label, min_value=0, max_value=MOST, help_text=MEANINGS[name],
                initial=weights.get(name, WEIGHTS[name]),
            )  # fmt: skip

    def weights(self) -> dict:
        return {name: self.cleaned_data[f"weight_{name}"] for name in NAMES}


class AcceptRowsForm(forms.Form):
    """``digest``: seals the proposal that was read."""

    digest = forms.CharField(widget=forms.HiddenInput())
