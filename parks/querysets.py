"""Questions about rows of one model of ``parks``."""

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from parks.periods import PeriodQuerySet, active_q


class ParkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those who may see all parks see all; staff see the parks they belong to."""
        if user.has_perm("parks.view_all_parks"):
            return self
        if user.has_perm("parks.view_park"):
            return self.filter(pk__in=user.parks.values("pk"))
        return self.none()


class _OfPark(models.QuerySet):
    """Rows that belong to a park reached by ``park_path`` and are seen with it."""

    park_path = ""

    def visible_to(self, user):
        if user.has_perm("parks.view_all_parks"):
            return self
        if user.has_perm("parks.view_park"):
            return self.filter(**{f"{self.park_path}__in": user.parks.values("pk")})
        return self.none()


class BuildingQuerySet(_OfPark):
    park_path = "park"


class FloorQuerySet(_OfPark):
    park_path = "building__park"


class UnitChangeQuerySet(_OfPark):
    park_path = "park"

    def standing(self):
        return self.filter(cancelled_on__isnull=True)

    def planned_after(self, on):
        return self.standing().filter(effective_on__gt=on)


class UnitQuerySet(_OfPark):
    park_path = "floor__building__park"

    def existing_on(self, on):
        return self.filter(active_q(on, start="exists_from", end="exists_to"))

    def of_park(self, park):
        return self.filter(floor__building__park=park)

    def with_number_on(self, on):
        """Adds ``number_on``: the number the unit bore that day."""
        former = self.model.former_numbers.rel.related_model.objects.active_on(on).filter(
            unit=OuterRef("pk")
        )
        return self.annotate(number_on=Coalesce(Subquery(former.values("number")[:1]), "number"))

    def called(self, number):
        """Units that bear or bore ``number``."""
        return self.filter(Q(number=number) | Q(pk__in=self._formerly(number=number)))

    def matching(self, text):
        """Units whose present or former number contains ``text``."""
        return self.filter(
            Q(number__icontains=text) | Q(pk__in=self._formerly(number__icontains=text))
        )

    def _formerly(self, **condition):
        former = self.model.former_numbers.rel.related_model
        return former.objects.filter(**condition).values("unit")

    def with_place(self):
        """Loads floor, building and park in the same query."""
        return self.select_related("floor__building__park")

    def in_plan_order(self):
        return self.order_by(
            "floor__building__park__code",
            "floor__building__code",
            F("floor__ordinal").desc(),
            "number",
            "pk",
        )


class UnitFormerNumberQuerySet(_OfPark, PeriodQuerySet):
    park_path = "unit__floor__building__park"


class UnitClosureQuerySet(_OfPark, PeriodQuerySet):
    park_path = "unit__floor__building__park"


class AuditEntryQuerySet(_OfPark):
    park_path = "park"

    def visible_to(self, user):
        if not user.has_perm("parks.view_audit"):
            return self.none()
        return super().visible_to(user)

    def about(self, obj):
        return self.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk))


class UploadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those into one's own parks."""
        if user.is_superuser:
            return self
        return self.filter(Q(by=user.pk) | Q(park__in=user.parks.values("pk")))


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those to the person, and those to the staff of the person's own parks."""
        return self.filter(Q(user=user.pk) | Q(park__in=user.parks.values("pk"), user=None))

    def unread_by(self, user):
        return self.exclude(readings__user=user.pk)
