"""What is known of the demonstration firms: people, qualifications, figures, names, visits."""

import random
from datetime import date, timedelta
from decimal import Decimal

from config.demo.names import GIVEN, SURNAMES
from tenants import services as letting
from tenants.models import Tenant

#: Shares of firms (domain notes §3).
QUALIFIED = (
    ("science_sme", 0.45), ("high_tech", 0.3), ("innovative_sme", 0.2), ("specialised_sme", 0.12),
    ("little_giant", 0.02), ("above_scale", 0.15),
)  # fmt: skip
PROBLEMS = (
    "用电增容",
    "招工难",
    "融资难",
    "停车位不足",
    "货梯故障",
    "员工子女入学",
    "宽带接入",
    "公交班次少",
)
SUBJECTS = ("生产经营情况", "“千名干部进千企”走访", "安全生产检查", "政策宣讲")
OFFICES = ("园区运营部", "供电公司", "区人社局", "区工信局", "物业")


class Firms:
    """Facts up to day ``on`` about every firm, the same for the same seed."""

    def __init__(self, *, seed, on, by):
        self.rng, self.on, self.by = random.Random(f"firms {seed}"), on, by

    def run(self):
        firms = list(Tenant.objects.filter(kind="firm").select_related("home_park").order_by("pk"))
        letting.add_people([row for firm in firms for row in self.people(firm)], by=self.by)
        letting.record_qualifications(
            [row for firm in firms for row in self.qualifications(firm)], by=self.by
        )
        letting.record_figures([row for firm in firms for row in self.figures(firm)], by=self.by)
        letting.record_visits([row for firm in firms for row in self.visits(firm)], by=self.by)
        for firm in self.rng.sample(firms, len(firms) // 40):
            day = self.on - timedelta(days=self.rng.randrange(30, 900))
            name = firm.name.replace("有限公司", "股份有限公司")
            if name != firm.name:
                letting.rename_tenant(
                    tenant=firm, name=name, effective_on=day, on=self.on, by=self.by,
                    reason="股份制改造",
                )  # fmt: skip

    def founded(self, firm):
        return firm.founded_on or date(self.on.year - 5, 1, 1)

    def people(self, firm):
        for role in ("legal", "finance", "safety"):
            if self.rng.random() < 0.5:
                name = self.rng.choice(SURNAMES) + self.rng.choice(GIVEN)
                phone = f"1990000{self.rng.randrange(10000):04d}"
                yield {"tenant": firm, "role": role, "name": name, "phone": phone}

    def qualifications(self, firm):
        for kind, share in QUALIFIED:
            if self.rng.random() < share:
                first = max(self.founded(firm), self.on - timedelta(days=1500))
                day = first + timedelta(days=self.rng.randrange(max((self.on - first).days, 1)))
                number = f"示例{day.year}{self.rng.randrange(10**6):06d}"
                yield {"tenant": firm, "kind": kind, "start": day, "number": number}

    def figures(self, firm):
        if self.rng.random() > 0.7:
            return
        last = self.on.year - 1
        revenue = Decimal(self.rng.randrange(80, 6000)) * 10_000
        staff = self.rng.randrange(5, 180)
        for year in range(max(self.founded(firm).year, last - self.rng.randrange(1, 5)), last + 1):
            revenue = (revenue * Decimal(self.rng.randrange(92, 130)) / 100).quantize(
                Decimal("0.01")
            )
            staff = max(3, staff + self.rng.randrange(-3, 8))
            applied = self.rng.randrange(0, 9)
            yield {
                "tenant": firm, "year": year, "revenue": revenue, "staff": staff,
                "rd_spending": self.share(revenue, self.rng.randrange(2, 15)),
                "tax_paid": self.share(revenue, self.rng.randrange(2, 7)),
                "net_profit": self.share(revenue, self.rng.randrange(-6, 14)),
                "staff_degree": staff * self.rng.randrange(30, 90) // 100,
                "ip_applied": applied, "ip_granted": self.rng.randrange(0, applied + 1),
                "confirmed_on": date(year + 1, 3, 31) if date(year + 1, 3, 31) <= self.on else None,
            }  # fmt: skip

    @staticmethod
    def share(amount, percent):
        return (amount * percent / 100).quantize(Decimal("0.01"))

    def visits(self, firm):
        if self.rng.random() > 0.35:
            return
        day = max(self.founded(firm), self.on - timedelta(days=self.rng.randrange(10, 700)))
        if day > self.on:
            return
        yield {
            "tenant": firm, "on": day, "visitor": self.rng.choice(OFFICES),
            "subject": self.rng.choice(SUBJECTS),
            "problems": [self.problem(text, day) for text in
                         self.rng.sample(PROBLEMS, self.rng.choice((0, 0, 0, 1, 1, 2)))],
        }  # fmt: skip

    def problem(self, text, day):
        made = {"text": text, "handled_by": self.rng.choice(OFFICES)}
        solved_on = day + timedelta(days=self.rng.randrange(3, 90))
        if self.rng.random() < 0.65 and solved_on <= self.on:
            made |= {"solved_on": solved_on, "solution": "已协调解决"}
        return made
