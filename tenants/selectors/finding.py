"""Search over everything a person may see: few bounded queries, exact and prefix hits first."""

import re
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from parks.models import Park, Unit, UnitFormerNumber
from tenants.models import Lease, Tenant

#: A building written before its unit: 3栋501.
BUILDING_FIRST = re.compile(r"^(.+?[栋幢座楼])[-\s]*(.+)$")
#: So many words of the text count.
WORDS = 5
LONGEST = 100


@dataclass(frozen=True)
class Hit:
    title: str
    note: str
    url: str


def find(user, text, on, limit) -> list[tuple[str, list[Hit]]]:
    """``(heading, hits)`` of each kind with a hit, at most ``limit`` each, in at most 6 queries."""
    text = " ".join(text.replace("\x00", " ").split())[:LONGEST]
    words = text.split()[:WORDS]
    if not words:
        return []
    groups = [
        (_("Units"), list(units(user, text, words, on, limit))),
        (_("Tenants"), list(tenants(user, text, words, limit))),
        (_("Leases"), list(leases(user, text, words, limit))),
        (_("Parks"), list(parks(user, text, words, limit))),
    ]
    return [(heading, hits) for heading, hits in groups if hits]


def nearest(rows, text, *columns):
    """Exact hits first, then those that begin with ``text``, then the others."""
    exact, prefix = Q(), Q()
    for column in columns:
        exact |= Q(**{f"{column}__iexact": text})
        prefix |= Q(**{f"{column}__istartswith": text})
    rank = Case(When(exact, then=Value(0)), When(prefix, then=Value(1)), default=Value(2),
                output_field=IntegerField())  # fmt: skip
    return rows.annotate(rank=rank).order_by("rank", *columns[:1], "pk")


def every(words, condition):
    """Each word meets ``condition``."""
    found = Q()
    for word in words:
        found &= condition(word)
    return found


def units(user, text, words, on, limit):
    if not user.has_perm("parks.view_park"):
        return
    parted = [part for word in words for part in _parted(word)]
    formerly = UnitFormerNumber.objects.visible_to(user)

    def condition(word):
        return (
            Q(number__icontains=word)
            | Q(pk__in=formerly.filter(number__icontains=word).values("unit"))
            | Q(floor__building__name__iexact=word)
            | Q(floor__building__park__name__icontains=word)
            | Q(floor__building__park__code__iexact=word)
        )

    wanted = every(words, condition)
    if parted != words:
        wanted |= every(parted, condition)
    # A place alone names all its units: some word must be of a number.
    numbered = Q()
    for word in {*words, *parted}:
        numbered |= Q(number__icontains=word)
        numbered |= Q(pk__in=formerly.filter(number__icontains=word).values("unit"))
    rows = Unit.objects.visible_to(user).existing_on(on).filter(wanted & numbered)
    rows = rows.select_related("floor__building__park").prefetch_related("former_numbers")
    rows = rows.defer("outline", "floor__outline", "floor__building__footprint",
                      "floor__building__park__boundary")  # fmt: skip
    for unit in nearest(rows, parted[-1], "number")[:limit]:
        building = unit.floor.building
        note = f"{building.park.name} {building.name} {unit.floor.name}"
        old = [
            former.number for former in unit.former_numbers.all()
            if any(word.lower() in former.number.lower() for word in parted)
            and not any(word.lower() in unit.number.lower() for word in parted)
        ]  # fmt: skip
        if old:
            told = {"old": old[0], "number": unit.number}
            renumbered = _("formerly %(old)s, now %(number)s") % told
            note = f"{renumbered} · {note}"
        yield Hit(unit.number, note, reverse("tenants:unit-detail", args=[unit.pk]))


def _parted(word):
    match = BUILDING_FIRST.match(word)
    return list(match.groups()) if match else [word]


def tenants(user, text, words, limit):
    if not user.has_perm("tenants.view_tenant"):
        return

    rows = Tenant.objects.visible_to(user).standing()
    for word in words:
        rows = rows.matching(word)
    rows = nearest(rows, text, "name", "uscc", "initials").prefetch_related("former_names")
    for tenant in rows[:limit]:
        was = [
            former.name for former in tenant.former_names.all()
            if all(w in former.name for w in words) and not all(w in tenant.name for w in words)
        ]  # fmt: skip
        note = _("formerly %(name)s") % {"name": was[0]} if was else tenant.uscc or ""
        # Who rents sees its own space, not the register.
        url = "/my/space/"
        if user.has_perm("parks.view_park"):
            url = reverse("tenants:tenant-detail", args=[tenant.pk])
        yield Hit(tenant.name, note, url)


def leases(user, text, words, limit):
    if not user.has_perm("tenants.view_lease"):
        return

    def condition(word):
        return (
            Q(number__icontains=word)
            | Q(tenant__name__icontains=word)
            | Q(park__name__icontains=word)
        )

    numbered = Q()
    for word in words:
        numbered |= Q(number__icontains=word)
    rows = Lease.objects.visible_to(user).filter(every(words, condition) & numbered)
    for lease in nearest(rows.select_related("tenant"), text, "number")[:limit]:
        yield Hit(lease.number, lease.tenant.name, reverse("tenants:lease-detail", args=[lease.pk]))


def parks(user, text, words, limit):
    def condition(word):
        return Q(name__icontains=word) | Q(code__iexact=word)

    rows = Park.objects.visible_to(user).filter(every(words, condition)).defer("boundary")
    for park in nearest(rows, text, "code", "name")[:limit]:
        yield Hit(park.name, park.code, reverse("tenants:park-detail", args=[park.code]))
