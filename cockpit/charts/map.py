"""A map of municipalities: filled by value in five steps; points where only those are known."""

import math
from collections.abc import Mapping, Sequence

from cockpit.charts.svg import CHARACTER, WIDE, drawing, element, number, text
from cockpit.regions import Shape

STEPS = 5


def map_of(
    shapes: Sequence[Shape],
    values: Mapping[str, float | None],
    *,
    decimals: int = 0,
    width: int = WIDE,
    hidden: str = "",
) -> str:
    """SVG of these municipalities; `values` by name, None for hidden, a name that is missing is no data.

    Equirectangular, with the longitude shortened by the cosine of the middle latitude: true enough for a region.
    """
    seen = [shape for shape in shapes if shape.name in values] or list(shapes)
    rings = {shape.name: _rings(shape.outline) for shape in seen}
    points = [point for shape in seen for ring in rings[shape.name] for point in ring]
    points += [(shape.longitude, shape.latitude) for shape in seen]
    if not points:
        return drawing(width, 40, [text("–", 0, 20, class_="soft")])
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    room = width - 40
    height = min(max(room * (north - south) / max((east - west) * squeeze, 1e-6), 160), 1.3 * width)
    scale = min(room / max((east - west) * squeeze, 1e-6), height / max(north - south, 1e-6))

    def at(longitude: float, latitude: float) -> tuple[float, float]:
        return 20 + (longitude - west) * squeeze * scale, 20 + (north - latitude) * scale

    known = sorted(value for value in values.values() if value is not None)
    edges = [known[round(n * (len(known) - 1) / STEPS)] for n in range(1, STEPS)] if known else []
    parts = []
    for shape in seen:
        value = values.get(shape.name)
        step = "step-none" if value is None else f"step-{1 + sum(value > edge for edge in edges)}"
        said = number(value, decimals) if value is not None else (hidden if shape.name in values else "–")
        title = element("title", f"{shape.name}: {said}")
        if rings[shape.name]:
            path = " ".join(
                "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in (at(*point) for point in ring)) + "Z"
                for ring in rings[shape.name]
            )
            parts.append(element("path", title, d=path, class_=f"area {step}", fill_rule="evenodd"))
    for shape in seen:
        value = values.get(shape.name)
        x, y = at(shape.longitude, shape.latitude)
        if not rings[shape.name]:
            step = "step-none" if value is None else f"step-{1 + sum(value > edge for edge in edges)}"
            parts.append(element("circle", cx=x, cy=y, r=9, class_=f"area {step}"))
        if width >= WIDE:
            half = len(shape.name) * CHARACTER / 2  # a name at the edge stays within the picture
            anchor = "start" if x < half else "end" if x > width - half else "middle"
            parts.append(
                text(shape.name, x, y - (12 if not rings[shape.name] else -4), text_anchor=anchor, class_="place")
            )
    parts += _key(edges, known, decimals, height + 56)
    return drawing(width, height + 84, parts)


def _rings(outline) -> list[list[tuple[float, float]]]:
    """Rings of a GeoJSON polygon or multipolygon; nothing for anything else."""
    if not outline:
        return []
    polygons = {"Polygon": [outline.get("coordinates")], "MultiPolygon": outline.get("coordinates")}.get(
        outline.get("type"), []
    )
    return [[(point[0], point[1]) for point in ring] for polygon in polygons or [] for ring in polygon or []]


def _key(edges, known, decimals: int, y: float) -> list[str]:
    if not known:
        return []
    bounds = [known[0], *edges, known[-1]]
    parts = [
        element("rect", x=20.0 + step * 58, y=float(y), width=56.0, height=12.0, class_=f"area step-{step + 1}")
        for step in range(STEPS)
    ]
    parts.append(text(number(bounds[0], decimals), 20, y + 27, class_="soft"))
    parts.append(text(number(bounds[-1], decimals), 20 + STEPS * 58, y + 27, text_anchor="end", class_="soft"))
    return parts
