"""Moving out: the checklist on the lease, its steps, and the list of those still open."""

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parks.models import AuditEntry
from tenants import services as letting
from tenants.forms import DayReasonForm, date_field
from tenants.models import MoveOut
from tenants.services.move_out import STEPS
from tenants.views.base import ActView, RowsView
from tenants.views.lease_acts import LeaseAct

TITLES = {
    "inspect": gettext_lazy("Inspected"), "settle": gettext_lazy("Utilities settled"),
    "return_deposit": gettext_lazy("Deposit back"),
    "move_address": gettext_lazy("Registered address moved out"),
    "vacate": gettext_lazy("Unit vacant"),
}  # fmt: skip


def move_out_steps(lease, user) -> list[dict]:
    """The checklist of a lease, [] without a move-out.

    Each: ``step``, ``title``, ``done_on``, ``by``, ``ready`` (all before it done).
    """
    move_out = MoveOut.objects.visible_to(user).filter(lease=lease).first()
    if move_out is None:
        return []
    names = dict(AuditEntry.objects.about(move_out).values_list("action", "actor_name"))
    by = names.get("record_move_out", "")
    steps = [{"step": "", "title": _("Surrender asked"), "done_on": move_out.asked_on,
              "by": names.get("ask_surrender", by), "move_out": move_out}]  # fmt: skip
    for step, (column, needed) in STEPS.items():
        done = getattr(move_out, column)
        steps.append({
            "step": step, "title": TITLES[step], "done_on": done, "by": names.get(step, by) if done else "",
            "url": f"tenants:move-out-{step.replace('_', '-')}", "move_out": move_out,
            "ready": not done and all(getattr(move_out, name) for name in needed),
        })  # fmt: skip
    return steps


class AskForm(DayReasonForm):
    day = date_field(gettext_lazy("Surrender asked on"))
    leaves_on = date_field(
        gettext_lazy("Wants to leave on"), required=False,
        help_text=gettext_lazy("The first day without the tenant."),
    )  # fmt: skip
    field_order = ["day", "leaves_on", "reason"]


class InspectForm(DayReasonForm):
    inspection = forms.CharField(
        label=gettext_lazy("What the inspection found"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


class DepositForm(DayReasonForm):
    deposit_kept = forms.DecimalField(
        label=gettext_lazy("Kept of the deposit (yuan)"), min_value=0, max_digits=14,
        decimal_places=2, initial=0,
    )  # fmt: skip
    deposit_kept_for = forms.CharField(
        label=gettext_lazy("Kept for"), required=False, max_length=200
    )


class AskSurrender(LeaseAct):
    permission_required = "tenants.terminate_lease"
    title = gettext_lazy("Surrender asked")
    form_class = AskForm

    def get_initial(self):
        return {"day": self.today}

    def consequences(self):
        return [_("The move-out begins. The lease runs on until it is ended on the day wished.")]

    def act(self, *, day, leaves_on, reason):
        lease = self.lease
        letting.ask_surrender(
            lease=lease, on=day, leaves_on=leaves_on, today=self.today, by=self.request.user,
            reason=reason,
        )  # fmt: skip
        if leaves_on and lease.start <= leaves_on < (lease.terminated_on or lease.end):
            address = reverse("tenants:lease-terminate", args=[lease.pk])
            return f"{address}?day={leaves_on}"
        return self.back()


class MoveOutStep(ActView):
    permission_required = "tenants.terminate_lease"
    form_class = DayReasonForm
    step = ""

    @property
    def title(self):
        return TITLES[self.step]

    @cached_property
    def move_out(self):
        rows = MoveOut.objects.visible_to(self.request.user)
        rows = rows.select_related("lease__tenant", "lease__park")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_initial(self):
        return {"day": self.today}

    def get_context_data(self, **kwargs):
        lease = self.move_out.lease
        subject = f"{lease.number} · {lease.tenant}"
        return super().get_context_data(**kwargs, subject=subject, park=lease.park)

    def back(self):
        return reverse("tenants:lease-detail", args=[self.move_out.lease_id])

    def act(self, *, day, **values):
        letting.take_step(
            move_out=self.move_out, step=self.step, on=day, today=self.today,
            by=self.request.user, **values,
        )  # fmt: skip
        return self.back()


class Inspect(MoveOutStep):
    step, form_class = "inspect", InspectForm


class Settle(MoveOutStep):
    step = "settle"


class ReturnDeposit(MoveOutStep):
    step, form_class = "return_deposit", DepositForm

    def consequences(self):
        return [_("The deposit is %(deposit)s yuan; what is not kept goes back.") % {
            "deposit": self.move_out.lease.deposit
        }]  # fmt: skip


class MoveAddress(MoveOutStep):
    step = "move_address"


class Vacate(MoveOutStep):
    step = "vacate"


ACTS = [
    ("inspect", Inspect), ("settle", Settle), ("return-deposit", ReturnDeposit),
    ("move-address", MoveAddress), ("vacate", Vacate),
]  # fmt: skip


def next_step(move_out) -> str:
    """The title of the first step not done, "" when all are."""
    for step, (column, _needed) in STEPS.items():
        if not getattr(move_out, column):
            return str(TITLES[step])
    return ""


class MoveOutList(RowsView):
    """Move-outs under way: what comes next, and deposits not yet back."""

    permission_required = "parks.view_park"
    template_name = "tenants/move_out_list.html"
    orders = ("asked_on", "leaves_on", "lease__number")
    default_order = ("asked_on", "pk")
    columns = (
        (gettext_lazy("park"), "lease__park__name"),
        (gettext_lazy("lease"), "lease__number"),
        (gettext_lazy("tenant"), "lease__tenant__name"),
        (gettext_lazy("surrender asked"), "asked_on"),
        (gettext_lazy("wants to leave on"), "leaves_on"),
        (gettext_lazy("next step"), next_step),
    )

    def rows(self, on):
        rows = MoveOut.objects.visible_to(self.request.user).open()
        return rows.select_related("lease__tenant", "lease__park").defer("lease__park__boundary")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        for row in context["page_obj"]:
            row.next_step = next_step(row)
        return context
