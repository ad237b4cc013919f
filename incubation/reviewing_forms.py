"""Shapes of what people type about reviews of applications. Rules are services'."""

from django import forms
from django.utils.translation import gettext_lazy as _

from incubation.models import InterestKind
from incubation.placing_forms import words_field


class AssignForm(forms.Form):
    reviewers = forms.TypedMultipleChoiceField(
        label=_("Reviewers"), coerce=int,
        error_messages={"required": _("Choose at least one reviewer.")},
    )  # fmt: skip

    def __init__(self, *args, able, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reviewers"].choices = [(one.pk, one.name) for one in able]


class TakeOffForm(forms.Form):
    reason = words_field(_("Reason"), help_text=_("The reviewer reads it."))


#: Shown to those who choose; the rest follows from what is known.
INTERESTS = [("", "—"), *InterestKind.choices]


class OwnInterestForm(forms.Form):
    """In the applicant of a review, whose name the reviewer may not even see."""

    kind = forms.ChoiceField(
        label=_("What stands between you and the applicant"), choices=INTERESTS
    )
    note = forms.CharField(
        label=_("In a few words"), max_length=200, required=False,
        help_text=_("The staff of the carrier read it."),
    )  # fmt: skip


class FirmInterestForm(OwnInterestForm):
    """In any firm, before one is asked about it."""

    organisation = forms.CharField(
        label=_("Organisation"), max_length=120,
        help_text=_("The full name, as it stands on its licence."),
    )  # fmt: skip
    field_order = ["organisation", "kind", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].label = _("What stands between you and it")


class ScoreForm(forms.Form):
    """``points_<criterion>`` and ``remark_<criterion>`` for each criterion of the sheet."""

    recommends = forms.TypedChoiceField(
        label=_("Recommendation"), required=False, empty_value=None,
        choices=[("", "—"), ("yes", _("admit")), ("no", _("do not admit"))],
        coerce=lambda value: value == "yes",
    )  # fmt: skip
    opinion = forms.CharField(
        label=_("Opinion"), required=False, max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What speaks for it, what against it; the staff read it when they decide."),
    )  # fmt: skip

    def __init__(self, *args, criteria, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = list(criteria)
        for one in self.criteria:
            self.fields[f"points_{one.pk}"] = forms.DecimalField(
                label=_("Points"), required=False, min_value=0, max_value=one.weight,
                max_digits=4, decimal_places=1,
                widget=forms.NumberInput(attrs={
                    "step": "0.1", "inputmode": "decimal", "class": "narrow",
                    "aria-label": _("Points: %(criterion)s") % {"criterion": one.label},
                }),
            )  # fmt: skip
            self.fields[f"remark_{one.pk}"] = forms.CharField(
                label=_("Remark"), required=False, max_length=300,
                widget=forms.TextInput(attrs={
                    "placeholder": _("Remark"), "aria-label": _("Remark: %(criterion)s") % {"criterion": one.label},
                }),
            )  # fmt: skip

    def rows(self):
        return [(one, self[f"points_{one.pk}"], self[f"remark_{one.pk}"]) for one in self.criteria]

    def given(self, prefix, names=None) -> dict:
        """``{criterion: value}`` of the fields that hold up, those of ``names`` only."""
        found = {}
        for one in self.criteria:
            name = f"{prefix}_{one.pk}"
            if name in self.cleaned_data and (names is None or name in names):
                found[one] = self.cleaned_data[name]
        return found
