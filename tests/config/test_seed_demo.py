from datetime import date

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from config.demo.copies import MODELS
from parks.geometry import to_metric
from parks.models import Park, Unit
from tenants.models import Lease, LeaseLine, MoveOut, Tenant
from tenants.selectors import annotate_state, occupancy

ON = "2026-06-30"


def rows():
    return [
        list(model.objects.order_by("pk").values_list(*fields))
        for model, fields in (
            (Unit, ("number", "gross_area_m2", "exists_from", "exists_to")),
            (Tenant, ("name", "uscc", "contact_phone")),
            (Lease, ("number", "start", "end", "signed_on", "terminated_on")),
            (LeaseLine, ("unit_id", "start", "end", "rent", "binding")),
        )
    ]


@pytest.mark.django_db
def test_a_park_is_simulated_soundly_and_the_same_again(capsys):
    call_command("seed_demo", seed=3, on=ON, parks=1)
    call_command("verify")
    units = Unit.objects.all()
    assert len(set(annotate_state(units, date(2026, 6, 30)).values_list("state", flat=True))) >= 5
    assert 0.6 < occupancy(units, date(2026, 6, 30)).value < 0.99
    assert 5 <= Lease.objects.deposit_open(date(2026, 6, 30)).count() <= 10
    assert 5 <= MoveOut.objects.open().count() <= 10
    park = Park.objects.get()
    outlines = [shape for shape in units.values_list("outline", flat=True) if shape is not None]
    assert len(outlines) > 500
    inside = to_metric(park.boundary).buffer(1)
    assert all(inside.contains(to_metric(shape)) for shape in outlines[:50])
    with pytest.raises(CommandError):
        call_command("seed_demo", seed=3, on=ON, parks=1)


@pytest.mark.django_db(transaction=True)
def test_same_arguments_give_the_same_rows():
    found = []
    for _round in range(2):
        call_command("flush", interactive=False, verbosity=0)
        call_command("seed_demo", seed=5, on="2021-06-30", parks=1)
        keyed = rows()
        found.append([keyed[0], keyed[1], keyed[2], [row[1:] for row in keyed[3]]])
    assert found[0] == found[1]


#: Not part of a park's world: people, uploads and the trail stay single; files are not copied.
NOT_COPIED = {
    "Notice", "RuleSet",
    "AuditEntry", "AuditHead", "NoticeReading", "SavedFilter", "Upload", "UploadAct", "Subscription",
}  # fmt: skip


def test_a_copy_holds_every_model():
    kept = {
        model.__name__
        for app in ("parks", "tenants", "incubation")
        for model in apps.get_app_config(app).get_models()
    }
    assert kept - {model.__name__ for model in MODELS} == NOT_COPIED


@pytest.mark.django_db
def test_scale_multiplies_parks_and_stays_sound():
    call_command("seed_demo", seed=1, on="2021-06-30", parks=2, scale=2)
    assert Park.objects.count() == 4
    found = {model.__name__: model.objects.count() for model in MODELS}
    assert {name for name, rows in found.items() if rows % 2} == set()
    for name in ("Qualification", "YearFigure", "Visit", "VisitProblem", "TenantPerson"):
        assert found[name], name
    call_command("verify")
