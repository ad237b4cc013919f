"""Metrics of a carrier: what it does for its firms, and its figures of years."""

from functools import partial

import numpy as np
import pandas as pd
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incubation.metrics.carrier import MAKERSPACES
from incubation.metrics.firm import MEASURES, MINISTRY
from incubation.metrics.frames import NONE, ends, tally
from incubation.rules import Column, metric
from tenants.models import Funding

INCOME = ("income_services", "income_investment", "income_grants", "income_other")
YEARLY = _(
    "Of the newest year that is over and has the figure, no older than the last year due (by 31 March"
    " of the next); else unknown."
)
TWELVE_MONTHS = _("The twelve months up to the day.")


def yearly(definition):
    return format_lazy("{} {}", definition, YEARLY)


def of_twelve_months(definition):
    return format_lazy("{} {}", definition, TWELVE_MONTHS)


def year_rows(*names, units):
    return lambda world, carrier_id: world.rows_of_year(names, carrier_id, units)


def of_year(code, name, *, unit, label, definition, source):
    """A metric that is a figure of the year as it stands."""
    return metric(
        code, subject="carrier", unit=unit, label=label, definition=yearly(definition),
        source=source, rows=year_rows(name, units=(unit,)),
    )(lambda world: world.of_year(name, unit=unit))  # fmt: skip


fund_yuan = of_year(
    "fund_yuan", "fund", unit="yuan", label=_("seed money or partnered fund"),
    definition=_("Own seed money or partnered fund, in yuan."), source=MEASURES,
)  # fmt: skip
full_time_staff = of_year(
    "full_time_staff", "full_time_staff", unit="people", label=_("full-time staff"),
    definition=_("People employed full time."), source=MAKERSPACES,
)  # fmt: skip
typical_cases = of_year(
    "typical_cases", "typical_cases", unit="count", label=_("typical cases"),
    definition=_("Typical cases of incubation."), source=MAKERSPACES,
)  # fmt: skip
technical_platform = of_year(
    "technical_platform", "technical_platform", unit="yesno", label=_("public technical platform"),
    definition=_("The carrier has a public technical platform for its field."), source=MEASURES,
)  # fmt: skip
service_income_separate = of_year(
    "service_income_separate", "service_income_separate", unit="yesno",
    label=_("service income accounted for separately"),
    definition=_("Income from services is accounted for separately."), source=MINISTRY,
)  # fmt: skip
statistics_complete = of_year(
    "statistics_complete", "statistics_complete", unit="yesno",
    label=_("statistics true and complete"),
    definition=_("The statistics were handed in, true and complete."), source=MAKERSPACES,
)  # fmt: skip


def _own_fund_uses(world):
    """Money of the carrier's fund that came by the day to a tenant while it was in the carrier."""
    fundings, residencies = world.facts.records.fundings, world.facts.residencies
    uses = fundings[(fundings.source == Funding.Source.OWN_FUND) & (fundings.on <= world.day)]
    if not len(uses):
        return uses
    pairs = pd.merge(
        pd.DataFrame({"tenant_at": uses.at, "use": np.arange(len(uses))}),
        pd.DataFrame({"tenant_at": residencies.tenant_at, "stay": np.arange(len(residencies))}),
        on="tenant_at",
    )
    use, stay = pairs["use"].to_numpy(), pairs["stay"].to_numpy()
    inside = (residencies.entered[stay] <= uses.on[use]) & (
        ends(residencies.left)[stay] > uses.on[use]
    )
    return uses[use[inside]].with_(at=residencies.at[stay[inside]])


@metric(
    "fund_cases", subject="carrier", unit="count", label=_("cases of fund use"),
    definition=_(
        "The carrier's figure of the newest year that is over and has it, no older than the last year"
        " due. Where there is none: fundings from its own or partnered fund recorded of tenants while"
        " they were in the carrier, as the least it can be."
    ),
    source=MEASURES,
    rows=lambda world, pk: (
        world.rows_of_year(("fund_cases",), pk, ("count",)) or world.behind(_own_fund_uses(world), pk)
    ),
)  # fmt: skip
def fund_cases(world):
    value, used = world.newest("fund_cases")
    known = value != NONE
    recorded = tally(_own_fund_uses(world).at, len(world))
    return Column.of(
        np.where(known, value, recorded), known=known | (recorded > 0), complete=known,
        earliest=world.next_due(used, known),
        missing=partial(world.not_recorded, ("fund_cases",)),
    )  # fmt: skip


@metric(
    "professional_staff_share", subject="carrier", unit="share", part="people", part_scale=1, base="people",
    label=_("professional service staff"),
    definition=yearly(_("Professional service staff ÷ staff.")), source=MEASURES,
    rows=year_rows("professional_staff", "staff", units=("people", "people")),
)  # fmt: skip
def professional_staff_share(world):
    professionals, staff, used = world.newest("professional_staff", "staff")
    known = staff != NONE
    return Column.of(
        np.where(known, professionals, 0), np.where(known, staff, 1), known=known,
        earliest=world.next_due(used, known),
        missing=partial(world.not_recorded, ("professional_staff", "staff")),
    )  # fmt: skip


@metric(
    "professionals_per_10_firms", subject="carrier", unit="ratio", part="people", part_scale=10, base="firms",
    label=_("professionals per 10 firms"),
    definition=yearly(_("Professional service staff ÷ (incubated firms on the day ÷ 10).")),
    source=MEASURES, rows=year_rows("professional_staff", units=("people",)),
)  # fmt: skip
def professionals_per_10_firms(world):
    return world.of_year("professional_staff", times=10, denominator=world.firms)


def _mentors(world):
    found = world.facts.mentors
    return found[found.covering(world.day)]


def _mentors_known(world):
    """Some mentor was recorded by the day: an empty register says nothing."""
    found = world.facts.mentors
    return tally(found.at[found.start <= world.day], len(world)) > 0


def _no_mentor(position):
    return gettext("no mentor was ever recorded")


def mentor_rows(world, carrier_id):
    return world.behind(_mentors(world), carrier_id)


@metric(
    "mentors", subject="carrier", unit="people", label=_("mentors"),
    definition=_(
        "People who are mentors of the carrier on the day. Unknown where none was ever recorded."
    ),
    source=MAKERSPACES, rows=mentor_rows,
)  # fmt: skip
def mentors(world):
    return Column.of(
        tally(_mentors(world).at, len(world)), known=_mentors_known(world), missing=_no_mentor
    )


@metric(
    "mentors_per_10_firms", subject="carrier", unit="ratio", part="people", part_scale=10, base="firms",
    label=_("mentors per 10 firms"),
    definition=_(
        "Mentors of the carrier on the day ÷ (incubated firms on the day ÷ 10). Unknown where no"
        " mentor was ever recorded."
    ),
    source=MEASURES, rows=mentor_rows,
)  # fmt: skip
def mentors_per_10_firms(world):
    return Column.of(
        tally(_mentors(world).at, len(world)) * 10, world.firms, known=_mentors_known(world),
        missing=_no_mentor,
    )  # fmt: skip


@metric(
    "service_income_share", subject="carrier", unit="share", part="yuan", part_scale=100, base="yuan",
    label=_("income other than rent and property fees"),
    definition=yearly(
        _("Income from services, investment, grants and other ÷ all income; every kind recorded.")
    ),
    source=MINISTRY,
    rows=year_rows(*INCOME, "income_rent", units=("yuan",) * 5),
)  # fmt: skip
def service_income_share(world):
    *values, used = world.newest(*INCOME, "income_rent")
    known = values[0] != NONE
    parts = [np.where(known, value, 0) for value in values]
    return Column.of(
        sum(parts[:-1]), sum(parts), known=known, earliest=world.next_due(used, known),
        missing=partial(world.not_recorded, (*INCOME, "income_rent")),
    )  # fmt: skip


@metric(
    "residents_year", subject="carrier", unit="count", label=_("teams and firms in a year"),
    definition=of_twelve_months(
        _("Teams and firms with a residency in the carrier on some day.")
    ),
    source=MAKERSPACES, rows=lambda world, pk: world.behind(world.residents, pk),
)  # fmt: skip
def residents_year(world):
    return Column.of(world.tenants_of(world.residents))


def _founders(world):
    """Residencies whose tenant registered its firm meanwhile, in the twelve months."""
    found = world.residents
    founded = world.facts.records.tenants.founded[found.tenant_at]
    inside = (founded >= found.entered) & (founded < ends(found.left))
    return found[inside & (founded > world.since) & (founded <= world.day)]


@metric(
    "new_firms_year", subject="carrier", unit="count", label=_("firms founded in a year"),
    definition=of_twelve_months(
        _(
            "Residents that registered their firm while they were in the carrier; the least it can"
            " be, while the day of founding of a resident firm is not recorded."
        )
    ),
    source=MAKERSPACES, rows=lambda world, pk: world.behind(_founders(world), pk),
)  # fmt: skip
def new_firms_year(world):
    found, tenants = world.residents, world.facts.records.tenants
    unknown = (tenants.kind[found.tenant_at] == "firm") & np.isnat(tenants.founded[found.tenant_at])
    return Column.of(
        world.tenants_of(_founders(world)),
        complete=tally(found.at[unknown], len(world)) == 0,
        missing=lambda position: gettext("the day of founding of a resident firm is not recorded"),
    )  # fmt: skip


def _financed(world):
    fact = world.tenants.financed(since=world.since)
    return fact, world.residents[fact.yes[world.residents.tenant_at]]


@metric(
    "financed_year", subject="carrier", unit="count", label=_("teams and firms financed in a year"),
    definition=of_twelve_months(
        _(
            "Residents to which angel, venture or other equity money or a loan came. The least it can"
            " be, while a resident's fundings are unknown and the carrier's statistics of the last"
            " year due are not complete."
        )
    ),
    source=MAKERSPACES, rows=lambda world, pk: world.behind(_financed(world)[1], pk),
)  # fmt: skip
def financed_year(world):
    fact, financed = _financed(world)
    found = world.residents
    unknown = tally(found.at[~fact.known[found.tenant_at]], len(world)) > 0
    return Column.of(
        world.tenants_of(financed), complete=~unknown | world.statistics_complete,
        missing=lambda position: gettext("fundings of some residents are not recorded"),
    )  # fmt: skip


def _events(world):
    found = world.facts.events
    return found[(found.on > world.since) & (found.on <= world.day)]


@metric(
    "events_year", subject="carrier", unit="events", label=_("events in a year"),
    definition=of_twelve_months(
        _("Service events the carrier held. Unknown where none was ever recorded.")
    ),
    source=MAKERSPACES, rows=lambda world, pk: world.behind(_events(world), pk),
)  # fmt: skip
def events_year(world):
    found = world.facts.events
    return Column.of(
        tally(_events(world).at, len(world)),
        known=tally(found.at[found.on <= world.day], len(world)) > 0,
        missing=lambda position: gettext("no event was ever recorded"),
    )  # fmt: skip
