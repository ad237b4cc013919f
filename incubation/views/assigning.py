"""Asking reviewers for an application: who is proposed, who is left out and why."""

from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incubation import reviewing_forms as shapes
from incubation import services as incubation
from incubation.models import ReviewAssignment, Reviewer
from incubation.selectors.intake import intake_of
from incubation.selectors.reviewing import propose_reviewers, words_of
from incubation.selectors.scores import round_of
from incubation.selectors.writing import papers_of
from incubation.views.application_acts import ApplicationAct
from incubation.workflow import State


class AssignReviewers(ApplicationAct):
    template_name = "incubation/assign.html"
    title = gettext_lazy("Ask reviewers")
    button = gettext_lazy("Ask them")
    done = gettext_lazy("The reviewers are asked and told.")
    form_class = shapes.AssignForm

    @cached_property
    def intake(self):
        return intake_of(self.application.carrier)

    @cached_property
    def asked(self):
        rows = ReviewAssignment.objects.filter(
            application=self.application, round=round_of(self.application)
        )
        return list(rows.select_related("reviewer"))

    @cached_property
    def proposal(self):
        return propose_reviewers(self.application, on=self.today)

    @property
    def able(self):
        return [*self.proposal.reviewers, *self.proposal.others]

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"able": self.able}

    def get_initial(self):
        return {"reviewers": [one.pk for one in self.proposal.reviewers]}

    def consequences(self):
        told = [
            _("They have %(days)s days and do not see each other's points before their own are in.")
            % {"days": self.intake.review_days},
            _("Whoever has an interest in the applicant is left out; each reason is kept."),
        ]
        if self.intake.blind:
            papers = papers_of(self.application)
            shown = sum(not one.names_applicant for one in papers)
            told += [
                _("They get a copy without names."),
                _(
                    "Of the %(all)s documents they get the %(shown)s that do not name the applicant, "
                    "without authors and other notes in the file."
                )
                % {"all": len(papers), "shown": shown},
            ]
        return told

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        marked = {str(value) for value in context["form"]["reviewers"].value() or ()}
        proposed = {one.pk for one in self.proposal.reviewers}
        return context | {
            "able": [(one, str(one.pk) in marked, one.pk in proposed) for one in self.able],
            "full": self.proposal.full, "asked": self.asked, "intake": self.intake,
            "left_out": [
                (one, [words_of(reason) for reason in reasons])
                for one, reasons in self.proposal.conflicts.items()
            ],
            "lacking": self.intake.reviewer_count - sum(not one.withdrawn_at for one in self.asked)
            - len(self.able), "in_review": self.application.state == State.IN_REVIEW,
        }  # fmt: skip

    def act(self, *, reviewers):
        chosen = list(Reviewer.objects.filter(pk__in=reviewers).select_related("user"))
        incubation.assign_reviewers(
            application=self.application, reviewers=chosen, by=self.request.user,
            at=timezone.now(), on=self.today,
        )  # fmt: skip
        return self.back()


class TakeOff(ApplicationAct):
    """A review is taken off before it is in."""

    title = gettext_lazy("Take the review off")
    done = gettext_lazy("The review is taken off. Ask another reviewer.")
    form_class = shapes.TakeOffForm
    danger = True

    @cached_property
    def review(self):
        rows = self.application.assignments.waiting().select_related("reviewer__user")
        row = rows.filter(pk=self.kwargs["review"]).first()
        if row is None:
            raise Http404
        return row

    def consequences(self):
        return [
            _("%(name)s can no longer see the application; what was written stays unread.")
            % {"name": self.review.reviewer.name}
        ]

    def act(self, *, reason):
        incubation.withdraw_assignment(
            assignment=self.review, reason=reason, by=self.request.user, at=timezone.now()
        )
        return self.back()
