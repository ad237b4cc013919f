"""Whom the carriers want to admit: public, for as long as one may object."""

from django.views.generic import TemplateView

from incubation.models import Application
from incubation.workflow import State
from parks.days import day_of


class Announcements(TemplateView):
    """Without logging in; nothing about money, people or points."""

    template_name = "incubation/announcements.html"

    def get_context_data(self, **kwargs):
        rows = Application.objects.in_state(State.NOTICED, on=day_of(self.request))
        rows = rows.select_related("tenant", "carrier__park").defer("carrier__park__boundary")
        return super().get_context_data(
            **kwargs, rows=rows.order_by("state_until", "tenant__name", "pk")
        )
