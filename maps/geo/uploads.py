"""From the file handed in to the records: kept, checked, looked at, applied or discarded."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from maps.geo.files import MOST_BYTES, FileTooLarge, read
from maps.geo.matching import plan
from maps.geo.rows import CHANGED, CREATED, REFUSED, Options, Plan
from parks import audit
from parks import services as space
from parks.errors import RuleViolation
from parks.models import Unit, Upload


class SystemUnclear(RuleViolation):
    """Nobody has said in which coordinates the file is, and the file's word is not enough."""

    code = "coordinates_unclear"


class FeaturesRefused(RuleViolation):
    code = "features_refused"


class AlreadyDecided(RuleViolation):
    code = "already_decided"


def receive(file, *, park, layer, by, at, on) -> Upload:
    """Keep ``file`` (Django's uploaded file) and check it. Raises ``FileUnreadable`` for none we read."""
    if file.size > MOST_BYTES:
        raise FileTooLarge(_("The file is larger than 50 MB. Hand in fewer layers or areas."))
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    upload = Upload(
        kind=Upload.Kind.GEO, park=park, by=by, name=file.name[-200:], size=file.size,
        sha256=digest.hexdigest(), uploaded_at=at, options={"layer": layer},
    )  # fmt: skip
    file.seek(0)
    upload.file.save(file.name[-80:], file, save=False)
    try:
        made = planned(upload, on=on)
    except RuleViolation:
        upload.file.delete(save=False)
        raise
    upload.report, upload.checked_at, upload.total = made.report(), at, len(made.rows)
    upload.save()
    return upload


def options_of(upload, **changes) -> Options:
    """What was decided about the file so far, with ``changes``."""
    return Options(**(upload.options | changes))


def planned(upload, *, on, **changes) -> Plan:
    """What applying would do; see ``plan``."""
    options = options_of(upload, **changes)
    source = read(upload.file.path, layer=options.sheet, wanted=options.layer)
    return plan(source, park=upload.park, on=on, options=options)


def apply(made: Plan, *, park, by) -> dict:
    """Write ``made`` through the services, all or nothing; returns the counts.

    Raises ``SystemUnclear`` when nobody chose the coordinate system and the file's word is not
    enough, ``FeaturesRefused`` when rows are refused and were not left out on purpose.
    """
    if not (made.options.system or made.verdict.certain):
        raise SystemUnclear(
            _("Say in which coordinate system the file is: choose one of those the report lists.")
        )
    if made.counts[REFUSED] and not made.options.leave_refused:
        raise FeaturesRefused(
            _("%(n)s features are refused. Correct the file, or choose to leave them out."),
            n=made.counts[REFUSED],
        )
    with transaction.atomic():
        units, corrections = [], []
        for row in made.rows:
            if row.action == CREATED and made.options.layer == "buildings":
                space.create_building(park=park, by=by, **row.fields)
            elif row.action == CREATED:
                units.append(Unit(**row.fields))
            elif row.action == CHANGED:
                corrections.append((row.record, row.fields))
        if units:
            space.create_units(units, by=by)
        space.correct_all(corrections, by=by)
    return made.counts


@transaction.atomic
def apply_upload(upload, *, by, at, on, **changes) -> Upload:
    """Apply the kept file with ``changes`` to its options. Raises as ``apply`` and ``AlreadyDecided``."""
    upload = _undecided(upload)
    made = planned(upload, on=on, **changes)
    with audit.applying(upload):
        apply(made, park=upload.park, by=by)
    upload.report = made.report()
    upload.options = upload.options | changes
    upload.applied_at, upload.done = at, len(made.rows)
    upload.save()
    return upload


@transaction.atomic
def discard_upload(upload, *, at) -> Upload:
    """Decide against the file: it is deleted, its report stays."""
    upload = _undecided(upload)
    upload.discarded_at = at
    upload.save(update_fields=["discarded_at"])
    transaction.on_commit(lambda: upload.file.storage.delete(upload.file.name))
    return upload


def _undecided(upload):
    upload = Upload.objects.select_for_update(of=("self",)).select_related("park").get(pk=upload.pk)
    if upload.applied_at or upload.discarded_at:
        raise AlreadyDecided(_("This file has been decided on already. Hand it in anew."))
    return upload
