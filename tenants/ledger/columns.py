"""The columns of a ledger: what a sheet may say, and every word people use for it.

A file is read whatever language the reader's screen has, so titles stand here in both languages
and not in the catalogues. Aliases are headings seen in eight ledgers of parks and letting systems.
"""

import dataclasses
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from parks.models import Building, Floor, Unit, UnitClosure
from parks.models.space import AreaSource, FireClass, Tenure, UnitKind
from tenants.ledger.rows import FIGURES, LEASES, LINES, QUALIFICATIONS, TENANTS, UNITS
from tenants.ledger.words import (
    CHAIN_WORDS,
    CLOSED_WORDS,
    FIRE_WORDS,
    KIND_WORDS,
    LEASE_WORDS,
    QUALIFICATION_WORDS,
    RENT_WORDS,
    SOURCE_WORDS,
    TENURE_WORDS,
    UNIT_WORDS,
    plain,
)
from tenants.models import AskingRent, Lease, LeaseLine, Qualification, RentUnit, Tenant, YearFigure

#: A sheet that holds unit, tenant and lease in one row; the reader spreads it over the others.
FLAT = "flat"

TEXT, CODE, INTEGER, NUMBER, AREA, MONEY, RENT, DATE, BOOLEAN, CHOICE, STOREY, PERIODS, STEPS, NAMES = KINDS = (
    "text", "code", "integer", "number", "area", "money", "rent", "date", "boolean", "choice",
    "storey", "periods", "steps", "names",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """``field`` names the value of a row (``sheet.field`` on a flat sheet).

    ``choices`` is the Django choices class, ``words`` more words for its values; ``unit`` is the
    unit in which the value is kept; ``places`` its decimals.
    """

    field: str
    english: str
    chinese: str
    kind: str = TEXT
    aliases: tuple = ()
    unit: str = ""
    required: bool = False
    choices: type | None = None
    words: dict = dataclasses.field(default_factory=dict, hash=False)
    places: int = 2
    help: str = ""
    example: str = ""

    @property
    def title(self):
        return self.chinese if (get_language() or "").startswith("zh") else self.english

    @property
    def heading(self):
        """The title with the unit in brackets."""
        return f"{self.title} ({self.unit})" if self.unit else self.title

    def names(self):
        return (self.english, self.chinese, self.field, *self.aliases)


@dataclass(frozen=True, slots=True)
class SheetSpec:
    code: str
    english: str
    chinese: str
    columns: tuple
    aliases: tuple = ()

    @property
    def title(self):
        return self.chinese if (get_language() or "").startswith("zh") else self.english

    def names(self):
        return (self.english, self.chinese, self.code, *self.aliases)

    @property
    def by_field(self):
        return {column.field: column for column in self.columns}


@cache
def words_of(column):
    """word (as ``plain`` leaves it) → value of a choice, in every language of the product."""
    words = {plain(word): value for word, value in column.words.items()}
    for language, _name in settings.LANGUAGES:
        with override(language):
            words |= {plain(label): value for value, label in column.choices.choices}
    return words | {value.casefold(): value for value in column.choices.values}


def _col(field, english, chinese, aliases="", kind=TEXT, **more):
    return Column(field, english, chinese, kind, tuple(aliases.split()), **more)


_PARK = _col("park", "Park", "园区", "项目 项目名称 园区名称 所属园区 所属园区编码 所属项目",
             help=_("Name or code of the park; may be left out when the ledger has one park."))  # fmt: skip
_TENANT = "企业名称 客户名称 租户 租户名称 承租方 承租人 合同企业名称 会员名称 当前租户 入驻企业 单位名称 公司名称"
_USCC = _col("uscc", "Credit code", "统一社会信用代码", "社会信用代码 信用代码 统一代码 税号 USCC", CODE,
             help=_("18 characters; keep the column as text, or Excel rounds the code."),
             example="91430122MA4L1A2B3C")  # fmt: skip
_BUILDING = (
    "楼栋名称 楼宇名称 资产名称 楼宇 栋 楼号 栋号 楼栋号 所在楼栋 所在办公楼 所在办公楼A 房屋名称"
)
_FLOOR = "楼层名称 层 所在楼层 层数"
_UNIT = "单元名称 单元编号 单元 房号 房间号 门牌号 房源 房源名称 房源编号 铺位号 室号"
_START = "起租日期 起租日 开始日期 租赁开始时间 合同期限始 起始日期 租期开始 合同开始日期 起租日(含免租期)"
_LAST = "结束日期 到期日期 到期日 租赁结束时间 合同期限终 终止日期 租期结束 合同到期日 合同结束日期 截止日期"
_END = _("The last day that counts, as a contract prints it.")

UNIT_COLUMNS = (
    _PARK,
    _col("building", "Building", "楼栋", _BUILDING, required=True, example="A3栋"),
    _col("building_use", "Building use", "楼栋用途", "资产类型 楼宇类型 楼宇用途", CHOICE,
         choices=UnitKind, words=UNIT_WORDS),
    _col("fire_class", "Fire class", "火灾危险性类别", "火灾危险性 耐火等级 生产类别", CHOICE,
         choices=FireClass, words=FIRE_WORDS),
    _col("floor", "Floor", "楼层", _FLOOR, required=True, example="5F"),
    _col("ordinal", "Storey", "层序", "楼层序号 层号", STOREY,
         help=_("1 is the ground floor, −1 the first basement; left out it follows from the floor.")),
    _col("number", "Unit", "房源号", _UNIT, required=True, example="A3栋-5F-501"),
    _col("old_number", "Old number", "原房号", "曾用房号 旧房号 原编号"),
    _col("kind", "Kind", "房源类型", "类型 业态 单元业态 楼层业态 用途 房源用途", CHOICE,
         choices=UnitKind, words=UNIT_WORDS, example="办公"),
    _col("tenure", "Tenure", "权属", "产权 权属性质 产权性质", CHOICE, choices=Tenure,
         words=TENURE_WORDS),
    _col("gross_area_m2", "Gross area", "建筑面积", "面积 房源面积 建面 单元面积", AREA, unit="㎡",
         required=True, example="120.50"),
    _col("net_area_m2", "Net area", "套内面积", "使用面积 套内 实用面积", AREA, unit="㎡"),
    _col("shared_area_m2", "Shared area", "公摊面积", "公摊 分摊面积", AREA, unit="㎡"),
    _col("billable_area_m2", "Billable area", "计租面积", "计费面积 收费面积", AREA, unit="㎡"),
    _col("area_source", "Area source", "面积来源", "面积依据", CHOICE, choices=AreaSource,
         words=SOURCE_WORDS),
    _col("seats", "Desks", "工位数", "工位 座位数 可容纳工位", INTEGER),
    _col("clear_height_m", "Clear height", "净高", "层高", NUMBER, unit="m"),
    _col("floor_load_kn_m2", "Floor load", "楼面荷载", "荷载 承重 楼板荷载", NUMBER, unit="kN/㎡"),
    _col("power_kva", "Power", "用电容量", "电力容量 配电容量 电容量", NUMBER, unit="kVA"),
    _col("column_grid", "Column grid", "柱网", "柱距 柱网尺寸"),
    _col("goods_lift", "Goods lift", "货梯", "有无货梯 是否有货梯", BOOLEAN),
    _col("drainage", "Process drainage", "工艺排水", "排水 排污", BOOLEAN),
    _col("listed", "Listed", "是否公开招租", "是否可租 公开招租 可租", BOOLEAN),
    _col("exists_from", "Exists from", "启用日期", "启用日 投用日期 建成日期", DATE),
    _col("last_day", "Exists until", "停止日期", "注销日期 房源截止日期 最后日期", DATE, help=_END),
    _col("numbered_from", "Numbered from", "编号启用日期", "编号启用日", DATE),
    _col("closed_for", "Not for letting because of", "停租原因", "停用原因 不可租原因 是否自用", CHOICE,
         choices=UnitClosure.Reason, words=CLOSED_WORDS | {"是": "own_use", "否": ""}),
    _col("closed_from", "Not for letting from", "停租开始日期", "停租起始日 停用日期", DATE),
    _col("closed_last_day", "Not for letting until", "停租截止日期", "停租结束日期", DATE, help=_END),
    _col("asked_rent", "Asking rent", "挂牌租金", "挂牌价 招租租金", RENT),
    _col("asked_unit", "Asking rent unit", "挂牌租金单位", "", CHOICE, choices=RentUnit,
         words=RENT_WORDS),
    _col("asked_from", "Asked from", "挂牌起始日期", "挂牌日期", DATE),
    _col("asked_last_day", "Asked until", "挂牌截止日期", "", DATE, help=_END),
    _col("note", "Note", "备注", "说明"),
)  # fmt: skip

TENANT_COLUMNS = (
    _PARK,
    _col("kind", "Kind", "类型", "企业类型 主体类型", CHOICE, choices=Tenant.Kind, words=KIND_WORDS),
    _col("name", "Name", "企业名称", _TENANT + " 名称 企业", required=True, example="长沙示例科技有限公司"),
    _USCC,
    _col("uscc_override_reason", "Reason for a failing check character", "代码校验不符原因"),
    _col("former_names", "Former names", "曾用名", "原名称 曾用名称", NAMES,
         help=_("Several are parted by “;”, the day it was given up may follow: Old Ltd 2023-05-01")),
    _col("founded_on", "Founded on", "成立日期", "成立时间 注册日期 注册时间", DATE),
    _col("field", "Field", "所属领域", "技术领域 领域 行业 行业类型 行业分类 所属行业"),
    _col("industry_code", "Industry code", "行业代码", "国民经济行业代码 行业编码"),
    _col("chain", "Chain", "产业链", "所属产业链", CHOICE, choices=Tenant.Chain, words=CHAIN_WORDS),
    _col("contact_name", "Contact", "联系人", "主要联系人 负责人 联络人"),
    _col("contact_phone", "Telephone", "联系电话", "电话 手机 手机号 催缴手机号 联系方式"),
    _col("external_id", "Identifier", "外部编号", "企业编码 会员编号 客户编号"),
)  # fmt: skip

LEASE_COLUMNS = (
    _PARK,
    _col("number", "Lease", "合同编号", "合同号 租赁合同编号 合同编码", required=True, example="HT-2024-001"),
    _col("tenant", "Tenant", "企业名称", _TENANT, required=True, example="长沙示例科技有限公司"),
    _USCC,
    _col("kind", "Kind", "合同类型", "签约类型 类型", CHOICE, choices=Lease.Kind, words=LEASE_WORDS),
    _col("previous", "Lease before", "原合同编号", "上一合同 前合同编号"),
    _col("submitted_on", "Submitted on", "提交审批日期", "报审日期", DATE),
    _col("rejected_on", "Rejected on", "驳回日期", "", DATE),
    _col("signed_on", "Signed on", "签约日期", "签订日期 签约日 签署日期 合同签订日期", DATE, example="2024-02-20"),
    _col("start", "Start", "起租日期", _START, DATE, required=True, example="2024-03-01"),
    _col("last_day", "Last day", "到期日期", _LAST, DATE, required=True, help=_END, example="2027-02-28"),
    _col("start_by", "Starts at the latest on", "最迟起租日期", "最迟起租日", DATE),
    _col("handed_over_on", "Handed over on", "交房日期", "接房日期 交付日期 入园时间", DATE),
    _col("terminated_on", "Ended early: last day", "提前终止日期", "退租日期 退约日期 提前退租日期", DATE,
         help=_END),
    _col("voided_on", "Voided on", "作废日期", "", DATE),
    _col("deposit", "Deposit", "押金", "保证金 租赁保证金 履约保证金", MONEY, unit="元"),
    _col("property_fee_m2_month", "Property fee", "物业费", "物业费单价 物业管理费单价", MONEY,
         unit="元/㎡·月"),
    _col("rent_free", "Rent-free days", "免租期", "免租 免租期间", PERIODS,
         help=_("First and last day, several parted by “;”: 2024-03-01 2024-04-30"),
         example="2024-03-01 2024-04-30"),
    _col("note", "Note", "备注", "说明"),
)  # fmt: skip

_RENT = "租金单价 租赁单价 单价 合同单价"
LINE_COLUMNS = (
    _PARK,
    _col("lease", "Lease", "合同编号", "合同号 租赁合同编号 合同编码", required=True, example="HT-2024-001"),
    _col("building", "Building", "楼栋", _BUILDING, required=True, example="A3栋"),
    _col("floor", "Floor", "楼层", _FLOOR, required=True, example="5F"),
    _col("unit", "Unit", "房源号", _UNIT, required=True, example="A3栋-5F-501"),
    _col("start", "Start", "起租日期", _START, DATE),
    _col("last_day", "Last day", "到期日期", _LAST, DATE, help=_END),
    _col("area_m2", "Contract area", "合同面积", "租赁面积 租用面积 计租面积 面积", AREA, unit="㎡",
         example="120.50"),
    _col("rent", "Rent", "租金", _RENT, RENT, places=4, required=True, example="35"),
    _col("rent_unit", "Rent unit", "租金单位", "租金结算类型 计租方式", CHOICE, choices=RentUnit,
         words=RENT_WORDS, example="元/㎡·月"),
    _col("steps", "Rent steps", "租金递增", "递增 租金调整", STEPS,
         help=_("Day and rent from then on, several parted by “;”: 2025-03-01 36.75")),
)  # fmt: skip

QUALIFICATION_COLUMNS = (
    _col("tenant", "Tenant", "企业名称", _TENANT, required=True, example="长沙示例科技有限公司"),
    _USCC,
    _col("kind", "Qualification", "资质类型", "资质 资质名称 类型", CHOICE, required=True,
         choices=Qualification.Kind, words=QUALIFICATION_WORDS, example="高新技术企业"),
    _col("number", "Certificate number", "证书编号", "编号 登记编号 入库编号"),
    _col("start", "Granted on", "认定日期", "发证日期 认定时间 入库日期", DATE, required=True,
         example="2023-10-16"),
    _col("last_day", "Last day", "有效期至", "到期日期 失效日期 有效期", DATE, help=_END),
    _col("note", "Note", "备注", "说明"),
)  # fmt: skip

FIGURE_COLUMNS = (
    _col("tenant", "Tenant", "企业名称", _TENANT, required=True, example="长沙示例科技有限公司"),
    _USCC,
    _col("year", "Year", "年度", "年份 统计年度 所属年度", INTEGER, required=True, example="2024"),
    _col("revenue", "Revenue", "营业收入", "总收入 营收 主营业务收入", MONEY, unit="元"),
    _col("output_value", "Output value", "产值", "总产值 工业总产值", MONEY, unit="元"),
    _col("rd_spending", "R&D spending", "研发投入", "研发经费支出 研发费用 研发经费", MONEY, unit="元"),
    _col("net_profit", "Net profit", "净利润", "利润", MONEY, unit="元"),
    _col("total_assets", "Total assets", "资产总额", "总资产", MONEY, unit="元"),
    _col("tax_paid", "Tax paid", "上缴税费", "纳税额 税收 实缴税金 税收总额", MONEY, unit="元"),
    _col("exports", "Exports", "出口额", "出口总额 出口 出口/进口总额", MONEY, unit="元"),
    _col("staff", "People", "从业人员", "员工人数 职工人数 人员规模 人数", INTEGER),
    _col("staff_degree", "People with a college degree", "大专以上人员", "大专以上 大专及以上人数", INTEGER),
    _col("staff_graduates", "New graduates taken on", "吸纳应届大学毕业生", "应届毕业生 吸纳应届毕业生", INTEGER),
    _col("ip_applied", "IP applied for", "知识产权申请数", "专利申请数", INTEGER),
    _col("ip_granted", "IP granted", "知识产权授权数", "专利授权数", INTEGER),
    _col("ip_held", "Valid IP held", "有效知识产权数", "知识产权数量 拥有有效知识产权数", INTEGER),
    _col("number", "Number of the audit report", "审计报告编号", "审计报告号 审字号"),
    _col("note", "Note", "备注", "说明"),
    _col("confirmed_on", "Confirmed on", "确认日期", "审核日期", DATE),
)  # fmt: skip


def _flat(code, columns, fields, **titles):
    """Columns of ``columns`` as a flat sheet names them: ``code.field``."""
    own = {column.field: column for column in columns}
    for name in fields.split():
        column = own[name]
        english, chinese, aliases = titles.get(name, (column.english, column.chinese, ""))
        yield dataclasses.replace(
            column,
            field=f"{code}.{name}",
            english=english,
            chinese=chinese,
            aliases=(*(a for a in column.aliases if a not in DOUBTFUL), *aliases.split()),
            required=False,
        )


#: Headings that a flat sheet uses for something else than the sheet of that subject does.
DOUBTFUL = {"类型", "名称", "说明", "面积", "编号", "企业"}
FLAT_COLUMNS = (
    *_flat(UNITS, UNIT_COLUMNS, "park building building_use fire_class floor ordinal number "
           "old_number kind tenure gross_area_m2 net_area_m2 shared_area_m2 area_source seats "
           "clear_height_m floor_load_kn_m2 power_kva column_grid goods_lift drainage listed "
           "exists_from closed_for closed_from closed_last_day",
           number=("Unit", "单元名称", "房源号 门店编码"), kind=("Unit kind", "房源类型", "类型"),
           building=("Building", "楼栋", "门店地址"),
           gross_area_m2=("Gross area", "建筑面积", "面积")),
    *_flat(TENANTS, TENANT_COLUMNS, "name uscc founded_on field industry_code chain contact_name "
           "contact_phone external_id", name=("Tenant", "合同企业名称", "门店名称")),
    *_flat(LEASES, LEASE_COLUMNS, "number kind signed_on start last_day start_by handed_over_on "
           "terminated_on voided_on deposit property_fee_m2_month rent_free note"),
    Column("flat.floor_and_number", "Floor and number", "楼层及编号", TEXT, ("楼层及房号", "楼层房号")),
    Column("flat.start_after_free", "Start after the rent-free days", "免租期截止日", DATE,
           ("起租日（免租期截止日）", "计租日期", "计租开始日", "起算日期")),
    Column("flat.free_first", "Rent-free from", "免租期开始时间", DATE, ("免租开始日期",)),
    Column("flat.free_last", "Rent-free until", "免租期结束时间", DATE, ("免租结束日期",)),
    *_flat(LINES, LINE_COLUMNS, "area_m2 rent rent_unit steps"),
    Column("flat.rent_month", "Rent a month", "月租金", RENT, ("每月租金", "月租", "租金/月"), places=4),
    Column("flat.rent_day", "Rent per m² and day", "日单价", RENT, ("日租金单价", "天单价"), places=4),
    Column("flat.rent_year", "Rent a year", "年租金", RENT, ("全年租金",), places=4),
    Column("flat.status", "State", "状态", TEXT, ("出租状态", "合同状态", "房源状态", "租赁状态")),
    Column("flat.reason", "Reason for leaving", "退租原因", TEXT, ("退租类型",)),
)  # fmt: skip

SHEETS = {
    spec.code: spec
    for spec in (
        SheetSpec(UNITS, "Units", "房源", UNIT_COLUMNS, ("房源台账", "单元", "房源信息")),
        SheetSpec(
            TENANTS, "Tenants", "企业", TENANT_COLUMNS, ("企业信息", "租户", "客户", "入驻企业")
        ),
        SheetSpec(LEASES, "Leases", "合同", LEASE_COLUMNS, ("租赁合同", "合同台账")),
        SheetSpec(LINES, "Lease lines", "合同明细", LINE_COLUMNS, ("合同房源", "租赁明细")),
        SheetSpec(QUALIFICATIONS, "Qualifications", "资质", QUALIFICATION_COLUMNS, ("企业资质",)),
        SheetSpec(FIGURES, "Year figures", "年度指标", FIGURE_COLUMNS, ("经济指标", "年度数据")),
        SheetSpec(
            FLAT, "Units and leases", "楼宇单元", FLAT_COLUMNS, ("租赁台账", "楼宇单元导入模板")
        ),
    )
}

_MODELS = {UNITS: Unit, TENANTS: Tenant, LEASES: Lease, LINES: LeaseLine,
           QUALIFICATIONS: Qualification, FIGURES: YearFigure}  # fmt: skip
_ELSEWHERE = {
    "building": (Building, "name"), "floor": (Floor, "name"), "unit": (Unit, "number"),
    "lease": (Lease, "number"), "previous": (Lease, "number"), "tenant": (Tenant, "name"),
    "old_number": (Unit, "number"), "asked_rent": (AskingRent, "rent"),
    "asked_unit": (AskingRent, "rent_unit"),
}  # fmt: skip


@cache
def kept_as(code, field):
    """The model field in which a value of the sheet ends, None where there is none."""
    model, name = _ELSEWHERE.get(field, (_MODELS[code], field))
    names = {f.name for f in model._meta.concrete_fields}
    return model._meta.get_field(name) if name in names else None
