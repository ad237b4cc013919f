"""Whole leases, asked once their rows and lines are read: rules, dates, days taken twice."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from parks.periods import Period
from tenants.ledger.plan import LeasePlan, Line, terms
from tenants.ledger.texts import steps_of
from tenants.models import Lease
from tenants.services.endings import refuse_handover
from tenants.services.lease_terms import lease_parts


class WholeLeaseChecks:
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
