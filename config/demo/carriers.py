"""The carriers of the demonstration: which buildings they use, since when, and what they are for.

Sizes follow domain notes §2.6: some 2 incubated firms per 1,000 m² of incubator.
"""

from dataclasses import dataclass
from datetime import date

#: Stories told by a carrier on the day of the demonstration.
DENSITY, JUST_BELOW, READY = "density", "just below", "ready"


@dataclass(frozen=True)
class CarrierPlan:
    """``buildings``: codes in the park; ``firms``: incubated on the day, if so many are there.

    ``levels``: (level, year since which it is recognised).
    """

    park: str
    stage: str
    name: str
    buildings: tuple
    opened: date
    firms: int
    levels: tuple = ()
    kind: str = "general"
    field: str = ""
    story: str = ""


def makerspace(park, name, building, year, firms, *levels, story=""):
    opened = date(year, 3, 1)
    return CarrierPlan(
        park, "makerspace", name, (building,), opened, firms, levels, story=story
    )  # fmt: skip


def incubator(park, name, buildings, opened, firms, *levels, story="", field=""):
    kind = "specialised" if field else "general"
    return CarrierPlan(
        park, "incubator", name, tuple(buildings), opened, firms, levels, kind, field, story
    )


def accelerator(park, name, buildings, year, *levels):
    return CarrierPlan(park, "accelerator", name, tuple(buildings), date(year, 7, 1), 9, levels)


CARRIERS = [
    incubator("JR", "金荣科创孵化器", "12", date(2019, 3, 1), 50, ("city", 2020), ("provincial", 2021),
      ("national", 2022), story=DENSITY),
    incubator("JR", "金荣启程孵化器", "38", date(2020, 1, 1), 26, ("district", 2021)),
    incubator("LD", "联东智造孵化器", "5", date(2020, 9, 1), 17, ("city", 2023), field="智能终端"),
    incubator("5G", "终端谷孵化器", "5", date(2021, 4, 1), 18, ("district", 2022), ("city", 2024)),
    incubator("P4", "示范四园孵化器", "12", date(2019, 6, 1), 52, ("city", 2021), ("provincial", 2023),
      story=JUST_BELOW),
    incubator("P5", "示范五园孵化器", "15", date(2019, 4, 1), 52, ("district", 2020), ("city", 2021),
      ("provincial", 2023), story=READY),
    incubator("P6", "示范六园孵化器", "3", date(2020, 8, 1), 9),
    incubator("P7", "示范七园孵化器", "15", date(2020, 6, 1), 24, ("district", 2022), ("city", 2024)),
    makerspace("JR", "金荣众创空间", "6", 2019, 30, ("provincial", 2020), ("national", 2022), story=READY),
    makerspace("LD", "联东众创空间", "6", 2021, 16, ("city", 2022)),
    makerspace("5G", "终端谷众创空间", "6", 2022, 20, ("provincial", 2024)),
    makerspace("P4", "示范四园众创空间", "4", 2020, 14, ("city", 2022)),
    makerspace("P5", "示范五园众创空间", "4", 2020, 14),
    makerspace("P7", "示范七园众创空间", "3", 2022, 16, ("district", 2024)),
    accelerator("JR", "金荣加速器", "45", 2020, ("district", 2022)),
    accelerator("5G", "终端谷加速器", "7", 2021, ("city", 2024)),
    accelerator("P5", "示范五园加速器", "23", 2021, ("district", 2023)),
    accelerator("P6", "示范六园加速器", "12", 2021),
]  # fmt: skip


def figures_of(plan, year, rng) -> dict:
    """Columns of ``CarrierYear``; those with a story meet what their rules ask of figures."""
    strong = bool(plan.story)
    staff = 14 if strong else rng.randrange(4, 9)
    rent = rng.randrange(180, 420) * 10_000
    return {
        "year": year, "staff": staff, "full_time_staff": staff - 1,
        "professional_staff": 12 if strong else staff - rng.randrange(1, 3),
        "fund": 8_000_000 if strong else rng.choice((None, 1_000_000, 3_000_000, 5_000_000)),
        "fund_cases": 6 if strong else rng.randrange(0, 5), "typical_cases": rng.randrange(2, 6),
        "income_rent": rent, "income_services": rent * rng.randrange(20, 70) // 100,
        "income_investment": rent * rng.randrange(0, 12) // 100,
        "income_grants": rng.choice((0, 300_000, 500_000)), "income_other": 0,
        "cost": rent * rng.randrange(60, 110) // 100, "tax": rent * rng.randrange(3, 9) // 100,
        "tax_relief": rent * rng.randrange(0, 6) // 100,
        "technical_platform": plan.kind == "specialised" or strong,
        "service_income_separate": strong or rng.random() < 0.6,
        "statistics_complete": strong or rng.random() < 0.85,
        "evidence": f"{year}年度孵化载体统计表（示例）",
    }  # fmt: skip
