"""What was written, on the page of an application."""

from incubation.dossier import TEXTS, label_of
from incubation.selectors.writing import papers_of
from incubation.workflow import WRITABLE, possible
from parks.sections import Section, register


@register("application", place=3)
def written(application, user, on):
    """Texts, wishes and documents; reviewers have a page of their own, some without names."""
    own = user.tenants.filter(pk=application.tenant_id).exists()
    if not own and not user.has_perm("parks.view_park"):
        return None
    acts = {act.key for act in possible(application.state)} if own and application.state else set()
    return Section("incubation/_application_writing.html", {
        "application": application, "papers": papers_of(application), "own": own,
        "texts": [(label_of(name), getattr(application, name)) for name in TEXTS],
        "wished": application.preferred_units.with_place().defer("floor__building__park__boundary"),
        "may_write": own and application.state in WRITABLE,
        "may_withdraw": "withdraw" in acts,
    })  # fmt: skip
