"""The documents of an application: licence, plan, and whatever else supports it."""

import uuid

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from incubation.models import ApplicationDocument, ApplicationStep
from incubation.selectors.writing import papers_of
from incubation.services.applications import written
from parks.audit import record, snapshot
from parks.errors import TooLate
from parks.files import PAPERS, FileRefused, NamesRemain, check_file
from parks.nameless import without_names

#: Of one application.
MOST_PAPERS, MOST_BYTES = 20, 100 * 2**20


@transaction.atomic
def add_paper(
    *, application, file, kind=ApplicationDocument.Kind.OTHER, names_applicant=True, by, at, on
) -> ApplicationDocument:
    """Keep an uploaded file under a random name.

    Raises ``FileRefused`` for what is none of PDF, Office file or picture, too large, or too much
    together; ``NamesRemain`` when it is said to name nobody and no copy without names can be made;
    ``ApplicationState`` when the application is not with the applicant.
    """
    row = written(application, on)
    checked = check_file(file, most_bytes=settings.DOCUMENT_BYTES, types=PAPERS)
    papers = papers_of(row)
    if papers.filter(sha256=checked.sha256, kind=kind).exists():
        raise FileRefused(_("This file is there already."))
    if papers.count() >= MOST_PAPERS:
        raise FileRefused(
            _("An application holds %(n)s documents. Remove one first."), n=MOST_PAPERS
        )
    if (papers.aggregate(all=Sum("size"))["all"] or 0) + checked.size > MOST_BYTES:
        raise FileRefused(
            _("The documents of an application hold %(mb)s MB together. Remove one first."),
            mb=MOST_BYTES // 2**20,
        )  # fmt: skip
    if not names_applicant:
        _refuse_names(checked)
    paper = ApplicationDocument(
        application=row, kind=kind, names_applicant=names_applicant, name=checked.name,
        media_type=checked.media_type, size=checked.size, sha256=checked.sha256,
        by=by if by and by.is_authenticated else None, added_at=at,
    )  # fmt: skip
    paper.clean_fields(exclude=["application", "by", "file"])
    _keep(paper, checked.content, checked.ending, park=row.carrier.park, by=by)
    return paper


def _refuse_names(checked):
    """Before it is promised to reviewers who see no names: can they be given a copy?"""
    try:
        without_names(checked.content, checked.media_type)
    except NamesRemain as refusal:
        raise NamesRemain(
            _("%(why)s Save it anew without that, or mark it as naming you: reviewers who see no "
              "names then do not get it."),
            why=str(refusal),
        ) from None  # fmt: skip


def _keep(paper, content, ending, *, park, by):
    """Save the file and the row; should the row fail, the file goes again."""
    paper.file.save(f"{uuid.uuid4().hex}.{ending}", ContentFile(content), save=False)
    try:
        with transaction.atomic():
            paper.save()
            record("add", paper, by=by, park=park)
    except BaseException:
        paper.file.storage.delete(paper.file.name)
        raise


def copy_papers(papers, *, into, by, at) -> list[ApplicationDocument]:
    """The same files again, each under a name of its own; a file that is gone is left out."""
    copies = []
    for paper in papers:
        if not paper.file.storage.exists(paper.file.name):
            continue
        with paper.file.open("rb") as file:
            content = file.read()
        copy = ApplicationDocument(
            application=into, kind=paper.kind, names_applicant=paper.names_applicant,
            name=paper.name, media_type=paper.media_type, size=paper.size, sha256=paper.sha256,
            by=by if by and by.is_authenticated else None, added_at=at,
        )  # fmt: skip
        ending = paper.file.name.rpartition(".")[2]
        _keep(copy, content, ending, park=into.carrier.park, by=by)
        copies.append(copy)
    return copies


@transaction.atomic
def remove_paper(*, application, document, by, at, on) -> ApplicationDocument:
    """Take a document away. What was submitted once stays readable with that version; of anything
    else the file is deleted. Raises ``ApplicationState``, ``TooLate``."""
    row = written(application, on)
    paper = ApplicationDocument.objects.select_for_update().get(application=row, pk=document.pk)
    if paper.removed_at:
        raise TooLate(_("The document has been removed already."))
    before = snapshot(paper)
    paper.removed_at = at
    if not _submitted(paper):
        storage, name = paper.file.storage, paper.file.name
        paper.file = ""
        transaction.on_commit(lambda: storage.delete(name))
    paper.save(update_fields=["file", "removed_at"])
    record("remove", paper, by=by, park=row.carrier.park, before=before)
    return paper


def _submitted(paper) -> bool:
    versions = ApplicationStep.objects.filter(
        application=paper.application_id, content__isnull=False
    ).values_list("content", flat=True)
    return any(one["id"] == paper.pk for kept in versions for one in kept.get("documents", ()))
