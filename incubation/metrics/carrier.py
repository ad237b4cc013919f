"""Metrics of a carrier: its age, its space, its firms."""

from fractions import Fraction

import numpy as np
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incubation.metrics.calendar import PARTS, due_day, due_year, months_between, usable_years
from incubation.metrics.carrier_world import SERVICE, TENANTS
from incubation.metrics.firm import MEASURES, MINISTRY, asked
from incubation.metrics.frames import NONE, tally
from incubation.metrics.known import EQUITY, Fact
from incubation.rules import Column, Evidence, metric
from parks.models.space import UnitKind
from tenants.models import Funding

MAKERSPACES = "国科火字〔2017〕120号"
AREA = {"part": "m2", "part_scale": 100, "base": "m2"}
FIRMS = {"part": "firms", "part_scale": 1, "base": "firms"}


def carrier_rows(label, column):
    def rows(world, carrier_id):
        day = getattr(world.facts.carriers, column)[world.position(carrier_id)]
        return [Evidence(str(label), str(day), day.item())]

    return rows


@metric(
    "own_legal_person", subject="carrier", unit="yesno", label=_("own legal person"),
    definition=_("The carrier is run by a legal person of its own. Unknown where nobody said so."),
    source=MEASURES,
)  # fmt: skip
def own_legal_person(world):
    said = world.facts.carriers.own_legal_person
    return Column.of(
        np.maximum(said, 0), known=said != NONE,
        missing=lambda position: gettext("whether it is a legal person of its own"),
    )  # fmt: skip


@metric(
    "months_running", subject="carrier", unit="months", label=_("months running"),
    definition=_("Whole months and days beyond from the first day of running to the day."),
    source=MEASURES, rows=carrier_rows(_("runs since"), "opened"),
)  # fmt: skip
def months_running(world):
    opened = world.facts.carriers.opened
    months = months_between(np.minimum(opened, world.day), np.full(len(world), world.day))
    return Column.of(months, PARTS, earliest=world.months_by)


def statistics_rows(world, carrier_id):
    figures = world.figures
    mine = figures[(figures.at == world.position(carrier_id)) & (figures.statistics_complete == 1)]
    return world.behind(mine, carrier_id)


@metric(
    "statistics_years", subject="carrier", unit="years", label=_("consecutive years of statistics"),
    definition=_(
        "Consecutive years, up to the last one due (by 31 March of the next) or a newer one, whose"
        " statistics were handed in true and complete. The least it can be where it is not recorded"
        " of an earlier year of running."
    ),
    source=MEASURES, rows=statistics_rows,
)  # fmt: skip
def statistics_years(world):
    newest = due_year(world.on)
    count, going, last = (np.zeros(len(world), t) for t in (np.int64, bool, np.int64))
    for year in usable_years(world.on):
        handed = world.figure("statistics_complete", year) == 1
        last = np.where(handed & ~going, year, last)
        going |= handed
    last = np.where(going, last, newest)
    known = world.figure("statistics_complete", newest) != NONE
    begun = world.facts.carriers.opened.astype("datetime64[Y]").astype(np.int64) + 1970
    complete = np.ones(len(world), bool)
    going = np.ones(len(world), bool)
    for back in range(int((last - begun).max(initial=-1)) + 1):
        said = np.full(len(world), NONE)
        for year in np.unique(last - back):
            said = np.where(last - back == year, world.figure("statistics_complete", year), said)
        complete &= ~(going & (said == NONE) & (last - back >= begun))
        going &= said == 1
        count += going

    def by(threshold: Fraction):
        wanted = last + np.maximum(np.ceil(float(threshold)) - count, 0).astype(np.int64)
        return np.array([due_day(int(year)) for year in wanted], "datetime64[D]")

    return Column.of(
        count, known=known | (count > 0) | (begun > newest), complete=complete, earliest=by,
        missing=lambda position: gettext("statistics not recorded for every year up to %(year)s")
        % {"year": newest},
    )  # fmt: skip


def space_rows(world, carrier_id):
    return world.behind(world.spaces, carrier_id)


@metric(
    "incubation_area_m2", subject="carrier", unit="m2", label=_("incubation area"),
    definition=_(
        "Σ gross area of all units the carrier uses on the day, for tenants, public service and its"
        " management, as the statistics count the area in all; units sold or not there left out."
    ),
    source=MEASURES, rows=space_rows,
)  # fmt: skip
def incubation_area_m2(world):
    spaces = world.spaces
    return Column.of(
        world.area(), 100, known=tally(spaces.at, len(world)) > 0, earliest=world.area_by,
        missing=lambda position: gettext("no space is assigned to the carrier"),
    )  # fmt: skip


def use_rows(world, carrier_id):
    service = world.spaces[world.spaces.purpose == SERVICE]
    return world.behind(world.used, carrier_id) + world.behind(service, carrier_id)


@metric(
    "area_in_use_share", subject="carrier", unit="share", **AREA,
    label=_("area used by incubated firms, with public service"),
    definition=_(
        "(Contract area of binding lines let on the day to firms the carrier incubates, in its units"
        " for tenants + gross area of its units for public service) ÷ incubation area, management"
        " included."
    ),
    source=MEASURES, rows=use_rows,
)  # fmt: skip
def area_in_use_share(world):
    used = world.used
    return Column.of(tally(used.at, len(world), used.area) + world.area(SERVICE), world.area())


def firm_rows(world, carrier_id):
    return world.behind(world.incubated, carrier_id)


@metric(
    "incubated_firms", subject="carrier", unit="firms", label=_("incubated firms"),
    definition=_(
        "Firms with a residency open on the day and not yet due, extensions decided by the day"
        " included; teams without a firm do not count."
    ),
    source=MEASURES, rows=firm_rows,
)  # fmt: skip
def incubated_firms(world):
    return Column.of(world.firms)


@metric(
    "firms_per_1000_m2", subject="carrier", unit="ratio", part="firms", part_scale=100_000, base="m2",
    label=_("incubated firms per 1,000 m²"),
    definition=_("Incubated firms ÷ (incubation area ÷ 1,000 m²), not rounded."),
    source=MEASURES, rows=firm_rows,
)  # fmt: skip
def firms_per_1000_m2(world):
    return Column.of(world.firms * 100_000, world.area())


def graduate_rows(world, carrier_id):
    return world.behind(_graduates(world), carrier_id)


def _graduates(world):
    found = world.facts.residencies
    return found[(found.outcome == "graduated") & (found.left <= world.day)]


@metric(
    "graduates_total", subject="carrier", unit="firms", label=_("graduates in all"),
    definition=_("Residencies in the carrier that ended by the day with graduation."),
    source=MEASURES, rows=graduate_rows,
)  # fmt: skip
def graduates_total(world):
    return Column.of(tally(_graduates(world).at, len(world)))


def _in_main_field(world) -> Fact:
    """Per incubated firm, whether it is in its carrier's field; of a tenant's newest carrier."""
    firms, tenants = world.incubated, world.facts.records.tenants
    field = np.full(len(tenants), "", dtype=object)
    field[firms.tenant_at] = _main_fields(world)[firms.at]
    own = tenants.field.astype(object)
    return Fact(
        ((own == field) & (own != "")).astype(np.int64), own != "",
        lambda position: gettext("its field is not recorded"), firms,
    )  # fmt: skip


def _main_fields(world):
    """The field each carrier is specialised in, else the one most of its firms are in."""
    fields = world.facts.carriers.field.astype(object)
    firms, own = world.incubated, world.facts.records.tenants.field
    for at in np.flatnonzero(fields == ""):
        names, counts = np.unique(own[firms.tenant_at[firms.at == at]], return_counts=True)
        counts = counts[names != ""]
        fields[at] = names[names != ""][counts.argmax()] if len(counts) else ""
    return fields


def of_firms(fact):
    """Rows of a share: each incubated firm, with whether it counts."""
    return lambda world, carrier_id: world.rows_of_firms(fact(world), carrier_id)


@metric(
    "main_field_share", subject="carrier", unit="share", **FIRMS, label=_("firms in the main field"),
    definition=_(
        "Incubated firms whose field is the one the carrier is specialised in (where none is named:"
        " the one most of them are in) ÷ incubated firms. The least, while a firm's field is not"
        " recorded."
    ),
    source=MEASURES, rows=of_firms(_in_main_field),
)  # fmt: skip
def main_field_share(world):
    return world.share_of_firms(_in_main_field(world))


def _financed(world):
    return world.tenants.financed()


@metric(
    "financed_firm_share", subject="carrier", unit="share", **FIRMS, label=_("financed firms"),
    definition=asked(
        _(
            "Incubated firms to which angel, venture or other equity money or a loan came by the day,"
            " from whomever (grants do not count) ÷ incubated firms."
        )
    ),
    source=MEASURES, rows=of_firms(_financed),
)  # fmt: skip
def financed_firm_share(world):
    return world.share_of_firms(_financed(world))


def _equity_financed(world):
    return world.tenants.financed(EQUITY, Funding.Source.OWN_FUND)


@metric(
    "equity_financed_firm_share", subject="carrier", unit="share", **FIRMS,
    label=_("firms with equity of the carrier's fund"),
    definition=asked(
        _(
            "Incubated firms to which angel, venture or other equity money of the carrier's own or"
            " partnered fund came by the day ÷ incubated firms."
        )
    ),
    source=MINISTRY, rows=of_firms(_equity_financed),
)  # fmt: skip
def equity_financed_firm_share(world):
    return world.share_of_firms(_equity_financed(world))


@metric(
    "ip_applicant_share", subject="carrier", unit="share", **FIRMS,
    label=_("firms that applied for patents"),
    definition=asked(
        _(
            "Incubated firms that applied for an invention, a utility model or a design by the day"
            " ÷ incubated firms."
        )
    ),
    source=MEASURES, rows=of_firms(lambda world: world.tenants.patent_applicant),
)  # fmt: skip
def ip_applicant_share(world):
    return world.share_of_firms(world.tenants.patent_applicant)


@metric(
    "ip_holder_share", subject="carrier", unit="share", **FIRMS, label=_("firms holding valid IP"),
    definition=_(
        "Incubated firms with a right granted by the day and not lapsed ÷ incubated firms. Of a firm"
        " without any right recorded by name its newest confirmed figures count, no older than the"
        " last year due; else it is unknown."
    ),
    source=MEASURES, rows=of_firms(lambda world: world.tenants.ip_holder),
)  # fmt: skip
def ip_holder_share(world):
    return world.share_of_firms(world.tenants.ip_holder)


@metric(
    "growing_firm_share", subject="carrier", unit="share", **FIRMS, label=_("growing firms"),
    definition=_(
        "Incubated firms whose revenue or R&D spending grew by more than 20% over the year before ÷"
        " incubated firms; of the newest year that is over and has both confirmed, no older than the"
        " last year due (by 31 March of the next)."
    ),
    source=MINISTRY, rows=of_firms(lambda world: world.tenants.growing),
)  # fmt: skip
def growing_firm_share(world):
    return world.share_of_firms(world.tenants.growing)


@metric(
    "desks", subject="carrier", unit="desks", label=_("number of desks"),
    definition=_(
        "Σ desks of the units the carrier uses on the day for tenants and public service. Unknown"
        " where no unit says how many it has."
    ),
    source=MAKERSPACES, rows=space_rows,
)  # fmt: skip
def desks(world):
    spaces = world.spaces[np.isin(world.spaces.purpose, (TENANTS, SERVICE))]
    seats = tally(spaces.at, len(world), spaces.seats)
    return Column.of(
        seats, known=seats > 0,
        missing=lambda position: gettext("no unit of the carrier says how many desks it has"),
    )  # fmt: skip


def _desk_spaces(world):
    spaces = world.spaces
    with_desks = (spaces.purpose == TENANTS) & ((spaces.seats > 0) | (spaces.kind == UnitKind.DESK))
    return spaces[with_desks | (spaces.purpose == SERVICE)]


@metric(
    "desk_area_share", subject="carrier", unit="share", **AREA, label=_("area of desks and public area"),
    definition=_(
        "(Gross area of units with desks for tenants + gross area of units for public service) ÷"
        " incubation area, management included."
    ),
    source=MAKERSPACES, rows=lambda world, pk: world.behind(_desk_spaces(world), pk),
)  # fmt: skip
def desk_area_share(world):
    spaces = _desk_spaces(world)
    return Column.of(tally(spaces.at, len(world), spaces.area), world.area())
