"""Keys out of whatever an address holds."""

import pytest

from parks.keys import as_key, as_keys


@pytest.mark.parametrize(
    ("text", "key"),
    [("7", 7), (7, 7), ("", None), (None, None), ("x", None), ("-1", None), ("9" * 19, None),
     ("²", None)],
)  # fmt: skip
def test_only_what_can_be_a_key_is_one(text, key):
    assert as_key(text) == key


def test_keys_come_once_in_their_order():
    assert as_keys(["3", "x", "1", "3"]) == [3, 1]
