"""Questions about rows of one model of ``incubation``."""

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from parks.periods import PeriodQuerySet, active_q


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


class RuleSetQuerySet(models.QuerySet):
    def in_force_on(self, on):
        return self.filter(active_q(on, start="effective_from", end="effective_to"))
