"""What carriers of the demonstration do for their tenants: mentors, sessions, events."""

from collections import defaultdict
from datetime import timedelta

from config.demo.names import GIVEN, SURNAMES
from incubation import services as incubation

ORGANISATIONS = (
    "中南地区某高校（示例）",
    "示例律师事务所",
    "示例会计师事务所",
    "示例创投",
    "示例龙头企业",
)
SUBJECTS = ("商业模式梳理", "融资计划书", "知识产权布局", "财税合规", "市场渠道", "团队股权")
EVENTS = (
    ("training", "高企申报培训"), ("roadshow", "项目路演"), ("finance", "银企对接会"),
    ("policy", "惠企政策宣讲"), ("exchange", "创业沙龙"), ("training", "知识产权讲座"),
)  # fmt: skip


class Service:
    def __init__(self, scene):
        self.scene = scene

    def run(self):
        residents = defaultdict(list)
        for step in self.scene.open_steps(days=45):
            residents[step.plan.name].append(step)
        for user, plans in self.scene.by_user(self.scene.plans, lambda plan: plan.park):
            self.mentor(plans, residents, user)
            self.hold_events(plans, residents, user)

    def mentor(self, plans, residents, user):
        wanted = []
        for plan in plans:
            names = {
                self.scene.rng.choice(SURNAMES) + self.scene.rng.choice(GIVEN)
                for _n in range(11 if plan.story else 5)
            }
            wanted += [
                {"carrier": self.scene.carrier(plan), "name": name,
                 "organisation": self.scene.rng.choice(ORGANISATIONS),
                 "speciality": self.scene.rng.choice(SUBJECTS),
                 "start": plan.opened + timedelta(days=self.scene.rng.randrange(0, 300))}
                for name in sorted(names)
            ]  # fmt: skip
        mentors = defaultdict(list)
        for one in incubation.add_mentors(wanted, by=user):
            mentors[one.carrier_id].append(one)
        pairings, sessions = [], []
        for plan in plans:
            for step in residents[plan.name]:
                if self.scene.rng.random() > 0.55:
                    continue
                mentor = self.scene.rng.choice(mentors[self.scene.carrier(plan).pk])
                start = max(step.entered + timedelta(days=30), mentor.start)
                pairings.append({"mentor": mentor, "tenant": step.tenant, "start": start})
                sessions += [
                    {"mentor": mentor, "tenant": step.tenant, "minutes": 30 * self.scene.rng.randrange(1, 5),
                     "on": start + timedelta(days=self.scene.rng.randrange((self.scene.on - start).days + 1)),
                     "subject": self.scene.rng.choice(SUBJECTS)}
                    for _n in range(self.scene.rng.randrange(1, 4))
                ]  # fmt: skip
        pairings = [one for one in pairings if one["start"] <= self.scene.on]
        incubation.pair_mentors(pairings, by=user)
        incubation.record_sessions(sessions, by=user)

    def hold_events(self, plans, residents, user):
        events = []
        for plan in plans:
            days = sorted({
                self.scene.on - timedelta(days=self.scene.rng.randrange(1, 360))
                for _n in range(15 if plan.stage == "makerspace" or plan.story else 8)
            } | {
                self.scene.on - timedelta(days=self.scene.rng.randrange(361, 1800)) for _n in range(8)
            })  # fmt: skip
            for day in days:
                if day < plan.opened:
                    continue
                kind, title = self.scene.rng.choice(EVENTS)
                there = [step.tenant for step in residents[plan.name] if step.entered <= day]
                self.scene.rng.shuffle(there)
                people = {tenant: self.scene.rng.randrange(1, 4) for tenant in there[:5]}
                events.append({
                    "carrier": self.scene.carrier(plan), "kind": kind, "on": day, "title": title,
                    "held_by": self.scene.carrier(plan).operator, "attendance": people,
                    "people": sum(people.values()) + self.scene.rng.randrange(0, 20),
                })  # fmt: skip
        incubation.record_events(events, by=user)
