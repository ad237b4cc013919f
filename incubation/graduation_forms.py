"""Shapes of what people type about graduations and follow-ups. Rules are the services'."""

import django_filters as filters
from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from incubation.models import Carrier, FollowUp, GraduationReview, Residency, RuleSet, Stage
from incubation.selectors.graduation import graduation_rule_sets
from parks.days import day_of
from tenants.forms import DAYS, ReasonForm, date_field

Decision, Destination = GraduationReview.Decision, Residency.Destination
VERDICTS = {"met": _("met"), "not_met": _("not met"), "unknown": _("unknown")}


class _OfCarriers(filters.FilterSet):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        user = self.request.user
        rows = Carrier.objects.visible_to(user).select_related("park").order_by("park", "name")
        rows = rows.defer("park__boundary")
        self.filters["carrier"].extra["choices"] = [
            (row.pk, f"{row.name} ({row.park.name})") for row in rows
        ]


class GraduationFilter(_OfCarriers):
    """Over open residencies; ``rule_set`` and ``standing`` are the judge's."""

    q = filters.CharFilter(label=_("name, former name, code or initials"), method="by_text")
    park = filters.CharFilter("carrier__park__code", label=_("park"))
    carrier = filters.ChoiceFilter("carrier_id", label=_("carrier"), choices=())
    stage = filters.ChoiceFilter("carrier__stage", label=_("stage"), choices=Stage)
    rule_set = filters.ChoiceFilter(label=_("rules"), choices=(), method="unfiltered")

    class Meta:
        model = Residency
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rule_sets = {str(one): one for one in graduation_rule_sets()}
        self.filters["rule_set"].extra["choices"] = [
            (name, f"{one.name} v{one.version}") for name, one in self.rule_sets.items()
        ]

    def by_text(self, residencies, name, value):
        tenant = Residency._meta.get_field("tenant").related_model
        return residencies.filter(tenant__in=tenant.objects.matching(value).values("pk"))

    def unfiltered(self, residencies, name, value):
        return residencies

    @property
    def chosen(self) -> RuleSet | None:
        return self.rule_sets.get(self.form.cleaned_data.get("rule_set") or "")


class ReviewFilter(_OfCarriers):
    q = filters.CharFilter(label=_("name, former name, code or initials"), method="by_text")
    park = filters.CharFilter("residency__carrier__park__code", label=_("park"))
    carrier = filters.ChoiceFilter("residency__carrier_id", label=_("carrier"), choices=())
    state = filters.ChoiceFilter(
        label=_("state"), choices=GraduationReview.State, method="by_state"
    )
    verdict = filters.ChoiceFilter(label=_("verdict of the rules"), choices=list(VERDICTS.items()))

    class Meta:
        model = GraduationReview
        fields = []

    def by_text(self, reviews, name, value):
        tenant = Residency._meta.get_field("tenant").related_model
        found = tenant.objects.matching(value).values("pk")
        return reviews.filter(residency__tenant__in=found)

    def by_state(self, reviews, name, value):
        return reviews.in_state(value, day_of(self.request))


class FollowUpFilter(_OfCarriers):
    """Over graduates."""

    q = filters.CharFilter(label=_("name, former name, code or initials"), method="by_text")
    park = filters.CharFilter("carrier__park__code", label=_("park"))
    carrier = filters.ChoiceFilter("carrier_id", label=_("carrier"), choices=())
    missing = filters.ChoiceFilter(label=_("missing"), choices=(), method="by_missing")
    consent = filters.BooleanFilter(
        "consent_on", "isnull", exclude=True, label=_("consent to being named")
    )

    class Meta:
        model = Residency
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["missing"].extra["choices"] = [
            ("any", _("any year")),
            *((str(n), _("year %(n)s") % {"n": n}) for n in range(1, 6)),
        ]

    def by_text(self, residencies, name, value):
        tenant = Residency._meta.get_field("tenant").related_model
        return residencies.filter(tenant__in=tenant.objects.matching(value).values("pk"))

    def by_missing(self, residencies, name, value):
        years = range(1, 6) if value == "any" else [int(value)]
        return residencies.follow_up_missing(day_of(self.request), years)


class DecideForm(forms.Form):
    """The decision, and for a graduation what goes with it."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=Decision, widget=forms.RadioSelect, required=True
    )
    opinion = forms.CharField(
        label=_("Opinion"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept with the review for good."),
    )  # fmt: skip
    graduates_on = date_field(
        _("Graduates on"), required=False, help_text=_("The first day without the residency.")
    )
    destination = forms.ChoiceField(
        label=_("Went to"), required=False,
        choices=[("", "—"), *(one for one in Destination.choices if one[0] != Destination.NONE)],
    )  # fmt: skip
    destination_note = forms.CharField(label=_("Where exactly"), required=False, max_length=200)
    next_carrier = forms.ModelChoiceField(
        Carrier.objects.none(), label=_("Admit at once to"), required=False,
        help_text=_("A carrier of the next stage, from the same day."),
    )  # fmt: skip
    next_agreement_number = forms.CharField(
        label=_("Number of its incubation agreement"), required=False, max_length=60
    )
    end_lease = forms.BooleanField(
        label=_("End the leases in the carrier on that day"), required=False
    )
    confirm = forms.BooleanField(
        label=_("Graduate although the rules do not support it"), required=False
    )
    against_rules_reason = forms.CharField(
        label=_("Reason for deciding against the rules"), required=False, max_length=300
    )

    def __init__(self, *args, review, next_carriers, leases, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["next_carrier"].queryset = next_carriers
        if not next_carriers.exists():
            del self.fields["next_carrier"], self.fields["next_agreement_number"]
        if not leases:
            del self.fields["end_lease"]
        if review.verdict == "met":
            del self.fields["confirm"], self.fields["against_rules_reason"]

    #: Which fields stand together.
    DECISION = ("decision", "opinion")
    GRADUATION = ("graduates_on", "destination", "destination_note", "end_lease")
    NEXT = ("next_carrier", "next_agreement_number")
    AGAINST = ("confirm", "against_rules_reason")

    def _fields(self, names):
        return [self[name] for name in names if name in self.fields]

    @property
    def decision_fields(self):
        return self._fields(self.DECISION)

    @property
    def graduation_fields(self):
        return self._fields(self.GRADUATION)

    @property
    def next_fields(self):
        return self._fields(self.NEXT)

    @property
    def against_fields(self):
        return self._fields(self.AGAINST)

    def clean(self):
        values = super().clean()
        if values.get("decision") != Decision.GRADUATE:
            return values
        if not values.get("graduates_on") and "graduates_on" not in self.errors:
            self.add_error("graduates_on", _("Say from which day on the firm has graduated."))
        if not values.get("destination") and not values.get("next_carrier"):
            self.add_error("destination", _("Say where the firm goes, be it “not known”."))
        if values.get("next_carrier") and not values.get("next_agreement_number"):
            self.add_error("next_agreement_number", _("The new agreement needs a number."))
        if "confirm" in self.fields:
            if not values.get("confirm"):
                self.add_error("confirm", _("Confirm it, or do not graduate the firm yet."))
            if not values.get("against_rules_reason"):
                self.add_error("against_rules_reason", _("Give the reason."))
        return values

    def terms(self) -> dict:
        """What ``decide_review`` is told."""
        values = dict(self.cleaned_data)
        values.pop("confirm", None)
        if values["decision"] != Decision.GRADUATE:
            return {"decision": values["decision"], "opinion": values["opinion"]}
        return values


class RevokeForm(ReasonForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, required=True, **kwargs)
        self.fields["reason"].max_length = 300
        self.fields["reason"].widget.attrs["maxlength"] = 300
        self.fields["reason"].help_text = _("Kept with the review for good.")


class ConsentForm(ReasonForm):
    day = date_field(_("Consent given on"))
    field_order = ["day", "reason"]


class FollowUpForm(forms.Form):
    """What is known; everything may stay empty except the day."""

    recorded_on = date_field(_("Recorded on"))
    in_existence = forms.NullBooleanField(
        label=_("Still in existence"), required=False,
        widget=forms.Select(choices=[("", _("not known")), ("true", _("yes")), ("false", _("no"))]),
    )  # fmt: skip
    place = forms.ChoiceField(
        label=_("Where it is"),
        required=False,
        choices=[("", _("not known")), *FollowUp.Place.choices],
    )
    jobs = forms.IntegerField(label=_("Jobs"), required=False, min_value=0, max_value=1_000_000)
    revenue = forms.DecimalField(
        label=_("Revenue of the year (yuan)"), required=False, min_value=0, max_digits=16,
        decimal_places=2,
    )  # fmt: skip
    source = forms.CharField(
        label=_("Source"), required=False, max_length=200,
        help_text=_("Who said so, or which register."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason for the correction"), required=False, max_length=200)

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["recorded_on"].validators.append(MaxValueValidator(today))


class OpenForm(ReasonForm):
    """Which residencies are reviewed, as of which day, by which version of the rules."""

    day = forms.DateField(
        label=_("Day of the evidence"), validators=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    rule_set = forms.ModelChoiceField(
        RuleSet.objects.none(), label=_("Rules"), required=False,
        empty_label=_("those in force for the stage"),
    )  # fmt: skip
    field_order = ["day", "rule_set", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rule_set"].queryset = graduation_rule_sets()
        self.fields["rule_set"].label_from_instance = lambda one: f"{one.name} v{one.version}"
