"""How a carrier takes applications: its settings, and the calls it opens."""

from django.db.models import Count
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incubation import intake_forms as shapes
from incubation import services
from incubation.models import Call, Carrier
from incubation.selectors.intake import intake_of
from incubation.views.carrier_acts import CarrierAct
from tenants.views.base import ActView, RowsView, last_day_to_end
from tenants.views.lists import Column


class IntakeEdit(CarrierAct):
    permission_required = "incubation.handle_application"
    template_name = "incubation/intake.html"
    title = gettext_lazy("How applications are taken")
    button = gettext_lazy("Save the settings")
    form_class = shapes.IntakeForm
    service = services.set_intake

    def get_form_kwargs(self):
        found = {"instance": intake_of(self.carrier), "on": self.today}
        return super().get_form_kwargs() | found

    def consequences(self):
        return [
            _("Days promised count at once, for applications under way too; last days already "
              "given to an applicant stay."),
            _("Number of reviewers and scoring sheet hold for reviews asked for from now on."),
        ]  # fmt: skip

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        calls = self.carrier.calls.filter(closes_on__gt=self.today).order_by("opens_on")
        return context | {"calls": calls, "carrier": self.carrier, "park": self.carrier.park}


class CallList(RowsView):
    """Public among those who are logged in: everybody may know when a carrier takes applications."""

    permission_required = "incubation.view_application"
    template_name = "incubation/call_list.html"
    filter_class = shapes.CallFilter
    orders = ("name", "carrier__name", "opens_on", "closes_on", "received")
    default_order = ("-opens_on", "pk")

    @property
    def columns(self):
        handled = self.handled

        def link(row):
            return f"/calls/{row.pk}/edit/" if row.carrier_id in handled else None

        return (
            Column(_("call"), "name", order="name", link=link, key=True),
            Column(_("carrier"), "carrier__name", order="carrier__name"),
            Column(_("park"), "carrier__park__name"),
            Column(_("state"), lambda row: str(row.standing(self.on)), name="state", key=True),
            Column(_("opens on"), "opens_on", order="opens_on"),
            Column(_("last day"), "last_day", order="closes_on"),
            Column(_("places"), "places", num=True),
            Column(_("received"), "received", order="received", num=True),
        )  # fmt: skip

    @cached_property
    def handled(self) -> set:
        """The carriers whose calls the person may change."""
        user = self.request.user
        if not user.has_perm("incubation.handle_application"):
            return set()
        return set(Carrier.objects.visible_to(user).values_list("pk", flat=True))

    def rows(self, on):
        rows = Call.objects.select_related("carrier__park").defer("carrier__park__boundary")
        return rows.annotate(received=Count("applications"))


class CallNew(CarrierAct):
    permission_required = "incubation.handle_application"
    title = gettext_lazy("Open a call")
    done = gettext_lazy("The call is announced.")
    form_class = shapes.CallForm

    def back(self):
        return reverse("incubation:carrier-intake", args=[self.carrier.pk])

    def consequences(self):
        return [
            _("Between its days the carrier takes applications; applicants see the call where "
              "they choose a carrier. A carrier that so far takes them all year takes them in "
              "calls from now on."),
        ]  # fmt: skip

    def act(self, *, last_day, **values):
        services.open_call(
            carrier=self.carrier, by=self.request.user, closes_on=last_day_to_end(last_day),
            **values,
        )  # fmt: skip
        return self.back()


class CallEdit(ActView):
    permission_required = "incubation.handle_application"
    title = gettext_lazy("Correct a call")
    done = gettext_lazy("Saved.")
    form_class = shapes.CallForm

    @cached_property
    def call(self):
        carriers = Carrier.objects.visible_to(self.request.user).values("pk")
        rows = Call.objects.filter(carrier__in=carriers).select_related("carrier__park")
        return get_object_or_404(rows.defer("carrier__park__boundary"), pk=self.kwargs["pk"])

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.call}

    def back(self):
        return reverse("incubation:call-list")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, subject=f"{self.call} · {self.call.carrier}")

    def act(self, *, last_day, **values):
        services.correct_call(
            call=self.call, by=self.request.user, closes_on=last_day_to_end(last_day), **values
        )
        return self.back()
