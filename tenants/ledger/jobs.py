"""A ledger from hand-in to decision; pages, API and commands call these.

The file is kept as an ``Upload`` before it is read, so whatever breaks, it is not lost.
"""

import hashlib
from datetime import date
from functools import partial

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from parks import work
from parks.errors import InvalidValue, RuleViolation
from parks.files import FileTooLarge
from parks.models import Park, Upload
from tenants.ledger.apply import apply
from tenants.ledger.check import check
from tenants.ledger.findings import kept_problems
from tenants.ledger.mapping import load
from tenants.ledger.reader import read
from tenants.ledger.undo import undo
from tenants.ledger.writer import mark

#: Bytes of a file.
LARGEST = 50 * 1024 * 1024
#: Files up to so many bytes (some 2,000 rows, about a second) are checked at once.
AT_ONCE = 200_000
#: Beginnings of names that a ledger may have at the end.
ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".txt")


class WrongType(RuleViolation):
    code = "unsupported_media_type"


class Decided(RuleViolation):
    """The upload is applied, undone or discarded already."""

    code = "upload_decided"


def hand_in(file, *, name, park, on, by, at, mapping="", background=False) -> Upload:
    """Keep ``file`` and check it, a large one in the ``background`` when that is allowed.

    ``mapping``: text of a mapping file. Raises ``FileTooLarge`` and ``WrongType``; everything else that is wrong stands in the report.
    """
    if file.size > LARGEST:
        raise FileTooLarge(
            _("The file has more than %(mb)s MB. Divide it by park or by year."),
            mb=LARGEST // 2**20,
        )
    if not name.lower().endswith(ENDINGS):
        raise WrongType(
            _("“%(name)s” is no ledger. Choose a workbook (.xlsx, .xls, .ods) or a .csv file."),
            name=name,
        )
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    upload = Upload(
        kind=Upload.Kind.LEDGER, park=park, by=by, name=name[-200:], size=file.size,
        sha256=digest.hexdigest(), uploaded_at=at,
        options={"on": on.isoformat()} | ({"mapping": mapping} if mapping else {}),
    )  # fmt: skip
    upload.file.save(f"ledger.{name.rpartition('.')[2].lower()}", File(file), save=False)
    upload.save()
    return start_check(upload, by=by) if background else recheck(upload, by=by)


def book_of(upload, progress=None):
    told = upload.options.get("mapping")
    mapping = load(told) if told else None
    with upload.file.open("rb") as file:
        return read(file, name=upload.name, mapping=mapping, progress=progress)


def day_of(upload) -> date:
    return date.fromisoformat(upload.options["on"])


def recheck(upload, *, by, progress=None) -> Upload:
    """Check again: the database or the rules may be others now."""
    _refuse_decided(upload)
    book = book_of(upload, progress and (lambda done, total: progress(done, 2 * total)))
    checked = check(
        book, park=upload.park, on=day_of(upload), by=by,
        progress=progress and (lambda done, total: progress(total + done, 2 * total)),
    )  # fmt: skip
    upload.report = checked.findings.report()
    upload.options["parks"] = [park.pk for park in checked.parks]
    upload.save(update_fields=["report", "options"])
    work.finish(upload, "checked_at")
    return upload


def start_check(upload, *, by) -> Upload:
    """Check again: a small file now, a large one in the background with its progress told."""
    _refuse_decided(upload)
    _refuse_busy(upload)
    if upload.size <= AT_ONCE:
        return recheck(upload, by=by)
    work.claim(upload, work.CHECKING, parks=[])
    work.in_background(upload, partial(_check, upload.pk, by))
    return upload


def _check(key, by):
    upload = Upload.objects.select_related("park").get(pk=key)
    try:
        recheck(upload, by=by, progress=work.telling(upload))
    except ValidationError as refusal:
        work.finish(upload, failure=" ".join(refusal.messages))
        raise


def start_apply(upload, *, by, background=True, progress=None):
    """Claim the upload and apply it; raises what stands against beginning."""
    _refuse_decided(upload)
    if not upload.checked_at or upload.report.get("refused"):
        raise InvalidValue(_("Some rows are refused, so nothing was written. Mend them first."))
    if work.interrupted(upload):
        raise Decided(_("An import of this file was cut off. Take back what it did first."))
    work.claim(upload, work.APPLYING, parks=upload.options.get("parks", []))
    job = partial(_apply, upload.pk, by, progress)
    return work.in_background(upload, job) if background else job()


def _apply(key, by, progress=None):
    upload = Upload.objects.get(pk=key)
    apply(upload, book_of(upload), park=upload.park, on=day_of(upload), by=by, progress=progress)


def start_undo(upload, *, by, reason="", background=True, progress=None):
    """Claim the upload and undo it, or go on with an undo that was cut off."""
    upload.refresh_from_db()
    if upload.undone_at or not (upload.applied_at or work.interrupted(upload)):
        raise Decided(_("There is nothing to take back."))
    parks = Park.objects.filter(pk__in=upload.options.get("parks", [])).values_list("pk", flat=True)
    work.claim(upload, work.UNDOING, parks=list(parks))
    job = partial(_undo, upload.pk, by, reason, progress)
    return work.in_background(upload, job) if background else job()


def _undo(key, by, reason, progress=None):
    undo(Upload.objects.get(pk=key), by=by, reason=reason, progress=progress)


@transaction.atomic
def discard(upload, *, at) -> Upload:
    """Let the file go; the line stays in the list."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    _refuse_decided(upload)
    _refuse_busy(upload)
    upload.discarded_at = at
    upload.save(update_fields=["discarded_at"])
    file = upload.file
    transaction.on_commit(lambda: file.storage.delete(file.name))
    return upload


def marked(upload, out, *, language):
    """Write the workbook as it was handed in to ``out``, its bad cells marked."""
    with upload.file.open("rb") as file:
        mark(file, kept_problems(upload.report), out, name=upload.name, language=language)


def _refuse_decided(upload):
    upload.refresh_from_db()
    if upload.discarded_at or upload.applied_at:
        raise Decided(_("This file is decided already. Hand it in again to check it anew."))


def _refuse_busy(upload):
    if work.running(upload) or work.interrupted(upload):
        raise Decided(_("The file is being worked on."))
