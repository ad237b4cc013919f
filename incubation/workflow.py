"""The road of an application as data: its states, the acts between them, who may do them.

``Application`` steps only along ``ACTS``; the database refuses every other step. Some states end
by themselves on a day (``FALLS``): a public notice that nobody objected to, an offer nobody took
in time. Source: domain notes §6.
"""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    DRAFT = "draft", _("draft application")
    SUBMITTED = "submitted", _("submitted, formal check")
    AMENDING = "amending", _("to be amended")
    IN_REVIEW = "in_review", _("in review")
    NOTICED = "noticed", _("public notice")
    APPROVED = "approved", _("approved, waiting for space")
    WAITING = "waiting", _("on the waiting list")
    HELD = "held", _("space offered")
    ACCEPTED = "accepted", _("offer accepted")
    SIGNING = "signing", _("signing")
    MOVED_IN = "moved_in", _("moved in")
    REFUSED = "refused", _("not admitted")
    WITHDRAWN = "withdrawn", _("withdrawn")
    LAPSED = "lapsed", _("lapsed")


#: Nothing follows them; a new application may link the old one.
CLOSED = frozenset({State.MOVED_IN, State.REFUSED, State.WITHDRAWN, State.LAPSED})
#: The applicant writes; the carrier waits for it.
WRITABLE = frozenset({State.DRAFT, State.AMENDING})
#: What a state becomes by itself on the day ``until`` of the step that led to it.
FALLS = {
    State.AMENDING: State.LAPSED,
    State.NOTICED: State.APPROVED,
    State.HELD: State.LAPSED,
    State.ACCEPTED: State.APPROVED,
}
#: Which days of ``Intake`` are promised for a state that waits for the carrier.
PROMISED = {
    State.SUBMITTED: "check_days",
    State.IN_REVIEW: "review_days",
    State.SIGNING: "sign_days",
}

APPLICANT, OPERATOR, SYSTEM = "applicant", "operator", "system"


@dataclass(frozen=True)
class Act:
    """``moves``: ``{source: targets}``. ``opinion``: it cannot be done without a reason."""

    key: str
    label: str
    actor: str
    moves: dict
    opinion: bool = False


def _to(target, *sources):
    return dict.fromkeys(sources, (target,))


S = State
ACTS = {act.key: act for act in (
    Act("start", _("started"), APPLICANT, {"": (S.DRAFT,)}),
    Act("submit", _("submitted"), APPLICANT, _to(S.SUBMITTED, S.DRAFT, S.AMENDING)),
    Act("withdraw", _("withdrawn"), APPLICANT,
        _to(S.WITHDRAWN, S.DRAFT, S.SUBMITTED, S.AMENDING, S.IN_REVIEW, S.NOTICED, S.APPROVED,
            S.WAITING, S.HELD, S.ACCEPTED)),
    Act("return", _("returned to be amended"), OPERATOR, _to(S.AMENDING, S.SUBMITTED), opinion=True),
    Act("refuse_form", _("refused in the formal check"), OPERATOR, _to(S.REFUSED, S.SUBMITTED),
        opinion=True),
    Act("accept_form", _("accepted for review"), OPERATOR, _to(S.IN_REVIEW, S.SUBMITTED)),
    Act("approve", _("approved"), OPERATOR, {S.IN_REVIEW: (S.APPROVED, S.NOTICED)}, opinion=True),
    Act("refuse", _("refused"), OPERATOR, _to(S.REFUSED, S.IN_REVIEW), opinion=True),
    Act("object", _("objected to, back to review"), OPERATOR, _to(S.IN_REVIEW, S.NOTICED),
        opinion=True),
    Act("queue", _("put on the waiting list"), OPERATOR, _to(S.WAITING, S.APPROVED)),
    Act("hold", _("space offered"), OPERATOR, _to(S.HELD, S.APPROVED, S.WAITING)),
    Act("accept", _("offer accepted"), APPLICANT, _to(S.ACCEPTED, S.HELD)),
    Act("decline", _("offer declined"), APPLICANT, _to(S.WAITING, S.HELD), opinion=True),
    Act("retract", _("offer taken back"), OPERATOR,
        {S.HELD: (S.APPROVED, S.WAITING), S.ACCEPTED: (S.APPROVED, S.WAITING)}, opinion=True),
    Act("convert", _("agreement and lease drafted"), OPERATOR, _to(S.SIGNING, S.HELD, S.ACCEPTED)),
    Act("move_in", _("moved in"), OPERATOR, _to(S.MOVED_IN, S.SIGNING)),
    Act("abandon", _("signing failed"), OPERATOR, {S.SIGNING: (S.LAPSED, S.APPROVED)},
        opinion=True),
    Act("lapse", _("lapsed by itself"), SYSTEM,
        {source: (target,) for source, target in FALLS.items()}),
)}  # fmt: skip


def allowed() -> Q:
    """Condition on ``ApplicationStep``: it goes a way of ``ACTS``."""
    ways = (
        Q(act=act.key, source=str(source), target__in=[str(t) for t in targets])
        for act in ACTS.values() for source, targets in act.moves.items()
    )  # fmt: skip
    return reduce(or_, ways)


def needs_opinion() -> list[str]:
    return [act.key for act in ACTS.values() if act.opinion]


def possible(state) -> list[Act]:
    """The acts that lead on from ``state``, in the order of the table."""
    return [act for act in ACTS.values() if state in act.moves]
