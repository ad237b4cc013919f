"""The register of reviewers: who they are, how busy, and what stands between them and whom."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Count, Exists, OuterRef, Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from incubation import reviewer_forms as shapes
from incubation import services as incubation
from incubation.models import Application, Interest, ReviewAssignment, Reviewer
from incubation.selectors.reviewing import firms_of
from parks.days import day_of
from parks.periods import active_q
from tenants.models import Tenant
from tenants.views.base import ActView, RowsView, last_day, last_day_to_end
from tenants.views.lists import Column

PERMISSION = "incubation.change_reviewers"


class ReviewerList(RowsView):
    permission_required = PERMISSION
    template_name = "incubation/reviewer_list.html"
    orders = ("name", "organisation", "open_count", "done_count", "start")
    default_order = ("name", "pk")
    columns = (
        Column(gettext_lazy("reviewer"), "name", order="name",
               link=lambda one: reverse("incubation:reviewer-detail", args=[one.pk])),
        Column(gettext_lazy("organisation"), "organisation", order="organisation"),
        Column(gettext_lazy("field"), "field"),
        Column(gettext_lazy("open reviews"), "open_count", order="open_count", num=True, key=True),
        Column(gettext_lazy("reviews at once at most"), "most_open", num=True, shown=False),
        Column(gettext_lazy("reviews handed in"), "done_count", order="done_count", num=True),
        Column(gettext_lazy("interests"), "interest_count", num=True, key=True),
        Column(gettext_lazy("from"), "start", order="start"),
        Column(gettext_lazy("last day"), last_day("end"), name="end", key=True),
    )  # fmt: skip

    def rows(self, on):
        to_do = Q(assignments__in=ReviewAssignment.objects.to_do_on(on).values("pk"))
        done = Q(assignments__withdrawn_at=None, assignments__submitted_at__isnull=False)
        now = active_q(on, start="interests__start", end="interests__end")
        return Reviewer.objects.annotate(
            open_count=Count("assignments", distinct=True, filter=to_do),
            done_count=Count("assignments", distinct=True, filter=done),
            interest_count=Count("interests", distinct=True, filter=now),
        )  # fmt: skip


class ReviewerDetail(PermissionRequiredMixin, TemplateView):
    """Reviews of applications that the reader may not see are counted and not named."""

    permission_required = PERMISSION
    template_name = "incubation/reviewer_detail.html"

    def get_context_data(self, **kwargs):
        on, user = day_of(self.request), self.request.user
        row = get_object_or_404(Reviewer.objects.select_related("user"), pk=self.kwargs["pk"])
        to_do = ReviewAssignment.objects.to_do_on(on).filter(pk=OuterRef("pk"))
        reviews = ReviewAssignment.objects.standing().filter(reviewer=row)
        reviews = reviews.annotate(to_do=Exists(to_do))
        seen = reviews.visible_to(user).select_related(
            "application__tenant", "application__carrier"
        )
        interests = row.interests.select_related("tenant").order_by("-start", "pk")
        return super().get_context_data(
            **kwargs, reviewer=row, ended=row.end is not None and row.end <= on,
            interests=[(one, on < one.start, one.end is None or on < one.end) for one in interests],
            firms=[firm.name for firm in firms_of([row])[row]],
            reviews=seen.order_by("-assigned_at"), elsewhere=reviews.count() - seen.count(),
            parks=row.user.parks.order_by("name").values_list("name", flat=True),
        )  # fmt: skip


class ReviewerNew(ActView):
    permission_required = PERMISSION
    title = gettext_lazy("Add a reviewer")
    form_class = shapes.ReviewerNewForm

    @property
    def done(self):
        return _("The reviewer is in the register and can be proposed.")

    def get_initial(self):
        return {"start": self.today, "most_open": 10}

    def consequences(self):
        return [
            _("Whoever has no account yet gets one, and a mail with a link to choose a password."),
            _("A reviewer sees the applications it is asked about and nothing else."),
        ]

    def back(self):
        return reverse("incubation:reviewer-list")

    def act(self, **values):
        row = incubation.invite_reviewer(by=self.request.user, **values)
        return reverse("incubation:reviewer-detail", args=[row.pk])


class ReviewerAct(ActView):
    permission_required = PERMISSION

    @cached_property
    def row(self):
        return get_object_or_404(Reviewer.objects.select_related("user"), pk=self.kwargs["pk"])

    def back(self):
        return reverse("incubation:reviewer-detail", args=[self.row.pk])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, subject=self.row.name)


class ReviewerEdit(ReviewerAct):
    title = gettext_lazy("Correct or end")
    button = gettext_lazy("Save")
    done = gettext_lazy("Saved.")
    form_class = shapes.ReviewerForm

    def get_initial(self):
        names = (*shapes.ReviewerForm.FACTS, "start")
        return {name: getattr(self.row, name) for name in names} | {
            "last_day": last_day("end")(self.row)
        }

    def consequences(self):
        return [
            _("Reviews not handed in are taken off where the organisation turns out to be an "
              "interest; after the last day nothing new is asked.")
        ]  # fmt: skip

    def act(self, *, last_day, **values):
        incubation.correct_reviewer(
            reviewer=self.row, end=last_day_to_end(last_day), by=self.request.user,
            at=timezone.now(), on=self.today, **values,
        )  # fmt: skip
        return self.back()


class InterestKnown(ReviewerAct):
    """The staff know of an interest that the reviewer did not declare."""

    title = gettext_lazy("Record an interest")
    done = gettext_lazy("The interest is kept.")
    form_class = shapes.InterestForm

    def get_form_kwargs(self):
        user = self.request.user
        asked = Application.objects.visible_to(user).filter(tenant=OuterRef("pk"))
        seen = Tenant.objects.visible_to(user).values("pk")
        tenants = Tenant.objects.standing().filter(Q(pk__in=seen) | Exists(asked))
        return super().get_form_kwargs() | {"user": user, "tenants": tenants}

    def get_initial(self):
        return {"start": self.today}

    def consequences(self):
        return [
            _("While it lasts %(name)s is not proposed for this applicant; a review that waits is "
              "taken off on its first day and the exclusion kept.") % {"name": self.row.name}
        ]  # fmt: skip

    def act(self, *, last_day, **values):
        incubation.declare_interest(
            reviewer=self.row, source=Interest.Source.KNOWN, end=last_day_to_end(last_day),
            by=self.request.user, at=timezone.now(), **values,
        )  # fmt: skip
        return self.back()


class InterestEnd(ActView):
    """Staff end what they or the reviewer said; a reviewer ends nothing by itself."""

    permission_required = PERMISSION
    title = gettext_lazy("End an interest")
    done = gettext_lazy("The interest is over.")
    form_class = shapes.InterestEndForm

    @cached_property
    def row(self):
        rows = Interest.objects.select_related("reviewer", "tenant").filter(end=None)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        about = self.row.tenant or self.row.organisation
        return super().get_context_data(**kwargs, subject=f"{self.row} · {about}")

    def get_initial(self):
        return {"last_day": self.today}

    def consequences(self):
        return [_("From the day after, the reviewer may be asked about this applicant again.")]

    def back(self):
        return reverse("incubation:reviewer-detail", args=[self.row.reviewer_id])

    def act(self, *, last_day, reason):
        incubation.end_interest(
            interest=self.row, end=last_day_to_end(last_day), by=self.request.user, reason=reason
        )
        return self.back()
