"""Papers of a lease or a tenant."""

import uuid

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from parks.audit import record, snapshot
from parks.errors import TooLate
from parks.files import check_file
from tenants.models import Document


@transaction.atomic
def add_document(*, file, at, by, lease=None, tenant=None, kind=Document.Kind.OTHER, reason=""):
    """Keep an uploaded file under a random name from the moment ``at``; raises ``FileRefused``."""
    checked = check_file(file, most_bytes=settings.DOCUMENT_BYTES)
    document = Document(
        lease=lease, tenant=tenant, kind=kind, name=checked.name, media_type=checked.media_type,
        size=checked.size, sha256=checked.sha256, by=by if by and by.pk else None,
        added_at=at,
    )  # fmt: skip
    document.file.save(
        f"{uuid.uuid4().hex}.{checked.ending}", ContentFile(checked.content), save=False
    )
    document.save()
    record("add", document, by=by, park=_park(document), reason=reason)
    return document


@transaction.atomic
def remove_document(*, document, at, by, reason="") -> Document:
    """Take the file away; the row stays and says that it was there."""
    document = Document.objects.select_for_update().get(pk=document.pk)
    if document.removed_at:
        raise TooLate(_("The document has been removed already."))
    before = snapshot(document)
    storage, name = document.file.storage, document.file.name
    document.file, document.removed_at = "", at
    document.save(update_fields=["file", "removed_at"])
    record("remove", document, by=by, park=_park(document), before=before, reason=reason)
    transaction.on_commit(lambda: storage.delete(name))
    return document


def _park(document):
    return document.lease.park if document.lease else document.tenant.home_park
