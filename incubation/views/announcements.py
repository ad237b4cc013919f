"""Whom the carriers want to admit: public, for as long as one may object."""

from django.views.generic import TemplateView

from incubation.selectors.announcements import announced
from parks.days import day_of


class Announcements(TemplateView):
    """Without logging in; nothing about money, people or points."""

    template_name = "incubation/announcements.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, rows=announced(day_of(self.request)))
