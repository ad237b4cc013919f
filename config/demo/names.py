"""Fictitious firms: invented names, valid invented codes, telephone numbers nobody has."""

from stdnum.cn import uscc

SYLLABLES_A = "湘望岳麓星沙铜澜芯锐智云浩启瑞恒嘉凌盛泽鸿昱晟澄拓昊骏翊沐朗"
SYLLABLES_B = "源科达维能创辰信诚海川宇航帆腾联桥峰森屿禾砺衡谷曜林微屹"
FIELDS = {
    "terminal": [
        ("智能终端", "智能科技", "3922"), ("传感器", "传感技术", "3983"), ("软件", "信息技术", "6513"),
    ],
    "food": [("食品加工", "食品", "1495"), ("生物发酵", "生物科技", "1469")],
    "medical": [("医疗器械", "医疗器械", "3581"), ("生物医药", "生物医药", "2761")],
    "alloy": [("新型合金", "新材料", "3240"), ("精密加工", "精密制造", "3484")],
    "storage": [("储能材料", "新能源材料", "3841"), ("电池", "储能科技", "3849")],
    "": [("检测服务", "检测技术", "7450"), ("工业设计", "设计", "7492"), ("物流", "供应链", "5920")],
}  # fmt: skip
SURNAMES = "陈李王刘张周黄吴杨谭罗彭曾肖邓"
GIVEN = ["晓明", "建华", "丽", "志强", "雨欣", "浩然", "敏", "立新", "思远", "海燕", "文博", "静"]
OPERATORS = [
    "金荣园区运营公司（示例）", "联东园区运营公司（示例）", "智能终端园运营公司（示例）",
    "示范园区四运营公司（示例）", "示范园区五运营公司（示例）", "示范园区六运营公司（示例）",
    "示范园区七运营公司（示例）",
]  # fmt: skip


class Names:
    """Draws names and codes that never repeat."""

    def __init__(self, rng):
        self.rng = rng
        self.taken = set()

    def firm(self):
        """``dict`` of tenant columns for a firm."""
        while True:
            stem = self.rng.choice(SYLLABLES_A) + self.rng.choice(SYLLABLES_B)
            if self.rng.random() < 0.35:
                stem += self.rng.choice(SYLLABLES_B)
            chain = self.rng.choice([*FIELDS, "terminal"])
            field, kind, industry = self.rng.choice(FIELDS[chain])
            name = f"{self.rng.choice(['长沙', '湖南'])}{stem}{kind}有限公司"
            if name not in self.taken:
                break
        self.taken.add(name)
        return {
            "name": name, "kind": "firm", "uscc": self.code(), "field": field,
            "industry_code": f"C{industry}" if industry < "4400" else f"I{industry}",
            "chain": chain, **self.contact(),
        }  # fmt: skip

    def team(self):
        name = f"{self.rng.choice(SYLLABLES_A)}{self.rng.choice(SYLLABLES_B)}创业团队"
        while name in self.taken:
            name = f"{self.rng.choice(SYLLABLES_A)}{self.rng.choice(SYLLABLES_B)}" + name[-4:]
            name = self.rng.choice(SYLLABLES_B) + name
        self.taken.add(name)
        return {"name": name, "kind": "team", "field": "软件", "chain": "", **self.contact()}

    def contact(self):
        return {
            "contact_name": self.rng.choice(SURNAMES) + self.rng.choice(GIVEN),
            "contact_phone": f"0731-0000{self.rng.randrange(10000):04d}",
        }

    def code(self):
        """A valid code of an invented registration (GB 32100-2015)."""
        alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        while True:
            body = "91430112MA" + "".join(self.rng.choice(alphabet) for _ in range(7))
            code = body + uscc.calc_check_digit(body)
            if code not in self.taken and uscc.is_valid(code):
                self.taken.add(code)
                return code
