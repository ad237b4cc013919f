"""Papers of a lease or a tenant."""

import uuid
from contextlib import contextmanager

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from parks.audit import record, snapshot
from parks.errors import TooLate
from parks.files import check_file
from parks.models import Upload
from tenants.errors import DocumentInUse
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


@contextmanager
def kept_file(*, file, tenant, at, by, kind=Document.Kind.CERTIFICATE):
    """``file`` as a document of ``tenant`` for the acts inside; should they fail, it goes again."""
    with transaction.atomic():
        document = add_document(file=file, tenant=tenant, kind=kind, at=at, by=by)
        storage, name = document.file.storage, document.file.name
        try:
            yield document
        except BaseException:
            storage.delete(name)
            raise


@transaction.atomic
def keep_paper(*, file, kind, at, by, lease=None) -> Upload:
    """Keep the file of a form that is not saved yet, for ``by`` alone; raises ``FileRefused``."""
    checked = check_file(file, most_bytes=settings.DOCUMENT_BYTES)
    paper = Upload(
        kind=Upload.Kind.PAPER, by=by, name=checked.name, size=checked.size,
        sha256=checked.sha256, options={"kind": kind, "lease": lease.pk if lease else None},
        uploaded_at=at, checked_at=at,
    )  # fmt: skip
    paper.file.save(
        f"{uuid.uuid4().hex}.{checked.ending}", ContentFile(checked.content), save=False
    )
    paper.save()
    return paper


def papers_of(user, lease=None):
    """Files ``user`` put into the form of ``lease`` (None: of a new one) that wait for it."""
    return Upload.objects.filter(
        kind=Upload.Kind.PAPER, by=user.pk, applied_at=None, discarded_at=None,
        **({"options__lease": lease.pk} if lease else {"options__lease": None}),
    ).order_by("pk")  # fmt: skip


@transaction.atomic
def attach_paper(*, paper, lease, at, by) -> Document:
    """Make a kept file a document of the lease."""
    paper = _undecided(paper)
    with paper.file.open("rb") as file:
        content = ContentFile(file.read(), name=paper.name)
    kind = paper.options["kind"]
    document = add_document(file=content, kind=kind, lease=lease, at=at, by=by)
    _drop(paper, "applied_at", at)
    return document


@transaction.atomic
def discard_paper(*, paper, at) -> Upload:
    """Take a kept file away."""
    return _drop(_undecided(paper), "discarded_at", at)


def _undecided(paper):
    paper = Upload.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if paper.applied_at or paper.discarded_at:
        raise TooLate(_("This file has been attached or discarded already."))
    return paper


def _drop(paper, moment, at):
    storage, name = paper.file.storage, paper.file.name
    paper.file = ""
    setattr(paper, moment, at)
    paper.save(update_fields=["file", moment])
    transaction.on_commit(lambda: storage.delete(name))
    return paper


@transaction.atomic
def remove_document(*, document, at, by, reason="") -> Document:
    """Take the file away; the row stays and says that it was there.

    Raises ``TooLate``, ``DocumentInUse``.
    """
    document = Document.objects.select_for_update().get(pk=document.pk)
    if document.removed_at:
        raise TooLate(_("The document has been removed already."))
    if proved := proved_by(document):
        raise DocumentInUse(
            _("It proves: %(facts)s. Give these another file or number first."),
            facts="、".join(str(row) for row in proved[:5]),
        )
    before = snapshot(document)
    storage, name = document.file.storage, document.file.name
    document.file, document.removed_at = "", at
    document.save(update_fields=["file", "removed_at"])
    record("remove", document, by=by, park=_park(document), before=before, reason=reason)
    transaction.on_commit(lambda: storage.delete(name))
    return document


def proving() -> list[tuple]:
    """``(model, name of its field)`` of every table whose rows a document proves."""
    return [
        (relation.related_model, relation.field.name)
        for relation in Document._meta.get_fields(include_hidden=True)
        if relation.auto_created and relation.one_to_many
    ]


def proved_by(document) -> list:
    """The rows of whatever model that name the document as their proof."""
    return [
        row for model, name in proving() for row in model.objects.filter(**{name: document})
    ]  # fmt: skip


def _park(document):
    return document.lease.park if document.lease else document.tenant.home_park
