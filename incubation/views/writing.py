"""The form of an application, saved as one types, with the units that fit and the conditions."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django_htmx.http import trigger_client_event

from incubation import services as incubation
from incubation import writing_forms as shapes
from incubation.dossier import WISHES
from incubation.errors import ApplicationIncomplete
from incubation.models import Application, ApplicationStep
from incubation.selectors.calls import taking
from incubation.selectors.eligibility import eligibility
from incubation.selectors.placing import choices_for, wish_together
from incubation.selectors.writing import completeness
from incubation.views.applicant import ApplicantView, address_of
from incubation.views.papers import papers
from incubation.workflow import WRITABLE
from tenants.views.base import add_refusal

#: Units that fit, shown to tick.
MOST_FITTING = 20


class Dossier(ApplicantView, View):
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
        except ApplicationIncomplete as refusal:
            add_refusal(form, refusal)
            for one in completeness(self.own.get(pk=self.application.pk), self.today):
                if one.field in form.fields:
                    form.add_error(
                        one.field, _("Needed before you can send: %(what)s.") % {"what": one.words}
                    )
            return self.page(form)
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
            "errors": [(form[name], form.errors.get(name, ())) for name in names],
            "unsaved": [form[name] for name in names if name not in saved],
            "wished": "preferred_units" in saved, "together": wish_together(row),
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
        door = taking(row.carrier, self.today)
        return render(self.request, "incubation/apply_form.html", {
            "form": form, "application": row, "returned": returned,
            "lacking": completeness(row, self.today), "intake": door.intake,
            "door": door if row.state == "draft" else None,
            **fitting(row, self.today), **papers(row),
        })  # fmt: skip


def fitting(application, on) -> dict:
    """The carrier's units that meet the needs now, and those wished for though they do not."""
    found = [one for one in choices_for(application, on) if not one.reasons or one.wished]
    together = wish_together(application)
    for one in found if together else ():
        one.reasons = one.joined if one.wished else one.reasons
    return {
        "choices": found[:MOST_FITTING], "more_choices": max(0, len(found) - MOST_FITTING),
        "together": together,
    }  # fmt: skip


class Fitting(ApplicantView, View):
    """The units that fit what was typed so far, to tick; fetched by the form."""

    def get(self, request, pk):
        row = self.application
        return render(request, "incubation/_apply_units.html", {
            "application": row, **fitting(row, self.today),
            "wished": set(row.preferred_units.values_list("pk", flat=True)),
        })  # fmt: skip


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
