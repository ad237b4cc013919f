"""Carriers of the demonstration: opened, given space, recognised, changed."""

from collections import defaultdict
from datetime import timedelta

from config.demo.carriers import figures_of
from config.demo.room import Room
from incubation import services as incubation
from incubation.models import Carrier, CarrierChange


class Hosts:
    def __init__(self, scene):
        self.scene = scene

    def open_carriers(self):
        made = [
            Carrier(
                park=self.scene.parks[plan.park], name=plan.name, stage=plan.stage, kind=plan.kind,
                field=plan.field, opened_on=plan.opened, own_legal_person=True,
                operator=f"{plan.name}运营公司（示例）",
                address=f"{self.scene.parks[plan.park].name}{'、'.join(plan.buildings)}栋",
            )
            for plan in self.scene.plans
        ]  # fmt: skip
        for user, group in self.scene.by_user(made, lambda one: one.park.code):
            incubation.create_carriers(group, by=user)
        self.scene.carriers = {one.name: one for one in made}

    def carrier(self, plan):
        return self.scene.carriers[plan.name]

    def give_space(self):
        used = defaultdict(dict)
        for way in self.scene.ways.values():
            if (last := way[-1]).stay and last.tenant.kind == "firm":
                used[last.plan.name] |= last.stay.units
        for plan in self.scene.plans:
            terms = Room(plan, self.scene.on).terms(self.scene.carrier(plan), used[plan.name])
            incubation.assign_all_spaces(terms, by=self.scene.by(plan.park))

    def recognise(self):
        recognitions, grades, years = [], [], []
        for plan in self.scene.plans:
            carrier = self.scene.carrier(plan)
            for level, year in plan.levels:
                if (start := plan.opened.replace(year=year, month=6, day=15)) > self.scene.on:
                    continue
                form = "registered" if plan.stage == "makerspace" else "recognised"
                recognitions.append({
                    "carrier": carrier, "level": level, "start": start, "form": form,
                    "document": f"〔{year}〕{self.scene.rng.randrange(10, 90)}号（示例）",
                })  # fmt: skip
                if level in ("national", "provincial"):
                    grades += [
                        {"carrier": carrier, "level": level, "year": graded,
                         "grade": self.scene.rng.choice("ABBBCC")}
                        for graded in range(year, self.scene.on.year)
                    ]  # fmt: skip
            years += [
                {"carrier": carrier} | figures_of(plan, year, self.scene.rng)
                for year in range(plan.opened.year, self.scene.on.year)
            ]
        bureau = self.scene.by("")
        incubation.record_recognitions(recognitions, by=bureau)
        incubation.record_grades(grades, by=bureau)
        for user, group in self.scene.by_user(years, lambda one: one["carrier"].park.code):
            incubation.record_carrier_years(group, by=user)

    def change_carriers(self):
        """What became another: reported, and in two cases not yet."""
        area = CarrierChange.objects.filter(what="area", effective_on__lte=self.scene.on)
        for change in area.select_related("carrier__park").order_by("effective_on", "pk"):
            day = change.effective_on + timedelta(days=45)
            if day < self.scene.on - timedelta(days=900):
                self.report(change, day)
        for name, what, after, ago in (
            ("金荣启程孵化器", "operator", "金荣创服公司（示例）", 700),
            ("终端谷孵化器", "operator", "终端谷创服公司（示例）", 40),
            ("示范七园孵化器", "address", "示范园区七1栋、5栋及连廊", 150),
        ):
            if (
                carrier := self.scene.carriers.get(name)
            ) and carrier.opened_on < self.scene.on - timedelta(days=ago + 400):
                change = incubation.change_carrier(
                    carrier=carrier, what=what, after=after, on=self.scene.on,
                    effective_on=self.scene.on - timedelta(days=ago), by=self.scene.by(carrier.park.code),
                )  # fmt: skip
                if ago > 365:
                    self.report(change, change.effective_on + timedelta(days=30))

    def report(self, change, day):
        incubation.report_change(
            change=change, reported_on=day, number=f"报〔{day.year}〕{self.scene.rng.randrange(1, 60)}号",
            by=self.scene.by(change.carrier.park.code),
        )  # fmt: skip
