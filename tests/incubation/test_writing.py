"""Writing an application: drafts, documents, sending, taking back, applying again."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from incubation import services as incubation
from incubation.errors import (
    ApplicationIncomplete,
    ApplicationState,
    ApplicationUnderWay,
    IntakeClosed,
)
from incubation.models import Application, ApplicationDocument, Call, Intake
from incubation.rules import METRICS
from incubation.rules.files import read_files, shipped
from incubation.selectors.eligibility import eligibility
from incubation.selectors.writing import completeness
from incubation.services import load_rule_sets
from parks.files import FileRefused
from parks.models import AuditEntry
from tests.factories import NOBODY, make_park, make_tenant, make_unit
from tests.factories.applications import give_space, make_application, moment, take
from tests.factories.incubation import make_carrier, make_residency

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 10)
PDF = b"%PDF-1.7\n1 0 obj"


def acted(act, application, *, on=DAY, **fields):
    return getattr(incubation, act)(
        application=application, by=NOBODY, at=moment(on), on=on, **fields
    )


def pdf(name="计划书.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def with_papers(application, on=DAY):
    for kind in ("licence", "plan"):
        acted("add_paper", application, file=pdf(content=PDF + kind.encode()), kind=kind, on=on)
    return application


def test_a_draft_keeps_what_is_named_and_leaves_the_rest():
    application = make_application()
    trail = AuditEntry.objects.count()
    acted("save_draft", application, values={"title": "新名", "area_max_m2": Decimal("150.5")})
    application.refresh_from_db()
    assert (application.title, application.area_max_m2) == ("新名", Decimal("150.50"))
    assert application.summary == "做柔性储能薄膜的中试。"
    assert application.saved_at == moment(DAY)
    assert AuditEntry.objects.count() == trail


@pytest.mark.parametrize(
    "values",
    [
        {"closed_on": DAY}, {"area_max_m2": Decimal(20)}, {"months": 0}, {"unit_kind": "castle"},
        {"commitments": ["everything"]}, {"title": "长" * 121},
    ],
)  # fmt: skip
def test_what_no_application_can_say_is_refused_whole(values):
    application = make_application()
    with pytest.raises(ValidationError):
        acted("save_draft", application, values=values | {"summary": "新"})
    application.refresh_from_db()
    assert application.summary != "新"


def test_wished_units_are_the_carriers():
    carrier = make_carrier()
    own, other = make_unit(park=carrier.park), make_unit(park=carrier.park)
    give_space(carrier, own)
    application = make_application(carrier=carrier)
    acted("save_draft", application, values={"preferred_units": [own]})
    with pytest.raises(ValidationError):
        acted("save_draft", application, values={"preferred_units": [own, other]})
    assert list(application.preferred_units.all()) == [own]


def test_everything_missing_is_named_at_once(media):
    application = make_application(title="", unit_kind="desk", commitments=["true_data"],
                                   move_in_on=date(2026, 6, 9))  # fmt: skip
    fields = [one.field for one in completeness(application, DAY)]
    assert fields == ["title", "desks", "move_in_on", "commitments", "papers", "papers"]
    with pytest.raises(ApplicationIncomplete) as refusal:
        acted("submit_application", application)
    assert all(one.words in str(refusal.value) for one in completeness(application, DAY))
    team = make_application(tenant=make_tenant(kind="team"))
    assert [one.field for one in completeness(team, DAY)] == ["papers"]


def test_what_is_sent_is_kept_and_sent_once(media):
    application = with_papers(make_application())
    step = acted("submit_application", application)
    assert step.content["values"]["area_min_m2"] == "80"
    assert step.content["values"]["move_in_on"] == "2026-08-01"
    assert [one["kind"] for one in step.content["documents"]] == ["licence", "plan"]
    for act, fields in (
        ("submit_application", {}),
        ("save_draft", {"values": {"title": "晚了"}}),
        ("add_paper", {"file": pdf(), "kind": "other"}),
        ("remove_paper", {"document": application.documents.first()}),
    ):
        with pytest.raises(ApplicationState):
            acted(act, application, **fields)


def test_a_carrier_that_takes_none_is_closed_and_calls_open_it(media):
    carrier = make_carrier()
    application = with_papers(make_application(carrier=carrier))
    Intake.objects.create(carrier=carrier, mode="calls")
    with pytest.raises(IntakeClosed):
        acted("submit_application", application)
    call = Call.objects.create(
        carrier=carrier, name="第一批", opens_on=DAY, closes_on=date(2026, 6, 20)
    )
    acted("submit_application", application)
    application.refresh_from_db()
    assert application.call == call
    # Who is asked to amend may send again after the call has closed.
    take(application, "return", on=date(2026, 6, 19), until=date(2026, 7, 5))
    acted("submit_application", application, on=date(2026, 6, 25))


def test_a_removed_document_stays_with_the_version_that_named_it(
    media, django_capture_on_commit_callbacks
):
    application = with_papers(make_application())
    loose = acted("add_paper", application, file=pdf("别的.pdf"), kind="other")
    with django_capture_on_commit_callbacks(execute=True):
        acted("remove_paper", application, document=loose)
    acted("submit_application", application)
    take(application, "return", on=date(2026, 6, 12), until=date(2026, 7, 5))
    sent = application.documents.get(kind="plan")
    with django_capture_on_commit_callbacks(execute=True):
        acted("remove_paper", application, document=sent, on=date(2026, 6, 12))
    loose.refresh_from_db()
    sent.refresh_from_db()
    assert (bool(loose.file), bool(sent.file), sent.file.storage.exists(sent.file.name)) == (
        False, True, True
    )  # fmt: skip
    assert sum(path.is_file() for path in media.rglob("*")) == 2


@pytest.fixture
def shipped_rules():
    load_rule_sets(read_files(shipped(), METRICS), by=None, at=moment(DAY))


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"0" * (40 * 2**20))
    return out.getvalue()


@pytest.mark.parametrize(
    "content", [b"<!doctype html><script>1</script>", b"plain", b"", bomb(), b"MZ\x90\x00\x03"]
)
def test_bad_files_are_refused_and_leave_nothing(media, content):
    application = make_application()
    with pytest.raises(FileRefused):
        acted("add_paper", application, file=pdf(content=content))
    assert not ApplicationDocument.objects.exists()
    assert not media.exists()


def test_too_large_twice_or_too_many(media, settings, monkeypatch):
    application = make_application()
    acted("add_paper", application, file=pdf())
    with pytest.raises(FileRefused):
        acted("add_paper", application, file=pdf())
    monkeypatch.setattr("incubation.services.papers.MOST_PAPERS", 1)
    with pytest.raises(FileRefused):
        acted("add_paper", application, file=pdf(content=PDF + b"2"))
    settings.DOCUMENT_BYTES = 5
    with pytest.raises(FileRefused):
        acted("add_paper", application, file=pdf(), kind="plan")


def test_two_hundred_megabytes_are_refused_unread(media):
    class Huge(SimpleUploadedFile):
        def read(self, *_args):
            raise AssertionError("read before its size was looked at")

    file = Huge("计划书.pdf", PDF)
    file.size = 200 * 2**20
    with pytest.raises(FileRefused):
        acted("add_paper", make_application(), file=file)
    assert not media.exists()


def test_applying_again_copies_and_links(media):
    application = with_papers(make_application())
    with pytest.raises(ApplicationUnderWay):
        incubation.copy_application(previous=application, by=NOBODY, at=moment(DAY), on=DAY)
    acted("submit_application", application)
    take(application, "refuse_form", on=DAY)
    day = date(2026, 9, 1)
    again = incubation.copy_application(previous=application, by=NOBODY, at=moment(day), on=day)
    assert (again.previous, again.title, again.area_min_m2) == (
        application, application.title, application.area_min_m2
    )  # fmt: skip
    assert (again.move_in_on, again.commitments) == (None, [])
    files = {one.file.name for one in ApplicationDocument.objects.all()}
    assert len(files) == 4
    elsewhere = incubation.copy_application(
        previous=again, carrier=make_carrier(), by=NOBODY, at=moment(day), on=day
    )
    assert elsewhere.previous is None


def test_taken_back():
    application = take(make_application(), "submit", on=DAY)
    acted("withdraw_application", application)
    with pytest.raises(ApplicationState):
        acted("withdraw_application", application)
    assert Application.objects.get().closed_on == DAY


def test_eligibility_tells_each_criterion_and_keeps_nothing(shipped_rules):
    park = make_park()
    old = make_tenant(founded_on=date(2015, 1, 1))
    application = make_application(tenant=old, carrier=make_carrier(park=park))
    found = eligibility(application, on=DAY, by=NOBODY)
    assert found.not_met
    assert not found.obstacles
    assert not old.residencies.exists()
    unknown = make_application(carrier=make_carrier(park=park))
    assert eligibility(unknown, on=DAY, by=NOBODY).unknown


def test_eligibility_of_a_resident(shipped_rules):
    here = make_carrier(park=make_park())
    firm = make_tenant(founded_on=date(2023, 6, 1))
    make_residency(carrier=here, tenant=firm, entered_on=date(2024, 1, 10))
    cases = {"incubator": (0, 1), "accelerator": (0, 1), "makerspace": (1, 0)}
    for stage, told in cases.items():
        application = make_application(tenant=firm, carrier=make_carrier(stage=stage))
        found = eligibility(application, on=DAY, by=NOBODY)
        assert (len(found.obstacles), len(found.remarks)) == told
        assert bool(found.findings) == (stage == "accelerator")
    same = eligibility(make_application(tenant=firm, carrier=here), on=DAY, by=NOBODY)
    assert len(same.obstacles) == 1
    assert firm.residencies.get().left_on is None
