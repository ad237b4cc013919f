"""What applying a book would do, row by row, against the database read once.

Nothing is written. The rules asked here are those of the models and of the services themselves
(``clean_fields``, ``lease_parts``, ``refuse_handover``); what needs the whole picture (days taken
twice inside the file) is compared in memory.

Who is who: units by park, building, floor and number (old numbers too); tenants by code, else by
name; leases by park and number; lines by lease, unit and start; qualifications by tenant, kind and
start; figures by tenant and year. An empty cell says nothing and changes nothing.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tenants.ledger.check_asked import AskedChecks
from tenants.ledger.check_leases import LeaseChecks
from tenants.ledger.check_lines import LineChecks
from tenants.ledger.check_space import SpaceChecks
from tenants.ledger.check_tenants import TenantChecks
from tenants.ledger.check_whole_leases import WholeLeaseChecks
from tenants.ledger.findings import Finding, Findings
from tenants.ledger.plan import Plan
from tenants.ledger.rows import FIGURES, LEASES, LINES, QUALIFICATIONS, TENANTS, UNITS, Problem
from tenants.ledger.world import World, same

#: Rows between two signs of progress.
STEP = 500


@dataclass
class Checked:
    findings: Findings
    plan: Plan
    parks: list


def check(book, *, park, on, by, progress=None) -> Checked:
    """``park`` None: every row says its own. ``progress(done, total)`` is told now and then."""
    return Checker(book, park, on, by, progress).run()


class Checker(SpaceChecks, AskedChecks, TenantChecks, LeaseChecks, LineChecks, WholeLeaseChecks):
    def __init__(self, book, park, on, by, progress):
        self.book, self.park, self.on, self.by, self.progress = book, park, on, by, progress
        self.world, self.plan = World(by), Plan()
        self.findings = Findings(problems=[*book.problems, *(
            problem for sheet in book.sheets for problem in sheet.problems
        )])  # fmt: skip
        #: Units of the file by ``id``: their rows, and those whose first day their leases tell.
        self.unit_rows, self.floating, self.tenant_rows, self.open = {}, {}, {}, []
        #: Leases of the file by park and number; sheet and row of a finding or a lease, by ``id``.
        self.leases, self.where, self.free = {}, {}, None
        self.done, self.total = 0, sum(len(sheet.rows) for sheet in book.sheets)
        if park is not None:
            # The same object that the world's rows hang on.
            self.park = next((p for p in self.world.mine if p.pk == park.pk), park)
        elif len(self.world.mine) == 1:
            self.park = self.world.mine[0]

    def run(self):
        parks = self._parks()
        self.world.load(parks)
        self.world.load_tenants(self._codes())
        for code, one in (
            (UNITS, self.unit_row), (TENANTS, self.tenant_row), (LEASES, self.lease_row),
            (LINES, self.line_row), (QUALIFICATIONS, self.qualification_row),
            (FIGURES, self.figure_row),
        ):  # fmt: skip
            if code == QUALIFICATIONS:
                self.load_facts()
            for sheet, row in self.book.rows(code):
                self.one(sheet, row, one)
        self.finish_leases()
        for finding, new in self.open:
            finding.close(new=new)
        return Checked(self.findings, self.plan, parks)

    def one(self, sheet, row, read):
        finding = Finding(sheet.code, sheet.title, row.number, "", problems=[*row.problems])
        self.findings.rows.append(finding)
        self.where[id(finding)] = (sheet, row)
        new = False
        if not any(problem.blocking for problem in row.problems):
            new = bool(read(sheet, row, finding))
        self.open.append((finding, new))
        self.done += 1
        if self.progress and self.done % STEP == 0:
            self.progress(self.done, self.total)

    def _parks(self):
        """Every park the book speaks of."""
        found = {self.park.pk: self.park} if self.park is not None else {}
        for sheet in self.book.sheets:
            for row in sheet.rows:
                park = self.world.parks.get(same(row.values.get("park")))
                if park is not None:
                    found[park.pk] = park
        return list(found.values())

    def _codes(self):
        return {
            row.values["uscc"]
            for sheet in self.book.sheets
            for row in sheet.rows
            if row.values.get("uscc")
        }

    def park_of(self, sheet, row, finding):
        """The park of the row, or None with a problem."""
        said = row.values.get("park")
        if not said:
            if self.park is None:
                self.refuse(finding, sheet, row, "park", "park_missing", _("The row names no park."),
                            _("Fill in the park, or choose one for the whole file."))  # fmt: skip
            return self.park
        park = self.world.parks.get(same(said))
        if park is None:
            self.refuse(
                finding, sheet, row, "park", "park_unknown",
                _("There is no park %(park)s, or it is not yours.") % {"park": said},
                _("Your parks: %(parks)s") % {"parks": ", ".join(p.code for p in self.world.mine)},
            )  # fmt: skip
        elif self.park is not None and park.pk != self.park.pk:
            self.refuse(
                finding, sheet, row, "park", "park_other",
                _("The row belongs to %(park)s, the file is read for %(chosen)s.")
                % {"park": park, "chosen": self.park},
                _("Choose the other park or take the row out."),
            )  # fmt: skip
        return park

    def refuse(self, finding, sheet, row, name, code, message, suggestion="", *, blocking=True):
        value = row.values.get(name)
        finding.problems.append(
            Problem(
                sheet.title, row.number, sheet.letters.get(name, ""),
                "" if value is None else str(value), code, str(message), str(suggestion), blocking,
            )
        )  # fmt: skip

    def refuse_as(self, finding, sheet, row, error):
        """What a model or a service says, on the columns it names."""
        if hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                for one in errors:
                    self.refuse(finding, sheet, row, name, one.code or "invalid",
                                " ".join(one.messages))  # fmt: skip
        else:
            code = getattr(error, "code", None) or "invalid"
            self.refuse(finding, sheet, row, "", code, " ".join(error.messages))

    def clean(self, obj, finding, sheet, row, exclude):
        try:
            obj.clean_fields(exclude=exclude)
        except ValidationError as error:
            self.refuse_as(finding, sheet, row, error)

    def listed(self, finding, sheet, row, name, read, example):
        """A list in one cell, or None when the cell is empty or wrong."""
        text = row.values.get(name)
        if not text:
            return None
        try:
            return read(text)
        except ValueError as error:
            self.refuse(
                finding, sheet, row, name, "list_unreadable",
                _("“%(part)s” cannot be read.") % {"part": error},
                _("Write it as %(example)s") % {"example": example},
            )  # fmt: skip
            return None

    def missing(self, finding, sheet, row, *names):
        """True, with a problem each, when one of the cells is empty."""
        empty = [name for name in names if row.values.get(name) in (None, "")]
        for name in empty:
            self.refuse(finding, sheet, row, name, "required", _("This cell must not be empty."))
        return bool(empty)
