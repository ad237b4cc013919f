"""The last member of a tenant is not forgotten while its application or residency is open."""

from datetime import date

import pytest

from tenants import personal
from tests.factories.applications import make_application, take
from tests.factories.incubation import make_residency

ON = date(2026, 6, 30)


@pytest.mark.django_db
def test_what_is_open_needs_somebody_who_goes_on_with_it(startup, stranger):
    firm = startup.tenants.get()
    application = make_application(tenant=firm)
    (line,) = personal.obstacles(startup, ON)
    assert application.number in line
    take(application, "withdraw")
    assert personal.obstacles(startup, ON) == []
    residency = make_residency(tenant=firm)
    (line,) = personal.obstacles(startup, ON)
    assert residency.carrier.name in line
    firm.users.add(stranger)
    assert personal.obstacles(startup, ON) == []


@pytest.mark.django_db
def test_what_somebody_wrote_here_is_among_its_data(startup):
    make_application(tenant=startup.tenants.get(), by=startup, title="柔性储能薄膜")
    data = personal.as_data(personal.parts(startup))
    assert data["incubation.application.applicant"][0]["title"] == "柔性储能薄膜"
