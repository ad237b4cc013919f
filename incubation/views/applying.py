"""The applicant's ways in and out: choose a carrier, compare, begin, take back, apply again."""

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from incubation import services as incubation
from incubation import writing_forms as shapes
from incubation.errors import ApplicationUnderWay
from incubation.models import Stage
from incubation.selectors.carriers import carriers_of
from incubation.selectors.comparing import carriers_to_apply, offered
from incubation.selectors.eligibility import eligibility_for
from incubation.views.applicant import ApplicantView, address_of
from incubation.workflow import CLOSED, possible
from parks.keys import as_keys
from parks.models.space import UnitKind
from tenants.views.base import ActView

#: Carriers side by side.
MOST_COMPARED = 4


class Apply(ApplicantView, View):
    """Where to apply, and what is under way; ``?unit=`` comes from a vacant unit."""

    def get(self, request):
        on = self.today
        units = self.units_asked()
        homes = carriers_of([unit.pk for unit in units], on)
        wanted = {home.pk for home in homes.values()}
        carriers = carriers_to_apply(on)
        stage, park = request.GET.get("stage", ""), request.GET.get("park", "")
        parks = dict(carriers.order_by("park__name").values_list("park__code", "park__name"))
        if wanted:
            carriers = carriers.filter(pk__in=wanted)
        elif units:
            carriers = carriers.filter(park=units[0].floor.building.park)
        if stage in Stage.values:
            carriers = carriers.filter(stage=stage)
        if park in parks:
            carriers = carriers.filter(park__code=park)
        mine = list(self.own)
        for one in mine:
            one.address = address_of(one)
        under_way = [one for one in mine if one.state not in CLOSED]
        rows = offered(carriers, on)
        rows.sort(key=lambda row: (not row.taking.open, not row.free))
        return render(request, "incubation/apply.html", {
            "rows": [(row, self.begun(row.carrier, under_way)) for row in rows], "mine": mine,
            "tenants": self.tenants, "units": units, "unit_homes": wanted,
            "gone": len(self.keys_asked) - len(units),
            "stages": Stage.choices, "parks": parks, "stage": stage, "park_code": park,
            "most": MOST_COMPARED,
        })  # fmt: skip

    def begun(self, carrier, under_way) -> dict:
        """The open applications to ``carrier``, and for whom one can begin another."""
        found = [one for one in under_way if one.carrier_id == carrier.pk]
        taken = {one.tenant_id for one in found}
        tenants = [one for one in self.tenants if one.pk not in taken]
        return {"applications": found, "tenants": tenants}


class Compare(ApplicantView, View):
    """Up to four carriers: ``?carrier=`` each, ``?tenant=`` for whom."""

    def get(self, request):
        on = self.today
        keys = as_keys(request.GET.getlist("carrier"))
        rows = offered(carriers_to_apply(on).filter(pk__in=keys[:MOST_COMPARED]), on)
        chosen = request.GET.get("tenant", "")
        tenant = next((one for one in self.tenants if str(one.pk) == chosen), None) or next(
            iter(self.tenants), None
        )
        judged = [
            (row, tenant and eligibility_for(tenant, row.carrier, on=on, by=request.user))
            for row in rows
        ]
        criteria = dict.fromkeys(
            str(finding.node.text) for _row, found in judged if found for finding in found.findings
        )
        table = [
            (text, [_finding(found, text) for _row, found in judged]) for text in criteria
        ]  # fmt: skip
        return render(request, "incubation/apply_compare.html", {
            "judged": judged, "table": table, "tenant": tenant, "tenants": self.tenants,
            "units": self.units_asked(), "left_out": max(0, len(keys) - MOST_COMPARED),
        })  # fmt: skip


def _finding(found, text):
    every = found.findings if found else ()
    return next((one for one in every if str(one.node.text) == text), None)


class Start(ApplicantView, View):
    """Begin a draft, or go to the one that is under way."""

    http_method_names = ["post"]

    def post(self, request):
        form = shapes.StartForm(request.POST, user=request.user, on=self.today)
        if not form.is_valid():
            messages.error(request, _("Choose a carrier of the list."))
            return redirect("incubation:apply")
        carrier = form.cleaned_data["carrier"]
        tenant = form.cleaned_data["tenant"] or next(iter(self.tenants), None)
        if tenant is None:
            messages.error(request, _("Your account belongs to no team or firm yet."))
            return redirect("incubation:apply")
        units = self.units_asked()
        content, now = _from_units(units), timezone.now()
        if self.move_in > self.today:
            content["move_in_on"] = self.move_in
        try:
            application = incubation.start_application(
                tenant=tenant, carrier=carrier, by=request.user, at=now, on=self.today, **content
            )
        except ApplicationUnderWay as refusal:
            messages.info(request, " ".join(refusal.messages))
            before = self.own.filter(tenant=tenant, carrier=carrier, closed_on=None).first()
            return redirect(address_of(before) if before else "incubation:apply")
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect("incubation:apply")
        try:
            incubation.save_draft(
                application=application, values={"preferred_units": units}, by=request.user,
                at=now, on=self.today,
            )  # fmt: skip
        except ValidationError:
            messages.info(request, _("The unit belongs to no space of this carrier; choose others "
                                     "in the form."))  # fmt: skip
        return redirect("incubation:apply-form", pk=application.pk)


def _from_units(units) -> dict:
    """What wanting ``units`` says of kind and size."""
    if not units:
        return {}
    content = {"unit_kind": units[0].kind}
    if units[0].kind == UnitKind.DESK:
        return content | {"desks": sum(unit.seats for unit in units) or None}
    return content | {"area_min_m2": sum((one.gross_area_m2 for one in units), start=Decimal(0))}


class _OwnAct(ApplicantView, ActView):
    template_name = "tenants/act.html"

    def back(self):
        return address_of(self.application)

    def get_context_data(self, **kwargs):
        row = self.application
        subject = f"{row.number} · {row.tenant} · {row.carrier}"
        return super().get_context_data(**kwargs, subject=subject, application=row)


class Withdraw(_OwnAct):
    title = gettext_lazy("Withdraw the application")
    done = gettext_lazy("The application is withdrawn.")
    form_class = shapes.WithdrawForm
    danger = True

    def get(self, request, pk):
        if "withdraw" not in {act.key for act in possible(self.application.state)}:
            return redirect(self.back())
        return super().get(request, pk)

    def consequences(self):
        return [
            _("It is at an end, what was held for it is free again, its place in a queue is lost."),
            _("You can apply again later; what you wrote is copied then."),
        ]

    def act(self, **values):
        incubation.withdraw_application(
            application=self.application, by=self.request.user, at=timezone.now(), on=self.today,
            **values,
        )  # fmt: skip
        return reverse("incubation:apply")


class ObjectToNotice(_OwnAct):
    """The applicant itself says that the notice about it is wrong."""

    title = gettext_lazy("Object to the public notice")
    done = gettext_lazy("Your objection is handed in; a new round of reviews begins.")
    form_class = shapes.ObjectionForm
    danger = True

    def consequences(self):
        return [
            _("The public notice ends: you are not approved after its last day, as the application "
              "goes back to review."),
            _("Reviewers are asked anew and the carrier decides again; it may decide otherwise."),
            _("The carrier's staff read your reason, and it is kept with the application."),
        ]  # fmt: skip

    def act(self, *, opinion):
        incubation.record_objection(
            application=self.application, opinion=opinion, by=self.request.user, at=timezone.now(),
            on=self.today,
        )  # fmt: skip
        return self.back()


class ApplyAgain(_OwnAct):
    """A new draft out of an earlier application, for the same carrier or another one."""

    title = gettext_lazy("Apply again")
    button = gettext_lazy("Copy into a new draft")
    done = gettext_lazy("What you wrote is copied. Read it through and make the commitments anew.")
    form_class = shapes.CopyForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"on": self.today, "tenant": self.application.tenant}

    def get_initial(self):
        row = self.application
        return {} if row.closed_on is None else {"carrier": row.carrier_id}

    def consequences(self):
        return [
            _("Texts, wishes and documents are copied; the earlier application stays as it is.")
        ]

    def act(self, *, carrier):
        copy = incubation.copy_application(
            previous=self.application, carrier=carrier, by=self.request.user, at=timezone.now(),
            on=self.today,
        )  # fmt: skip
        return reverse("incubation:apply-form", args=[copy.pk])
