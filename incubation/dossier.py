"""What an application consists of, and what of it is asked for before it is sent. No queries."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from incubation.models import Application, ApplicationDocument
from parks.models.space import UnitKind

Kind = ApplicationDocument.Kind
Commitment = Application.Commitment
#: What the project is, in words.
TEXTS = ("title", "summary", "technology", "team", "market", "finance", "safety")
#: What is wished for.
WISHES = (
    "people", "special_field", "unit_kind", "area_min_m2", "area_max_m2", "desks",
    "floor_load_kn_m2", "clear_height_m", "power_kva", "fire_class", "goods_lift", "drainage",
    "move_in_on", "months", "rent_most",
)  # fmt: skip
#: Those of ``WISHES`` that most applicants leave empty.
TECHNICAL = (
    "floor_load_kn_m2", "clear_height_m", "power_kva", "fire_class", "goods_lift", "drainage",
)  # fmt: skip
#: Columns of ``Application`` that the applicant writes; the units wished for stand beside them.
COLUMNS = (*TEXTS, *WISHES, "commitments")
NEEDED = (*TEXTS, "people", "unit_kind", "move_in_on", "months")
#: By kind of applicant: a team has no licence yet.
PAPERS = {"firm": (Kind.LICENCE, Kind.PLAN), "team": (Kind.PLAN,)}


def label_of(name) -> str:
    """The label of a column where people fill it in."""
    if name == "desks":  # the column's own name counts: "12 desks"
        return _("Number of desks")
    if name == "rent_most":
        return _("Rent at most (yuan/m²·month)")
    return str(Application._meta.get_field(name).verbose_name)


@dataclass(frozen=True, slots=True)
class Missing:
    """``field``: the name of the form's field that asks for it."""

    field: str
    words: str


def missing(application, papers, on) -> list[Missing]:
    """What is still asked for; ``papers``: the kinds of documents that are there."""
    found = [
        Missing(name, label_of(name)) for name in NEEDED
        if not getattr(application, name)
    ]  # fmt: skip
    size = "desks" if application.unit_kind == UnitKind.DESK else "area_min_m2"
    if application.unit_kind and not getattr(application, size):
        found.append(Missing(size, label_of(size)))
    if application.move_in_on and application.move_in_on < on:
        found.append(Missing("move_in_on", _("a day to move in that is still to come")))
    if set(application.commitments) != set(Commitment.values):
        found.append(Missing("commitments", _("all commitments")))
    found += [
        Missing("papers", _("document: %(kind)s") % {"kind": kind.label})
        for kind in PAPERS[application.tenant.kind] if kind not in papers
    ]  # fmt: skip
    return found


def content_of(application, units, papers) -> dict:
    """What is submitted, as a value that can be kept: texts, numbers and days as text."""
    tenant = application.tenant
    return {
        "tenant": {"id": tenant.pk, "name": tenant.name, "kind": tenant.kind, "uscc": tenant.uscc},
        "carrier": {"id": application.carrier_id, "name": application.carrier.name},
        "values": {name: _plain(getattr(application, name)) for name in COLUMNS},
        "units": [{"id": unit.pk, "number": unit.number} for unit in units],
        "documents": [
            {"id": one.pk, "kind": one.kind, "name": one.name, "sha256": one.sha256,
             "names_applicant": one.names_applicant}
            for one in papers
        ],
    }  # fmt: skip


def _plain(value):
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else value
