"""What the applicant and the carrier's staff are told at each step of an application."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from incubation.models import Application, ApplicationStep
from incubation.selectors.intake import intake_of
from incubation.workflow import PROMISED, State
from parks import notices
from parks.days import local_day
from parks.notices import Kind
from parks.telling import tell

#: What ends a step's name where one act leads to, or from, several states.
BY_TARGET, BY_SOURCE = {"approve", "abandon"}, {"lapse"}
S = State

#: To the applicant's members, at every step but the first.
TO_APPLICANT = {
    "submit": Kind(
        _("Application received"),
        _("%(carrier)s received application %(title)s. It promises the formal check by %(due)s.")),
    "return": Kind(
        _("Amend the application"),
        _("%(carrier)s asks you to amend application %(title)s; the last day is %(due)s. "
          "What is asked: %(reason)s"), "warn"),
    "refuse_form": Kind(
        _("Application not taken up"),
        _("%(carrier)s did not take up application %(title)s. The reason: %(reason)s"), "bad"),
    "accept_form": Kind(
        _("Application in review"),
        _("Application %(title)s passed the formal check of %(carrier)s and goes to reviewers. "
          "The decision is promised by %(due)s.")),
    f"approve-{S.APPROVED}": Kind(
        _("Application approved"),
        _("%(carrier)s approved application %(title)s and now looks for space for you. "
          "It says: %(reason)s")),
    f"approve-{S.NOTICED}": Kind(
        _("Application announced"),
        _("%(carrier)s wants to approve application %(title)s and announces it publicly up to "
          "%(due)s. Without an objection it is approved the day after. It says: %(reason)s")),
    "refuse": Kind(
        _("Application not admitted"),
        _("%(carrier)s did not admit application %(title)s. The reason: %(reason)s"), "bad"),
    "object": Kind(
        _("Objection to the application"),
        _("Somebody objected to application %(title)s; %(carrier)s reviews it again. "
          "The objection: %(reason)s"), "warn"),
    "queue": Kind(
        _("On the waiting list"),
        _("No space fits yet: application %(title)s is on the waiting list of %(carrier)s. You "
          "see your place there and hear at once when space is offered.")),
    "hold": Kind(
        _("Space is offered to you"),
        _("%(carrier)s keeps %(units)s for application %(title)s. Accept or decline; the last day "
          "is %(due)s, then it goes to the next."), "warn"),
    "accept": Kind(
        _("You took the space"),
        _("You accepted the space for application %(title)s. %(carrier)s prepares the agreement; "
          "the space is kept up to %(due)s.")),
    "decline": Kind(
        _("You declined the space"),
        _("You declined the space for application %(title)s, which waits again on the list of "
          "%(carrier)s.")),
    "retract": Kind(
        _("Offer taken back"),
        _("%(carrier)s took back the space offered for application %(title)s. The application "
          "stays approved and keeps its place. The reason: %(reason)s"), "warn"),
    "convert": Kind(
        _("Agreement ready"),
        _("Agreement and lease for application %(title)s are drafted. Sign them with %(carrier)s; "
          "signing is promised by %(due)s."), "warn"),
    "move_in": Kind(
        _("Moved in"), _("You have moved in at %(carrier)s (application %(title)s). Welcome!")),
    f"abandon-{S.APPROVED}": Kind(
        _("Not signed"),
        _("The signing for application %(title)s came to nothing; it stays approved and "
          "%(carrier)s can offer other space. The reason: %(reason)s"), "warn"),
    f"abandon-{S.LAPSED}": Kind(
        _("Not signed, application ended"),
        _("The signing for application %(title)s came to nothing and the application is closed. "
          "You can apply again. The reason: %(reason)s"), "bad"),
    "withdraw": Kind(
        _("Application withdrawn"),
        _("Application %(title)s to %(carrier)s is withdrawn. You can apply again.")),
    f"lapse-{S.AMENDING}": Kind(
        _("Not amended in time"),
        _("Application %(title)s to %(carrier)s was not amended in time and has lapsed. You can "
          "apply again; what you wrote is copied."), "bad"),
    f"lapse-{S.NOTICED}": Kind(
        _("Application approved after the notice"),
        _("Nobody objected: application %(title)s is approved. %(carrier)s now looks for space "
          "for you.")),
    f"lapse-{S.HELD}": Kind(
        _("Offer lapsed"),
        _("The space offered for application %(title)s was not accepted in time. The application "
          "to %(carrier)s has lapsed; you can apply again."), "bad"),
    f"lapse-{S.ACCEPTED}": Kind(
        _("Space no longer kept"),
        _("Application %(title)s was not signed in time, so its space is free again. It stays "
          "approved; ask %(carrier)s for another offer."), "warn"),
}  # fmt: skip
#: To the park's staff, of what others did.
TO_STAFF = {
    "submit": Kind(
        _("Application to check"),
        _("%(who)s sent application %(title)s to %(carrier)s; the formal check is promised by "
          "%(due)s."), "warn"),
    "withdraw": Kind(
        _("Withdrawn by the applicant"),
        _("%(who)s withdrew application %(title)s to %(carrier)s.")),
    "object": Kind(
        _("The applicant objects"),
        _("%(who)s objects to the public notice of application %(title)s to %(carrier)s, which is in "
          "review again: ask reviewers. The objection: %(reason)s"), "warn"),
    "accept": Kind(
        _("Offer taken"),
        _("%(who)s accepted the space for application %(title)s to %(carrier)s: draft the "
          "agreement; the space is kept up to %(due)s."), "warn"),
    "decline": Kind(
        _("Space declined"),
        _("%(who)s declined the space for application %(title)s to %(carrier)s: %(reason)s")),
    "lapse": Kind(
        _("Application lapsed"),
        _("Application %(title)s of %(who)s to %(carrier)s has lapsed; its last day was %(due)s.")),
    f"lapse-{S.NOTICED}": Kind(
        _("Approved after the notice"),
        _("Nobody objected: application %(title)s of %(who)s to %(carrier)s is approved. Offer "
          "space, or put it on the waiting list."), "warn"),
    f"lapse-{S.ACCEPTED}": Kind(
        _("Space no longer kept"),
        _("Agreement and lease for application %(title)s of %(who)s to %(carrier)s were not drafted "
          "in time, so its space is free again. Offer other space."), "warn"),
}  # fmt: skip
WRITTEN = {
    "application-message": Kind(
        _("Message from the carrier"),
        _("%(carrier)s wrote about application %(title)s: %(text)s")),
    "staff-message": Kind(
        _("Message from an applicant"),
        _("%(who)s wrote about application %(title)s: %(text)s"), "warn"),
}  # fmt: skip
#: What staff, and what applicants are told as long as the application stands there.
WAITS = {"submit": S.SUBMITTED, "accept": S.ACCEPTED}
ASKS = {"return": S.AMENDING, "hold": S.HELD}


def _still(state):
    def condition(on):
        return Q(Exists(Application.objects.in_state(state, on=on).filter(pk=OuterRef("about"))))

    return condition


def _no_step_since(key):
    """Staff are told of a step until the next one: whoever took that knew."""
    act, _dash, source = key.partition("-")
    step = {"act": act, "source": source} if source else {"act": act}

    def condition(on):
        steps = ApplicationStep.objects.by_day(on)
        later = steps.filter(
            application=OuterRef("application"), sequence__gt=OuterRef("sequence")
        )  # fmt: skip
        told = steps.filter(~Exists(later), application=OuterRef("about"), **step)
        return Q(Exists(told))

    return condition


def _unanswered(on):
    return Q(Exists(Application.objects.unanswered_on(on).filter(pk=OuterRef("about"))))


for _key, _kind in TO_APPLICANT.items():
    notices.register_kind(f"application-{_key}", _kind)
for _key, _state in ASKS.items():
    notices.register_condition(f"application-{_key}", _still(_state))
for _key, _kind in TO_STAFF.items():
    notices.register_kind(f"staff-{_key}", _kind)
    notices.register_condition(
        f"staff-{_key}", _still(WAITS[_key]) if _key in WAITS else _no_step_since(_key)
    )
for _key, _kind in WRITTEN.items():
    notices.register_kind(_key, _kind)
notices.register_condition("staff-message", _unanswered)


def announce(row) -> None:
    """Tell of the step ``row``: each member of the applicant, and the staff where they must act.

    What was never sent is nobody's business but the applicant's.
    """
    application, name = row.application, row.act
    if name == "start":
        return
    if name in BY_TARGET:
        name = f"{row.act}-{row.target}"
    elif name in BY_SOURCE:
        name = f"{row.act}-{row.source}"
    due = _due(row)
    told = {
        "on": local_day(row.at),
        "about": application.pk, "due_on": due,
        "url": f"/applications/{application.pk}/",
        "params": {
            "title": application.number, "carrier": application.carrier.name,
            "who": application.tenant.name, "reason": row.opinion, "due": str(due or ""),
            "units": "、".join(row.details.get("units", ())),
        },
    }  # fmt: skip
    members = application.tenant.users.filter(is_active=True).order_by("pk")
    tell(kind=f"application-{name}", users=members, replacing=name in ASKS, **told)
    to_staff = name if name in TO_STAFF else row.act
    # The staff record the objections of everybody else, and know of what was never sent nothing.
    own = row.act != "object" or members.filter(pk=row.by_id).exists()
    if to_staff in TO_STAFF and own and (row.act == "submit" or row.source != State.DRAFT):
        park = application.carrier.park
        tell(kind=f"staff-{to_staff}", park=park, replacing=True, **told)


def announce_message(row) -> None:
    """Tell the other side of a message."""
    application = row.application
    told = {
        "on": local_day(row.at), "about": application.pk,
        "url": f"/applications/{application.pk}/#messages",
        "params": {
            "title": application.number, "carrier": application.carrier.name,
            "who": application.tenant.name, "text": row.text[:300],
        },
    }  # fmt: skip
    if row.from_applicant:
        tell(kind="staff-message", park=application.carrier.park, **told)
    else:
        members = application.tenant.users.filter(is_active=True).order_by("pk")
        tell(kind="application-message", users=members, **told)


def _due(row):
    """The last day of what comes next: the one promised, or before the state ends (or ended) by itself."""
    if row.until or row.act == "lapse":
        return (row.until or row.on) - timedelta(days=1)
    if days := PROMISED.get(row.target):
        return row.on + timedelta(days=getattr(intake_of(row.application.carrier), days))
    return None
