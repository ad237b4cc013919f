"""What the applicant's pages share: own tenants, own applications, units asked for."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from incubation.models import Application
from incubation.services.writing import MOST_UNITS
from incubation.workflow import WRITABLE
from parks.days import parse_day
from parks.keys import as_keys
from tenants.selectors.state import vacancies


def address_of(application) -> str:
    """Where its applicant goes on with it; ``application`` with its ``state``."""
    if application.state in WRITABLE:
        return reverse("incubation:apply-form", args=[application.pk])
    return f"/applications/{application.pk}/"


class ApplicantView(PermissionRequiredMixin):
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

    @property
    def move_in(self):
        """The day for which the vacant space was looked at, ``on``; today without one."""
        given = self.request.GET.get("on") or self.request.POST.get("on", "")
        try:
            return parse_day(given, today=self.today)
        except ValidationError:
            return self.today

    @property
    def keys_asked(self):
        keys = self.request.GET.getlist("unit") or self.request.POST.getlist("unit")
        return as_keys(keys)[:MOST_UNITS]

    def units_asked(self):
        """The units vacant on the day of moving in that the page was opened with, ``?unit=``."""
        keys = self.keys_asked
        if not keys:
            return []
        return list(vacancies(self.move_in).filter(pk__in=keys).select_related(
            "floor__building__park"
        ).defer("floor__building__park__boundary").order_by("pk"))  # fmt: skip
