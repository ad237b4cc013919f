"""Scoring sheets: shipped with the product, or made by the staff. One that was used stays."""

import tomllib
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from incubation.models import ScoreCriterion, ScoreSheet
from parks.audit import record, snapshot
from parks.errors import InvalidValue

SHIPPED = Path(__file__).parent.parent / "score_sheets"


@transaction.atomic
def load_score_sheets() -> list[ScoreSheet]:
    """Keep each shipped sheet once; one that is kept stays as it is. Returns the new ones."""
    made = []
    for path in sorted(SHIPPED.glob("*.toml")):
        body = tomllib.loads(path.read_text(encoding="utf-8"))
        if ScoreSheet.objects.filter(code=body["code"]).exists():
            continue
        criteria = body.pop("criteria")
        made.append(make_sheet(criteria=criteria, by=None, **body))
    return made


@transaction.atomic
def make_sheet(*, code, name, criteria, by, **fields) -> ScoreSheet:
    """``criteria``: ``{name, name_en, hint, weight}`` in order; their weights add up to 100."""
    if (total := sum(one["weight"] for one in criteria)) != 100:
        raise InvalidValue(
            _("The weights of a scoring sheet add up to 100; these add up to %(total)s."),
            total=total,
        )
    sheet = ScoreSheet(code=code, name=name, **fields)
    sheet.full_clean()
    sheet.save()
    ScoreCriterion.objects.bulk_create(
        ScoreCriterion(sheet=sheet, position=n, **one) for n, one in enumerate(criteria, 1)
    )
    record("create", sheet, by=by)
    return sheet


@transaction.atomic
def retire_sheet(*, sheet, on, by, reason="") -> ScoreSheet:
    """No new review goes by it from ``on`` on; one sheet for everybody always stays in use."""
    row = ScoreSheet.objects.select_for_update().get(pk=sheet.pk)
    if row.retired_on:
        raise InvalidValue(_("This sheet is out of use since %(day)s."), day=row.retired_on)
    if not ScoreSheet.objects.exclude(pk=row.pk).filter(retired_on=None).exists():
        raise InvalidValue(_("It is the only sheet in use. Make another one first."))
    before = snapshot(row)
    row.retired_on = on
    row.save(update_fields=["retired_on"])
    record("end", row, by=by, before=before, reason=reason)
    return row
