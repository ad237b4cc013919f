"""What a form of a lease says so far: its rows as terms, and what follows from them."""

from decimal import Decimal

from tenants import rent
from tenants.services import LineTerms


def line_terms(lines, start, end, helpers, own_days=None) -> list[LineTerms]:
    """The rows of the form as terms, with the general rise where a row has no steps."""
    terms = []
    for row in (getattr(form, "cleaned_data", None) for form in lines):
        if not row or not row.get("unit") or row.get("DELETE") or row.get("rent") is None:
            continue
        steps = row.get("steps") or ()
        if not steps and helpers.get("step_months") and start and end:
            steps = rent.escalated(
                row["rent"], start, end, every=helpers["step_months"],
                percent=helpers.get("step_percent") or 0,
            )  # fmt: skip
        terms.append(LineTerms(
            unit=row["unit"], rent=row["rent"], rent_unit=row["rent_unit"],
            area_m2=row.get("area_m2"), steps=tuple(steps),
            **(own_days or {}).get(row["unit"].pk, {}),
        ))  # fmt: skip
    return terms


def area_of(line) -> Decimal:
    if line.area_m2 is not None:
        return line.area_m2
    return line.unit.billable_area_m2 or line.unit.gross_area_m2


def first_month(terms) -> Decimal:
    """A full month at the first rents."""
    return sum((rent.monthly(one.rent, one.rent_unit, area_of(one)) for one in terms), Decimal(0))
