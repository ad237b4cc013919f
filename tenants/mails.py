"""Mail about accounts, to addresses that may be nobody's yet."""

import logging
from functools import partial
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

log = logging.getLogger(__name__)


def mail(address, *, subject, words, language, url="", link="") -> None:
    """One mail in ``language``, sent once everything is committed; nobody's act fails for it.

    ``subject``, ``words`` and ``link`` (what the button says) are lazy texts, ``url`` is a path.
    """
    send = partial(_send, address, subject, words, language, url, link)
    transaction.on_commit(send, robust=True)


def _send(address, subject, words, language, url, link):
    with translation.override(language):
        context = {"subject": subject, "words": words, "link": link, "site": settings.SITE_URL,
                   "url": url}  # fmt: skip
        made = EmailMultiAlternatives(
            str(subject), render_to_string("tenants/mail/account.txt", context), to=[address]
        )
        made.attach_alternative(render_to_string("tenants/mail/account.html", context), "text/html")
    try:
        made.send()
    except (SMTPException, OSError) as error:
        log.warning("A mail about an account was not sent: %s", type(error).__name__)
