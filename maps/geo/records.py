"""The records of a park by what a file calls them."""

from django.utils.translation import gettext as _

from maps.geo.columns import COLUMNS, KEYS, plain, storey_of
from parks.models import Building, Floor, Unit


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
