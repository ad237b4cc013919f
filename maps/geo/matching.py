"""Features of a layer against the records of a park: made, changed, unchanged or refused, and why."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import numpy as np
import shapely
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maps.district import district_outline
from maps.geo import systems
from maps.geo.columns import COLUMNS, KEYS, choice_of, guess, narrow, plain, storey_of, text_of
from maps.geo.shapes import area_of
from parks.geometry import area_m2, to_metric
from parks.models import Building, Floor, GeometrySource, Unit
from parks.outlines import check_floor

#: Outlines whose corners differ by less are the same: a centimetre and its rounding.
SAME_M = 0.02
CREATED, CHANGED, UNCHANGED, REFUSED = "created", "changed", "unchanged", "refused"
ACTIONS = {
    CREATED: gettext_lazy("new"), CHANGED: gettext_lazy("changed"),
    UNCHANGED: gettext_lazy("unchanged"), REFUSED: gettext_lazy("refused"),
}  # fmt: skip
OUTLINE = {"parks": "boundary", "buildings": "footprint", "units": "outline"}
#: A file covering so much of the district is compared with the district's own outline.
DISTRICT_SHARE = 0.2


@dataclass
class Options:
    """What a person decided about a file. ``columns``: our column → heading of the file."""

    layer: str
    system: str = ""
    sheet: str = ""
    columns: dict = field(default_factory=dict)
    repair: bool = False
    close_lines: bool = False
    leave_refused: bool = False


@dataclass
class Row:
    """One feature. ``values``: texts of the file by our columns; ``old``: the outline before.

    ``area`` is what would be kept, ``picture`` what the map shows: a broken outline has only the latter.
    """

    index: int
    values: dict
    action: str = ""
    name: str = ""
    reason: str = ""
    suggestion: str = ""
    notes: list = field(default_factory=list)
    changes: list = field(default_factory=list)
    record: object = None
    fields: dict = field(default_factory=dict)
    area: object = None
    picture: object = None
    old: object = None
    area_m2: float | None = None
    recorded_m2: float | None = None
    moved_m: float | None = None
    overlap: float | None = None

    def refuse(self, reason, suggestion=""):
        self.action, self.reason, self.suggestion = REFUSED, reason, suggestion

    def as_dict(self):
        """What the report keeps; shapes stay in the file."""
        plain_fields = ("index", "action", "name", "reason", "suggestion", "notes", "changes")
        numbers = ("area_m2", "recorded_m2", "moved_m", "overlap")
        row = {name: getattr(self, name) for name in plain_fields}
        return row | {
            name: None if getattr(self, name) is None else round(float(getattr(self, name)), 3)
            for name in numbers
        }


@dataclass
class Plan:
    """All rows of a file under ``options``, and the verdict about its coordinates."""

    options: Options
    verdict: systems.Verdict
    system: str
    rows: list[Row]
    notes: list[str]
    headings: list[str]
    layers: list[str]

    @property
    def counts(self):
        found = Counter(row.action for row in self.rows)
        return {name: found[name] for name in (CREATED, CHANGED, UNCHANGED, REFUSED)}

    def report(self):
        """JSON for the page, the command and the API."""
        return {
            "layer": self.options.layer, "system": self.system,
            "proposed": self.verdict.proposed, "certain": self.verdict.certain,
            "hypotheses": [one.as_dict() for one in self.verdict.hypotheses],
            "notes": self.notes + self.verdict.notes, "counts": self.counts,
            "columns": self.options.columns, "headings": self.headings, "layers": self.layers,
            "rows": [row.as_dict() for row in self.rows],
        }  # fmt: skip


class Records:
    """What is there: the records of one layer of a park by what a file calls them."""

    def __init__(self, park, layer, on):
        self.park, self.layer, self.on = park, layer, on
        self.buildings, self.floors, self.units = {}, {}, {}
        if layer == "parks":
            return
        for building in Building.objects.filter(park=park).order_by("pk"):
            building.park = park
            self.buildings.setdefault(plain(building.code), building)
        for building in list(self.buildings.values()):
            self.buildings.setdefault(plain(building.name), building)
            self.buildings.setdefault(plain(building.name).removesuffix("栋"), building)
        if layer == "buildings":
            return
        floors = Floor.objects.filter(building__park=park).select_related("building__park")
        for floor in floors:
            self.floors.setdefault((floor.building_id, floor.ordinal), floor)
            self.floors.setdefault((floor.building_id, plain(floor.name)), floor)
        units = Unit.objects.of_park(park).existing_on(on).with_number_on(on).with_place()
        for unit in units.defer("floor__building__park__boundary"):
            self.units[unit.floor_id, plain(unit.number_on)] = unit

    def find(self, row):
        """The record the row means; None for a new one. Refuses a row whose place is not there."""
        values = row.values
        ours = ("", plain(self.park.code), plain(self.park.name))
        if self.layer != "parks" and plain(values.get("park", "")) not in ours:
            return row.refuse(
                _("It belongs to another park (%(park)s).") % {"park": values["park"]},
                _("Import it into that park."),
            )
        return getattr(self, f"_{self.layer}")(row, values)

    def _parks(self, row, values):
        row.name = values.get("code") or values.get("name") or self.park.code
        asked = {plain(text) for text in (values.get("code"), values.get("name")) if text}
        if asked and not asked & {plain(self.park.code), plain(self.park.name)}:
            return row.refuse(
                _("It is not the park %(park)s.") % {"park": self.park},
                _("Import it into that park, or correct the code."),
            )
        return self.park

    def _buildings(self, row, values):
        row.name = values.get("code") or values.get("name")
        if not row.name:
            return row.refuse(_("It has neither code nor name."), _("Say which column has them."))
        for text in (values.get("code"), values.get("name")):
            if text and plain(text) in self.buildings:
                return self.buildings[plain(text)]
        return None

    def _units(self, row, values):
        row.name = "-".join(values.get(name, "") for name in KEYS["units"])
        lacking = [column.label for column in COLUMNS["units"]
                   if column.name in KEYS["units"] and not values.get(column.name)]  # fmt: skip
        if lacking:
            return row.refuse(
                _("It lacks: %(columns)s.") % {"columns": ", ".join(map(str, lacking))},
                _("Say which column has them."),
            )
        building = self.buildings.get(plain(values["building"]))
        if building is None:
            return row.refuse(
                _("There is no building %(name)s.") % {"name": values["building"]},
                _("Make the building first, or import the layer of buildings."),
            )
        storey = storey_of(values["floor"])
        floor = self.floors.get((building.pk, storey)) or self.floors.get(
            (building.pk, plain(values["floor"]))
        )
        if floor is None:
            return row.refuse(
                _("%(building)s has no floor %(floor)s.")
                % {"building": building.name, "floor": values["floor"]},
                _("Make the floor first."),
            )
        row.fields["floor"] = floor
        return self.units.get((floor.pk, plain(values["number"])))


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
