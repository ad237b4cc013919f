"""Shapes of what the carrier's staff type about an application. Rules are the services'."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incubation.dossier import TEXTS, label_of
from incubation.models import ApplicationDocument, ApplicationMessage

ACCEPT, RETURN, REFUSE, APPROVE = "accept", "return", "refuse", "approve"


READ = gettext_lazy("The applicant reads it.")


def opinion_field(label, *, required=True, help_text=READ):
    return forms.CharField(
        label=label, max_length=1000, required=required, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


def outcome_field(*choices):
    return forms.ChoiceField(
        label=gettext_lazy("Outcome"), choices=choices, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one.")},
    )  # fmt: skip


class CheckForm(forms.Form):
    """``amend_<part>``: what is wrong with a part; ``items``: all that is to be amended."""

    outcome = outcome_field(
        (ACCEPT, gettext_lazy("Accept it for review")),
        (RETURN, gettext_lazy("Return it to be amended")),
        (REFUSE, gettext_lazy("Refuse it")),
    )
    others = forms.CharField(
        label=gettext_lazy("Anything else to amend"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=gettext_lazy("One thing a line."),
    )  # fmt: skip
    opinion = opinion_field(
        gettext_lazy("Reason or note"), required=False,
        help_text=gettext_lazy("The applicant reads it. Needed to refuse."),
    )  # fmt: skip

    def __init__(self, *args, papers, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = dict(ApplicationDocument.Kind.choices)
        self.parts = {name: label_of(name) for name in TEXTS}
        self.parts["wishes"] = _("The space wished for")
        self.parts |= {f"paper_{one.pk}": f"{kinds[one.kind]} {one.name}" for one in papers}
        for name, label in self.parts.items():
            self.fields[f"amend_{name}"] = forms.CharField(
                label=label, required=False, max_length=200,
                widget=forms.TextInput(attrs={"placeholder": _("What is to be amended?")}),
            )  # fmt: skip

    def part_fields(self) -> list:
        return [(name, self[f"amend_{name}"]) for name in self.parts]

    def clean(self):
        values = self.cleaned_data
        items = [
            f"{label}：{words}" for name, label in self.parts.items()
            if (words := values.get(f"amend_{name}"))
        ]  # fmt: skip
        items += [line for text in values.get("others", "").splitlines() if (line := text.strip())]
        outcome = values.get("outcome")
        if outcome == RETURN and not items:
            raise ValidationError(
                _("Say what is to be amended: write it beside the part, or below.")
            )
        if outcome in (ACCEPT, REFUSE) and items:
            raise ValidationError(
                _("You wrote down what is to be amended. Return the application, or clear it.")
            )
        if outcome == REFUSE and not values.get("opinion"):
            self.add_error("opinion", _("Write the reason; the applicant reads it."))
        return {"outcome": outcome, "items": items, "opinion": values.get("opinion", "")}


class DecideForm(forms.Form):
    outcome = outcome_field(
        (APPROVE, gettext_lazy("Approve it")), (REFUSE, gettext_lazy("Do not admit"))
    )
    opinion = opinion_field(gettext_lazy("Reason of the decision"))
    against_points_reason = forms.CharField(
        label=gettext_lazy("Why it is approved against the points"), required=False,
        max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Kept with the decision; only the carrier and the bureau read it."),
    )  # fmt: skip

    def __init__(self, *args, passed, **kwargs):
        super().__init__(*args, **kwargs)
        if passed:
            del self.fields["against_points_reason"]


class ObjectionForm(forms.Form):
    opinion = opinion_field(
        gettext_lazy("The objection"),
        help_text=gettext_lazy("Who objects and why. The applicant reads it."),
    )


class QueueForm(forms.Form):
    opinion = opinion_field(gettext_lazy("Note"), required=False)


class MessageForm(forms.ModelForm):
    class Meta:
        model = ApplicationMessage
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
