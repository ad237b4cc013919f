"""Scope → frame for the layers of the chain. The ORM ends here, after a fixed number of queries.

A tenant is in residence in a carrier; the carrier is of a park. Parks count the residencies of
their carriers. Buildings and units count those of their park's carriers whose tenant is let space
in them, so one tenant may count in several. Columns of the place frames: ``id``, ``code``,
``label``, ``geometry``, ``source`` as in ``maps.frames``, then ``COUNTS`` (whole numbers).
"""

from datetime import timedelta

import geopandas as gpd
import pandas as pd
from django.db.models import Q

from incubation.chain.states import STAGES
from incubation.models import Carrier, CarrierSpace, Residency
from incubation.tasks import FIRST, LAST, SECOND
from maps.frames import OF_TENANTS, building_places, park_places, units_frame, units_of
from maps.scope import MapScope
from parks.states import UnitState
from tenants.selectors import let_units

DUE = {f"due_{days}": days for days in (LAST, SECOND, FIRST)}
COUNTS = ["tenants", *STAGES, "carriers", "over", *DUE]
RESIDENT = ["residency_id", "tenant_id", "carrier_id", "stage", "place", "due"]
CARRIER = ["carrier_id", "carrier", "stage", "place", "running"]
#: Of a residency and of the space, on the units' frame.
OF_RESIDENTS = ["residency_id", "stage", "carrier_id", "carrier", "due"]
OF_SPACES = ["space_carrier_id", "space_carrier", "space_stage", "purpose"]


def carriers_of(scope: MapScope):
    if scope.park is not None:
        return Carrier.objects.filter(park=scope.park)
    return Carrier.objects.filter(park__in=scope.parks.order_by().values("pk"))


def residents_frame(scope: MapScope) -> pd.DataFrame:
    """The residencies open on the day in the scope's carriers; ``place`` is the park: one query."""
    rows = Residency.objects.with_due(scope.on).open_on(scope.on)
    rows = rows.filter(carrier__in=carriers_of(scope).values("pk")).order_by("pk")
    rows = rows.values_list(
        "pk", "tenant_id", "carrier_id", "carrier__stage", "carrier__park_id", "due"
    )
    return pd.DataFrame(list(rows), columns=RESIDENT, dtype=object)


def carriers_frame(scope: MapScope) -> pd.DataFrame:
    """All carriers of the scope in their order, with the name of the day: one query.

    ``running``: open on the day.
    """
    carriers = (
        carriers_of(scope)
        .as_of(scope.on)
        .annotate(running=Q(pk__in=Carrier.objects.open_on(scope.on).order_by().values("pk")))
    )
    rows = carriers.order_by("pk").values_list("pk", "name_on", "stage", "park_id", "running")
    return pd.DataFrame(list(rows), columns=CARRIER)


def counts_by(residents: pd.DataFrame, on) -> pd.DataFrame:
    """``COUNTS`` but the carriers, of each ``place`` of ``residents``."""
    due = residents["due"]
    ahead = due > on
    table = pd.DataFrame(
        {"place": residents["place"], "tenants": True}
        | {stage: residents["stage"] == stage for stage in STAGES}
        | {"over": ~ahead}
        | {name: ahead & (due <= on + timedelta(days=days)) for name, days in DUE.items()}
    )
    return table.groupby("place").sum().astype(int)


def totals(residents: pd.DataFrame, carriers: pd.DataFrame, on) -> dict[str, int]:
    """``COUNTS`` of the whole scope, every residency once."""
    one = counts_by(residents.assign(place=0), on).reindex([0], fill_value=0)
    return {"carriers": int(carriers["running"].sum())} | one.iloc[0].to_dict()


def parks_chain_frame(scope: MapScope, residents, carriers) -> gpd.GeoDataFrame:
    """The parks the viewer may see: one query beside those of the two frames given."""
    running = carriers[carriers["running"].astype(bool)].groupby("place").size()
    return _counted(park_places(scope), counts_by(residents, scope.on), running)


def buildings_chain_frame(scope: MapScope, residents) -> gpd.GeoDataFrame:
    """The buildings of ``scope.park``: three queries beside the frame of residents given."""
    by = "floor__building_id"
    let = let_units(units_of(scope), scope.on)
    pairs = set(let.order_by().values_list(by, "tenant_id"))
    let = pd.DataFrame(list(pairs), columns=["place", "tenant_id"], dtype=object)
    inside = let.merge(residents.drop(columns="place"), on="tenant_id")
    running = carriers_of(scope).open_on(scope.on).order_by().values("pk")
    spaces = CarrierSpace.objects.active_on(scope.on).filter(carrier__in=running)
    spaces = set(spaces.order_by().values_list(f"unit__{by}", "carrier_id"))
    spaces = pd.DataFrame(list(spaces), columns=["place", "carrier_id"])
    counts = counts_by(inside, scope.on)
    return _counted(building_places(scope), counts, spaces.groupby("place").size())


def units_chain_frame(scope: MapScope, residents, carriers) -> gpd.GeoDataFrame:
    """The units of ``scope.floor`` with the resident let there and the carrier whose space it is.

    Two queries beside the two frames given. Adds ``OF_RESIDENTS`` and ``OF_SPACES`` to the columns
    of ``units_frame``, None where there is none.
    """
    frame = units_frame(scope.narrowed(names=True))
    name, stage = (dict(zip(carriers["carrier_id"], carriers[c], strict=True))
                   for c in ("carrier", "stage"))  # fmt: skip
    residents = {row.tenant_id: row for row in residents.itertuples()}
    spaces = CarrierSpace.objects.active_on(scope.on).filter(unit__floor=scope.floor)
    spaces = spaces.filter(carrier__in=carriers_of(scope).order_by().values("pk"))
    spaces = {unit: used for unit, *used in spaces.values_list("unit_id", "carrier_id", "purpose")}
    rows = []
    for unit in frame.itertuples():
        here = residents.get(unit.tenant_id) if unit.state == UnitState.LET else None
        carrier, purpose = spaces.get(unit.id, (None, None))
        rows.append((
            *((here.residency_id, here.stage, here.carrier_id, name[here.carrier_id], here.due)
              if here else [None] * 5),
            carrier, name.get(carrier), stage.get(carrier), purpose,
        ))  # fmt: skip
    added = pd.DataFrame(rows, columns=[*OF_RESIDENTS, *OF_SPACES], index=frame.index, dtype=object)
    frame[added.columns] = added
    if not scope.names:
        frame[[*OF_TENANTS, "residency_id"]] = None
    return frame


def _counted(frame, counts, carriers) -> gpd.GeoDataFrame:
    counts = counts.assign(carriers=0).reindex(frame["id"], fill_value=0)
    counts["carriers"] = carriers.reindex(frame["id"], fill_value=0).to_numpy()
    for name in COUNTS:
        frame[name] = counts[name].to_numpy(dtype=int)
    return frame
