"""Which versions of the rules there are, and what their metrics mean."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from incubation.models import RuleSet
from incubation.rules import METRICS, Criterion
from incubation.rules.compare import Comparison
from incubation.rules.explain import requirement


def current_versions(on) -> list[RuleSet]:
    """Of every rule set the version in force on ``on``, else the last; one query.

    Each gets ``in_force`` (bool); ordered by what it judges, stage and code.
    """
    chosen = {}
    for version in RuleSet.objects.with_in_force(on).order_by(
        "subject", "stage", "code", "version"
    ):
        if version.in_force or not getattr(chosen.get(version.code), "in_force", False):
            chosen[version.code] = version
    return list(chosen.values())


def users_of_metrics(versions) -> dict[str, list[RuleSet]]:
    """Code of metric -> those of ``versions`` with a criterion on it."""
    users = {}
    for version in versions:
        for code in dict.fromkeys(c.metric for c in version.rules.criteria()):
            users.setdefault(code, []).append(version)
    return users


HEAD = {
    "name": _("name"), "document": _("document"), "article": _("article"), "note": _("note"),
    "verified": _("verification"), "effective_from": _("in force from"),
    "effective_to": _("in force to"), "product_default": _("default of this product"),
}  # fmt: skip
LINE = {"operator", "threshold", "unit"}


@dataclass(frozen=True)
class Difference:
    """One row of a comparison: what it is about, before, after (each a list of texts)."""

    about: str
    before: list
    after: list


def differences(comparison: Comparison) -> list[Difference]:
    """A comparison in words, the head first; empty sides stand for what is not there."""
    rows = [
        Difference(HEAD[field], [_value(field, before)], [_value(field, after)])
        for field, before, after in comparison.head
        if field in HEAD
    ]
    rows += [
        Difference(
            str(change.after.text), *(_told(node, change) for node in (change.before, change.after))
        )
        for change in comparison.changed
    ]
    rows += [Difference(str(c.after.text), [], _whole(c.after)) for c in comparison.added]
    return rows + [Difference(str(c.before.text), _whole(c.before), []) for c in comparison.removed]


def _value(field, value):
    if value in (None, "") or (field == "note" and not value):
        return "—"
    if isinstance(value, bool):
        words = (_("to be verified"), _("verified")) if field == "verified" else (_("no"), _("yes"))
        return words[value]
    return str(value)


def metric_label(code) -> str:
    """The metric's name; its code where this version of the product no longer has it."""
    return str(METRICS[code].label) if code in METRICS else code


def _whole(node):
    if isinstance(node, Criterion):
        return [f"{metric_label(node.metric)} {requirement(node)}"]
    return [_mode(node)]


def _mode(node):
    return _("all of") if node.mode == "all" else _("at least one of")


def _told(node, change):
    """The fields of ``node`` that ``change`` names, in words."""
    if "kind" in change.what:
        return _whole(node)
    texts = []
    if isinstance(node, Criterion) and {"metric", *LINE} & set(change.what):
        texts += _whole(node)
    texts += [_mode(node)] if "mode" in change.what else []
    for field in ("text", "article", "note", "verified"):
        if field in change.what:
            texts.append(_value(field, getattr(node, field)))
    if "place" in change.what:
        texts.append(_("in another group") if node is change.after else _("in its group"))
    return texts
