"""What is written is read again, value by value, in either language."""

import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.ledger import columns as c
from tenants.ledger.cells import listed
from tenants.ledger.rows import SHEET_CODES
from tenants.ledger.writer import template, write
from tests.tenants.ledger.books import codes, of, problems

LANGUAGES = ("zh-hans", "en")
DAYS = st.dates(date(1800, 1, 1), date(2200, 1, 1))
LETTERS = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn"), include_characters="\n\t"
)


def is_plain(text):
    """Not a text that the reader rightly takes for something else."""
    return text == text.strip() and text and "E+" not in text.upper()


def decimals(digits, places):
    top = Decimal(10) ** (digits - places) - Decimal(1).scaleb(-places)
    return st.decimals(0, top, places=places, allow_nan=False)


def texts(size):
    awkward = st.sampled_from(["=1+1", "-", "'", "''x", "+86 731", "@a", "#1楼", "_x000B_", "00123",
                               "1.50", "2024-03-01", "TRUE", "无", "#REF!", "合计厂"])  # fmt: skip
    return (st.text(LETTERS, min_size=1, max_size=min(size, 30)) | awkward).filter(
        lambda text: is_plain(text) and len(text) <= size
    )


def values(code, column):
    keeper = c.kept_as(code, column.field)
    kinds = {
        c.TEXT: lambda: texts(getattr(keeper, "max_length", None) or 60),
        c.CODE: lambda: st.text("0123456789ABCDEFGH", min_size=18, max_size=18),
        c.INTEGER: lambda: st.integers(0, 2_000_000_000),
        c.STOREY: lambda: st.integers(-99, 999),
        c.DATE: lambda: DAYS,
        c.BOOLEAN: st.booleans,
        c.CHOICE: lambda: st.sampled_from(column.choices.values),
        c.PERIODS: lambda: st.lists(DAYS, min_size=1, max_size=3).map(
            lambda days: listed([(day, day) for day in days])
        ),
        c.STEPS: lambda: st.lists(st.tuples(DAYS, decimals(9, 4)), min_size=1, max_size=3).map(
            listed
        ),
        c.NAMES: lambda: st.lists(st.tuples(st.just("旧公司"), DAYS | st.none()), min_size=1).map(
            listed
        ),
    }
    if column.kind in kinds:
        return kinds[column.kind]()
    return decimals(keeper.max_digits, column.places)


def row(code):
    fields = {}
    for column in c.SHEETS[code].columns:
        strategy = values(code, column)
        fields[column.field] = strategy if column.required else st.none() | strategy
    return st.fixed_dictionaries(fields)


@pytest.mark.parametrize("code", SHEET_CODES)
@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=10)
@given(data=st.data())
def test_rows_come_back_as_they_were(code, language, data):
    sent = data.draw(st.lists(row(code), min_size=1, max_size=4))
    out = io.BytesIO()
    write(out, {code: sent}, on=date(2026, 1, 1), language=language)
    book = of(out.getvalue())
    got = [r.values for _s, r in book.rows(code)]
    expected = []
    for values in sent:
        values = dict(values)
        expected.append(values)
    if code == "units":
        for values, read in zip(expected, got, strict=True):
            if values["ordinal"] is None:
                values["ordinal"] = read["ordinal"]
    assert got == expected
    assert not {p.code for p in problems(book) if p.blocking} - {"unknown_storey"}


def test_the_template_is_understood_and_empty():
    for language in LANGUAGES:
        out = io.BytesIO()
        template(out, language=language)
        book = of(out.getvalue())
        assert [sheet.code for sheet in book.sheets] == list(SHEET_CODES)
        assert not any(sheet.rows for sheet in book.sheets)
        assert codes(book) <= {"hint_rows"}
