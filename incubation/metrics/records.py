"""Everything recorded about tenants, whatever the day: one query a table, asked for when needed."""

from functools import cached_property

import numpy as np

from incubation.metrics.frames import Day, Hundredths, Name, Number, Text, read
from incubation.models import Residency
from tenants.models import (
    CorporateEvent,
    Funding,
    IntellectualProperty,
    Qualification,
    Tenant,
    YearFigure,
)


class TenantRecords:
    """The records of the tenants whose keys ``tenants`` selects.

    ``ids`` are their keys in order; ``at`` of a table is the position of a record's tenant in it.
    """

    def __init__(self, tenants):
        self.keys = tenants

    @cached_property
    def tenants(self):
        rows = Tenant.objects.filter(pk__in=self.keys)
        found = read(
            rows, id=Number("pk"), kind=Text("kind"), founded=Day("founded_on"),
            field=Text("field"), name=Name("name"),
        )  # fmt: skip
        return found[np.argsort(found.id)]

    @property
    def ids(self):
        return self.tenants.id

    def __len__(self):
        return len(self.ids)

    def position(self, tenants):
        """Positions in ``ids`` of keys that are all among them."""
        return np.searchsorted(self.ids, tenants)

    def _table(self, model, **kinds):
        found = read(
            model.objects.filter(tenant__in=self.keys), id=Number("pk"),
            tenant=Number("tenant_id"), **kinds,
        )  # fmt: skip
        return found.with_(at=self.position(found.tenant))

    @cached_property
    def qualifications(self):
        return self._table(Qualification, kind=Text("kind"), start=Day("start"), end=Day("end"))

    @cached_property
    def figures(self):
        """Of each year, those handed in and not yet confirmed too; in the order of the years."""
        found = self._table(
            YearFigure, year=Number("year"), confirmed=Day("confirmed_on"),
            revenue=Hundredths("revenue"), rd=Hundredths("rd_spending"), ip_held=Number("ip_held"),
            ip_applied=Number("ip_applied"),
        )  # fmt: skip
        return found[np.lexsort((found.year, found.at))]

    @cached_property
    def fundings(self):
        found = self._table(
            Funding, kind=Text("kind"), on=Day("on"), amount=Hundredths("amount"),
            source=Text("source"),
        )  # fmt: skip
        return found[np.lexsort((found.on, found.at))]

    @cached_property
    def rights(self):
        return self._table(
            IntellectualProperty, kind=Text("kind"), applied=Day("applied_on"),
            granted=Day("granted_on"), end=Day("end"),
        )  # fmt: skip

    @cached_property
    def events(self):
        return self._table(CorporateEvent, kind=Text("kind"), on=Day("on"))

    @cached_property
    def residencies(self):
        """All of the tenants' residencies, in whatever carrier; ``begun`` is the day of entry into
        the stage: a transfer within the stage goes on counting."""
        found = self._table(
            Residency, carrier=Number("carrier_id"), stage=Text("carrier__stage"),
            entered=Day("entered_on"), left=Day("left_on"), outcome=Text("outcome"),
            previous=Number("previous_id"),
        )  # fmt: skip
        found = found[np.argsort(found.id)]
        return found.with_(begun=_begun(found))


def _begun(found):
    """The day each residency's chain of transfers began."""
    begun = found.entered.copy()
    if not len(found):
        return begun
    before = np.searchsorted(found.id, np.maximum(found.previous, 0)).clip(max=len(found) - 1)
    carried_on = (found.id[before] == found.previous) & (found.outcome[before] == "transferred")
    carried_on &= found.stage[before] == found.stage
    at = np.arange(len(found))
    while (moving := carried_on[at]).any():
        at = np.where(moving, before[at], at)
    return begun[at]
