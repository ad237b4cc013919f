"""What changed between two versions that were sent, as ``dossier.content_of`` keeps them. No queries."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from incubation.dossier import COLUMNS, label_of
from incubation.models import Application

#: Texts are compared sentence by sentence.
SENTENCE = re.compile(r"[^。；！？.;!?\n]*[。；！？.;!?\n]?")


@dataclass(frozen=True)
class Change:
    """``pieces``: ``(kind, text)`` in their order; ``kind`` is same, gone or new."""

    label: str
    pieces: list


def differences(before, after) -> list[Change]:
    found = []
    for name in COLUMNS:
        old, new = before["values"].get(name), after["values"].get(name)
        if old != new:
            found.append(Change(label_of(name), _pieces(_words(name, old), _words(name, new))))
    if (old := _units(before)) != (new := _units(after)):
        found.append(Change(_("Units wished for"), _pieces(old, new)))
    old, new = ({one["sha256"]: one["name"] for one in it["documents"]} for it in (before, after))
    pieces = [("gone", name) for mark, name in old.items() if mark not in new]
    pieces += [("new", name) for mark, name in new.items() if mark not in old]
    return [*found, Change(_("Documents"), pieces)] if pieces else found


def _words(name, value) -> str:
    """``value`` as people read it."""
    field = Application._meta.get_field(name)
    if name == "commitments":
        labels = dict(Application.Commitment.choices)
        return "".join(str(labels.get(one, one)) for one in value or ())
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value in (None, ""):
        return ""
    return str(dict(field.flatchoices or ()).get(value, value))


def _units(content) -> str:
    return "、".join(one["number"] for one in content["units"])


def _pieces(old, new) -> list:
    old, new = ([part for part in SENTENCE.findall(text) if part] for text in (old, new))
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", "".join(old[a:b])))
            continue
        found += [(word, text) for word, text in
                  (("gone", "".join(old[a:b])), ("new", "".join(new[c:d]))) if text]  # fmt: skip
    return found
