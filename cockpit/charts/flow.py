"""From left to right: how many went from one group to another, as ribbons as thick as they are many."""

from collections import defaultdict
from collections.abc import Sequence

from cockpit.charts.svg import WIDE, drawing, element, number, shortened, text

MOST = 24  # ribbons, the largest
GAP = 8.0
NODE = 12.0


def flow(moves: Sequence[tuple[str, str, float]], *, width: int = WIDE) -> str:
    """SVG of (from, to, how many); the largest ribbons, both sides in order of size."""
    largest = sorted((move for move in moves if move[2] > 0), key=lambda move: (-move[2], move[0], move[1]))[:MOST]
    if not largest:
        return drawing(width, 40, [text("–", 0, 20, class_="soft")])
    left, right = defaultdict(float), defaultdict(float)
    for origin, goal, many in largest:
        left[origin] += many
        right[goal] += many
    total = sum(left.values())
    rows = max(len(left), len(right))
    height = max(220.0, rows * 34.0)
    unit = (height - GAP * (rows - 1)) / total
    side = width * 0.32

    def stacked(sizes) -> dict[str, float]:
        y, tops = 0.0, {}
        for name in sorted(sizes, key=lambda one: (-sizes[one], one)):
            tops[name] = y
            y += max(sizes[name] * unit, 16) + GAP
        return tops

    tops = stacked(left), stacked(right)
    bottom = max(tops[0][n] + max(left[n] * unit, 16) for n in left)
    bottom = max(bottom, *(tops[1][n] + max(right[n] * unit, 16) for n in right))
    used = defaultdict(float), defaultdict(float)
    start, end = side + NODE, width - side - NODE
    middle = (start + end) / 2
    order = {name: place for place, name in enumerate(sorted(left, key=lambda one: (-left[one], one)))}
    parts = []
    for origin, goal, many in largest:
        thick = many * unit
        y1 = tops[0][origin] + used[0][origin]
        y2 = tops[1][goal] + used[1][goal]
        used[0][origin] += thick
        used[1][goal] += thick
        path = (
            f"M{start:.1f},{y1:.1f} C{middle:.1f},{y1:.1f} {middle:.1f},{y2:.1f} {end:.1f},{y2:.1f} "
            f"L{end:.1f},{y2 + thick:.1f} C{middle:.1f},{y2 + thick:.1f} {middle:.1f},{y1 + thick:.1f} "
            f"{start:.1f},{y1 + thick:.1f}Z"
        )
        title = element("title", f"{origin} → {goal}: {number(many)}")
        parts.append(element("path", title, d=path, class_=f"ribbon ribbon-{order[origin] % 6 + 1}"))
    for which, sizes, x, anchor, edge in ((0, left, side, "end", side - 6), (1, right, end, "start", end + NODE + 6)):
        for name, many in sizes.items():
            y = tops[which][name]
            parts.append(element("rect", x=x, y=y, width=NODE, height=max(many * unit, 2.0), class_="node"))
            words = f"{shortened(name, side - 50)} {number(many)}"
            parts.append(text(words, edge, y + 13, text_anchor=anchor, class_="label small"))
    return drawing(width, bottom + 6, parts)
