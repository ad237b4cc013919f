"""Tenants and units found by typing: a short list, whatever the database holds."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parks.models import Unit
from tenants.models import Tenant
from tenants.pick import PickField

#: So many suggestions fit a list one reads at a glance.
SUGGESTIONS = 20


def found_tenants(user, text="", without=None) -> list[tuple]:
    """``(key, words)`` of tenants whose name, former name, code or pinyin initials hold ``text``.

    ``without``: the key of one that is not meant.
    """
    tenants = Tenant.objects.visible_to(user).standing().exclude(pk=without)
    if text := text.partition(" · ")[0].strip():
        tenants = tenants.matching(text)
    return [tenant_choice(one) for one in tenants.order_by("name")[:SUGGESTIONS]]


def tenant_field(label, **options) -> PickField:
    """A tenant chosen by typing; ``tenants.pick.offer`` says which ones and to whom."""
    return PickField(
        label=label, describe=tenant_choice, find=found_tenants, source="tenants:lease-tenants",
        placeholder=_("Name, former name, code or initials"), exact=("name", "uscc"), **options,
    )  # fmt: skip


def tenant_choice(tenant) -> tuple:
    return tenant.pk, f"{tenant.name} · {tenant.uscc}" if tenant.uscc else tenant.name


def lettable_units(user):
    """Units one may see that are neither ended nor out of use for good."""
    return (
        Unit.objects.visible_to(user)
        .filter(exists_to=None)
        .exclude(closures__end=None, closures__isnull=False)
        .with_place()
        .defer("outline", "floor__outline", "floor__building__footprint",
               "floor__building__park__boundary")
    )  # fmt: skip


def found_units(user, text="") -> list[tuple]:
    """``(key, words)`` of lettable units; each word is of a number, building, floor or park."""
    units = lettable_units(user)
    for word in text.partition(" · ")[0].split():
        units = units.filter(
            Q(number__icontains=word)
            | Q(floor__name__istartswith=word)
            | Q(floor__building__name__icontains=word)
            | Q(floor__building__code__iexact=word)
            | Q(floor__building__park__name__icontains=word)
            | Q(floor__building__park__code__iexact=word)
        )
    return [unit_choice(unit) for unit in units.in_plan_order()[:SUGGESTIONS]]


def unit_choice(unit) -> tuple:
    floor = unit.floor
    place = f"{floor.building.park.code} {floor.building} {floor}"
    return unit.pk, f"{place} {unit.number} · {unit.gross_area_m2} ㎡"
