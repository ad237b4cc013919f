"""Which tenants may be the same one written down twice."""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

#: At most so many tenants are compared, and so many groups shown.
MOST_COMPARED, MOST_SHOWN = 50_000, 100
_FORM = re.compile(r"(股份)?(有限)?(责任)?公司$")
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Group:
    why: str
    tenants: list


def plain(name) -> str:
    """A name without width, case, blanks, marks and legal form."""
    text = _NO_LETTER.sub("", unicodedata.normalize("NFKC", name).casefold())
    return _FORM.sub("", text) or text


def suggestions(tenants) -> list[Group]:
    """Groups of ``tenants`` that share a plain name, a code, or initials and a telephone."""
    tenants = list(tenants.standing().order_by("pk")[:MOST_COMPARED])
    seen, groups = set(), []
    for why, key in _REASONS:
        alike = defaultdict(list)
        for tenant in tenants:
            if value := key(tenant):
                alike[value].append(tenant)
        for group in alike.values():
            keys = frozenset(one.pk for one in group)
            if len(group) > 1 and keys not in seen:
                seen.add(keys)
                groups.append(Group(why, group))
    return groups[:MOST_SHOWN]


def _reached(tenant):
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", tenant.contact_phone))
    initials = tenant.initials.split(" ")[0]
    return (initials, digits) if digits and initials else None


_REASONS = (
    (_("same code"), lambda tenant: (tenant.uscc or "").upper()),
    (_("same name"), lambda tenant: plain(tenant.name)),
    (_("same initials and telephone"), _reached),
)
