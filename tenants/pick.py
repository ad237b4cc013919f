"""A choice found by typing: the key of a suggestion is sent, or the words when none was chosen."""

from typing import NamedTuple

from django import forms
from django.db.models import Q
from django.forms.widgets import Script
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from parks.keys import as_key


class Picked(NamedTuple):
    """What the page sent: ``key`` of the suggestion last chosen and the ``words`` in the field."""

    key: str
    words: str


class PickWidget(forms.Widget):
    """``labels``: words of the keys that may stand in the field already, shared by all rows.

    ``query``: what the source is asked besides the words typed, as the query of an address.
    """

    class Media:
        css = {"all": ["tenants/pick.css"]}
        js = [Script("tenants/pick.js", defer=True)]

    def __init__(self, *, source, placeholder):
        super().__init__()
        self.source, self.placeholder, self.labels, self.query = source, placeholder, {}, ""

    def value_from_datadict(self, data, files, name):
        return Picked(str(data.get(name, "")).strip(), str(data.get(f"{name}-words", "")).strip())

    def value_omitted_from_data(self, data, files, name):
        return name not in data and f"{name}-words" not in data

    def render(self, name, value, attrs=None, renderer=None):
        key, words = value if isinstance(value, Picked) else (value or "", "")
        words = words or self.labels.get(as_key(key), "")
        attrs = self.build_attrs(self.attrs, attrs)
        return render_to_string("tenants/_pick.html", {
            "name": name, "key": key if words else "", "words": words, "attrs": attrs,
            "aria_label": attrs.get("aria-label"), "placeholder": self.placeholder,
            "address": f"{reverse(self.source)}?{self.query}",
        })  # fmt: skip


class PickField(forms.ModelChoiceField):
    """``describe`` gives ``(key, words)`` of a row, ``find`` those of ``(user, words)``.

    Words that were typed and not chosen count when they name exactly one row: in full, or by the
    columns ``exact``.
    """

    def __init__(self, *, describe, find, source, placeholder, exact, **kwargs):
        super().__init__(
            queryset=None, widget=PickWidget(source=source, placeholder=placeholder), **kwargs
        )
        self.describe, self.find, self.exact, self.user = describe, find, exact, None

    def to_python(self, value):
        key, words = value if isinstance(value, Picked) else (value, "")
        if as_key(key):
            row = self.queryset.filter(pk=as_key(key)).first()
            if row and words in ("", self.describe(row)[1]):
                return row
            if not words:
                raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice")
        return self.named(words) if words else None

    def named(self, words):
        fits = [one for one, told in self.find(self.user, words) if told == words]
        if len(fits) != 1:
            wanted = Q()
            for column in self.exact:
                wanted |= Q(**{column: words})
            fits = list(self.queryset.filter(wanted).values_list("pk", flat=True)[:2])
        if len(fits) == 1:
            return self.queryset.get(pk=fits[0])
        told = _("Several are called “%(words)s”; choose one of the suggestions.")
        if not fits:
            told = _("Nothing is called “%(words)s”; type a part of it and choose a suggestion.")
        raise forms.ValidationError(told, "invalid_choice", {"words": words})

    def has_changed(self, initial, data):
        key, words = data if isinstance(data, Picked) else (data, "")
        return as_key(key) != as_key(initial) or (not key and bool(words))


def offer(field, user, rows, chosen=(), labels=None):
    """Let ``user`` pick of ``rows``; ``chosen`` may stand in the field already."""
    field.user, field.queryset = user, rows
    field.widget.labels = labels_of(rows, chosen, field.describe) if labels is None else labels


def labels_of(rows, chosen, describe) -> dict:
    """Words of the keys among ``chosen``, by one query at most."""
    keys = {as_key(one.key if isinstance(one, Picked) else one) for one in chosen} - {None}
    return dict(describe(row) for row in rows.filter(pk__in=keys)) if keys else {}
