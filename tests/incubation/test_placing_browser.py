"""A founder looks at the queue, takes the offer on a phone; the operator offers adjoining units."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from shapely import box

from incubation.models import Application, Offer
from tests.factories import make_floor, make_unit
from tests.factories.applications import give_space, make_waiting
from tests.factories.incubation import make_carrier
from tests.journeys.test_roles import log_in, shot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_adjoining_units_to_an_accepted_offer_on_a_phone(page, jr, operator, startup):
    today = timezone.localdate()
    carrier, floor = make_carrier(park=jr), make_floor(park=jr, ordinal=3)
    units = [
        make_unit(
            floor=floor, number=f"30{n}", area=60,
            outline=box(112.88 + n * 1e-4, 28.30, 112.88 + (n + 1) * 1e-4, 28.3001),
        )
        for n in (1, 2, 3)
    ]  # fmt: skip
    give_space(carrier, *units, on=today - timedelta(days=60))
    application = make_waiting(
        carrier=carrier, tenant=startup.tenants.get(), on=today - timedelta(days=9),
        area_min_m2=100, move_in_on=today,
    )  # fmt: skip
    log_in(page, "operator")
    page.goto("/waiting/")
    page.get_by_role("link", name="预留房源").click()
    page.get_by_role("link", name="选择").click()
    expect(page.locator("input[name=units]:checked")).to_have_count(2)
    shot(page, "offer-units")
    page.get_by_role("button", name="预留并通知申请方").click()
    page.wait_for_url(f"**/applications/{application.pk}/")
    assert Offer.objects.get().units.count() == 2
    page.context.clear_cookies()
    log_in(page, "startup")
    page.goto(f"/applications/{application.pk}/accept/")
    shot(page, "offer-accept")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="接受").click()
    page.wait_for_url(f"**/applications/{application.pk}/")
    row = Application.objects.with_state(today).get(pk=application.pk)
    assert row.state == "accepted"
