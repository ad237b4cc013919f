"""Words people write in ledgers, each with the value it stands for."""

import unicodedata


def plain(text) -> str:
    """Words compared: full and half width, spaces and case do not matter; ``㎡`` is ``m2``."""
    return "".join(unicodedata.normalize("NFKC", str(text)).split()).casefold()


UNIT_WORDS = {
    "厂房": "workshop", "标准厂房": "workshop", "车间": "workshop", "生产": "workshop",
    "办公": "office", "办公室": "office", "写字楼": "office", "研发": "lab", "实验": "lab",
    "研发办公": "office", "工位": "desk", "卡座": "desk", "仓库": "storage", "仓储": "storage",
    "商铺": "shop", "商业": "shop", "门店": "shop", "配套": "other", "宿舍": "dormitory",
    "公寓": "dormitory", "其他": "other",
}  # fmt: skip
FIRE_WORDS = {"甲": "A", "乙": "B", "丙": "C", "丁": "D", "戊": "E", "甲类": "A", "乙类": "B",
              "丙类": "C", "丁类": "D", "戊类": "E"}  # fmt: skip
TENURE_WORDS = {"自持": "held", "自有": "held", "代管": "managed", "托管": "managed"}
SOURCE_WORDS = {"测绘": "surveyed", "实测": "surveyed", "估算": "estimated", "预测": "estimated"}
CLOSED_WORDS = {
    "自用": "own_use", "公共服务": "public_service", "公共": "public_service", "已售": "sold",
    "出售": "sold", "停用": "out_of_use", "维修": "out_of_use", "装修": "out_of_use",
    "不可租": "out_of_use",
}  # fmt: skip
LEASE_WORDS = {"新签": "new", "新租": "new", "续约": "renewal", "续签": "renewal",
               "续租": "renewal", "变更": "amendment", "换签": "amendment", "退约": "surrender",
               "退租": "surrender"}  # fmt: skip
RENT_WORDS = {
    "元/m2/月": "m2_month", "元/m2·月": "m2_month", "元/平方米/月": "m2_month",
    "元/平方米·月": "m2_month", "元/平/月": "m2_month", "元/m2/天": "m2_day",
    "元/m2·天": "m2_day", "元/m2/日": "m2_day", "元/m2·日": "m2_day", "元/平方米/天": "m2_day",
    "元/平方米/日": "m2_day", "元/月": "month", "yuan/m2/month": "m2_month",
    "yuan/m2/day": "m2_day",
}  # fmt: skip
CHAIN_WORDS = {"绿色食品": "food", "先进储能材料": "storage", "储能材料": "storage",
               "智能终端": "terminal", "新型合金": "alloy", "医药医疗器械": "medical",
               "医药": "medical"}  # fmt: skip
KIND_WORDS = {"企业": "firm", "公司": "firm", "团队": "team", "创业团队": "team"}
QUALIFICATION_WORDS = {
    "科技型中小企业": "science_sme", "科小": "science_sme", "高新技术企业": "high_tech",
    "国家高新技术企业": "high_tech", "高企": "high_tech", "创新型中小企业": "innovative_sme",
    "专精特新中小企业": "specialised_sme", "省级专精特新": "specialised_sme",
    "专精特新": "specialised_sme", "小巨人": "little_giant", "专精特新小巨人": "little_giant",
    "国家级专精特新小巨人": "little_giant", "制造业单项冠军": "champion", "单项冠军": "champion",
    "规模以上工业": "above_scale", "规上": "above_scale", "规上企业": "above_scale",
    "规上工业": "above_scale",
}  # fmt: skip


#: What the words of a state column say of a unit: vacant, let, held, or closed for a reason.
STATES = {
    "vacant": "空置 待租 可租 空闲 未租 vacant",
    "let": "已租 已出租 在租 出租中 租赁中 履约中 生效 执行中 let occupied",
    "held": "预留 锁定 已预定 已预订 待签约 held reserved",
    "signed": "待接房 已签约 已签",
    "own_use": "自用",
    "sold": "已售 出售",
    "out_of_use": "停用 维修 装修中 不可租",
    "ended": "到期 已到期 退租 已退租 终止 已终止 提前终止 作废",
}
STATE_OF = {word: state for state, words in STATES.items() for word in words.split()}
