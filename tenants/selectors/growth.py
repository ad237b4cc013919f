"""What is known of how a tenant grew, up to a day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tenants.models import Funding


@dataclass(frozen=True)
class Growth:
    """All rows of a tenant; those after ``on`` are there too, and counted nowhere."""

    on: date
    fundings: list
    rights: list
    events: list

    def rows(self):
        return self.fundings, self.rights, self.events

    @property
    def risk_money(self) -> Decimal:
        """Σ angel and venture money that came by the day, in yuan."""
        return sum(
            (one.amount for one in self.fundings if one.kind in Funding.RISK and one.on <= self.on),
            Decimal(0),
        )

    @property
    def states(self):
        """``[(right, its state on the day)]``."""
        return [(one, one.state_on(self.on)) for one in self.rights]

    @property
    def valid_rights(self) -> int:
        return sum(state == "valid" for _one, state in self.states)


def growth_of(tenant, on) -> Growth:
    return Growth(
        on=on,
        fundings=list(tenant.fundings.select_related("document")),
        rights=list(tenant.intellectual_property.select_related("document")),
        events=list(tenant.corporate_events.select_related("document")),
    )
