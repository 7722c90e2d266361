"""Charts: everything that is drawn is there, in proportion, and well-formed whatever the words are."""

from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit import charts
from cockpit.charts.svg import NARROW, WIDE, ticks
from cockpit.regions import Shape

SVG = "{http://www.w3.org/2000/svg}"
MONTHS = [date(2026, month, 1) for month in range(1, 9)]
numbers = st.none() | st.floats(-1e6, 1e6).map(lambda x: round(x, 3))


def parsed(picture: str):
    return ElementTree.fromstring(picture)


def of(picture: str, kind: str, name: str):
    return [one for one in parsed(picture).iter(f"{SVG}{name}") if kind in one.get("class", "").split()]


@given(st.lists(st.tuples(st.text(max_size=60), numbers, st.booleans()), max_size=40), st.sampled_from([WIDE, NARROW]))
def test_bars_are_well_formed_for_any_words_and_numbers(rows, width):
    clean = [("".join(c for c in words if c.isprintable()), value, hidden) for words, value, hidden in rows]
    parsed(charts.bars(clean, width=width, hidden="verborgen"))


def test_a_bar_is_as_long_as_its_value():
    drawn = charts.bars([("a", 10, False), ("b", 5, False), ("c", None, True)], hidden="verborgen")
    longest, half = (float(bar.get("width")) for bar in of(drawn, "bar", "rect"))
    assert half == pytest.approx(longest / 2, abs=0.1)
    assert "verborgen" in drawn


def test_a_hidden_month_is_a_gap():
    whole = charts.lines([charts.Line("a", [(month, 5.0) for month in MONTHS])])
    gap = charts.lines([charts.Line("a", [(month, None if n == 3 else 5.0) for n, month in enumerate(MONTHS)])])
    assert (len(of(whole, "line", "polyline")), len(of(gap, "line", "polyline"))) == (1, 2)


@given(st.lists(st.lists(numbers, min_size=8, max_size=8), max_size=9), st.sampled_from([WIDE, NARROW]))
def test_lines_stay_inside_the_picture(values, width):
    drawn = parsed(
        charts.lines(
            [charts.Line(f"lijn {n}", list(zip(MONTHS, one, strict=True))) for n, one in enumerate(values)], width=width
        )
    )
    _, _, wide, high = (float(number) for number in drawn.get("viewBox").split())
    for line in drawn.iter(f"{SVG}polyline"):
        for point in line.get("points").split():
            x, y = map(float, point.split(","))
            assert -1 <= x <= wide + 1
            assert -1 <= y <= high + 1


@given(st.floats(-1e7, 1e7), st.floats(0, 1e7))
def test_ticks_hold_everything_and_are_few(low, more):
    found = ticks(low, low + more)
    assert found[0] <= low + 1e-6 * max(1, abs(low), more)
    assert found[-1] >= low + more - 1e-6 * max(1, abs(low + more), more)
    assert 2 <= len(found) <= 9


def test_more_people_make_a_thicker_ribbon_and_no_move_is_lost():
    moves = [("bouw", "zorg", 30.0), ("zorg", "bouw", 10.0), ("zorg", "zorg", 5.0)]
    drawn = charts.flow(moves)
    titles = [title.text for title in parsed(drawn).iter(f"{SVG}title")]
    assert sorted(titles) == ["bouw → zorg: 30", "zorg → bouw: 10", "zorg → zorg: 5"]


def test_a_map_is_darker_for_more_and_says_what_is_hidden():
    square = {"type": "Polygon", "coordinates": [[[6, 53], [6.1, 53], [6.1, 53.1], [6, 53.1], [6, 53]]]}
    shapes = [Shape(str(n), f"plaats {n}", "Drenthe", 53.05, 6.05, square) for n in range(6)] + [
        Shape("p", "punt", "Drenthe", 53, 6.2, None)
    ]
    drawn = charts.map_of(
        shapes, {f"plaats {n}": float(n) for n in range(5)} | {"plaats 5": None, "punt": 9.0}, hidden="verborgen"
    )
    steps = {path.find(f"{SVG}title").text: path.get("class") for path in of(drawn, "area", "path")}
    assert steps["plaats 0: 0"] == "area step-1"
    assert steps["plaats 4: 4"] > steps["plaats 1: 1"]
    assert steps["plaats 5: verborgen"] == "area step-none"
    assert len(of(drawn, "area", "circle")) == 1


def test_nothing_to_draw_is_a_picture_too():
    for drawn in (charts.bars([]), charts.lines([]), charts.flow([]), charts.matrix([], [], []), charts.map_of([], {})):
        parsed(drawn)


def test_a_file_stands_by_itself():
    picture = charts.standalone(
        charts.bars([("<zorg> & co", 3, False)]), title="Vacatures", subtitle="Hoeveel?", source="CockpitWerk"
    )
    root = parsed(picture)
    assert "Vacatures" in "".join(root.itertext())
    assert "var(--" not in picture, "no custom property is left for readers that know none"
    content = charts.png(picture)
    assert content.startswith(b"\x89PNG")
    assert len(content) > 3000
