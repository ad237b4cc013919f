"""Tenants: list, one tenant, new and corrected; and the audit trail."""

from itertools import islice

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import OuterRef, Subquery, Sum
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from parks.audit import broken_links
from parks.days import day_of
from parks.models import AuditEntry, Park
from tenants import forms
from tenants import services as letting
from tenants.filters import AuditFilter, TenantFilter
from tenants.models import Hold, Lease, LeaseLine, Tenant
from tenants.trail import ACTIONS, DOORS, prepared, trail_of
from tenants.views.base import ActView, RowsView

#: Faults of the chain that the page names.
MOST_BROKEN_SHOWN = 20


class TenantList(RowsView):
    permission_required = "parks.view_park"
    template_name = "tenants/tenant_list.html"
    filter_class = TenantFilter
    orders = ("name", "uscc", "area", "founded_on")
    default_order = ("name", "pk")
    columns = (
        (gettext_lazy("name"), "name"),
        (gettext_lazy("kind"), "get_kind_display"),
        (gettext_lazy("unified social credit code"), "uscc"),
        (gettext_lazy("chain"), "get_chain_display"),
        (gettext_lazy("founded on"), "founded_on"),
        (gettext_lazy("area let on the day (m²)"), "area"),
    )

    def rows(self, on):
        user = self.request.user
        lines = LeaseLine.objects.visible_to(user).binding().active_on(on).order_by()
        let = lines.filter(lease__tenant=OuterRef("pk")).values("lease__tenant")
        area = Subquery(let.annotate(total=Sum("area_m2")).values("total"))
        return Tenant.objects.visible_to(user).annotate(area=area)


class TenantDetail(PermissionRequiredMixin, TemplateView):
    permission_required = "parks.view_park"
    template_name = "tenants/tenant_detail.html"

    def get_context_data(self, **kwargs):
        user, on = self.request.user, day_of(self.request)
        tenant = get_object_or_404(Tenant.objects.visible_to(user), pk=self.kwargs["pk"])
        lines = LeaseLine.objects.visible_to(user).binding().active_on(on)
        leases = Lease.objects.visible_to(user).with_state(on).with_area().filter(tenant=tenant)
        return super().get_context_data(
            **kwargs, tenant=tenant,
            lines=lines.filter(lease__tenant=tenant).select_related(
                "unit__floor__building__park", "lease"
            ),
            leases=leases.select_related("park").defer("park__boundary"),
            holds=Hold.objects.visible_to(user).filter(tenant=tenant).select_related("unit"),
            trail=trail_of(tenant, user),
        )  # fmt: skip


class TenantNew(ActView):
    permission_required = "tenants.change_tenant"
    title = gettext_lazy("New tenant")
    done = gettext_lazy("The tenant is saved.")
    form_class = forms.TenantForm

    def back(self):
        return reverse("tenants:tenant-list")

    def act(self, **fields):
        park = Park.objects.visible_to(self.request.user).defer("boundary").first()
        tenant = letting.create_tenant(home_park=park, by=self.request.user, **fields)
        return reverse("tenants:tenant-detail", args=[tenant.pk])


class TenantEdit(ActView):
    permission_required = "tenants.change_tenant"
    title = gettext_lazy("Correct")
    done = gettext_lazy("The tenant is saved.")
    form_class = forms.TenantForm

    @cached_property
    def tenant(self):
        return get_object_or_404(Tenant.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.tenant}

    def back(self):
        return reverse("tenants:tenant-detail", args=[self.kwargs["pk"]])

    def act(self, **fields):
        fresh = Tenant.objects.get(pk=self.tenant.pk)
        letting.correct_tenant(tenant=fresh, by=self.request.user, **fields)
        return self.back()


class AuditList(RowsView):
    permission_required = "parks.view_audit"
    template_name = "tenants/audit_list.html"
    filter_class = AuditFilter
    default_order = ("-sequence",)
    columns = (
        (gettext_lazy("when"), lambda entry: f"{localtime(entry.at):%Y-%m-%d %H:%M:%S}"),
        (gettext_lazy("who"), "actor_name"),
        (gettext_lazy("act"), lambda entry: str(ACTIONS.get(entry.action, entry.action))),
        (gettext_lazy("object"), "object_name"),
        (gettext_lazy("door"), lambda entry: str(DOORS.get(entry.door, entry.door))),
        (gettext_lazy("reason"), "reason"),
    )

    def rows(self, on):
        return AuditEntry.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        checked = "check" in self.request.GET
        # The whole chain is read for this, so only when asked.
        broken = list(islice(broken_links(), MOST_BROKEN_SHOWN)) if checked else []
        return context | {
            "trail": prepared(context["page_obj"].object_list), "checked": checked, "broken": broken,
        }  # fmt: skip
