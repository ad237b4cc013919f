"""Worlds made once for several tests."""

from contextlib import contextmanager

from django.db import transaction


@contextmanager
def kept(blocker):
    """What is made inside stays for the tests of a module, each in a savepoint; then it is gone.

    ``blocker``: pytest-django's ``django_db_blocker``; ask for ``django_db_setup`` too.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
