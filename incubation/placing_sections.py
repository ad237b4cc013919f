"""Space on the page of an application: its offer, its place in the queue, agreement and lease."""

from incubation.fitting import term_of
from incubation.models import Application, Offer
from incubation.selectors.placing import match, told, with_all
from incubation.selectors.waiting import waits
from incubation.workflow import State
from parks.sections import Section, register

#: Before, nothing is said about space.
PLACING = {
    State.APPROVED, State.WAITING, State.HELD, State.ACCEPTED, State.SIGNING, State.MOVED_IN,
}  # fmt: skip

#: Sent, and without space yet.
SEEKING = {
    State.SUBMITTED, State.AMENDING, State.IN_REVIEW, State.NOTICED, State.APPROVED, State.WAITING,
}  # fmt: skip
#: Fitting units shown before one asks for all.
FIRST = 5


@register("application", place=1)
def placing_of_application(application, user, on):
    """None while the application is not approved; ``application`` with its state on ``on``."""
    offers = list(with_all(Offer.objects.filter(application=application, made_on__lte=on)))
    staff = user.has_perm("parks.view_park")
    own = user.tenants.filter(pk=application.tenant_id).exists()
    if application.state not in PLACING and not offers or not (staff or own):
        return None
    waiting = waits(application, on) if application.state == State.WAITING else None
    rows, lease = told(offers, on), application.lease
    return Section("incubation/_application_placing.html", {
        "application": application, "rows": rows, "waiting": waiting,
        "staff": staff, "own": {application.pk} if own else set(),
        "open_units": rows[0].units if rows else [], "newest": rows[0] if rows else None,
        "residency": application.residency, "lease": lease,
        "acts": _acts(application, user, own, on),
        "starts_later": application.state == State.SIGNING and lease and on < lease.start,
    })  # fmt: skip


def _acts(application, user, own, on) -> set[str]:
    """The acts of placing that ``user`` may do now."""
    state, found = application.state, set()
    if own and user.has_perm("incubation.apply") and state == State.HELD:
        found |= {"accept", "decline"}
    if user.has_perm("incubation.handle_application"):
        found |= {
            State.APPROVED: {"offer"}, State.WAITING: {"offer"}, State.HELD: {"convert", "retract"},
            State.ACCEPTED: {"convert", "retract"}, State.SIGNING: _ends(application.lease, on),
        }.get(state, set())  # fmt: skip
    return found


def _ends(lease, on) -> set[str]:
    """How the signing of ``lease`` can end: as the services take it on ``on``."""
    if lease is None:
        return {"abandon"}
    begun = {"move_in"} if lease.start <= on else set()
    return begun | ({"abandon"} if not lease.signed_on or lease.voided_on else set())


@register("application", place=4)
def matching_of_application(application, user, on):
    """For the staff: the units that fit, and why the others do not."""
    if application.state not in SEEKING or not user.has_perm("parks.view_park"):
        return None
    choices, sets = match(application, on)
    fitting = [one for one in choices if not one.reasons]
    return Section("incubation/_application_matching.html", {
        "application": application, "term": term_of(application, on),
        "first": fitting[:FIRST], "more": fitting[FIRST:],
        "excluded": [one for one in choices if one.reasons], "sets": sets[:FIRST],
        "may_offer": "offer" in _acts(application, user, own=False, on=on),
    })  # fmt: skip


@register("lease")
def application_of_lease(lease, user, on):
    return _came_from(user, on, lease=lease)


@register("residency")
def application_of_residency(residency, user, on):
    return _came_from(user, on, residency=residency)


def _came_from(user, on, **made):
    """The application that a lease or residency came from, and what is still to be done."""
    row = Application.objects.visible_to(user).with_state(on).filter(**made).first()
    if row is None:
        return None
    return Section("incubation/_came_from.html", {
        "application": row, "may_move_in": row.state == State.SIGNING
        and "move_in" in _ends(row.lease, on)
        and user.has_perm("incubation.handle_application"),
    })  # fmt: skip
