"""The rows of the sheets of leases and of their lines; asked once both are read."""

from collections import defaultdict
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from parks.periods import Period
from tenants.ledger.check_space import end_of, said
from tenants.ledger.findings import plain
from tenants.ledger.plan import LeasePlan, Line
from tenants.ledger.texts import read_free, read_steps, steps_of, write_free, write_steps
from tenants.ledger.world import same
from tenants.models import Lease, RentFree, RentUnit
from tenants.services import LineTerms
from tenants.services.endings import refuse_handover
from tenants.services.lease_terms import lease_parts

#: Columns of a lease that hold as they are while it is a draft.
DRAFT_COLUMNS = ("kind", "start", "start_by", "deposit", "property_fee_m2_month", "note",
                 "submitted_on", "rejected_on")  # fmt: skip
ACTS = {
    "signed_on": "sign_on", "handed_over_on": "hand_over_on", "terminated_on": "terminate_on",
    "voided_on": "void_on",
}  # fmt: skip


class LeaseChecks:
    def lease_row(self, sheet, row, finding):
        value = row.values.get
        finding.name = str(value("number") or "")
        park = self.park_of(sheet, row, finding)
        if park is None or self.missing(finding, sheet, row, "number"):
            return False
        key = (park.pk, str(value("number")))
        if key in self.leases:
            self.refuse(
                finding, sheet, row, "number", "twice",
                _("Row %(row)s speaks of the same lease.")
                % {"row": self.leases[key].finding.row},
                _("Keep one of the two rows."),
            )  # fmt: skip
            return False
        lease = self.world.leases.get(key)
        plan = LeasePlan(park=park, number=key[1], finding=finding, lease=lease)
        self.leases[key] = plan
        self.where[id(plan)] = (sheet, row)
        plan.tenant = self.find_tenant(sheet, row, finding)
        if lease is None and self.missing(finding, sheet, row, "start", "last_day"):
            return False
        plan.columns = said(row, DRAFT_COLUMNS)
        if value("last_day"):
            plan.columns["end"] = end_of(value("last_day"))
        free = self.listed(finding, sheet, row, "rent_free", read_free, "2026-01-01 2026-03-31")
        plan.rent_free = free or []
        for column, act in ACTS.items():
            day = value(column)
            setattr(plan, act, end_of(day) if column == "terminated_on" else day)
        if lease is not None:
            self._compare(plan, free)
        elif plan.sign_on is None:
            for name in ("handed_over_on", "terminated_on", "voided_on"):
                if value(name):
                    self.refuse(finding, sheet, row, name, "lease_state",
                                _("The lease is not signed."),
                                _("Fill in the day of signing too."))  # fmt: skip
        return lease is None

    def _compare(self, plan, free):
        """What the row says against a lease of the database."""
        lease, (sheet, row) = plan.lease, self.where[id(plan)]
        told = dict(plan.columns)
        if plan.tenant is not None and plan.tenant.pk != lease.tenant_id:
            told["tenant"] = plan.tenant
        changes = {n: new for n, new in told.items() if new != getattr(lease, n)}
        if free is not None:
            known = sorted(self.free_of(lease))
            if sorted(free) != known:
                changes["rent_free"] = write_free(free)
        for name in changes:
            known = write_free(self.free_of(lease)) if name == "rent_free" else getattr(lease, name)
            shown = str(changes[name]) if name == "tenant" else changes[name]
            column = {"end": "last_day"}.get(name, name)
            if name == "end":
                known, shown = known - timedelta(days=1), shown - timedelta(days=1)
            if lease.signed_on:
                self.refuse(
                    plan.finding, sheet, row, column, "lease_state",
                    _("The lease is signed and says %(known)s.") % {"known": plain(known) or "—"},
                    _("A signed lease changes by an amendment only: write it on the lease's page."),
                )  # fmt: skip
            else:
                plan.finding.change(column, str(known) if name == "tenant" else known, shown)
        plan.redraft = bool(changes) and not lease.signed_on
        for column, act in ACTS.items():
            day, known = getattr(plan, act), getattr(lease, column)
            if known is not None and day is not None and day != known:
                self.refuse(
                    plan.finding, sheet, row, column, "lease_state",
                    _("The lease has %(known)s here.") % {"known": known},
                    _("What has happened is not rewritten by a file."),
                )  # fmt: skip
            if known is not None or day is None:
                setattr(plan, act, None)
            else:
                plan.finding.change(column, None, day)
        # What the file leaves out stays as it is.
        for name in (*DRAFT_COLUMNS, "end"):
            plan.columns.setdefault(name, getattr(lease, name))
        plan.tenant = plan.tenant or lease.tenant
        if free is None:
            plan.rent_free = self.free_of(lease)

    def free_of(self, lease):
        if self.free is None:
            self.free = defaultdict(list)
            keys = [row.pk for row in self.world.leases.values() if row.pk]
            for period in RentFree.objects.filter(lease__park__in={
                row.park_id for row in self.world.leases.values()
            } if keys else []):  # fmt: skip
                self.free[period.lease_id].append((period.start, period.end))
        return self.free[lease.pk]

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

    def finish_leases(self):
        """Previous leases, the rules of each lease, and days taken twice."""
        plans = list(self.leases.values())
        for plan in plans:
            sheet, row = self.where[id(plan)]
            self._previous(plan, sheet, row)
            self._complete(plan)
            if "end" in plan.columns and plan.tenant is not None:
                self._rules(plan, sheet, row)
            if plan.tenant is not None and plan.tenant.pk is None and not plan.tenant.home_park:
                plan.tenant.home_park = plan.park
        for plan in plans:
            if plan.lease is not None and plan.terminate_on or plan.void_on:
                self._cut(plan)
        for plan in plans:
            if plan.sign_on and not plan.void_on:
                self._free(plan)
        self.plan.leases = [p for p in plans if p.is_new or p.redraft or self._acts(p)]

    @staticmethod
    def _acts(plan):
        return plan.sign_on or plan.hand_over_on or plan.terminate_on or plan.void_on

    def _previous(self, plan, sheet, row):
        number = row.values.get("previous")
        if not number or row.values.get("number") != plan.number:
            if plan.lease is not None:
                plan.previous = plan.lease.previous
            return
        key = (plan.park.pk, str(number))
        plan.previous = self.leases.get(key) or self.world.leases.get(key)
        if plan.previous is None:
            self.refuse(plan.finding, sheet, row, "previous", "lease_unknown",
                        _("There is no lease with this number."),
                        _("Add it to the sheet of leases, or empty the cell."))  # fmt: skip
        elif plan.is_new and _start(plan.previous) > plan.columns.get(
            "start", _start(plan.previous)
        ):
            self.refuse(plan.finding, sheet, row, "previous", "dates_out_of_order",
                        _("The lease before begins later."))  # fmt: skip
        elif plan.lease is not None and getattr(plan.lease.previous, "number", None) != str(number):
            self.refuse(plan.finding, sheet, row, "previous", "act_of_its_own",
                        _("The lease follows %(known)s here.")
                        % {"known": plan.lease.previous or "—"},
                        _("Which lease follows which is told by renewing and amending."))  # fmt: skip

    def _complete(self, plan):
        """A draft keeps the lines the file does not name."""
        if plan.lease is None or plan.lease.signed_on:
            return
        named = {(id(line.unit), line.start) for line in plan.lines}
        for line in self.world.lines[plan.lease.pk]:
            if (id(line.unit), line.start) not in named:
                steps = steps_of(line)
                plan.lines.append(Line(line.unit, line.start, line.end, line.area_m2, line.rent,
                                       line.rent_unit, steps))  # fmt: skip

    def _rules(self, plan, sheet, row):
        finding = plan.finding
        signed = plan.lease is not None and plan.lease.signed_on
        columns = {n: v for n, v in plan.columns.items() if v is not None}
        lease = Lease(
            park=plan.park, tenant=plan.tenant, number=plan.number,
            **{**columns, "signed_on": plan.sign_on or signed or None},
        )  # fmt: skip
        if (plan.is_new or plan.redraft) and not plan.lines:
            self.refuse(finding, sheet, row, "number", "lease_empty",
                        _("A lease needs at least one unit."),
                        _("Add its units to the sheet of lines."))  # fmt: skip
            return
        try:
            if plan.is_new or plan.redraft:
                lease_parts(lease, [terms(line) for line in plan.lines], plan.rent_free)
            self._dates(plan, lease)
        except ValidationError as error:
            self.refuse_as(finding, sheet, row, error)
        if plan.is_new and not plan.sign_on and plan.columns.get("rejected_on") and (
            not plan.columns.get("submitted_on")
        ):  # fmt: skip
            self.refuse(finding, sheet, row, "submitted_on", "required",
                        _("This cell must not be empty."))  # fmt: skip

    def _dates(self, plan, lease):
        start, end = lease.start, lease.end
        if plan.sign_on:
            if lease.rejected_on:
                raise ValidationError(
                    _("The lease was rejected; change it and hand it in again first."),
                    code="lease_state",
                )
            if not plan.hand_over_on and lease.start_by and plan.sign_on > lease.start_by:
                raise ValidationError(
                    _("Sign before the latest start of the lease."), code="dates_out_of_order"
                )
        if plan.hand_over_on:
            refuse_handover(lease, plan.hand_over_on)
            if plan.terminate_on and plan.terminate_on < plan.hand_over_on:
                raise ValidationError(
                    _("The lease was handed over on %(day)s and cannot end before.")
                    % {"day": plan.hand_over_on}, code="dates_out_of_order")  # fmt: skip
        if plan.terminate_on and not start <= plan.terminate_on < end:
            raise ValidationError(
                _("The lease runs from %(start)s and ends on %(end)s anyway; choose a day before "
                  "that.") % {"start": start, "end": end}, code="dates_out_of_order")  # fmt: skip

    def _cut(self, plan):
        """A lease of the database that the file ends gives its days back."""
        if plan.lease is None:
            return
        day = plan.lease.start if plan.void_on else plan.terminate_on
        for line in self.world.lines[plan.lease.pk]:
            kept = []
            for taken in self.world.taken[id(line.unit)]:
                if taken.what is plan.lease:
                    if taken.period.start >= day:
                        continue
                    taken.period = Period(taken.period.start, min(taken.period.end, day))
                kept.append(taken)
            self.world.taken[id(line.unit)] = kept

    def _free(self, plan):
        before = getattr(plan.previous, "lease", plan.previous) if plan.follows else None
        # The lease amended is in the file too: its plan stands for it.
        also = plan.previous if plan.follows else None
        for line in plan.lines:
            end = min(line.end, plan.terminate_on) if plan.terminate_on else line.end
            if end <= line.start:
                continue
            period, unit = Period(line.start, end), line.unit
            finding = line.finding or plan.finding
            sheet, row = self.where[id(finding)]
            existence = Period(unit.exists_from, unit.exists_to)
            if not period.within(existence):
                self.refuse(finding, sheet, row, "start", "unit_not_there",
                            _("%(unit)s exists %(period)s only.")
                            % {"unit": unit.number, "period": existence},
                            _("Correct the days of the lease or of the unit."))  # fmt: skip
            for taken in self.world.taken[id(unit)]:
                if taken.period.overlaps(period) and taken.what not in (before, also, plan):
                    self._refuse_taken(taken, plan, unit, sheet, row, finding)
            self.world.take(unit, period, "lease", plan,
                            _("row %(row)s of %(sheet)s")
                            % {"row": finding.row, "sheet": finding.sheet})  # fmt: skip

    def _refuse_taken(self, taken, plan, unit, sheet, row, finding):
        values = {"unit": unit.number, "period": taken.period}
        if taken.kind == "closure":
            values["reason"] = taken.what.get_reason_display()
            self.refuse(finding, sheet, row, "start", "unit_closed",
                        _("%(unit)s is closed %(period)s (%(reason)s).") % values,
                        _("Correct the days, or end the closure first."))  # fmt: skip
        elif taken.kind == "hold":
            if plan.tenant is not None and taken.what.tenant_id == plan.tenant.pk is not None:
                return
            values["whose"] = taken.what.tenant or taken.what.applicant
            self.refuse(finding, sheet, row, "start", "unit_held",
                        _("%(unit)s is held for %(whose)s %(period)s. Release the hold first.")
                        % values)  # fmt: skip
        else:
            other = taken.what
            values["lease"] = f"{other.number} ({taken.where})" if taken.where else (
                f"{other.number} ({other.tenant.name})"
            )  # fmt: skip
            self.refuse(
                finding, sheet, row, "start", "lease_overlap",
                _("%(unit)s is already let %(period)s by %(lease)s. Choose other days or another "
                  "unit.") % values,
            )  # fmt: skip


def _start(lease):
    return lease.columns.get("start", date.min) if isinstance(lease, LeasePlan) else lease.start


def terms(line):
    return LineTerms(
        unit=line.unit, rent=line.rent, rent_unit=line.rent_unit, area_m2=line.area_m2,
        start=line.start, end=line.end, steps=tuple(line.steps),
    )  # fmt: skip
