"""Shapes of the settings of applications, of calls, and of what lists of them are filtered by."""

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incubation.carrier_filters import OfCarrierFilter
from incubation.models import Application, Call, Carrier, Intake, ScoreSheet
from incubation.selectors.promises import late
from incubation.workflow import CLOSED, State
from parks.days import day_of
from tenants.forms import date_field, reason_field

OPEN = "open"
HELP = {
    "mode": _("In calls: only between the days of a call."),
    "blind": _(
        "They get a copy without names, and no document that names the applicant; the others come "
        "without authors and other notes in the file."
    ),
    "reviewer_count": _("So many reviews must be in before a decision; at least two."),
    "sheet": _("Empty: the sheet in use for everybody."),
    "notice_days": _("An approval is announced in public for so long before it stands."),
    "amend_days": _("After them an application that was not amended lapses."),
    "offer_days": _("After them the offer passes on to the next."),
    "sign_days": _("Promised, and how long accepted space is kept."),
    "welcome": _("Shown where one chooses a carrier and writes the application."),
}


class IntakeForm(forms.ModelForm):
    reason = reason_field()
    #: What the person thinks about, and the fields that belong to it.
    groups = (
        (_("Taking applications"), ("mode", "welcome")),
        (_("Review"), ("reviewer_count", "sheet", "blind", "notice_days")),
        (_("Days the carrier promises"), ("check_days", "review_days", "sign_days")),
        (_("Days applicants have"), ("amend_days", "offer_days")),
        (_("Why"), ("reason",)),
    )

    class Meta:
        model = Intake
        fields = (
            "mode", "welcome", "reviewer_count", "sheet", "blind", "notice_days", "check_days",
            "review_days", "sign_days", "amend_days", "offer_days",
        )  # fmt: skip
        help_texts = HELP
        widgets = {"welcome": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        current = Q(retired_on=None) | Q(retired_on__gt=on) | Q(pk=self.instance.sheet_id)
        self.fields["sheet"].queryset = ScoreSheet.objects.filter(current)

    def grouped(self) -> list:
        return [(title, [self[name] for name in names]) for title, names in self.groups]

    def _post_clean(self):
        """The service checks; the row it starts from stays as it is."""


class CallForm(forms.ModelForm):
    opens_on = date_field(_("Opens on"))
    last_day = date_field(_("Last day"))

    class Meta:
        model = Call
        fields = ("name", "opens_on", "last_day", "places", "note")
        help_texts = {"places": _("Empty: not limited.")}
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, instance=None, **kwargs):
        initial = kwargs.pop("initial", None) or {}
        if instance:
            initial |= {"last_day": instance.last_day}
        super().__init__(*args, instance=instance, initial=initial, **kwargs)

    def _post_clean(self):
        """The service checks; the row it starts from stays as it is."""

    def clean(self):
        values = super().clean()
        opens, last = values.get("opens_on"), values.get("last_day")
        if opens and last and last < opens:
            self.add_error("last_day", _("A call closes after it opens."))
        return values


class CallFilter(OfCarrierFilter):
    q = filters.CharFilter("name", "icontains", label=_("name"))
    carrier = filters.ModelChoiceFilter(label=_("carrier"), queryset=Carrier.objects.all())
    standing = filters.ChoiceFilter(label=_("state"), choices=Call.Standing, method="by_standing")

    class Meta:
        model = Call
        fields = []

    def by_standing(self, calls, name, value):
        return calls.in_standing(value, day_of(self.request))


class ApplicationFilter(OfCarrierFilter):
    """Over applications with their state (``with_state``)."""

    q = filters.CharFilter(label=_("number, applicant or project"), method="by_text")
    state = filters.ChoiceFilter(
        label=_("state"), choices=[(OPEN, _("open ones")), *State.choices], method="by_state"
    )
    late = filters.BooleanFilter(label=_("promised day passed"), method="by_late")

    class Meta:
        model = Application
        fields = []

    def by_text(self, applications, name, value):
        tenant = Application._meta.get_field("tenant").related_model
        found = Q(number__icontains=value) | Q(title__icontains=value)
        return applications.filter(
            found | Q(tenant__in=tenant.objects.matching(value).values("pk"))
        )

    def by_state(self, applications, name, value):
        if value == OPEN:
            return applications.exclude(state__in=[str(one) for one in CLOSED])
        return applications.filter(state=value)

    def by_late(self, applications, name, value):
        on = day_of(self.request)
        if value:
            return late(applications, on)
        return applications.exclude(pk__in=late(applications, on).values("pk"))
