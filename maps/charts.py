"""A line of ratios over time as points of an SVG; pure."""

WIDTH, HEIGHT = 720, 180
LEFT, RIGHT, TOP, BOTTOM = 40, 50, 12, 26


def ratio_chart(series) -> dict | None:
    """Points of ``series`` (Ratios in the order of days), an axis from a round value to 100 %.

    Days without a value break the line. None when no day has a value.
    """
    known = [ratio.value for ratio in series if ratio.value is not None]
    if not known:
        return None
    low = max(0, int(min(known) * 10) / 10 - 0.1)
    low = round(low, 1)
    step = (WIDTH - LEFT - RIGHT) / max(len(series) - 1, 1)

    def height(value):
        return round(TOP + (1 - (float(value) - low) / (1 - low)) * (HEIGHT - TOP - BOTTOM), 1)

    points, lines, line = [], [], []
    for i, ratio in enumerate(series):
        if ratio.value is None:
            line = []
            continue
        if not line:
            lines.append(line)
        point = {"x": round(LEFT + i * step, 1), "y": height(ratio.value), "ratio": ratio}
        line.append(f"{point['x']},{point['y']}")
        points.append(point)
    ticks = sorted({low, round((1 + low) / 2, 2), 1.0})
    every = max(1, len(series) // 6)
    return {
        "width": WIDTH, "height": HEIGHT, "left": LEFT, "right": WIDTH - RIGHT,
        "bottom": HEIGHT - BOTTOM, "points": points, "lines": [" ".join(one) for one in lines],
        "last": points[-1],
        "ticks": [{"y": height(tick), "value": tick} for tick in ticks],
        "days": [
            {"x": round(LEFT + i * step, 1), "on": ratio.on}
            for i, ratio in enumerate(series)
            if i % every == 0
        ],
    }  # fmt: skip
