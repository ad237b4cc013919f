"""The mail with what is new since a person's last one."""

from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import ngettext

from parks import notices
from parks.models import Subscription

#: So many notices are told in one mail; the inbox has them all.
TOLD = 50
MONDAY = 0


def is_due(subscription, on) -> bool:
    """Daily: not yet today. Weekly: on Mondays, or when a Monday was missed."""
    last = subscription.digest_sent_on
    if subscription.digest == Subscription.Digest.DAILY:
        return last is None or last < on
    if subscription.digest == Subscription.Digest.WEEKLY:
        return on.weekday() == MONDAY and last != on or last is not None and (on - last).days > 7
    return False


def mail_for(subscription, on):
    """The mail of the unread notices since the last one; None when there is nothing new."""
    user, last = subscription.user, subscription.digest_sent_on
    rows = notices.standing(user, on).filter(mailed_at=None).unread_by(user).select_related("park")
    rows = rows.defer("park__boundary").order_by("due_on", "pk")
    if last:
        rows = rows.filter(raised_on__gt=last)
    count = rows.count()
    if not count:
        return None
    with translation.override(subscription.language):
        lines = [(row, notices.words(row)) for row in rows[:TOLD]]
        context = {
            "lines": lines,
            "count": count,
            "more": count - len(lines),
            "site": settings.SITE_URL,
            "user": user,
        }
        subject = ngettext("%(n)s new notice", "%(n)s new notices", count) % {"n": count}
        text = render_to_string("parks/mail/digest.txt", context)
        mail = EmailMultiAlternatives(subject, text, to=[user.email])
        mail.attach_alternative(render_to_string("parks/mail/digest.html", context), "text/html")
    return mail


def send_digests(on, *, token, at, complain) -> int:
    """One mail a person; ``complain(user, error)`` for an address that fails, the others go on.

    A mail is claimed before it is sent, so that two runs at once send one.
    """
    sent = 0
    people = get_user_model().objects.filter(is_active=True).exclude(email="")
    for user in people.order_by("pk"):
        mine = notices.subscription_of(user, token=token(), at=at)
        if not is_due(mine, on):
            continue
        mail = mail_for(mine, on)
        unclaimed = Subscription.objects.filter(pk=mine.pk).filter(
            Q(digest_sent_on__isnull=True) | Q(digest_sent_on__lt=on)
        )
        if not unclaimed.update(digest_sent_on=on) or mail is None:
            continue
        try:
            mail.send()
        except (SMTPException, OSError) as error:
            Subscription.objects.filter(pk=mine.pk).update(digest_sent_on=mine.digest_sent_on)
            complain(user, error)
        else:
            sent += 1
    return sent
