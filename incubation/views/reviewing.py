"""What a reviewer has to do: its reviews, the copy it reads, the points it gives."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView
from django_htmx.http import trigger_client_event

from incubation import reviewing_forms as shapes
from incubation import services as incubation
from incubation.blind import copy_of, heading_of
from incubation.models import Application, Interest, ReviewAssignment, Reviewer
from incubation.selectors.reviewing import conflicts_of, review_summary, words_of
from incubation.workflow import State
from tenants.views.base import ActView, add_refusal


class OwnReviews(PermissionRequiredMixin):
    permission_required = "incubation.review_application"

    @cached_property
    def today(self):
        return timezone.localdate()

    @cached_property
    def own(self):
        rows = ReviewAssignment.objects.standing().filter(reviewer__user=self.request.user.pk)
        rows = rows.select_related("application__tenant", "application__carrier__park", "sheet",
                                   "reviewer__user")  # fmt: skip
        return rows.defer("application__carrier__park__boundary")

    @cached_property
    def review(self):
        return get_object_or_404(self.own, pk=self.kwargs["pk"])

    @cached_property
    def in_review(self):
        rows = Application.objects.in_state(State.IN_REVIEW, on=self.today)
        return rows.filter(pk=self.review.application_id).exists()


class Board(OwnReviews, TemplateView):
    """To do, and done; reviews of applications that are decided by now need nobody."""

    template_name = "incubation/reviewing.html"

    def get_context_data(self, **kwargs):
        rows = self.own.prefetch_related("scores", "sheet__criteria")
        waiting = list(rows.to_do_on(self.today).order_by("due_on", "pk"))
        done = list(rows.filter(submitted_at__isnull=False).order_by("-submitted_at", "-pk"))
        interests = Interest.objects.filter(reviewer__user=self.request.user.pk)
        return super().get_context_data(
            **kwargs, done=[(one, heading_of(one)) for one in done], today=self.today,
            waiting=[
                (one, heading_of(one), sum(s.points is not None for s in one.scores.all()))
                for one in waiting
            ],
            interests=interests.select_related("tenant").order_by("end", "-start"),
            reviewer=getattr(self.request.user, "reviewer", None),
        )  # fmt: skip


class Review(OwnReviews, View):
    """The copy and the sheet. Posts of htmx save what was typed; the button hands all of it in."""

    @cached_property
    def criteria(self):
        return list(self.review.sheet.criteria.all())

    def get(self, request, pk):
        form = shapes.ScoreForm(criteria=self.criteria, initial=self.written())
        return self.page(form)

    def written(self) -> dict:
        row = self.review
        found = {
            "opinion": row.opinion,
            "recommends": {True: "yes", False: "no"}.get(row.recommends),
        }
        for one in row.scores.all():
            found[f"points_{one.criterion_id}"] = one.points
            found[f"remark_{one.criterion_id}"] = one.remark
        return found

    def post(self, request, pk):
        form = shapes.ScoreForm(request.POST, criteria=self.criteria)
        form.is_valid()
        return self.autosave(form) if request.htmx else self.save(form)

    def keep(self, form, names):
        values = form.cleaned_data
        texts = {
            name: values[name] if name in names and name in values else getattr(self.review, name)
            for name in ("recommends", "opinion")
        }
        self.review = incubation.save_scores(
            assignment=self.review, scores=form.given("points", names),
            remarks=form.given("remark", names), on=self.today, **texts,
        )  # fmt: skip

    def autosave(self, form):
        names = [
            name for name in self.request.POST.get("fields", "").split(",") if name in form.fields
        ]
        refusal, saved = "", []
        try:
            self.keep(form, names)
            saved = [name for name in names if name not in form.errors]
        except ValidationError as error:
            refusal = " ".join(error.messages)
        answer = render(self.request, "incubation/_review_saved.html", {
            "refusal": refusal, "review": self.review, "at": timezone.now(),
            "errors": [(name, form.errors.get(name, ())) for name in names],
        })  # fmt: skip
        return trigger_client_event(answer, "dossier-saved", {"fields": saved})

    def save(self, form):
        request, values = self.request, form.cleaned_data
        try:
            self.keep(form, list(form.fields))
            if form.errors:
                return self.page(form)
            if "send" not in request.POST:
                messages.success(request, _("Saved; nothing is handed in yet."))
                return redirect("incubation:reviewing-review", pk=self.review.pk)
            incubation.hand_in_review(
                assignment=self.review, scores=form.given("points"),
                remarks=form.given("remark"), recommends=values["recommends"],
                opinion=values["opinion"], by=request.user, at=timezone.now(), on=self.today,
            )  # fmt: skip
        except ValidationError as refusal:
            add_refusal(form, refusal)
            return self.page(form)
        messages.success(request, _("The review is handed in. Thank you."))
        return redirect("incubation:reviewing-review", pk=self.review.pk)

    def page(self, form):
        row = self.review
        reasons = conflicts_of(row.application, [row.reviewer], self.today)[row.reviewer]
        return render(self.request, "incubation/review_form.html", {
            "form": form, "review": row, "application": row.application, "copy": copy_of(row, self.today), "heading": heading_of(row),
            "open": self.in_review and not row.submitted_at, "in_review": self.in_review,
            "reasons": [words_of(one) for one in reasons], "today": self.today,
            "summary": review_summary(row.application, self.request.user),
        })  # fmt: skip


class InterestNew(ActView):
    """A reviewer declares an interest before it is asked about the firm."""

    permission_required = "incubation.review_application"
    title = gettext_lazy("Declare an interest")
    done = gettext_lazy("The interest is kept.")
    form_class = shapes.FirmInterestForm

    def consequences(self):
        return [
            _("Applications of this organisation are not given to you; a review of it that waits "
              "for you is taken off you.")
        ]  # fmt: skip

    def back(self):
        return reverse("incubation:reviewing")

    def act(self, *, organisation, kind, note):
        reviewer = get_object_or_404(Reviewer, user=self.request.user.pk)
        incubation.declare_interest(
            reviewer=reviewer, organisation=organisation, kind=kind, note=note,
            source=Interest.Source.DECLARED, start=self.today, by=self.request.user,
            at=timezone.now(),
        )  # fmt: skip
        return self.back()


class OwnInterest(OwnReviews, ActView):
    """The reviewer says what stands between it and the applicant; the review is taken off."""

    title = gettext_lazy("Declare an interest")
    button = gettext_lazy("Declare and give the review back")
    done = gettext_lazy("Thank you. The review is taken off you.")
    form_class = shapes.OwnInterestForm

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, subject=heading_of(self.review))

    def consequences(self):
        return [
            _("The review is taken off you, and you are not asked about this applicant again while "
              "the interest lasts."),
            _("The carrier's staff see the interest and ask another reviewer."),
        ]  # fmt: skip

    def back(self):
        return reverse("incubation:reviewing-review", args=[self.review.pk])

    def act(self, *, kind, note):
        row = self.review
        incubation.declare_interest(
            reviewer=row.reviewer, tenant=row.application.tenant, kind=kind, note=note,
            source=Interest.Source.DECLARED, start=self.today, by=self.request.user,
            at=timezone.now(),
        )  # fmt: skip
        return reverse("incubation:reviewing")
