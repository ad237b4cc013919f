"""Proposals that place all approved applications of a park at once: made, read, accepted."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from django.views.generic import TemplateView

from incubation import services as incubation
from incubation.allocation_forms import AcceptRowsForm, WeightsForm
from incubation.errors import OfferState
from incubation.matching.parts import MOST
from incubation.models import Allocation, AllocationRow
from incubation.selectors.allocations import rows_of, weights_of, with_units
from parks.models import Park
from tenants.views.base import ActView, PagesView, add_refusal

#: Proposals on a page.
PAGE_SIZE = 50


def _seen(user):
    return Allocation.objects.visible_to(user).filter(park__isnull=False).select_related(
        "park", "made_by"
    ).defer("park__boundary")  # fmt: skip


class AllocationList(PagesView):
    """The weights to set, and the proposals made so far."""

    permission_required = "incubation.view_chain"
    template_name = "incubation/allocation_list.html"
    paginate_by = PAGE_SIZE

    def get_queryset(self):
        rows = _seen(self.request.user)
        return rows.annotate(
            asked=Count("rows", distinct=True), placed=Count("rows__places__row", distinct=True),
            offered=Count("rows__offer", distinct=True),
        ).order_by("-made_at", "-pk")  # fmt: skip

    @cached_property
    def parks(self):
        parks = Park.objects.visible_to(self.request.user).filter(carriers__isnull=False)
        return list(parks.distinct().defer("boundary").order_by("code"))

    def form(self, data=None):
        """The weights that were set last for the park."""
        park = self.request.GET.get("park", "")
        last = _seen(self.request.user).order_by("-made_at", "-pk")
        if any(one.code == park for one in self.parks):
            last = last.filter(park__code=park)
        last = last.first()
        initial = {"park": park or (last.park.code if last else "")}
        weights = last.weights if last else {}
        return WeightsForm(data, parks=self.parks, weights=weights, initial=initial)

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", self.form())
        return super().get_context_data(**kwargs, most=MOST)

    def post(self, request):
        if not request.user.has_perm("incubation.handle_application"):
            raise PermissionDenied
        form = self.form(request.POST)
        if form.is_valid():
            park = next(one for one in self.parks if one.code == form.cleaned_data["park"])
            try:
                made = incubation.propose_allocation(
                    park=park, weights=form.weights(), by=request.user, at=timezone.now(),
                    on=timezone.localdate(),
                )  # fmt: skip
                return redirect("incubation:allocation-detail", made.pk)
            except ValidationError as refusal:
                add_refusal(form, refusal)
        self.object_list = self.get_queryset()
        return self.render_to_response(self.get_context_data(form=form))


class _OfAllocation(PermissionRequiredMixin):
    @cached_property
    def allocation(self):
        return get_object_or_404(_seen(self.request.user), pk=self.kwargs["pk"])

    def back(self):
        return f"/allocations/{self.allocation.pk}/"


class AllocationDetail(_OfAllocation, TemplateView):
    permission_required = "incubation.view_chain"
    template_name = "incubation/allocation_detail.html"

    def get_context_data(self, **kwargs):
        row, on = self.allocation, timezone.localdate()
        shown = rows_of(row, on)
        return super().get_context_data(
            **kwargs, allocation=row, park=row.park, rows=shown, weights=weights_of(row, shown),
            placed=sum(bool(one.units) for one in shown),
            open=sum(bool(one.units and not one.state) for one in shown),
            left=sum(one.left or 0 for one in shown), stale=row.on != on,
            form=WeightsForm(parks=[row.park], weights=row.weights),
        )  # fmt: skip


class WorkOutAgain(_OfAllocation, View):
    permission_required = "incubation.handle_application"
    http_method_names = ["post"]

    def post(self, request, pk):
        before = self.placed()
        incubation.work_out_again(
            allocation=self.allocation, by=request.user, at=timezone.now(), on=timezone.localdate()
        )
        changed = len(before.items() ^ self.placed().items())
        messages.success(
            request, _("Worked out again; something changed.") if changed
            else _("Worked out again; nothing changed."),
        )  # fmt: skip
        return redirect(self.back())

    def placed(self):
        found = {}
        for application, unit in self.allocation.rows.order_by("units").values_list(
            "application", "units"
        ):
            found[application] = (*found.get(application, ()), unit)
        return found


class AcceptRows(_OfAllocation, ActView):
    """All rows, or the one of ``?row=``; asked once more with what follows."""

    permission_required = "incubation.handle_application"
    title = gettext_lazy("Accept the proposal")
    button = gettext_lazy("Hold and offer")
    done = gettext_lazy("The units are held and the applicants are asked.")
    form_class = AcceptRowsForm

    @cached_property
    def rows(self):
        rows = AllocationRow.objects.placed().filter(allocation=self.allocation, offer__isnull=True)
        return list(with_units(rows.select_related("application__tenant")).order_by("pk"))

    @cached_property
    def chosen(self):
        keys = set(self.request.GET.getlist("row"))
        return [row for row in self.rows if str(row.pk) in keys] if keys else self.rows

    def get_initial(self):
        return {"digest": self.allocation.digest}

    def get_context_data(self, **kwargs):
        row = self.allocation
        subject = _("Allocation %(number)s of %(day)s") % {"number": row.pk, "day": row.on}
        return super().get_context_data(**kwargs, park=row.park, subject=subject)

    def consequences(self):
        said = [
            _("%(number)s %(tenant)s is offered %(building)s %(unit)s.") % {
                "number": row.application.number, "tenant": row.application.tenant,
                "building": row.units.all()[0].floor.building.name,
                "unit": " + ".join(unit.number for unit in row.units.all()),
            } for row in self.chosen
        ]  # fmt: skip
        count = sum(len(row.units.all()) for row in self.chosen)
        if not count:
            return [_("Nothing of this proposal is left to accept. Work it out again.")]
        return [
            ngettext(
                "%(n)s unit is held and its applicant asked; all or none.",
                "%(n)s units are held and their applicants asked; all or none.", count,
            ) % {"n": count},
            _("Who stands before in a queue and could use a unit is passed over by this proposal; "
              "the log of offers says so."),
            *said,
        ]  # fmt: skip

    def act(self, digest):
        if digest != self.allocation.digest:
            raise OfferState(_("The proposal was worked out again meanwhile. Go back and read it."))
        incubation.accept_rows(
            allocation=self.allocation, rows=self.chosen, by=self.request.user, at=timezone.now(),
            on=timezone.localdate(),
        )  # fmt: skip
        return self.back()
