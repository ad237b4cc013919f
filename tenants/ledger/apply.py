"""Doing what a checked book asks for, through the services, in short transactions.

SQLite has one writer and the head of the trail is one locked row, so a long transaction would
stop everybody. The rows are therefore written in chunks at the pace of ``work.Pace``. Every chunk lists its entries
of the trail as acts of the upload. All or nothing holds because a chunk that is refused makes the
chunks before it undone (``tenants.ledger.undo``) before the refusal is shown; when the process
dies in between, the acts standing tell that the import is half done, and the page and the command
offer to undo them.
"""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.core.serializers import serialize
from django.db import transaction
from django.utils.translation import gettext as _

from parks import audit, work
from parks import services as space
from parks.errors import DatesOutOfOrder, RuleViolation
from tenants import services as letting
from tenants.ledger.check import check
from tenants.ledger.check_space import CODE_LENGTH
from tenants.ledger.plan import terms
from tenants.ledger.undo import take_back
from tenants.models import Hold
from tenants.services import LeaseDraft
from tenants.services.records import add_former_names, correct_records, create_records


class FindingsChanged(RuleViolation):
    """The database is no longer as it was when the person saw the findings."""

    code = "findings_changed"


class Refused(RuleViolation):
    code = "ledger_refused"


def apply(upload, book, *, park, on, by, progress=None):
    """Apply ``book`` as ``upload``, already claimed; returns the findings.

    Raises ``Refused`` when a row is refused, ``FindingsChanged`` when the check finds something
    else than ``upload.report`` shows (the new report is kept), or the refusal of a service;
    nothing of the book stands then.
    """
    checked = check(book, park=park, on=on, by=by)
    report = checked.findings.report()
    if report["digest"] != upload.report.get("digest"):
        shown, upload.report = upload.report, report
        upload.save(update_fields=["report"])
        if shown:
            refusal = FindingsChanged(
                _(
                    "The data have changed since the check. Look at the new findings and apply again."
                )
            )
            work.finish(upload, failure=refusal)
            raise refusal
    if checked.findings.refused:
        refusal = Refused(_("Some rows are refused, so nothing was written. Mend them first."))
        work.finish(upload, failure=refusal)
        raise refusal
    writer = Writer(upload, by, progress)
    try:
        writer.write(checked.plan)
    except ValidationError as refusal:
        take_back(upload, by=by)
        work.finish(upload, failure=" ".join(refusal.messages))
        raise
    work.finish(upload, "applied_at")
    return checked.findings


class Writer:
    def __init__(self, upload, by, progress):
        self.upload, self.by, self.progress = upload, by, progress
        self.pace, self.done, self.fresh, self.codes = work.Pace(), 0, set(), {}

    def write(self, plan):
        bulk = [lease for lease in plan.leases if not lease.alone]
        amended = {id(lease.previous) for lease in plan.leases if lease.follows}
        alone = [p for p in plan.leases if p.alone or id(p) in amended]
        bulk = [p for p in bulk if id(p) not in amended]
        alone.sort(key=lambda p: (p.void_on is None, p.start, p.sign_on or p.start, p.number))
        steps = [
            (plan.buildings, self.buildings), (plan.floors, self.floors), (plan.units, self.units),
            (plan.renumberings, self.renumber), (plan.unit_changes, self.correct_units),
            (plan.tenants, self.tenants), (plan.tenant_changes, self.correct_tenants),
            (plan.former_names, lambda rows: add_former_names(rows, by=self.by)),
            (sorted((p for p in plan.leases if p.is_new), key=lambda p: p.start), self.draft),
            ([p for p in plan.leases if p.redraft], self.redraft),
            (alone, lambda rows: [self.alone(row, amended) for row in rows]),
            ([p for p in bulk if p.sign_on], self.sign),
            ([p for p in bulk if p.hand_over_on], self.hand_over),
            (plan.closures, self.close), (plan.asked, self.ask),
            (plan.qualifications, lambda rows: create_records(rows, by=self.by)),
            (plan.qualification_changes, lambda rows: correct_records(rows, by=self.by)),
            (plan.figures, lambda rows: create_records(rows, by=self.by)),
            (plan.figure_changes, lambda rows: correct_records(rows, by=self.by)),
        ]  # fmt: skip
        work.beat(self.upload, done=0, total=sum(len(rows) for rows, _do in steps))
        for rows, do in steps:
            self.chunks(rows, do)

    def chunks(self, rows, do):
        at = 0
        self.pace.restart()
        while at < len(rows):
            chunk = rows[at : at + self.pace.size]
            with self.pace.chunk(), transaction.atomic(), audit.applying(self.upload):
                do(chunk)
                self.done += len(chunk)
                work.beat(self.upload, done=self.done)
            at += len(chunk)
            if self.progress:
                self.progress(self.done, self.upload.total)

    def buildings(self, rows):
        """Long names begin alike: a code that is taken gets a number."""
        for row in rows:
            if row.park_id not in self.codes:
                self.codes[row.park_id] = set(row.park.buildings.values_list("code", flat=True))
            taken, code, number = self.codes[row.park_id], row.code, 2
            while row.code in taken:
                tail = f"-{number}"
                row.code, number = code[: CODE_LENGTH - len(tail)] + tail, number + 1
            taken.add(row.code)
        space.create_places(rows, by=self.by)

    def floors(self, rows):
        space.create_places(rows, by=self.by)

    def units(self, rows):
        for row in rows:
            row.floor = row.floor
        space.create_units(rows, by=self.by)

    def renumber(self, rows):
        for unit, number, day in rows:
            space.renumber_unit(unit=unit, number=number, on=day, by=self.by)

    def correct_units(self, rows):
        space.correct_units(rows, by=self.by)

    def tenants(self, rows):
        letting.create_tenants(rows, by=self.by)

    def correct_tenants(self, rows):
        for tenant, fields in rows:
            letting.correct_tenant(tenant=tenant, by=self.by, **fields)

    def draft(self, rows):
        """A lease that follows another of the same chunk comes a round later."""
        while rows:
            ready = [row for row in rows if _previous(row) is not None or row.previous is None]
            if not ready:
                raise DatesOutOfOrder(_("Leases cannot follow each other in a circle."))
            drafts = [
                LeaseDraft(
                    tenant=row.tenant, lines=[terms(line) for line in row.lines],
                    number=row.number, rent_free=tuple(row.rent_free), previous=_previous(row),
                    **_columns(row),
                )
                for row in ready
            ]  # fmt: skip
            for row, lease in zip(ready, letting.draft_leases(drafts, by=self.by), strict=True):
                row.lease = lease
                self.fresh.add(lease.pk)
            rows = [row for row in rows if row.lease is None]

    def redraft(self, rows):
        for row in rows:
            self.keep(row.lease)
            columns = _columns(row)
            letting.redraft_lease(
                lease=row.lease, lines=[terms(line) for line in row.lines], by=self.by,
                rent_free=row.rent_free, tenant=row.tenant, start=columns["start"],
                end=columns["end"], kind=columns["kind"], **columns["terms"],
            )  # fmt: skip

    def alone(self, row, amended):
        lease = row.lease
        if row.follows:
            self.keep(_previous(row))
        if row.sign_on:
            self.sign([row])
        if row.hand_over_on:
            self.hand_over([row])
        if row.terminate_on and id(row) not in amended:
            self.keep(lease)
            letting.terminate_lease(lease=lease, on=row.terminate_on, by=self.by)
        if row.void_on:
            self.keep(lease)
            letting.void_lease(lease=lease, on=row.void_on, by=self.by, reason=_("ledger"))

    def sign(self, rows):
        self.keep_holds(rows)
        for row in rows:
            self.keep(row.lease)
        letting.sign_leases([(row.lease, row.sign_on) for row in rows], by=self.by)

    def hand_over(self, rows):
        letting.hand_over_leases([(row.lease, row.hand_over_on) for row in rows], by=self.by)

    def close(self, rows):
        for row in rows:
            space.close_unit(
                unit=row.unit, reason=row.reason, start=row.start, end=row.end, note=row.note,
                by=self.by,
            )  # fmt: skip

    def ask(self, rows):
        """Units that ask alike together."""
        alike = defaultdict(list)
        for row in rows:
            alike[row.rent, row.rent_unit, row.start, row.end].append(row.unit)
        for (rent, rent_unit, start, end), units in alike.items():
            letting.set_asking_rents(
                units=units, rent=rent, rent_unit=rent_unit, start=start, by=self.by
            )
            ending = [unit for unit in units if end not in (None, unit.exists_to)]
            if ending:
                letting.set_asking_rents(units=ending, rent=None, start=end, by=self.by)

    def keep(self, lease):
        """What the trail does not hold of a lease that was there before: its lines and periods."""
        kept = self.upload.options.setdefault("kept", {})
        if str(lease.pk) in kept or lease.pk in self.fresh:
            return
        lines = list(lease.lines.all())
        steps = [step for line in lines for step in line.steps.all()]
        kept[str(lease.pk)] = serialize("json", [*lines, *steps, *lease.rent_free.all()])
        self.upload.save(update_fields=["options"])

    def keep_holds(self, rows):
        """The tenants' own holds, which signing uses up."""
        holds = list(
            Hold.objects.binding().filter(
                tenant__in={row.tenant.pk for row in rows},
                unit__in={line.unit.pk for row in rows for line in row.lines},
            )
        )
        kept = self.upload.options.setdefault("holds", {})
        for hold in holds:
            kept.setdefault(str(hold.pk), [hold.end.isoformat(), hold.binding])
        if holds:
            self.upload.save(update_fields=["options"])


def _previous(row):
    """The lease before, once it is in the database."""
    return getattr(row.previous, "lease", row.previous)


def _columns(row):
    told = {name: value for name, value in row.columns.items() if value is not None}
    start, end = told.pop("start"), told.pop("end")
    kind = told.pop("kind", "new")
    return {"start": start, "end": end, "kind": kind, "terms": told}
