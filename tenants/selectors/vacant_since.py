"""Since when a vacant unit stands empty."""

from django.db.models import DateField, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest

from parks.models import UnitClosure
from parks.states import UnitState
from tenants.models import LeaseLine
from tenants.selectors.state import annotate_state


def vacant_since(units, on):
    """The units vacant on ``on``, each with ``since``, the first empty day; one query.

    That is the end of its last binding line or closure, or its own first day. A hold that lapsed
    does not count: nobody was in.
    """

    def last_end(rows):
        ended = rows.filter(unit=OuterRef("pk"), end__lte=on).order_by("-end").values("end")[:1]
        return Coalesce(Subquery(ended, output_field=DateField()), "exists_from")

    return (
        annotate_state(units, on)
        .filter(state=UnitState.VACANT)
        .annotate(
            since=Greatest(
                "exists_from",
                last_end(LeaseLine.objects.binding()),
                last_end(UnitClosure.objects.all()),
            )
        )
    )
