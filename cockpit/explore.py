"""One view of the explorer: what was asked, which charts suit it, the drawing and the table under it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.core import signing
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cockpit import charts, queries, regions
from cockpit.catalogue.indicator import Unit
from cockpit.charts.lines import MOST as MOST_LINES
from cockpit.charts.svg import NARROW, WIDE
from cockpit.exports import for_public
from cockpit.queries import Cell, Entry, View

MOST_HIDDEN = 20  # hidden rows that a table still lists
EMBED = "cockpit.embed"
MOST_CODES = 60
FLOWS = ({"from_isco1", "to_isco1"}, {"from_isco", "to_isco"}, {"from_sector", "to_sector"})
UNITS = {
    Unit.PEOPLE: "", Unit.NUMBER: "", Unit.PERCENT: "%", Unit.POINTS: "%-pt", Unit.DAYS: gettext_lazy("days"),
    Unit.KM: "km", Unit.MINUTES: gettext_lazy("minutes"), Unit.HOURS: gettext_lazy("hours"),
    Unit.WEEKS: gettext_lazy("weeks"), Unit.EURO: "€", Unit.RATIO: "", Unit.SCORE: "",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see; everything but the indicator may be empty."""

    key: str
    by: str = ""
    first: tuple[str, ...] = ()
    second: tuple[str, ...] = ()
    period: date | None = None
    against: date | None = None
    chart: str = ""

    def as_query(self, **changes) -> str:
        """The address of this view, or of one that differs a little."""
        one = replace(self, **changes)
        query = QueryDict(mutable=True)
        for name, value in (
            ("by", one.by),
            ("period", _month(one.period)),
            ("against", _month(one.against)),
            ("chart", one.chart),
        ):
            if value:
                query[name] = value
        query.setlist("first", list(one.first))
        query.setlist("second", list(one.second))
        return query.urlencode()


def read(key: str, query: QueryDict) -> Asked:
    """What a query string asks for; nonsense in it is left out."""
    return Asked(
        key, query.get("by", "")[:60], tuple(query.getlist("first")[:MOST_CODES]),
        tuple(query.getlist("second")[:MOST_CODES]), _read_month(query.get("period", "")),
        _read_month(query.get("against", "")), query.get("chart", "")[:10],
    )  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One line of the table; `before` and `change` only when two periods are compared."""

    first: str
    second: str
    value: float | None
    n: int | None
    suppressed: bool
    before: float | None = None
    change: float | None = None


@dataclass(frozen=True)
class Shown:
    """Everything that the page of a view needs."""

    asked: Asked
    entry: Entry
    view: View
    charts: tuple[str, ...]  # those that suit this view, the chosen one first
    wide: str  # SVG
    narrow: str
    rows: tuple[Row, ...]
    series: tuple[queries.Series, ...]  # what the lines are drawn of
    categories: tuple[tuple[str, str], ...]  # to choose from, (code, label)
    total: Cell | None

    @property
    def chart(self) -> str:
        return self.charts[0]

    @property
    def unit(self) -> str:
        return str(UNITS[Unit(self.entry.unit)])

    @property
    def title(self) -> str:
        """The name with what it is broken down by, as over a chart in a newspaper."""
        names = " × ".join(dimension.label for dimension in self.view.dimensions)
        return f"{self.entry.name} ({names})" if names else self.entry.name

    @property
    def listed(self) -> tuple[Row, ...]:
        """The rows of the table: many hidden ones are left out, and counted beneath it."""
        return tuple(row for row in self.rows if not row.suppressed) if self.left_out else self.rows

    @property
    def left_out(self) -> int:
        """How many hidden rows the table leaves out."""
        hidden = sum(row.suppressed for row in self.rows)
        return hidden if hidden > MOST_HIDDEN else 0

    @property
    def is_all_hidden(self) -> bool:
        return bool(self.rows) and all(row.suppressed for row in self.rows)

    @property
    def months_table(self) -> list[tuple[date, list]]:
        """The lines as a table, newest month first: (month, a point or None for each series)."""
        points = [{point.period: point for point in one.points} for one in self.series]
        months = sorted({month for one in points for month in one}, reverse=True)
        return [(month, [one.get(month) for one in points]) for month in months]

    @property
    def months(self) -> tuple[date, ...]:
        return tuple(reversed(self.view.months))


def show(asked: Asked, *, public: bool = False) -> Shown | None:
    """The view, or None when there is no such indicator or breakdown. With `public` every number is rounded."""
    whole = queries.view(asked.key, asked.by, period=asked.period)
    if whole is None:
        return None
    categories = tuple(dict.fromkeys((cell.first.code, cell.first.label) for cell in whole.cells if cell.first.code))
    view = whole
    if asked.first or asked.second:
        kept = [
            cell
            for cell in whole.cells
            if (not asked.first or cell.first.code in asked.first)
            and (not asked.second or (cell.second is not None and cell.second.code in asked.second))
        ]
        view = replace(whole, cells=tuple(kept))
    before = queries.view(asked.key, asked.by, period=asked.against) if asked.against else None
    series = queries.series(asked.key, asked.by) if asked.by.count(",") == 0 else ()
    if asked.first:
        series = tuple(one for one in series if one.category.code in asked.first)
    if public:
        view, series = for_public(view), tuple(_public_series(one, view) for one in series)
        before = for_public(before) if before else None
    suiting = _suiting(view, series)
    chart = asked.chart if asked.chart in suiting else suiting[0]
    ordered = (chart, *(one for one in suiting if one != chart))
    rows = _rows(view, before)
    wide, narrow = (_draw(chart, view, series, rows, width) for width in (WIDE, NARROW))
    return Shown(
        replace(asked, chart=chart), view.indicator, view, ordered, wide, narrow, rows, series, categories, view.total
    )


def _suiting(view: View, series) -> tuple[str, ...]:
    names = {dimension.code for dimension in view.dimensions}
    over_time = ("line",) if any(len([p for p in one.points if p.value is not None]) > 1 for one in series) else ()
    if not names:
        return over_time or ("number",)
    if len(names) == 2:
        return ("flow", "matrix") if names in FLOWS else ("matrix",)
    return ("map", "bar", *over_time) if names == {"municipality"} else ("bar", *over_time)


def _rows(view: View, before: View | None) -> tuple[Row, ...]:
    cells = view.cells or ((view.total,) if view.total else ())
    earlier = (
        {_key(cell): cell.value for cell in (before.cells or ((before.total,) if before.total else ()))}
        if before
        else {}
    )
    rows = []
    for cell in cells:
        was = earlier.get(_key(cell))
        change = cell.value - was if before and was is not None and cell.value is not None else None
        rows.append(
            Row(
                cell.first.label,
                cell.second.label if cell.second else "",
                cell.value,
                cell.n,
                cell.suppressed,
                was,
                change,
            )
        )
    return tuple(rows)


def _key(cell: Cell) -> tuple[str, str]:
    return cell.first.code, cell.second.code if cell.second else ""


def _draw(chart: str, view: View, series, rows: tuple[Row, ...], width: int) -> str:
    decimals, hidden = view.indicator.decimals, _("hidden")
    if chart == "line":
        largest = sorted(series, key=lambda one: -max((p.value or 0 for p in one.points), default=0))[:MOST_LINES]
        named = [charts.Line(one.category.label, [(p.period, p.value) for p in one.points]) for one in largest]
        return charts.lines(named, decimals=decimals, width=width)
    if chart == "map":
        values: Mapping[str, float | None] = {cell.first.code: cell.value for cell in view.cells}
        return charts.map_of(regions.shapes(), values, decimals=decimals, width=width, hidden=hidden)
    if chart == "matrix":
        first = tuple(dict.fromkeys(cell.first.label for cell in view.cells))
        second = tuple(dict.fromkeys(cell.second.label for cell in view.cells if cell.second))
        found = {(cell.first.label, cell.second.label): cell.value for cell in view.cells if cell.second}
        return charts.matrix(
            first, second, [[found.get((a, b)) for b in second] for a in first], decimals=decimals, width=width
        )
    if chart == "flow":
        moves = [(c.first.label, c.second.label, c.value) for c in view.cells if c.second and c.value]
        return charts.flow(moves, width=width)
    if chart == "number":
        return ""
    compared = [row.before for row in rows] if any(row.before is not None for row in rows) else []
    return charts.bars(
        [(row.first, row.value, row.suppressed) for row in rows],
        decimals=decimals,
        width=width,
        hidden=hidden,
        against=compared,
    )


def _public_series(one: queries.Series, view: View) -> queries.Series:
    cells = tuple(Cell(one.category, None, point.value, point.n, point.suppressed) for point in one.points)
    rounded = for_public(replace(view, cells=cells, total=None)).cells
    points = tuple(replace(point, value=cell.value, n=cell.n) for point, cell in zip(one.points, rounded, strict=True))
    return replace(one, points=points)


def picture_of(shown: Shown, today: date) -> str:
    """The chart as an SVG that stands by itself, with where it comes from."""
    when = date_format(shown.view.period, "F Y") if shown.view.period else _("latest")
    source = f"CockpitWerk · {when} · {date_format(today, 'j F Y')}"
    subtitle = f"{shown.entry.question} {f'({shown.unit})' if shown.unit else ''}".strip()
    return charts.standalone(shown.wide or charts.lines([]), title=shown.title, subtitle=subtitle, source=source)


def embed_code(asked: Asked) -> str:
    """A signed code of a view: who has it sees this view, rounded for the public, and nothing else."""
    return signing.dumps([asked.key, asked.as_query()], salt=EMBED, compress=True)


def read_embed(code: str) -> Asked | None:
    """What a code stands for; None when it is none of ours."""
    try:
        key, query = signing.loads(code, salt=EMBED)
    except signing.BadSignature:
        return None
    return read(key, QueryDict(query))


def _month(day: date | None) -> str:
    return day.strftime("%Y-%m") if day else ""


def _read_month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
