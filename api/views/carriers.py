"""Carriers and what is recorded of them; mentors and service events."""

from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.decorators import action
from rest_framework.response import Response

from api.base import ON, Resource, checked
from api.serializers import NeededReasonSerializer
from api.serializers import carriers as shapes
from incubation import services as incubation
from incubation.carrier_filters import CarrierFilter, EventFilter, MentorFilter
from incubation.models import Carrier, CarrierSpace, Mentor, MentorPairing, ServiceEvent
from parks.models import Park, Unit
from tenants.models import Tenant

CHANGE = "incubation.change_carrier"
RECOGNISE = "incubation.recognise_carrier"


def seen(rows, keys, name):
    """The rows of ``keys`` among those one may see, all of them, or a 400 on the field ``name``."""
    found = list(rows.filter(pk__in=set(keys)))
    if len(found) != len(set(keys)):
        raise exceptions.ValidationError(
            {name: [_("There is none of this number, or it is not yours to see.")]}
        )
    return found


@extend_schema(parameters=[ON])
class CarrierResource(Resource):
    """Carriers that run on the day, as they were then."""

    queryset = Carrier.objects.none()
    serializer_class = shapes.CarrierSerializer
    filterset_class = CarrierFilter
    view_permission = "incubation.view_chain"
    act_permissions = dict.fromkeys(
        ["create", "partial_update", "change", "report", "close", "assign", "release",
         "record_year"], CHANGE,
    ) | dict.fromkeys(["recognise", "end_recognition", "record_grade"], RECOGNISE)  # fmt: skip
    search_fields = ("name", "operator", "field")
    ordering_fields = ("name", "stage", "opened_on", "area", "residents", "incubated")

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        carriers = Carrier.objects.visible_to(self.request.user)
        if self.action == "list":
            carriers = carriers.open_on(self.on)
        spaces = CarrierSpace.objects.active_on(self.on).order_by("pk")
        return (
            carriers.as_of(self.on).with_level(self.on).with_figures(self.on)
            .select_related("park").defer("park__boundary")
            .prefetch_related("recognitions", Prefetch("spaces", spaces, to_attr="spaces_on"))
            .order_by("pk")
        )  # fmt: skip

    def create(self, request):
        values = checked(self.serializer_class, request)
        seen(Park.objects.visible_to(request.user), [values["park"].pk], "park")
        made = incubation.create_carrier(by=request.user, **values)
        return self.fresh(made.pk, 201)

    def partial_update(self, request, pk=None):
        carrier = self.changing(self.get_object())
        serializer = self.serializer_class(carrier, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        for fixed in ("park", "stage"):
            if values.pop(fixed, getattr(carrier, fixed)) != getattr(carrier, fixed):
                raise exceptions.ValidationError({fixed: [_("It stays as it is.")]})
        incubation.correct_carrier(carrier=carrier, by=request.user, **values)
        return self.fresh(carrier.pk)

    def rows(self, serializer_class, rows):
        return Response(serializer_class(rows, many=True).data)

    def recorded(self, serializer_class, service):
        """Record a row of the carrier in the shape of ``serializer_class``."""
        carrier = self.get_object()
        values = checked(serializer_class, self.request)
        made = service(carrier=carrier, by=self.request.user, **values)
        return Response(serializer_class(made).data, status=201)

    @extend_schema(responses=shapes.RecognitionSerializer(many=True))
    @action(detail=True, methods=["get"])
    def recognitions(self, request, pk=None):
        return self.rows(shapes.RecognitionSerializer, self.get_object().recognitions.all())

    @extend_schema(
        request=shapes.RecognitionSerializer, responses={201: shapes.RecognitionSerializer}
    )
    @recognitions.mapping.post
    def recognise(self, request, pk=None):
        return self.recorded(shapes.RecognitionSerializer, incubation.record_recognition)

    @extend_schema(request=shapes.EndRecognitionSerializer, responses=shapes.RecognitionSerializer)
    @action(detail=True, methods=["post"], url_path="end-recognition")
    def end_recognition(self, request, pk=None):
        carrier = self.get_object()
        values = checked(shapes.EndRecognitionSerializer, request)
        (row,) = seen(carrier.recognitions, [values.pop("recognition")], "recognition")
        ended = incubation.end_recognition(recognition=row, by=request.user, **values)
        return Response(shapes.RecognitionSerializer(ended).data)

    @extend_schema(responses=shapes.GradeSerializer(many=True))
    @action(detail=True, methods=["get"])
    def grades(self, request, pk=None):
        return self.rows(shapes.GradeSerializer, self.get_object().grades.all())

    @extend_schema(request=shapes.GradeSerializer, responses={201: shapes.GradeSerializer})
    @grades.mapping.post
    def record_grade(self, request, pk=None):
        return self.recorded(shapes.GradeSerializer, incubation.record_grade)

    @extend_schema(responses=shapes.CarrierYearSerializer(many=True))
    @action(detail=True, methods=["get"])
    def years(self, request, pk=None):
        return self.rows(shapes.CarrierYearSerializer, self.get_object().years.all())

    @extend_schema(
        request=shapes.CarrierYearSerializer, responses={201: shapes.CarrierYearSerializer}
    )
    @years.mapping.post
    def record_year(self, request, pk=None):
        return self.recorded(shapes.CarrierYearSerializer, incubation.record_carrier_year)

    @extend_schema(responses=shapes.CarrierChangeSerializer(many=True))
    @action(detail=True, methods=["get"])
    def changes(self, request, pk=None):
        """Those in force by the day."""
        changes = self.get_object().changes.filter(effective_on__lte=self.on)
        return self.rows(shapes.CarrierChangeSerializer, changes)

    @extend_schema(
        request=shapes.CarrierChangeActSerializer, responses={201: shapes.CarrierChangeSerializer}
    )
    @changes.mapping.post
    def change(self, request, pk=None):
        carrier = self.changing(self.get_object())
        values = checked(shapes.CarrierChangeActSerializer, request)
        made = incubation.change_carrier(carrier=carrier, on=self.today, by=request.user, **values)
        return Response(shapes.CarrierChangeSerializer(made).data, status=201)

    @extend_schema(request=shapes.ReportSerializer, responses=shapes.CarrierChangeSerializer)
    @action(detail=True, methods=["post"])
    def report(self, request, pk=None):
        carrier = self.get_object()
        values = checked(shapes.ReportSerializer, request)
        (row,) = seen(carrier.changes, [values.pop("change")], "change")
        changed = incubation.report_change(change=row, by=request.user, **values)
        return Response(shapes.CarrierChangeSerializer(changed).data)

    @extend_schema(request=shapes.CloseCarrierSerializer, responses=shapes.CarrierSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request, pk=None):
        carrier = self.changing(self.get_object())
        values = checked(shapes.CloseCarrierSerializer, request)
        incubation.close_carrier(carrier=carrier, by=request.user, **values)
        return self.fresh(carrier.pk)

    @extend_schema(responses=shapes.SpaceSerializer(many=True))
    @action(detail=True, methods=["get"])
    def spaces(self, request, pk=None):
        """All of them, also those before and after the day."""
        return self.rows(shapes.SpaceSerializer, self.get_object().spaces.order_by("start", "pk"))

    @extend_schema(
        request=shapes.AssignSerializer, responses={201: shapes.SpaceSerializer(many=True)}
    )
    @spaces.mapping.post
    def assign(self, request, pk=None):
        carrier = self.get_object()
        values = checked(shapes.AssignSerializer, request)
        units = seen(Unit.objects.visible_to(request.user), values.pop("units"), "units")
        made = incubation.assign_spaces(carrier=carrier, units=units, by=request.user, **values)
        return Response(shapes.SpaceSerializer(made, many=True).data, status=201)

    @extend_schema(request=shapes.ReleaseSerializer, responses=shapes.SpaceSerializer(many=True))
    @action(detail=True, methods=["post"])
    def release(self, request, pk=None):
        """The spaces of the carrier on ``on`` afterwards."""
        carrier = self.get_object()
        values = checked(shapes.ReleaseSerializer, request)
        spaces = seen(carrier.spaces, values.pop("spaces"), "spaces")
        values |= {"spaces": spaces, "by": request.user}
        if "purpose" in values:
            incubation.change_purpose(**values)
        else:
            incubation.release_spaces(**values)
        after = carrier.spaces.active_on(values["on"]).order_by("start", "pk")
        return Response(shapes.SpaceSerializer(after, many=True).data)


class OfCarrier(Resource):
    """Rows of carriers, written by the operators of their parks."""

    view_permission = "incubation.view_chain"
    act_permissions = dict.fromkeys(
        ["create", "partial_update", "end", "pair", "record_session", "remove"], CHANGE
    )

    def own_carrier(self, carrier):
        seen(Carrier.objects.visible_to(self.request.user), [carrier.pk], "carrier")
        return carrier

    def own_tenants(self, tenants):
        seen(Tenant.objects.visible_to(self.request.user), [one.pk for one in tenants], "tenant")

    def values_for(self, row):
        serializer = self.serializer_class(row, data=self.request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        if values.pop("carrier", row.carrier) != row.carrier:
            raise exceptions.ValidationError({"carrier": [_("The carrier of a row stays.")]})
        return values


@extend_schema(parameters=[ON])
class MentorResource(OfCarrier):
    """The mentors of the day; a single one on any day."""

    queryset = Mentor.objects.none()
    serializer_class = shapes.MentorSerializer
    filterset_class = MentorFilter
    search_fields = ("name", "organisation", "speciality")
    ordering_fields = ("name", "start")

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        mentors = Mentor.objects.visible_to(self.request.user).select_related("carrier")
        if self.action == "list":
            mentors = mentors.active_on(self.on)
        pairings = MentorPairing.objects.active_on(self.on).order_by("pk")
        number = Count("sessions", distinct=True, filter=Q(sessions__on__lte=self.on))
        return (
            mentors.annotate(session_count=number).order_by("pk")
            .prefetch_related(Prefetch("pairings", pairings, to_attr="pairings_on"))
        )  # fmt: skip

    def create(self, request):
        values = checked(self.serializer_class, request)
        self.own_carrier(values["carrier"])
        return self.fresh(incubation.add_mentor(by=request.user, **values).pk, 201)

    def partial_update(self, request, pk=None):
        mentor = self.changing(self.get_object())
        incubation.correct_mentor(mentor=mentor, by=request.user, **self.values_for(mentor))
        return self.fresh(mentor.pk)

    @extend_schema(request=shapes.EndSerializer, responses=shapes.MentorSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request, pk=None):
        mentor = self.changing(self.get_object())
        values = checked(shapes.EndSerializer, request)
        incubation.end_mentor(mentor=mentor, by=request.user, **values)
        return self.fresh(mentor.pk)

    @extend_schema(request=shapes.PairingSerializer, responses={201: shapes.PairingSerializer})
    @action(detail=True, methods=["post"])
    def pair(self, request, pk=None):
        return self.recorded(shapes.PairingSerializer, incubation.pair_mentor)

    @extend_schema(responses=shapes.SessionSerializer(many=True))
    @action(detail=True, methods=["get"])
    def sessions(self, request, pk=None):
        sessions = self.get_object().sessions.filter(on__lte=self.on)
        return Response(shapes.SessionSerializer(sessions, many=True).data)

    @extend_schema(request=shapes.SessionSerializer, responses={201: shapes.SessionSerializer})
    @sessions.mapping.post
    def record_session(self, request, pk=None):
        return self.recorded(shapes.SessionSerializer, incubation.record_session)

    def recorded(self, serializer_class, service):
        mentor = self.get_object()
        values = checked(serializer_class, self.request)
        self.own_tenants([values["tenant"]])
        made = service(mentor=mentor, by=self.request.user, **values)
        return Response(serializer_class(made).data, status=201)


@extend_schema(parameters=[ON])
class EventResource(OfCarrier):
    """Events held by the day."""

    queryset = ServiceEvent.objects.none()
    serializer_class = shapes.EventSerializer
    filterset_class = EventFilter
    search_fields = ("title", "held_by")
    ordering_fields = ("on", "title")

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        events = ServiceEvent.objects.visible_to(self.request.user).select_related("carrier")
        if self.action == "list":
            events = events.filter(on__lte=self.on)
        return events.prefetch_related("attendance").order_by("pk")

    def attendance(self, rows):
        people = {row["tenant"]: row.get("people", 1) for row in rows}
        self.own_tenants(people)
        return people

    def create(self, request):
        values = checked(self.serializer_class, request)
        self.own_carrier(values["carrier"])
        values["attendance"] = self.attendance(values.pop("attendance", ()))
        return self.fresh(incubation.record_event(by=request.user, **values).pk, 201)

    def partial_update(self, request, pk=None):
        event = self.changing(self.get_object())
        values = self.values_for(event)
        if "attendance" in values:
            values["attendance"] = self.attendance(values["attendance"])
        incubation.correct_event(event=event, by=request.user, **values)
        return self.fresh(event.pk)

    @extend_schema(request=NeededReasonSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request, pk=None):
        event = self.changing(self.get_object())
        values = checked(NeededReasonSerializer, request)
        incubation.remove_event(event=event, by=request.user, **values)
        return Response(status=204)
