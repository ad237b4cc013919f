"""Two people changed one draft: what is typed beside what is saved, and taking theirs over."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from parks.keys import as_key
from tenants import lease_forms
from tenants.models import RentUnit


def _saved(lease, user):
    """The form and the rows as the lease stands in the database."""
    form = lease_forms.LeaseForm(user=user, lease=lease)
    return form, lease_forms.lease_lines(lease)


def _text(value) -> str:
    return "" if value is None else str(value)


def taken(data, lease, user):
    """The post with the fields replaced by theirs for which the person said so."""
    data = data.copy()
    wanted = [name.removeprefix("take-") for name, value in data.items()
              if name.startswith("take-") and value == "theirs"]  # fmt: skip
    if not wanted:
        return data
    form, rows = _saved(lease, user)
    for name in wanted:
        if name in form.initial:
            data[name] = _text(form.initial[name])
    if "lines" in wanted:
        for name in [one for one in data if one.startswith("lines-")]:
            del data[name]
        data["lines-TOTAL_FORMS"], data["lines-INITIAL_FORMS"] = len(rows), 0
        for index, row in enumerate(rows):
            for name, value in row.items():
                data[f"lines-{index}-{name}"] = _text(value)
    return data


def differences(data, lease, user) -> list[dict]:
    """Fields in which the post differs from what is saved: ``name``, ``label``, both values."""
    form, rows = _saved(lease, user)
    found = []
    for name, theirs in form.initial.items():
        field = form.fields[name]
        if name == "version":
            continue
        mine = data.get(name, "")
        try:
            told = field.widget.value_from_datadict(data, {}, name)
            same = field.clean(told) == field.clean(_text(theirs))
        except ValidationError:
            same = mine == _text(theirs)
        if name == "rent_free":
            same = mine.split() == theirs.split()
        if not same:
            if name == "tenant":
                key = as_key(mine)
                chosen = field.queryset.filter(pk=key).first() if key else None
                mine = chosen or data.get("tenant-words") or data.get("new_name", "")
                theirs = lease.tenant
            found.append({"name": name, "label": field.label, "mine": mine, "theirs": theirs})
    lines = lease_forms.lines_formset(data, user=user)
    lines.is_valid()
    typed = [
        _row_words(row) for row in (getattr(one, "cleaned_data", {}) for one in lines)
        if row.get("unit") and not row.get("DELETE")
    ]  # fmt: skip
    kept = [
        _row_words({"unit": line.unit, "area_m2": line.area_m2, "rent": line.rent,
                    "rent_unit": line.rent_unit,
                    "steps": [(one.start, one.rent) for one in line.steps.all()]})
        for line in lease.lines.select_related("unit").prefetch_related("steps")
    ]  # fmt: skip
    if sorted(typed) != sorted(kept):
        found.append({"name": "lines", "label": _("Units"),
                      "mine": "; ".join(typed), "theirs": "; ".join(kept)})  # fmt: skip
    return found


def _row_words(row) -> str:
    """All a row says, in words that are the same for the same row."""
    unit = row["unit"]
    area = row.get("area_m2")
    if area is None:
        area = unit.billable_area_m2 or unit.gross_area_m2
    words = [unit.number, f"{area:.2f} ㎡"]
    if row.get("rent") is not None:
        words.append(f"{row['rent']:.2f} {RentUnit(row['rent_unit']).label}")
    words += [f"{day} {value:.2f}" for day, value in row.get("steps") or ()]
    return " · ".join(words)
