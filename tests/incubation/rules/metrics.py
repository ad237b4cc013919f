"""Metrics of these tests, in a registry of their own; the world is a mapping of columns."""

from incubation.rules import metric

METRICS = {}

for code, subject, unit, part, scale in (
    ("area", "carrier", "m2", None, None),
    ("use", "carrier", "share", "m2", 100),
    ("firms", "carrier", "firms", None, None),
    ("density", "carrier", "ratio", "firms", 100_000),
    ("fund", "carrier", "yuan", None, None),
    ("months", "firm", "months", None, None),
    ("revenue", "firm", "yuan", None, None),
    ("listed", "firm", "yesno", None, None),
    ("field", "firm", "yesno", None, None),
):
    metric(
        code, subject=subject, unit=unit, label=code, definition=code, source="—",
        part=part, part_scale=scale, registry=METRICS,
    )(lambda world, code=code: world[code])  # fmt: skip


def criterion(code="area", operator=">=", threshold="10000", **others):
    """A criterion's mapping; ``threshold`` None leaves it blank and 待核."""
    metric = others.pop("metric", code)
    row = {
        "code": code, "metric": metric, "operator": operator, "verified": threshold is not None,
        "unit": METRICS[metric].unit if metric in METRICS else "m2",
        "text": {"zh": f"条件 {code}", "en": f"Criterion {code}"}, **others,
    }  # fmt: skip
    return row if threshold is None else row | {"threshold": threshold}


def head(**others):
    return {
        "code": "test", "version": 1, "name": {"zh": "测试", "en": "Test"}, "subject": "carrier",
        "purpose": "recognition", "stage": "incubator", "kind": "general", "level": "national",
        "document": "测试办法", "effective_from": "2019-01-01", "criteria": [criterion()], **others,
    }  # fmt: skip
