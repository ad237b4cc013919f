"""A hold that belongs to an offer is not released behind its back (``tenants.services.holds``)."""

from django.utils.translation import gettext as _

from incubation.errors import OfferState
from incubation.models import OfferedUnit
from incubation.services.waiting import KEEPING
from incubation.workflow import State
from tenants.services.holds import keeper


@keeper
def offered(hold):
    one = OfferedUnit.objects.filter(hold=hold).select_related("offer__application").first()
    if one is None:
        return
    application = one.offer.application
    last = application.steps.order_by("-sequence").first()
    if last.target in KEEPING - {State.MOVED_IN}:
        raise OfferState(
            _("The unit is offered to %(number)s. Take the offer back there instead."),
            number=application.number,
        )
