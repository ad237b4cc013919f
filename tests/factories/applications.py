"""Applications for the tests."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import count

from django.contrib.auth.models import User

from incubation import services as incubation
from tests.factories import NOBODY, make_tenant
from tests.factories.incubation import make_carrier

_serial = count(1)
#: What a complete application says.
CONTENT = {
    "title": "柔性储能薄膜", "summary": "做柔性储能薄膜的中试。", "technology": "三项发明专利。",
    "team": "五人，两名博士。", "market": "面向可穿戴设备。", "finance": "自筹两百万元。",
    "safety": "无危化品。", "people": 12, "unit_kind": "office", "area_min_m2": Decimal(80),
    "area_max_m2": Decimal(200), "move_in_on": date(2026, 8, 1), "months": 24,
    "commitments": ["true_data", "register", "safety", "no_sublet", "statistics"],
}  # fmt: skip


def moment(on) -> datetime:
    """Noon of the day."""
    return datetime.combine(on, time(4), tzinfo=UTC)


def make_application(*, tenant=None, carrier=None, by=NOBODY, on=date(2026, 6, 1), **fields):
    """A complete draft."""
    carrier = carrier or make_carrier()
    return incubation.start_application(
        tenant=tenant or make_tenant(), carrier=carrier, by=by, at=moment(on), on=on,
        **CONTENT | fields,
    )  # fmt: skip


def take(application, *acts, on=date(2026, 6, 2), by=NOBODY, **fields):
    """Steps one after the other along the workflow, without what each act asks for besides."""
    for act in acts:
        incubation.step(
            application=application, act=act, by=by, at=moment(on), on=on,
            opinion=fields.get("opinion", "可行"), until=fields.get("until"),
            target=fields.get("target"),
        )  # fmt: skip
    return application


def give_space(carrier, *units, on=date(2026, 1, 1), purpose="tenants"):
    """The carrier has ``units`` for tenants."""
    incubation.assign_spaces(
        carrier=carrier, units=list(units), purpose=purpose, start=on, by=NOBODY
    )
    return units


def make_approved(*, on=date(2026, 6, 2), **fields):
    """Approved, waiting for space."""
    return take(make_application(**fields), "submit", "accept_form", "approve", on=on)


def make_waiting(*, on=date(2026, 6, 2), **fields):
    """On the waiting list since ``on``."""
    return take(make_approved(on=on, **fields), "queue", on=on)


def make_reviewer(name, *, user=None, **fields):
    """A reviewer with an account of its own."""
    if user is None:
        user = User.objects.create_user(f"reviewer-{next(_serial)}")
    return incubation.add_reviewer(
        user=user, name=name, start=date(2020, 1, 1), by=NOBODY, **fields
    )


def make_review(application, reviewer, points, *, on=date(2026, 6, 5)):
    """``reviewer`` is asked and gives the share ``points`` of 100 of every criterion."""
    (row,) = incubation.assign_reviewers(
        application=application, reviewers=[reviewer], by=NOBODY, at=moment(on), on=on
    )
    scores = {one: Decimal(one.weight * points) / 100 for one in row.sheet.criteria.all()}
    return incubation.hand_in_review(
        assignment=row, scores=scores, recommends=points >= 60, opinion="已阅", by=reviewer.user,
        at=moment(on), on=on,
    )  # fmt: skip
