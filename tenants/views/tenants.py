"""Tenants: list, one tenant, new and corrected; and the audit trail."""

from itertools import islice

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy
from django.views.generic import TemplateView

from parks.audit import broken_links, record
from parks.days import day_of
from parks.models import AuditEntry, Park
from parks.templatetags.space import m2, masked
from tenants import forms
from tenants import services as letting
from tenants.filters import AuditFilter, TenantFilter
from tenants.models import Hold, Lease, LeaseLine, Tenant
from tenants.selectors.facts import remarks, year_table
from tenants.selectors.growth import growth_of
from tenants.trail import ACTIONS, DOORS, prepared, tell_history, trail_of_tenant
from tenants.views.base import EXPORT_ROWS, ActView, RowsView, export
from tenants.views.lists import Column

#: Faults of the chain that the page names.
MOST_BROKEN_SHOWN = 20


class TenantList(RowsView):
    """Tenants of the day; telephones stay masked unless an export with a reason asks for them."""

    permission_required = "parks.view_park"
    template_name = "tenants/tenant_list.html"
    filter_class = TenantFilter
    orders = ("name", "uscc", "area", "founded_on", "field")
    default_order = ("name", "pk")
    columns = (
        Column(gettext_lazy("name"), "name", order="name",
               link=lambda tenant: reverse("tenants:tenant-detail", args=[tenant.pk])),
        Column(gettext_lazy("kind"), "get_kind_display"),
        Column(gettext_lazy("unified social credit code"), "uscc", order="uscc"),
        Column(gettext_lazy("chain"), "get_chain_display"),
        Column(gettext_lazy("field"), "field", order="field", shown=False),
        Column(gettext_lazy("industry code"), "industry_code", shown=False),
        Column(gettext_lazy("founded on"), "founded_on", order="founded_on"),
        Column(gettext_lazy("contact"), "contact_name", shown=False),
        Column(gettext_lazy("telephone"), lambda tenant: masked(tenant.contact_phone),
               name="contact_phone"),
        Column(gettext_lazy("area let on the day (m²)"), "area", order="area", num=True, key=True),
    )  # fmt: skip

    def rows(self, on):
        user = self.request.user
        return Tenant.objects.visible_to(user).standing().with_area(on, user)

    def totals(self):
        return {"area": m2(self.object_list.order_by().aggregate(total=Sum("area"))["total"])}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, reason_error=getattr(self, "reason_error", ""))

    def post(self, request, *args, **kwargs):
        if request.POST.get("act") != "personal":
            return super().post(request, *args, **kwargs)
        if not request.user.has_perm("tenants.view_personal"):
            raise PermissionDenied
        self.object_list = self.get_queryset()
        reason = " ".join(request.POST.get("reason", "").split())[:500]
        if not reason:
            self.reason_error = gettext("Say what the telephone numbers are needed for.")
            return self.render_to_response(self.get_context_data())
        rows = list(self.object_list[:EXPORT_ROWS])
        record("export_personal", request.user, by=request.user, reason=reason,
               after={"page": request.get_full_path(), "rows": len(rows)})  # fmt: skip
        columns = [
            (one.heading, (lambda tenant: tenant.contact_phone)
             if one.name == "contact_phone" else one.value)
            for one in self.shown_columns
        ]  # fmt: skip
        return export(rows, columns, "xlsx", self.on)


class TenantDetail(PermissionRequiredMixin, TemplateView):
    """Everything known about a tenant; a startup reads its own."""

    permission_required = "tenants.view_tenant"
    template_name = "tenants/tenant_detail.html"
    #: Telephones and addresses in full; only ``TenantPersonal`` says so.
    revealed = False

    def get(self, request, *args, **kwargs):
        if self.tenant.merged_into_id:
            messages.info(
                request,
                gettext("%(name)s was merged into this tenant.") % {"name": self.tenant.name},
            )
            return redirect("tenants:tenant-detail", self.tenant.merged_into_id)
        return super().get(request, *args, **kwargs)

    @cached_property
    def tenant(self):
        return get_object_or_404(Tenant.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        user, on, tenant = self.request.user, day_of(self.request), self.tenant
        lines = LeaseLine.objects.visible_to(user).binding().active_on(on)
        leases = Lease.objects.visible_to(user).with_state(on).with_area().filter(tenant=tenant)
        staff = user.has_perm("parks.view_park")
        years, figures = year_table(tenant.year_figures.select_related("document"))
        qualifications = list(tenant.qualifications.select_related("document"))
        growth = growth_of(tenant, on)
        tell_history(years, qualifications, *growth.rows())
        visits = tenant.visits.prefetch_related("problems").filter(on__lte=on) if staff else None
        return super().get_context_data(
            **kwargs, tenant=tenant, revealed=self.revealed,
            lines=lines.filter(lease__tenant=tenant).select_related(
                "unit__floor__building__park", "lease"
            ),
            leases=leases.select_related("park", "tenant").defer("park__boundary"),
            holds=Hold.objects.visible_to(user).filter(tenant=tenant).select_related("unit"),
            former=tenant.former_names.all(), people=tenant.people.all(),
            qualifications=[
                (one, one.start <= on and (one.end is None or on < one.end))
                for one in qualifications
            ],
            growth=growth,
            years=[(one, remarks(one)) for one in years], figures=figures,
            handed_in=any(one.handed_in_on for one in years), visits=visits,
            documents=tenant.documents.kept().select_related("by"),
            staff=staff, trail=trail_of_tenant(tenant, user),
        )  # fmt: skip


class TenantPersonal(TenantDetail):
    """Telephones and addresses of a tenant in full: asked for by a click, written in the trail."""

    permission_required = ("tenants.view_tenant", "tenants.view_personal")
    http_method_names = ["post"]
    revealed = True

    def get_template_names(self):
        return ["tenants/_people.html"] if self.request.htmx else [self.template_name]

    def post(self, request, *args, **kwargs):
        record("view_personal", self.tenant, by=request.user, park=self.tenant.home_park, after={})
        return self.render_to_response(self.get_context_data())


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
    choosable = False
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
