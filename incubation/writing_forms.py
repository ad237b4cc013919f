"""Shapes of what an applicant types. What is missing, the services say."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from incubation.dossier import COLUMNS, TECHNICAL, TEXTS, WISHES, label_of
from incubation.models import Application, ApplicationDocument
from incubation.selectors.comparing import carriers_to_apply
from incubation.selectors.waiting import units_of
from parks.files import ENDINGS, PAPERS
from tenants.forms import DAYS

ROWS = {"summary": 5, "technology": 4, "team": 4, "market": 4, "finance": 3, "safety": 3}
HELP = {
    "title": _("As you would say it to a visitor, in a few words."),
    "summary": _("What you make or do, for whom, and how far you are."),
    "technology": _("What is new in it; patents, software, licences: granted or applied for."),
    "team": _("Who does what, where they come from, how many full time."),
    "market": _("Who pays, who competes, what you sold so far."),
    "finance": _("Money at hand, money asked for, turnover so far."),
    "safety": _("What happens in the space: machines, materials, waste, noise, dangerous goods."),
    "special_field": _("Only if it is one of these; such firms may stay longer."),
    "area_max_m2": _("Empty: no upper limit."),
    "floor_load_kn_m2": _("Empty: any will do."),
    "fire_class": _("Of what you produce or store, by the fire code; empty if nothing burns."),
    "rent_most": _("Helps to find what fits; it binds nobody."),
}


class DossierForm(forms.ModelForm):
    """Nothing is required here: a draft lacks what it lacks."""

    commitments = forms.MultipleChoiceField(
        label=_("Commitments"), choices=Application.Commitment, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    preferred_units = forms.ModelMultipleChoiceField(
        label=_("Units wished for"), queryset=None, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    class Meta:
        model = Application
        fields = (*COLUMNS, "preferred_units")
        widgets = {"move_in_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")} | {
            name: forms.Textarea(attrs={"rows": rows}) for name, rows in ROWS.items()
        }

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["preferred_units"].queryset = units_of(self.instance.carrier, on)
        self.fields["move_in_on"].validators += DAYS
        # They stand below the documents, outside of the form's own element.
        self.fields["commitments"].widget.attrs["form"] = "dossier"
        for name in ("desks", "rent_most"):
            self.fields[name].label = label_of(name)
        for name, text in HELP.items():
            self.fields[name].help_text = text
        for name in ("people", "desks", "months"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"

    def clean(self):
        values = super().clean()
        least, most = values.get("area_min_m2"), values.get("area_max_m2")
        if least and most and most < least:
            for name in ("area_min_m2", "area_max_m2"):
                self.add_error(name, _("The largest area is not below the smallest."))
        return values

    def _post_clean(self):
        """The services ask the model; the row is theirs to change."""

    @property
    def texts(self):
        return [self[name] for name in TEXTS]

    @property
    def wishes(self):
        return [self[name] for name in WISHES if name not in TECHNICAL]

    @property
    def needs(self):
        return [self[name] for name in TECHNICAL]

    @property
    def any_need(self) -> bool:
        return any(self[name].value() or self[name].errors for name in TECHNICAL)


class PaperForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=ApplicationDocument.Kind)
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, Word, Excel, PowerPoint or picture; at most 20 MB."),
        widget=forms.FileInput(
            attrs={"accept": ",".join(f".{ENDINGS[one]}" for one in sorted(PAPERS))}
        ),
    )
    names_applicant = forms.BooleanField(
        label=_("It names us"), required=False, initial=True,
        help_text=_("Reviewers of this carrier see no names; they get what does not name you, "
                    "without authors and other notes in the file."),
    )  # fmt: skip

    def __init__(self, *args, blind=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not blind:
            del self.fields["names_applicant"]
        self.fields["file"].widget.attrs |= {
            "data-most": settings.DOCUMENT_BYTES,
            "data-too-large": _("The file is too large; at most %(mb)s MB.")
            % {"mb": settings.DOCUMENT_BYTES // 2**20},
        }


class StartForm(forms.Form):
    """Where an application goes, and whose it is."""

    carrier = forms.ModelChoiceField(queryset=None)
    tenant = forms.ModelChoiceField(queryset=None, required=False)

    def __init__(self, *args, user, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["carrier"].queryset = carriers_to_apply(on)
        self.fields["tenant"].queryset = user.tenants.standing()


class CopyForm(forms.Form):
    carrier = forms.ModelChoiceField(
        label=_("Carrier"), queryset=None,
        help_text=_("The same carrier again, or another one to compare; those where you have an "
                    "application under way are left out."),
    )  # fmt: skip

    def __init__(self, *args, on, tenant, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["carrier"]
        under_way = Application.objects.filter(tenant=tenant, closed_on=None)
        field.queryset = carriers_to_apply(on).exclude(pk__in=under_way.values("carrier"))
        field.label_from_instance = lambda one: (
            f"{one.name} · {one.get_stage_display()} · {one.park.name}"
        )


class WithdrawForm(forms.Form):
    opinion = forms.CharField(
        label=_("Why (if you want to say)"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class ObjectionForm(forms.Form):
    opinion = forms.CharField(
        label=_("What is wrong, and why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
