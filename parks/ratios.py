"""A ratio that can always show where it comes from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Ratio:
    """``numerator / denominator`` of ``unit`` on day ``on`` over ``scope``.

    ``value`` is None for an empty denominator: shown as "—", never as 0 % or 100 %.
    Compare ``value`` unrounded. Source: domain notes §7.
    """

    code: str
    numerator: Decimal
    denominator: Decimal
    unit: str
    on: date
    scope: str = ""

    @property
    def value(self) -> Decimal | None:
        return self.numerator / self.denominator if self.denominator else None

    @property
    def complement(self) -> Decimal:
        """What the numerator leaves of the denominator, in the same unit."""
        return self.denominator - self.numerator
