"""Fundings, intellectual property, mergers and listings: lists, and the acts on them."""

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy

from parks.templatetags.space import money
from tenants import fact_forms as shapes
from tenants import forms
from tenants import services as letting
from tenants.filters import CorporateEventFilter, FundingFilter, IntellectualPropertyFilter
from tenants.models import CorporateEvent, Funding, IntellectualProperty
from tenants.views.base import RowsView, last_day, last_day_to_end
from tenants.views.facts import FactAct, Proven, TenantAct
from tenants.views.lists import Column


class FundingNew(Proven, TenantAct):
    title = gettext_lazy("Add a funding")
    form_class = shapes.FundingForm

    def keep(self, **values):
        letting.record_funding(tenant=self.tenant, by=self.request.user, **values)


class FundingEdit(Proven, FactAct):
    model = Funding
    title = gettext_lazy("Correct a funding")
    form_class = shapes.FundingForm

    def keep(self, **values):
        letting.correct_funding(funding=self.fact, by=self.request.user, **values)


class _Remove(FactAct):
    done = gettext_lazy("Removed.")
    danger = True
    form_class = forms.ReasonForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"required": True}

    def consequences(self):
        return [str(self.fact)]


class FundingRemove(_Remove):
    model = Funding
    title = gettext_lazy("Remove a funding")

    def act(self, *, reason):
        letting.remove_funding(funding=self.fact, by=self.request.user, reason=reason)
        return self.back()


class IntellectualPropertyNew(Proven, TenantAct):
    title = gettext_lazy("Add intellectual property")
    form_class = shapes.IntellectualPropertyForm

    def keep(self, *, last_day, **values):
        letting.record_intellectual_property(
            tenant=self.tenant, by=self.request.user, end=last_day_to_end(last_day), **values
        )


class IntellectualPropertyEdit(Proven, FactAct):
    model = IntellectualProperty
    title = gettext_lazy("Correct intellectual property")
    form_class = shapes.IntellectualPropertyForm

    def get_initial(self):
        return {"last_day": shapes.last_day_of(self.fact.end)}

    def keep(self, *, last_day, **values):
        letting.correct_intellectual_property(
            intellectual_property=self.fact, by=self.request.user, end=last_day_to_end(last_day),
            **values,
        )  # fmt: skip


class IntellectualPropertyRemove(_Remove):
    model = IntellectualProperty
    title = gettext_lazy("Remove intellectual property")

    def act(self, *, reason):
        letting.remove_intellectual_property(
            intellectual_property=self.fact, by=self.request.user, reason=reason
        )
        return self.back()


class CorporateEventNew(Proven, TenantAct):
    title = gettext_lazy("Add a merger or listing")
    form_class = shapes.CorporateEventForm

    def keep(self, **values):
        letting.record_corporate_event(tenant=self.tenant, by=self.request.user, **values)


class CorporateEventEdit(Proven, FactAct):
    model = CorporateEvent
    title = gettext_lazy("Correct a merger or listing")
    form_class = shapes.CorporateEventForm

    def keep(self, **values):
        letting.correct_corporate_event(
            corporate_event=self.fact, by=self.request.user, **values
        )  # fmt: skip


class CorporateEventRemove(_Remove):
    model = CorporateEvent
    title = gettext_lazy("Remove a merger or listing")

    def act(self, *, reason):
        letting.remove_corporate_event(
            corporate_event=self.fact, by=self.request.user, reason=reason
        )
        return self.back()


FUNDING_ACTS = [("edit", FundingEdit), ("remove", FundingRemove)]
IP_ACTS = [("edit", IntellectualPropertyEdit), ("remove", IntellectualPropertyRemove)]
CORPORATE_ACTS = [("edit", CorporateEventEdit), ("remove", CorporateEventRemove)]

TENANT = Column(
    gettext_lazy("tenant"), "tenant__name", order="tenant__name",
    link=lambda row: reverse("tenants:tenant-detail", args=[row.tenant_id]),
)  # fmt: skip
PROOF = (
    Column(gettext_lazy("number of the proof"), "number"),
    Column(
        gettext_lazy("file"), "document__name", order="",
        link=lambda row: row.document_id and reverse("tenants:document-file", args=[row.document_id]),
    ),
    Column(gettext_lazy("note"), "note", shown=False),
)  # fmt: skip


class _FactList(RowsView):
    permission_required = "parks.view_park"
    template_name = "tenants/growth_list.html"
    model = None
    title = lead = ""

    def rows(self, on):
        rows = self.model.objects.visible_to(self.request.user)
        return rows.select_related("tenant", "document")


class FundingList(_FactList):
    """Money that came by the day."""

    model = Funding
    title = gettext_lazy("Fundings")
    lead = gettext_lazy("Money that came to tenants by the day")
    filter_class = FundingFilter
    orders = ("on", "amount", "tenant__name")
    default_order = ("-on", "-pk")
    columns = (
        TENANT,
        Column(gettext_lazy("day"), "on", order="on", key=True),
        Column(gettext_lazy("kind"), "get_kind_display"),
        Column(gettext_lazy("amount (yuan)"), "amount", order="amount", num=True, key=True),
        Column(gettext_lazy("from whom"), "investor"),
        Column(gettext_lazy("source of the money"), "get_source_display"),
        *PROOF,
    )

    def rows(self, on):
        return super().rows(on).filter(on__lte=on)

    def totals(self):
        total = self.object_list.order_by().aggregate(total=Sum("amount"))["total"]
        return {"amount": money(total)}


class IntellectualPropertyList(_FactList):
    """Rights applied for or granted by the day, with their state on it."""

    model = IntellectualProperty
    title = gettext_lazy("Intellectual property")
    lead = gettext_lazy("Rights applied for or granted by the day, with their state on it")
    filter_class = IntellectualPropertyFilter
    orders = ("title", "applied_on", "granted_on", "end", "tenant__name")
    default_order = ("-applied_on", "-pk")

    @property
    def columns(self):
        return (
            TENANT,
            Column(gettext_lazy("title"), "title", order="title", key=True),
            Column(gettext_lazy("kind"), "get_kind_display"),
            Column(gettext_lazy("state"), lambda row: row.state_on(self.on).label, name="state",
                   key=True),
            Column(gettext_lazy("applied for on"), "applied_on", order="applied_on"),
            Column(gettext_lazy("right granted on"), "granted_on", order="granted_on"),
            Column(gettext_lazy("last day"), last_day("end"), name="end", order="end"),
            *PROOF,
        )  # fmt: skip

    def rows(self, on):
        return super().rows(on).applied_by(on)


class CorporateEventList(_FactList):
    """Mergers, acquisitions, listings and strikings off by the day."""

    model = CorporateEvent
    title = gettext_lazy("Mergers and listings")
    lead = gettext_lazy("What became of firms by the day")
    filter_class = CorporateEventFilter
    orders = ("on", "tenant__name")
    default_order = ("-on", "-pk")
    columns = (
        TENANT,
        Column(gettext_lazy("day"), "on", order="on", key=True),
        Column(gettext_lazy("kind"), "get_kind_display", key=True),
        Column(gettext_lazy("partner or market"), "partner"),
        *PROOF,
    )

    def rows(self, on):
        return super().rows(on).filter(on__lte=on)
