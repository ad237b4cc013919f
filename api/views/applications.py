"""Applications: seen by who has to do with them, written and sent by who applies."""

from dataclasses import dataclass

import django_filters as filters
from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions

from api.base import ON, Resource, checked
from api.serializers import application_acts as bodies
from api.serializers import applications as shapes
from api.views.application_acts import CarrierActs, ReviewerActs
from api.views.application_entry import Entry
from api.views.application_parts import Parts
from api.views.application_shared import APPLICANTS, STAFF, act
from api.views.figures import own_tenant
from api.views.graduation import seen
from incubation import services as incubation
from incubation.models import Application, ApplicationStep, Carrier, ReviewAssignment
from incubation.selectors.comparing import carriers_to_apply
from incubation.selectors.promises import with_promised
from incubation.workflow import State
from parks.filters import KeyFilter
from parks.models import Unit
from parks.models.space import UnitKind

#: What names an applicant, to be hidden from who reviews without names.
NAMES = ("tenant__former_names", "tenant__people", "tenant__users")


class ApplicationFilter(filters.FilterSet):
    """``state`` as of the day. By ``tenant`` only those are found of whom one knows whose they are."""

    state = filters.MultipleChoiceFilter(choices=State.choices)
    tenant = KeyFilter("tenant_id", method="by_tenant")
    carrier = KeyFilter("carrier_id")
    call = KeyFilter("call_id")
    park = filters.CharFilter("carrier__park__code")
    unit_kind = filters.ChoiceFilter(choices=UnitKind.choices)
    late = filters.BooleanFilter(method="by_late", label="the promised day has passed")

    class Meta:
        model = Application
        fields = {"number": ["exact"], "move_in_on": ["gte", "lte"], "closed_on": ["isnull"]}

    def by_late(self, rows, name, value):
        late = rows.filter(promised__lt=self.request.parser_context["view"].on)
        return late if value else rows.exclude(pk__in=late.values("pk"))

    def by_tenant(self, rows, name, value):
        user = self.request.user
        if not user.has_perm("parks.view_park"):
            rows = rows.filter(tenant__in=user.tenants.values("pk"))
        return rows.filter(tenant=value)


@dataclass(frozen=True)
class Sight:
    """``staff`` of the park or the bureau; ``party``: they and the applicant; ``named``: who sees
    whose application it is."""

    staff: bool
    party: bool
    named: bool


@extend_schema(parameters=[ON])
class ApplicationResource(CarrierActs, ReviewerActs, Entry, Parts, Resource):
    """POST begins a draft, PATCH writes it; every step is an act of its own."""

    queryset = Application.objects.none()
    serializer_class = shapes.ApplicationSerializer
    filterset_class = ApplicationFilter
    view_permission = "incubation.view_application"
    act_permissions = {
        **dict.fromkeys(APPLICANTS, "incubation.apply"),
        **dict.fromkeys(STAFF, "incubation.handle_application"),
        **dict.fromkeys(["score", "declare"], "incubation.review_application"),
        "carrier_eligibility": "incubation.apply",
    }
    ordering_fields = ("number", "state", "state_since", "move_in_on")

    @property
    def search_fields(self):
        """Who reviews without names finds none by the words that are hidden from it."""
        if self.request and self.request.user.has_perm("parks.view_park"):
            return ("number", "title", "tenant__name", "tenant__uscc")
        return ("number",)

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        user = self.request.user
        rows = Application.objects.visible_to(user)
        if self.action in APPLICANTS:
            rows = rows.filter(tenant__in=self.own)
        elif self.action in STAFF:
            rows = rows.filter(carrier__in=Carrier.objects.visible_to(user).values("pk"))
        rows = with_promised(rows.with_state(self.on).filter(state__isnull=False))
        rows = rows.select_related("tenant", "carrier__park", "applicant")
        asked = ReviewAssignment.objects.standing().select_related("reviewer", "sheet")
        steps = ApplicationStep.objects.by_day(self.on).select_related("by").order_by("sequence")
        return rows.defer("carrier__park__boundary").prefetch_related(
            *(() if user.has_perm("parks.view_park") else NAMES),
            Prefetch("preferred_units", Unit.objects.only("pk").order_by("pk")),
            Prefetch("assignments", asked.prefetch_related("scores").order_by("round", "pk"),
                     to_attr="standing_reviews"),
            Prefetch("steps", steps, to_attr="steps_by_day"),
        ).order_by("pk")  # fmt: skip

    @cached_property
    def own(self) -> set[int]:
        """The tenants one belongs to."""
        return set(self.request.user.tenants.values_list("pk", flat=True))

    def sight(self, application) -> Sight:
        user = self.request.user
        staff = user.has_perm("parks.view_park")
        party = staff or application.tenant_id in self.own
        blind = any(
            one.blind for one in application.standing_reviews if one.reviewer.user_id == user.pk
        )
        return Sight(staff, party, party or not blind)

    def party(self):
        """The application, to the applicant and the staff; reviewers find none."""
        row = self.get_object()
        if not self.sight(row).party:
            raise exceptions.NotFound
        return row

    def moment(self) -> dict:
        """Who acts, and when."""
        return {"by": self.request.user, "at": timezone.now(), "on": self.today}

    def take(self, service, values):
        """Do ``service`` to the application; the answer is how it is then."""
        row = self.changing(self.get_object())
        service(application=row, **self.moment(), **values)
        return self.fresh(row.pk)

    def dossier(self, values):
        """The values with the units wished for as rows."""
        if "preferred_units" in values:
            keys = set(values["preferred_units"])
            units = list(Unit.objects.only("pk").filter(pk__in=keys))
            if len(units) < len(keys):
                raise exceptions.ValidationError(
                    {"preferred_units": [_("Not all of these units are there.")]}
                )
            values["preferred_units"] = units
        return values

    def carrier_of(self, key):
        return seen(carriers_to_apply(self.today), key, "carrier")

    @extend_schema(
        request=bodies.StartSerializer, responses={201: shapes.ApplicationSerializer}
    )  # fmt: skip
    def create(self, request):
        values = checked(bodies.StartSerializer, request)
        tenant = own_tenant(request.user, values)
        carrier = self.carrier_of(values.pop("carrier"))
        with transaction.atomic():
            row = incubation.start_application(tenant=tenant, carrier=carrier, **self.moment())
            incubation.save_draft(application=row, values=self.dossier(values), **self.moment())
        return self.fresh(row.pk, 201)

    @extend_schema(
        request=bodies.DossierSerializer, responses={200: shapes.ApplicationSerializer}
    )  # fmt: skip
    def partial_update(self, request, pk=None):
        """Save what is named; nothing is sent yet."""
        values = self.dossier(checked(bodies.DossierSerializer, request))
        return self.take(incubation.save_draft, {"values": values})

    @act(bodies.NothingSerializer)
    def submit(self, request, pk=None):
        """Send it, or send it again once amended; 409 names everything that is missing."""
        return self.take(incubation.submit_application, {})

    @act(bodies.OpinionSerializer)
    def withdraw(self, request, pk=None):
        values = checked(bodies.OpinionSerializer, request)
        return self.take(incubation.withdraw_application, values)

    @act(bodies.NeededOpinionSerializer)
    def objection(self, request, pk=None):
        """The public notice about oneself is wrong: back to review, in a new round."""
        values = checked(bodies.NeededOpinionSerializer, request)
        return self.take(incubation.record_objection, values)

    @act(bodies.CopySerializer, status=201)
    def copy(self, request, pk=None):
        """A new draft that says the same, with the documents."""
        values = checked(bodies.CopySerializer, request)
        carrier = self.carrier_of(values["carrier"]) if "carrier" in values else None
        row = incubation.copy_application(
            previous=self.get_object(), carrier=carrier, **self.moment()
        )
        return self.fresh(row.pk, 201)

    @act(bodies.NothingSerializer)
    def accept(self, request, pk=None):
        """Take the offer; the units stay held for the days to sign."""
        return self.take(incubation.accept_offer, {})

    @act(bodies.NeededOpinionSerializer)
    def decline(self, request, pk=None):
        """Leave the offer; the units go on to the next in the queue."""
        values = checked(bodies.NeededOpinionSerializer, request)
        return self.take(incubation.decline_offer, values)
