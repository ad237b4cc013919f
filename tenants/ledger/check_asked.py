"""What a row of the sheet of units asks for the unit while it is vacant."""

from django.utils.translation import gettext as _

from parks.periods import Period
from tenants.ledger.check_space import end_of
from tenants.models import AskingRent, RentUnit


class AskedChecks:
    def ask(self, unit, sheet, row, finding):
        """An asking rent told anew ends what was asked before; what begins later is refused, for
        it would be lost."""
        value = row.values.get
        rent = value("asked_rent")
        if rent is None:
            return
        floating = id(unit) in self.floating
        start, end = value("asked_from"), end_of(value("asked_last_day"))
        known = self.world.asked[id(unit)]
        told = AskingRent(
            unit=unit, rent=rent, rent_unit=value("asked_unit") or RentUnit.M2_MONTH,
            start=start or self.on, end=end,
        )  # fmt: skip
        if any(_same(told, one, start, end) for one in known):
            return
        if end is not None and end <= told.start:
            self.refuse(finding, sheet, row, "asked_last_day", "dates_out_of_order",
                        _("The last day must not lie before the first."))  # fmt: skip
            return
        existence = Period(unit.exists_from, unit.exists_to)
        whole = Period(told.start, end or unit.exists_to)
        if not floating and (told.start not in existence or not whole.within(existence)):
            self.refuse(finding, sheet, row, "asked_from", "unit_not_there",
                        _("%(unit)s exists %(period)s only.")
                        % {"unit": unit.number, "period": existence})  # fmt: skip
            return
        later = next((one for one in known if one.start >= told.start), None)
        if later is not None:
            self.refuse(
                finding, sheet, row, "asked_rent", "asked_later",
                _("From %(day)s on another rent is asked for %(unit)s.")
                % {"day": later.start, "unit": unit.number},
                _("Set it on the page of asking rents, or empty the cell."),
            )  # fmt: skip
            return
        self.clean(told, finding, sheet, row, ["unit"])
        if unit.pk:
            before = next(
                (one.rent for one in known if one.end is None or one.end > told.start), None
            )
            finding.change("asked_rent", before, rent)
        if floating and told.start < unit.exists_from:
            unit.exists_from = unit.numbered_from = told.start
        known.append(told)
        self.plan.asked.append(told)


def _same(told, known, start, end) -> bool:
    """Asked already; days the row does not say are those of the day."""
    days = Period(known.start, known.end)
    return (
        (told.rent, told.rent_unit) == (known.rent, known.rent_unit)
        and (known.start == start if start else told.start in days)
        and end in (None, known.end)
    )
