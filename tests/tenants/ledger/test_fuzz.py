"""Whatever a file holds, reading it ends in words, not in an error or without memory."""

import io
import random
import resource
import time
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tenants.ledger.books import codes, of, rows, workbook

HEAD = ["楼栋", "楼层", "房号", "建筑面积"]
WHOLE = workbook(("房源", [HEAD, *([f"A{n}", "1F", str(n), n + 1] for n in range(30))]))
EVIL = st.sampled_from(
    ["", "nan", "inf", "1e999", "=1", "-", "٣", "²", "9" * 400, "99999-99-99", "0000-00-00", "2024-13-45",
     "B999", "十十十", "地下", "-", "~", "–5", "$", "(", "()", "(-)", "约", "%", "元", "1/2/3/4", "; ; ;"]
)  # fmt: skip


@settings(max_examples=80)
@given(st.binary(max_size=3000), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe"]))  # fmt: skip
def test_random_bytes(content, magic):
    book = of(magic + content)
    assert book.problems or book.sheets


@settings(max_examples=40)
@given(st.integers(1, len(WHOLE) - 1), st.randoms(use_true_random=False))
def test_truncated_and_damaged_workbooks(length, chance):
    assert of(WHOLE[:length]).problems
    damaged = bytearray(WHOLE)
    for _ in range(5):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    book = of(bytes(damaged))
    assert book.problems or book.sheets


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_damaged_xml_inside_a_sound_package(seed):
    chance = random.Random(seed)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = bytearray(old.read(name))
            if name.endswith((".xml", ".rels")) and chance.random() < 0.4:
                for _ in range(3):
                    data[chance.randrange(len(data))] = chance.randrange(256)
            new.writestr(name, bytes(data))
    book = of(out.getvalue())
    assert book.problems or book.sheets


@settings(max_examples=80)
@given(st.lists(st.lists(EVIL | st.text(max_size=12), min_size=10, max_size=10), max_size=4))
def test_any_cells_under_good_headings(cells):
    head = "楼栋,楼层,房号,建筑面积,净高,启用日期,货梯,房源类型,工位数,层序"
    text = "\n".join([head, *(",".join(c.replace(",", "").replace('"', "").replace("\n", "").replace("\r", "") for c in row) for row in cells)])  # fmt: skip
    book = of(text.encode("utf-8", "replace"), name="x.csv")
    for row in rows(book, "units"):
        assert set(row) >= {"building", "floor", "number"}


def test_a_zip_bomb_is_refused_quickly():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for number in range(5):
            package.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * 100_000_000)
    start = time.perf_counter()
    assert codes(of(out.getvalue())) == {"too_large"}
    assert time.perf_counter() - start < 5


def test_a_million_empty_formatted_rows_cost_little():
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(WHOLE)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                empty = b"".join(
                    b'<row r="%d"><c r="A%d" s="1"/><c r="B%d" s="1"/></row>' % (n, n, n)
                    for n in range(32, 1_000_032)
                )
                data = data.replace(b"</sheetData>", empty + b"</sheetData>")
            new.writestr(name, data)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    book = of(out.getvalue())
    assert len(rows(book, "units")) == 30
    assert time.perf_counter() - start < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 600_000
