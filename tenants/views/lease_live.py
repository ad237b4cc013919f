"""What the form of a lease asks while it is typed: suggestions, and what stands against it."""

from decimal import Decimal

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.generic import View

from parks.keys import as_key
from parks.periods import Period
from tenants import lease_forms, rent
from tenants.choices import found_tenants, found_units
from tenants.lease_typed import area_of, first_month, line_terms
from tenants.models import Lease, LeaseLine
from tenants.services.availability import refuse_unless_free
from tenants.views.base import last_day_to_end


class _Search(PermissionRequiredMixin, View):
    """Suggestions for what was typed: ``found`` pairs of key and words, or why there are ``none``."""

    permission_required = "tenants.draft_lease"

    def find(self, text) -> list[tuple]:
        raise NotImplementedError

    def get(self, request):
        found = self.find(request.GET.get("typed", "")[:200])
        none = _("Nothing found; type something else.")
        return JsonResponse(
            {"found": found, "none": none}, json_dumps_params={"ensure_ascii": False}
        )


class TenantSearch(_Search):
    """Also for who holds a unit or merges records; ``?without=`` is the key of one not meant."""

    acts = ("tenants.draft_lease", "tenants.hold_unit", "tenants.merge_tenants")

    def has_permission(self):
        return any(map(self.request.user.has_perm, self.acts))

    def find(self, text):
        without = as_key(self.request.GET.get("without"))
        return found_tenants(self.request.user, text, without=without)


class UnitSearch(_Search):
    def find(self, text):
        return found_units(self.request.user, text)


class LeaseConflicts(PermissionRequiredMixin, View):
    """The live check of the form: what already binds the chosen units on the chosen days."""

    permission_required = "tenants.draft_lease"

    def post(self, request):
        form = lease_forms.LeaseForm(request.POST, user=request.user, lease=None)
        lines = lease_forms.lines_formset(request.POST, user=request.user)
        lines.is_valid()
        form.is_valid()
        start, last = form.cleaned_data.get("start"), form.cleaned_data.get("last_day")
        chosen = [
            f.cleaned_data["unit"] for f in lines if getattr(f, "cleaned_data", {}).get("unit")
        ]
        clashes, refusal, amended = [], None, self.gives_way()
        if start and last and chosen and start <= last:
            clashes = (
                LeaseLine.objects.visible_to(request.user)
                .binding()
                .filter(unit__in=chosen, start__lte=last, end__gt=start)
                .select_related("lease__tenant", "unit")
                .exclude(lease__in=amended)
            )
            if not clashes and not amended:
                refusal = self.refusal(chosen, Period(start, last_day_to_end(last)), form)
        context = {"clashes": clashes, "refusal": refusal, "count": len(chosen)}
        context |= self.follows(form, lines, start, last_day_to_end(last))
        return render(request, "tenants/_lease_conflicts.html", context)

    def follows(self, form, lines, start, end) -> dict:
        """``area``, the first month's rent and the rent of the whole term, as far as typed."""
        values = form.cleaned_data
        terms = line_terms(lines, start, end, values)
        found = {"area": sum((area_of(one) for one in terms), Decimal(0))}
        if terms and start and end and start < end and (end - start).days < 20 * 366 + 2:
            free = values.get("rent_free") or []
            begins = max(start, values.get("start_by") or start)
            due = [
                charge
                for one in terms
                for charge in rent.charges(rent.Terms(
                    name="", start=begins, end=end, area_m2=area_of(one), rent=one.rent,
                    rent_unit=one.rent_unit, steps=one.steps,
                ), free)
                if begins < end
            ]  # fmt: skip
            found |= {"first_month": first_month(terms),
                      "whole": sum((one.rent for one in due), Decimal(0))}  # fmt: skip
            if values.get("deposit_months"):
                found["deposit"] = rent.cents(values["deposit_months"] * found["first_month"])
        return found

    def gives_way(self) -> list:
        """The lease that an amendment under change (``?lease=``) ends on its first day."""
        if (key := as_key(self.request.GET.get("lease"))) is None:
            return []
        drafts = Lease.objects.visible_to(self.request.user).filter(kind=Lease.Kind.AMENDMENT)
        return list(drafts.filter(pk=key).values_list("previous", flat=True))

    def refusal(self, units, period, form):
        """What signing would say about closures, holds and days without the unit; None if fine."""
        wanted = [(unit, period) for unit in units]
        tenant = form.cleaned_data.get("tenant")
        try:
            refuse_unless_free(wanted, by=self.request.user, tenant=tenant)
        except ValidationError as refusal:
            return refusal.messages[0]
        return None
