"""The file, and what a person decides about it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from maps.geo.columns import COLUMNS, LAYERS
from maps.geo.files import SUFFIXES
from maps.geo.systems import ZONED, checked, label_of
from parks.errors import RuleViolation
from parks.models import Park

#: What a person may choose besides the hypotheses of the report.
USUAL = ("EPSG:4326", "GCJ-02", "BD-09", "EPSG:4547", ZONED)
SWITCHES = ("repair", "close_lines", "leave_refused")


class GeoFileForm(forms.Form):
    park = forms.ModelChoiceField(label=_("Park"), queryset=None, to_field_name="code")
    layer = forms.ChoiceField(label=_("What the file holds"), choices=list(LAYERS.items()))
    file = forms.FileField(
        label=_("GIS file"), max_length=200,
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
        help_text=_("GeoPackage (.gpkg), GeoJSON, or a Shapefile in a zip; at most 50 MB."),
    )  # fmt: skip

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["park"].queryset = Park.objects.visible_to(user).defer("boundary")


class DecisionForm(forms.Form):
    """``system`` ``sheet`` and the switches, and ``column_<ours>`` for each column of the layer."""

    system = forms.CharField(label=_("Coordinate system"), required=False, max_length=20)
    sheet = forms.ChoiceField(label=_("Layer of the file"), required=False)
    repair = forms.BooleanField(label=_("Repair outlines that cross themselves"), required=False)
    close_lines = forms.BooleanField(label=_("Closed lines are areas"), required=False)
    leave_refused = forms.BooleanField(label=_("Leave the refused features out"), required=False)

    def __init__(self, data, *, report):
        super().__init__(data, auto_id="geo_%s")
        systems = [(one["system"], label_of(one["system"])) for one in report["hypotheses"]]
        systems += [(name, label_of(name)) for name in USUAL if name not in dict(systems)]
        self.fields["system"].widget = forms.Select(choices=[("", _("as the file says")), *systems])
        names = report["layers"]
        self.fields["sheet"].choices = [("", names[0] if names else ""), *((n, n) for n in names)]
        if len(names) < 2:
            self.fields["sheet"].widget = forms.HiddenInput()
        headings = [("", "—"), *((name, name) for name in report["headings"])]
        for column in COLUMNS[report["layer"]]:
            self.fields[f"column_{column.name}"] = forms.ChoiceField(
                label=column.label, choices=headings, required=False
            )  # fmt: skip

    def clean_system(self):
        try:
            return checked(self.cleaned_data["system"]) if self.cleaned_data["system"] else ""
        except RuleViolation as refusal:
            raise forms.ValidationError(refusal.messages) from None

    def decisions(self) -> dict:
        """The given values as fields of ``Options``."""
        values = self.cleaned_data
        columns = {
            name.removeprefix("column_"): values[name]
            for name in values
            if name.startswith("column_") and name in self.data
        }
        return {
            "system": values.get("system", ""), "sheet": values.get("sheet", ""),
            **{name: values.get(name, False) for name in SWITCHES},
            **({"columns": columns} if columns else {}),
        }  # fmt: skip
