"""The firm of the demonstration account ``startup``, and what firms hand in and report themselves."""

from datetime import date, timedelta
from decimal import Decimal

from django.contrib.auth.models import Group

from config.demo.reviewing import person
from incubation.models import Residency
from incubation.selectors.figures import year_owed
from tenants import services as letting
from tenants.models import Lease, Tenant

#: Firms a park, besides that of the account, that handed in figures nobody confirmed yet.
HANDING_IN = 6
#: Subject, text, who handles it, reported and solved so many days ago.
PROBLEMS = (
    ("货梯", "货梯本周两次停运，影响出货。", "物业", 40, 34),
    ("网络", "办公区无线网络下午经常断线。", "园区运营部", 12, None),
    ("停车", "停车场缺少充电桩，员工不便。", "", 2, None),
)  # fmt: skip
ASKED = "研发费用高于营业收入，请核对单位是元还是万元。"


class Founder:
    """``world``: the people; ``scene``: the chain, gone through, so that residents are known."""

    def __init__(self, world, scene):
        self.world, self.scene, self.on = world, scene, world.on
        self.user = world.users["startup"]
        self.year = year_owed(self.on)

    def run(self):
        firm = self.firm()
        if firm is None:
            return
        firm.users.add(self.user)
        self.last_year(firm)
        self.report(firm)
        self.others(firm)
        self.claim(firm)

    def residents(self):
        """Incubated firms that owed figures and handed in none."""
        end = date(self.year, 12, 31)
        rows = Residency.objects.incubated_on(self.on).open_on(end)
        rows = rows.filter(carrier__stage="incubator", tenant__founded_on__lt=date(self.year, 1, 1))
        rows = rows.exclude(tenant__year_figures__year=self.year)
        return rows.select_related("tenant", "carrier__park").order_by("carrier__park", "pk")

    def renting(self):
        leases = Lease.objects.active_on(self.on).filter(park__code="JR")
        return leases.filter(lines__unit__kind="office").order_by("pk")

    def firm(self) -> Tenant | None:
        """A resident of the first park that rents there; before there is one, any that rents."""
        renting = self.renting()
        ours = set(
            self.residents().filter(carrier__park__code="JR").values_list("tenant", flat=True)
        )
        found = renting.filter(tenant__in=ours).first() or renting.first()
        return found and found.tenant

    def last_year(self, firm):
        """What it handed in a year ago and the park confirmed; this year's it still owes."""
        year = self.year - 1
        if firm.year_figures.filter(year=year).exists():
            return
        day = date(year + 1, 3, 1)
        figure = letting.hand_in_figures(tenant=firm, year=year, by=self.user, on=day, **numbers(7))
        letting.confirm_figure(
            figure=figure, on=day + timedelta(days=9), by=self.world.by(firm.home_park.code)
        )

    def report(self, firm):
        by = self.world.by(firm.home_park.code)
        for subject, text, handler, ago, solved in PROBLEMS:
            problem = letting.report_problem(
                tenant=firm, subject=subject, text=text, by=self.user,
                on=self.on - timedelta(days=ago), place=firm.home_park.name,
            )  # fmt: skip
            fields = {"handled_by": handler} if handler else {}
            if solved:
                fields |= {"solved_on": self.on - timedelta(days=solved), "solution": "已更换门机"}
            if fields:
                letting.correct_problem(problem=problem, on=self.on, by=by, **fields)

    def others(self, firm):
        """Figures that wait for the park; of one the park asked again."""
        role = Group.objects.get(name="startup")
        rows = self.residents().exclude(tenant=firm)
        parks = {}
        for row in rows:
            parks.setdefault(row.carrier.park_id, []).append(row)
        waiting = [row for rows in parks.values() for row in rows[:HANDING_IN]]
        for n, row in enumerate(waiting, 1):
            tenant, user = row.tenant, person(f"resident{n:02d}", row.tenant.contact_name, role)
            tenant.users.add(user)
            day = self.on - timedelta(days=1 + n % 9)
            figure = letting.hand_in_figures(
                tenant=tenant, year=self.year, by=user, on=day, **numbers(n)
            )
            if n % HANDING_IN == 0:
                letting.ask_figures_again(
                    figure=figure, what=ASKED, by=self.world.by(row.carrier.park.code), on=self.on
                )

    def claim(self, firm):
        """Somebody says to belong to a firm that is known; the park has not decided yet."""
        known = self.renting().exclude(tenant=firm).first()
        if known:
            role = Group.objects.get(name="startup")
            letting.claim_tenant(
                user=person("claimant", "谭思远", role), tenant=known.tenant, note="新任行政负责人",
                at=self.scene.moment(self.on - timedelta(days=1)),
            )  # fmt: skip


def numbers(n) -> dict:
    """Columns of ``YearFigure``; every sixth firm spent more on research than it earned."""
    revenue = Decimal(800_000 + 370_000 * n)
    return {
        "revenue": revenue, "rd_spending": revenue * 2 if n % HANDING_IN == 0 else revenue / 8,
        "tax_paid": revenue / 25, "staff": 6 + n, "staff_degree": 4 + n // 2,
    }  # fmt: skip
