"""Features of a layer against the records of a park: made, changed, unchanged or refused, and why."""

from collections import Counter
from decimal import Decimal, InvalidOperation

import numpy as np
import shapely
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from maps.district import district_outline
from maps.geo import systems
from maps.geo.columns import COLUMNS, choice_of, guess, narrow, plain, text_of
from maps.geo.records import Records
from maps.geo.rows import CHANGED, CREATED, REFUSED, UNCHANGED, Options, Plan, Row
from maps.geo.shapes import area_of
from parks.geometry import area_m2, to_metric
from parks.models import Building, GeometrySource, Unit
from parks.outlines import check_floor

#: Outlines whose corners differ by less are the same: a centimetre and its rounding.
SAME_M = 0.02
OUTLINE = {"parks": "boundary", "buildings": "footprint", "units": "outline"}
#: A file covering so much of the district is compared with the district's own outline.
DISTRICT_SHARE = 0.2


def plan(source, *, park, on, options: Options) -> Plan:
    """What taking ``source`` would do to ``park`` on day ``on``; writes nothing.

    Raises ``InvalidValue`` for a coordinate system nobody knows.
    """
    headings = [str(name) for name in source.frame.columns if name != source.frame.geometry.name]
    named = guess(options.layer, headings)
    named |= {k: v for k, v in options.columns.items() if v in headings or not v}
    options.columns = {name: heading for name, heading in named.items() if heading}
    records = Records(park, options.layer, on)
    rows = _rows(source.frame, options.columns)
    shapes = source.frame.geometry.to_numpy()
    for row in rows:
        row.record = records.find(row)
    _refuse_twins(rows, options.layer)
    reference, against, mask = _reference(rows, records, shapes)
    verdict = systems.judge(shapes, source.declared, reference=reference, against=against, mask=mask)  # fmt: skip
    system = systems.checked(options.system) if options.system else verdict.proposed
    made = Plan(options, verdict, system, rows, list(source.notes), headings, source.layers)
    if not system and verdict.hypotheses:
        system = verdict.hypotheses[0].system
    _place(rows, shapes, system or source.declared, options)
    _measure([row for row in rows if row.action != REFUSED], OUTLINE[options.layer])
    for row in rows:
        if row.action != REFUSED:
            _compare(row, options.layer, park, on)
    if options.layer == "units":
        _misfits(rows)
    return made


def _rows(frame, columns) -> list[Row]:
    texts = {name: [text_of(cell) for cell in frame[heading]] for name, heading in columns.items()}
    return [
        Row(i + 1, {name: column[i] for name, column in texts.items()}) for i in range(len(frame))
    ]


def _refuse_twins(rows, layer):
    """Two features for one thing: neither is taken."""

    def key(row):
        return row.record.pk if row.record is not None else plain(row.name)

    many = Counter(key(row) for row in rows if row.action != REFUSED)
    for row in rows:
        if row.action != REFUSED and many[key(row)] > 1:
            row.refuse(
                _("%(n)s features are called %(name)s.") % {"n": many[key(row)], "name": row.name},
                _("Leave one of them in the layer, or join them into one."),
            )


def _reference(rows, records, shapes):
    """Known outlines to compare with, their name, and which features they are of."""
    name = OUTLINE[records.layer]
    pairs = [(row.index - 1, getattr(row.record, name)) for row in rows
             if row.record is not None and getattr(row.record, name) is not None]  # fmt: skip
    mask = np.zeros(len(shapes), bool)
    if pairs:
        mask[[i for i, _shape in pairs]] = True
        if records.layer != "parks" or not _like_the_district(shapes[mask]):
            return shapely.union_all(shapely.make_valid(np.array([s for _i, s in pairs], object))), {
                "parks": _("the park's boundary"), "buildings": _("the buildings' outlines"),
                "units": _("the units' outlines"),
            }[records.layer], mask  # fmt: skip
    mask[:] = True
    if records.layer == "parks":
        like = _like_the_district(shapes)
        return (
            (district_outline(), _("the district's boundary"), mask) if like else (None, "", mask)
        )
    if records.layer == "units":
        known = [b.footprint for b in {r.fields["floor"].building.pk: r.fields["floor"].building
                                       for r in rows if "floor" in r.fields}.values()
                 if b.footprint is not None]  # fmt: skip
        if known:
            return shapely.union_all(known), _("the buildings' outlines"), mask
    return None, "", mask


def _like_the_district(shapes) -> bool:
    """As large as the district, whatever the system: by the size in degrees or in metres."""
    west, south, east, north = shapely.total_bounds([s for s in shapes if s is not None] or [None])
    a, b, c, d = (to_metric(district_outline()) if east > 180 or north > 180
                  else district_outline()).bounds  # fmt: skip
    return (east - west) * (north - south) >= DISTRICT_SHARE * (c - a) * (d - b)


def _place(rows, shapes, system, options):
    """Each row's shape as a valid area on WGS 84; refuses what is none or lies elsewhere."""
    drawn = []
    for row, shape in zip(rows, shapes, strict=True):
        cleaned = area_of(shape, repair=options.repair, close_lines=options.close_lines)
        row.notes += cleaned.notes
        if cleaned.area is None and row.action != REFUSED:
            row.refuse(cleaned.reason, cleaned.suggestion)
        if shape is not None and not shape.is_empty:
            drawn.append((row, cleaned.area is not None, cleaned.area or shapely.force_2d(shape)))
    if not drawn:
        return
    if not system:
        for row, _sound, _shape in drawn:
            if row.action != REFUSED:
                row.refuse(_("Where it lies cannot be told."), _("Choose the coordinate system."))
        return
    placed = systems.convert([shape for _row, _sound, shape in drawn], system)
    finite = np.isfinite(shapely.bounds(placed)).all(axis=1)
    inside = np.zeros(len(placed), bool)
    inside[finite] = systems.in_district(placed[finite])
    for (row, sound, _shape), shape, fits in zip(drawn, placed, inside, strict=True):
        row.picture = shape if fits else None
        row.area = shape if fits and sound else None
        if not fits and row.action != REFUSED:
            row.refuse(
                _("It lies outside the district."),
                _("Choose another coordinate system, or correct its coordinates."),
            )


def _measure(rows, name):
    """Areas, and against the outline there is: how far it moved and how much they overlap."""
    areas = np.array([row.area for row in rows], dtype=object)
    for row, area in zip(rows, area_m2(areas) if len(rows) else [], strict=True):
        row.area_m2 = float(area)
        row.old = None if row.record is None else getattr(row.record, name)
    pairs = [row for row in rows if row.old is not None]
    if not pairs:
        return
    new = to_metric(np.array([row.area for row in pairs], dtype=object))
    old = to_metric(np.array([row.old for row in pairs], dtype=object))
    apart = shapely.hausdorff_distance(shapely.boundary(new), shapely.boundary(old))
    moved = shapely.distance(shapely.centroid(new), shapely.centroid(old))
    for i in np.flatnonzero(apart >= SAME_M):
        pairs[i].moved_m = float(moved[i])
        both = shapely.union(new[i], old[i]).area
        pairs[i].overlap = shapely.intersection(new[i], old[i]).area / both


def _compare(row, layer, park, on):
    """What taking the row means: new, changed or nothing."""
    record, name = row.record, OUTLINE[layer]
    _read_values(row, layer)
    if row.action == REFUSED:
        return
    if record is None:
        row.action = CREATED
        _new(row, layer, park, on)
        return
    if layer == "units":
        row.recorded_m2 = float(record.gross_area_m2)
        row.fields.pop("floor", None)
        row.fields.pop("gross_area_m2", None)
        _area_note(row, record.gross_area_m2)
    label = str(type(record)._meta.get_field(name).verbose_name)
    for attribute, new in list(row.fields.items()):
        before = getattr(record, attribute)
        if before == new:
            del row.fields[attribute]
        else:
            column = type(record)._meta.get_field(attribute)
            words = dict(column.flatchoices)
            told = [str(words.get(value, value)) for value in (before, new)]
            row.changes.append([str(column.verbose_name), *told])
    if row.old is None:
        row.changes.append([label, "", _("drawn")])
        row.fields[name] = row.area
    elif row.moved_m is not None:
        row.changes.append(
            [label, "", _("moved by %(moved).1f m, overlap %(overlap).1f%%")
             % {"moved": row.moved_m, "overlap": 100 * row.overlap}]
        )  # fmt: skip
        row.fields[name] = row.area
    if name in row.fields:
        row.fields["geometry_source"] = GeometrySource.IMPORTED
    row.action = CHANGED if row.fields else UNCHANGED


def _read_values(row, layer):
    """Texts of the file → values of the record, refusing what is none."""
    for column in COLUMNS[layer]:
        text = row.values.get(column.name, "")
        if not text or not column.writes:
            continue
        value = text
        if column.choices is not None:
            value = choice_of(column.choices, text)
            if value is None:
                words = ", ".join(str(label) for label in column.choices.labels)
                return row.refuse(
                    _("%(column)s “%(text)s” is not known.")
                    % {"column": column.label, "text": text[:40]},
                    _("One of: %(words)s.") % {"words": words},
                )
        row.fields[column.writes] = value
    if layer == "units" and (text := row.values.get("gross_area_m2")):
        try:
            row.fields["gross_area_m2"] = Decimal(text.replace(",", "")).quantize(Decimal("0.01"))
        except InvalidOperation:
            row.refuse(
                _("The area “%(text)s” is no number.") % {"text": text[:40]},
                _("Write square metres, like 86.50."),
            )
    return None


def _area_note(row, recorded):
    """The outline's area beside the recorded one; the record keeps its own."""
    stated = row.values.get("gross_area_m2")
    difference = row.area_m2 - float(recorded)
    if abs(difference) > max(0.02 * float(recorded), 0.5):
        row.notes.append(
            _("The outline has %(drawn).2f m², %(difference)+.2f m² against the recorded area; "
              "the record stays.") % {"drawn": row.area_m2, "difference": difference}
        )  # fmt: skip
    if stated and Decimal(stated.replace(",", "")).quantize(Decimal("0.01")) != recorded:
        row.notes.append(
            _("The file says %(stated)s m², recorded are %(recorded)s m²; the record stays.")
            % {"stated": stated, "recorded": recorded}
        )


def _new(row, layer, park, on):
    """An unsaved record, its fields cleaned, so that what the service would refuse is said now."""
    source = GeometrySource.IMPORTED
    if layer == "buildings":
        code, name = narrow(row.values.get("code", "")), row.values.get("name")
        row.fields |= {"code": code or name, "name": name or code, "footprint": row.area,
                       "geometry_source": source}  # fmt: skip
        fresh = Building(park=park, **row.fields)
    else:
        row.fields |= {"number": narrow(row.values["number"]), "exists_from": on, "outline": row.area,
                       "geometry_source": source}  # fmt: skip
        if "gross_area_m2" not in row.fields:
            row.fields["gross_area_m2"] = Decimal(str(row.area_m2)).quantize(Decimal("0.01"))
            row.notes.append(_("Its gross area is taken from the outline, as an estimate."))
        fresh = Unit(numbered_from=on, **row.fields)
    try:
        fresh.clean_fields(exclude=["park", "floor", "begun_by", "ended_by"])
        if layer == "units" and fresh.gross_area_m2 <= 0:
            raise ValidationError(_("The gross area must be above zero."))
    except ValidationError as error:
        row.refuse(" ".join(error.messages), _("Correct it in the file."))


def _misfits(rows):
    """What leaves its floor or lies on another once taken: said as a note, as for every import."""
    floors = {}
    for row in rows:
        if row.action == REFUSED:
            continue
        unit = row.record
        if unit is None:
            unit = Unit(numbered_from=row.fields["exists_from"], **row.fields)
        else:
            unit.outline, unit.geometry_source = row.area, GeometrySource.IMPORTED
        floors.setdefault(unit.floor, []).append((unit, row))
    for floor, pairs in floors.items():
        row_of = {id(unit): row for unit, row in pairs}
        for finding in check_floor(floor, units=[unit for unit, _row in pairs]):
            row_of[id(finding.units[0])].notes.append(finding.message)
