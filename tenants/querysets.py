"""Questions about rows of one model of ``tenants``."""

from decimal import Decimal

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.db.models.lookups import LessThanOrEqual

from parks.periods import PeriodQuerySet, active_q


class TenantQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of all parks; of one's own parks (record, lease or hold); or one's own."""
        if user.has_perm("parks.view_all_parks"):
            return self
        if user.has_perm("parks.view_park"):
            # Subqueries: joining both relations would repeat rows.
            parks = user.parks.values("pk")
            leases = self.model.leases.rel.related_model.objects.filter(park__in=parks)
            holds = self.model.holds.rel.related_model.objects.filter(
                unit__floor__building__park__in=parks
            )
            return self.filter(
                Q(home_park__in=parks)
                | Q(pk__in=leases.values("tenant"))
                | Q(pk__in=holds.values("tenant"))
            )
        return (
            self.filter(pk__in=user.tenants.values("pk"))
            if user.is_authenticated
            else (self.none())
        )

    def standing(self):
        """Without those merged into another."""
        return self.filter(merged_into=None)

    def matching(self, text):
        """By name, former name, code or pinyin initials; a merged one leads to its survivor."""
        text = " ".join(text.split())
        found = Q(name__icontains=text) | Q(uscc__icontains=text)
        former = self.model.former_names.rel.related_model.objects.filter(name__icontains=text)
        gone = self.model.objects.filter(uscc__icontains=text, merged_into__isnull=False)
        found |= Q(pk__in=former.values("tenant")) | Q(pk__in=gone.values("merged_into"))
        if text.isascii():
            found |= Q(initials__icontains=text.replace(" ", ""))
        return self.filter(found)

    def in_park(self, code):
        """Those with a lease in the park, whenever, and those whose record it keeps."""
        leases = self.model.leases.rel.related_model.objects.filter(park__code=code)
        return self.filter(Q(home_park__code=code) | Q(pk__in=leases.values("tenant")))

    def with_area(self, on, user):
        """Adds ``area``: Σ m² under a binding lease on ``on`` that ``user`` may see, or None."""
        line = self.model.leases.rel.related_model.lines.rel.related_model
        lines = line.objects.visible_to(user).binding().active_on(on).order_by()
        let = lines.filter(lease__tenant=OuterRef("pk")).values("lease__tenant")
        return self.annotate(area=Subquery(let.annotate(total=Sum("area_m2")).values("total")))

    def holding(self, kind, on):
        """Those that hold the qualification ``kind`` on ``on``."""
        held = self.model.qualifications.rel.related_model.objects.filter(kind=kind)
        return self.filter(pk__in=held.active_on(on).values("tenant"))


class _OfLease(models.QuerySet):
    """Rows reached through a lease: park staff see their parks', members their own."""

    park_path = "park"
    tenant_path = "tenant"

    def visible_to(self, user):
        if user.has_perm("parks.view_all_parks"):
            return self
        if user.has_perm("parks.view_park"):
            return self.filter(**{f"{self.park_path}__in": user.parks.values("pk")})
        if not user.is_authenticated:
            return self.none()
        return self.filter(**{f"{self.tenant_path}__in": user.tenants.values("pk")})


def let_from(lease="", line_start="start"):
    """Expression: the day from which a line counts as let.

    A known start counts from that day. An open one from the handing over, at the latest from
    ``start_by``. ``lease`` is the path prefix to the lease ("" on leases themselves).
    """
    return Greatest(
        F(line_start),
        Coalesce(F(f"{lease}handed_over_on"), F(f"{lease}start_by"), F(f"{lease}start")),
    )


class LeaseQuerySet(_OfLease):
    def binding(self):
        return self.filter(signed_on__isnull=False, voided_on__isnull=True)

    def with_state(self, on):
        """Adds ``ends_on`` (first day not covered, early end included) and ``state``."""
        state = self.model.State
        return self.annotate(ends_on=Coalesce("terminated_on", "end")).annotate(
            state=Case(
                When(voided_on__isnull=False, then=Value(state.VOID.value)),
                When(
                    signed_on__isnull=True,
                    then=Case(
                        When(rejected_on__isnull=False, then=Value(state.REJECTED.value)),
                        When(submitted_on__isnull=False, then=Value(state.IN_APPROVAL.value)),
                        default=Value(state.DRAFT.value),
                    ),
                ),
                When(terminated_on__lte=on, then=Value(state.TERMINATED.value)),
                When(end__lte=on, then=Value(state.EXPIRED.value)),
                When(self._started(on), then=Value(state.ACTIVE.value)),
                default=Value(state.SIGNED.value),
                output_field=models.CharField(),
            )
        )

    def with_area(self):
        """Adds ``area``: Σ contract area of the lines in m², 0 for a lease without any."""
        line = self.model.lines.rel.related_model
        own = line.objects.filter(lease=OuterRef("pk")).order_by().values("lease")
        total = Subquery(own.annotate(total=Sum("area_m2")).values("total"))
        return self.annotate(area=Coalesce(total, Value(Decimal(0))))

    @staticmethod
    def _started(on):
        begins = Coalesce("handed_over_on", "start_by", "start")
        return Q(start__lte=on) & LessThanOrEqual(begins, Value(on))

    def active_on(self, on):
        """Binding leases that cover ``on`` and have begun by then."""
        return self.with_state(on).filter(state=self.model.State.ACTIVE)

    def not_handed_over(self, on):
        """Signed by ``on``, still running and not yet begun."""
        return self.with_state(on).filter(state=self.model.State.SIGNED, signed_on__lte=on)

    def deposit_open(self, on):
        """Ended by ``on`` with a deposit not back by then, and no lease that carries it on."""
        back = Q(move_out__deposit_returned_on__isnull=True) | Q(
            move_out__deposit_returned_on__gt=on
        )
        ended = self.with_state(on).binding().filter(ends_on__lte=on, deposit__gt=0)
        return ended.filter(back).exclude(Exists(self._carrying()))

    def not_carried_on(self, on):
        """Without a renewal or amendment signed by ``on``."""
        return self.exclude(Exists(self._carrying().filter(signed_on__lte=on)))

    def _carrying(self):
        return self.model.objects.binding().filter(
            previous=OuterRef("pk"), kind__in=("renewal", "amendment")
        )


class LeaseLineQuerySet(_OfLease, PeriodQuerySet):
    park_path = "lease__park"
    tenant_path = "lease__tenant"

    def binding(self):
        return self.filter(binding=True)


class HoldQuerySet(_OfLease, PeriodQuerySet):
    park_path = "unit__floor__building__park"

    def binding(self):
        return self.filter(binding=True)


class AskingRentQuerySet(PeriodQuerySet):
    """Public with the units it is asked for; changed by the staff of their park."""

    def visible_to(self, user):
        if user.has_perm("parks.view_all_parks"):
            return self
        return self.filter(unit__floor__building__park__in=user.parks.values("pk"))


class OfTenantQuerySet(models.QuerySet):
    """Rows of a tenant, seen with the tenant."""

    def visible_to(self, user):
        if user.has_perm("parks.view_all_parks"):
            return self
        tenants = self.model._meta.get_field("tenant").related_model.objects.visible_to(user)
        return self.filter(tenant__in=tenants.values("pk"))


class ClaimQuerySet(OfTenantQuerySet):
    """Staff who see the tenant see who claims it; people their own."""

    def visible_to(self, user):
        if user.has_perm("parks.view_park"):
            return super().visible_to(user)
        return self.filter(user=user.pk)

    def waiting(self):
        return self.filter(decided_at__isnull=True)


class FigureQuerySet(OfTenantQuerySet):
    def to_confirm(self):
        """Handed in by the firm, and the park has neither confirmed nor asked again."""
        return self.filter(confirmed_on=None, handed_in_on__isnull=False, asked_again="")


class VisitQuerySet(OfTenantQuerySet):
    def reported(self):
        return self.filter(reported_by__isnull=False)

    def with_problems(self, on):
        """Adds ``problem_count``, ``open_problems`` (those not solved by ``on``) and ``has_open``."""
        solved = Q(problems__solved_on__isnull=True) | Q(problems__solved_on__gt=on)
        return self.annotate(
            problem_count=models.Count("problems"),
            open_problems=models.Count("problems", filter=Q(problems__isnull=False) & solved),
        ).annotate(has_open=Case(When(open_problems__gt=0, then=1), default=0))


class OfTenantPeriodQuerySet(OfTenantQuerySet, PeriodQuerySet):
    pass


class IntellectualPropertyQuerySet(OfTenantQuerySet):
    def valid_on(self, on):
        return self.filter(active_q(on, start="granted_on"))

    def applied_by(self, on):
        """Applied for by ``on``; of what was granted only the grant may be known."""
        return self.filter(Q(applied_on__lte=on) | Q(granted_on__lte=on))


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of leases and of tenants the user may see."""
        if user.has_perm("parks.view_all_parks"):
            return self
        field = self.model._meta.get_field
        leases = field("lease").related_model.objects.visible_to(user)
        tenants = field("tenant").related_model.objects.visible_to(user)
        return self.filter(Q(lease__in=leases.values("pk")) | Q(tenant__in=tenants.values("pk")))

    def kept(self):
        return self.filter(removed_at__isnull=True)


class MoveOutQuerySet(_OfLease):
    park_path = "lease__park"
    tenant_path = "lease__tenant"

    def open(self):
        """Not every step is done."""
        return self.filter(
            Q(inspected_on__isnull=True)
            | Q(utilities_settled_on__isnull=True)
            | Q(deposit_returned_on__isnull=True)
            | Q(address_moved_on__isnull=True)
            | Q(vacated_on__isnull=True)
        )


class MovePlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        if user.has_perm("parks.view_all_parks"):
            return self
        if user.has_perm("parks.view_park"):
            return self.filter(park__in=user.parks.values("pk"))
        return self.none()

    def standing(self):
        return self.filter(cancelled_on__isnull=True)
