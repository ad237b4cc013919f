"""What was found about a residency under a rule set, as a value that can be kept and sealed.

A kept finding is read years later by people of either language, when labels and rule sets have
long become others: every text stands in it in both, every value exactly and as it was printed.
The page of today's evidence and a kept review show the same value by the same template.
"""

import hashlib
import json
from datetime import date
from functools import cache

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
    found = verdicts.explain(verdicts.position(residency.pk))
    records = in_languages(lambda: _records(verdicts, residency.pk))
    return {
        "format": FORMAT,
        "on": on.isoformat(),
        "verdict": NAMES[found.verdict],
        "earliest": _iso(found.earliest),
        "rule_set": {
            "code": rule_set.code, "version": rule_set.version, "digest": rule_set.digest,
            "name": verdicts.body.name.to_mapping(), "document": verdicts.body.document,
            "article": verdicts.body.article,
            "note": verdicts.body.note.to_mapping() if verdicts.body.note else None,
            "product_default": verdicts.body.product_default,
        },
        "residency": residency.pk,
        "facts": facts(residency, on),
        "findings": [_finding(one, records) for one in found.findings],
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
    kept = [
        {
            "code": code,
            "label": in_languages(label),
            "value": in_languages(lambda value=value: str(value() if callable(value) else value)),
        }
        for code, label, value in rows
        if value
    ]
    return [fact for fact in kept if any(fact["value"].values())]


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


def _finding(finding, records) -> dict:
    """What the rules say (``Finding.to_mapping``), with what the metric means and its records."""
    node = finding.node
    kept = finding.to_mapping() | {
        "verdict": NAMES[finding.verdict],
        "note": node.note.to_mapping() if node.note else None,
    }
    if finding.is_group:
        del kept[node.mode]
        return kept | {
            "mode": node.mode,
            "members": [_finding(member, records) for member in finding.members],
        }
    metric = finding.metric
    rows = zip(*(records[language][metric.code] for language in records), strict=True)
    return kept | {
        **_meaning(metric),
        "unit": metric.unit,
        "operator": node.operator,
        "threshold": None if node.threshold is None else format(node.threshold, "f"),
        "records": [_record(dict(zip(records, same, strict=True))) for same in rows],
    }


@cache
def _meaning(metric) -> dict:
    return {name: both(getattr(metric, name)) for name in ("label", "definition", "source")}


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
