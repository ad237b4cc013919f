"""Sessions in the database that end after hours without a request, not hours after the log-in.

Writing on every request (``SESSION_SAVE_EVERY_REQUEST``) would queue all readers behind SQLite's
one writer; so a session that is used is moved on at most every ``SESSION_RENEW_AFTER`` seconds.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends import db
from django.utils import timezone


class SessionStore(db.SessionStore):
    def _get_session_from_db(self):
        row = super()._get_session_from_db()
        if row is not None:
            used = timedelta(seconds=self.get_session_cookie_age()) - (
                row.expire_date - timezone.now()
            )
            if used > timedelta(seconds=settings.SESSION_RENEW_AFTER):
                self.modified = True
        return row
