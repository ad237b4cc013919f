"""Mentors with their firms and sessions; events with who came."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from incubation import carrier_forms as shapes
from incubation import services
from incubation.carrier_filters import EventFilter, MentorFilter
from incubation.models import (
    Carrier,
    Mentor,
    MentorPairing,
    MentorSession,
    Residency,
    ServiceEvent,
)
from incubation.views.carrier_acts import CarrierAct, RowAct, ended
from parks.days import day_of
from parks.periods import active_q
from tenants.forms import ReasonForm
from tenants.models import Tenant
from tenants.views.base import RowsView, last_day
from tenants.views.lists import Column


def name_of_carrier(row):
    return row.carrier.name


def carrier_page(row):
    return reverse("incubation:carrier-detail", args=[row.carrier_id])


class MentorList(RowsView):
    permission_required = "incubation.view_chain"
    template_name = "incubation/mentor_list.html"
    filter_class = MentorFilter
    orders = ("name", "carrier__name", "firm_count", "session_count", "start")
    default_order = ("carrier__name", "name", "pk")
    columns = (
        Column(gettext_lazy("name"), "name", order="name",
               link=lambda one: reverse("incubation:mentor-detail", args=[one.pk])),
        Column(gettext_lazy("carrier"), name_of_carrier, name="carrier", order="carrier__name",
               key=True, link=carrier_page),
        Column(gettext_lazy("organisation"), "organisation"),
        Column(gettext_lazy("speciality"), "speciality"),
        Column(gettext_lazy("firms"), "firm_count", order="firm_count", num=True, key=True),
        Column(gettext_lazy("sessions"), "session_count", order="session_count", num=True),
        Column(gettext_lazy("from"), "start", order="start"),
        Column(gettext_lazy("last day"), last_day("end"), name="end", shown=False),
    )  # fmt: skip

    def rows(self, on):
        mentors = Mentor.objects.visible_to(self.request.user).active_on(on)
        return mentors.select_related("carrier").annotate(
            firm_count=Count(
                "pairings", distinct=True,
                filter=active_q(on, start="pairings__start", end="pairings__end"),
            ),
            session_count=Count("sessions", distinct=True, filter=Q(sessions__on__lte=on)),
        )  # fmt: skip

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, chosen=chosen_carrier(self.request))


def chosen_carrier(request):
    key = request.GET.get("carrier", "")
    if not (key.isascii() and key.isdigit() and len(key) < 18):
        return None
    return Carrier.objects.visible_to(request.user).filter(pk=key).first()


class MentorDetail(PermissionRequiredMixin, TemplateView):
    permission_required = "incubation.view_chain"
    template_name = "incubation/mentor_detail.html"

    def get_context_data(self, **kwargs):
        on = day_of(self.request)
        mentors = Mentor.objects.visible_to(self.request.user).select_related("carrier__park")
        mentor = get_object_or_404(mentors.defer("carrier__park__boundary"), pk=self.kwargs["pk"])
        pairings = mentor.pairings.filter(start__lte=on).select_related("tenant")
        sessions = mentor.sessions.filter(on__lte=on).select_related("tenant")
        return super().get_context_data(
            **kwargs, mentor=mentor, sessions=sessions,
            pairings=[(one, one.end is None or on < one.end) for one in pairings],
            minutes=sessions.aggregate(total=Sum("minutes"))["total"],
        )  # fmt: skip


class MentorNew(CarrierAct):
    title = gettext_lazy("Add a mentor")
    form_class = shapes.MentorForm
    service = services.add_mentor

    def get_initial(self):
        return {"start": self.today}


class MentorAct(RowAct):
    """An act on a mentor, whose page comes next."""

    model, named = Mentor, "mentor"

    def back(self):
        return reverse("incubation:mentor-detail", args=[self.row.pk])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"subject": self.row.name}


class MentorEdit(MentorAct):
    title = gettext_lazy("Correct a mentor")
    form_class = shapes.MentorForm
    service = services.correct_mentor

    def get_initial(self):
        return {"last_day": last_day("end")(self.row)}


class MentorEnd(MentorAct):
    title = gettext_lazy("End a mentor's term")
    form_class = shapes.LastDayForm

    def consequences(self):
        return [_("The mentor's firms are let go on the same day; sessions stay readable.")]

    def act(self, *, last_day, reason):
        values = ended({"last_day": last_day})
        services.end_mentor(mentor=self.row, on=values["end"], by=self.request.user, reason=reason)
        return self.back()


def residents_of(carrier, on):
    """Tenants that reside in the carrier on the day."""
    rows = Residency.objects.open_on(on).filter(carrier=carrier, tenant=OuterRef("pk"))
    return Tenant.objects.filter(Exists(rows)).order_by("name")


class OfTenant(MentorAct):
    """A form with a choice among the residents of the mentor's carrier."""

    def get_form_kwargs(self):
        tenants = residents_of(self.carrier, day_of(self.request))
        return super().get_form_kwargs() | {"tenants": tenants}


class MentorPair(OfTenant):
    title = gettext_lazy("Give a mentor a firm")
    form_class = shapes.PairForm
    service = services.pair_mentor

    def get_initial(self):
        return {"start": self.today}


class MentorSessionNew(OfTenant):
    title = gettext_lazy("Record a session")
    form_class = shapes.SessionForm
    service = services.record_session

    def get_initial(self):
        return {"on": self.today}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": None}


class OfMentor(MentorAct):
    """An act on a row of a mentor."""

    of = None

    @cached_property
    def fact(self):
        mentors = Mentor.objects.visible_to(self.request.user)
        rows = self.of.objects.filter(mentor__in=mentors.order_by().values("pk"))
        rows = rows.select_related("mentor__carrier__park", "tenant")
        return get_object_or_404(
            rows.defer("mentor__carrier__park__boundary"), pk=self.kwargs["pk"]
        )

    @property
    def row(self):
        return self.fact.mentor

    def consequences(self):
        return [str(self.fact)]


class PairingEnd(OfMentor):
    title = gettext_lazy("Let a firm go")
    form_class = shapes.LastDayForm
    of = MentorPairing

    def act(self, *, last_day, reason):
        services.end_pairing(
            pairing=self.fact, on=ended({"last_day": last_day})["end"], by=self.request.user,
            reason=reason,
        )  # fmt: skip
        return self.back()


class SessionRemove(OfMentor):
    title = gettext_lazy("Remove a session")
    done = gettext_lazy("Removed.")
    danger = True
    form_class = ReasonForm
    of = MentorSession

    def act(self, *, reason):
        services.remove_session(session=self.fact, by=self.request.user, reason=reason)
        return self.back()


class EventList(RowsView):
    permission_required = "incubation.view_chain"
    template_name = "incubation/event_list.html"
    filter_class = EventFilter
    orders = ("on", "title", "carrier__name", "firms", "people")
    default_order = ("-on", "-pk")
    columns = (
        Column(gettext_lazy("title"), "title", order="title",
               link=lambda one: reverse("incubation:event-detail", args=[one.pk])),
        Column(gettext_lazy("day"), "on", order="on", key=True),
        Column(gettext_lazy("carrier"), name_of_carrier, name="carrier", order="carrier__name",
               key=True, link=carrier_page),
        Column(gettext_lazy("kind"), "get_kind_display", name="kind"),
        Column(gettext_lazy("held by"), "held_by"),
        Column(gettext_lazy("tenants present"), "firms", order="firms", num=True),
        Column(gettext_lazy("people"), "people", order="people", num=True),
    )  # fmt: skip

    def rows(self, on):
        events = ServiceEvent.objects.visible_to(self.request.user).filter(on__lte=on)
        return events.select_related("carrier").annotate(firms=Count("attendance", distinct=True))

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, chosen=chosen_carrier(self.request))


class EventDetail(PermissionRequiredMixin, TemplateView):
    permission_required = "incubation.view_chain"
    template_name = "incubation/event_detail.html"

    def get_context_data(self, **kwargs):
        events = ServiceEvent.objects.visible_to(self.request.user).select_related("carrier__park")
        event = get_object_or_404(events.defer("carrier__park__boundary"), pk=self.kwargs["pk"])
        attendance = list(event.attendance.select_related("tenant").order_by("tenant__name"))
        return super().get_context_data(
            **kwargs, event=event, attendance=attendance, people=sum(r.people for r in attendance)
        )


class EventNew(CarrierAct):
    title = gettext_lazy("Record an event")
    button = gettext_lazy("Save and say who came")
    form_class = shapes.EventForm

    def get_initial(self):
        return {"on": self.today}

    def act(self, **values):
        event = services.record_event(carrier=self.carrier, by=self.request.user, **values)
        return reverse("incubation:event-attendance", args=[event.pk])


class EventAct(RowAct):
    model, named = ServiceEvent, "event"

    def back(self):
        return reverse("incubation:event-detail", args=[self.row.pk])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"subject": self.row.title}


class EventEdit(EventAct):
    title = gettext_lazy("Correct an event")
    form_class = shapes.EventForm
    service = services.correct_event


class EventAttendance(EventAct):
    """Who resided in the carrier on the day of the event, and who came all the same."""

    title = gettext_lazy("Who came")
    button = gettext_lazy("Save")
    form_class = shapes.AttendanceForm
    service = services.correct_event

    def get_form_kwargs(self):
        event = self.row
        present = dict(event.attendance.values_list("tenant", "people"))
        there = residents_of(event.carrier, event.on).values("pk")
        tenants = Tenant.objects.filter(Q(pk__in=there) | Q(pk__in=present)).order_by("name")
        return super().get_form_kwargs() | {"tenants": list(tenants), "present": present}

    def consequences(self):
        return [_("Type how many people of each tenant came; empty where nobody did.")]


class EventRemove(EventAct):
    title = gettext_lazy("Remove an event")
    done = gettext_lazy("Removed.")
    danger = True
    form_class = ReasonForm

    def consequences(self):
        return [f"{self.row.on} {self.row.title}"]

    def act(self, *, reason):
        services.remove_event(event=self.row, by=self.request.user, reason=reason)
        return reverse("incubation:event-list")
