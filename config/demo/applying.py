"""The applications of the demonstration: each goes its road, all of them together day by day."""

from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db.models import Exists, OuterRef

from config.demo.papers import paper
from config.demo.reviewing import Panel
from config.demo.roads import AMEND, CALLS, INTAKES, INTERESTS, OPINIONS, PROJECTS, TEXTS
from config.demo.stories import Stories
from incubation import services as incubation
from incubation.dossier import Commitment
from incubation.errors import QueueJumped
from incubation.models import ApplicationStep
from tenants import services as letting

MONTHS, DAYS_TO_MOVE = 24, 10


class Applying:
    def __init__(self, world, scene):
        self.world, self.scene, self.on = world, scene, scene.on
        self.agreements = 0

    def run(self):
        if not self.scene.plans:
            return
        incubation.load_score_sheets()
        self.set_intakes()
        stories = Stories(self.world, self.scene)
        self.rng = stories.rng
        found = stories.plan()
        self.panel = Panel(self.scene, self.rng, self.world.users)
        asked = [one for one in found if one.day_of("ask")]
        for one, interest in zip(asked[::-1], INTERESTS, strict=False):
            self.panel.declare(one.tenant, one.first, *interest)
        self.live(found)

    def set_intakes(self):
        carriers = self.scene.carriers
        for name in [name for name in INTAKES if name in carriers]:
            incubation.set_intake(
                carrier=carriers[name], by=self.by(carriers[name]), **INTAKES[name]
            )
        for name, title, places, opened, closed in CALLS:
            if name in carriers:
                incubation.open_call(
                    carrier=carriers[name], name=title, places=places, by=self.by(carriers[name]),
                    opens_on=self.on - timedelta(days=opened),
                    closes_on=self.on - timedelta(days=closed),
                )  # fmt: skip

    def by(self, carrier):
        """Who acts for it."""
        return self.scene.by(carrier.park.code)

    def live(self, stories):
        """All acts in the order of their days; what ends by itself in between is written down."""
        events = sorted(
            (day, n, place, act) for n, one in enumerate(stories)
            for place, (day, act) in enumerate(one.days)
        )  # fmt: skip
        last = events[0][0] if events else self.on
        for day, n, _place, act in events:
            if day > last:
                self.settle(last, day)
                last = day
            self.do(act, stories[n], {"at": self.scene.moment(day), "on": day})
        self.settle(last, self.on)

    def settle(self, after, until):
        later = ApplicationStep.objects.filter(
            application=OuterRef("application"), sequence__gt=OuterRef("sequence")
        )
        ended = ApplicationStep.objects.filter(~Exists(later), until__gt=after, until__lte=until)
        days = ended.order_by("until").values_list("until", flat=True)
        for day in dict.fromkeys(days):
            incubation.pass_on_lapsed(at=self.scene.moment(day), on=day)

    def do(self, act, story, when):
        """``when``: moment and day of the act."""
        if act == "lapse":
            return
        if act == "start":
            self.start(story, when)
            return
        by = self.by(self.scene.carriers[story.name])
        getattr(self, act)(story.application, story, by=by, **when)

    # --- the applicant -----------------------------------------------------------------------
    def start(self, story, when):
        tenant, carrier = story.tenant, self.scene.carriers[story.name]
        earlier = tenant.applications.filter(carrier=carrier).order_by("-pk").first()
        needs = story.needs | {"move_in_on": self.on + timedelta(days=30), "months": MONTHS}
        if story.day_of("convert"):
            needs["move_in_on"] = story.day_of("convert") + timedelta(days=DAYS_TO_MOVE)
        if earlier:
            story.application = incubation.copy_application(previous=earlier, by=story.user, **when)
            self.write(story, needs | {"commitments": list(Commitment.values)}, when)
            return
        title = self.rng.choice(PROJECTS[tenant.chain])
        story.application = incubation.start_application(
            tenant=tenant, carrier=carrier, by=story.user, title=title, **needs,
            commitments=[] if not story.road.acts else list(Commitment.values),
            **{key: text.format(title=title, people=needs["people"]) for key, text in TEXTS.items()},
            **when,
        )  # fmt: skip
        if story.units:
            self.write(story, {"preferred_units": story.units}, when)
        for kind in ("plan", "licence") if tenant.kind == "firm" else ("plan",):
            self.add(story, kind, when)

    def write(self, story, values, when):
        story.application = incubation.save_draft(
            application=story.application, values=values, by=story.user, **when
        )

    def add(self, story, kind, when):
        incubation.add_paper(
            application=story.application, file=paper(kind), kind=kind, by=story.user,
            names_applicant=kind != "plan", **when,
        )  # fmt: skip

    def submit(self, application, story, by, **when):
        incubation.submit_application(application=application, by=story.user, **when)

    def amend(self, application, story, by, **when):
        self.add(story, "accounts", when)
        self.write(story, {"finance": "自筹三百万元，已签天使轮意向书；附近两年报表。"}, when)
        self.submit(story.application, story, by, **when)

    def withdraw(self, application, story, by, **when):
        opinion = OPINIONS["withdraw"]
        incubation.withdraw_application(
            application=application, by=story.user, opinion=opinion, **when
        )

    def accept(self, application, story, by, **when):
        incubation.accept_offer(application=application, by=story.user, **when)

    def decline(self, application, story, by, **when):
        incubation.decline_offer(
            application=application, by=story.user, opinion=OPINIONS["decline"], **when
        )

    # --- the carrier -------------------------------------------------------------------------
    def return_(self, application, story, by, **when):
        incubation.return_application(application=application, items=AMEND, by=by, **when)
        for user, text in ((story.user, "报表需要审计吗？"), (by, "不需要，银行流水也可以。")):
            incubation.send_message(
                application=application, text=text, by=user, at=when["at"],
                from_applicant=user == story.user,
            )  # fmt: skip

    def accept_form(self, application, story, **who):
        opinion = OPINIONS["accept_form"]
        incubation.accept_form(application=application, opinion=opinion, **who)

    def refuse_form(self, application, story, **who):
        opinion = OPINIONS["refuse_form"]
        incubation.refuse_form(application=application, opinion=opinion, **who)

    def ask(self, application, story, by, at, on):
        self.panel.ask(application, by=by, on=on)

    def score_one(self, application, story, by, at, on):
        self.panel.hand_in(application, story.merits[:1], on=on)

    def score(self, application, story, by, at, on):
        self.panel.hand_in(application, story.merits[1:], on=on)

    def approve(self, application, story, **who):
        opinion = OPINIONS["approve"]
        incubation.approve_application(application=application, opinion=opinion, **who)

    def refuse(self, application, story, **who):
        incubation.refuse_application(application=application, opinion=OPINIONS["refuse"], **who)

    def object(self, application, story, **who):
        incubation.record_objection(application=application, opinion=OPINIONS["object"], **who)

    def queue(self, application, story, **who):
        incubation.step(application=application, act="queue", **who)

    def offer(self, application, story, **who):
        offer = {"application": application, "units": story.units} | who
        try:
            incubation.offer_units(**offer)
        except QueueJumped:
            incubation.offer_units(**offer, reason="产业链急需项目，经载体集体研究优先安排。")

    def convert(self, application, story, by, at, on):
        start = application.move_in_on
        self.agreements += 1
        incubation.convert_application(
            application=application, start=start, end=start + relativedelta(months=MONTHS), by=by,
            at=at, on=on, agreement_number=f"孵协{start.year}-申{self.agreements:02d}",
            deposit=Decimal(3000),
        )  # fmt: skip

    def move_in(self, application, story, by, at, on):
        incubation.move_in(application=application, by=by, at=at, on=on)
        letting.hand_over_lease(lease=application.lease, on=on, by=by)

    def abandon(self, application, story, **who):
        incubation.abandon_signing(application=application, opinion=OPINIONS["abandon"], **who)
