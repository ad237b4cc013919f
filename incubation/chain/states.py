"""Where tenants stand in the chain on a day."""

import numpy as np
import pandas as pd

from incubation.models import Stage

OUTSIDE, GRADUATED, LEFT = "outside", "graduated", "left"
STAGES = [stage.value for stage in Stage]
#: Before, in and after the chain, in the order of the way.
STATES = [OUTSIDE, *STAGES, GRADUATED, LEFT]


def states_on(frame, day) -> pd.Series:
    """State of every tenant of ``frame`` on ``day``: a Series of ``STATES`` by tenant.

    In a carrier: its stage. Else what the last residency left by then came to: graduated or left.
    Nobody who has not entered by then is inside.
    """
    day = np.datetime64(day, "D")
    begun = (
        frame[frame["entered"] <= day].sort_values("entered").drop_duplicates("tenant", keep="last")
    )
    inside = begun["left"].isna() | (begun["left"] > day)
    state = np.where(
        inside, begun["stage"], np.where(begun["outcome"] == "graduated", GRADUATED, LEFT)
    )
    found = pd.Series(state, index=begun["tenant"].to_numpy(), dtype=object)
    return found.reindex(pd.unique(frame["tenant"]), fill_value=OUTSIDE)


def cells_of(keys, tenants) -> dict:
    """Tenants by key; ``keys``: arrays side by side. Absent keys have no cell."""
    table = pd.DataFrame({str(n): key for n, key in enumerate(keys)})
    tenants = np.asarray(tenants)
    names = list(table.columns)
    groups = table.groupby(names if len(names) > 1 else names[0], sort=False, observed=True).indices
    return {
        key if isinstance(key, tuple) else (key,): tenants[found] for key, found in groups.items()
    }
