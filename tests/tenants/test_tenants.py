from datetime import date

import pytest
from stdnum.cn import uscc

from parks.errors import RuleViolation
from tenants import services
from tenants.models import Tenant
from tests.factories import NOBODY, make_lease, make_park, make_tenant, make_unit

GOOD = "91430112MA4L16JQ9A"


def valid_code():
    body = GOOD[:-1]
    return body + uscc.calc_check_digit(body)


@pytest.mark.parametrize(
    "shape", ["{}", " {} ", "{}".lower(), "{}-"], ids=["plain", "spaces", "lower", "hyphen"]
)
def test_code_is_normalised(db, shape):
    code = valid_code()
    wide = shape.format(code).lower() if "lower" in shape else shape.format(code)
    assert make_tenant(uscc=wide).uscc == code
    assert services.correct_tenant(
        tenant=Tenant.objects.get(), uscc="".join(chr(ord(c) + 0xFEE0) for c in code), by=NOBODY
    ).uscc == code  # fmt: skip


@pytest.mark.parametrize(
    "code", ["123", GOOD + "1", GOOD[:-1] + "I", "统一社会信用代码一二三四五六七八九十"]
)
def test_wrong_length_or_letters_are_refused(db, code):
    with pytest.raises(RuleViolation) as refusal:
        make_tenant(uscc=code, uscc_override_reason="执照如此")
    assert refusal.value.code == "uscc_invalid"


def test_a_failing_check_character_needs_a_reason(db):
    code = valid_code()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    with pytest.raises(RuleViolation) as refusal:
        make_tenant(uscc=wrong)
    assert refusal.value.code == "uscc_check_digit"
    assert make_tenant(uscc=wrong, uscc_override_reason="老执照如此").uscc == wrong


def test_a_code_belongs_to_one_tenant(db):
    make_tenant(uscc=valid_code(), name="甲")
    with pytest.raises(RuleViolation) as refusal:
        make_tenant(uscc=valid_code())
    assert refusal.value.code == "uscc_taken"
    assert "甲" not in str(refusal.value)


def test_operators_see_tenants_of_their_parks_only(operator, operator2, jr):
    tenant = make_tenant()
    make_lease(
        units=[make_unit(park=jr)], tenant=tenant, start=date(2026, 1, 1), end=date(2027, 1, 1)
    )
    make_tenant(home_park=make_park())
    assert list(Tenant.objects.visible_to(operator)) == [tenant]
    assert not Tenant.objects.visible_to(operator2).exists()
