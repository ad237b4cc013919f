"""The body of a rule set: its head and its criteria, as frozen values.

A body is read from a mapping (a TOML file, a JSON column, a form) and written back to one; reading
reports every fault at once, each with its place in words.
"""

import hashlib
import json
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from django.utils.translation import get_language, gettext

OPERATORS = (">=", ">", "<=", "<", "==")
PURPOSES = ("recognition", "incubated", "entry", "graduation")
STAGES = ("makerspace", "incubator", "accelerator")
KINDS = ("general", "specialised", "")
LEVELS = ("national", "provincial", "city", "district", "")
SUBJECTS = ("carrier", "firm")


class RuleFileError(ValueError):
    """A rule set is not well formed; ``faults`` names every fault with its place."""

    def __init__(self, faults):
        super().__init__("\n".join(faults))
        self.faults = list(faults)


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages; ``str`` gives the active one's."""

    zh: str = ""
    en: str = ""

    def __str__(self):
        first, second = (self.zh, self.en)
        if not (get_language() or "zh").startswith("zh"):
            first, second = second, first
        return first or second

    def __bool__(self):
        return bool(self.zh or self.en)

    def to_mapping(self):
        return {"zh": self.zh, "en": self.en}


@dataclass(frozen=True, slots=True)
class Criterion:
    """``metric operator threshold``; without a threshold nobody can say (待核)."""

    code: str
    metric: str
    operator: str
    threshold: Decimal | None
    unit: str
    text: Words
    article: str = ""
    verified: bool = True
    note: Words = Words()

    @property
    def line(self) -> Fraction | None:
        return None if self.threshold is None else Fraction(self.threshold)

    def to_mapping(self):
        mapping = {"code": self.code, "metric": self.metric, "operator": self.operator}
        if self.threshold is not None:
            mapping["threshold"] = format(self.threshold, "f")
        mapping |= {"unit": self.unit, "article": self.article, "verified": self.verified}
        return mapping | _words_mapping(self)


@dataclass(frozen=True, slots=True)
class Group:
    """``mode`` "all": every member; "any": at least one."""

    code: str
    mode: str
    members: tuple["Criterion | Group", ...]
    text: Words
    article: str = ""
    note: Words = Words()

    def to_mapping(self):
        mapping = {"code": self.code, "article": self.article} | _words_mapping(self)
        return mapping | {self.mode: [member.to_mapping() for member in self.members]}


Node = Criterion | Group


def _words_mapping(node):
    mapping = {"text": node.text.to_mapping()}
    return mapping | {"note": node.note.to_mapping()} if node.note else mapping


@dataclass(frozen=True, slots=True)
class RuleSetBody:
    """One version of a rule set. ``nodes`` must all be met; days are half-open.

    ``verified`` speaks of the head: document, article and days.
    """

    code: str
    version: int
    name: Words
    subject: str
    purpose: str
    stage: str
    kind: str
    level: str
    document: str
    article: str
    effective_from: date
    effective_to: date | None
    product_default: bool
    verified: bool
    note: Words
    nodes: tuple[Node, ...]

    @classmethod
    def from_mapping(cls, mapping, *, metrics=None):
        """Read ``mapping``; ``metrics`` (code -> Metric) says which facts there are.

        Raises ``RuleFileError`` with every fault. Without ``metrics`` (a body stored before) codes
        and units of metrics are taken as they stand.
        """
        return _Reader(metrics).body(mapping)

    def to_mapping(self) -> dict:
        """JSON-able: thresholds as strings, days as ISO texts."""
        mapping = {}
        for name in (f.name for f in fields(self) if f.name != "nodes"):
            value = getattr(self, name)
            if isinstance(value, Words):
                value = value.to_mapping() if value else None
            if isinstance(value, date):
                value = value.isoformat()
            if value is not None:
                mapping[name] = value
        return mapping | {"criteria": [node.to_mapping() for node in self.nodes]}

    @property
    def digest(self) -> str:
        text = json.dumps(self.to_mapping(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def as_version(self, version: int) -> "RuleSetBody":
        return replace(self, version=version)

    def walk(self):
        """Every node in order, with the groups it lies in (outermost first)."""
        stack = [(node, ()) for node in reversed(self.nodes)]
        while stack:
            node, above = stack.pop()
            yield node, above
            if isinstance(node, Group):
                stack += [(member, (*above, node)) for member in reversed(node.members)]

    def criteria(self) -> list[Criterion]:
        """The criteria without their groups, in order."""
        return [node for node, _above in self.walk() if isinstance(node, Criterion)]


HEAD_KEYS = {f.name for f in fields(RuleSetBody)} - {"nodes"} | {"criteria"}
CRITERION_KEYS = {f.name for f in fields(Criterion)}
GROUP_KEYS = {"code", "text", "article", "note", "any", "all"}


class _Reader:
    """Reads one mapping and collects its faults."""

    def __init__(self, metrics):
        self.metrics = metrics
        self.faults = []
        self.codes = set()
        self.subject = None

    def body(self, mapping):
        place = gettext("head")
        self._no_others(mapping, HEAD_KEYS, place)
        self.subject = self._choice(mapping, "subject", SUBJECTS, place)
        version = mapping.get("version")
        if type(version) is not int or version < 1:
            self._fault(place, gettext("version must be a whole number from 1"))
        head = {
            "code": self._text(mapping, "code", place, needed=True),
            "version": version,
            "name": self._words(mapping, "name", place, needed=True),
            "subject": self.subject,
            "purpose": self._choice(mapping, "purpose", PURPOSES, place),
            "stage": self._choice(mapping, "stage", STAGES, place),
            "kind": self._choice(mapping, "kind", KINDS, place, default=""),
            "level": self._choice(mapping, "level", LEVELS, place, default=""),
            "document": self._text(mapping, "document", place, needed=True),
            "article": self._text(mapping, "article", place),
            "effective_from": self._day(mapping, "effective_from", place, needed=True),
            "effective_to": self._day(mapping, "effective_to", place),
            "product_default": self._flag(mapping, "product_default", place, default=False),
            "verified": self._flag(mapping, "verified", place, default=True),
            "note": self._words(mapping, "note", place),
        }
        start, end = head["effective_from"], head["effective_to"]
        if start and end and end <= start:
            self._fault(place, gettext("effective_to must lie after effective_from"))
        nodes = self._nodes(mapping.get("criteria"), gettext("criteria"))
        if self.faults:
            raise RuleFileError(self.faults)
        return RuleSetBody(**head, nodes=nodes)

    def _nodes(self, rows, place):
        if not isinstance(rows, list) or not rows or not all(isinstance(r, dict) for r in rows):
            self._fault(place, gettext("at least one criterion is needed"))
            return ()
        return tuple(self._node(row, f"{place} {i}") for i, row in enumerate(rows, start=1))

    def _node(self, row, place):
        if row.get("code"):
            place = f"{place} ({row['code']})"
        code = self._text(row, "code", place, needed=True)
        if code in self.codes:
            self._fault(place, gettext("the code is used twice"))
        self.codes.add(code)
        shared = {
            "code": code,
            "text": self._words(row, "text", place, needed=True),
            "article": self._text(row, "article", place),
            "note": self._words(row, "note", place),
        }
        if "any" in row or "all" in row:
            self._no_others(row, GROUP_KEYS, place)
            if "any" in row and "all" in row:
                self._fault(place, gettext("a group is either any or all, not both"))
            mode = "any" if "any" in row else "all"
            return Group(**shared, mode=mode, members=self._nodes(row[mode], f"{place}, {mode}"))
        self._no_others(row, CRITERION_KEYS, place)
        return self._criterion(row, place, shared)

    def _criterion(self, row, place, shared):
        metric = self._text(row, "metric", place, needed=True)
        unit = self._text(row, "unit", place, needed=True)
        if metric and self.metrics is not None:
            self._fits(metric, unit, place)
        threshold = self._number(row, "threshold", place)
        verified = self._flag(row, "verified", place, default=True)
        if row.get("threshold") is None and verified:
            self._fault(place, gettext("without a threshold it cannot be verified"))
        operator = self._choice(row, "operator", OPERATORS, place)
        if unit == "yesno" and (operator != "==" or threshold not in {None, 0, 1}):
            self._fault(place, gettext("a yes-or-no fact is compared with == 1 or == 0"))
        return Criterion(
            **shared, metric=metric, unit=unit, operator=operator, threshold=threshold,
            verified=verified,
        )  # fmt: skip

    def _fits(self, code, unit, place):
        metric = self.metrics.get(code)
        if metric is None:
            self._fault(place, gettext("no metric is called “%(code)s”") % {"code": code})
            return
        if unit and unit != metric.unit:
            self._fault(
                place,
                gettext("%(code)s is counted in %(right)s, not in %(wrong)s")
                % {"code": code, "right": metric.unit, "wrong": unit},
            )
        if self.subject and metric.subject != self.subject:
            self._fault(
                place,
                gettext("%(code)s is a fact about a %(right)s, the rule set judges a %(wrong)s")
                % {"code": code, "right": metric.subject, "wrong": self.subject},
            )

    # Values, each with its fault.

    def _fault(self, place, message):
        self.faults.append(f"{place}: {message}")

    def _no_others(self, mapping, known, place):
        for key in sorted(set(mapping) - known):
            self._fault(place, gettext("“%(key)s” is not known here") % {"key": key})

    def _lacks(self, key, place):
        self._fault(place, gettext("%(key)s is missing") % {"key": key})

    def _text(self, mapping, key, place, *, needed=False):
        value = mapping.get(key) or ""
        if not isinstance(value, str):
            self._fault(place, gettext("%(key)s must be a text") % {"key": key})
            return ""
        if needed and not value.strip():
            self._lacks(key, place)
        return value.strip()

    def _words(self, mapping, key, place, *, needed=False):
        value = mapping.get(key) or {}
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            self._fault(place, gettext("%(key)s must be { zh = …, en = … }") % {"key": key})
            return Words()
        self._no_others(value, {"zh", "en"}, f"{place}, {key}")
        words = Words(value.get("zh", "").strip(), value.get("en", "").strip())
        for language in ("zh", "en"):
            if (needed or words) and not getattr(words, language):
                self._fault(
                    place,
                    gettext("%(key)s is not there in the language %(language)s")
                    % {"key": key, "language": language},
                )
        return words

    def _choice(self, mapping, key, choices, place, *, default=None):
        value = mapping.get(key, default)
        if value is None:
            self._lacks(key, place)
        elif value not in choices:
            self._fault(
                place,
                gettext("%(key)s is “%(value)s”; it can be %(choices)s")
                % {"key": key, "value": value, "choices": ", ".join(filter(None, choices))},
            )
        return value

    def _flag(self, mapping, key, place, *, default):
        value = mapping.get(key, default)
        if not isinstance(value, bool):
            self._fault(place, gettext("%(key)s must be true or false") % {"key": key})
        return value

    def _day(self, mapping, key, place, *, needed=False):
        value = mapping.get(key)
        if value is None or value == "":
            if needed:
                self._lacks(key, place)
            return None
        if type(value) is date:
            return value
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self._fault(
                place,
                gettext("%(key)s is “%(value)s”; write a day like 2026-01-31")
                % {"key": key, "value": value},
            )
            return None

    def _number(self, mapping, key, place):
        value = mapping.get(key)
        if value is None:
            return None
        try:
            if isinstance(value, bool | float):
                raise TypeError
            number = Decimal(value)
            if not number.is_finite():
                raise InvalidOperation
        except (TypeError, ValueError, InvalidOperation):
            self._fault(
                place,
                gettext('%(key)s is “%(value)s”; write a number in quotes, like "0.75"')
                % {"key": key, "value": value},
            )
            return None
        return number.normalize()
