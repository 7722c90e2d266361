"""Charts of CockpitWerk as SVG, drawn on the server: no script, the same picture on the page, in a file and in an embed.

Colours come from classes: on a page from `static/css/charts.css`, in a file from the same classes written out (`picture.py`).
"""

from cockpit.charts.bars import bars
from cockpit.charts.flow import flow
from cockpit.charts.lines import Band, Line, lines, spark
from cockpit.charts.map import map_of
from cockpit.charts.matrix import matrix
from cockpit.charts.picture import png, standalone
from cockpit.charts.svg import number

__all__ = ["Band", "Line", "bars", "flow", "lines", "map_of", "matrix", "number", "png", "spark", "standalone"]
