"""The waiting list with its places, and the log of offers that shows who was passed over and why."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Q
from django.views.generic import TemplateView

from incubation.models import Application, Carrier, Offer, WaitingEntry
from incubation.selectors.placing import told, with_all
from incubation.selectors.waiting import earliest_days, queues_of
from parks.days import day_of
from parks.keys import as_key
from parks.models.space import UnitKind
from tenants.views.base import PagesView

#: Offers on a page of the log.
PAGE_SIZE = 50


class WaitingList(PermissionRequiredMixin, TemplateView):
    """Staff see the queues of their carriers; who waits sees its place, without names of others."""

    permission_required = "incubation.view_application"
    template_name = "incubation/waiting.html"

    def get_context_data(self, **kwargs):
        user, on = self.request.user, day_of(self.request)
        standing, staff = WaitingEntry.objects.waiting_on(on), user.has_perm("parks.view_park")
        own = standing.filter(application__tenant__in=user.tenants.values("pk"))
        seen = standing.visible_to(user) if staff else own
        seen = set(seen.values_list("pk", flat=True))
        mine = standing.filter(pk__in=seen)
        queues = queues_of(standing.filter(
            carrier__in=mine.values("carrier"), unit_kind__in=mine.values("unit_kind")
        ))  # fmt: skip
        queues = [queue for queue in queues if any(entry.pk in seen for entry in queue)]
        days = earliest_days(queues, on)
        shown = [
            [(entry, days[entry.pk]) for entry in queue if entry.pk in seen] for queue in queues
        ]
        return super().get_context_data(
            **kwargs, staff=staff, count=len(seen),
            queues=[(queue, rows) for queue, rows in zip(queues, shown, strict=True)],
        )  # fmt: skip


class OfferLog(PagesView):
    """Every offer with the queue of its moment; applicants see their queues without names."""

    permission_required = "incubation.view_application"
    template_name = "incubation/offer_log.html"
    paginate_by = PAGE_SIZE

    def get_queryset(self):
        self.on = day_of(self.request)
        user, asked = self.request.user, self.request.GET
        rows = with_all(Offer.objects.filter(made_on__lte=self.on)).filter(self.seen_by(user))
        if (carrier := as_key(asked.get("carrier"))) is not None:
            rows = rows.filter(application__carrier=carrier)
        if asked.get("kind") in UnitKind.values:
            rows = rows.filter(application__unit_kind=asked["kind"])
        return rows.order_by("-made_at", "-pk")

    def seen_by(self, user):
        if user.has_perm("parks.view_park"):
            return Q(application__in=Application.objects.visible_to(user).values("pk"))
        # Only own applications lead to a queue, so that reviewers see none.
        own = Application.objects.filter(tenant__in=user.tenants.values("pk"))
        queues = own.filter(waits__isnull=False) | own.filter(offers__isnull=False)
        found = Q(pk__in=[])
        for carrier, kind in set(queues.values_list("carrier", "unit_kind")):
            found |= Q(application__carrier=carrier, application__unit_kind=kind)
        return found

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user = self.request.user
        staff = user.has_perm("parks.view_park")
        own = Application.objects.filter(tenant__in=user.tenants.values("pk"))
        carriers = Carrier.objects.visible_to(user).filter(applications__offers__isnull=False)
        return context | {
            "rows": told(context["object_list"], self.on), "staff": staff,
            "own": set(own.values_list("pk", flat=True)), "kinds": UnitKind.choices,
            "carriers": carriers.distinct().order_by("name") if staff else [],
        }  # fmt: skip
