"""Shapes of what staff type about reviewers and scoring sheets. Rules are services'."""

from django import forms
from django.utils.translation import gettext_lazy as _

from incubation.models import Reviewer, ScoreCriterion, ScoreSheet
from incubation.reviewing_forms import INTERESTS
from tenants.choices import tenant_field
from tenants.forms import date_field, reason_field
from tenants.pick import offer
from tenants.uscc import normalise

#: Rows for criteria on the page of a new sheet.
MOST_CRITERIA = 10


class ReviewerForm(forms.ModelForm):
    FACTS = ("name", "organisation", "organisation_uscc", "field", "most_open")

    start = date_field(_("Reviews from"))
    last_day = date_field(_("Last day"), required=False)

    class Meta:
        model = Reviewer
        fields = ("name", "organisation", "organisation_uscc", "field", "most_open")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].help_text = _(
            "The full name of the firm or office; who works for an applicant, its competitor or "
            "another operator is left out by it."
        )
        self.fields["most_open"].help_text = _("Whoever has so many is not proposed.")

    def clean_organisation_uscc(self):
        return normalise(self.cleaned_data["organisation_uscc"])

    def _post_clean(self):
        """The services ask the model."""


class ReviewerNewForm(ReviewerForm):
    username = forms.RegexField(
        r"^[\w.@+-]+\Z", label=_("User name"), max_length=150,
        help_text=_("To log in with. If somebody has it already, that account becomes the "
                    "reviewer's."),
        error_messages={"invalid": _("Letters, digits and . @ + - _ only.")},
    )  # fmt: skip
    email = forms.EmailField(
        label=_("E-mail"), required=False,
        help_text=_("A new account needs it: the link to choose a password goes there."),
    )  # fmt: skip
    field_order = ["username", "email", "name"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["last_day"]


class InterestForm(forms.Form):
    tenant = tenant_field(
        _("Tenant"), required=False, help_text=_("Chosen from the register, or …")
    )
    organisation = forms.CharField(
        label=_("Organisation"), max_length=120, required=False,
        help_text=_("… the full name of one that is not in it."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind of interest"), choices=INTERESTS)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    start = date_field(_("From"))
    last_day = date_field(_("Last day"), required=False)

    def __init__(self, *args, user, tenants, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self.fields["tenant"], user, tenants, [self["tenant"].value()])


class InterestEndForm(forms.Form):
    last_day = date_field(_("Last day"))
    reason = reason_field()


class SheetForm(forms.ModelForm):
    class Meta:
        model = ScoreSheet
        fields = ("code", "name", "name_en", "pass_points", "source")

    def _post_clean(self):
        """The services ask the model."""


class CriterionForm(forms.ModelForm):
    """An empty row is no criterion."""

    class Meta:
        model = ScoreCriterion
        fields = ("name", "name_en", "hint", "weight")


class CriterionRows(forms.BaseFormSet):
    def initial_form_count(self):
        """Once sent, a row that is emptied is no criterion, whatever stood in it before."""
        return 0 if self.is_bound else super().initial_form_count()


CriterionForms = forms.formset_factory(
    CriterionForm, CriterionRows, extra=MOST_CRITERIA, max_num=MOST_CRITERIA,
    absolute_max=MOST_CRITERIA,
)  # fmt: skip
