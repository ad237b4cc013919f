import pytest
from django.apps import apps
from django.core.management import call_command

from config.demo.copies import MODELS
from parks.models import Park

#: Not part of a park's world: people, rules, uploads, applications with what rides on them, and the
#: trail (with the reviews it seals) stay single; files are not copied.
NOT_COPIED = {
    "Notice", "RuleSet", "GraduationReview",
    "Account", "TenantClaim", "AllocatedUnit", "Allocation", "AllocationRow", "Application",
    "ApplicationDocument",
    "ApplicationMessage", "ApplicationStep", "Call", "Intake", "Interest", "Offer", "OfferedUnit",
    "ReviewAssignment", "ReviewScore", "Reviewer", "ReviewerExclusion", "ScoreCriterion",
    "ScoreSheet", "WaitingEntry", "AskingRent",
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
def test_scale_multiplies_parks_and_stays_sound(media):
    call_command("seed_demo", seed=1, on="2021-06-30", parks=2, scale=2)
    assert Park.objects.count() == 4
    found = {model.__name__: model.objects.count() for model in MODELS}
    assert {name for name, rows in found.items() if rows % 2} == set()
    for name in ("Qualification", "YearFigure", "Visit", "VisitProblem", "TenantPerson", "Carrier",
                 "CarrierSpace", "Residency", "Funding", "Mentor", "EventAttendance"):  # fmt: skip
        assert found[name], name
    call_command("verify")
