"""Reviewers: who they are, and what stands between them and an applicant."""

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from incubation.models import Interest, ReviewAssignment, Reviewer
from incubation.selectors.reviewing import conflicts_of
from incubation.services.reviewing import record_exclusions, withdraw_assignment
from parks.audit import record, snapshot
from parks.days import local_day
from parks.errors import DatesOutOfOrder, InvalidValue
from parks.periods import active_q
from tenants.links import password_link
from tenants.mails import mail


@transaction.atomic
def add_reviewer(*, user, name, start, by, **fields) -> Reviewer:
    """A person with an account reviews from ``start`` on; the account gets the role."""
    if Reviewer.objects.filter(user=user).exists():
        raise InvalidValue(_("This account is a reviewer's already."))
    reviewer = Reviewer(user=user, name=name, start=start, **fields)
    reviewer.full_clean()
    reviewer.save()
    user.groups.add(Group.objects.get_or_create(name="reviewer")[0])
    record("create", reviewer, by=by)
    return reviewer


@transaction.atomic
def invite_reviewer(*, username, by, email="", **fields) -> Reviewer:
    """A reviewer with the account ``username``; a new one gets a link to choose its password.

    Raises ``InvalidValue`` without an address for a new account, or for one that is closed.
    """
    user = User.objects.filter(username=username).first()
    if user and not user.is_active:
        raise InvalidValue(_("This account is closed. Choose another user name."))
    if user is None:
        if not email:
            raise InvalidValue(_("Nobody has this user name yet: give an e-mail address for it."))
        # A password nobody knows, as a link is only made for accounts that have one.
        user = User.objects.create_user(
            username, email, get_random_string(40), first_name=fields["name"]
        )
        _send_link(user)
    return add_reviewer(user=user, by=by, **fields)


def _send_link(user):
    words = _("You are asked to review applications for incubators of the district. Choose a "
              "password first, then log in with the user name %(name)s. The link works once and "
              "for a day; later, ask for a new one with “forgotten password”.")  # fmt: skip
    mail(
        user.email, language=settings.LANGUAGE_CODE, subject=_("Your account as a reviewer"),
        words=words % {"name": user.username}, link=_("Choose a password"),
        url=password_link(user),
    )  # fmt: skip


@transaction.atomic
def correct_reviewer(*, reviewer, by, at, on, reason="", **fields) -> Reviewer:
    """Correct what is known, or end the reviewing with ``end``.

    Reviews asked for and not handed in are taken off once a new organisation is an interest.
    """
    row = Reviewer.objects.select_for_update().get(pk=reviewer.pk)
    before = snapshot(row)
    for name, value in fields.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    record("correct", row, by=by, before=before, reason=reason)
    _take_off(row, by=by, at=at, on=on)
    return row


@transaction.atomic
def declare_interest(
    *, reviewer, kind, source, start, by, at, tenant=None, organisation="", note="", end=None
) -> Interest:
    """From ``start`` on it excludes; reviews asked for and not handed in are taken off with it.

    One that begins later takes them off on its day (``take_off_interested``).
    """
    row = Interest(
        reviewer=reviewer, kind=kind, source=source, start=start, end=end, tenant=tenant,
        organisation=organisation, note=note, by=by if by and by.is_authenticated else None,
    )  # fmt: skip
    row.full_clean(exclude=["reviewer", "tenant", "by"])
    row.save()
    record("declare_interest", row, by=by)
    if start <= local_day(at):
        _take_off(reviewer, by=by, at=at, on=start)
    return row


@transaction.atomic
def end_interest(*, interest, end, by, reason="") -> Interest:
    """The interest is over from ``end`` on; reviews taken off with it stay off."""
    row = Interest.objects.select_for_update(of=("self",)).get(pk=interest.pk)
    if end <= row.start:
        raise DatesOutOfOrder(_("An interest ends after it began, on %(day)s."), day=row.start)
    before = snapshot(row)
    row.end = end
    row.save(update_fields=["end"])
    record("end", row, by=by, before=before, reason=reason)
    return row


@transaction.atomic
def take_off_interested(*, at, on) -> list[ReviewAssignment]:
    """Take the waiting reviews off whose reviewer's interest has begun by ``on``; safe to run twice."""
    now = Interest.objects.filter(active_q(on), reviewer=OuterRef("pk"))
    waiting = ReviewAssignment.objects.to_do_on(on).filter(reviewer=OuterRef("pk"))
    rows = Reviewer.objects.filter(Exists(now), Exists(waiting)).order_by("pk")
    return [one for row in rows for one in _take_off(row, by=None, at=at, on=on)]


def _take_off(reviewer, *, by, at, on) -> list[ReviewAssignment]:
    """Take every waiting review off in whose applicant the reviewer has an interest on ``on``."""
    taken = []
    waiting = ReviewAssignment.objects.filter(reviewer=reviewer).waiting()
    waiting = waiting.select_related("application__carrier__park", "application__tenant")
    for one in waiting.defer("application__carrier__park__boundary"):
        conflicts = conflicts_of(one.application, [reviewer], on)
        if reasons := conflicts[reviewer]:
            label = dict(Interest._meta.get_field("kind").flatchoices)[reasons[0][0]]
            taken.append(withdraw_assignment(assignment=one, reason=str(label), by=by, at=at))
            record_exclusions(application=one.application, conflicts=conflicts, by=by, at=at)
    return taken
