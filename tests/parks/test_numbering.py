"""Storeys and numbers written in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parks.errors import InvalidValue
from parks.numbering import numbers, storey_name, storeys


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1-3", [1, 2, 3]), ("B2-B1, 1-2", [-2, -1, 1, 2]), ("B1-2", [-1, 1, 2]),
        ("-1，1～2", [-1, 1, 2]), ("1F-3F", [1, 2, 3]), ("1至3层", [1, 2, 3]), ("5、5、4", [4, 5]),
        ("", []),
    ],
)  # fmt: skip
def test_storeys_as_people_write_them(text, found):
    assert storeys(text) == found


@pytest.mark.parametrize("text", ["x", "1-", "1.5", "1-999", "一楼半"])
def test_storeys_that_are_none_are_refused(text):
    with pytest.raises(InvalidValue):
        storeys(text)


def test_a_storey_has_its_usual_name():
    assert [storey_name(n) for n in (-2, -1, 1, 10)] == ["B2", "B1", "1F", "10F"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("501-503", ["501", "502", "503"]), ("A01~A03", ["A01", "A02", "A03"]),
        ("A01-03，B1", ["A01", "A02", "A03", "B1"]), ("098-101", ["098", "099", "100", "101"]),
        ("A3栋-5F-501", ["A3栋-5F-501"]), ("702-04", ["702-04"]), ("Z2-018", ["Z2-018"]),
        ("501、502", ["501", "502"]), ("", []),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text, found):
    assert numbers(text) == found


@pytest.mark.parametrize("text", ["501-502, 502", "1-501", "1-999999999", "x" * 41])
def test_numbers_that_cannot_be_are_refused(text):
    with pytest.raises(InvalidValue):
        numbers(text)


@given(st.integers(1, 9000), st.integers(0, 200), st.sampled_from(["", "A", "甲-"]))
def test_a_range_counts_every_number_once(first, more, head):
    found = numbers(f"{head}{first}-{head}{first + more}")
    assert len(found) == more + 1
    assert found[-1] == f"{head}{first + more}"
