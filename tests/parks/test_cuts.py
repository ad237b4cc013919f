"""Cutting outlines by lines: nothing is lost, whatever is drawn."""

from decimal import Decimal

import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon, box

from parks.cuts import Sheet, cut, midlines, shared_out
from parks.errors import InvalidValue

ROOM = box(0, 0, 20, 10)
inside = st.floats(1, 19)


def test_one_cut_makes_two_parts_in_reading_order():
    left, right = cut(ROOM, [((5, 0), (5, 10))])
    assert (left.area, right.area) == pytest.approx((50, 150))
    assert left.centroid.x < right.centroid.x


def test_a_cut_may_end_on_another():
    parts = cut(ROOM, [((10, 0), (10, 10)), ((0, 5), (10, 5))])
    assert sorted(part.area for part in parts) == pytest.approx([50, 50, 100])


def test_the_parts_of_a_room_with_a_core_leave_the_core_out():
    ring = ROOM.difference(box(8, 4, 12, 6))
    parts = cut(ring, [((10, 0), (10, 4)), ((10, 6), (10, 10))])
    assert [part.area for part in parts] == pytest.approx([96, 96])


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        pytest.param([((5, 2), (5, 8))], "切线", id="ends-inside"),
        pytest.param([((30, 0), (30, 10))], "切线", id="beside-the-room"),
        pytest.param([((5, 5), (5, 5))], "重合", id="no-length"),
        pytest.param([((0.01, 0), (0.01, 10))], "0.10", id="sliver"),
        pytest.param([((5, 0), (5, 10)), ((5, 0), (5, 10))], "切线", id="twice-the-same"),
    ],
)
def test_what_cuts_nothing_is_refused_in_words(lines, words):
    with pytest.raises(InvalidValue, match=words):
        cut(ROOM, lines)


@given(st.lists(st.tuples(inside, inside), min_size=1, max_size=6))
def test_no_area_is_lost_or_doubled(ends):
    try:
        parts = cut(ROOM, [((top, 0), (bottom, 10)) for top, bottom in ends])
    except InvalidValue:
        assume(False)
    assert sum(part.area for part in parts) == pytest.approx(ROOM.area)
    assert shapely.union_all(parts).area == pytest.approx(ROOM.area)
    assert len(parts) > len(ends)


@given(
    st.decimals("0.01", "99999", places=2),
    st.lists(st.floats(0.5, 9999), min_size=1, max_size=30),
)
def test_the_recorded_area_is_shared_out_to_the_last_hundredth(total, weights):
    parts = shared_out(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(float(part) - float(total) * weight / sum(weights)) <= 0.011


def test_a_third_each_adds_up():
    assert shared_out(Decimal("100.00"), [1, 1, 1]) == [
        Decimal("33.34"), Decimal("33.33"), Decimal("33.33"),
    ]  # fmt: skip


def test_the_drawing_goes_to_the_map_and_back():
    outline = box(112.88, 28.30, 112.8803, 28.3002)
    sheet = Sheet(outline)
    assert sheet.shape.bounds[:2] == pytest.approx((0, 0), abs=1e-6)
    back = sheet.placed(sheet.shape)
    assert back.symmetric_difference(outline).area == pytest.approx(0, abs=1e-14)


def test_midlines_follow_a_turned_room():
    turned = Polygon([(0, 0), (8, 6), (5, 10), (-3, 4)])
    across, along = midlines(turned)
    assert (LineString(across).length, LineString(along).length) == pytest.approx((5, 10), abs=0.01)
    assert [part.area for part in cut(turned, [across])] == pytest.approx([25, 25], abs=0.05)
