"""The lists behind the board's counts, and the page of data problems."""

from django import forms
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from parks import services as space
from parks.days import day_of
from parks.models import Park
from tenants.items import item, with_related
from tenants.problems import PROBLEMS
from tenants.tasks import TASKS, counts, of_park
from tenants.views.base import ActView, PagesView

ALL = {task.key: task for task in [*TASKS, *PROBLEMS]}


class TaskList(PagesView):
    """Exactly the rows that the board counts, worst first; ``?park=`` narrows to one park."""

    permission_required = "parks.view_park"
    template_name = "tenants/task_list.html"

    @cached_property
    def task(self):
        if self.kwargs["key"] not in ALL:
            raise Http404
        return ALL[self.kwargs["key"]]

    @cached_property
    def code(self):
        return self.request.GET.get("park", "").replace("\x00", "")

    def get_queryset(self):
        rows = self.task.rows(self.request.user, day_of(self.request))
        return with_related(of_park(self.task, rows, self.code))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        rows = [item(self.task, row) for row in context["object_list"]]
        parks = Park.objects.visible_to(self.request.user).values("code", "name")
        return context | {"task": self.task, "rows": rows, "code": self.code, "parks": parks}


class ProblemList(PermissionRequiredMixin, TemplateView):
    permission_required = "parks.view_park"
    template_name = "tenants/problem_list.html"

    def get_context_data(self, **kwargs):
        found = counts(PROBLEMS, self.request.user, day_of(self.request))
        rows = [(task, sum(found[task.key].values())) for task in PROBLEMS]
        rows.sort(key=lambda pair: (not pair[1], not pair[0].urgent))
        return super().get_context_data(**kwargs, problems=rows)


class ParkSettingsForm(forms.ModelForm):
    class Meta:
        model = Park
        fields = (
            "first_warning_days", "second_warning_days", "last_warning_days",
            "hold_warning_days", "rent_free_warning_days", "vacant_days",
            "figures_due_days",
        )  # fmt: skip


class ParkSettings(ActView):
    """From how many days on the park is warned; the service records every change."""

    permission_required = "parks.change_park"
    title = _("Warnings of the park")
    button = _("Save")
    done = _("Saved. The board counts by these days from now on.")
    form_class = ParkSettingsForm

    @cached_property
    def found(self):
        parks = Park.objects.visible_to(self.request.user)
        return get_object_or_404(parks, code=self.kwargs["code"])

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.found}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, subject=self.found.name, park=self.found)

    def consequences(self):
        return [
            _("A lease that ends is named three times: at the first, second and last warning."),
            _("The first warning comes earliest, so it has the most days."),
        ]

    def act(self, **values):
        space.correct(self.found, by=self.request.user, **values)
        return self.back()

    def back(self):
        return reverse("tenants:park-detail", args=[self.kwargs["code"]])
