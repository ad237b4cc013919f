"""Duplicates: what may be the same tenant, and the merge with its choices."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from tenants import fact_forms as shapes
from tenants import merging
from tenants import services as letting
from tenants.models import Tenant
from tenants.selectors.duplicates import suggestions
from tenants.services.merging import CHOICES, conflicts, moved
from tenants.views.facts import TenantAct


class Duplicates(PermissionRequiredMixin, TemplateView):
    permission_required = "tenants.merge_tenants"
    template_name = "tenants/duplicates.html"

    def get_context_data(self, **kwargs):
        groups = suggestions(Tenant.objects.visible_to(self.request.user))
        return super().get_context_data(**kwargs, groups=groups)


class MergeTenants(TenantAct):
    """First which record goes, then what stays of each; the record of the address stays."""

    permission_required = "tenants.merge_tenants"
    template_name = "tenants/merge.html"
    title = gettext_lazy("Merge duplicates")
    done = gettext_lazy("The records are one now.")
    danger = True

    @cached_property
    def others(self):
        seen = Tenant.objects.visible_to(self.request.user).standing()
        return seen.exclude(pk=self.tenant.pk)

    @cached_property
    def other(self):
        key = self.request.GET.get("other", "")
        if not (key.isascii() and key.isdigit() and len(key) < 19):
            return None
        return get_object_or_404(self.others, pk=key)

    @cached_property
    def conflicts(self):
        return conflicts(self.tenant, self.other) if self.other else []

    def get_form(self, form_class=None):
        if self.other is None:
            return shapes.OtherForm(
                self.request.POST or None,
                user=self.request.user, tenants=self.others, keep=self.tenant,
            )  # fmt: skip
        form = shapes.merge_form(self.tenant, self.other, CHOICES, self.conflicts)
        return form(**self.get_form_kwargs())

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs, other=self.other, conflicts=self.conflicts)
        return context if self.other else context | {"button": _("Continue"), "danger": False}

    def consequences(self):
        if self.other is None:
            return []
        other = self.other
        return [
            *merging.obstacles(self.tenant, other),
            _("%(name)s goes; this record stays: %(keep)s.")
            % {"name": other.name, "keep": self.tenant.name},
            _("Moved: %(rows)s.")
            % {"rows": "、".join(f"{label} {count}" for label, count in moved(other)) or _("none")},
            _("What this record does not know is filled from the other; the old name finds it."),
            _("This cannot be undone."),
        ]  # fmt: skip

    def form_valid(self, form):
        if self.other is None:
            chosen = form.cleaned_data["other"].pk
            return redirect(f"{self.request.path}?other={chosen}")
        return super().form_valid(form)

    def act(self, *, reason, figures="keep", **choices):
        letting.merge_tenants(
            keep=self.tenant, other=self.other, on=self.today, by=self.request.user, reason=reason,
            take=[name for name, side in choices.items() if side == "other"],
            prefer_other=figures == "other",
        )  # fmt: skip
        return reverse("tenants:tenant-detail", args=[self.tenant.pk])
