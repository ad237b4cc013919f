"""What operators write down about a tenant: names, people, qualifications, figures, visits."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from tenants import fact_forms as shapes
from tenants import forms
from tenants import services as letting
from tenants.filters import VisitFilter
from tenants.models import Qualification, Tenant, TenantPerson, Visit, VisitProblem, YearFigure
from tenants.selectors.facts import remarks, visit_counts
from tenants.views.base import ActView, RowsView, last_day_to_end
from tenants.views.lists import Column


class TenantAct(ActView):
    """An act on a tenant the user may see; its page comes next."""

    permission_required = "tenants.change_tenant"
    done = gettext_lazy("Saved.")

    @cached_property
    def tenant(self):
        return get_object_or_404(Tenant.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def back(self):
        return reverse("tenants:tenant-detail", args=[self.tenant.pk])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, subject=self.tenant.name)


class FactAct(TenantAct):
    """An act on a row of a tenant."""

    model = None

    @cached_property
    def fact(self):
        rows = self.model.objects.visible_to(self.request.user).select_related("tenant")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @property
    def tenant(self):
        return self.fact.tenant

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        bound = issubclass(self.get_form_class(), shapes.FactForm)
        return kwargs | ({"instance": self.fact} if bound else {})


class Proven:
    """An act with a proof: a file of the form becomes a document of the tenant."""

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"tenant": self.tenant}

    def act(self, *, file=None, **values):
        if file is None:
            self.keep(**values)
        else:
            with letting.kept_file(
                file=file, tenant=self.tenant, at=timezone.now(), by=self.request.user
            ) as document:
                self.keep(**values | {"document": document})
        return self.back()


class RenameTenant(TenantAct):
    title = gettext_lazy("New name")
    form_class = shapes.RenameForm

    def act(self, **values):
        letting.rename_tenant(tenant=self.tenant, on=self.today, by=self.request.user, **values)
        return self.back()


class PersonNew(TenantAct):
    title = gettext_lazy("Add a person")
    form_class = shapes.PersonForm

    def act(self, **values):
        letting.add_person(tenant=self.tenant, by=self.request.user, **values)
        return self.back()


class PersonEdit(FactAct):
    model = TenantPerson
    title = gettext_lazy("Correct a person")
    form_class = shapes.PersonForm

    def act(self, **values):
        letting.correct_person(person=self.fact, by=self.request.user, **values)
        return self.back()


class PersonRemove(FactAct):
    model = TenantPerson
    title = gettext_lazy("Remove a person")
    done = gettext_lazy("Removed.")
    danger = True
    form_class = forms.ReasonForm

    def consequences(self):
        return [str(self.fact)]

    def act(self, *, reason):
        letting.remove_person(person=self.fact, by=self.request.user, reason=reason)
        return self.back()


class QualificationNew(Proven, TenantAct):
    title = gettext_lazy("Add a qualification")
    form_class = shapes.QualificationForm

    def keep(self, *, last_day, **values):
        if last_day:
            values["end"] = last_day_to_end(last_day)
        letting.record_qualification(tenant=self.tenant, by=self.request.user, **values)


class QualificationEdit(Proven, FactAct):
    model = Qualification
    title = gettext_lazy("Correct a qualification")
    form_class = shapes.QualificationForm

    def get_initial(self):
        return {"last_day": shapes.last_day_of(self.fact.end)}

    def keep(self, *, last_day, **values):
        letting.correct_qualification(
            qualification=self.fact, by=self.request.user, end=last_day_to_end(last_day), **values
        )


class QualificationRemove(FactAct):
    model = Qualification
    title = gettext_lazy("Remove a qualification")
    done = gettext_lazy("Removed.")
    danger = True
    form_class = forms.ReasonForm

    def consequences(self):
        return [f"{self.fact.get_kind_display()} {self.fact.start}"]

    def act(self, *, reason):
        letting.remove_qualification(qualification=self.fact, by=self.request.user, reason=reason)
        return self.back()


class FigureNew(Proven, TenantAct):
    title = gettext_lazy("Add figures of a year")
    form_class = shapes.FigureForm

    def keep(self, **values):
        letting.record_figure(tenant=self.tenant, by=self.request.user, **values)


class FigureEdit(Proven, FactAct):
    model = YearFigure
    title = gettext_lazy("Correct figures of a year")
    form_class = shapes.FigureForm

    def consequences(self):
        return remarks(self.fact)

    def keep(self, **values):
        letting.correct_figure(figure=self.fact, by=self.request.user, **values)


class FigureConfirm(FactAct):
    model = YearFigure
    title = gettext_lazy("Confirm figures of a year")
    form_class = forms.ReasonForm

    def consequences(self):
        return [str(self.fact.year), *remarks(self.fact)]

    def act(self, *, reason):
        letting.confirm_figure(figure=self.fact, on=self.today, by=self.request.user, reason=reason)
        return self.back()


class FigureAsk(FactAct):
    model = YearFigure
    title = gettext_lazy("Ask for a correction")
    done = gettext_lazy("The firm is told what to correct.")
    form_class = shapes.AskForm

    def consequences(self):
        return [str(self.fact.year), *remarks(self.fact)]

    def act(self, *, what):
        letting.ask_figures_again(figure=self.fact, what=what, by=self.request.user, on=self.today)
        return self.back()


class VisitNew(TenantAct):
    title = gettext_lazy("Record a visit")
    form_class = shapes.NewVisitForm

    def get_initial(self):
        return {"on": self.today}

    def act(self, **values):
        letting.record_visit(tenant=self.tenant, by=self.request.user, **values)
        return self.back()


class VisitEdit(FactAct):
    model = Visit
    title = gettext_lazy("Correct a visit")
    form_class = shapes.VisitForm

    def act(self, **values):
        letting.correct_visit(visit=self.fact, by=self.request.user, **values)
        return self.back()


class ProblemNew(FactAct):
    model = Visit
    title = gettext_lazy("Add a problem")
    form_class = shapes.NewProblemForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": None}

    def act(self, **values):
        letting.raise_problem(visit=self.fact, by=self.request.user, **values)
        return self.back()


class ProblemEdit(FactAct):
    title = gettext_lazy("Handle a problem")
    form_class = shapes.ProblemForm

    @cached_property
    def fact(self):
        visits = Visit.objects.visible_to(self.request.user)
        problems = VisitProblem.objects.filter(visit__in=visits.order_by().values("pk"))
        return get_object_or_404(problems.select_related("visit__tenant"), pk=self.kwargs["pk"])

    @property
    def tenant(self):
        return self.fact.visit.tenant

    def act(self, **values):
        letting.correct_problem(problem=self.fact, on=self.today, by=self.request.user, **values)
        return self.back()


class VisitList(RowsView):
    """Visits with what they found, open problems first."""

    permission_required = "parks.view_park"
    template_name = "tenants/visit_list.html"
    filter_class = VisitFilter
    orders = ("on", "tenant__name", "open_problems", "problem_count")
    default_order = ("-has_open", "-on", "-pk")
    columns = (
        Column(gettext_lazy("tenant"), "tenant__name", order="tenant__name",
               link=lambda visit: reverse("tenants:tenant-detail", args=[visit.tenant_id])),
        Column(gettext_lazy("day"), "on", order="on", key=True),
        Column(gettext_lazy("visitor"), "visitor"),
        Column(gettext_lazy("subject"), "subject"),
        Column(gettext_lazy("problems"), "problem_count", order="problem_count", num=True),
        Column(gettext_lazy("open problems"), "open_problems", order="open_problems", num=True),
        Column(gettext_lazy("what was found"), lambda visit: "；".join(
            one.text for one in visit.problems.all()), name="texts", key=True),
        Column(gettext_lazy("handled by"), lambda visit: "、".join(
            dict.fromkeys(one.handled_by for one in visit.problems.all() if one.handled_by)),
            name="handled_by", shown=False),
        Column(gettext_lazy("note"), "note", shown=False),
    )  # fmt: skip

    def rows(self, on):
        visits = Visit.objects.visible_to(self.request.user).filter(on__lte=on).with_problems(on)
        return visits.select_related("tenant").prefetch_related("problems")

    def get_context_data(self, **kwargs):
        found = Visit.objects.filter(pk__in=self.object_list.order_by().values("pk"))
        asked = self.filter.form.cleaned_data
        until = min(asked.get("on__lte") or self.on, self.on)
        return super().get_context_data(
            **kwargs, counts=visit_counts(found, self.on), since=asked.get("on__gte"), until=until
        )
