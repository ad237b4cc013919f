"""The one page of an application, for the applicant, the carrier's staff and the bureau."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from incubation.models import Application
from incubation.workflow import State
from parks.days import day_of
from tenants.views.base import RowsView
from tenants.views.lists import Column


def _seen(user, on):
    """Whoever reviews goes by the copy made for it, not by this page."""
    rows = Application.objects.with_state(on).filter(state__isnull=False)
    if user.has_perm("incubation.review_application") and not user.has_perm("parks.view_park"):
        return rows.filter(tenant__in=user.tenants.values("pk"))
    return rows.filter(pk__in=Application.objects.visible_to(user).values("pk"))


class ApplicationList(RowsView):
    permission_required = "incubation.view_application"
    template_name = "incubation/application_list.html"
    orders = ("number", "tenant__name", "carrier__name", "state", "state_since")
    default_order = ("-state_since", "-pk")
    columns = (
        Column(_("number"), "number", order="number",
               link=lambda row: f"/applications/{row.pk}/"),
        Column(_("applicant"), "tenant__name", order="tenant__name", key=True),
        Column(_("carrier"), "carrier__name", order="carrier__name"),
        Column(_("state"), lambda row: str(State(row.state).label), name="state", order="state",
               key=True),
        Column(_("since"), "state_since", order="state_since"),
        Column(_("until"), "state_until"),
    )  # fmt: skip

    def rows(self, on):
        rows = _seen(self.request.user, on).select_related("tenant", "carrier__park")
        return rows.defer("carrier__park__boundary")


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
