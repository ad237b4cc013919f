"""The course of a carrier's verdicts as shapes of an SVG; pure, no words."""

from dataclasses import dataclass

STEP, BAR, HEIGHT, FOOT, HEAD = 26, 18, 120, 18, 16


@dataclass(frozen=True)
class Bar:
    """A month's column: ``(kind, y, height)`` of what is met, unknown and not met, from below."""

    month: object
    x: int
    middle: float
    top: float
    parts: list


@dataclass(frozen=True)
class CourseChart:
    bars: list
    width: int
    height: int
    #: Where the labels of the first of a year stand.
    foot: int


def course_chart(course) -> CourseChart:
    """One bar a month, its height the number of conditions."""
    asked = max((one.met + one.unknown + one.not_met for one in course), default=0) or 1
    scale = (HEIGHT - HEAD) / asked
    bars = []
    for place, month in enumerate(course):
        x, y, parts = place * STEP, float(HEIGHT), []
        for kind in ("met", "unknown", "not_met"):
            height = getattr(month, kind) * scale
            y -= height
            if height:
                parts.append((kind, round(y, 1), round(height, 1)))
        met = HEIGHT - month.met * scale
        bars.append(Bar(month, x, x + BAR / 2, round(met, 1), parts))
    return CourseChart(bars, max(len(course), 1) * STEP, HEIGHT + FOOT, HEIGHT + FOOT - 4)
