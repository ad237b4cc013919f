"""What comes next for an application, in plain words: THE table, by state and reader; its stages."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from incubation.workflow import APPLICANT, OPERATOR, State

S = State
#: ``{state: (to the applicant, to the carrier's staff)}``.
NEXT = {
    S.DRAFT: (
        _("Fill in what is missing and send the application. Nobody else sees it before."),
        _("The applicant is still writing."),
    ),
    S.SUBMITTED: (
        _("The carrier looks whether everything is there. You need do nothing; if something is "
          "missing, you are told what."),
        _("Check the form: accept it for review, return it with a list of what to amend, or "
          "refuse it with a reason."),
    ),
    S.AMENDING: (
        _("Amend what is listed and send the application again by the last day; after that day "
          "it lapses."),
        _("The applicant amends. Nothing is to be done unless it asks; after the last day the "
          "application lapses by itself."),
    ),
    S.IN_REVIEW: (
        _("Reviewers score the application, each without knowing what the others say; then the "
          "carrier decides and tells you why. You need do nothing."),
        _("Ask reviewers. As soon as enough reviews are in, decide with a reason."),
    ),
    S.NOTICED: (
        _("The carrier wants to admit you and says so in public. If nobody objects by the last "
          "day, you are approved the day after. If the notice is wrong, object on the "
          "page of the application."),
        _("The notice is public. Record an objection if one comes in; otherwise the application "
          "is approved by itself after the last day."),
    ),
    S.APPROVED: (
        _("You are approved. The carrier offers you space, or puts you on the waiting list where "
          "none fits."),
        _("Offer units that fit, or put the application on the waiting list."),
    ),
    S.WAITING: (
        _("You are on the waiting list. As soon as space fits and it is your turn, it is offered "
          "to you and you hear at once."),
        _("Offer units as soon as some that fit are free; the queue says whose turn it is."),
    ),
    S.HELD: (
        _("Space is held for you. Accept or decline it by the last day; after it the offer "
          "lapses and passes on to the next."),
        _("Wait for the answer; after the last day the offer passes on by itself."),
    ),
    S.ACCEPTED: (
        _("The carrier prepares agreement and lease. Have your licence and seal ready to sign."),
        _("Draft agreement and lease; the hold ends with the last day."),
    ),
    S.SIGNING: (
        _("Read agreement and lease, and sign them with the carrier; then you get the keys."),
        _("Have agreement and lease signed, then record the moving in."),
    ),
    S.MOVED_IN: (
        _("You have moved in. Residency, lease and yearly figures go on from your board."),
        _("Complete. Residency and lease go on from here."),
    ),
    S.REFUSED: (
        _("This application is at an end. If you disagree, write a message on the page of the "
          "application; the carrier answers. You may apply again, here or to another carrier; what "
          "you wrote is copied."),
        _("At an end. The applicant may apply again."),
    ),
    S.WITHDRAWN: (
        _("You took this application back. You may apply again; what you wrote is copied."),
        _("Taken back by the applicant."),
    ),
    S.LAPSED: (
        _("A last day passed, so this application is at an end. You may apply again; what you "
          "wrote is copied."),
        _("At an end: a last day passed. The applicant may apply again."),
    ),
}  # fmt: skip
READERS = (APPLICANT, OPERATOR)


def next_step(state, reader) -> str:
    """``reader``: ``APPLICANT`` or ``OPERATOR`` of ``incubation.workflow``."""
    return NEXT[State(state)][READERS.index(reader)]


@dataclass(frozen=True)
class Stage:
    """A part of the road. ``days``: the setting of ``Intake`` that bounds or promises it."""

    label: str
    states: tuple
    days: str = ""


STAGES = (
    Stage(_("writing, amending"), (S.DRAFT, S.AMENDING)),
    Stage(_("formal check"), (S.SUBMITTED,), "check_days"),
    Stage(_("review and decision"), (S.IN_REVIEW,), "review_days"),
    Stage(_("public notice"), (S.NOTICED,), "notice_days"),
    Stage(_("finding space"), (S.APPROVED, S.WAITING, S.HELD)),
    Stage(_("agreement and lease"), (S.ACCEPTED, S.SIGNING), "sign_days"),
    Stage(_("moved in"), (S.MOVED_IN,)),
)
STAGE_OF = {state: number for number, stage in enumerate(STAGES) for state in stage.states}
