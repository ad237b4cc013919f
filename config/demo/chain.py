"""The chain of the demonstration: carriers and what happened to their tenants, through services."""

from datetime import timedelta

from config.demo.growth import Growth
from config.demo.hosts import Hosts
from config.demo.residents import Residents
from config.demo.scene import Scene
from config.demo.serving import Service
from config.demo.ways import Ways
from config.demo.world import fresh_statistics
from incubation import services as incubation
from incubation.rules import METRICS
from incubation.rules.files import read_files, shipped
from tenants import services as letting


class Chain:
    """``by``: function from the code of a park to its user; ``names`` draws firms' names."""

    def __init__(self, *, seed, on, by, names):
        self.scene, self.names = Scene(seed=seed, on=on, by=by), names

    def run(self):
        scene = self.scene
        if not scene.plans:
            return
        rule_sets = read_files(shipped(), METRICS)
        incubation.load_rule_sets(rule_sets, by=None, at=scene.moment(scene.on))
        hosts = Hosts(scene)
        hosts.open_carriers()
        ways = Ways(scene.plans, on=scene.on, rng=scene.rng)
        self.found_firms(ways)
        scene.ways = ways.plan()
        hosts.give_space()
        hosts.recognise()
        fresh_statistics()
        Growth(scene.ways, on=scene.on, rng=scene.rng).write(by=scene.by(""))
        Residents(scene).run()
        fresh_statistics()
        Service(scene).run()
        hosts.change_carriers()

    def found_firms(self, ways):
        """Teams in makerspaces that registered a firm while they were there."""
        for plan in self.scene.plans:
            if plan.stage != "makerspace":
                continue
            for stay in ways.stays[plan.name]:
                team = stay.tenant
                day = stay.first + timedelta(days=self.scene.rng.randrange(60, 200))
                if team.kind != "team" or day >= min(stay.last or self.scene.on, self.scene.on):
                    continue
                if self.scene.rng.random() > 0.6:
                    continue
                user, firm = self.scene.by(plan.park), self.names.firm()
                letting.rename_tenant(
                    tenant=team, name=firm["name"], effective_on=day, on=self.scene.on, by=user,
                    reason="团队注册成立公司",
                )  # fmt: skip
                ways.tenants[team.pk].__dict__.update(
                    letting.correct_tenant(
                        tenant=team, kind="firm", uscc=firm["uscc"], founded_on=day, by=user,
                        field=firm["field"], industry_code=firm["industry_code"],
                        chain=firm["chain"], reason="团队注册成立公司",
                    ).__dict__
                )  # fmt: skip
