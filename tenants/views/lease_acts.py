"""The acts on a lease, each a form that says first what follows."""

from datetime import date, timedelta

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parks.consequences import foresee
from parks.models import Unit
from tenants import forms, lease_forms
from tenants import services as letting
from tenants.models import Lease
from tenants.views.base import ActView, last_day_to_end


class LeaseAct(ActView):
    """An act on one lease, answered with the lease's page."""

    @cached_property
    def lease(self):
        leases = Lease.objects.visible_to(self.request.user).select_related("tenant", "park")
        return get_object_or_404(leases, pk=self.kwargs["pk"])

    def back(self):
        return reverse("tenants:lease-detail", args=[self.kwargs["pk"]])

    def foreseen(self, on, values):
        """What the act on the lease's units would cost elsewhere from ``on``."""
        units = Unit.objects.filter(lease_lines__lease=self.lease)
        return foresee(lambda: self.act(**values), units=units, on=on)

    def get_context_data(self, **kwargs):
        lease = self.lease
        subject = (
            f"{lease.number} · {lease.tenant} · {lease.start} – {lease.end - timedelta(days=1)}"
        )
        return super().get_context_data(**kwargs, subject=subject, park=lease.park)


class SubmitLease(LeaseAct):
    permission_required = "tenants.draft_lease"
    title = gettext_lazy("Hand in for approval")
    form_class = forms.ReasonForm

    def act(self, *, reason):
        letting.submit_lease(lease=self.lease, on=self.today, by=self.request.user, reason=reason)
        return self.back()


class RejectLease(LeaseAct):
    permission_required = "tenants.sign_lease"
    title = gettext_lazy("Reject")
    form_class = forms.ReasonForm
    danger = True

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"required": True}

    def act(self, *, reason):
        letting.reject_lease(lease=self.lease, on=self.today, by=self.request.user, reason=reason)
        return self.back()


class SignLease(LeaseAct):
    permission_required = "tenants.sign_lease"
    title = gettext_lazy("Sign")
    done = gettext_lazy("The lease is signed and binding.")
    form_class = forms.DayReasonForm

    def get_initial(self):
        return {"day": self.today}

    def consequences(self):
        units = ", ".join(line.unit.number for line in self.lease.lines.select_related("unit"))
        found = [_("Nobody else can have %(units)s on these days any more.") % {"units": units}]
        if self.lease.kind == Lease.Kind.AMENDMENT and self.lease.previous:
            found.append(
                _("Lease %(number)s ends on %(day)s and gives way to this one.")
                % {"number": self.lease.previous.number, "day": self.lease.start}
            )
        return found

    def act(self, *, day, reason):
        letting.sign_lease(
            lease=self.lease,
            signed_on=day,
            signed_by=self.request.user,
            today=self.today,
            reason=reason,
        )
        return self.back()


class HandOverLease(LeaseAct):
    permission_required = "tenants.sign_lease"
    title = gettext_lazy("Hand over")
    done = gettext_lazy("Handed over: the units count as let and rent runs.")
    form_class = forms.DayReasonForm

    def get_initial(self):
        return {"day": self.today}

    def act(self, *, day, reason):
        letting.hand_over_lease(lease=self.lease, on=day, by=self.request.user, reason=reason)
        return self.back()


class TerminateLease(LeaseAct):
    permission_required = "tenants.terminate_lease"
    title = gettext_lazy("End early")
    done = gettext_lazy("The lease ends early; its units are free from that day.")
    form_class = forms.DayReasonForm
    danger = True

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"required": True}

    def get_initial(self):
        try:
            wished = date.fromisoformat(self.request.GET.get("day", ""))
        except ValueError:
            wished = None
        return {"day": wished or self.today + timedelta(days=1)}

    def consequences(self):
        return [_("The day is the first one the lease no longer covers; from then on its units are "
                  "vacant.")]  # fmt: skip

    def costs(self, **values):
        return self.foreseen(values["day"], values)

    def act(self, *, day, reason):
        letting.terminate_lease(lease=self.lease, on=day, by=self.request.user, reason=reason)
        return self.back()


class VoidLease(LeaseAct):
    permission_required = "tenants.terminate_lease"
    title = gettext_lazy("Declare void")
    done = gettext_lazy("The lease is void.")
    form_class = forms.ReasonForm
    danger = True

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"required": True}

    def consequences(self):
        return [_("A void lease counts as never having bound anyone: past days change too.")]

    def costs(self, **values):
        return self.foreseen(self.today, values)

    def act(self, *, reason):
        letting.void_lease(lease=self.lease, on=self.today, by=self.request.user, reason=reason)
        return self.back()


class RenewLease(LeaseAct):
    permission_required = "tenants.draft_lease"
    title = gettext_lazy("Renew")
    done = gettext_lazy("The renewal is drafted: check and sign it.")
    form_class = lease_forms.RenewForm

    def get_initial(self):
        ends = self.lease.terminated_on or self.lease.end
        return {"last_day": ends + (self.lease.end - self.lease.start) - timedelta(days=1)}

    def act(self, *, last_day, number, reason):
        new = letting.renew_lease(
            lease=self.lease, end=last_day_to_end(last_day), number=number, by=self.request.user,
            reason=reason,
        )  # fmt: skip
        return reverse("tenants:lease-detail", args=[new.pk])


class AmendLease(LeaseAct):
    permission_required = "tenants.draft_lease"
    title = gettext_lazy("Amend")
    done = gettext_lazy("The amendment is drafted: change its terms, then sign it.")
    form_class = lease_forms.AmendForm

    def get_initial(self):
        return {"effective_on": self.today, "last_day": self.lease.end - timedelta(days=1)}

    def act(self, *, effective_on, last_day, number, reason):
        new = letting.amend_lease(
            lease=self.lease, effective_on=effective_on, end=last_day_to_end(last_day),
            number=number, by=self.request.user, reason=reason,
        )  # fmt: skip
        return reverse("tenants:lease-edit", args=[new.pk])
