"""What is missing or odd in the data: small checks, each a ``Task`` of the group ``data``."""

from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from parks.models import Building, Unit, UnitClosure
from parks.periods import active_q
from parks.states import UnitState
from tenants.models import AskingRent, Lease, LeaseLine, Tenant
from tenants.selectors.state import annotate_state
from tenants.tasks import UNIT_PARK, Task

#: A contract's area may differ from the unit's by so much of it.
AREA_TOLERANCE = Decimal("0.05")


def lines(user, on):
    rows = LeaseLine.objects.binding().visible_to(user).active_on(on)
    return rows.order_by("lease__number", "pk")


def firms(user, on):
    """Tenants with a lease that covers the day: the register of those that left is at rest."""
    active = Lease.objects.visible_to(user).active_on(on)
    return Tenant.objects.visible_to(user).filter(pk__in=active.values("tenant")).order_by("name")


def without_rent(user, on):
    rows = Lease.objects.visible_to(user).active_on(on)
    unpaid = LeaseLine.objects.filter(lease=OuterRef("pk"), rent=0).filter(active_q(on))
    return rows.filter(Exists(unpaid)).order_by("number")


def let_without_area(user, on):
    let = lines(user, on).order_by().values("unit")
    rows = Unit.objects.visible_to(user).existing_on(on)
    return rows.filter(billable_area_m2=None, pk__in=let).order_by("number")


def without_outline(user, on):
    rows = Unit.objects.visible_to(user).existing_on(on).filter(outline__isnull=True)
    return rows.order_by("number")


def odd_area(user, on):
    known = lines(user, on).exclude(unit__billable_area_m2=None)
    area = F("unit__billable_area_m2")
    return known.filter(
        Q(area_m2__gt=area * (1 + AREA_TOLERANCE)) | Q(area_m2__lt=area * (1 - AREA_TOLERANCE))
    )


def without_fire_class(user, on):
    rows = Building.objects.visible_to(user).filter(use="workshop", fire_class="")
    return rows.order_by("code")


def closed_and_let(user, on):
    closed = UnitClosure.objects.filter(unit=OuterRef("unit")).filter(active_q(on))
    return lines(user, on).filter(Exists(closed))


def vacant_without_asking_rent(user, on):
    rows = annotate_state(Unit.objects.visible_to(user).filter(listed=True), on)
    asked = AskingRent.objects.active_on(on).values("unit")
    return rows.filter(state=UnitState.VACANT).exclude(pk__in=asked).order_by("number")


def _firm(key, title, hint, **condition):
    def rows(user, on):
        return firms(user, on).filter(**condition)

    return Task(key, "data", title, hint, rows, "home_park")


PROBLEMS = [
    Task("closed-and-let", "data", _("Closed and let on the same day"),
         _("End the closure or the lease."), closed_and_let, "lease__park", urgent=True),
    Task("no-rent", "data", _("Leases without rent"),
         _("Amend the lease, or write down why no rent is due."), without_rent),
    Task("odd-area", "data", _("Contract area differs by more than 5 %"),
         _("Measure again, and correct the unit or amend the lease."), odd_area, "lease__park"),
    Task("no-area", "data", _("Let units without billable area"),
         _("Correct the unit: the contract's area says what is paid."), let_without_area, UNIT_PARK),
    Task("no-outline", "data", _("Units without outline"),
         _("Draw the unit, or import the floor's plan."), without_outline, UNIT_PARK),
    Task("no-asking-rent", "data", _("Vacant units without an asking rent"),
         _("Set it: those who look for space find a unit by its rent."),
         vacant_without_asking_rent, UNIT_PARK),
    Task("no-fire-class", "data", _("Workshops without fire hazard class"),
         _("Take the class from the building's fire acceptance."), without_fire_class),
    _firm("no-code", _("Firms without code"), _("Ask for the licence and write the code down."),
          kind=Tenant.Kind.FIRM, uscc=None),
    _firm("odd-code", _("Codes whose check character fails"), _("Compare with the licence again."),
          uscc_override_reason__gt=""),
    _firm("no-industry", _("Tenants without industry"), _("Ask what they do; statistics need it."),
          industry_code=""),
    _firm("no-contact", _("Tenants without contact"), _("Write down whom to call."),
          contact_phone=""),
]  # fmt: skip
