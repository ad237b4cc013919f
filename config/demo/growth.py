"""What the demonstration's residents show for themselves: rights, money, figures, qualifications."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from tenants import services as letting
from tenants.models import Qualification, YearFigure
from tenants.services.facts import usual_end

FUNDS = ("望玥基金（示例）", "振望基金（示例）", "金浦基金（示例）", "天使投资人（示例）")
RIGHTS = ("自动定位夹具", "低温储能模组", "食品质检方法", "边缘计算终端", "合金热处理工艺",
          "无源传感器", "医用导管涂层", "产线视觉检测系统")  # fmt: skip
#: What a firm graduates on (国科发区〔2018〕300号), with how often.
GROUNDS = ("high_tech",) * 5 + ("venture",) * 3 + ("revenue",) * 3 + ("corporate",)


class Growth:
    """Facts of every firm in ``ways``, so that what the ways say can be proved."""

    def __init__(self, ways, *, on, rng):
        self.ways, self.on, self.rng = ways, on, rng
        self.serial = 0
        self.held = defaultdict(dict)
        for one in Qualification.objects.all():
            self.held[one.tenant_id, one.kind][one.start] = one.end
        self.years = defaultdict(dict)
        for one in YearFigure.objects.all():
            self.years[one.tenant_id][one.year] = one
        self.qualifications, self.figures, self.fundings = [], [], []
        self.rights, self.events = [], []

    def write(self, *, by):
        for key in sorted(self.ways):
            steps = self.ways[key]
            if steps[0].tenant.kind == "firm":
                self.firm(steps)
        letting.record_qualifications(self.qualifications, by=by)
        letting.record_figures(self.figures, by=by)
        letting.record_fundings(self.fundings, by=by)
        letting.record_intellectual_properties(self.rights, by=by)
        letting.record_corporate_events(self.events, by=by)

    def number(self, prefix):
        self.serial += 1
        return f"{prefix}{self.serial:05d}（示例）"

    def firm(self, steps):
        tenant, last = steps[-1].tenant, steps[-1]
        for step in steps:
            if step.plan.stage == "incubator":
                self.hold(tenant, "science_sme", step.entered, 300)
            if step.ends == "graduated":
                self.ground(tenant, step.left - timedelta(days=10))
        strong = bool(last.plan.story)
        if not last.ends and self.rng.random() < 0.85:
            self.hold(tenant, "science_sme", self.on, 250)
        if strong or self.rng.random() < 0.8:
            self.fill_years(tenant, last)
        if self.rng.random() < (0.85 if strong else 0.45):
            for _n in range(self.rng.choice((1, 1, 2, 3))):
                self.right(tenant, last)
        self.money(tenant, steps[0].entered, last, strong)
        if last.ends == "dissolved":
            self.event(tenant, "deregistered", last.left, "")

    def money(self, tenant, since, last, strong):
        """A fifth got money once; where there is a story to tell, enough residents did."""
        if strong and last.plan.stage == "makerspace" and not last.ends:
            day = max(last.entered, self.on - timedelta(days=self.rng.randrange(20, 340)))
            self.fund(tenant, day, "angel", self.rng.randrange(20, 120))
        elif strong and not last.ends and self.rng.random() < 0.3:
            self.fund(tenant, self.day(since), "equity", self.rng.randrange(80, 400))
        elif self.rng.random() < 0.2:
            kind = self.rng.choice(("angel", "angel", "venture", "equity", "loan", "grant"))
            self.fund(tenant, self.day(since), kind, self.rng.randrange(30, 420))

    def day(self, since):
        """A day after ``since``, up to the day."""
        return since + timedelta(days=self.rng.randrange(max((self.on - since).days, 1)))

    def hold(self, tenant, kind, on, most):
        """See that the tenant holds ``kind`` on ``on``, granted up to ``most`` days before."""
        held = self.held[tenant.pk, kind]
        if any(start <= on and (end is None or on < end) for start, end in held.items()):
            return
        day = on - timedelta(days=self.rng.randrange(1, most))
        day = max(day, tenant.founded_on or day)
        if day > on or day in held:
            return
        held[day] = usual_end(kind, day)
        self.qualifications.append({
            "tenant": tenant, "kind": kind, "start": day, "number": self.number(f"{day.year}"),
        })  # fmt: skip

    def ground(self, tenant, on):
        ground = self.rng.choice(GROUNDS)
        if ground == "venture":
            self.fund(tenant, on - timedelta(days=self.rng.randrange(200, 400)), "angel", 180)
            amount = self.rng.randrange(350, 900)
            self.fund(tenant, on - timedelta(days=self.rng.randrange(20, 180)), "venture", amount)
        elif ground == "corporate":
            kind = self.rng.choice(("merged", "acquired", "listed"))
            self.event(tenant, kind, on - timedelta(days=self.rng.randrange(10, 120)),
                       "湖南股权交易所" if kind == "listed" else "示例控股集团")  # fmt: skip
        elif ground == "revenue" and self.sell(tenant, on):
            return
        else:
            self.hold(tenant, "high_tech", on, 400)

    def sell(self, tenant, on):
        """Figures of the two years before ``on``'s with more than ten million yuan together."""
        years = (on.year - 2, on.year - 1)
        if any(year in self.years[tenant.pk] for year in years):
            return False
        if tenant.founded_on and tenant.founded_on.year > years[0]:
            return False
        for year, revenue in zip(years, (460, 730), strict=True):
            self.year(tenant, year, Decimal(revenue + self.rng.randrange(0, 200)) * 10_000)
        return True

    def fill_years(self, tenant, last):
        """Confirmed figures of the years since entry of a firm that has none of them.

        Some owe those of the year that is over: rolled as all are, so that the dice roll on alike.
        """
        owed = not last.ends and not last.plan.story and tenant.pk % 2
        known = self.years[tenant.pk]
        until = (last.left or self.on).year
        since = max(last.entered.year - 1, (tenant.founded_on or last.entered).year)
        revenue = Decimal(self.rng.randrange(30, 420)) * 10_000
        for year in range(max(since, until - 4), until):
            if year not in known:
                self.year(tenant, year, revenue)
                if owed and year == self.on.year - 1:
                    self.figures.pop()
            revenue = (revenue * Decimal(self.rng.randrange(95, 140)) / 100).quantize(Decimal("1"))

    def year(self, tenant, year, revenue):
        confirmed = date(year + 1, 3, 25)
        self.years[tenant.pk][year] = None
        staff = self.rng.randrange(5, 30)
        self.figures.append({
            "tenant": tenant, "year": year, "revenue": revenue, "staff": staff,
            "rd_spending": (revenue * self.rng.randrange(4, 16) / 100).quantize(Decimal("0.01")),
            "tax_paid": (revenue * self.rng.randrange(2, 6) / 100).quantize(Decimal("0.01")),
            "staff_degree": staff * self.rng.randrange(40, 95) // 100,
            "number": self.number("审字"),
            "confirmed_on": confirmed if confirmed <= self.on else None,
        })  # fmt: skip

    def right(self, tenant, last):
        founded = tenant.founded_on or last.entered
        applied = self.day(max(founded, last.entered - timedelta(days=500)))
        granted = applied + timedelta(days=self.rng.randrange(60, 500))
        kind = self.rng.choice(("invention", "utility", "utility", "software", "design"))
        self.rights.append({
            "tenant": tenant, "kind": kind, "title": f"一种{self.rng.choice(RIGHTS)}",
            "number": self.number("ZL" if kind != "software" else "软著"), "applied_on": applied,
            "granted_on": granted if granted <= self.on else None,
        })  # fmt: skip

    def fund(self, tenant, day, kind, ten_thousands):
        investor = self.rng.choice(FUNDS)
        own = kind in ("angel", "venture", "equity") and self.rng.random() < 0.4
        self.fundings.append({
            "tenant": tenant, "kind": kind, "on": day, "amount": Decimal(ten_thousands) * 10_000,
            "investor": "潇湘财银贷（示例）" if kind == "loan" else investor,
            "source": "own_fund" if own else "other", "number": self.number("协议"),
        })  # fmt: skip

    def event(self, tenant, kind, day, partner):
        self.events.append({
            "tenant": tenant, "kind": kind, "on": day, "partner": partner,
            "number": self.number("公告"),
        })  # fmt: skip
