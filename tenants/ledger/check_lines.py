"""The rows of the sheet of lease lines: whose, of which unit, and what they change."""

from datetime import timedelta

from django.utils.translation import gettext as _

from tenants.ledger.check_leases import DRAFT_COLUMNS
from tenants.ledger.check_space import end_of
from tenants.ledger.findings import plain
from tenants.ledger.plan import LeasePlan, Line
from tenants.ledger.texts import read_steps, steps_of, write_steps
from tenants.ledger.world import same
from tenants.models import RentUnit


class LineChecks:
    def line_row(self, sheet, row, finding):
        value = row.values.get
        finding.name = f"{value('lease') or ''} · {value('unit') or ''}"
        park = self.park_of(sheet, row, finding)
        if park is None or self.missing(finding, sheet, row, "lease", "building", "unit"):
            return False
        key = (park.pk, str(value("lease")))
        plan = self.leases.get(key)
        if plan is None:
            lease = self.world.leases.get(key)
            if lease is None:
                self.refuse(finding, sheet, row, "lease", "lease_unknown",
                            _("There is no lease with this number."),
                            _("Add it to the sheet of leases."))  # fmt: skip
                return False
            plan = LeasePlan(park=park, number=key[1], finding=finding, lease=lease,
                             tenant=lease.tenant, rent_free=self.free_of(lease))  # fmt: skip
            plan.columns = {name: getattr(lease, name) for name in (*DRAFT_COLUMNS, "end")}
            self.leases[key] = plan
            self.where[id(plan)] = (sheet, row)
        if "start" not in plan.columns:
            return False
        start = value("start") or plan.start
        unit = self._unit_of(park, start, sheet, row, finding)
        if unit is None:
            return False
        end = end_of(value("last_day")) or plan.end
        steps = self.listed(finding, sheet, row, "steps", read_steps, "2027-01-01 32.5") or []
        area = value("area_m2")
        if area is None:
            area = unit.billable_area_m2 or unit.gross_area_m2
        line = Line(
            unit=unit, start=start, end=end, area_m2=area, rent=value("rent") or 0,
            rent_unit=value("rent_unit") or RentUnit.M2_MONTH, steps=steps, finding=finding,
        )  # fmt: skip
        if id(unit) in self.floating and start < unit.exists_from:
            unit.exists_from = unit.numbered_from = start
        return self._add_line(plan, line, sheet, row)

    def _unit_of(self, park, start, sheet, row, finding):
        value = row.values.get
        building = self.world.buildings.get((park.pk, same(value("building"))))
        floors = []
        if building is not None and value("floor"):
            floors = [self.world.floors.get((id(building), same(value("floor"))))]
        elif building is not None:
            floors = [f for (owner, key), f in self.world.floors.items()
                      if owner == id(building) and isinstance(key, int)]  # fmt: skip
        found = [self.world.unit(floor, value("unit"), start) for floor in floors if floor]
        found = [unit for unit in found if unit is not None]
        if len(found) == 1:
            return found[0]
        self.refuse(
            finding, sheet, row, "unit", "unit_ambiguous" if found else "unit_unknown",
            _("Several floors have a unit of this number.") if found
            else _("There is no such unit in this building and floor."),
            _("Name the floor.") if found
            else _("Add it to the sheet of units, or correct building, floor and number."),
        )  # fmt: skip
        return None

    def _add_line(self, plan, line, sheet, row):
        finding = line.finding
        for other in plan.lines:
            if other.unit is line.unit and other.start == line.start:
                self.refuse(finding, sheet, row, "unit", "twice",
                            _("Row %(row)s says the same already.") % {"row": other.finding.row},
                            _("Keep one of the two rows."))  # fmt: skip
                return False
        plan.lines.append(line)
        if plan.is_new:
            return True
        known = next((x for x in self.world.lines[plan.lease.pk]
                      if x.unit is line.unit and x.start == line.start), None)  # fmt: skip
        if plan.lease.signed_on and known is None:
            self.refuse(finding, sheet, row, "lease", "lease_state",
                        _("The lease is signed and has no such line."),
                        _("A signed lease changes by an amendment only: write it on the lease's page."))  # fmt: skip
            return False
        if known is None:
            plan.redraft = True
            return True
        pairs = {
            "last_day": (known.end - timedelta(days=1), line.end - timedelta(days=1)),
            "steps": (write_steps(steps_of(known)),
                      write_steps(line.steps)),
            **{n: (getattr(known, n), getattr(line, n)) for n in ("area_m2", "rent", "rent_unit")},
        }  # fmt: skip
        for name, (before, after) in pairs.items():
            if before == after or row.values.get(name) in (None, ""):
                if name == "last_day":
                    line.end = known.end
                elif name == "steps":
                    line.steps = steps_of(known)
                else:
                    setattr(line, name, before)
            elif plan.lease.signed_on:
                self.refuse(
                    finding, sheet, row, name, "lease_state",
                    _("The lease is signed and says %(known)s.") % {"known": plain(before) or "—"},
                    _("A signed lease changes by an amendment only: write it on the lease's page."),
                )  # fmt: skip
            else:
                finding.change(name, before, after)
                plan.redraft = True
        return False
