"""Every trap of real ledgers, one test each."""

import io
import zipfile
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


def test_an_asking_rent_brings_its_unit_to_the_unit():
    told = rows(of(workbook(("房源", [
        ["楼栋", "楼层", "房号", "建筑面积", "挂牌租金（元/㎡/天）", "挂牌起始日期"],
        ["A", "1F", "101", 50, 1.2, "2026-01-01"],
    ]))), "units")  # fmt: skip
    [unit] = told
    assert (unit["asked_rent"], unit["asked_unit"]) == (Decimal("1.20"), "m2_day")
    assert unit["asked_from"] == date(2026, 1, 1)


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


def test_opendocument_sheets_are_read():
    ns = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    cell = '<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>'
    lines = "".join(
        f"<table:table-row>{''.join(cell % word for word in row)}</table:table-row>"
        for row in (UNIT_HEAD, UNIT)
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        package.writestr(
            "content.xml",
            f'<office:document-content {ns}><office:body><office:spreadsheet><table:table table:name="房源">{lines}</table:table></office:spreadsheet></office:body></office:document-content>',
        )
    book = of(out.getvalue(), name="x.ods")
    assert rows(book, "units")[0]["number"] == "301"
