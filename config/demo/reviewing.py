"""Who reviews the applications of the demonstration, and what they hand in."""

from datetime import timedelta
from decimal import Decimal

from django.contrib.auth.models import Group, User

from config.demo.roads import REMARKS, REVIEWERS
from incubation import services as incubation
from incubation.models import ReviewAssignment
from incubation.selectors.reviewing import propose_reviewers


class Panel:
    """``users``: the demonstration accounts; the other reviewers cannot log in."""

    def __init__(self, scene, rng, users):
        self.scene, self.rng, self.bureau = scene, rng, scene.by("")
        role = Group.objects.get(name="reviewer")
        self.reviewers = []
        for username, name, organisation, field, days in REVIEWERS:
            user = users.get(username) or person(username, name, role)
            self.reviewers.append(incubation.add_reviewer(
                user=user, name=name, organisation=organisation, field=field, by=self.bureau,
                start=scene.on - timedelta(days=days),
            ))  # fmt: skip

    def declare(self, tenant, before, reviewer, kind, note, known):
        """An interest in ``tenant`` of the reviewer with this number, since long ``before``."""
        day, user = before - timedelta(days=30), self.reviewers[reviewer].user
        incubation.declare_interest(
            reviewer=self.reviewers[reviewer], tenant=tenant, kind=kind, start=day, note=note,
            source="known" if known else "declared", at=self.scene.moment(day),
            by=self.bureau if known else user,
        )  # fmt: skip

    def ask(self, application, *, by, on):
        """The least busy reviewers without an interest."""
        proposal = propose_reviewers(application, on=on)
        at = self.scene.moment(on)
        incubation.assign_reviewers(
            application=application, reviewers=proposal.reviewers, by=by, at=at, on=on
        )

    def hand_in(self, application, merits, *, on):
        """The reviews still out, the first with each of ``merits``, shares of 100."""
        rows = ReviewAssignment.objects.filter(application=application).waiting().order_by("pk")
        for row, merit in zip(rows.select_related("reviewer__user"), merits, strict=False):
            scores = {
                one: (Decimal(one.weight * min(merit + self.rng.randrange(-4, 5), 100)) / 50)
                .quantize(Decimal(1)) / 2
                for one in row.sheet.criteria.all()
            }  # fmt: skip
            incubation.hand_in_review(
                assignment=row, scores=scores, recommends=merit >= 60, by=row.reviewer.user,
                opinion=self.rng.choice(REMARKS), at=self.scene.moment(on), on=on,
            )  # fmt: skip


def person(username, name, role) -> User:
    """Somebody with ``role`` who cannot log in."""
    user, new = User.objects.get_or_create(username=username, defaults={"first_name": name})
    if new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        user.groups.add(role)
    return user
