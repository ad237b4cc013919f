"""What happened to the tenants of the demonstration's chain, turn by turn, through services."""

from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from incubation import services as incubation
from incubation.models import Residency
from tenants import services as letting

OPINION = "评审组核验材料齐全，同意毕业。"
AGAINST = "评审组一致同意，佐证材料限期补交。"


class Residents:
    """The first residency of every way, then the second of those that have one, and so on."""

    def __init__(self, scene):
        self.scene = scene
        self.numbers = defaultdict(int)

    def run(self):
        ways = self.scene.ways
        for turn in range(max(map(len, ways.values()), default=0)):
            steps = [way[turn] for _key, way in sorted(ways.items()) if len(way) > turn]
            before = {id(way[turn]): way[turn - 1] for way in ways.values() if len(way) > turn}
            self.enter(steps, before)
            self.extend(steps)
            self.graduate(steps)
            self.leave(steps)
        self.review_more()
        self.follow_up()

    def agreement(self, step):
        self.numbers[step.plan.name] += 1
        return f"孵协{step.entered.year}-{self.numbers[step.plan.name]:03d}"

    def enter(self, steps, before):
        for kind in ("admit", "transfer", "advance"):
            wanted = [step for step in steps if step.begins == kind]
            for user, group in self.scene.by_user(wanted, lambda step: step.plan.park):
                if kind == "admit":
                    made = incubation.admit_tenants(
                        [self.entry(step) for step in group], by=user, on=self.scene.on
                    )
                else:
                    moves = [self.move(step, before[id(step)].residency) for step in group]
                    act = {"transfer": incubation.transfer_residencies,
                           "advance": incubation.advance_residencies}[kind]  # fmt: skip
                    made = act(moves, by=user, reason="换到更合适的载体")
                for step, residency in zip(group, made, strict=True):
                    step.residency = residency
        after = {one.previous_id: one for one in Residency.objects.exclude(previous=None)}
        for step in steps:
            if step.begins == "graduated":
                step.residency = after[before[id(step)].residency.pk]

    def registered(self, step):
        day = step.entered - timedelta(days=self.scene.rng.randrange(0, 30))
        return day if step.tenant.kind == "firm" and self.scene.rng.random() < 0.9 else None

    def entry(self, step):
        return incubation.Entry(
            step.tenant, self.scene.carrier(step.plan), self.agreement(step), step.entered,
            special_field=step.special, registered_on=self.registered(step),
            consent_on=step.entered if self.scene.rng.random() < 0.7 else None,
            exemption_reason=step.exemption,
        )  # fmt: skip

    def move(self, step, residency):
        return incubation.Move(
            residency, self.scene.carrier(step.plan), step.entered, self.agreement(step),
            special_field=step.special, registered_on=self.registered(step),
            exemption_reason=step.exemption,
        )  # fmt: skip

    def extend(self, steps):
        wanted = [step for step in steps if step.extended]
        for user, group in self.scene.by_user(wanted, lambda step: step.plan.park):
            incubation.extend_residencies(
                [
                    incubation.Extension(
                        step.residency, step.due + relativedelta(months=12),
                        min(step.due, self.scene.on) - timedelta(days=45), "研发周期长，首批产品待认证",
                    )
                    for step in group
                ],
                by=user,
            )  # fmt: skip

    def graduate(self, steps):
        """Reviews of a day together, decided ten days later."""
        days = defaultdict(list)
        for step in steps:
            if step.ends == "graduated":
                days[step.left].append(step)
        for left in sorted(days):
            day = left - timedelta(days=10)
            for user, group in self.scene.by_user(days[left], lambda step: step.plan.park):
                reviews = incubation.open_reviews(
                    residencies=[step.residency for step in group], on=day, by=user,
                    at=self.scene.moment(day),
                )  # fmt: skip
                of = {review.residency_id: review for review in reviews}
                for step in group:
                    self.decide(of[step.residency.pk], step, user)

    def decide(self, review, step, user):
        way = self.scene.ways[step.tenant.pk]
        following = way[way.index(step) + 1] if step is not way[-1] else None
        options = {"destination": step.destination}
        if following and following.begins == "graduated":
            options = {
                "destination": "carrier", "next_carrier": self.scene.carrier(following.plan),
                "next_agreement_number": self.agreement(following),
            }  # fmt: skip
        if review.verdict != "met":
            options["against_rules_reason"] = AGAINST
        incubation.decide_review(
            review=review, decision="graduate", opinion=OPINION, on=step.left, by=user, **options
        )

    def leave(self, steps):
        wanted = [
            step for step in steps
            if step.ends and step.ends not in ("graduated", "transferred", "advanced")
        ]  # fmt: skip
        for user, group in self.scene.by_user(wanted, lambda step: step.plan.park):
            incubation.leave_carriers(
                [
                    incubation.Departure(step.residency, step.left, step.ends, step.destination)
                    for step in group
                ],
                by=user,
            )  # fmt: skip

    def review_more(self):
        """Reviews on the desk, some refused, one taken back."""
        steps = [
            step for step in self.scene.open_steps("incubator", 500) if step.tenant.kind == "firm"
        ]
        self.scene.rng.shuffle(steps)
        refused, back, waiting = steps[:6], steps[6:7], steps[7:13]
        day = self.scene.on - timedelta(days=100)
        for user, group in self.scene.by_user(refused + back, lambda step: step.plan.park):
            reviews = incubation.open_reviews(
                residencies=[step.residency for step in group], on=day, by=user,
                at=self.scene.moment(day),
            )  # fmt: skip
            for review in reviews:
                if any(review.residency_id == step.residency.pk for step in refused):
                    incubation.decide_review(
                        review=review, decision="refuse", by=user, on=day + timedelta(days=10),
                        opinion="核心产品尚未量产，建议继续孵化。",
                    )  # fmt: skip
                    continue
                against = {} if review.verdict == "met" else {"against_rules_reason": AGAINST}
                review = incubation.decide_review(
                    review=review, decision="graduate", opinion=OPINION, by=user,
                    destination="own_site", on=day + timedelta(days=10), **against,
                )  # fmt: skip
                incubation.revoke_decision(
                    review=review, reason="迁址未落实，企业申请继续孵化", by=user,
                    on=day + timedelta(days=30),
                )  # fmt: skip
        for user, group in self.scene.by_user(waiting, lambda step: step.plan.park):
            incubation.open_reviews(
                residencies=[step.residency for step in group], on=self.scene.on, by=user,
                at=self.scene.moment(self.scene.on),
            )  # fmt: skip

    def follow_up(self):
        """Yearly, with consent or without; a firm that is no more is told of once."""
        rows, gone = [], []
        graduates = Residency.objects.select_related("carrier__park", "tenant").in_bulk()
        for way in self.scene.ways.values():
            for step in way:
                if step.ends != "graduated":
                    continue
                for year in range(1, 6):
                    day = step.left + relativedelta(years=year) + timedelta(days=25)
                    if day > self.scene.on or self.scene.rng.random() < 0.08:
                        break
                    alive = self.scene.rng.random() < 0.95
                    place = "same_park" if step.destination == "same_space" else "district"
                    rows.append({
                        "residency": graduates[step.residency.pk], "year": year, "recorded_on": day,
                        "in_existence": alive, "source": "电话回访",
                        "place": place if alive else "",
                        "jobs": self.scene.rng.randrange(12, 160) if alive else None,
                        "revenue": self.scene.rng.randrange(300, 9000) * 10_000 if alive else None,
                    })  # fmt: skip
                    if not alive:
                        gone.append((step, day))
                        break
        for user, group in self.scene.by_user(rows, lambda row: row["residency"].carrier.park.code):
            incubation.record_follow_ups(group, by=user)
        letting.record_corporate_events(
            [
                {"tenant": step.tenant, "kind": "deregistered", "on": day - timedelta(days=60),
                 "number": f"注销公告{day.year}（示例）{step.tenant.pk}"}
                for step, day in gone
            ],
            by=self.scene.by(""),
        )  # fmt: skip
