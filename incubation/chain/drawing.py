"""The flow and the curves of stay as shapes of an SVG; pure, no words."""

from dataclasses import dataclass

from incubation.chain.states import STATES

WIDTH, HEIGHT = 860, 360
#: Margins for labels, width of a node, gap between nodes, least height of what is there.
SIDE, NODE, GAP, LEAST = 150, 14, 12, 2
CURVE_WIDTH, CURVE_HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 44, 110, 10, 26


@dataclass(frozen=True)
class Node:
    state: str
    x: float
    y: float
    height: float
    count: int
    right: bool


@dataclass(frozen=True)
class Ribbon:
    """``path``: outline between two nodes; ``x``, ``y``: where it leaves, for a number."""

    source: str
    target: str
    path: str
    x: float
    y: float
    count: int
    roomy: bool


@dataclass(frozen=True)
class Sankey:
    nodes: list
    ribbons: list
    width: int = WIDTH
    height: int = HEIGHT


def sankey(counts) -> Sankey | None:
    """``counts[source, target]`` → two columns of nodes and what flows between them.

    Heights are in proportion to the numbers. None where nothing flows.
    """
    total = sum(counts.values())
    if not total:
        return None
    sides = [
        {state: sum(n for pair, n in counts.items() if pair[side] == state) for state in STATES}
        for side in (0, 1)
    ]
    most = max(sum(1 for n in side.values() if n) for side in sides)
    scale = (HEIGHT - GAP * (most + 1) - LEAST * most) / total
    nodes, places = [], [{}, {}]
    for side, sums in enumerate(sides):
        y = GAP
        for state, number in sums.items():
            if not number:
                continue
            height = max(number * scale, LEAST)
            x = WIDTH - SIDE - NODE if side else SIDE
            nodes.append(Node(state, x, round(y, 1), round(height, 1), number, bool(side)))
            places[side][state] = y
            y += height + GAP
    ribbons = []
    x0, x1 = SIDE + NODE, WIDTH - SIDE - NODE
    middle = (x0 + x1) / 2
    for source in STATES:
        for target in STATES:
            number = counts.get((source, target), 0)
            if not number:
                continue
            a, b, h = places[0][source], places[1][target], number * scale
            places[0][source] += h
            places[1][target] += h
            path = (
                f"M{x0},{a:.1f} C{middle},{a:.1f} {middle},{b:.1f} {x1},{b:.1f} "
                f"L{x1},{b + h:.1f} C{middle},{b + h:.1f} {middle},{a + h:.1f} {x0},{a + h:.1f} Z"
            )
            # At its source each ribbon has a height of its own: numbers there never collide.
            y = round(a + h / 2, 1)
            ribbons.append(Ribbon(source, target, path, x0 + 8, y, number, h >= 12))
    return Sankey(nodes, ribbons)


@dataclass(frozen=True)
class Curve:
    """``line`` and ``band``: points of a polyline and of a polygon; ``x``, ``y``: where it ends."""

    stage: str
    line: str
    band: str
    x: float
    y: float
    median: tuple | None


def curves(stays) -> dict | None:
    """Steps of every stage's share still in, over months; an axis up to the longest spell.

    None where nobody has left any stage yet.
    """
    known = {stage: one for stage, one in stays.items() if len(one.months)}
    if not known:
        return None
    longest = max(float(one.months[-1]) for one in known.values())
    span = max(12, -(-int(longest + 1) // 12) * 12)
    drawn = []
    for stage, one in known.items():
        steps = list(zip(one.months, one.share, strict=True))
        end = (_x(steps[-1][0], span), _y(steps[-1][1]))
        median = None if one.median is None else (_x(one.median, span), _y(0.5))
        low = _steps(zip(one.months, one.low, strict=True), span)
        high = _steps(zip(one.months, one.high, strict=True), span)
        band = _points(high + low[::-1])
        drawn.append(Curve(stage, _points(_steps(steps, span)), band, *end, median))
    every = 12 if span <= 96 else 24
    return {
        "width": CURVE_WIDTH, "height": CURVE_HEIGHT, "left": LEFT, "right": CURVE_WIDTH - RIGHT,
        "bottom": CURVE_HEIGHT - BOTTOM, "curves": _apart(drawn),
        "months": [(_x(month, span), month) for month in range(0, span + 1, every)],
        "ticks": [(_y(share), share) for share in (0, 0.5, 1)],
    }  # fmt: skip


def _apart(drawn):
    """Ends of curves with room for a label each, above the axis: pairs ``(curve, y of its label)``."""
    found, last = [], CURVE_HEIGHT - BOTTOM + 10.0
    for curve in sorted(drawn, key=lambda curve: -curve.y):
        last = min(curve.y, last - 14)
        found.append((curve, round(last, 1)))
    return found[::-1]


def _x(months, span):
    return round(LEFT + float(months) / span * (CURVE_WIDTH - LEFT - RIGHT), 1)


def _y(share):
    return round(TOP + (1 - float(share)) * (CURVE_HEIGHT - TOP - BOTTOM), 1)


def _steps(pairs, span):
    points, level = [(_x(0, span), _y(1))], _y(1)
    for months, share in pairs:
        x = _x(months, span)
        points += [(x, level), (x, _y(share))]
        level = _y(share)
    return points


def _points(points):
    return " ".join(f"{x},{y}" for x, y in points)
