"""Questions across units, leases and holds."""

from tenants.selectors.occupancy import (
    MEASURES,
    Shares,
    occupancy,
    ratios_by,
    shares,
    signed,
    vacancy,
)
from tenants.selectors.series import occupancy_series
from tenants.selectors.stacking import stacking_plan
from tenants.selectors.state import annotate_state, let_units, units_visible_to, vacancies
from tenants.selectors.terms import with_terms

__all__ = [
    "MEASURES",
    "Shares",
    "annotate_state",
    "let_units",
    "occupancy",
    "occupancy_series",
    "ratios_by",
    "shares",
    "signed",
    "stacking_plan",
    "units_visible_to",
    "vacancies",
    "vacancy",
    "with_terms",
]
