"""What a checked book asks for: unsaved objects and acts, in the order in which they are done."""

from dataclasses import dataclass, field
from datetime import date

from tenants.models import Lease
from tenants.services import LineTerms


@dataclass(slots=True)
class Line:
    unit: object
    start: date
    end: date
    area_m2: object
    rent: object
    rent_unit: str
    steps: list
    finding: object = None


def terms(line) -> LineTerms:
    """The line as the services are told it."""
    return LineTerms(
        unit=line.unit, rent=line.rent, rent_unit=line.rent_unit, area_m2=line.area_m2,
        start=line.start, end=line.end, steps=tuple(line.steps),
    )  # fmt: skip


@dataclass(slots=True, eq=False)
class LeasePlan:
    """A lease and what becomes of it. ``lease`` is None until it is drafted."""

    park: object
    number: str
    finding: object
    lease: Lease | None = None
    tenant: object = None
    previous: object = None
    columns: dict = field(default_factory=dict)
    rent_free: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    #: A draft of the database to be written anew.
    redraft: bool = False
    sign_on: date | None = None
    hand_over_on: date | None = None
    terminate_on: date | None = None
    void_on: date | None = None

    @property
    def is_new(self):
        return self.lease is None

    @property
    def start(self):
        return self.columns["start"]

    @property
    def end(self):
        return self.columns["end"]

    @property
    def alone(self):
        """Signed by itself and in order: what it takes does not stay as the lines say."""
        return bool(self.terminate_on or self.void_on or self.follows)

    @property
    def follows(self):
        return self.columns.get("kind") == Lease.Kind.AMENDMENT and self.previous is not None


@dataclass(slots=True)
class Plan:
    buildings: list = field(default_factory=list)
    floors: list = field(default_factory=list)
    units: list = field(default_factory=list)
    unit_changes: list = field(default_factory=list)
    renumberings: list = field(default_factory=list)
    closures: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    tenants: list = field(default_factory=list)
    tenant_changes: list = field(default_factory=list)
    former_names: list = field(default_factory=list)
    leases: list = field(default_factory=list)
    qualifications: list = field(default_factory=list)
    qualification_changes: list = field(default_factory=list)
    figures: list = field(default_factory=list)
    figure_changes: list = field(default_factory=list)
