"""How well a unit suits an application that it fits: parts from 0 to ``WHOLE``, weighed into one.

Exact whole numbers, so that the same question has the same answer on every machine.
"""

from decimal import Decimal

import numpy as np

WHOLE = 1_000_000
HALF = WHOLE // 2
#: What each part weighs when nobody says otherwise, 0 to ``MOST``.
WEIGHTS = {"area": 5, "price": 3, "stage": 2, "chain": 3, "wish": 4, "waiting": 3}
MOST = 10
UNKNOWN = -1


def share(of, whole):
    """``of / whole`` as a part, at most ``WHOLE``; the whole of it where ``whole`` is nothing."""
    return np.minimum(WHOLE, of * WHOLE // np.maximum(whole, 1)) * (whole > 0) + WHOLE * (
        whole <= 0
    )


def area(asked, there):
    """The share of the unit that is asked for: the less left over the better.

    ``asked``: 0 where no least area is given, which every unit suits alike.
    """
    return np.where(asked > 0, share(asked, there), WHOLE)


def price(most, rent):
    """Whole where the rent asked is at most what the applicant would pay; nothing at twice that.

    In hundredths of a yuan per m² and month. Half where no rent is asked yet (``UNKNOWN``), whole
    where the applicant sets no limit (``UNKNOWN``).
    """
    above = np.maximum(rent - most, 0)
    dear = np.maximum(WHOLE - above * WHOLE // np.maximum(most, 1), 0)
    found = np.where(above > 0, dear, WHOLE)
    return np.where(most == UNKNOWN, WHOLE, np.where(rent == UNKNOWN, HALF, found))


def stage(suits, there):
    """Whole in the stage that suits the applicant, half one stage off; half where not known."""
    off = np.maximum(WHOLE - np.abs(suits - there) * HALF, 0)
    return np.where((suits == UNKNOWN) | (there == UNKNOWN), HALF, off)


def chain(alike, firms):
    """The share of the firms in the building that are of the applicant's chain; none: nothing."""
    return np.where(firms > 0, share(alike, firms), 0)


def waiting(count):
    """One after the other, the longest first: whole for it, falling evenly to the last."""
    return (WHOLE * (count - np.arange(count)) // max(count, 1)).reshape(-1, 1)


def weighed(parts, weights):
    """The parts as one array of whole numbers; ``parts``: name → array."""
    return sum(parts[name] * weights[name] for name in sorted(parts))


def score(value, weights) -> Decimal:
    """What was weighed, as a number from 0 to 1 for each unit that is in it."""
    return Decimal(value) / (WHOLE * (sum(weights.values()) or 1))
