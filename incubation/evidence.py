"""What was found about a residency under a rule set, as a value that can be kept and sealed.

A kept finding is read years later by people of either language, when labels and rule sets have
long become others: every text stands in it in both, every value exactly and as it was printed.
The page of today's evidence and a kept review show the same value by the same template.
"""

import hashlib
import json
from datetime import date

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from incubation.rules import Verdict

#: Of the shape below; a reader of old reviews can tell them apart.
FORMAT = 1
#: Names of the verdicts as reviews keep them.
NAMES = {Verdict.MET: "met", Verdict.NOT_MET: "not_met", Verdict.UNKNOWN: "unknown"}


def digest(evidence: dict) -> str:
    """SHA-256 over the evidence as canonical JSON, the same on every engine."""
    text = json.dumps(evidence, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def in_languages(say) -> dict:
    """``say()`` in each language of the product, by its code."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code.split("-")[0]] = say()
    return said


def both(text) -> dict:
    return in_languages(lambda: str(text))


def evidence_of(verdicts, residency, *, rule_set, on) -> dict:
    """Everything ``verdicts`` says about ``residency``, with the records behind each value.

    Asks no database: ``residency`` comes with tenant, carrier, park and ``due``.
    """
    position = verdicts.position(residency.pk)
    told = in_languages(lambda: verdicts.explain(position))
    records = in_languages(lambda: _records(verdicts, residency.pk))
    first = next(iter(told.values()))
    findings = [
        _finding(dict(zip(told, same, strict=True)), records)
        for same in zip(*(one.findings for one in told.values()), strict=True)
    ]
    return {
        "format": FORMAT,
        "on": on.isoformat(),
        "verdict": NAMES[Verdict(first.verdict)],
        "earliest": _iso(first.earliest),
        "rule_set": {
            "code": rule_set.code, "version": rule_set.version, "digest": rule_set.digest,
            "name": verdicts.body.name.to_mapping(), "document": verdicts.body.document,
            "article": verdicts.body.article,
            "note": verdicts.body.note.to_mapping() if verdicts.body.note else None,
            "product_default": verdicts.body.product_default,
        },
        "residency": residency.pk,
        "facts": facts(residency, on),
        "findings": findings,
    }  # fmt: skip


def facts(residency, on) -> list[dict]:
    """Who and where it is about: ``code``, ``label`` and ``value`` in both languages."""
    tenant, carrier = residency.tenant, residency.carrier
    rows = [
        ("tenant", _field(tenant, "name"), tenant.name),
        ("uscc", _field(tenant, "uscc"), tenant.uscc),
        ("kind", _field(tenant, "kind"), tenant.get_kind_display),
        ("founded_on", _field(tenant, "founded_on"), _iso(tenant.founded_on)),
        ("field", _field(tenant, "field"), tenant.field),
        ("park", _field(carrier, "park"), carrier.park.name),
        ("carrier", _field(residency, "carrier"), carrier.name),
        ("stage", _field(carrier, "stage"), carrier.get_stage_display),
        ("agreement", _field(residency, "agreement_number"), residency.agreement_number),
        ("entered_on", _field(residency, "entered_on"), _iso(residency.entered_on)),
        ("due_on", lambda: _("due on"), _iso(getattr(residency, "due", residency.due_on))),
        ("special_field", _field(residency, "special_field"), residency.get_special_field_display),
        ("exemption", _field(residency, "exemption_reason"), residency.exemption_reason),
    ]
    return [
        {
            "code": code,
            "label": in_languages(label),
            "value": in_languages(lambda value=value: str(value() if callable(value) else value)),
        }
        for code, label, value in rows
        if value
    ]


def _field(obj, name):
    return lambda: str(obj._meta.get_field(name).verbose_name)


def _records(verdicts, subject_id) -> dict:
    """The records behind each metric of the body, by the metric's code."""
    world = verdicts.columns.world
    codes = {criterion.metric for criterion in verdicts.body.criteria()}
    return {
        code: [
            {"label": str(row.label), "value": str(row.value), "day": _iso(row.day),
             "url_name": row.url_name, "pk": row.pk}
            for row in verdicts.metrics[code].rows(world, subject_id)
        ]
        for code in sorted(codes)
    }  # fmt: skip


def _finding(told, records) -> dict:
    """``told``: the same finding in each language."""
    first = next(iter(told.values()))

    def words(name):
        return {language: getattr(one, name) for language, one in told.items()}

    kept = {
        "code": first.node.code,
        "text": first.node.text.to_mapping(),
        "note": first.node.note.to_mapping() if first.node.note else None,
        "verdict": NAMES[Verdict(first.verdict)],
        "gap": words("gap_words"),
        "missing": words("missing"),
        "earliest": _iso(first.earliest),
        "article": first.node.article,
        "verified": first.verified,
    }
    if first.is_group:
        members = zip(*(one.members for one in told.values()), strict=True)
        return kept | {
            "mode": first.node.mode,
            "members": [_finding(dict(zip(told, same, strict=True)), records) for same in members],
        }
    metric = first.metric
    rows = [records[language][metric.code] for language in told]
    return kept | {
        "metric": metric.code,
        "label": in_languages(lambda: str(metric.label)),
        "definition": in_languages(lambda: str(metric.definition)),
        "source": str(metric.source),
        "unit": metric.unit,
        "operator": first.node.operator,
        "threshold": None if first.node.threshold is None else format(first.node.threshold, "f"),
        "value": None if first.value is None else str(first.value),
        "complete": first.complete,
        "shortfall": None if first.gap is None else str(first.gap),
        "printed": words("printed_value"),
        "requirement": words("requirement"),
        "records": [
            _record(dict(zip(told, same, strict=True))) for same in zip(*rows, strict=True)
        ],
    }


def _record(told) -> dict:
    first = next(iter(told.values()))
    return {
        "label": {language: one["label"] for language, one in told.items()},
        "value": {language: one["value"] for language, one in told.items()},
        "day": first["day"], "url_name": first["url_name"], "pk": first["pk"],
    }  # fmt: skip


def leaves(findings):
    """The criteria of kept ``findings``, without their groups, in order."""
    for finding in findings:
        yield from leaves(finding["members"]) if "members" in finding else [finding]


def _iso(day) -> str | None:
    return day.isoformat() if isinstance(day, date) else None
