"""May a tenant enter a carrier? Criterion by criterion, and whatever else stands in the way.

Shown, never asked for: a person decides, and may make an exemption.
"""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from incubation.models import Residency, Stage
from incubation.rules import Verdict
from incubation.selectors.calls import taking
from incubation.services.entering import Entry, preview_admission
from incubation.services.moving import Move, preview_move
from parks.services.rehearsal import rehearsal

#: Stands for the number of an agreement that nobody has written yet.
UNWRITTEN = "—"


@dataclass(frozen=True, slots=True)
class Eligibility:
    """As of ``day``, the day of entry. ``explanations``: one a rule set (``rules.explain``);
    ``obstacles``, ``remarks``: sentences; ``due_on``: None where nobody could enter."""

    day: date
    explanations: list
    obstacles: list[str]
    remarks: list[str]
    due_on: date | None

    @property
    def findings(self) -> list:
        return [finding for one in self.explanations for finding in one.findings]

    @property
    def criteria(self) -> list:
        """``(explanation, [(finding, depth), …])``; what a group that is met consists of is left
        out: nobody has to bring it."""
        return [(one, list(_open(one.findings))) for one in self.explanations]

    def count(self, verdict) -> int:
        return sum(finding.verdict == verdict for finding in self.findings)

    @property
    def met(self):
        return self.count(Verdict.MET)

    @property
    def not_met(self):
        return self.count(Verdict.NOT_MET)

    @property
    def unknown(self):
        return self.count(Verdict.UNKNOWN)


def _open(findings, depth=0):
    for finding in findings:
        yield finding, depth
        if not finding.met:
            yield from _open(finding.members, depth + 1)


def eligibility(application, *, on, by) -> Eligibility:
    """Of the applicant for the carrier on the day it wants to move in, not before ``on``."""
    return eligibility_for(
        application.tenant, application.carrier, on=on, by=by, day=application.move_in_on,
        special_field=application.special_field,
    )  # fmt: skip


def eligibility_for(tenant, carrier, *, on, by, day=None, special_field="") -> Eligibility:
    """The entry is done, judged and taken back (``preview_admission``); nothing is kept."""
    day = max(day or on, on)
    door = taking(carrier, on)
    obstacles = [] if door.open else [door.against]
    remarks, preview = [], None
    entry = Entry(tenant, carrier, UNWRITTEN, day, special_field=special_field)
    try:
        before = _resident(tenant, day)
        if before is None:
            preview = preview_admission(entry, by=by)
        else:
            preview = _from(before, entry, obstacles, remarks, by=by)
    except ValidationError as refusal:
        obstacles += [words for words in refusal.messages if words not in obstacles]
    return Eligibility(
        day, preview.explanations if preview else [], obstacles, remarks,
        preview.residency.due_on if preview else None,
    )  # fmt: skip


def _resident(tenant, day) -> Residency | None:
    rows = Residency.objects.filter(Q(left_on__isnull=True) | Q(left_on__gt=day), tenant=tenant)
    return rows.select_related("tenant", "carrier").order_by("entered_on").first()


def _from(before, entry, obstacles, remarks, *, by):
    """The tenant resides somewhere: what that means for the entry."""
    where = {"carrier": before.carrier.name, "day": before.entered_on}
    if before.carrier_id == entry.carrier.pk:
        obstacles.append(_("You are in %(carrier)s already, since %(day)s.") % where)
        return None
    stage, wanted = Stage(before.carrier.stage), Stage(entry.carrier.stage)
    if before.left_on is None and before.entered_on < entry.entered_on:
        move = Move(before, entry.carrier, entry.entered_on, entry.agreement_number,
                    special_field=entry.special_field or None)  # fmt: skip
        if stage == wanted:
            remarks.append(_("You are in %(carrier)s since %(day)s: this would be a transfer within "
                             "the stage. The due day stays; no conditions of entry are asked for.")
                           % where)  # fmt: skip
            return preview_move(move, advance=False, by=by)
        if stage.following == wanted:
            remarks.append(_("You are in %(carrier)s since %(day)s and would go on to the next "
                             "stage; the residency there ends on the day you enter.") % where)  # fmt: skip
            return preview_move(move, advance=True, by=by)
    obstacles.append(_("You are in %(carrier)s since %(day)s. One place at a time: leave there "
                       "first, or agree with both carriers.") % where)  # fmt: skip
    with rehearsal():
        Residency.objects.filter(
            pk=before.pk, entered_on__lt=entry.entered_on
        ).update(left_on=entry.entered_on, outcome=Residency.Outcome.WITHDREW,
                 destination=Residency.Destination.UNKNOWN)  # fmt: skip
        return preview_admission(entry, by=by)
