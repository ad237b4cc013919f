"""Features of an archive → building, floors, units, tenants, through the services.

Matched by their IMDF ids, so a second run changes nothing. All or nothing.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maps.imdf.archive import LETTABLE, SERVICE, Archive
from parks import audit
from parks import services as space
from parks.geometry import area_m2
from parks.models import Building, Floor, GeometrySource, Unit
from parks.outlines import check_floor
from tenants import services as letting
from tenants.models import LeaseLine, Tenant
from tenants.services import LineTerms

KINDS = {"office": "office", "conferenceroom": "office", "laboratory": "lab", "storage": "storage",
         "foodservice": "shop", "store": "shop"}  # fmt: skip


@dataclass
class Report:
    """What became of the archive: ``taken[name]`` counts of created and unchanged."""

    archive: Archive
    created: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    applied: bool = False

    @property
    def findings(self):
        return self.archive.findings

    @property
    def errors(self):
        return self.archive.errors

    def count(self, made, name):
        counts = self.created if made else self.unchanged
        counts[name] = counts.get(name, 0) + 1

    def lines(self):
        """The report as people read it."""
        for name in sorted(self.archive.counts):
            yield _("%(file)s: %(count)s features") % {
                "file": name,
                "count": self.archive.counts[name],
            }
        for finding in self.findings:
            yield str(finding)
        for name in ("buildings", "floors", "units", "tenants", "leases"):
            yield _("%(what)s: %(new)s new, %(same)s unchanged") % {
                "what": name, "new": self.created.get(name, 0), "same": self.unchanged.get(name, 0),
            }  # fmt: skip


def import_archive(archive, *, park, on, by, dry_run=False, let_from=None, let_to=None) -> Report:
    """Apply ``archive`` to ``park``. ``on`` is the day from which new units exist.

    With ``let_from`` and ``let_to`` each occupant's unit is let to it for those days by a lease
    signed on ``let_from``. An archive with errors, or a dry run, writes nothing.
    """
    report = Report(archive)
    if archive.errors:
        return report
    with space.rehearsal() if dry_run else transaction.atomic(), audit.door("import"):
        _Import(report, park, on, by).run(let_from, let_to)
        if report.errors:
            transaction.set_rollback(True)
    report.applied = not (dry_run or report.errors)
    return report


class _Import:
    def __init__(self, report, park, on, by):
        self.report, self.park, self.on, self.by = report, park, on, by
        self.archive = report.archive

    def rows(self, name):
        return self.archive.features.get(name, {}).values()

    def run(self, let_from, let_to):
        self.buildings()
        self.levels()
        self.units()
        self.check_outlines()
        self.occupants(let_from, let_to)

    def refused(self, name, feature, error):
        self.archive.add("error", name, "refused", " ".join(error.messages), feature.id)

    def buildings(self):
        footprints = {}
        for feature in self.rows("footprint"):
            for key in feature.properties.get("building_ids") or []:
                if feature.geometry is not None:
                    footprints.setdefault(key, feature.geometry)
        self.building_of = {}
        for feature in self.rows("building"):
            found = Building.objects.filter(park=self.park, external_id=feature.id).first()
            self.report.count(found is None, "buildings")
            if found is None:
                name = feature.name(_("Building %s") % feature.id[:8])
                try:
                    with transaction.atomic():
                        found = space.create_building(
                            park=self.park, code=self.building_code(feature.id), name=name, use="office",
                            footprint=footprints.get(feature.id), external_id=feature.id, by=self.by,
                            geometry_source=GeometrySource.IMPORTED,
                        )  # fmt: skip
                except ValidationError as error:
                    self.refused("building", feature, error)
                    continue
            self.building_of[feature.id] = found

    def building_code(self, key):
        """Short enough for a code, and still one of its own when ids begin alike."""
        code = f"IMDF-{key[:30]}"
        if Building.objects.filter(park=self.park, code=code).exists():
            code = f"IMDF-{key[:21]}-{sha256(key.encode()).hexdigest()[:8]}"
        return code

    def levels(self):
        self.floor_of = {}
        taken = {}
        for feature in self.rows("level"):
            keys = feature.properties.get("building_ids") or list(self.building_of)[:1]
            building = self.building_of.get(keys[0]) if keys else None
            ordinal = feature.properties.get("ordinal")
            if building is None or isinstance(ordinal, bool) or not isinstance(ordinal, (int, float)) \
                    or not abs(ordinal) <= 1000 or int(ordinal) != ordinal:  # fmt: skip
                self.archive.add(
                    "warning",
                    "level",
                    "unusable",
                    _("No building or no whole ordinal; left."),
                    feature.id,
                )
                continue
            found = Floor.objects.filter(building=building, external_id=feature.id).first()
            if found is None and (building.pk, int(ordinal)) in taken:
                self.archive.add(
                    "warning",
                    "level",
                    "ordinal_twice",
                    _("Another level has this ordinal; joined to it."),
                    feature.id,
                )
                self.floor_of[feature.id] = taken[building.pk, int(ordinal)]
                continue
            self.report.count(found is None, "floors")
            if found is None:
                try:
                    with transaction.atomic():
                        found = space.create_floor(
                            building=building, ordinal=int(ordinal), by=self.by,
                            name=feature.name(f"{int(ordinal)}F")[:40], outline=feature.geometry,
                            geometry_source=GeometrySource.IMPORTED, external_id=feature.id,
                        )  # fmt: skip
                except ValidationError as error:
                    self.refused("level", feature, error)
                    continue
            self.floor_of[feature.id] = taken[building.pk, int(ordinal)] = found

    def units(self):
        self.unit_of = {
            unit.external_id: unit
            for unit in Unit.objects.filter(floor__building__park=self.park)
            .exclude(external_id="")
            .with_place()
        }
        numbers = set()
        for floor, number in Unit.objects.filter(
            floor__building__in=list(self.building_of.values())
        ).values_list("floor_id", "number"):
            numbers.add((floor, number))
        made, service = [], []
        for feature in self.rows("unit"):
            if feature.id in self.unit_of:
                self.report.count(False, "units")
                continue
            unit = self.new_unit(feature, numbers)
            if unit is None:
                continue
            self.report.count(True, "units")
            made.append(unit)
            if str(feature.properties.get("category")) not in LETTABLE:
                service.append(unit)
        try:
            with transaction.atomic():
                made = space.create_units(made, by=self.by)
                for unit in service:
                    space.close_unit(unit=unit, reason="public_service", start=self.on, by=self.by)
        except ValidationError as error:
            self.archive.add("error", "unit", "refused", " ".join(error.messages))
            return
        self.unit_of |= {unit.external_id: unit for unit in made}

    def new_unit(self, feature, numbers):
        floor = self.floor_of.get(feature.properties.get("level_id"))
        if floor is None:
            return self.archive.add(
                "warning", "unit", "no_level", _("On no usable level; left."), feature.id
            )
        if feature.geometry is None:
            return self.archive.add(
                "warning", "unit", "left", _("Without a usable outline; left."), feature.id
            )
        category = str(feature.properties.get("category"))
        if category not in LETTABLE | SERVICE:
            self.archive.add("warning", "unit", "category",
                             _("Unknown category %s; taken as space not to let.") % category[:40], feature.id)  # fmt: skip
        area = Decimal(str(area_m2(feature.geometry))).quantize(Decimal("0.01"))
        if area <= 0:
            return self.archive.add(
                "warning", "unit", "no_area", _("Smaller than 0.01 m²; left."), feature.id
            )
        number = feature.name(f"{category[:20]}-{feature.id[:8]}".replace("\x00", ""))[:36]
        if (floor.pk, number) in numbers:
            number = f"{number[:26]}-{feature.id[:8]}"
        if (floor.pk, number) in numbers:
            number = f"{number[:26]}-{sha256(feature.id.encode()).hexdigest()[:8]}"
        numbers.add((floor.pk, number))
        return Unit(
            floor=floor, number=number, kind=KINDS.get(category, "office" if category in LETTABLE else "other"),
            gross_area_m2=area, exists_from=self.on, outline=feature.geometry, external_id=feature.id,
            geometry_source=GeometrySource.IMPORTED, area_source="estimated",
            listed=category in LETTABLE,
        )  # fmt: skip

    def check_outlines(self):
        for floor in {floor.pk: floor for floor in self.floor_of.values()}.values():
            for finding in check_floor(floor, on=self.on):
                ids = ", ".join(unit.external_id for unit in finding.units)
                self.archive.add("warning", "unit", finding.code, finding.message, ids)

    def occupants(self, let_from, let_to):
        for feature in self.rows("occupant"):
            name = feature.name()
            anchor = self.archive.features["anchor"].get(feature.properties.get("anchor_id"))
            unit = self.unit_of.get(anchor.properties.get("unit_id")) if anchor else None
            if not name:
                self.archive.add(
                    "warning", "occupant", "no_name", _("Has no name; left."), feature.id
                )
                continue
            tenant = Tenant.objects.filter(home_park=self.park, external_id=feature.id).first()
            tenant = tenant and (tenant.merged_into or tenant)
            self.report.count(tenant is None, "tenants")
            if tenant is None:
                tenant = letting.create_tenant(
                    name=name, home_park=self.park, external_id=feature.id, by=self.by
                )
            if unit is None:
                self.archive.add(
                    "warning",
                    "occupant",
                    "no_unit",
                    _("Leads to no unit; kept as a tenant only."),
                    feature.id,
                )
            elif let_from:
                self.let(feature, tenant, unit, let_from, let_to)

    def let(self, feature, tenant, unit, let_from: date, let_to: date):
        if LeaseLine.objects.binding().filter(unit=unit, lease__tenant=tenant).exists():
            self.report.count(False, "leases")
            return
        try:
            with transaction.atomic():
                lease = letting.draft_lease(
                    tenant=tenant,
                    lines=[LineTerms(unit=unit)],
                    start=let_from,
                    end=let_to,
                    by=self.by,
                )
                letting.sign_lease(lease=lease, signed_on=let_from, signed_by=self.by)
        except ValidationError as error:
            self.archive.add("warning", "occupant", "not_let", " ".join(error.messages), feature.id)
        else:
            self.report.count(True, "leases")
