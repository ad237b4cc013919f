from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.capitals import DIGITS, capitals


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "零元整"),
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("0.08", "捌分"),
        ("100000000", "壹亿元整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("10010001", "壹仟零壹万零壹元整"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
    ],
)
def test_amounts_as_a_bank_writes_them(amount, text):
    assert capitals(Decimal(amount)) == text


@given(st.decimals(0, 10**13, places=2))
def test_each_digit_is_there_and_no_zero_stands_twice(amount):
    text = capitals(amount)
    assert "零零" not in text
    digits = [d for d in f"{amount:.2f}" if d in "123456789"]
    assert [DIGITS.index(sign) for sign in text if sign in DIGITS[1:]] == [int(d) for d in digits]
