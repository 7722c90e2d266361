"""A chart as a file that stands by itself: with its title, source and colours, as SVG or PNG."""

import re
from functools import cache
from html import escape
from pathlib import Path

import fontpkg_atkinson_hyperlegible
import resvg_py
from django.conf import settings

from cockpit.charts.svg import element, shortened, text

FONTS = Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"
MARGIN, HEAD, FOOT = 24, 92, 44
LIGHT = {
    "surface": "#FFFFFF", "ink": "#16262E", "ink-soft": "#4B5B63", "line": "#DDD6C9", "sunken": "#F3EEE4",
    "chart-1": "#0F5257", "chart-2": "#A87A00", "chart-3": "#8A4F7D", "chart-4": "#A93F29", "chart-5": "#2A7247",
    "chart-6": "#4B5B63", "step-1": "#DCEBEA", "step-2": "#A9CFCC", "step-3": "#6BA9A7", "step-4": "#2F7B7D",
    "step-5": "#0A3B3F", "on-step-5": "#FFFFFF",
}  # fmt: skip
ZOOM = 2.0


@cache
def _rules() -> str:
    """The rules of `charts.css` with the light colours written in, for readers that know no custom properties."""
    css = (Path(settings.BASE_DIR) / "static" / "css" / "charts.css").read_text()
    body = css.split("/* picture */", 1)[1].rsplit("}", 1)[0].replace(".chart ", "")
    body = re.sub(r"var\(--([a-z0-9-]+)\)", lambda found: LIGHT.get(found[1], "Atkinson Hyperlegible"), body)
    return re.sub(r"\s+", " ", body)


def standalone(chart: str, *, title: str, subtitle: str, source: str) -> str:
    """The chart with its words around it."""
    width, height = (int(number) for number in re.search(r'viewBox="0 0 (\d+) (\d+)"', chart).groups())
    inner = re.sub(r"^<svg[^>]*>|</svg>$", "", chart)
    whole_width, whole_height = width + 2 * MARGIN, height + HEAD + FOOT
    parts = [
        element("style", escape(_rules(), quote=False)),
        element("rect", width=whole_width, height=whole_height, fill=LIGHT["surface"]),
        text(shortened(title, width * 0.75), MARGIN, 40, class_="title"),
        text(shortened(subtitle, width), MARGIN, 66, class_="soft"),
        element("g", inner, transform=f"translate({MARGIN} {HEAD})"),
        text(source, MARGIN, whole_height - 16, class_="soft small"),
    ]
    return element(
        "svg", "".join(parts), xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {whole_width} {whole_height}",
        width=whole_width, height=whole_height, font_family="Atkinson Hyperlegible, sans-serif", font_size=14,
    )  # fmt: skip


def png(picture: str) -> bytes:
    """What `standalone` made, drawn at twice its size with the site's own letter."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=picture,
            zoom=ZOOM,
            skip_system_fonts=True,
            font_dirs=[str(FONTS)],
            font_family="Atkinson Hyperlegible",
        )
    )
