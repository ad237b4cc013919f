"""Who says to belong to a firm that is known: the staff's list, and their decisions."""

from django.contrib.auth.models import User
from django.db.models import F
from django.forms import Form
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parks.templatetags.space import masked
from tenants import services as letting
from tenants.account_forms import RefuseForm
from tenants.models import Tenant, TenantClaim
from tenants.views.base import ActView, RowsView
from tenants.views.lists import Column


def decision(claim) -> str:
    if claim.decided_at is None:
        return _("waiting")
    return _("confirmed") if claim.accepted else _("refused")


def _decision_page(claim) -> str:
    return reverse("tenants:claim-accept", args=[claim.pk]) if claim.decided_at is None else ""


def _to_decide(claim) -> str:
    return _("confirm or refuse") if claim.decided_at is None else decision(claim)


class ClaimList(RowsView):
    """Those that wait first."""

    permission_required = "tenants.confirm_claim"
    template_name = "tenants/claim_list.html"
    orders = ("made_at",)
    default_order = (F("decided_at").desc(nulls_first=True), "made_at", "pk")
    columns = (
        Column(gettext_lazy("person"), lambda claim: claim.user.get_full_name() or claim.user.username,
               link=_decision_page),
        Column(gettext_lazy("e-mail address"), lambda claim: masked(claim.user.email)),
        Column(gettext_lazy("tenant"), "tenant__name", key=True,
               link=lambda claim: reverse("tenants:tenant-detail", args=[claim.tenant_id])),
        Column(gettext_lazy("note"), "note"),
        Column(gettext_lazy("claimed"), lambda claim: f"{localtime(claim.made_at):%Y-%m-%d}",
               order="made_at"),
        Column(gettext_lazy("decision"), decision, key=True, link=_decision_page, cell=_to_decide),
        Column(gettext_lazy("reason"), "reason"),
    )  # fmt: skip

    def rows(self, on):
        rows = TenantClaim.objects.visible_to(self.request.user)
        return rows.select_related("user", "tenant")


class _Decide(ActView):
    permission_required = "tenants.confirm_claim"
    template_name = "tenants/claim_decide.html"
    accept = True

    @cached_property
    def claim(self):
        rows = TenantClaim.objects.visible_to(self.request.user).select_related("user", "tenant")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs, claim=self.claim, accept=self.accept, subject=self.claim.tenant.name,
            members=self.claim.tenant.users.filter(is_active=True).count(),
        )  # fmt: skip

    def act(self, reason=""):
        letting.decide_claim(
            claim=self.claim, accept=self.accept, reason=reason, by=self.request.user,
            at=timezone.now(),
        )  # fmt: skip
        return self.back()

    def back(self):
        return reverse("tenants:claim-list")


class AcceptClaim(_Decide):
    title = gettext_lazy("Confirm the membership")
    done = gettext_lazy("The person belongs to the firm now and was told so.")
    form_class = Form

    def consequences(self):
        return [
            _("The person sees and does all that the firm may: leases, rents, applications, figures."),
            _("Confirm only whom you know or have asked at the firm, not who merely knows its code."),
        ]  # fmt: skip


class RefuseClaim(_Decide):
    title = gettext_lazy("Refuse the membership")
    done = gettext_lazy("Refused; the person was told why.")
    form_class = RefuseForm
    accept = False
    danger = True


class RemoveMember(ActView):
    """The counterpart of confirming: one who should not act for a tenant no longer does."""

    permission_required = "tenants.confirm_claim"
    title = gettext_lazy("End the membership")
    done = gettext_lazy("The membership is ended; the person was told why.")
    form_class = RefuseForm
    danger = True

    @cached_property
    def tenant(self):
        return get_object_or_404(Tenant.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    @cached_property
    def member(self):
        return get_object_or_404(User.objects.filter(tenants=self.tenant), pk=self.kwargs["user"])

    def get_context_data(self, **kwargs):
        who = self.member.get_full_name() or self.member.username
        return super().get_context_data(**kwargs, subject=f"{self.tenant.name} · {who}")

    def act(self, *, reason):
        letting.remove_member(
            tenant=self.tenant, user=self.member, by=self.request.user, at=timezone.now(),
            reason=reason,
        )  # fmt: skip
        return self.back()

    def back(self):
        return reverse("tenants:tenant-detail", args=[self.kwargs["pk"]])
