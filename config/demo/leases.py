"""How the tenants of ended leases left: nearly all are done, a few a park stand at every step."""

import random
from datetime import timedelta
from decimal import Decimal

from tenants import services as letting
from tenants.models import Lease
from tenants.services.move_out import STEPS, Leaving

REASONS = ("迁入自有厂房", "业务调整", "到期不续", "扩租换房")
FOUND = ("完好，钥匙已交还", "墙面有钉孔，需修补", "地坪局部破损")
#: Steps done in the latest move-outs of a park; None: nobody has asked yet.
LATEST = (None, None, 0, 0, 1, 1, 2, 2, 3, 4)


def move_out(*, parks, user_of, on, seed):
    """``user_of``: the user who acts in the park of a code."""
    rng = random.Random(f"{seed} move-outs")  # noqa: S311
    for code in parks:
        ended = Lease.objects.deposit_open(on).filter(park__code=code, move_out=None)
        leavings = []
        for index, lease in enumerate(ended.order_by("-ends_on", "pk")):
            done = LATEST[index] if index < len(LATEST) else len(STEPS)
            if done is not None:
                leavings.append(_leaving(lease, done, on, rng))
        if leavings:
            letting.record_move_outs(leavings, today=on, by=user_of(code))


def _leaving(lease, done, on, rng) -> Leaving:
    ended = lease.terminated_on or lease.end
    asked = max(lease.signed_on, ended - timedelta(days=rng.randrange(20, 60)))
    day, steps = max(ended, asked), []
    for step in list(STEPS)[:done]:
        day = min(day + timedelta(days=rng.randrange(0, 4)), on)
        values = {}
        if step == "inspect":
            values["inspection"] = rng.choice(FOUND)
        if step == "return_deposit" and lease.deposit >= 1000 and rng.random() < 0.3:
            values = {"deposit_kept": Decimal(500), "deposit_kept_for": "墙面修补"}
        steps.append((step, day, values))
    return Leaving(
        lease=lease, asked_on=asked, leaves_on=ended, reason=rng.choice(REASONS),
        steps=tuple(steps),
    )  # fmt: skip
