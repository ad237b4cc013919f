"""What is asked for units on a day: public, unlike the rents of leases."""

from decimal import Decimal

from django.db.models import Case, DecimalField, ExpressionWrapper, F, FilteredRelation, When
from django.db.models.functions import Coalesce, Power, Round

from tenants.models import RentUnit
from tenants.selectors.state import active_q_of

#: Days of a mean month.
MONTH_DAYS = Decimal(365) / 12
#: What is paid for: the billable area where it is known.
AREA = Coalesce("billable_area_m2", "gross_area_m2")
#: Not a division: SQLite divides whole numbers without a remainder.
PER_M2 = Power(AREA, -1)


def with_asking_rent(units, on):
    """Adds what is asked on ``on``, in the same query; each None where the rent is told on request.

    ``asked_rent`` and ``asked_unit`` (a ``RentUnit``) as asked, ``asked_m2`` in yuan a m² and month,
    ``asked_month`` in yuan a month for the whole unit.
    """
    asking = FilteredRelation("asking_rents", condition=active_q_of("asking_rents", on))
    rent = F("asking__rent")
    return units.alias(asking=asking).annotate(
        asked_rent=rent,
        asked_unit=F("asking__rent_unit"),
        asked_m2=_yuan(m2_month=rent, m2_day=rent * MONTH_DAYS, month=rent * PER_M2),
        asked_month=_yuan(m2_month=rent * AREA, m2_day=rent * MONTH_DAYS * AREA, month=rent),
    )


def _yuan(**by_unit):
    money = DecimalField(max_digits=20, decimal_places=2)
    whens = [
        When(asking__rent_unit=RentUnit(unit), then=Round(ExpressionWrapper(amount, money), 2))
        for unit, amount in by_unit.items()
    ]  # fmt: skip
    return Case(*whens, output_field=money)
