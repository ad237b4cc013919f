"""What members of a tenant do themselves: report a problem and see what becomes of it."""

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from parks.days import day_of
from parks.keys import as_key
from tenants import services as letting
from tenants.fact_forms import ReportForm
from tenants.models import LeaseLine
from tenants.selectors.facts import own_reports
from tenants.views.base import ActView, PagesView

PAGE_SIZE = 30


class MyProblems(PagesView):
    permission_required = "tenants.report_problem"
    template_name = "tenants/my_problems.html"
    paginate_by = PAGE_SIZE

    def get_queryset(self):
        rows = own_reports(self.request.user, day_of(self.request))
        return rows.select_related("tenant", "reported_by").prefetch_related("problems")


class ProblemReport(ActView):
    """``?tenant=`` chooses among one's tenants where there are several."""

    permission_required = "tenants.report_problem"
    title = _("Report a problem")
    button = _("Send")
    done = _("Sent. Your park is told at once; here you see what becomes of it.")
    form_class = ReportForm

    @cached_property
    def tenant(self):
        mine = self.request.user.tenants.standing().order_by("pk")
        if (wanted := as_key(self.request.GET.get("tenant"))) is not None:
            mine = mine.filter(pk=wanted)
        tenant = mine.select_related("home_park").first()
        if tenant is None:
            raise Http404
        return tenant

    def get_form_kwargs(self):
        lines = LeaseLine.objects.binding().active_on(self.today).filter(lease__tenant=self.tenant)
        lines = lines.select_related("unit__floor__building__park").order_by("unit__number")
        places = [
            f"{one.unit.floor.building.park.name} {one.unit.floor.building.name} {one.unit.number}"
            for one in lines
        ]
        return super().get_form_kwargs() | {"places": list(dict.fromkeys(places))}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, subject=self.tenant.name)

    def act(self, **values):
        letting.report_problem(tenant=self.tenant, by=self.request.user, on=self.today, **values)
        return self.back()

    def back(self):
        return reverse("tenants:my-problems")
