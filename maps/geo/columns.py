"""The columns of each layer: their names here, in a shapefile, and as others write them."""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from parks.models.space import FireClass, Tenure, UnitKind

LAYERS = {"parks": _("park boundaries"), "buildings": _("buildings"), "units": _("units")}


@dataclass(frozen=True)
class Column:
    """``short`` is the name in a shapefile, which holds no more than ten bytes.

    ``choices``: codes with their words; ``writes``: the attribute it may correct on a record that
    exists, "" where it only finds the record or belongs to a new one.
    """

    name: str
    short: str
    label: str
    aliases: tuple = ()
    choices: type | None = None
    writes: str = ""


_PARK = Column("park", "park", _("park"), ("园区", "园区编号", "园区编码", "park_code"))
_BUILDING = Column("building", "building", _("building"), ("楼栋", "楼号", "栋", "楼栋编号", "楼栋名称", "幢号", "building_code"))  # fmt: skip
COLUMNS = {
    "parks": (
        Column("code", "code", _("code"), ("园区", "园区编号", "编号", "编码", "代码", "park")),
        Column("name", "name", _("name"), ("名称", "园区名称"), writes="name"),
        Column("operator", "operator", _("operator"), ("运营单位", "运营方"), writes="operator"),
        Column("address", "address", _("address"), ("地址",), writes="address"),
    ),
    "buildings": (
        _PARK,
        Column("code", "code", _("code"), ("楼栋", "楼号", "楼栋编号", "编号", "编码", "代码", "幢号", "building")),
        Column("name", "name", _("name"), ("名称", "楼栋名称", "楼名"), writes="name"),
        Column("use", "use", _("use"), ("用途",), choices=UnitKind, writes="use"),
        Column("fire_class", "fire_class", _("fire hazard class"), ("火灾危险性", "火险等级"), choices=FireClass, writes="fire_class"),
    ),
    "units": (
        _PARK,
        _BUILDING,
        Column("floor", "floor", _("floor"), ("楼层", "层", "层号", "storey", "level")),
        Column("number", "number", _("number"), ("房号", "房源", "房源编号", "单元号", "室号", "编号", "unit")),
        Column("kind", "kind", _("kind"), ("类型", "房源类型", "用途"), choices=UnitKind, writes="kind"),
        Column("tenure", "tenure", _("tenure"), ("权属", "产权"), choices=Tenure, writes="tenure"),
        Column("gross_area_m2", "gross_m2", _("gross area (m²)"), ("建筑面积", "面积", "建面", "area")),
    ),
}  # fmt: skip
#: What finds the record; without it a feature can only be refused.
KEYS = {"parks": ("code",), "buildings": ("code", "name"), "units": ("building", "floor", "number")}


def plain(text) -> str:
    """A heading to compare: half width, lower case, without units, spaces and marks."""
    text = unicodedata.normalize("NFKC", str(text)).lower()
    text = re.sub(r"[(\[].*?[)\]]|㎡|m²", "", text)
    return re.sub(r"[\s_\-./:·]", "", text)


def guess(layer, headings) -> dict[str, str]:
    """Which heading of a file holds which column: by name, short name or alias, each used once."""
    headings = {plain(heading): heading for heading in reversed(list(headings))}
    found, used = {}, set()
    for column in COLUMNS[layer]:
        for name in (column.name, column.short, *column.aliases):
            heading = headings.get(plain(name))
            if heading is not None and heading not in used:
                found[column.name] = heading
                used.add(heading)
                break
    return found


def text_of(value) -> str:
    """A cell as text: "" for none, 501 for 501.0, no spaces around."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def narrow(text) -> str:
    """Numbers and codes as they are kept: half width, no spaces around."""
    return unicodedata.normalize("NFKC", text).strip()


def choice_of(choices, text) -> str | None:
    """The code of ``text``, given as code or in words of either language; None if unknown."""
    asked = narrow(text).lower()
    if asked in choices.values:
        return asked
    for code, label in choices.choices:
        words = {str(code).lower(), str(label).lower(), *re.findall(r"\((.)\)", str(label))}
        if asked in words or asked.rstrip("类级") in words:
            return code
    return None


def storey_of(text) -> int | None:
    """1 for "1", "1F", "1层", "一层"; −1 for "B1", "-1", "地下1层", "负一层"; None if unreadable."""
    text = narrow(text).upper().replace(" ", "")
    for i, digit in enumerate("一二三四五六七八九", start=1):
        text = text.replace(digit, str(i))
    found = re.fullmatch(r"(B|-|−|负|地下|第)?(\d{1,3})(F|层|楼)?", text)
    if not found:
        return None
    below = found[1] not in (None, "第")
    return -int(found[2]) if below else int(found[2])
