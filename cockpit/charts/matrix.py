"""Two dimensions at once: a grid of squares, darker for more."""

from collections.abc import Sequence

from cockpit.charts.svg import CHARACTER, WIDE, drawing, element, number, shortened, text

MOST_ROWS, MOST_COLUMNS = 26, 12
STEPS = 5
ROW = 28


def matrix(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float | None]],
    *,
    decimals: int = 0,
    width: int = WIDE,
) -> str:
    """SVG with a number in every square that is known; a dot where it is hidden or unknown."""
    rows, columns = list(rows)[:MOST_ROWS], list(columns)[:MOST_COLUMNS]
    cells = [list(line)[: len(columns)] for line in list(values)[: len(rows)]]
    known = sorted(value for line in cells for value in line if value is not None)
    edges = [known[round(n * (len(known) - 1) / STEPS)] for n in range(1, STEPS)] if known else []
    label_width = width * (0.3 if width >= WIDE else 0.38)
    side = (width - label_width) / max(len(columns), 1)
    top = 24 + 0.62 * min(112, CHARACTER * max((len(name) for name in columns), default=0))
    parts = []
    for place, name in enumerate(columns):
        x = label_width + (place + 0.5) * side
        parts.append(
            text(shortened(name, 112), x, top - 8, transform=f"rotate(-38 {x:.1f} {top - 8:.1f})", class_="label small")
        )
    for row, (name, line) in enumerate(zip(rows, cells, strict=True)):
        y = top + row * ROW
        parts.append(
            text(shortened(name, label_width - 12), label_width - 8, y + 19, text_anchor="end", class_="label small")
        )
        for column, value in enumerate(line):
            x = label_width + column * side
            step = "step-none" if value is None else f"step-{1 + sum(value > edge for edge in edges)}"
            parts.append(element("rect", x=x, y=y, width=side - 2, height=float(ROW - 2), class_=f"area {step}", rx=2))
            words = "·" if value is None else number(value, decimals)
            if side > 34 or value is None:
                parts.append(text(words, x + side / 2 - 1, y + 18, text_anchor="middle", class_=f"in-area in-{step}"))
    return drawing(width, top + len(rows) * ROW + 4, parts)
