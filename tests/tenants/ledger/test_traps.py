"""Every trap of real ledgers, one test each."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override
from openpyxl import load_workbook

from tenants.ledger import sources
from tenants.ledger.cells import Broken, storey
from tenants.ledger.quantities import CellError, amount, day, scale
from tenants.ledger.writer import mark
from tests.tenants.ledger.books import codes, of, problems, rows, workbook

UNIT_HEAD = ["楼栋", "楼层", "房号", "建筑面积(㎡)"]
UNIT = ["A1栋", "3F", "301", 100]
LEASE_HEAD = ["合同编号", "企业名称", "起租日期", "到期日期"]


def unit(**columns):
    """The first unit of a sheet with further columns (heading → cell)."""
    book = of(workbook(("房源", [UNIT_HEAD + list(columns), UNIT + list(columns.values())])))
    return book, rows(book, "units")[0]


def lease(start, last="2027-02-28"):
    return of(workbook(("合同", [LEASE_HEAD, ["HT-1", "某公司", start, last]])))


# Headings and rows


def test_titles_above_hints_totals_and_blank_rows():
    book = of(workbook(("台账", [
        ["某园区房源台账（2024年）"], [], UNIT_HEAD, ["# 填写示例", "6F"], UNIT, [None] * 4,
        ["A1栋", "3F", "302", "1,250.50㎡"], ["合计", None, None, "=SUM(D5:D7)"],
    ])))  # fmt: skip
    assert [r["number"] for r in rows(book, "units")] == ["301", "302"]
    assert [row.number for _s, row in book.rows("units")] == [5, 7]
    assert rows(book, "units")[1]["gross_area_m2"] == Decimal("1250.50")
    assert codes(book) == {"hint_rows", "total_rows"}


def test_merged_buildings_are_repeated_downwards():
    def merge(book):
        book["房源"].merge_cells("A2:A3")

    book = of(workbook(("房源", [UNIT_HEAD, UNIT, [None, "4F", "401", 80]]), change=merge))
    assert [r["building"] for r in rows(book, "units")] == ["A1栋", "A1栋"]


def test_hidden_rows_and_sheets_are_said():
    def hide(book):
        book["房源"].row_dimensions[2].hidden = True
        book["旧"].sheet_state = "hidden"

    book = of(workbook(("房源", [UNIT_HEAD, UNIT]), ("旧", [UNIT_HEAD, UNIT]), change=hide))
    assert len(rows(book, "units")) == 1
    assert codes(book) == {"hidden_rows", "hidden_sheet"}


def test_unknown_columns_are_remarks_and_missing_ones_name_what_was_found():
    book = of(workbook(("房源", [["楼栋", "楼层", "颜色"], ["A1栋", "3F", "红"]])))
    missing = next(p for p in problems(book) if p.code == "missing_columns")
    assert missing.blocking
    assert "颜色" in missing.suggestion
    unknown = next(p for p in problems(book) if p.code == "unknown_column")
    assert (unknown.column, unknown.row, unknown.blocking) == ("C", 1, False)


def test_empty_required_cells_say_where():
    book = of(workbook(("房源", [UNIT_HEAD, ["A1栋", "3F", None, 100]])))
    [problem] = problems(book)
    assert (problem.code, problem.row, problem.column) == ("required", 2, "C")


def test_reasons_are_in_the_language_of_the_reader():
    with override("zh-hans"):
        [problem] = problems(of(workbook(("房源", [UNIT_HEAD, ["A1栋", "3F", None, 100]]))))
    assert "房源号" in problem.message
    assert "empty" not in problem.message


# Units of measure


def test_headings_convert_money_and_years():
    head = ["企业名称", "2023年总收入（万元）", "2024年总收入（万元）", "净利润(千元)"]
    book = of(workbook(("年度指标", [head, ["某公司", "1,200", 1350.5, None]])))
    assert [(r["year"], r["revenue"]) for r in rows(book, "figures")] == [
        (2023, Decimal(12_000_000)),
        (2024, Decimal(13_505_000)),
    ]


@pytest.mark.parametrize(
    ("heading", "cell", "rent", "rent_unit"),
    [
        ("租金单价（元/㎡/天）", 1.2, "1.2", "m2_day"),
        ("租金单价（元/㎡·月）", "36", "36", "m2_month"),
        ("租金（万元/年）", 12, "10000", "month"),
        ("单价/天", 2, "2", "m2_day"),
    ],
)
def test_rents_bring_their_unit(heading, cell, rent, rent_unit):
    head = ["合同编号", "楼栋", "楼层", "房号", heading]
    [line] = rows(of(workbook(("合同明细", [head, ["HT-1", "A", "1F", "101", cell]]))), "lines")
    assert (line["rent"], line["rent_unit"]) == (Decimal(rent), rent_unit)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2.3–3.0", "range"),
        ("80%", "percentage"),
        ("面议", "not_a_number"),
        ("9" * 30, "too_large"),
    ],
)
def test_amounts_that_say_no_one_number_are_refused(cell, code):
    book, values = unit(**{"净高": cell})
    assert values["clear_height_m"] is None
    assert codes(book, blocking=True) == {code}


def test_about_and_rounding_are_remarked():
    assert amount("约１，２００", 2)[0] == 1200
    assert amount("约1200", 2)[1].code == "approximate"
    assert amount("(1,200.5)", 2)[0] == Decimal("-1200.5")
    value, remark = amount(1.005, 2)
    assert (value, remark.code) == (Decimal("1.01"), "rounded")
    assert amount(0.1 + 0.2, 2) == (Decimal("0.3"), None)
    assert amount("3万元", 2)[0] == 30000
    assert scale("月") is None


# Days


@pytest.mark.parametrize(
    "cell",
    ["2024.3.1", "2024年3月1日", "20240301", 20240301, 45352, "45352", "2024/3/1 00:00:00",
     "２０２４－０３－０１", date(2024, 3, 1)],
)  # fmt: skip
def test_days_as_people_write_them(cell):
    assert rows(lease(cell), "leases")[0]["start"] == date(2024, 3, 1)


@pytest.mark.parametrize(
    ("cell", "code", "hint"),
    [
        ("3-1-24", "ambiguous_date", "2024-01-03 / 2024-03-01"),
        ("2/3/2024", "ambiguous_date", "2024-02-03 / 2024-03-02"),
        ("2024-02-30", "no_such_day", "2024-02-29"),
        ("2024年3月", "day_missing", "2024-03-01"),
        ("下月", "not_a_date", "2024-03-01"),
    ],
)
def test_doubtful_days_are_refused_with_what_to_write(cell, code, hint):
    [problem] = problems(lease(cell))
    assert (problem.code, problem.column, problem.row, problem.value) == (code, "C", 2, cell)
    assert hint in problem.suggestion


def test_an_order_of_the_mapping_settles_short_dates():
    assert day("3-1-24", "mdy") == date(2024, 3, 1)
    assert day("3-1-24", "dmy") == date(2024, 1, 3)


# Floors


@pytest.mark.parametrize(
    ("floor", "ordinal"),
    [("B1", -1), ("-1", -1), ("负一层", -1), ("地下1层", -1), ("6F", 6), ("六层", 6), ("十二楼", 12),
     (6, 6), ("二十一层", 21), ("−2", -2), ("首层", 1)],
)  # fmt: skip
def test_floors_become_storeys(floor, ordinal):
    book = of(workbook(("房源", [UNIT_HEAD, ["A", floor, "1", 10]])))
    assert rows(book, "units")[0]["ordinal"] == ordinal
    assert not problems(book)


def test_a_duplex_counts_on_its_lowest_storey_and_an_unnamed_one_is_asked_for():
    assert storey("6-7层跃层")[0] == 6
    assert storey("6F-7F")[1].code == "several_storeys"
    with pytest.raises(CellError):
        storey("跃层")
    assert unit(层序="6")[1]["ordinal"] == 6


# Cells a spreadsheet has damaged


@pytest.mark.parametrize("cell", [914301000000000000, "9.1E+17", 9.1e17])
def test_codes_turned_into_numbers_are_refused(cell):
    book = of(workbook(("企业", [["企业名称", "统一社会信用代码"], ["某公司", cell]])))
    [problem] = problems(book)
    assert (problem.code, problem.column) == ("damaged_code", "B")


def test_telephones_kept_as_numbers_lose_nothing():
    book = of(workbook(("企业", [["企业名称", "联系电话"], ["某公司", 13800138000.0]])))
    assert rows(book, "tenants")[0]["contact_phone"] == "13800138000"


def test_error_cells_and_formulas_never_calculated():
    def break_one(book):
        book["房源"]["E2"] = "#REF!"
        book["房源"]["E2"].data_type = "e"

    book = of(
        workbook(
            ("房源", [[*UNIT_HEAD, "净高", "套内面积"], [*UNIT, None, "=D2*0.8"]]), change=break_one
        )
    )
    assert {(p.code, p.column, p.value) for p in problems(book)} == {
        ("error_cell", "E", "#REF!"),
        ("formula_without_value", "F", "=D2*0.8"),
    }


# Text files


CSV = '楼栋,楼层,房号,建筑面积\nA1栋,3F,301,"1,200"\n'


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le"]
)
def test_text_in_the_encodings_of_chinese_offices(encoding):
    book = of(CSV.encode(encoding), name="房源.csv")
    assert rows(book, "units")[0]["gross_area_m2"] == 1200
    assert rows(book, "units")[0]["building"] == "A1栋"


def test_tabs_part_cells_too():
    book = of(
        b"\xef\xbb\xbf" + CSV.replace('"1,200"', "90").replace(",", "\t").encode(), name="x.tsv"
    )
    assert rows(book, "units")[0]["gross_area_m2"] == 90


# Flat ledgers of other systems


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


# Files that are none


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 50, b"%PDF-1.7 \x00\x01", b"PK\x03\x04broken", b"hello"]
)
def test_what_is_no_table_is_said(content):
    book = of(content)
    assert not book.sheets
    assert len(book.problems) == 1
    assert book.problems[0].suggestion


def test_a_password_is_said():
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    assert codes(of(content)) == {"encrypted"}


# Handed back


def test_marks_show_on_the_cells_and_in_a_list():
    content = workbook(("房源", [UNIT_HEAD, ["A1栋", "3F", "=1", "多"]]))
    book = of(content)
    out = io.BytesIO()
    mark(io.BytesIO(content), problems(book), out, language="zh-hans")
    marked = load_workbook(out)
    assert marked["房源"]["D2"].fill.fgColor.rgb.endswith("F8C9C4")
    assert "多" in marked["房源"]["D2"].comment.text
    listed = list(marked["问题"].iter_rows(values_only=True))
    assert [row[:3] for row in listed[1:]] == [("房源", 2, p.column) for p in problems(book)]


def test_a_text_file_comes_back_as_a_marked_workbook():
    content = CSV.replace('"1,200"', "多").encode("gbk")
    out = io.BytesIO()
    mark(
        io.BytesIO(content),
        problems(of(content, name="房源.csv")),
        out,
        name="房源.csv",
        language="en",
    )
    assert load_workbook(out)["房源"]["D2"].comment


def test_cells_far_apart_and_limits_are_refused_before_memory_is_spent():
    def far(book):
        book["房源"]["XFC1048576"] = 1

    assert codes(of(workbook(("房源", [UNIT_HEAD, UNIT]), change=far))) == {"too_large"}
    assert codes(of(b"a,b\n" * (sources.MAX_ROWS + 1))) == {"too_large"}
    assert Broken("#N/A").text == "#N/A"
