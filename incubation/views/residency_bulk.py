"""Many residencies at once: chosen in a list, seen before and after, all or none."""

from dateutil.relativedelta import relativedelta
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import View

from incubation import residency_forms as forms
from incubation import services as incubation
from incubation.guard import watch_carriers
from incubation.models import Residency
from parks.consequences import compare
from parks.keys import as_keys
from tenants.views.base import add_refusal, sealed

#: So many fit one page and one transaction.
MOST = 200


class _Bulk(PermissionRequiredMixin, View):
    """``?residency=1&residency=2``: the form and its preview; POST with ``apply`` does it."""

    permission_required = "incubation.change_residency"
    template_name = "incubation/residency_bulk.html"
    title = ""
    button = ""

    def chosen(self, keys):
        keys = as_keys(keys)[:MOST]
        rows = Residency.objects.visible_to(self.request.user).with_due(timezone.localdate())
        rows = rows.filter(pk__in=keys).select_related("tenant", "carrier__park")
        return list(rows.defer("carrier__park__boundary").order_by("due", "pk"))

    def get(self, request):
        rows = self.chosen(request.GET.getlist("residency"))
        return self.answer(self.form_class(initial=self.initial()), rows, [])

    def post(self, request):
        rows = self.chosen(request.POST.getlist("residency"))
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.answer(form, rows, [])
        wanted = self.wanted(rows, form.cleaned_data)
        costs = self.costs(wanted, form.cleaned_data)
        seen = not costs or request.POST.get("seen") == sealed(costs)
        if "apply" in request.POST and rows and seen:
            try:
                self.apply(wanted, form.cleaned_data)
            except ValidationError as refusal:
                add_refusal(form, refusal)
            else:
                messages.success(request, self.told(len(wanted)))
                return redirect("incubation:residency-due")
        return self.answer(form, rows, self.previews(wanted), costs)

    def costs(self, wanted, values) -> list[str]:
        """What it would cost elsewhere; done once these sentences were seen (as ``ActView``)."""
        return []

    def answer(self, form, rows, previews, costs=()):
        refused = sum(1 for one in previews if one["refusal"])
        return render(self.request, self.template_name, {
            "form": form, "residencies": rows, "previews": previews, "refused": refused,
            "title": self.title, "button": self.button, "costs": costs, "seen": sealed(costs),
        })  # fmt: skip


class BulkExtend(_Bulk):
    title = _("Extend several residencies")
    button = _("Extend")
    form_class = forms.BulkExtendForm

    def initial(self):
        return {"decided_on": timezone.localdate()}

    def wanted(self, rows, values):
        months = relativedelta(months=values["months"] or 0)
        return [
            incubation.Extension(
                row, values["due_on"] or row.due + months, values["decided_on"], values["reason"]
            )
            for row in rows
        ]

    def previews(self, wanted):
        refusals = incubation.extension_refusals(wanted)
        return [
            {"residency": one.residency, "after": one.due_on, "refusal": refusal}
            for one, refusal in zip(wanted, refusals, strict=True)
        ]

    def apply(self, wanted, values):
        incubation.extend_residencies(wanted, by=self.request.user)

    def told(self, n):
        return ngettext(
            "%(n)s residency is extended.", "%(n)s residencies are extended.", n
        ) % {"n": n}  # fmt: skip


class BulkLeave(_Bulk):
    title = _("Let several tenants leave")
    button = _("Record the leaving")
    form_class = forms.LeaveForm

    def initial(self):
        return {"left_on": timezone.localdate()}

    def wanted(self, rows, values):
        return [
            incubation.Departure(
                row, values["left_on"], values["outcome"], values["destination"],
                values["destination_note"],
            )
            for row in rows
        ]  # fmt: skip

    def previews(self, wanted):
        refusals = incubation.departure_refusals(wanted)
        return [
            {"residency": one.residency, "after": one.left_on, "refusal": refusal}
            for one, refusal in zip(wanted, refusals, strict=True)
        ]

    def costs(self, wanted, values):
        watch = watch_carriers({one.residency.carrier_id for one in wanted}, values["left_on"])
        return compare(lambda: self.apply(wanted, values), [watch] if watch else [])

    def apply(self, wanted, values):
        incubation.leave_carriers(wanted, by=self.request.user, reason=values["reason"])

    def told(self, n):
        return ngettext("%(n)s tenant has left.", "%(n)s tenants have left.", n) % {"n": n}
