"""Telling people something when it happens: in the inbox, and by mail once it is committed."""

import logging
from functools import partial
from smtplib import SMTPException
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import translation

from parks import notices
from parks.models import Notice, Subscription

log = logging.getLogger(__name__)


def tell(
    *, kind, on, users=(), park=None, about=None, params=None, url="", due_on=None, replacing=False
):
    """A notice of ``kind`` to each of ``users`` and to the staff of ``park``; returns them.

    Persons get it by mail too, the staff with their digest. ``replacing``: an earlier one of the
    kind about the same row goes.
    """
    if replacing:
        Notice.objects.filter(kind=kind, about=about).delete()
    fields = {
        "kind": kind, "about": about, "params": params or {}, "url": url, "due_on": due_on,
        "raised_on": on,
    }  # fmt: skip
    readers = [{"user": user} for user in users] + ([{"park": park}] if park else [])
    made = Notice.objects.bulk_create(
        [Notice(key=f"{kind}:{uuid4().hex}", **reader, **fields) for reader in readers]
    )
    keys = [notice.pk for notice in made if notice.user_id]
    if keys:
        transaction.on_commit(partial(send_mails, keys), robust=True)
    return made


def send_mails(keys) -> int:
    """Mail the notices with these keys to their persons, each in its own language.

    A mail that fails is left to the person's next digest; nobody's act fails for it.
    """
    rows = Notice.objects.filter(pk__in=keys, mailed_at=None, user__is_active=True)
    rows = rows.exclude(user__email="").exclude(
        user__subscription__digest=Subscription.Digest.NEVER
    )  # fmt: skip
    rows = list(rows.select_related("user__subscription").order_by("pk"))
    if not rows:
        return 0
    sent = []
    try:
        with get_connection() as connection:
            for notice in rows:
                try:
                    mail_of(notice, connection).send()
                except SMTPException as error:
                    log.warning("Notice %s was not mailed: %s", notice.pk, error)
                else:
                    sent.append(notice.pk)
    except (SMTPException, OSError) as error:
        log.warning("No mail was sent: %s", error)
    Notice.objects.filter(pk__in=sent).update(mailed_at=Now())
    return len(sent)


def language_of(user) -> str:
    subscription = getattr(user, "subscription", None)
    return subscription.language if subscription else settings.LANGUAGE_CODE


def mail_of(notice, connection=None) -> EmailMultiAlternatives:
    with translation.override(language_of(notice.user)):
        context = {
            "words": notices.words(notice),
            "label": str(notices.kind_of(notice).label),
            "url": notice.url,
            "site": settings.SITE_URL,
            "user": notice.user,
        }
        subject = " ".join(f"{context['label']} {notice.params.get('title', '')}".split())
        text = render_to_string("parks/mail/notice.txt", context)
        mail = EmailMultiAlternatives(
            subject, text, to=[notice.user.email], connection=connection
        )  # fmt: skip
        mail.attach_alternative(render_to_string("parks/mail/notice.html", context), "text/html")
    return mail
