"""The rows of the sheet of leases, against the leases of the database."""

from collections import defaultdict
from datetime import timedelta

from django.utils.translation import gettext as _

from tenants.ledger.check_space import end_of, said
from tenants.ledger.findings import plain
from tenants.ledger.plan import LeasePlan
from tenants.ledger.texts import read_free, write_free
from tenants.models import RentFree

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
