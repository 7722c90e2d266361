"""Bars that lie: one a category, with its words above it on a phone and before it on a wide screen."""

from collections.abc import Sequence

from cockpit.charts.svg import WIDE, drawing, element, number, shortened, text

MOST = 30  # bars; the table has the rest
ROW_WIDE, ROW_NARROW = 30, 46


def bars(
    rows: Sequence[tuple[str, float | None, bool]],
    *,
    decimals: int = 0,
    width: int = WIDE,
    hidden: str = "",
    against: Sequence[float | None] = (),
) -> str:
    """SVG of (label, value, suppressed), in the order given; values under zero grow to the left.

    hidden: the word for a suppressed value. against: values to compare with, beside the rows, drawn as marks.
    """
    shown = list(rows)[:MOST]
    marks = (list(against) + [None] * len(shown))[: len(shown)]
    wide = width >= WIDE
    label_width = min(290.0, width * 0.42) if wide else 0.0
    known = [value for value in (*(value for _, value, _ in shown), *marks) if value is not None]
    low, high = min(0.0, *known, 0.0), max(0.0, *known, 1e-9)
    room = width - label_width - 78
    row_height = ROW_WIDE if wide else ROW_NARROW

    def x(value: float) -> float:
        return label_width + (value - low) / (high - low) * room

    parts = []
    for place, ((label, value, suppressed), mark) in enumerate(zip(shown, marks, strict=True)):
        top = place * row_height + (2 if wide else 20)
        words = shortened(label, label_width - 12 if wide else width)
        parts.append(
            text(words, label_width - 10, top + 18, text_anchor="end", class_="label")
            if wide
            else text(words, 0, top - 5, class_="label")
        )
        if value is None:
            parts.append(text(hidden if suppressed else "–", x(0) + 6, top + 18, class_="soft"))
            continue
        start, end = sorted((x(0), x(value)))
        parts.append(
            element("rect", x=start, y=float(top + 3), width=max(end - start, 1.0), height=20.0, class_="bar", rx=2)
        )
        beyond = max(x(value), x(0), x(mark) if mark is not None else 0)
        parts.append(text(number(value, decimals), beyond + 6, top + 18, class_="value"))
        if mark is not None:
            parts.append(element("rect", x=x(mark) - 1.5, y=float(top), width=3.0, height=26.0, class_="mark"))
    if low < 0:
        parts.append(element("line", x1=x(0), x2=x(0), y1=0, y2=len(shown) * row_height, class_="axis"))
    return drawing(width, len(shown) * row_height + 4, parts)
