"""Tenants: list, one tenant, new and corrected; and the audit trail."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import OuterRef, Subquery, Sum
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from parks.days import day_of
from parks.models import AuditEntry, Park
from tenants import forms
from tenants import services as letting
from tenants.filters import TenantFilter
from tenants.models import Hold, Lease, LeaseLine, Tenant
from tenants.trail import prepared, trail_of
from tenants.views.base import ActView, RowsView


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
    default_order = ("-sequence",)

    def rows(self, on):
        entries = AuditEntry.objects.visible_to(self.request.user)
        text = self.request.GET.get("q", "").strip()
        if text and "\x00" not in text:
            entries = entries.filter(object_name__icontains=text) | entries.filter(
                actor_name__icontains=text
            )
        return entries

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"trail": prepared(context["page_obj"].object_list)}
