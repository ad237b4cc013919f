"""What two bodies say differently."""

from dataclasses import dataclass, fields

from incubation.rules.bodies import Group, Node, RuleSetBody


@dataclass(frozen=True, slots=True)
class Change:
    """``before`` None: added; ``after`` None: removed; ``what`` names the fields that differ."""

    code: str
    before: Node | None
    after: Node | None
    what: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """``head`` holds (field, before, after); nodes are matched by code."""

    head: tuple[tuple[str, object, object], ...]
    added: tuple[Change, ...]
    removed: tuple[Change, ...]
    changed: tuple[Change, ...]

    def __bool__(self):
        """Whether anything but the number of the version and its first day differs."""
        days = {"version", "effective_from"}
        nodes = self.added or self.removed or self.changed
        return bool(nodes) or any(field not in days for field, _before, _after in self.head)


def compare(before: RuleSetBody, after: RuleSetBody) -> Comparison:
    """Criteria and groups of ``after`` against those of ``before``, in the order of ``after``."""
    old = {node.code: (node, above) for node, above in before.walk()}
    new = {node.code: (node, above) for node, above in after.walk()}
    both = [(code, old[code], new[code]) for code in new if code in old]
    changes = [Change(code, a[0], b[0], _differing(a, b)) for code, a, b in both]
    return Comparison(
        head=tuple(
            (f.name, getattr(before, f.name), getattr(after, f.name))
            for f in fields(RuleSetBody)
            if f.name != "nodes" and getattr(before, f.name) != getattr(after, f.name)
        ),
        added=tuple(Change(code, None, new[code][0]) for code in new if code not in old),
        removed=tuple(Change(code, old[code][0], None) for code in old if code not in new),
        changed=tuple(change for change in changes if change.what),
    )


def _differing(before, after):
    """Names of the fields of two (node, groups above) that differ; members speak for themselves."""
    (old, above_old), (new, above_new) = before, after
    if isinstance(old, Group) != isinstance(new, Group):
        return ("kind",)
    names = [f.name for f in fields(new) if f.name != "members"]
    what = [name for name in names if getattr(old, name) != getattr(new, name)]
    if [g.code for g in above_old] != [g.code for g in above_new]:
        what.append("place")
    return tuple(what)
