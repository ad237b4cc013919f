"""Residencies and existence of tenants as frames for the statistics of the chain."""

import numpy as np
import pandas as pd
from django.db.models import F, Max, Min
from django.db.models.functions import Coalesce, Least

from incubation.models import FollowUp
from tenants.models import CorporateEvent, Lease

COLUMNS = [
    "id", "tenant", "carrier", "park", "stage", "entered", "left", "outcome", "destination",
    "previous",
]  # fmt: skip


def residencies_frame(residencies, on) -> pd.DataFrame:
    """``residencies`` that began by ``on``, as known on ``on``: one query.

    Columns ``COLUMNS``; days as datetime64, ``left`` NaT and ``outcome`` "" for those still in.
    """
    rows = residencies.filter(entered_on__lte=on).order_by("entered_on", "pk").values_list(
        "pk", "tenant_id", "carrier_id", "carrier__park_id", "carrier__stage", "entered_on",
        "left_on", "outcome", "destination", "previous_id",
    )  # fmt: skip
    frame = pd.DataFrame.from_records(list(rows), columns=COLUMNS)
    for name in ("entered", "left"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
    frame["previous"] = frame["previous"].astype("Int64")
    ahead = frame["left"] > np.datetime64(on, "D")
    frame.loc[ahead, "left"] = pd.NaT
    frame.loc[ahead, ["outcome", "destination"]] = ""
    return frame


def existence_frame(frame, tenants, on) -> pd.DataFrame:
    """``seen`` and ``gone`` by tenant, as known on ``on``: three queries beside ``frame``.

    A tenant is seen on the days of its residencies and binding leases and by follow-ups that found
    it; it is gone from the day it was struck off or dissolved, or was no longer found.
    """
    leases = Lease.objects.binding().filter(tenant__in=tenants, start__lte=on).order_by()
    last = leases.values("tenant").annotate(day=Max(Least(Coalesce("terminated_on", "end"), on)))
    struck = CorporateEvent.objects.filter(
        tenant__in=tenants, kind=CorporateEvent.Kind.DEREGISTERED, on__lte=on
    )
    ups = FollowUp.objects.filter(residency__tenant__in=tenants, recorded_on__lte=on).exclude(
        in_existence=None
    )
    found = ups.order_by().values_list("residency__tenant", "in_existence")
    found = list(found.annotate(first=Min("recorded_on"), last=Max("recorded_on")))
    inside = frame.assign(day=frame["left"].fillna(pd.Timestamp(on)))
    seen = [
        inside.groupby("tenant")["day"].max(),
        _days(last.values_list("tenant", "day")),
        _days((pk, latest) for pk, alive, _first, latest in found if alive),
    ]
    dissolved = inside[inside["outcome"] == "dissolved"].groupby("tenant")["day"].min()
    gone = [
        dissolved,
        _days(struck.order_by().values_list("tenant").annotate(day=Min(F("on")))),
        _days((pk, first) for pk, alive, first, _last in found if not alive),
    ]
    return pd.DataFrame({
        "seen": pd.concat(seen).groupby(level=0).max(),
        "gone": pd.concat(gone).groupby(level=0).min(),
    })  # fmt: skip


def _days(pairs) -> pd.Series:
    pairs = list(pairs)
    days = pd.to_datetime([day for _pk, day in pairs])
    return pd.Series(days, index=[pk for pk, _day in pairs], dtype="datetime64[s]")
