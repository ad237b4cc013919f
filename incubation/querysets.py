"""Questions about rows of one model of ``incubation``."""

from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce, Round, TruncDate

from incubation.duty import first_in_time
from incubation.workflow import CLOSED, FALLS, State
from parks.periods import PeriodQuerySet, active_q


def latest_start(on, years):
    """The latest day whose anniversary after so many ``years`` has come by ``on``."""
    day = on - relativedelta(years=years)
    after = day + timedelta(days=1)  # a 29 February has its anniversaries on the 28th
    return after if after + relativedelta(years=years) <= on else day


class _OfPark(models.QuerySet):
    """Rows of a carrier's park: bureau and administrators see all, staff their parks'."""

    park_path = "park"

    def visible_to(self, user):
        if user.has_perm("parks.view_all_parks"):
            return self
        if user.has_perm("parks.view_park"):
            return self.filter(**{f"{self.park_path}__in": user.parks.values("pk")})
        return self.none()


class CarrierQuerySet(_OfPark):
    def open_on(self, on):
        return self.filter(active_q(on, start="opened_on", end="closed_on"))

    def with_level(self, on):
        """Adds ``level``: the highest level at which the carrier is recognised on ``on``, or None."""
        recognition = self.model.recognitions.rel.related_model
        levels = [value for value, _label in recognition._meta.get_field("level").choices]
        rank = Case(*(When(level=level, then=n) for n, level in enumerate(levels)))
        held = recognition.objects.active_on(on).filter(carrier=OuterRef("pk"))
        return self.annotate(level=Subquery(held.order_by(rank).values("level")[:1]))

    def as_of(self, on):
        """Adds ``name_on``, ``operator_on`` and ``address_on``: what they were on ``on``."""
        changes = self.model.changes.rel.related_model.objects
        return self.annotate(**{
            f"{what}_on": Coalesce(
                Subquery(
                    changes.filter(carrier=OuterRef("pk"), what=what, effective_on__gt=on)
                    .order_by("effective_on").values("before")[:1]
                ),
                F(what),
            )
            for what in ("name", "operator", "address")
        })  # fmt: skip

    def with_figures(self, on):
        """Adds the day's ``area`` (m²), ``unit_count``, ``seats``, ``residents``, ``incubated``,
        ``to_report``."""
        spaces = self.model.spaces.rel.related_model.objects.active_on(on)
        residencies = self.model.residencies.rel.related_model.objects
        changes = self.model.changes.rel.related_model.objects

        def total(rows, value, empty=0):
            rows = rows.filter(carrier=OuterRef("pk")).order_by().values("carrier")
            return Coalesce(Subquery(rows.annotate(total=value).values("total")), empty)

        return self.annotate(
            area=Round(
                total(spaces, Sum("unit__gross_area_m2"), Decimal(0)),
                2,  # SQLite adds in floats
                output_field=models.DecimalField(max_digits=14, decimal_places=2),
            ),
            unit_count=total(spaces, Count("pk")),
            seats=total(spaces, Sum("unit__seats")),
            residents=total(residencies.open_on(on), Count("pk")),
            incubated=total(residencies.incubated_on(on), Count("pk")),
            to_report=total(changes.to_report(on), Count("pk")),
        )


class OfCarrierQuerySet(_OfPark):
    park_path = "carrier__park"


class OfCarrierPeriodQuerySet(OfCarrierQuerySet, PeriodQuerySet):
    pass


class CarrierChangeQuerySet(OfCarrierQuerySet):
    def recognised_then(self):
        """Changes of carriers that were recognised at some level on the day: those are reported."""
        recognition = self.model._meta.get_field("carrier").related_model.recognitions
        held = recognition.rel.related_model.objects.filter(
            active_q(OuterRef("effective_on")), carrier=OuterRef("carrier")
        )
        return self.filter(Exists(held))

    def to_report(self, on):
        """Those in force by ``on`` and not reported by then."""
        open_then = Q(reported_on__isnull=True) | Q(reported_on__gt=on)
        return self.recognised_then().filter(open_then, effective_on__lte=on)

    def overdue(self, on):
        """Those whose last day to report has passed."""
        return self.to_report(on).filter(effective_on__lt=first_in_time(on))


class ResidencyQuerySet(models.QuerySet):
    """Park staff see those in their parks' carriers, members of a tenant their own."""

    def visible_to(self, user):
        if user.has_perm("parks.view_all_parks"):
            return self
        if user.has_perm("parks.view_park"):
            return self.filter(carrier__park__in=user.parks.values("pk"))
        if not user.is_authenticated:
            return self.none()
        return self.filter(tenant__in=user.tenants.values("pk"))

    def open_on(self, on):
        return self.filter(active_q(on, start="entered_on", end="left_on"))

    def with_due(self, on):
        """Adds ``due``: the day the residency is due as decided by ``on``."""
        extension = self.model.extensions.rel.related_model
        decided = extension.objects.filter(residency=OuterRef("pk"), decided_on__lte=on)
        latest = decided.order_by("-decided_on", "-pk").values("due_on")[:1]
        return self.annotate(due=Coalesce(Subquery(latest), F("due_on")))

    def graduated_by(self, on):
        return self.filter(outcome="graduated", left_on__lte=on)

    def follow_up_missing(self, on, years=range(1, 6)):
        """Graduates of whom one of the ``years`` has come and is not recorded by ``on``.

        Who is known to be no more is not asked again.
        """
        follow_up = self.model.follow_ups.rel.related_model
        known = follow_up.objects.filter(residency=OuterRef("pk"), recorded_on__lte=on)
        missing = Q(pk__in=[])
        for year in years:
            reported = known.filter(Q(year=year) | Q(year__lt=year, in_existence=False))
            missing |= Q(left_on__lte=latest_start(on, year)) & ~Exists(reported)
        return self.graduated_by(on).filter(missing)

    def over_stayed(self, on):
        """Open on ``on`` though the due day has come; adds ``due``."""
        return self.with_due(on).open_on(on).filter(due__lte=on)

    def incubated_on(self, on):
        """Incubated firms: open on ``on``, not yet due, a firm by then and not a team; adds ``due``."""
        firm = Q(tenant__kind="firm") & (
            Q(tenant__founded_on__isnull=True) | Q(tenant__founded_on__lte=on)
        )
        return self.with_due(on).open_on(on).filter(firm, due__gt=on)


class OfResidencyQuerySet(models.QuerySet):
    def visible_to(self, user):
        if user.has_perm("parks.view_all_parks"):
            return self
        residency = self.model._meta.get_field("residency").related_model
        return self.filter(residency__in=residency.objects.visible_to(user).values("pk"))


class ReviewQuerySet(OfResidencyQuerySet):
    def in_state(self, state, on):
        """Those with evidence of a day up to ``on`` whose ``state_on(on)`` is ``state``."""
        decided = Q(decided_on__lte=on)
        revoked = Q(revoked_on__isnull=False) & Q(revoked_on__lte=on)
        conditions = {
            "open": Q(decision="") | Q(decided_on__gt=on),
            "graduated": decided & Q(decision="graduate") & ~revoked,
            "refused": decided & Q(decision="refuse") & ~revoked,
            "revoked": revoked,
        }
        return self.filter(conditions[state], on__lte=on)

    def undecided(self):
        return self.filter(decision="")


class FollowUpQuerySet(OfResidencyQuerySet):
    def risen(self):
        """Said to exist though an earlier year says that the firm is no more."""
        gone = self.model.objects.filter(
            residency=OuterRef("residency"), year__lt=OuterRef("year"), in_existence=False
        )
        return self.filter(Exists(gone), in_existence=True)


class RuleSetQuerySet(models.QuerySet):
    def in_force_on(self, on):
        return self.filter(self._in_force(on))

    def with_in_force(self, on):
        """Adds ``in_force``: whether the version is the one of ``on``."""
        return self.annotate(in_force=ExpressionWrapper(self._in_force(on), models.BooleanField()))

    @staticmethod
    def _in_force(on):
        return active_q(on, start="effective_from", end="effective_to")


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; once submitted, also the carrier's park, the bureau and its reviewers'."""
        own = Q(tenant__in=user.tenants.values("pk")) if user.is_authenticated else Q(pk__in=[])
        sent = self._steps().filter(act="submit").values("application")
        if user.has_perm("parks.view_all_parks"):
            return self.filter(own | Q(pk__in=sent))
        if user.has_perm("parks.view_park"):
            return self.filter(own | Q(pk__in=sent, carrier__park__in=user.parks.values("pk")))
        if user.has_perm("incubation.review_application"):
            asked = self.model.assignments.rel.related_model.objects.standing()
            mine = asked.filter(reviewer__user=user.pk)
            return self.filter(own | Q(pk__in=mine.values("application")))
        return self.filter(own)

    def _steps(self):
        return self.model.steps.rel.related_model.objects.order_by()

    def with_state(self, on):
        """Adds ``state`` on ``on`` (None before the application was begun), ``state_since`` and
        ``state_until``, the day on which it ends by itself."""
        last = self._steps().filter(application=OuterRef("pk"), on__lte=on).order_by("-sequence")
        rows = self.annotate(
            _target=Subquery(last.values("target")[:1]),
            _until=Subquery(last.values("until")[:1]),
            _since=Subquery(last.values("on")[:1]),
        )
        fallen = [
            When(_target=source, _until__lte=on, then=models.Value(target.value))
            for source, target in FALLS.items()
        ]
        over = Q(_until__lte=on)
        return rows.annotate(
            state=Case(*fallen, default=F("_target"), output_field=models.CharField()),
            state_since=Case(When(over, then=F("_until")), default=F("_since"),
                             output_field=models.DateField()),
            state_until=Case(When(over, then=None), default=F("_until"),
                             output_field=models.DateField()),
        )  # fmt: skip

    def in_state(self, *states, on):
        return self.with_state(on).filter(state__in=[str(state) for state in states])

    def open_on(self, on):
        """Begun and nowhere at an end."""
        return self.with_state(on).exclude(state__in=[str(s) for s in CLOSED]).filter(
            state__isnull=False
        )  # fmt: skip

    def unanswered_on(self, on):
        """Those whose last message by ``on`` is the applicant's; adds ``state``, ``asked_on``."""
        last = self.model.messages.rel.related_model.objects.order_by("-at", "-pk")
        last = last.filter(application=OuterRef("pk"), at__date__lte=on)
        rows = self.with_state(on).annotate(
            asks=Subquery(last.values("from_applicant")[:1]),
            asked_on=Subquery(last.annotate(day=TruncDate("at")).values("day")[:1]),
        )  # fmt: skip
        return rows.filter(asks=True)


class OfApplicationQuerySet(models.QuerySet):
    """Rows of an application, seen with it."""

    def visible_to(self, user):
        seen = self.model._meta.get_field("application").related_model.objects.visible_to(user)
        return self.filter(application__in=seen.values("pk"))


class AllocationRowQuerySet(OfApplicationQuerySet):
    def placed(self):
        return self.filter(Exists(self.model.units.through.objects.filter(row=OuterRef("pk"))))


class PaperQuerySet(OfApplicationQuerySet):
    def visible_to(self, user):
        """A reviewer who sees no names gets only what does not name the applicant."""
        rows = super().visible_to(user)
        if user.has_perm("parks.view_park"):
            return rows
        own = Q(application__tenant__in=user.tenants.values("pk"))
        application = self.model._meta.get_field("application").related_model
        asked = application.assignments.rel.related_model.objects.standing()
        named = asked.filter(reviewer__user=user.pk, blind=False)
        return rows.filter(
            own | Q(names_applicant=False) | Q(application__in=named.values("application"))
        )


class StepQuerySet(OfApplicationQuerySet):
    def by_day(self, on):
        return self.filter(on__lte=on)


class AssignmentQuerySet(OfApplicationQuerySet):
    def standing(self):
        return self.filter(withdrawn_at__isnull=True)

    def waiting(self):
        """Asked for and not handed in."""
        return self.standing().filter(submitted_at__isnull=True)

    def to_do_on(self, on):
        """Waiting, and of an application that is still in review on ``on``."""
        application = self.model._meta.get_field("application").related_model
        in_review = application.objects.in_state(State.IN_REVIEW, on=on).order_by()
        return self.waiting().filter(application__in=in_review.values("pk"))


class WaitingQuerySet(OfApplicationQuerySet):
    def waiting_on(self, on):
        return self.filter(active_q(on, start="joined_on", end="left_on"))


class OfferQuerySet(OfApplicationQuerySet):
    def open_on(self, on):
        """Neither answered nor lapsed by ``on``."""
        return self.filter(made_on__lte=on, until__gt=on).filter(
            Q(answered_on__isnull=True) | Q(answered_on__gt=on)
        )


class AllocationQuerySet(_OfPark):
    pass


class CallQuerySet(models.QuerySet):
    """Public: everybody may know when a carrier takes applications."""

    def open_on(self, on):
        return self.filter(active_q(on, start="opens_on", end="closes_on"))

    def in_standing(self, standing, on):
        """``standing``: a value of ``Call.Standing``."""
        if standing == "open":
            return self.open_on(on)
        return (
            self.filter(opens_on__gt=on) if standing == "coming" else self.filter(closes_on__lte=on)
        )
