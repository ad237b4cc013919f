"""Real processes on the real database: one unit is offered once, whoever asks at once."""

from collections import Counter

import pytest

from incubation.models import Offer
from tenants.models import Hold
from tests.at_once import at_once
from tests.factories import make_unit
from tests.factories.applications import give_space, make_approved
from tests.factories.incubation import make_carrier

ASKING, PROCESSES = 6, 3


@pytest.mark.django_db(transaction=True)
def test_6_applications_get_one_unit_once():
    carrier = make_carrier()
    (unit,) = give_space(carrier, make_unit(park=carrier.park, area=120))
    keys = [make_approved(carrier=carrier).pk for _n in range(ASKING)]
    shares = at_once(
        "tests.incubation.offerer",
        [[unit.pk, keys[i::PROCESSES]] for i in range(PROCESSES)],
    )
    outcomes = Counter(outcome for share in shares for outcome in share)
    assert outcomes == {"offered": 1, "does_not_fit": ASKING - 1}
    assert (Offer.objects.count(), Hold.objects.count()) == (1, 1)
