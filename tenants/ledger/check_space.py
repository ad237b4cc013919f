"""The rows of the sheet of units."""

from datetime import timedelta

from django.utils.translation import gettext as _

from parks.errors import RuleViolation
from parks.models import Building, Floor, Unit, UnitClosure
from parks.periods import Period
from parks.services.space import refuse_fixed
from tenants.ledger.world import same

#: Columns of a unit that a row may correct.
UNIT_COLUMNS = (
    "kind", "tenure", "gross_area_m2", "net_area_m2", "shared_area_m2", "billable_area_m2",
    "area_source", "seats", "clear_height_m", "floor_load_kn_m2", "power_kva", "column_grid",
    "goods_lift", "drainage", "listed",
)  # fmt: skip
UNSAVED = ["floor", "begun_by", "ended_by", "outline"]
#: Length of a building's code.
CODE_LENGTH = 40


def said(row, names):
    """The cells among ``names`` that say something."""
    return {n: row.values[n] for n in names if row.values.get(n) not in (None, "")}


def end_of(last_day):
    return None if last_day is None else last_day + timedelta(days=1)


def last_of(end):
    return None if end is None else end - timedelta(days=1)


class SpaceChecks:
    def unit_row(self, sheet, row, finding):
        value = row.values.get
        finding.name = str(value("number") or "")
        park = self.park_of(sheet, row, finding)
        if park is None or self.missing(finding, sheet, row, "building", "number"):
            return False
        floor = self._floor(park, sheet, row, finding)
        if floor is None:
            return False
        day = value("numbered_from") or value("exists_from") or self.on
        unit = self.world.unit(floor, value("number"), day)
        renumbered = False
        if unit is None and value("old_number"):
            unit = self.world.unit(floor, value("old_number"), day - timedelta(days=1))
            renumbered = unit is not None
        if unit is not None and id(unit) in self.unit_rows:
            self.refuse(
                finding, sheet, row, "number", "twice",
                _("Row %(row)s speaks of the same unit.")
                % {"row": self.unit_rows[id(unit)]},
                _("Keep one of the two rows."),
            )  # fmt: skip
            return False
        new = unit is None
        if new:
            unit = self._new_unit(floor, sheet, row, finding)
            if unit is None:
                return False
        else:
            self._correct(unit, sheet, row, finding, renumbered)
        self.unit_rows[id(unit)] = row.number
        self._close(unit, sheet, row, finding)
        self.ask(unit, sheet, row, finding)
        return new

    def _floor(self, park, sheet, row, finding):
        value, world = row.values.get, self.world
        name = str(value("building")).strip()
        building = world.buildings.get((park.pk, same(name)))
        extras = {"use": value("building_use"), "fire_class": value("fire_class")}
        extras = {key: text for key, text in extras.items() if text}
        if building is None:
            building = Building(park=park, code=name[:CODE_LENGTH], name=name, **extras)
            self.clean(building, finding, sheet, row, ["park", "footprint"])
            world.buildings[park.pk, same(name)] = building
            self.plan.buildings.append(building)
        else:
            for key, text in extras.items():
                if text != getattr(building, key):
                    self.refuse(
                        finding, sheet, row, "building_use" if key == "use" else key,
                        "building_differs",
                        _("%(building)s has %(known)s here.")
                        % {"building": building, "known": getattr(building, f"get_{key}_display")()},
                        _("Correct the building on its page, or empty the cell."),
                    )  # fmt: skip
        ordinal, text = value("ordinal"), value("floor")
        floor = None
        if text:
            floor = world.floors.get((id(building), same(text)))
        if floor is None and ordinal is not None:
            floor = world.floors.get((id(building), ordinal))
        if floor is None and ordinal is None:
            self.refuse(finding, sheet, row, "floor", "floor_unknown",
                        _("%(building)s has no such floor.") % {"building": building},
                        _("Add the storey as a number (1, 2, -1), and the floor is made."))  # fmt: skip
            return None
        if floor is None:
            floor = Floor(building=building, ordinal=ordinal, name=text or storey(ordinal))
            self.clean(floor, finding, sheet, row, ["building", "outline"])
            world.add_floor(floor)
            self.plan.floors.append(floor)
        elif ordinal is not None and floor.ordinal != ordinal:
            self.refuse(
                finding, sheet, row, "ordinal", "floor_differs",
                _("%(floor)s is storey %(ordinal)s of %(building)s.")
                % {"floor": floor, "ordinal": floor.ordinal, "building": building},
                _("Correct the number of the storey or the name of the floor."),
            )  # fmt: skip
            return None
        return floor

    def _new_unit(self, floor, sheet, row, finding):
        value = row.values.get
        if self.missing(finding, sheet, row, "gross_area_m2"):
            return None
        begins = value("exists_from") or value("numbered_from") or self.on
        numbered, old = value("numbered_from") or begins, value("old_number")
        unit = Unit(
            floor=floor, number=str(value("number")), exists_from=begins, numbered_from=numbered,
            exists_to=end_of(value("last_day")), **said(row, UNIT_COLUMNS),
        )  # fmt: skip
        self.clean(unit, finding, sheet, row, UNSAVED)
        if unit.gross_area_m2 is not None and unit.gross_area_m2 <= 0:
            self.refuse(finding, sheet, row, "gross_area_m2", "invalid_value",
                        _("The gross area of %(number)s must be above zero.")
                        % {"number": unit.number})  # fmt: skip
        if numbered < begins or (unit.exists_to and unit.exists_to <= numbered):
            self.refuse(finding, sheet, row, "exists_from", "dates_out_of_order",
                        _("The days of this row are out of order."),
                        _("The unit exists first, bears its number next and ends last."))  # fmt: skip
            return None
        if numbered > begins and not old:
            self.refuse(finding, sheet, row, "old_number", "required",
                        _("The unit bears this number later than it exists."),
                        _("Give the number it had before."))  # fmt: skip
        if not value("exists_from") and not old:
            self.floating[id(unit)] = unit
        self.world.add_unit(unit)
        if old and numbered > begins:
            self.plan.renumberings.append((unit, unit.number, numbered))
            unit.number, unit.numbered_from = str(old), begins
            self.world.numbers[id(floor)][same(old)].append(unit)
        self.plan.units.append(unit)
        return unit

    def _correct(self, unit, sheet, row, finding, renumbered):
        value = row.values.get
        fields = {}
        for name, told in said(row, UNIT_COLUMNS).items():
            if told != getattr(unit, name):
                finding.change(name, getattr(unit, name), told)
                fields[name] = told
        fixed = {"exists_from": unit.exists_from, "last_day": last_of(unit.exists_to)}
        if not renumbered and same(unit.number) == same(value("number")):
            fixed["numbered_from"] = unit.numbered_from
        for name, known in fixed.items():
            if value(name) is not None and value(name) != known:
                self.refuse(
                    finding, sheet, row, name, "act_of_its_own",
                    _("The unit has %(known)s here.") % {"known": known or "—"},
                    _("Existence and numbers change by splitting, merging and renumbering."),
                )  # fmt: skip
        if renumbered:
            day = value("numbered_from") or self.on
            if day <= unit.numbered_from or (unit.exists_to and day >= unit.exists_to):
                self.refuse(finding, sheet, row, "numbered_from", "dates_out_of_order",
                            _("A new number must begin after %(start)s, while the unit exists.")
                            % {"start": unit.numbered_from})  # fmt: skip
            finding.change("number", unit.number, value("number"))
            self.plan.renumberings.append((unit, str(value("number")), day))
            self.world.numbers[id(unit.floor)][same(value("number"))].append(unit)
        if not fields:
            return
        try:
            refuse_fixed(unit, fields)
        except RuleViolation as error:
            self.refuse(finding, sheet, row, "gross_area_m2", error.code, str(error))
            return
        before = {name: getattr(unit, name) for name in fields}
        for name, told in fields.items():
            setattr(unit, name, told)
        self.clean(unit, finding, sheet, row, UNSAVED)
        for name, known in before.items():
            setattr(unit, name, known)
        self.plan.unit_changes.append((unit, fields))

    def _close(self, unit, sheet, row, finding):
        value = row.values.get
        reason = value("closed_for")
        if not reason:
            return
        start, end = value("closed_from") or self.on, end_of(value("closed_last_day"))
        existence = Period(unit.exists_from, unit.exists_to)
        if end is not None and end <= start:
            self.refuse(finding, sheet, row, "closed_last_day", "dates_out_of_order",
                        _("The last day must not lie before the first."))  # fmt: skip
            return
        for closure in self.world.closures[id(unit)]:
            if closure.start == start and closure.reason == reason and closure.end == end:
                return
            if Period(start, end).overlaps(Period(closure.start, closure.end)):
                self.refuse(
                    finding, sheet, row, "closed_from", "closure_overlap",
                    _("The unit is already closed (%(reason)s, %(period)s).")
                    % {"reason": closure.get_reason_display(),
                       "period": Period(closure.start, closure.end)},
                    _("End that closure on the page of the unit first."),
                )  # fmt: skip
                return
        if not Period(start, end).within(existence) and id(unit) not in self.floating:
            self.refuse(finding, sheet, row, "closed_from", "unit_not_there",
                        _("%(unit)s exists %(period)s only.")
                        % {"unit": unit.number, "period": existence})  # fmt: skip
            return
        closure = UnitClosure(unit=unit, reason=reason, start=start, end=end,
                              note=value("note") or "")  # fmt: skip
        self.clean(closure, finding, sheet, row, ["unit"])
        if unit.pk:
            finding.change("closed_for", None, closure.get_reason_display())
        self._needed(unit, Period(start, end), sheet, row, finding)
        self.world.close(unit, closure)
        if id(unit) in self.floating and start < unit.exists_from:
            unit.exists_from = unit.numbered_from = start
        self.plan.closures.append(closure)

    def _needed(self, unit, period, sheet, row, finding):
        for taken in self.world.taken[id(unit)]:
            if taken.kind != "closure" and taken.period.overlaps(period):
                self.refuse(finding, sheet, row, "closed_from", "unit_in_use",
                            _("%(unit)s is needed on these days: %(reasons)s.")
                            % {"unit": unit.number, "reasons": f"{taken.what} {taken.period}"})  # fmt: skip


def storey(ordinal):
    return f"{ordinal}F" if ordinal > 0 else f"B{-ordinal}"
