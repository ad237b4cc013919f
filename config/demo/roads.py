"""Sixty applications of the demonstration: to whom each goes, how far it came, what it says."""

from dataclasses import dataclass

#: Days from the act before; what follows a public notice, or lapses, waits for the carrier's days.
GAPS = {
    "submit": 3, "return_": 3, "amend": 5, "refuse_form": 4, "accept_form": 3, "ask": 1,
    "score_one": 5, "score": 2, "approve": 2, "refuse": 3, "object": 3, "queue": 1, "offer": 3,
    "accept": 2, "decline": 3, "convert": 4, "abandon": 9, "move_in": 10, "withdraw": 4,
}  # fmt: skip
#: What lapses by itself after an act, and which of the carrier's days it takes.
LAPSES = {"return_": "amend_days", "offer": "offer_days", "accept": "sign_days"}


@dataclass(frozen=True)
class Road:
    """``acts`` after the start, and for how many days it has stood where it is.

    ``wants``: a unit it will be offered (``free``), one that stays ``vacant``, or one that
    somebody has (``none``). ``merit``: about what reviewers give of 100, between the two or, where
    ``apart``, one each. ``rank``: where vacant units are few the lowest get some.
    """

    acts: tuple
    stands: int
    wants: str = "vacant"
    over: bool = False
    merit: tuple = (72, 93)
    apart: bool = False
    rank: int = 0


def _road(acts, stands, **fields):
    return Road(tuple(acts.split()), stands, **fields)


_IN = "submit accept_form"
_SCORED = f"{_IN} ask score_one score"
_PASSED = f"{_SCORED} approve"
_OFFERED = f"{_PASSED} offer"
ROADS = {
    "draft": _road("", 3),
    "submitted": _road("submit", 2),
    "late": _road("submit", 9),
    "amending": _road("submit return_", 4),
    "amended": _road("submit return_ amend", 1),
    "asked": _road(_IN, 2),
    "reviewing": _road(f"{_IN} ask", 3),
    "half": _road(f"{_IN} ask score_one", 2),
    "half_late": _road(f"{_IN} ask score_one", 12),
    "scored": _road(_SCORED, 1),
    "apart": _road(_SCORED, 1, merit=(48, 91), apart=True),
    "noticed": _road(_PASSED, 3),
    "objected": _road(f"{_PASSED} object ask score_one", 2),
    "approved": _road(_PASSED, 8),
    "waiting": _road(f"{_PASSED} queue", 40, wants="none"),
    "queueing": _road(f"{_PASSED} queue", 25),
    "next": _road(f"{_PASSED} queue", 6),
    "held": _road(_OFFERED, 2, wants="free"),
    "accepted": _road(f"{_OFFERED} accept", 3, wants="free"),
    "signing": _road(f"{_OFFERED} accept convert", 4, wants="free"),
    "signing_late": _road(f"{_OFFERED} accept convert", 19, wants="free", rank=1),
    "moved_in": _road(f"{_OFFERED} accept convert move_in", 25, wants="free", over=True),
    "refused": _road(f"{_SCORED} refuse", 20, over=True, merit=(38, 57)),
    "refused_form": _road("submit refuse_form", 15, over=True),
    "withdrawn": _road(f"{_IN} ask withdraw", 12, over=True),
    "unamended": _road("submit return_ lapse", 6, over=True),
    "declined": _road(f"{_OFFERED} decline", 20, wants="free", rank=1),
    "lapsed": _road(f"{_OFFERED} lapse", 4, wants="free"),
    "unsigned": _road(f"{_OFFERED} accept convert abandon", 14, wants="free", over=True, rank=1),
    "let_go": _road(f"{_OFFERED} accept lapse", 3, wants="free", rank=1),
}
#: By carrier; ``lapsed`` goes on to ``next``, who stands in the queue for it.
WANTED = {
    "金荣启程孵化器": "moved_in moved_in moved_in signing signing_late accepted held lapsed next "
        "waiting waiting unsigned noticed noticed objected half amended amending "
        "refused approved apart late unamended",
    "金荣科创孵化器": "submitted waiting waiting withdrawn refused_form",
    "金荣众创空间": "submitted scored draft",
    "金荣加速器": "half_late",
    "联东智造孵化器": "reviewing half apart queueing queueing queueing unamended",
    "联东众创空间": "asked",
    "终端谷孵化器": "waiting waiting waiting",
    "示范四园孵化器": "half submitted",
    "示范四园众创空间": "moved_in accepted",
    "示范五园孵化器": "approved",
    "示范五园众创空间": "held",
    "示范六园孵化器": "signing",
    "示范七园孵化器": "moved_in moved_in let_go declined scored",
    "示范七园众创空间": "moved_in",
}  # fmt: skip
#: The demonstration account's: carrier, whether its second firm applies, road.
OF_STARTUP = (
    ("金荣启程孵化器", True, "refused"), ("金荣启程孵化器", True, "held"),
    ("金荣众创空间", True, "draft"), ("金荣加速器", False, "amending"),
)  # fmt: skip

INTAKES = {
    "金荣启程孵化器": {"notice_days": 7, "welcome": "优先接收智能终端与新材料方向的项目；请附商业计划书。"},
    "金荣众创空间": {"mode": "calls"},
    "联东智造孵化器": {"blind": True, "welcome": "评审专家看不到申请人名称，请勿在正文中写出。"},
    "终端谷孵化器": {"mode": "calls"},
    "示范六园加速器": {"mode": "closed"},
}  # fmt: skip
#: Carrier, name, places; opens and closes so many days before today.
CALLS = (
    ("金荣众创空间", "冬季创业团队征集（示例）", 12, 40, -20),
    ("终端谷孵化器", "秋季入孵征集（示例）", 8, 120, 45),
)
AMEND = ("补充近两年财务报表或银行流水", "写明用电负荷与是否使用危化品")
OPINIONS = {
    "accept_form": "材料齐全，进入评审。",
    "refuse_form": "所需用房类型本载体没有，建议改投加速器。",
    "approve": "项目契合园区产业方向，同意入驻。",
    "refuse": "评审平均分低于合格线，技术路线尚不清楚，建议完善后重新申请。",
    "object": "公示期内收到实名反映：专利权属待核实。",
    "withdraw": "团队调整计划，暂不入驻。",
    "decline": "层高不够，设备放不下。",
    "abandon": "对方股东会未通过租赁方案。",
}
#: By chain of the firm: what it works on.
PROJECTS = {
    "terminal": ("可穿戴心率终端", "低功耗定位模组", "工业手持终端"),
    "food": ("植物基发酵饮品", "益生菌冻干工艺"),
    "medical": ("便携式超声探头", "康复训练外骨骼", "体外诊断试剂盒"),
    "alloy": ("高强铝合金压铸件", "钛合金粉末打印"),
    "storage": ("柔性储能薄膜", "钠离子电池正极材料", "储能电站消防预警"),
    "": ("产线视觉检测", "园区物流调度", "模具数字化设计"),
}
TEXTS = {
    "summary": "围绕{title}开展研发与小批量试制，目前样品已通过两家客户试用，计划在园区完成中试。",
    "technology": "已申请发明专利两项、实用新型三项，核心算法与工艺自主可控。",
    "team": "核心成员{people}人，负责人有八年行业经验，两人为博士。",
    "market": "首批客户为本市整机企业，预计两年内形成稳定订单。",
    "finance": "自筹启动资金两百万元，正在洽谈天使轮融资。",
    "safety": "仅作研发、装配与办公使用，不涉及危化品，无生产废水。",
}
#: User, name, organisation, field, days since it reviews here.
REVIEWERS = (
    ("reviewer", "陈启明", "中南地区某高校（示例）", "新材料", 900),
    ("reviewer2", "刘若兰", "示例创投", "投融资", 900),
    ("expert1", "周国栋", "示例龙头企业", "智能终端", 700),
    ("expert2", "黄子涵", "示例会计师事务所", "财务", 700),
    ("expert3", "彭云舟", "示范园区四运营公司（示例）", "园区运营", 15),
    ("expert4", "谭佩瑶", "示例律师事务所", "知识产权", 400),
)  # fmt: skip
REMARKS = (
    "路线清楚，建议重点跟踪中试进展。",
    "团队完整，市场验证仍需时日。",
    "与园区产业链契合，用房需求合理。",
)
#: Number of the reviewer, kind, note, known to the staff rather than declared; of those asked for
#: reviews one after the other.
INTERESTS = (
    (1, "shareholding", "所在基金持有其 3% 股权", False),
    (0, "adviser", "担任其技术顾问", False),
    (3, "kinship", "与其财务负责人为亲属", True),
    (2, "competitor", "任职企业有同类产品", False),
)  # fmt: skip
