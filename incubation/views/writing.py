"""The applicant's pages: choose a carrier, compare, write, attach, send, take back, apply again."""

from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django_htmx.http import trigger_client_event

from incubation import services as incubation
from incubation import writing_forms as shapes
from incubation.dossier import WISHES
from incubation.errors import ApplicationUnderWay
from incubation.models import Application, ApplicationDocument, ApplicationStep, Stage
from incubation.selectors.carriers import carriers_of
from incubation.selectors.comparing import carriers_to_apply, offered
from incubation.selectors.eligibility import eligibility, eligibility_for
from incubation.selectors.intake import intake_of
from incubation.selectors.placing import choices_for
from incubation.selectors.writing import completeness, papers_of
from incubation.workflow import CLOSED, WRITABLE
from parks.files import serve
from parks.models.space import UnitKind
from tenants.selectors.state import vacancies
from tenants.views.base import ActView, add_refusal

#: Carriers side by side, and units that fit shown to tick.
MOST_COMPARED, MOST_FITTING = 4, 20


def address_of(application) -> str:
    """Where its applicant goes on with it; ``application`` with its ``state``."""
    if application.state in WRITABLE:
        return reverse("incubation:apply-form", args=[application.pk])
    return f"/applications/{application.pk}/"


class _Applicant(PermissionRequiredMixin):
    permission_required = "incubation.apply"

    @property
    def today(self):
        return timezone.localdate()

    @cached_property
    def tenants(self):
        return list(self.request.user.tenants.standing().order_by("name"))

    @property
    def own(self):
        """The applications of the person's own tenants with their state."""
        rows = Application.objects.filter(tenant__in=self.request.user.tenants.values("pk"))
        rows = rows.with_state(self.today).select_related("tenant", "carrier__park")
        return rows.defer("carrier__park__boundary")

    @cached_property
    def application(self):
        return get_object_or_404(self.own, pk=self.kwargs["pk"])

    def units_asked(self):
        """The vacant units the page was opened with, ``?unit=``."""
        keys = self.request.GET.getlist("unit") or self.request.POST.getlist("unit")
        keys = [int(key) for key in keys[:10] if key.isdecimal() and len(key) < 18]
        if not keys:
            return []
        return list(vacancies(self.today).filter(pk__in=keys).select_related(
            "floor__building__park"
        ).defer("floor__building__park__boundary").order_by("pk"))  # fmt: skip


class Apply(_Applicant, View):
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
        under_way = {one.carrier_id: one for one in mine if one.state not in CLOSED}
        rows = offered(carriers, on)
        rows.sort(key=lambda row: (not row.taking.open, not row.free))
        return render(request, "incubation/apply.html", {
            "rows": [(row, under_way.get(row.carrier.pk)) for row in rows], "mine": mine,
            "tenants": self.tenants, "units": units, "unit_homes": wanted,
            "stages": Stage.choices, "parks": parks, "stage": stage, "park_code": park,
            "most": MOST_COMPARED,
        })  # fmt: skip


class Compare(_Applicant, View):
    """Up to four carriers: ``?carrier=`` each, ``?tenant=`` for whom."""

    def get(self, request):
        on = self.today
        keys = [key for key in request.GET.getlist("carrier") if key.isdecimal() and len(key) < 18]
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


class Start(_Applicant, View):
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


class Dossier(_Applicant, View):
    """The form. htmx posts what was changed as one types; a plain post saves, ``send`` sends."""

    def get(self, request, pk):
        if self.application.state not in WRITABLE:
            return redirect(address_of(self.application))
        form = shapes.DossierForm(instance=self.application, on=self.today)
        return self.page(form)

    def post(self, request, pk):
        row = self.application
        form = shapes.DossierForm(request.POST, instance=row, on=self.today)
        form.is_valid()
        names = list(form.fields)
        if request.htmx:
            names = [name for name in request.POST.get("fields", "").split(",") if name in names]
        return self.autosave(form, names) if request.htmx else self.save(form, names)

    def keep(self, form, names) -> dict:
        """Save what can be kept of ``names``; what the service refuses goes onto its fields."""

        def sound():
            return {
                name: form.cleaned_data[name] for name in names
                if name in form.cleaned_data and name not in form.errors
            }  # fmt: skip

        def save(values):
            incubation.save_draft(
                application=self.application, values=values, by=self.request.user,
                at=timezone.now(), on=self.today,
            )  # fmt: skip
            return values

        try:
            return save(sound())
        except ValidationError as refusal:
            if not hasattr(refusal, "error_dict"):
                raise
            add_refusal(form, refusal)
            return save(sound())

    def save(self, form, names):
        request = self.request
        try:
            self.keep(form, names)
            if form.errors:
                return self.page(form)
            if "send" not in request.POST:
                messages.success(request, _("The draft is saved; nothing is sent yet."))
                return redirect("incubation:apply-form", pk=self.application.pk)
            incubation.submit_application(
                application=self.application, by=request.user, at=timezone.now(), on=self.today
            )
        except ValidationError as refusal:
            add_refusal(form, refusal)
            return self.page(form)
        messages.success(
            request, _("The application is sent. What happens next stands on its page.")
        )
        return redirect(f"/applications/{self.application.pk}/")

    def autosave(self, form, names):
        saved, refusal = {}, ""
        try:
            saved = self.keep(form, names)
        except ValidationError as error:
            refusal = " ".join(error.messages)
        row = self.own.get(pk=self.application.pk)
        answer = render(self.request, "incubation/_apply_saved.html", {
            "application": row, "refusal": refusal, "lacking": completeness(row, self.today),
            "errors": [(name, form.errors.get(name, ())) for name in names],
        })  # fmt: skip
        trigger_client_event(answer, "dossier-saved", {"fields": list(saved)})
        if {"special_field", "move_in_on"} & set(saved):
            trigger_client_event(answer, "dossier-judge", {})
        if set(WISHES) & set(saved):
            trigger_client_event(answer, "dossier-wishes", {})
        return answer

    def page(self, form):
        row = self.own.get(pk=self.application.pk)
        returned = None
        if row.state == "amending":
            returned = ApplicationStep.objects.filter(application=row, act="return").last()
        return render(self.request, "incubation/apply_form.html", {
            "form": form, "application": row, "returned": returned,
            "lacking": completeness(row, self.today), "intake": intake_of(row.carrier),
            **fitting(row, self.today), **papers(row),
        })  # fmt: skip


def fitting(application, on) -> dict:
    """The carrier's units that meet the needs now, and those wished for though they do not."""
    found = [one for one in choices_for(application, on) if not one.reasons or one.wished]
    return {"choices": found[:MOST_FITTING], "more_choices": max(0, len(found) - MOST_FITTING)}


def papers(application, form=None) -> dict:
    blind = intake_of(application.carrier).blind
    kept = papers_of(application)
    return {"papers": kept, "paper_form": form or shapes.PaperForm(blind=blind)}


class Fitting(_Applicant, View):
    """The units that fit what was typed so far, to tick; fetched by the form."""

    def get(self, request, pk):
        row = self.application
        return render(request, "incubation/_apply_units.html", {
            "application": row, **fitting(row, self.today),
            "wished": set(row.preferred_units.values_list("pk", flat=True)),
        })  # fmt: skip


class _Papers(_Applicant, View):
    http_method_names = ["post"]

    def answer(self, form=None, refusal=""):
        row = self.application
        if not self.request.htmx:
            if refusal:
                messages.error(self.request, refusal)
            return redirect(reverse("incubation:apply-form", args=[row.pk]) + "#papers")
        return render(self.request, "incubation/_apply_papers.html", {
            "application": row, "refusal": refusal, "lacking": completeness(row, self.today),
            "swapped": True, **papers(row, form),
        })  # fmt: skip

    def do(self, act, **values):
        try:
            act(application=self.application, by=self.request.user, at=timezone.now(),
                on=self.today, **values)  # fmt: skip
        except ValidationError as refusal:
            return " ".join(refusal.messages)
        return ""


class PaperAdd(_Papers):
    def post(self, request, pk):
        blind = intake_of(self.application.carrier).blind
        form = shapes.PaperForm(request.POST, request.FILES, blind=blind)
        if not form.is_valid():
            words = [error for errors in form.errors.values() for error in errors]
            return self.answer(refusal=" ".join(words))
        values = {"names_applicant": True} | form.cleaned_data
        return self.answer(refusal=self.do(incubation.add_paper, **values))


class PaperRemove(_Papers):
    def post(self, request, pk, document):
        paper = get_object_or_404(papers_of(self.application), pk=document)
        return self.answer(refusal=self.do(incubation.remove_paper, document=paper))


class Eligible(PermissionRequiredMixin, View):
    """The conditions of entry one by one, for the applicant and the staff; no page of its own."""

    permission_required = "incubation.view_application"

    def get(self, request, pk):
        on = timezone.localdate()
        rows = Application.objects.visible_to(request.user).select_related("tenant", "carrier")
        row = get_object_or_404(rows, pk=pk)
        own = row.tenant in request.user.tenants.all()
        if not own and not request.user.has_perm("parks.view_park"):
            raise Http404
        found = eligibility(row, on=on, by=request.user)
        return render(request, "incubation/_eligibility.html", {"found": found, "own": own})


class PaperFile(PermissionRequiredMixin, View):
    """The file itself, to who may see it; ``?show=1`` opens PDF and pictures in a sandbox."""

    permission_required = "incubation.view_application"

    def get(self, request, pk, document):
        rows = ApplicationDocument.objects.visible_to(request.user).exclude(file="")
        paper = get_object_or_404(rows, application=pk, pk=document)
        if not paper.file.storage.exists(paper.file.name):
            raise Http404(_("The file is no longer there."))
        with paper.file.open("rb") as file:
            content = file.read()
        return serve(
            content, name=paper.name, media_type=paper.media_type,
            shown=request.GET.get("show") == "1",
        )  # fmt: skip


class _OwnAct(_Applicant, ActView):
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


class ApplyAgain(_OwnAct):
    """A new draft out of an earlier application, for the same carrier or another one."""

    title = gettext_lazy("Apply again")
    button = gettext_lazy("Copy into a new draft")
    done = gettext_lazy("What you wrote is copied. Read it through and make the commitments anew.")
    form_class = shapes.CopyForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"on": self.today}

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
