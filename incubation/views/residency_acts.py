"""The acts on a residency, each a form that says first what follows."""

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incubation import residency_forms as forms
from incubation import services as incubation
from incubation.guard import watch_carriers
from incubation.models import Residency, Stage
from incubation.services import Move
from incubation.services.residencies import BY_MOVING
from incubation.stay import months_of
from parks.consequences import compare
from parks.errors import InvalidValue
from tenants.models import LeaseLine
from tenants.views.base import ActView


class ResidencyAct(ActView):
    """An act on one residency, answered with its page."""

    permission_required = "incubation.change_residency"

    @cached_property
    def residency(self):
        rows = Residency.objects.visible_to(self.request.user).with_due(self.today)
        rows = rows.select_related("tenant", "carrier__park").defer("carrier__park__boundary")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def page_of(self, residency):
        return reverse("incubation:residency-detail", args=[residency.pk])

    def back(self):
        return self.page_of(self.residency)

    def foreseen(self, act, on) -> list[str]:
        """What ``act()`` would cost the carrier on ``on`` (``parks.consequences``)."""
        watch = watch_carriers([self.residency.carrier_id], on)
        return compare(act, [watch] if watch else [])

    def get_context_data(self, **kwargs):
        row = self.residency
        subject = f"{row.tenant} · {row.carrier} · {row.entered_on} → {row.due}"
        return super().get_context_data(**kwargs, subject=subject, park=row.carrier.park)


class ExtendResidency(ResidencyAct):
    title = gettext_lazy("Extend")
    done = gettext_lazy("The residency is extended.")
    form_class = forms.ExtendForm

    def get_initial(self):
        return {"due_on": self.residency.due + relativedelta(months=12), "decided_on": self.today}

    def consequences(self):
        row = self.residency
        return [
            _("It is due on %(due)s as decided until now; %(months)s months are the rule.")
            % {"due": row.due, "months": months_of(row.carrier.stage, row.special_field)},
            _("Until the new day it counts as incubated; the warnings follow that day."),
        ]

    def act(self, **values):
        incubation.extend_residency(residency=self.residency, by=self.request.user, **values)
        return self.back()


class _MoveOn(ResidencyAct):
    """To another carrier; ``HX-Request`` posts ask only what would follow."""

    template_name = "incubation/residency_enter.html"
    form_class = forms.MoveForm
    advance = False

    @property
    def stage(self):
        """That of the carriers to choose from; "" behind the last one."""
        stage = Stage(self.residency.carrier.stage)
        return (stage.following or "") if self.advance else stage

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {
            "user": self.request.user, "stage": self.stage, "advance": self.advance,
        }  # fmt: skip

    def get_initial(self):
        return {"on_day": self.today, "special_field": self.residency.special_field}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, advance=self.advance)

    def post(self, request, *args, **kwargs):
        if not request.htmx:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.is_valid()
        values = form.cleaned_data
        if not values.get("carrier") or not values.get("on_day"):
            return answer_preview(request, None)
        move = Move(
            self.residency, values["carrier"], values["on_day"],
            values.get("agreement_number") or UNWRITTEN,
            special_field=values.get("special_field"), registered_on=values.get("registered_on"),
        )  # fmt: skip
        return answer_preview(
            request,
            lambda: incubation.preview_move(move, advance=self.advance, by=request.user),
            stays=not self.advance,
        )

    def move(self, values):
        serve = incubation.advance_residency if self.advance else incubation.transfer_residency
        return serve(residency=self.residency, by=self.request.user, **values)

    def costs(self, **values):
        return self.foreseen(lambda: self.move(values), values["on_day"])

    def act(self, **values):
        return self.page_of(self.move(values))


class TransferResidency(_MoveOn):
    title = gettext_lazy("Transfer within the stage")
    button = gettext_lazy("Transfer")
    done = gettext_lazy("Transferred: the residency goes on in the other carrier.")

    def consequences(self):
        return [
            _("The residency here ends on that day and goes on in the other carrier."),
            _("It stays due on %(due)s: a transfer gives no new time.")
            % {"due": self.residency.due},
            _("Leases are not touched; end or move them where the tenant changes its space."),
        ]


class AdvanceResidency(_MoveOn):
    title = gettext_lazy("Go on to the next stage")
    button = gettext_lazy("Go on")
    done = gettext_lazy("The tenant is in the next stage; its time there begins.")
    advance = True

    def consequences(self):
        if not self.stage:
            return [_("This is the last stage; what follows is graduation.")]
        return [
            _("The residency here ends on that day as “went on to the next stage”."),
            _("In the next stage a time of %(months)s months begins.")
            % {"months": months_of(self.stage, self.residency.special_field)},
            _("Leases are not touched; end or move them where the tenant changes its space."),
        ]


class LeaveCarrier(ResidencyAct):
    title = gettext_lazy("Leave")
    done = gettext_lazy("The leaving is recorded.")
    form_class = forms.LeaveForm
    danger = True

    def get_initial(self):
        return {"left_on": self.today}

    def consequences(self):
        found = [
            _("From that day the firm no longer counts as incubated, and its area no longer as "
              "tax-exempt."),
            _("A graduation is no leaving: it is decided in a review, on the evidence."),
        ]  # fmt: skip
        lines = LeaseLine.objects.visible_to(self.request.user).binding().active_on(self.today)
        numbers = lines.filter(lease__tenant=self.residency.tenant_id)
        numbers = sorted(set(numbers.values_list("lease__number", flat=True)))
        if numbers:
            found.append(
                _("Leases go on until they are ended: %(numbers)s.")
                % {"numbers": ", ".join(numbers)}
            )
        return found

    def leave(self, values):
        incubation.leave_carrier(residency=self.residency, by=self.request.user, **values)

    def costs(self, **values):
        return self.foreseen(lambda: self.leave(values), values["left_on"])

    def act(self, **values):
        self.leave(values)
        return self.back()


class ReopenResidency(ResidencyAct):
    title = gettext_lazy("Take the leaving back")
    done = gettext_lazy("The leaving is taken back.")
    form_class = forms.NeededReasonForm

    def consequences(self):
        return [_("The tenant counts as never having left; past days change too.")]

    def act(self, *, reason):
        incubation.reopen_residency(residency=self.residency, by=self.request.user, reason=reason)
        return self.back()


class WithdrawResidency(ResidencyAct):
    title = gettext_lazy("Withdraw the entry")
    done = gettext_lazy("The entry is withdrawn; the audit trail keeps it.")
    form_class = forms.NeededReasonForm
    danger = True

    def consequences(self):
        before = self.residency.previous
        return [
            _("Only for an entry written down by mistake: it counts as never having been."),
            _("The residency in %(carrier)s goes on.") % {"carrier": before.carrier}
            if before and before.outcome in BY_MOVING
            else _("Who was here and leaves is let leave instead."),
        ]

    def act(self, *, reason):
        before = incubation.withdraw_residency(
            residency=self.residency, by=self.request.user, reason=reason
        )
        return self.page_of(before) if before else reverse("incubation:residency-list")


class CorrectResidency(ResidencyAct):
    title = gettext_lazy("Correct")
    button = gettext_lazy("Save")
    done = gettext_lazy("Corrected; the old value stays in the audit trail.")
    form_class = forms.CorrectForm

    def get_initial(self):
        names = [name for name in forms.CorrectForm.base_fields if name != "reason"]
        return {name: getattr(self.residency, name) for name in names}

    def consequences(self):
        return [
            _("Days of entering and leaving are not corrected here; they belong to the acts."),
            _("Another special field moves the first due day."),
        ]

    def act(self, *, reason, **values):
        row = self.residency
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not changed:
            raise InvalidValue(_("Nothing is changed."))
        incubation.correct_residency(residency=row, by=self.request.user, reason=reason, **changed)
        return self.back()


#: Stands for the number while none is typed; a preview keeps nothing.
UNWRITTEN = "…"


def answer_preview(request, preview, *, stays=False):
    """The live part of a form: due day and conditions, or the refusal; nothing without ``preview``."""
    context = {"stays": stays}
    if preview is not None:
        try:
            context["preview"] = preview()
        except ValidationError as refusal:
            context["refusal"] = " ".join(refusal.messages)
    return render(request, "incubation/_entry_preview.html", context)
