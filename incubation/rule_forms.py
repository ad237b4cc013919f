"""Rule sets as a form: the head, and every criterion and group as a row that names its group."""

import re
from decimal import Decimal
from fractions import Fraction

from django import forms
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, gettext_lazy

from incubation.rules import METRICS, Criterion, RuleFileError, RuleSetBody
from incubation.rules.bodies import OPERATORS
from incubation.rules.explain import SIGNS
from incubation.rules.units import LABELS, printed

_ = gettext_lazy
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
HUNDRED = Decimal(100)
#: Rows of one rule set.
MOST = 200


def threshold_words(typed, unit):
    """What was typed as people read it, with its unit; as it stands where it is no number."""
    if not re.fullmatch(r"\d{1,15}(\.\d{1,6})?", str(typed)):
        return str(typed)
    return printed(Fraction(str(typed)) / (100 if unit == "share" else 1), unit)


class Labelled(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = capfirst(field.label)


class HeadForm(Labelled):
    effective_from = forms.DateField(
        label=_("in force from"), widget=DATE,
        help_text=_("The version before ends on this day."),
    )  # fmt: skip
    reason = forms.CharField(label=_("reason for this version"), max_length=300)
    name_zh = forms.CharField(label=_("name (Chinese)"), max_length=100)
    name_en = forms.CharField(label=_("name (English)"), max_length=100)
    document = forms.CharField(label=_("document"), max_length=200)
    article = forms.CharField(label=_("article"), max_length=100, required=False)
    verified = forms.BooleanField(
        label=_("document and days are verified"), required=False,
        help_text=_("Leave it empty as long as nobody has read them in the document."),
    )  # fmt: skip
    note_zh = forms.CharField(label=_("note (Chinese)"), max_length=500, required=False)
    note_en = forms.CharField(label=_("note (English)"), max_length=500, required=False)
    based_on = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, rule_set):
        body = rule_set.rules
        return cls(
            initial={
                "name_zh": body.name.zh,
                "name_en": body.name.en,
                "document": body.document,
                "article": body.article,
                "verified": body.verified,
                "note_zh": body.note.zh,
                "note_en": body.note.en,
                "based_on": rule_set.version,
            }  # fmt: skip
        )


class NodeForm(Labelled):
    """A criterion, or a group where ``mode`` is there; ``parent`` is the code of its group."""

    code = forms.SlugField(widget=forms.HiddenInput, required=False, max_length=60)
    group = forms.BooleanField(widget=forms.HiddenInput, required=False)
    text_zh = forms.CharField(label=_("text (Chinese)"), max_length=300)
    text_en = forms.CharField(label=_("text (English)"), max_length=300)
    metric = forms.ChoiceField(label=_("metric"), required=False)
    operator = forms.ChoiceField(
        label=_("comparison"), required=False, choices=[(o, SIGNS[o]) for o in OPERATORS]
    )
    threshold = forms.DecimalField(
        label=_("threshold"), required=False, max_digits=20, decimal_places=6,
        help_text=_("Shares in %, money in yuan, areas in m²; yes or no needs none."),
    )  # fmt: skip
    verified = forms.BooleanField(label=_("verified in the document"), required=False)
    mode = forms.ChoiceField(
        label=_("asks for"), required=False,
        choices=[("any", _("at least one of its criteria")), ("all", _("all of its criteria"))],
    )  # fmt: skip
    parent = forms.CharField(label=_("belongs to"), required=False, widget=forms.Select)
    article = forms.CharField(label=_("article"), max_length=100, required=False)
    note_zh = forms.CharField(label=_("note (Chinese)"), max_length=500, required=False)
    note_en = forms.CharField(label=_("note (English)"), max_length=500, required=False)
    remove = forms.BooleanField(label=_("remove"), required=False)

    def __init__(self, *args, subject="", groups=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = [
            (m.code, f"{m.label} ({LABELS[m.unit]})")
            for m in METRICS.values()
            if m.subject == subject
        ]
        own = self["code"].value()
        self.fields["parent"].widget.choices = [
            ("", gettext("the rule set itself")),
            *((code, text) for code, text in groups if code != own),
        ]
        unused = ("metric", "operator", "threshold", "verified") if self.is_group else ("mode",)
        for name in unused:
            del self.fields[name]

    @property
    def is_group(self):
        return str(self["group"].value()) in {"True", "on", "1"}

    @property
    def heading(self):
        """The row in one line."""
        text = self[text_name()].value()
        if self.is_group:
            return text or gettext("New group")
        text = text or gettext("New criterion")
        metric = METRICS.get(self["metric"].value())
        threshold = self["threshold"].value()
        if metric is None or metric.unit == "yesno":
            return text
        sign = SIGNS.get(self["operator"].value(), "")
        if threshold in (None, ""):
            return f"{text} · {sign} {gettext('to be verified')}"
        return f"{text} · {sign} {threshold_words(threshold, metric.unit)}"

    def clean(self):
        """A row that is taken out need not be complete."""
        data = super().clean()
        if data.get("remove"):
            self.errors.clear()
            data.setdefault("code", "")
        return data

    def node(self):
        """What was typed as a mapping of ``RuleSetBody.from_mapping``, members apart."""
        data = self.cleaned_data
        node = {
            "code": data["code"], "article": data["article"],
            "text": {"zh": data["text_zh"], "en": data["text_en"]},
        }  # fmt: skip
        if data["note_zh"] or data["note_en"]:
            node["note"] = {"zh": data["note_zh"], "en": data["note_en"]}
        if self.is_group:
            return node | {data["mode"] or "any": []}
        unit = METRICS[data["metric"]].unit if data["metric"] in METRICS else ""
        operator, threshold = data["operator"], data["threshold"]
        if unit == "yesno":
            operator, threshold = "==", 1 if threshold is None else threshold
        if unit == "share" and threshold is not None:
            threshold = threshold / HUNDRED
        node |= {
            "metric": data["metric"],
            "operator": operator,
            "unit": unit,
            "verified": data["verified"],
        }
        return node if threshold is None else node | {"threshold": str(threshold)}


class BaseNodes(forms.BaseFormSet):
    """The rows of a rule set, in order."""

    def tree(self) -> list[dict]:
        """The rows as nested mappings; a removed group takes its members along.

        Raises ``RuleFileError`` for a group that lies within itself.
        """
        kept = [form for form in self.forms if not form.cleaned_data["remove"]]
        taken = {form.cleaned_data["code"] for form in kept}
        below = {}
        for form in kept:
            node = form.node()
            if not node["code"]:
                node["code"] = free_code(node["metric"].replace("_", "-") or "criterion", taken)
                taken.add(node["code"])
            below.setdefault(form.cleaned_data["parent"], []).append(node)
        roots = below.get("", [])
        self._hang(roots, below)
        gone = {form.cleaned_data["code"] for form in self.forms} - taken
        removed = [node for code in gone for node in below.get(code, [])]
        self._hang(removed, below)
        reached = {node["code"] for node in _flat([*roots, *removed])}
        if set(below) - {""} - gone - reached:
            raise RuleFileError([gettext("A group cannot lie within itself.")])
        return roots

    def _hang(self, nodes, below):
        for node in nodes:
            mode = next((mode for mode in ("any", "all") if mode in node), None)
            if mode:
                node[mode] = below.get(node["code"], [])
                self._hang(node[mode], below)


Nodes = forms.formset_factory(NodeForm, BaseNodes, extra=0, max_num=MOST)


def _flat(nodes):
    for node in nodes:
        yield node
        yield from _flat(node.get("any", node.get("all", [])))


def text_name() -> str:
    """The field whose text the active language reads."""
    return "text_zh" if (get_language() or "zh").startswith("zh") else "text_en"


def free_code(stem, taken) -> str:
    return next(
        code for n in range(1, 1000) if (code := stem if n == 1 else f"{stem}-{n}") not in taken
    )


def rows_of(body: RuleSetBody) -> list[dict]:
    """The initial rows of a body's criteria and groups."""
    return [_row(node, above[-1].code if above else "") for node, above in body.walk()]


def _row(node, parent):
    row = {
        "code": node.code, "parent": parent, "article": node.article, "text_zh": node.text.zh,
        "text_en": node.text.en, "note_zh": node.note.zh, "note_en": node.note.en,
    }  # fmt: skip
    if not isinstance(node, Criterion):
        return row | {"group": True, "mode": node.mode}
    threshold = node.threshold
    if threshold is not None and node.unit == "share":
        threshold = threshold * HUNDRED
    return row | {
        "metric": node.metric, "operator": node.operator, "verified": node.verified,
        "threshold": None if threshold is None else format(threshold.normalize(), "f"),
    }  # fmt: skip


def typed_rows(data) -> list[dict]:
    """The rows as typed, not checked; of no more than ``MOST`` of them."""
    total = data.get("nodes-TOTAL_FORMS", "")
    numbers = range(min(int(total), MOST)) if total.isdecimal() else ()
    names = NodeForm.base_fields
    rows = [{name: data.get(f"nodes-{n}-{name}", "") for name in names} for n in numbers]
    return [row | {"group": row["group"] == "True"} for row in rows]


def empty_row(rows, kind) -> dict:
    """One more row beside ``rows``: a ``criterion`` or a ``group``."""
    if kind != "group":
        return {}
    return {"group": True, "code": free_code("group", {row["code"] for row in rows})}


def nodes_form(rule_set, *, rows=None, data=None):
    """The form of ``rows``, or what ``data`` says, bound."""
    rows = typed_rows(data) if rows is None else rows
    text = text_name()
    groups = [(row["code"], row.get(text) or row["code"]) for row in rows if row.get("group")]
    kwargs = {"subject": rule_set.subject, "groups": groups, "empty_permitted": False}
    nodes = Nodes(data, initial=None if data else rows, prefix="nodes", form_kwargs=kwargs)
    parents = {row.get("code"): row.get("parent") for row in rows}
    for form, row in zip(nodes.forms, rows, strict=True):
        form.depth, parent = 0, row.get("parent")
        while parent and form.depth < 3:
            form.depth, parent = form.depth + 1, parents.get(parent)
    return nodes


def body_of(rule_set, head, nodes) -> RuleSetBody:
    """What both forms say, as the body after ``rule_set``. Raises ``RuleFileError``."""
    data = head.cleaned_data
    mapping = rule_set.rules.to_mapping()
    mapping.pop("effective_to", None)
    mapping |= {
        "version": rule_set.version + 1,
        "name": {"zh": data["name_zh"], "en": data["name_en"]},
        "document": data["document"], "article": data["article"], "verified": data["verified"],
        "effective_from": data["effective_from"],
        "note": {"zh": data["note_zh"], "en": data["note_en"]},
        "criteria": nodes.tree(),
    }  # fmt: skip
    return RuleSetBody.from_mapping(mapping, metrics=METRICS)
