"""What the acts on an application share."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property

from incubation.models import Application
from tenants.views.base import ActView


class ApplicationAct(ActView):
    """An act on an application the person may see; its page comes next."""

    permission_required = "incubation.handle_application"
    #: The service; it gets the application, the form's values, who asks and when.
    service = None

    @cached_property
    def application(self):
        rows = Application.objects.visible_to(self.request.user).with_state(self.today)
        rows = rows.select_related("tenant", "carrier__park").defer("carrier__park__boundary")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def back(self):
        return f"/applications/{self.application.pk}/"

    def get_context_data(self, **kwargs):
        row = self.application
        return super().get_context_data(
            **kwargs, application=row, park=row.carrier.park,
            subject=f"{row.number} · {row.tenant} · {row.carrier}",
        )  # fmt: skip

    def act(self, **values):
        type(self).service(
            application=self.application, by=self.request.user, at=timezone.now(), on=self.today,
            **values,
        )  # fmt: skip
        return self.back()
