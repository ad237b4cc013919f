"""The pages of proposals: weights set, rows read with why, accepted one by one or whole."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incubation import services as incubation
from incubation.matching.parts import WEIGHTS
from incubation.models import Allocation, Offer
from tests.factories import NOBODY, make_unit
from tests.factories.applications import give_space, make_waiting, moment
from tests.factories.incubation import make_carrier

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def carrier(jr):
    carrier = make_carrier(park=jr)
    sizes = ((1, 100), (2, 200), (3, 300))
    units = [make_unit(park=jr, number=f"10{n}", area=area) for n, area in sizes]
    give_space(carrier, *units)
    return carrier


def wait(carrier, **fields):
    wants = {"area_min_m2": 90, "area_max_m2": None, "move_in_on": TODAY}
    return make_waiting(carrier=carrier, on=TODAY - timedelta(days=3), **wants | fields)


def set_weights(**weights):
    return {"park": "JR"} | {
        f"weight_{name}": weight for name, weight in (WEIGHTS | weights).items()
    }


def test_from_weights_to_offers(client, operator, carrier):
    first, second = wait(carrier), wait(carrier)
    hopeless = wait(carrier, area_min_m2=900)
    client.force_login(operator)
    assert 'name="park" value="JR"' in client.get("/allocations/").content.decode()
    refused = client.post("/allocations/", set_weights(area=11))
    assert refused.status_code == 200
    assert refused.context["form"].errors
    answer = client.post("/allocations/", set_weights(price=0))
    made = Allocation.objects.get()
    assert answer["Location"] == f"/allocations/{made.pk}/"
    assert made.weights == WEIGHTS | {"price": 0}
    page = client.get(answer["Location"])
    text = page.content.decode()
    assert "2 / 3" in text
    assert "面积不够：3" in text
    rows = {one.row.application: one.row for one in page.context["rows"]}
    assert not rows[hopeless].units.exists()
    assert {weight.name: bool(weight.trial) for weight in page.context["weights"]} == {
        name: name != "price" for name in WEIGHTS
    }
    one = f"/allocations/{made.pk}/accept/?row={rows[first].pk}"
    asked = client.get(one)
    assert first.number in asked.content.decode()
    assert second.number not in asked.content.decode()
    seen = asked.context["form"].initial
    assert client.post(one, {"digest": "old"}).status_code == 200
    assert not Offer.objects.exists()
    assert client.post(one, seen).status_code == 302
    assert Offer.objects.get().application == first
    again = client.post(f"/allocations/{made.pk}/again/", follow=True)
    assert rows[first].units.get().number in again.content.decode()
    made.refresh_from_db()
    whole = f"/allocations/{made.pk}/accept/"
    assert client.post(whole, {"digest": made.digest}).status_code == 302
    assert Offer.objects.count() == 2
    assert "已没有可采纳的行" in client.get(whole).content.decode()
    refused = client.post(whole, {"digest": made.digest})
    assert refused.context["form"].non_field_errors()


def test_the_bureau_reads_and_another_operator_sees_nothing(client, bureau, operator2, carrier):
    wait(carrier)
    made = incubation.propose_allocation(
        park=carrier.park, by=NOBODY, at=moment(TODAY), on=TODAY - timedelta(days=1)
    )
    client.force_login(bureau)
    page = client.get(f"/allocations/{made.pk}/")
    assert page.status_code == 200
    assert "/accept/" not in page.content.decode()
    assert client.post("/allocations/", set_weights()).status_code == 403
    client.force_login(operator2)
    assert list(client.get("/allocations/").context["page_obj"]) == []
    assert client.post("/allocations/", set_weights()).status_code == 200
    assert Allocation.objects.count() == 1
    assert client.post(f"/allocations/{made.pk}/again/").status_code == 404


def test_pages_cost_the_same_for_one_and_for_three(client, operator, carrier):
    def page():
        made = incubation.propose_allocation(
            park=carrier.park, by=NOBODY, at=moment(TODAY), on=TODAY
        )
        with CaptureQueriesContext(connection) as seen:
            for address in ("/allocations/", f"/allocations/{made.pk}/",
                            f"/allocations/{made.pk}/accept/"):  # fmt: skip
                assert client.get(address).status_code == 200
        return len(seen)

    client.force_login(operator)
    wait(carrier)
    page()
    once = page()
    wait(carrier)
    wait(carrier, area_min_m2=900)
    assert page() == once
