"""What an application says, and what it still lacks."""

from incubation.dossier import Missing, content_of, missing
from incubation.models import ApplicationDocument


def papers_of(application):
    """The documents that belong to the application now, the newest of a kind last."""
    return ApplicationDocument.objects.filter(application=application, removed_at=None)


def completeness(application, on) -> list[Missing]:
    """What is still asked for before it can be sent; empty when nothing is."""
    kinds = set(papers_of(application).values_list("kind", flat=True))
    return missing(application, kinds, on)


def content_now(application) -> dict:
    """What would be submitted now."""
    units = application.preferred_units.order_by("pk").only("number")
    return content_of(application, units, papers_of(application))
