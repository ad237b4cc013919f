"""Ledgers of other systems: unit, tenant and lease in one row."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tenants.ledger.books import codes, of, problems, rows, workbook

UNIT_HEAD = ["楼栋", "楼层", "房号", "建筑面积(㎡)"]
UNIT = ["A1栋", "3F", "301", 100]


def test_t1_unit_tenant_and_lease_in_a_row():
    head = ["资产名称", "单元名称", "楼层", "面积", "状态", "是否自用", "合同企业名称", "签约日期", "起租日期",
            "结束日期", "退租日期", "合同状态", "月租金", "日单价", "合同面积", "押金"]  # fmt: skip
    let = ["1号楼", "101", "B1", 120, "已租", "否", "甲公司", "2024-01-10", "2024-02-01", "2026-01-31",
           None, "履约中", 6000, None, 118, 12000]  # fmt: skip
    vacant = ["1号楼", "102", "1", 80, "空置", "否", *[None] * 10]
    own = ["1号楼", "103", "1", 80, "自用", "是", *[None] * 10]
    second = ["2号楼", "201", "2F", 50, "已租", "否", "甲公司", None, "2024-05-01", "2025-04-30",
              "2024-12-31", "已退租", None, 1.5, None, None]  # fmt: skip
    book = of(workbook(("楼宇单元", [head, let, vacant, own, second])))
    assert [r["ordinal"] for r in rows(book, "units")] == [-1, 1, 1, 2]
    assert [r.get("closed_for") or None for r in rows(book, "units")] == [
        None,
        None,
        "own_use",
        None,
    ]
    assert [r["name"] for r in rows(book, "tenants")] == ["甲公司"]
    first, later = rows(book, "leases")
    assert (first["signed_on"], first["deposit"]) == (date(2024, 1, 10), 12000)
    assert (later["signed_on"], later["terminated_on"]) == (date(2024, 5, 1), date(2024, 12, 31))
    lines = rows(book, "lines")
    assert [(x["rent"], x["rent_unit"], x["area_m2"]) for x in lines] == [
        (6000, "month", 118),
        (Decimal("1.5"), "m2_day", 50),
    ]
    assert not codes(book, blocking=True)


def test_t1_a_firm_without_its_days_is_refused():
    head = [
        "资产名称",
        "单元名称",
        "楼层",
        "面积",
        "状态",
        "合同企业名称",
        "起租日期",
        "结束日期",
        "月租金",
    ]
    book = of(workbook(("x", [head, ["1号楼", "101", "1", 9, "已租", "甲公司", None, None, 5]])))
    assert codes(book, blocking=True) == {"required"}


def test_t4_the_days_between_two_starts_are_rent_free():
    head = ["楼栋", "房号", "楼层", "建筑面积", "企业名称", "租赁单价", "起租日（免租期截止日）", "到期日",
            "起租日（含免租期）"]  # fmt: skip
    row = ["A", "1", "1", 10, "甲公司", 30, "2024-04-01", "2026-02-28", "2024-02-01"]
    [found] = rows(of(workbook(("台账", [head, row]))), "leases")
    assert (found["start"], found["rent_free"]) == (date(2024, 2, 1), "2024-02-01 2024-03-31")


def test_several_rows_of_a_lease_are_one_lease_with_lines():
    head = [*UNIT_HEAD, "合同编号", "企业名称", "起租日期", "到期日期", "租金单价"]
    more = ["HT-1", "甲公司", "2024-01-01", "2024-12-31", 30]
    other = ["HT-1", "甲公司", "2024-03-01", "2025-12-31", 30]
    book = of(workbook(("x", [head, [*UNIT, *more], ["A1栋", "3F", "302", 9, *other]])))
    [one] = rows(book, "leases")
    assert (one["start"], one["last_day"]) == (date(2024, 1, 1), date(2025, 12, 31))
    assert [x["unit"] for x in rows(book, "lines")] == ["301", "302"]


def flat(heads, *cells):
    return of(workbook(("台账", [[h.strip() for h in heads.split("|")], *cells])))


def test_t2_export_with_a_state_and_an_asking_rent():
    book = flat(
        "单元ID|楼栋名称|楼层|单元编号|业态|建筑面积(m²)|套内面积(m²)|出租状态|是否可租|参考租金(元/m²/月)",
        [1, "A", "B1", "101", "办公", 12.5, None, "空置", "是", 30],
    )
    [unit] = rows(book, "units")
    assert (unit["ordinal"], unit["kind"], unit["listed"]) == (-1, "office", True)
    assert not rows(book, "leases")


def test_t4_a_store_is_called_after_its_code():
    book = flat(
        "序号|门店编码|门店名称|门店地址|楼层|2024年月租金|建筑面积|押金|起租日（含免租期）|到期日",
        [1, "M01", "某店", "人民路1号", "1F", 9000, 50, 100, "2024-01-01", "2025-12-31"],
    )
    [line] = rows(book, "lines")
    assert (line["unit"], line["rent"], line["rent_unit"]) == ("M01", 9000, "month")
    assert not codes(book, blocking=True)


def test_t6_floor_and_number_share_a_cell_and_rent_is_a_year_in_ten_thousands():
    heads = "企业编码|企业名称|所在办公楼A|楼层及编号|面积|租赁开始时间|租赁结束时间|%s"
    cells = ["E1", "甲公司", "A座", "3层-301", 60, "2024-01-01", "2024-12-31", 12]
    for heading in ("租金（万元/年）", "年租金（万元）", "年租金（万元/年）"):
        book = flat(heads % heading, cells)
        [line] = rows(book, "lines")
        assert (line["floor"], line["unit"], line["rent"]) == ("3层", "301", 10000)
        assert not codes(book, blocking=True)


@pytest.mark.parametrize(
    ("heads", "code"),
    [
        ("会员编号|会员名称|负责人|行业分类", "tenants"),
        ("序号|自我声明签署情况|企业名称|来源分类|统一社会信用代码|电话|更多电话", "tenants"),
        ("企业名称|年度|总收入(千元)|净利润(千元)|出口/进口总额(千元)|大专以上", "figures"),
    ],
)
def test_firms_and_figures_are_known_by_their_headings(heads, code):
    book = flat(heads, ["x"] * (heads.count("|") + 1))
    assert [sheet.code for sheet in book.sheets] == [code]


def test_rows_that_contradict_each_other_are_refused():
    heads = "楼栋|楼层|房号|建筑面积|合同编号|企业名称|起租日期|到期日期|租金单价"
    one = ["A", "1F", "101", 50, "HT-1", "甲公司", "2024-01-01", "2024-12-31", 30]
    book = flat(
        heads, one, ["A", "1F", "101", 60, "HT-1", "乙公司", "2025-01-01", "2025-12-31", 30]
    )
    found = [p for p in problems(book) if p.code == "rows_disagree"]
    assert [(p.row, p.column, p.value) for p in found] == [(3, "D", "60"), (3, "F", "乙公司")]
    assert all(p.blocking for p in found)


def test_every_row_without_its_days_is_refused():
    heads = "楼栋|楼层|房号|建筑面积|状态|企业名称|起租日期|到期日期|租金单价"
    cells = [["A", "1F", n, 50, "已租", f"公司{n}", None, None, 30] for n in ("101", "102")]
    refused = {p.row for p in problems(flat(heads, *cells)) if p.blocking}
    assert refused == {2, 3}


WORDS = st.none() | st.sampled_from(
    ["A", "1F", "101", "甲", "乙", "已租", "空置", "自用", "预留", "2024-01-01", "2023-01-01", "3-1-24", 5, 50.5, "-", "x"]
)  # fmt: skip


@settings(max_examples=40)
@given(st.lists(st.lists(WORDS, min_size=13, max_size=13), max_size=5))
def test_any_row_is_read_or_explained(cells):
    heads = "楼栋|楼层|房号|建筑面积|状态|企业名称|合同编号|起租日期|到期日期|年租金|免租期截止日|楼层及编号|统一社会信用代码"
    book = flat(heads, *cells)
    refused = {(p.row) for p in problems(book) if p.blocking}
    for _sheet, row in book.rows("leases"):
        assert row.number in refused or (row.values["start"] and row.values["last_day"])
