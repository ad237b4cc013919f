"""Carriers found by typing, and the fields that find them."""

from django.db.models import Q

from incubation.models import Carrier, Stage
from tenants.choices import SUGGESTIONS


def open_carriers(user):
    """Those ``user`` may see that have no closing day."""
    rows = Carrier.objects.visible_to(user).filter(closed_on=None)
    return rows.select_related("park").defer("park__boundary")


def found_carriers(user, text="", stage="") -> list[tuple]:
    """``(key, words)`` of open carriers; each word is of a name, park or stage."""
    rows = open_carriers(user)
    if stage:
        rows = rows.filter(stage=stage)
    for word in text.partition(" · ")[0].split():
        stages = [one.value for one in Stage if word in str(one.label)]
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(park__name__icontains=word)
            | Q(park__code__iexact=word)
            | Q(stage__in=stages)
        )
    return [carrier_choice(one) for one in rows.order_by("name", "pk")[:SUGGESTIONS]]


def carrier_choice(carrier) -> tuple:
    return carrier.pk, f"{carrier.name} · {carrier.get_stage_display()} · {carrier.park.name}"
