"""Rows of a ledger of any size, the same every time."""

from datetime import date, timedelta
from decimal import Decimal

START = date(2020, 1, 1)


def _place(n):
    return {"building": f"{n // 400 + 1}栋", "floor": f"{n // 20 % 20 + 1}F"}


def units(count):
    return [
        _place(n)
        | {
            "park": "某园区", "ordinal": n // 20 % 20 + 1, "number": f"{n % 20 + 1:03}", "kind": "office",
            "tenure": "held", "gross_area_m2": Decimal(5000 + n) / 100, "net_area_m2": Decimal(4000 + n) / 100,
            "area_source": "surveyed", "seats": n % 40, "clear_height_m": Decimal("3.60"),
            "goods_lift": n % 2 == 0, "listed": True, "exists_from": START, "numbered_from": START,
        }
        for n in range(count)
    ]  # fmt: skip


def leases(count):
    return [
        {
            "park": "某园区", "number": f"HT-{n:06}", "tenant": f"示例科技{n // 2}有限公司", "kind": "new",
            "signed_on": START + timedelta(days=n % 900), "start": START + timedelta(days=n % 900 + 10),
            "last_day": START + timedelta(days=n % 900 + 1100), "deposit": Decimal(10000 + n),
            "rent_free": "2024-03-01 2024-04-30" if n % 5 == 0 else None,
        }
        for n in range(count)
    ]  # fmt: skip


def lines(count):
    return [
        _place(n)
        | {
            "park": "某园区", "lease": f"HT-{n:06}", "unit": f"{n % 20 + 1:03}",
            "start": START + timedelta(days=n % 900 + 10), "last_day": START + timedelta(days=n % 900 + 1100),
            "area_m2": Decimal(5000 + n) / 100, "rent": Decimal(300000 + n) / 10000, "rent_unit": "m2_month",
        }
        for n in range(count)
    ]  # fmt: skip
