import pytest
from django.utils import translation

from incubation.rules import RuleFileError
from incubation.rules.files import read_files
from tests.incubation.rules.metrics import METRICS

TEXT = """
code = "test"
version = {version}
name = {{ zh = "测试", en = "Test" }}
subject = "carrier"
purpose = "recognition"
stage = "incubator"
document = "测试办法"
effective_from = {start}
{more}
[[criteria]]
code = "area"
metric = "area"
operator = ">="
threshold = "{threshold}"
unit = "m2"
text = {{ zh = "面积", en = "Area" }}
"""


@pytest.fixture
def write(tmp_path):
    def write(version=1, start="2019-01-01", threshold="10000", more="", name=None):
        path = tmp_path / (name or f"test.v{version}.toml")
        text = TEXT.format(version=version, start=start, threshold=threshold, more=more)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def faults(*paths):
    with pytest.raises(RuleFileError) as caught, translation.override("en"):
        read_files(paths, METRICS)
    return caught.value.faults


def test_versions_are_read_in_order(write):
    paths = [write(2, "2026-01-01"), write(1, more="effective_to = 2026-01-01")]
    bodies = read_files(paths, METRICS)
    assert [body.version for body in bodies] == [1, 2]
    assert bodies[0].criteria()[0].threshold == 10_000


def test_versions_that_share_days_are_refused(write):
    first = write(1, more="effective_to = 2026-01-02")
    assert faults(first, write(2, "2026-01-01")) == ["test: versions 1 and 2 share days"]


def test_a_later_version_begins_later(write):
    assert faults(write(1, "2026-01-01"), write(2, "2026-01-01")) == [
        "test: version 2 must begin after version 1"
    ]


def test_the_same_version_twice_is_refused(write, tmp_path):
    first = write()
    (tmp_path / "more").mkdir()
    second = tmp_path / "more" / first.name
    second.write_text(first.read_text(encoding="utf-8"), encoding="utf-8")
    assert faults(first, second) == ["test: version 1 is there twice"]


def test_a_file_is_called_after_what_it_holds(write):
    assert faults(write(name="other.toml")) == [
        "other.toml: the file must be called test.v1.toml"
    ]  # fmt: skip


def test_faults_of_all_files_come_together(write, tmp_path):
    broken = tmp_path / "broken.v1.toml"
    broken.write_text("code = ", encoding="utf-8")
    found = faults(broken, tmp_path / "none.v1.toml", write(threshold="much"))
    assert found[0].startswith("broken.v1.toml: is not TOML")
    assert found[1] == "none.v1.toml: cannot be opened (No such file or directory)"
    assert found[2].startswith("test.v1.toml: criteria 1 (area): threshold is “much”")
    assert len(found) == 3
