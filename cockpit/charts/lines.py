"""Lines over months, named at their ends; gaps where a month is hidden; a band for what is expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format

from cockpit.charts.svg import CHARACTER, WIDE, drawing, element, number, shortened, text, ticks

MOST = 6  # lines; more are a tangle
TOP, BOTTOM, LEFT = 14, 34, 52


@dataclass(frozen=True)
class Line:
    label: str
    points: Sequence[tuple[date, float | None]]
    dashed: bool = False


@dataclass(frozen=True)
class Band:
    """From `low` to `high` in each month."""

    points: Sequence[tuple[date, float, float]]


def lines(series: Sequence[Line], *, decimals: int = 0, width: int = WIDE, band: Band | None = None) -> str:
    """SVG of at most six lines; the scale starts at zero unless a value is under it."""
    series = [line for line in series if any(value is not None for _, value in line.points)][:MOST]
    days = sorted(
        {day for line in series for day, _ in line.points} | {day for day, _, _ in (band.points if band else ())}
    )
    if not days:
        return drawing(width, 40, [text("–", 0, 20, class_="soft")])
    height = 340 if width >= WIDE else 260
    named = len(series) > 1
    right = min(180.0, 12 + CHARACTER * max(len(line.label) for line in series)) if named and width >= WIDE else 16.0
    values = [value for line in series for _, value in line.points if value is not None]
    values += [value for _, low, high in (band.points if band else ()) for value in (low, high)]
    scale = ticks(min(0.0, *values), max(values))
    span = max((days[-1] - days[0]).days, 1)

    def x(day: date) -> float:
        return LEFT + (day - days[0]).days / span * (width - LEFT - right)

    def y(value: float) -> float:
        return TOP + (scale[-1] - value) / (scale[-1] - scale[0]) * (height - TOP - BOTTOM)

    places = 0 if all(tick == round(tick) for tick in scale) else max(decimals, 1)
    parts = []
    for tick in scale:
        parts.append(element("line", x1=LEFT, x2=width - right, y1=y(tick), y2=y(tick), class_="grid"))
        parts.append(text(number(tick, places), LEFT - 8, y(tick) + 5, text_anchor="end", class_="soft"))
    parts += _months(days, x, height, 3 if width < WIDE else 7)
    if band and band.points:
        edge = [f"{x(day):.1f},{y(high):.1f}" for day, _, high in band.points]
        edge += [f"{x(day):.1f},{y(low):.1f}" for day, low, _ in reversed(band.points)]
        parts.append(element("polygon", points=" ".join(edge), class_="band"))
    ends = []
    for place, line in enumerate(series):
        kind = f"line line-{place + 1}" + (" dashed" if line.dashed else "")
        for run in _runs(line.points):
            if len(run) == 1:
                parts.append(element("circle", cx=x(run[0][0]), cy=y(run[0][1]), r=3, class_=f"dot line-{place + 1}"))
            else:
                parts.append(
                    element("polyline", points=" ".join(f"{x(d):.1f},{y(v):.1f}" for d, v in run), class_=kind)
                )
        known = [(day, value) for day, value in line.points if value is not None]
        ends.append((y(known[-1][1]), x(known[-1][0]), place, line.label))
    if named and width >= WIDE:
        parts += _names(ends, right)
    elif named:
        parts += [
            text(shortened(label, width - LEFT), LEFT, height + 18 * place + 8, class_=f"name name-{place + 1}")
            for _, _, place, label in ends
        ]
        height += 18 * len(ends) + 8
    return drawing(width, height, parts)


def spark(values: Sequence[float | None]) -> str:
    """A small line without numbers, for beside a number."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    step = 116 / (len(values) - 1)

    def y(value: float) -> float:
        return 16.0 if high == low else 28 - (value - low) / (high - low) * 24

    runs = _runs([(place, value) for place, value in enumerate(values)])
    parts = [
        element(
            "polyline",
            points=" ".join(f"{2 + place * step:.1f},{y(value):.1f}" for place, value in run),
            class_="line line-1",
        )
        for run in runs
    ]
    last = max(place for place, value in enumerate(values) if value is not None)
    parts.append(element("circle", cx=2 + last * step, cy=y(values[last]), r=3, class_="dot line-1"))
    return drawing(120, 32, parts)


def _runs(points):
    """Stretches without a gap."""
    run: list = []
    for place, value in points:
        if value is None:
            if run:
                yield run
            run = []
        else:
            run.append((place, value))
    if run:
        yield run


def _months(days, x, height: int, most: int) -> list[str]:
    every = max(1, -(-len(days) // most))
    shown = days[::every]
    return [
        text(date_format(day, "b Y") if place == 0 or day.month <= every else date_format(day, "b"), x(day), height - 10,
             text_anchor="middle" if place else "start", class_="soft")
        for place, day in enumerate(shown)
    ]  # fmt: skip


def _names(ends, right: float) -> list[str]:
    """The names of the lines at their ends, moved apart where they would touch."""
    parts, lowest = [], -100.0
    for y, x, place, label in sorted(ends):
        lowest = max(y, lowest + 17)
        parts.append(text(shortened(label, right - 8), x + 8, lowest + 5, class_=f"name name-{place + 1}"))
    return parts
