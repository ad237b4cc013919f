"""Which of those that entered, or graduated, some years ago are still in existence."""

from dataclasses import dataclass

import numpy as np

#: Years after which one looks (domain notes §7).
YEARS = (1, 3, 5)


@dataclass(frozen=True)
class Survival:
    """Tenants ``years`` after their day: known to exist then, known to be gone, not known.

    The share is alive ÷ (alive + gone): what is not known counts for neither.
    """

    years: int
    alive: np.ndarray
    gone: np.ndarray
    unknown: np.ndarray

    @property
    def parts(self):
        return [("alive", self.alive), ("gone", self.gone), ("unknown", self.unknown)]

    @property
    def known(self) -> int:
        return len(self.alive) + len(self.gone)

    @property
    def share(self) -> float | None:
        return len(self.alive) / self.known if self.known else None


def survival(since, existence, on) -> list[Survival]:
    """``since``: day by tenant (Series); ``existence``: frame by tenant with ``seen`` (the last day
    of which something shows that it existed) and ``gone`` (first day it did not, NaT for none).

    Only tenants whose anniversary has come by ``on`` count.
    """
    found = []
    on = np.datetime64(on, "D")
    days = since.to_numpy().astype("datetime64[D]")
    table = existence.reindex(since.index)
    seen = table["seen"].to_numpy().astype("datetime64[D]")
    gone = table["gone"].to_numpy().astype("datetime64[D]")
    tenants = since.index.to_numpy()
    for years in YEARS:
        then = anniversary(days, years)
        due = then <= on
        ended = due & (gone <= then)
        # NaT compares as False: what nothing is known of is neither alive nor gone.
        alive = due & ~ended & ((seen >= then) | (gone > then))
        found.append(
            Survival(years, tenants[alive], tenants[ended], tenants[due & ~alive & ~ended])
        )
    return found


def anniversary(days, years) -> np.ndarray:
    """The same day so many years later; 29 February becomes the 28th."""
    months = days.astype("datetime64[M]")
    day = (days - months.astype("datetime64[D]")).astype(int)
    then = months + 12 * years
    last = ((then + 1).astype("datetime64[D]") - then.astype("datetime64[D]")).astype(int) - 1
    return then.astype("datetime64[D]") + np.minimum(day, last)


def first_days(frame, on, *, outcome="") -> "np.ndarray":
    """Day by tenant of the first entry, or of the first residency left with ``outcome``."""
    column = "left" if outcome else "entered"
    rows = frame[frame["outcome"] == outcome] if outcome else frame
    rows = rows[rows[column] <= np.datetime64(on, "D")]
    return rows.groupby("tenant")[column].min()
