"""The one page of an application, for the applicant, the carrier's staff and the bureau."""

from dataclasses import replace

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import BooleanField, Case, Value, When
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from incubation.intake_forms import ApplicationFilter
from incubation.models import Application
from incubation.selectors.promises import with_promised
from incubation.workflow import State
from parks.days import day_of
from tenants.views.base import RowsView, last_day
from tenants.views.lists import Column


def _seen(user, on):
    """Whoever reviews goes by the copy made for it, not by this page."""
    rows = Application.objects.with_state(on).filter(state__isnull=False)
    if user.has_perm("incubation.review_application") and not user.has_perm("parks.view_park"):
        return rows.filter(tenant__in=user.tenants.values("pk"))
    return rows.filter(pk__in=Application.objects.visible_to(user).values("pk"))


def _standing(row) -> str:
    label = State(row.state).label
    return f"{label} · {_('late')}" if row.late else label


class ApplicationList(RowsView):
    permission_required = "incubation.view_application"
    template_name = "incubation/application_list.html"
    orders = ("number", "tenant__name", "carrier__name", "state", "state_since", "promised")
    default_order = ("-state_since", "-pk")
    filter_class = ApplicationFilter
    columns = (
        Column(_("number"), "number", order="number",
               link=lambda row: f"/applications/{row.pk}/"),
        Column(_("applicant"), "tenant__name", order="tenant__name", key=True),
        Column(_("name of the project"), "title"),
        Column(_("carrier"), "carrier__name", order="carrier__name"),
        Column(_("state"), lambda row: str(State(row.state).label), name="state", order="state",
               key=True, cell=_standing),
        Column(_("since"), "state_since", order="state_since"),
        Column(_("last day"), last_day("state_until"), name="until"),
        Column(_("promised by"), "promised", order="promised"),
        Column(_("late"), "late"),
    )  # fmt: skip

    @cached_property
    def all_columns(self):
        """An applicant knows who it is: on a telephone it reads which carrier instead."""
        found = super().all_columns
        if self.request.user.has_perm("parks.view_park"):
            return found
        keys = {"tenant__name": False, "carrier__name": True}
        return [replace(one, key=keys.get(one.name, one.key)) for one in found]

    def rows(self, on):
        rows = _seen(self.request.user, on).select_related("tenant", "carrier__park")
        overdue = Case(When(promised__lt=on, then=Value(True)), output_field=BooleanField())
        return with_promised(rows).annotate(late=overdue).defer("carrier__park__boundary")


class ApplicationDetail(PermissionRequiredMixin, TemplateView):
    permission_required = "incubation.view_application"
    template_name = "incubation/application_detail.html"

    def get_context_data(self, **kwargs):
        on = day_of(self.request)
        rows = _seen(self.request.user, on).select_related("tenant", "carrier__park", "previous")
        rows = rows.defer("carrier__park__boundary")
        application = get_object_or_404(rows, pk=self.kwargs["pk"])
        return super().get_context_data(
            **kwargs, application=application, park=application.carrier.park,
            state=State(application.state).label,
            steps=application.steps.by_day(on).select_related("by"),
        )  # fmt: skip
