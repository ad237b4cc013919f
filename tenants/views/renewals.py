"""Many leases renewed on one page: choose, see old beside new, draft all or none."""

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import View

from parks.keys import as_keys
from tenants import services as letting
from tenants.forms import date_field, reason_field
from tenants.models import Lease
from tenants.selectors import with_terms
from tenants.services.renewals import MOST_RENEWALS
from tenants.views.base import add_refusal, last_day_to_end


class BulkForm(forms.Form):
    months = forms.IntegerField(
        label=_("Renew by (months)"), min_value=1, max_value=240, required=False, initial=12
    )
    last_day = date_field(
        _("or all until"), required=False, help_text=_("The last day; wins over the months.")
    )
    percent = forms.DecimalField(
        label=_("Change of rent (%)"), min_value=-100, max_value=1000, decimal_places=2,
        max_digits=6, initial=0,
    )  # fmt: skip
    submit = forms.BooleanField(label=_("Hand in for approval at once"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"] = reason_field()

    def clean(self):
        if not self.cleaned_data.get("months") and not self.cleaned_data.get("last_day"):
            self.add_error("months", _("Say for how many months, or until which day."))
        return self.cleaned_data


class BulkRenew(PermissionRequiredMixin, View):
    """``?lease=1&lease=2``: the form and its preview; POST with ``apply`` drafts them."""

    permission_required = "tenants.draft_lease"
    template_name = "tenants/lease_bulk_renew.html"

    def leases(self, keys):
        keys = as_keys(keys)[:MOST_RENEWALS]
        leases = with_terms(Lease.objects.visible_to(self.request.user)).filter(pk__in=keys)
        return list(leases.order_by("end", "number"))

    def get(self, request):
        leases = self.leases(request.GET.getlist("lease"))
        return self.answer(BulkForm(), leases, self.preview(leases, months=12))

    def post(self, request):
        leases = self.leases(request.POST.getlist("lease"))
        form = BulkForm(request.POST)
        if not form.is_valid():
            return self.answer(form, leases, [])
        end = last_day_to_end(form.cleaned_data["last_day"])
        terms = {"percent": form.cleaned_data["percent"], "end": end,
                 "months": form.cleaned_data["months"]}  # fmt: skip
        if "apply" in request.POST and leases:
            try:
                made = letting.renew_leases(
                    leases=leases, by=request.user, on=timezone.localdate(),
                    submit=form.cleaned_data["submit"], reason=form.cleaned_data["reason"], **terms,
                )  # fmt: skip
            except ValidationError as refusal:
                add_refusal(form, refusal)
            else:
                words = ngettext(
                    "%(n)s renewal is drafted.", "%(n)s renewals are drafted.", len(made)
                )
                messages.success(request, words % {"n": len(made)})
                return redirect("tenants:lease-list")
        return self.answer(form, leases, self.preview(leases, **terms))

    def preview(self, leases, **terms):
        return letting.preview_renewals(leases=leases, by=self.request.user, **terms)

    def answer(self, form, leases, previews):
        context = {"form": form, "leases": leases, "previews": previews,
                   "refused": sum(1 for one in previews if one.refusal)}  # fmt: skip
        return render(self.request, self.template_name, context)
