"""Move-outs in every state for leases that have ended, for the pages to have some to show."""

import random
from datetime import timedelta
from decimal import Decimal

from tenants import services as letting
from tenants.models import Lease
from tenants.services.move_out import STEPS

REASONS = ("迁入自有厂房", "业务调整", "到期不续", "扩租换房")
FOUND = ("完好，钥匙已交还", "墙面有钉孔，需修补", "地坪局部破损")
#: So many move-outs a park: one in each state and some finished.
A_PARK = 8


def move_out(*, parks, user_of, on, seed):
    """``user_of``: the user who acts in the park of a code."""
    rng = random.Random(f"{seed} move-outs")  # noqa: S311
    for code in parks:
        leases = (
            Lease.objects.binding()
            .filter(park__code=code, end__lte=on, end__gt=on - timedelta(days=400))
            .exclude(next__signed_on__isnull=False)
            .filter(move_out=None)
            .order_by("-end", "pk")[:A_PARK]
        )
        for done, lease in enumerate(leases):
            _leave(lease, min(done, len(STEPS)), user_of(code), on, rng)


def _leave(lease, steps, by, on, rng):
    ended = lease.terminated_on or lease.end
    asked = max(lease.signed_on, ended - timedelta(days=rng.randrange(20, 60)))
    row = letting.ask_surrender(
        lease=lease, on=asked, leaves_on=ended, today=on, by=by, reason=rng.choice(REASONS)
    )
    day = max(ended, asked)
    for step in list(STEPS)[:steps]:
        day = min(day + timedelta(days=rng.randrange(0, 4)), on)
        values = {}
        if step == "inspect":
            values["inspection"] = rng.choice(FOUND)
        if step == "return_deposit" and lease.deposit >= 1000 and rng.random() < 0.5:
            values = {"deposit_kept": Decimal(500), "deposit_kept_for": "墙面修补"}
        row = letting.take_step(move_out=row, step=step, on=day, today=on, by=by, **values)
