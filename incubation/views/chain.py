"""The chain as of a day: how tenants moved, how long they stay, what becomes of them."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django import forms
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.db.models import Count
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from incubation.chain.drawing import curves, sankey
from incubation.chain.flows import MOVEMENTS
from incubation.chain.picture import ChainPicture, ChainScope
from incubation.chain.states import GRADUATED, LEFT, OUTSIDE, STAGES
from incubation.models import Carrier, Residency, Stage
from parks.days import day_of
from parks.models import Park
from tenants.models import Tenant
from tenants.views.base import EXPORT_ROWS, PAGE_SIZE, export, export_sheets

STATE_WORDS = {
    OUTSIDE: gettext_lazy("not yet in the chain"),
    **{stage.value: stage.label for stage in Stage},
    GRADUATED: gettext_lazy("graduated and out"),
    LEFT: gettext_lazy("left otherwise"),
}
MOVEMENT_WORDS = {
    "entered": gettext_lazy("entered"),
    "advanced": gettext_lazy("advanced"),
    "transferred": gettext_lazy("transferred"),
    "graduated": gettext_lazy("graduated"),
    "left": gettext_lazy("left otherwise"),
}
COHORT_WORDS = {
    "entered": gettext_lazy("entered"),
    "incubator": gettext_lazy("reached an incubator"),
    "accelerator": gettext_lazy("reached an accelerator"),
    "graduated": gettext_lazy("graduated"),
    "inside": gettext_lazy("still in"),
    "left": gettext_lazy("left without graduating"),
}
SURVIVAL_WORDS = {
    "alive": gettext_lazy("in existence"),
    "gone": gettext_lazy("gone"),
    "unknown": gettext_lazy("not known"),
}
SINCE_WORDS = {
    "entered": gettext_lazy("of those that entered"),
    "graduated": gettext_lazy("of those that graduated"),
}
#: Parts of those in a stage.
PART_WORDS = {
    "firms": gettext_lazy("incubated firms among them"),
    "late": gettext_lazy("over-stayed among them"),
    "ended": gettext_lazy("stays that ended"),
}
#: Months of stay for which the share still in is told.
STAY_MONTHS = (12, 24, 36, 48, 60)
YEAR = relativedelta(years=1)


class ChainForm(forms.Form):
    """Which residencies the statistics count, and since when."""

    park = forms.ChoiceField(label=gettext_lazy("park"), required=False)
    chain = forms.ChoiceField(
        label=gettext_lazy("chain"), required=False,
        choices=[("", gettext_lazy("All")), *Tenant.Chain.choices],
    )  # fmt: skip
    field = forms.CharField(label=gettext_lazy("field"), required=False, max_length=60)
    since = forms.DateField(
        label=gettext_lazy("period from"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip

    def __init__(self, data, *, user, on):
        self.on = on
        asked = data.copy()
        if not asked.get("since"):
            asked["since"] = str(on - YEAR)
        super().__init__(asked)
        parks = Park.objects.visible_to(user).order_by("code").values_list("code", "name")
        self.fields["park"].choices = [("", _("All")), *parks]

    def clean_since(self):
        since = self.cleaned_data["since"]
        if since >= self.on:
            raise forms.ValidationError(
                _("The period must begin before %(day)s, the day shown.") % {"day": self.on}
            )
        return since

    def scope(self, user) -> ChainScope:
        """What a valid form asks for; the defaults of an invalid one."""
        values = self.cleaned_data if self.is_valid() else {}
        rows = Residency.objects.visible_to(user)
        for name, path in (
            ("park", "carrier__park__code"), ("chain", "tenant__chain"),
            ("field", "tenant__field__icontains"),
        ):  # fmt: skip
            if values.get(name):
                rows = rows.filter(**{path: values[name]})
        return ChainScope(rows, self.on, values.get("since") or self.on - YEAR)


class _OfChain(PermissionRequiredMixin, TemplateView):
    permission_required = "incubation.view_chain"

    @cached_property
    def on(self) -> date:
        return day_of(self.request)

    @cached_property
    def form(self):
        return ChainForm(self.request.GET, user=self.request.user, on=self.on)

    @cached_property
    def picture(self):
        return ChainPicture(self.form.scope(self.request.user))

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs, form=self.form, scope=self.picture.scope, words=STATE_WORDS
        )


class ChainView(_OfChain):
    template_name = "incubation/chain.html"

    def render_to_response(self, context, **kwargs):
        if self.request.GET.get("format") == "xlsx":
            return export_sheets(self.sheets(context), self.on)
        return super().render_to_response(context, **kwargs)

    def sheets(self, shown):
        """The page's tables: title → rows, the heading first."""
        return {
            _("flow"): [
                (_("at the beginning"), _("at the end"), _("tenants")),
                *((STATE_WORDS[s], STATE_WORDS[t], n) for s, t, n in shown["flow_rows"]),
            ],
            _("movements"): [
                ("", *(one["stage"].label for one in shown["stages"])),
                *((MOVEMENT_WORDS[kind], *(n for _stage, n in row)) for kind, row in shown["movements"]),
            ],
            _("years of entry"): [
                (_("year"), *COHORT_WORDS.values()),
                *((year, *(n for _kind, n, _share in row)) for year, row in shown["cohorts"]),
            ],
            _("stays"): [
                (_("stage"), _("stays"), _("ended"), _("median (months)"), *STAY_MONTHS),
                *((stage.label, len(one.tenants), one.ended, one.median, *shares)
                  for stage, one, shares in shown["stays"]),
            ],
            _("destinations"): [
                (_("went to"), _("tenants")), *((p.label, n) for p, n, _s in shown["destinations"]),
            ],
            _("survival"): [
                ("", _("years later"), *SURVIVAL_WORDS.values(), _("survival")),
                *((word, one.years, *(len(ids) for _kind, ids in one.parts), one.share)
                  for _since, word, rows in shown["survival"] for one in rows),
            ],
        }  # fmt: skip

    def get_context_data(self, **kwargs):
        picture, on = self.picture, self.on
        counts = {pair: len(ids) for pair, ids in picture.flows.cells.items()}
        drawn = sankey(counts)
        return super().get_context_data(
            **kwargs, stages=self.stages(), graduated=len(picture.graduated), flow=drawn,
            flow_rows=[(s, t, n) for (s, t), n in counts.items()],
            movements=self.movements(), movement_words=MOVEMENT_WORDS,
            destinations=self.destinations(), cohorts=self.cohorts(), cohort_words=COHORT_WORDS,
            curves=curves(picture.stays), stays=self.stays(), stay_months=STAY_MONTHS,
            survival=[(since, SINCE_WORDS[since], rows) for since, rows in picture.survival.items()],
            survival_words=SURVIVAL_WORDS, on=on,
        )  # fmt: skip

    def stages(self):
        """For each stage: its carriers, tenants inside, firms, and those over-stayed."""
        picture = self.picture
        carriers = Carrier.objects.visible_to(self.request.user).open_on(self.on).order_by()
        if park := self.form.is_valid() and self.form.cleaned_data["park"]:
            carriers = carriers.filter(park__code=park)
        by_stage = dict(carriers.values_list("stage").annotate(Count("pk")))
        return [
            {"stage": stage, "carriers": by_stage.get(stage.value, 0),
             "tenants": len(picture.tenants(f"now:{stage.value}")),
             "firms": len(picture.firms.get(stage.value, ())),
             "late": len(picture.late.get(stage.value, ()))}
            for stage in Stage
        ]  # fmt: skip

    def movements(self):
        found = self.picture.movements
        return [
            (kind, [(stage, len(found.get((kind, stage), ()))) for stage in STAGES])
            for kind in MOVEMENTS
        ]

    def destinations(self):
        found = self.picture.destinations
        total = sum(len(ids) for ids in found.values())
        return [
            (place, len(found[place.value,]), len(found[place.value,]) / total)
            for place in Residency.Destination if (place.value,) in found
        ]  # fmt: skip

    def cohorts(self):
        found = self.picture.cohorts
        years = sorted({year for year, _kind in found})
        return [
            (year, [(kind, len(found[year, kind]),
                     len(found[year, kind]) / len(found[year, "entered"])) for kind in COHORT_WORDS])
            for year in years
        ]  # fmt: skip

    def stays(self):
        return [
            (Stage(stage), one, [one.lasting(months) for months in STAY_MONTHS])
            for stage, one in sorted(self.picture.stays.items(), key=lambda p: Stage(p[0]).rank)
        ]


class ChainRows(_OfChain):
    """The tenants behind one number of the chain's page, each with its way."""

    template_name = "incubation/chain_rows.html"

    @property
    def title(self):
        what, *key = self.request.GET.get("cell", "").split(":")
        words = {
            "cohort": COHORT_WORDS, "movement": STATE_WORDS | MOVEMENT_WORDS,
            "survival": SINCE_WORDS | SURVIVAL_WORDS,
            "destination": {place.value: place.label for place in Residency.Destination},
        }.get(what, STATE_WORDS)  # fmt: skip
        if what in PART_WORDS and key:
            return f"{words.get(key[0], '')} · {PART_WORDS[what]}"
        if what in ("now", "start", "end") and key:
            return str(STATE_WORDS.get(key[0], ""))
        return " → ".join(str(words.get(part, part)) for part in key) or _("Tenants of the chain")

    @cached_property
    def keys(self):
        return self.picture.tenants(self.request.GET.get("cell", "")).tolist()

    def render_to_response(self, context, **kwargs):
        kind = self.request.GET.get("format")
        if kind in ("csv", "xlsx"):
            columns = [
                (_("name"), lambda row: row[0].name), (_("kind"), lambda row: row[0].get_kind_display()),
                (_("unified social credit code"), lambda row: row[0].uscc),
                (_("chain"), lambda row: row[0].get_chain_display()),
                (_("field"), lambda row: row[0].field),
                (_("way"), lambda row: "; ".join(str(step) for step in row[1])),
            ]  # fmt: skip
            return export(self.ways(self.keys[:EXPORT_ROWS]), columns, kind, self.on)
        return super().render_to_response(context, **kwargs)

    def get_context_data(self, **kwargs):
        page = Paginator(self.keys, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            **kwargs, title=self.title, count=len(self.keys), page_obj=page,
            rows=self.ways(page.object_list), on=self.on, back=self.back(),
        )  # fmt: skip

    def back(self):
        query = self.request.GET.copy()
        for name in ("cell", "page", "format"):
            query.pop(name, None)
        return query.urlencode()

    def ways(self, keys):
        """``(tenant, its residencies so far)`` in the order of ``keys``; two queries a thousand."""
        found = []
        for start in range(0, len(keys), 1000):
            part = keys[start : start + 1000]
            tenants = Tenant.objects.in_bulk(part)
            ways = {}
            rows = self.picture.scope.residencies.filter(tenant__in=part, entered_on__lte=self.on)
            for row in rows.select_related("carrier").order_by("entered_on"):
                ways.setdefault(row.tenant_id, []).append(WayStep(row, self.on))
            found += [(tenants[key], ways.get(key, [])) for key in part if key in tenants]
        return found


class WayStep:
    """A residency as one step of a tenant's way, told as known on ``on``."""

    def __init__(self, residency, on):
        self.residency, self.stage = residency, Stage(residency.carrier.stage)
        self.left = residency.left_on if residency.left_on and residency.left_on <= on else None
        self.outcome = residency.get_outcome_display() if self.left else ""

    def __str__(self):
        words = f"{self.stage.label} {self.residency.carrier.name} {self.residency.entered_on}"
        return f"{words} – {self.left} {self.outcome}" if self.left else words
