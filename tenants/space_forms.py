"""What people type to make space: a park, buildings, floors in a row, units by pattern, outlines."""

import shapely
from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from parks.geometry import Datum
from parks.models import Building, Floor, Park, Unit
from parks.numbering import numbers, storeys
from tenants.forms import CorrectForm, ReasonForm, date_field, reason_field

#: Words of an address, which no park may have as its code.
RESERVED = {"new"}


class StoreysField(forms.CharField):
    """Cleaned to a list of ordinals."""

    def clean(self, value):
        return storeys(super().clean(value))


class NumbersField(forms.CharField):
    """Cleaned to a list of numbers."""

    def clean(self, value):
        return numbers(super().clean(value))


STOREYS = {
    "label": _("Floors"), "max_length": 200,
    "help_text": _("Like “1-8, B1”: from 1 to 8, and one below ground."),
}  # fmt: skip


class ParkNewForm(forms.ModelForm):
    class Meta:
        model = Park
        fields = ["code", "name", "operator", "address", "street_code", "land_area_mu"]
        help_texts = {"code": _("Short, in letters and digits, like JR. It stays for good.")}

    def clean_code(self):
        code = self.cleaned_data["code"]
        if code.lower() in RESERVED:
            raise ValidationError(_("Choose another code."))
        return code


class BuildingNewForm(forms.ModelForm):
    floors = StoreysField(**STOREYS, required=False)

    class Meta:
        model = Building
        fields = ["code", "name", "use", "fire_class", "completed_on"]
        widgets = {"completed_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "code": _("As on the plan, like 3 or A3."),
            "name": _("As people say it, like 3栋."),
        }


class FloorsNewForm(ReasonForm):
    floors = StoreysField(**STOREYS)


class FloorForm(CorrectForm):
    class Meta:
        model = Floor
        fields = ["name", "ordinal"]
        help_texts = {"ordinal": _("1 is the ground floor, -1 the first below ground.")}


class UnitsNewForm(forms.ModelForm):
    numbers = NumbersField(
        label=_("Numbers"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Like “501-520, 530”: all of them are made alike; each can be corrected later."),
    )  # fmt: skip
    exists_from = date_field(_("Exists from"))

    class Meta:
        model = Unit
        fields = [
            "gross_area_m2", "kind", "billable_area_m2", "net_area_m2", "area_source", "seats",
            "clear_height_m", "floor_load_kn_m2", "power_kva", "tenure",
        ]  # fmt: skip
        labels = {"gross_area_m2": _("gross area of each (m²)")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(["numbers", "gross_area_m2", "kind", "exists_from"])
        self.fields["numbers"].widget.attrs["placeholder"] = "501-520"

    def validate_constraints(self):
        """The service asks the constraints."""


class OutlineForm(ReasonForm):
    geojson = forms.CharField(
        label=_("Outline as GeoJSON"), required=False, max_length=2_000_000,
        widget=forms.Textarea(attrs={
            "rows": 6, "placeholder": '{"type": "Polygon", "coordinates": [[[112.8, 28.3], …]]}'}),
        help_text=_("A geometry, a feature, or a list with one feature."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("or a file"), required=False,
        widget=forms.FileInput(attrs={"accept": ".geojson,.json"}),
    )  # fmt: skip
    datum = forms.ChoiceField(
        label=_("Coordinate system"), choices=Datum,
        help_text=_("Copied from Amap or Tencent: GCJ-02; from Baidu: BD-09."),
    )  # fmt: skip

    def clean(self):
        values = super().clean()
        file, text = values.get("file"), values.get("geojson", "")
        if file and file.size <= 2_000_000:
            text = file.read().decode("utf-8-sig", "replace")
        values["shape"] = self.shape(text)
        return values

    @staticmethod
    def shape(text):
        """The one area of a GeoJSON text, flat; a text without one is refused."""
        try:
            found = shapely.from_geojson(text)
        except shapely.errors.GEOSException:
            raise ValidationError(_("This is no GeoJSON. Paste the whole text, braces included.")) from None  # fmt: skip
        parts = list(getattr(found, "geoms", [])) if found.geom_type == "GeometryCollection" else [found]  # fmt: skip
        if len(parts) != 1 or parts[0].geom_type not in ("Polygon", "MultiPolygon"):
            raise ValidationError(_("Give exactly one area (Polygon or MultiPolygon)."))
        return shapely.force_2d(parts[0])


class StaffForm(forms.Form):
    staff = forms.ModelMultipleChoiceField(
        label=_("Operators of this park"), required=False, widget=forms.CheckboxSelectMultiple,
        queryset=get_user_model().objects.none(),
        help_text=_("They see this park and act in it. Accounts are made in the administration."),
    )  # fmt: skip
    reason = reason_field()

    def __init__(self, *args, park, **kwargs):
        super().__init__(*args, **kwargs)
        people = get_user_model().objects.filter(is_active=True)
        operators = people.filter(groups__name="operator") | people.filter(parks=park)
        field = self.fields["staff"]
        field.queryset = operators.distinct().order_by("username")
        field.label_from_instance = lambda user: (
            f"{user.get_full_name()} ({user.username})" if user.get_full_name() else user.username
        )
        field.initial = park.staff.all()
