"""What is decided about a file, what becomes of each feature, and the report of it all."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy

from maps.geo import systems

CREATED, CHANGED, UNCHANGED, REFUSED = "created", "changed", "unchanged", "refused"
ACTIONS = {
    CREATED: gettext_lazy("new"), CHANGED: gettext_lazy("changed"),
    UNCHANGED: gettext_lazy("unchanged"), REFUSED: gettext_lazy("refused"),
}  # fmt: skip


@dataclass
class Options:
    """What a person decided about a file. ``columns``: our column → heading of the file."""

    layer: str
    system: str = ""
    sheet: str = ""
    columns: dict = field(default_factory=dict)
    repair: bool = False
    close_lines: bool = False
    leave_refused: bool = False


@dataclass
class Row:
    """One feature. ``values``: texts of the file by our columns; ``old``: the outline before.

    ``area`` is what would be kept, ``picture`` what the map shows: a broken outline has only the latter.
    """

    index: int
    values: dict
    action: str = ""
    name: str = ""
    reason: str = ""
    suggestion: str = ""
    notes: list = field(default_factory=list)
    changes: list = field(default_factory=list)
    record: object = None
    fields: dict = field(default_factory=dict)
    area: object = None
    picture: object = None
    old: object = None
    area_m2: float | None = None
    recorded_m2: float | None = None
    moved_m: float | None = None
    overlap: float | None = None

    def refuse(self, reason, suggestion=""):
        self.action, self.reason, self.suggestion = REFUSED, reason, suggestion

    def as_dict(self):
        """What the report keeps; shapes stay in the file."""
        plain_fields = ("index", "action", "name", "reason", "suggestion", "notes", "changes")
        numbers = ("area_m2", "recorded_m2", "moved_m", "overlap")
        row = {name: getattr(self, name) for name in plain_fields}
        return row | {
            name: None if getattr(self, name) is None else round(float(getattr(self, name)), 3)
            for name in numbers
        }


@dataclass
class Plan:
    """All rows of a file under ``options``, and the verdict about its coordinates."""

    options: Options
    verdict: systems.Verdict
    system: str
    rows: list[Row]
    notes: list[str]
    headings: list[str]
    layers: list[str]

    @property
    def counts(self):
        found = Counter(row.action for row in self.rows)
        return {name: found[name] for name in (CREATED, CHANGED, UNCHANGED, REFUSED)}

    def report(self):
        """JSON for the page, the command and the API."""
        return {
            "layer": self.options.layer, "system": self.system,
            "proposed": self.verdict.proposed, "certain": self.verdict.certain,
            "hypotheses": [one.as_dict() for one in self.verdict.hypotheses],
            "notes": self.notes + self.verdict.notes, "counts": self.counts,
            "columns": self.options.columns, "headings": self.headings, "layers": self.layers,
            "rows": [row.as_dict() for row in self.rows],
        }  # fmt: skip
