"""The formal check, the decision, an objection, and the waiting list: what the staff do."""

from datetime import timedelta

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incubation import checking_forms as shapes
from incubation import services as incubation
from incubation.checking_sections import versions_of
from incubation.dossier import TEXTS
from incubation.selectors.intake import intake_of
from incubation.selectors.scores import reviews_of, score_over
from incubation.selectors.writing import papers_of
from incubation.views.application_acts import ApplicationAct


class OutcomeAct(ApplicationAct):
    """One form, several outcomes: ``services`` gives the act of each."""

    done = gettext_lazy("Saved; the applicant is told.")
    services = {}

    def act(self, *, outcome, **values):
        self.services[outcome](
            application=self.application, by=self.request.user, at=timezone.now(), on=self.today,
            **values,
        )  # fmt: skip
        return self.back()


class CheckApplication(OutcomeAct):
    """Part by part what was sent, and beside it what is to be amended."""

    template_name = "incubation/application_check.html"
    title = gettext_lazy("Formal check")
    button = gettext_lazy("Save the check")
    form_class = shapes.CheckForm
    services = {
        shapes.ACCEPT: incubation.accept_form,
        shapes.RETURN: incubation.return_application,
        shapes.REFUSE: incubation.refuse_form,
    }

    @cached_property
    def papers(self):
        return list(papers_of(self.application))

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"papers": self.papers}

    def consequences(self):
        intake = intake_of(self.application.carrier)
        until = self.today + timedelta(days=intake.amend_days - 1)
        return [
            _("Accepted, it goes to review; the decision is promised within %(days)s days.")
            % {"days": intake.review_days},
            _("Returned, the applicant has until %(day)s to amend; then it lapses by itself.")
            % {"day": until},
            _("Refused, it is at an end; the applicant reads the reason and may apply again."),
        ]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        row, papers = self.application, {f"paper_{one.pk}": one for one in self.papers}
        texts = {name: getattr(row, name) for name in TEXTS}
        parts = [
            (field, texts.get(name), papers.get(name), name == "wishes")
            for name, field in context["form"].part_fields()
        ]
        returned = row.steps.filter(act="return").last()
        return context | {
            "parts": parts, "asked": returned.details.get("items", ()) if returned else (),
            "versions": versions_of(row, self.today)[:1],
        }  # fmt: skip

    def act(self, *, outcome, items, **values):
        listed = {"items": items} if outcome == shapes.RETURN else {}
        return super().act(outcome=outcome, **listed, **values)


class DecideApplication(OutcomeAct):
    """The points in sight: how many reviews, their mean and how far they lie apart."""

    template_name = "incubation/application_decide.html"
    title = gettext_lazy("Decide on the application")
    button = gettext_lazy("Save the decision")
    form_class = shapes.DecideForm
    services = {
        shapes.APPROVE: incubation.approve_application,
        shapes.REFUSE: incubation.refuse_application,
    }

    @cached_property
    def reviews(self):
        rows = reviews_of(self.application).select_related("reviewer", "sheet")
        return list(rows.prefetch_related("scores"))

    @cached_property
    def score(self):
        return score_over(one for one in self.reviews if one.submitted_at)

    @cached_property
    def intake(self):
        return intake_of(self.application.carrier)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"passed": self.score.passed or not self.score.count}

    def consequences(self):
        days = self.intake.notice_days
        if days:
            approved = _(
                "Approved, it is announced in public up to %(day)s; without an objection it "
                "stands the day after."
            ) % {"day": self.today + timedelta(days=days - 1)}
        else:
            approved = _("Approved, it can be offered space at once.")
        return [approved, _("Not admitted, it is at an end; the applicant reads the reason.")]

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs, score=self.score, needed=self.intake.reviewer_count, reviews=self.reviews,
            enough=self.score.count >= self.intake.reviewer_count,
        )  # fmt: skip

    def act(self, *, outcome, against_points_reason="", **values):
        if outcome == shapes.APPROVE:
            values["against_points_reason"] = against_points_reason
        return super().act(outcome=outcome, **values)


class RecordObjection(ApplicationAct):
    title = gettext_lazy("Record an objection")
    done = gettext_lazy("The objection is recorded; a new round of reviews begins.")
    form_class = shapes.ObjectionForm
    service = incubation.record_objection
    danger = True

    def consequences(self):
        return [
            _("The public notice ends, and the application goes back to review."),
            _("Reviews count anew: ask reviewers again, then decide."),
        ]


class QueueApplication(ApplicationAct):
    title = gettext_lazy("Put on the waiting list")
    done = gettext_lazy("The application is on the waiting list.")
    form_class = shapes.QueueForm
    service = incubation.queue_application

    def consequences(self):
        row = self.application
        return [
            _("It joins the end of the queue for %(kind)s at %(carrier)s; the applicant sees its "
              "place and the earliest plausible day.")
            % {"kind": row.get_unit_kind_display(), "carrier": row.carrier},
        ]  # fmt: skip


class SendMessage(ApplicationAct):
    """Both sides write on the page of the application; this page is for what was refused."""

    permission_required = ()
    title = gettext_lazy("Write a message")
    button = gettext_lazy("Send the message")
    done = gettext_lazy("The message is sent.")
    form_class = shapes.MessageForm

    def has_permission(self):
        user = self.request.user
        return user.has_perm("incubation.apply") or user.has_perm("incubation.handle_application")

    def back(self):
        return f"{super().back()}#messages"

    def act(self, *, text):
        row, user = self.application, self.request.user
        incubation.send_message(
            application=row, text=text, by=user, at=timezone.now(),
            from_applicant=user.tenants.filter(pk=row.tenant_id).exists(),
        )  # fmt: skip
        return self.back()
