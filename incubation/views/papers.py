"""The papers of an application: attached, taken off, read by those who may."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from incubation import services as incubation
from incubation import writing_forms as shapes
from incubation.blind import handed_out
from incubation.models import ApplicationDocument, ReviewAssignment
from incubation.selectors.intake import intake_of
from incubation.selectors.writing import completeness, papers_of
from incubation.views.applicant import ApplicantView
from parks.files import NamesRemain, serve


def papers(application, form=None) -> dict:
    blind = intake_of(application.carrier).blind
    kept = papers_of(application)
    return {"papers": kept, "paper_form": form or shapes.PaperForm(blind=blind)}


class _Papers(ApplicantView, View):
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


def names_shown(user, paper) -> bool:
    """A reviewer who sees no names does not see the name of a file either."""
    if user.has_perm("parks.view_park") or user.tenants.filter(applications=paper.application_id):
        return True
    asked = ReviewAssignment.objects.standing().filter(application=paper.application_id)
    return asked.filter(reviewer__user=user.pk, blind=False).exists()


class PaperFile(PermissionRequiredMixin, View):
    """The file itself, to who may see it, to a reviewer who sees no names a copy without them;
    ``?show=1`` opens PDF and pictures in a sandbox."""

    permission_required = "incubation.view_application"

    def get(self, request, pk, document):
        rows = ApplicationDocument.objects.visible_to(request.user).exclude(file="")
        paper = get_object_or_404(rows, application=pk, pk=document)
        if not paper.file.storage.exists(paper.file.name):
            raise Http404(_("The file is no longer there."))
        try:
            name, content = handed_out(paper, named=names_shown(request.user, paper))
        except NamesRemain as refusal:
            messages.error(request, str(refusal))
            own = ReviewAssignment.objects.standing().filter(reviewer__user=request.user.pk)
            review = own.filter(application=pk).latest("round")
            return redirect("incubation:reviewing-review", pk=review.pk)
        return serve(
            content, name=name, media_type=paper.media_type,
            shown=request.GET.get("show") == "1",
        )  # fmt: skip
