"""Work on an upload that outlives a request: progress, signs of life, and how it ends.

A worker is a thread of the server, or the command itself in the foreground. Where it stands is in
the row of the upload, so a reload, a lost connection or another server sees the same. A worker
that has given no sign of life for ``SILENT`` is taken for dead.
"""

import logging
import time
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from parks.errors import RuleViolation
from parks.models import Park, Upload

SILENT = timedelta(seconds=60)
CHECKING, APPLYING, UNDOING = "checking", "applying", "undoing"
log = logging.getLogger(__name__)


#: A chunk of work should hold the only writer this long, in seconds. SQLite lets whoever waits ask
#: again every tenth of a second, so the pause after a chunk is that long.
TARGET, PAUSE = 0.25, 0.1
#: Rows of a chunk.
FIRST, SMALLEST, LARGEST = 40, 20, 1000


class Pace:
    """How many rows the next chunk takes, learnt from how long the last ones took."""

    def __init__(self):
        self.size, self.longest = FIRST, 0.0

    def restart(self):
        """Rows of another kind follow, which take another time."""
        self.size = FIRST

    @contextmanager
    def chunk(self):
        began = time.perf_counter()
        yield
        took = time.perf_counter() - began
        self.longest = max(self.longest, took)
        wanted = int(self.size * min(1.6, TARGET / max(took, 0.001)))
        self.size = max(SMALLEST, min(LARGEST, wanted))
        time.sleep(PAUSE)


class Busy(RuleViolation):
    """Another file is being applied to the same park."""

    code = "busy"


def running(upload) -> bool:
    return bool(upload.phase and upload.beat_at and timezone.now() - upload.beat_at < SILENT)


def interrupted(upload) -> bool:
    """A worker died: what it had done stands until it is undone. A check writes nothing."""
    return upload.phase in (APPLYING, UNDOING) and not running(upload)


def state(upload) -> str:
    """``discarded``, ``undone``, ``running``, ``interrupted``, ``applied``, ``checked`` or ``new``."""
    if upload.discarded_at:
        return "discarded"
    if upload.undone_at:
        return "undone"
    if running(upload):
        return "running"
    if interrupted(upload):
        return "interrupted"
    if upload.applied_at:
        return "applied"
    return "checked" if upload.checked_at else "new"


@transaction.atomic
def claim(upload, phase, *, parks):
    """Begin ``phase``. Raises ``Busy`` while this or another upload of ``parks`` is worked on."""
    list(Park.objects.select_for_update().filter(pk__in=parks).order_by("pk").values("pk"))
    upload.refresh_from_db()
    for other in Upload.objects.exclude(phase=""):
        theirs = other.options.get("parks", [other.park_id])
        if running(other) and (other.pk == upload.pk or set(theirs) & set(parks)):
            raise Busy(
                _("%(name)s is being worked on for this park. Wait until it is done."),
                name=other.name,
            )
    upload.options["parks"] = list(parks)
    upload.phase, upload.failure, upload.done, upload.total = phase, "", 0, 0
    upload.beat_at = timezone.now()
    upload.save(update_fields=["options", "phase", "failure", "done", "total", "beat_at"])


def beat(upload, *, done=None, total=None):
    """A sign of life, with how far the work has come."""
    upload.beat_at = timezone.now()
    names = ["beat_at"]
    for name, value in (("done", done), ("total", total)):
        if value is not None:
            setattr(upload, name, value)
            names.append(name)
    upload.save(update_fields=names)


def telling(upload, every=0.5):
    """``progress(done, total)`` that beats at most once in ``every`` seconds, in percent."""
    last = 0.0

    def progress(done, total):
        nonlocal last
        now = time.monotonic()
        if now - last >= every:
            last = now
            beat(upload, done=min(100, 100 * done // max(total, 1)), total=100)

    return progress


def finish(upload, moment="", *, failure=""):
    """End the phase; ``moment`` is the column that is set to now."""
    upload.phase, upload.failure = "", str(failure)
    names = ["phase", "failure"]
    if moment:
        setattr(upload, moment, timezone.now())
        names.append(moment)
    upload.save(update_fields=names)


def halt(upload, *, failure):
    """Stop half way: the phase stays, so what stands is shown and can be undone."""
    upload.beat_at, upload.failure = None, str(failure)
    upload.save(update_fields=["beat_at", "failure"])


def in_background(upload, work):
    """Run ``work()`` in a thread with its own connection; what it raises is kept as the failure.

    The upload must be claimed. What breaks without a rule is logged and leaves the phase standing:
    the page shows the work as interrupted and offers to undo it.
    """
    language = translation.get_language()

    def run():
        try:
            with translation.override(language):
                work()
        except ValidationError as refusal:
            log.info("upload %s refused: %s", upload.pk, refusal)
        finally:
            connection.close()

    # Not a daemon: a server that stops in order waits for the chunk under way.
    thread = Thread(target=run, name=f"upload-{upload.pk}")
    thread.start()
    return thread
