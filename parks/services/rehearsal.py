"""Trying an act: everything is done, looked at, and taken back."""

from contextlib import contextmanager

from django.db import transaction


@contextmanager
def rehearsal():
    """Whatever is written inside is taken back when the block ends, the audit trail with it.

    The acts really happen meanwhile, so the database and the services refuse what they would
    refuse in earnest; a refusal leaves the block as it is, after everything is taken back. What
    the acts would do is read inside, into plain values: afterwards the objects in memory still
    carry what no longer stands in the database. Inside a transaction it is a savepoint, and the
    transaction goes on as it was before. Nothing due on commit is run.
    """
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
