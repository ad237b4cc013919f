"""What incubation writes down once a day (see ``parks.daily``)."""

from django.utils.translation import gettext as _

from incubation.services.offers import pass_on_lapsed
from incubation.services.reviewers import take_off_interested
from parks.daily import each_day


@each_day
def offers_passed_on(*, at, on):
    made = pass_on_lapsed(at=at, on=on)
    return made and _("%(count)s offers passed on") % {"count": len(made)}


@each_day
def interests_begun(*, at, on):
    taken = take_off_interested(at=at, on=on)
    return taken and _("%(count)s reviews taken off for an interest") % {"count": len(taken)}
