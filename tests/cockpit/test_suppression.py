"""Suppression: nobody can be found, also not by subtraction."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.privacy import rounded
from cockpit.suppression import Line, determined, protect

counts = st.lists(st.integers(0, 60), min_size=1, max_size=12)
tables = st.lists(st.lists(st.integers(0, 30), min_size=2, max_size=5), min_size=2, max_size=5).filter(
    lambda rows: len({len(row) for row in rows}) == 1
)
smallests = st.integers(2, 15)
quick = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def one_way(groups):
    cells = {number: [count] for number, count in enumerate(groups)} | {"all": [sum(groups)]}
    return cells, [Line("all", tuple(range(len(groups))))]


def two_way(rows):
    """A table with its margins, and all sums that can be made in it."""
    height, width = len(rows), len(rows[0])
    cells = {(r, c): [rows[r][c]] for r in range(height) for c in range(width)}
    cells |= {(r, "all"): [sum(rows[r])] for r in range(height)}
    cells |= {("all", c): [sum(row[c] for row in rows)] for c in range(width)}
    cells["all", "all"] = [sum(map(sum, rows))]
    everything_r, everything_c = [*range(height), "all"], [*range(width), "all"]
    lines = [Line((r, "all"), tuple((r, c) for c in range(width))) for r in everything_r]
    lines += [Line(("all", c), tuple((r, c) for r in range(height))) for c in everything_c]
    return cells, lines


@given(counts, smallests)
@quick
def test_no_small_group_is_shown(groups, smallest):
    cells, lines = one_way(groups)
    hidden = protect(cells, lines, smallest)
    assert all(cells[cell][0] == 0 or cells[cell][0] >= smallest for cell in cells if cell not in hidden)


@given(counts, smallests)
@quick
def test_the_total_minus_what_is_shown_never_reveals_a_small_group(groups, smallest):
    cells, lines = one_way(groups)
    hidden = protect(cells, lines, smallest)
    if "all" in hidden or not hidden:
        return
    assert len(hidden) >= 2
    assert sum(cells[cell][0] for cell in hidden) >= smallest


@given(tables, smallests)
@quick
def test_in_a_table_with_margins_no_hidden_cell_follows_from_the_rest(rows, smallest):
    """Against linear algebra in floats, which the suppression itself does not use."""
    cells, lines = two_way(rows)
    hidden = protect(cells, lines, smallest)
    unknown = sorted(hidden, key=str)
    if not unknown:
        return
    system = np.zeros((len(lines), len(unknown)))
    for row, line in enumerate(lines):
        for cell, sign in [*((part, 1) for part in line.parts), (line.total, -1)]:
            if cell in hidden:
                system[row, unknown.index(cell)] += sign
    _u, sizes, basis = np.linalg.svd(system)
    null = basis[int((sizes > 1e-9).sum()) :]  # directions in which the hidden cells can move unseen
    free = np.abs(null).max(axis=0) if len(null) else np.zeros(len(unknown))
    assert all(move > 1e-9 for move in free), unknown


@given(tables, smallests)
@quick
def test_every_sum_of_hidden_cells_in_a_line_is_large_enough(rows, smallest):
    cells, lines = two_way(rows)
    hidden = protect(cells, lines, smallest)
    for line in lines:
        gone = [cells[cell][0] for cell in line.parts if cell in hidden]
        if gone and line.total not in hidden:
            assert sum(gone) == 0 or sum(gone) >= smallest


def test_a_cell_between_two_closed_rings_is_found_out():
    """Each row and column with a hidden cell has two of them, and still one follows: the bridge between two rings."""
    ring_1, ring_2 = [(0, 0), (0, 1), (1, 0), (1, 1)], [(2, 2), (2, 3), (3, 2), (3, 3)]
    cells, lines = two_way([[5] * 4] * 4)
    assert determined({*ring_1, *ring_2, (1, 2)}, lines, cells) == {(1, 2)}
    assert determined({*ring_1, *ring_2}, lines, cells) == set()


def test_both_sides_of_a_share_are_protected():
    cells = {"all": [40, 60], "care": [30, 8], "shops": [10, 30], "IT": [0, 22]}
    assert "care" in protect(cells, [Line("all", ("care", "shops", "IT"))], 10)


def test_who_is_counted_in_several_categories_is_not_taken_for_two():
    cells = {"all": [30], "may": [6], "june": [6], "july": [18]}
    line = [Line("all", ("may", "june", "july"))]
    assert protect(cells, line, 10) == {"may", "june"}
    assert protect(cells, line, 10, distinct=True) == {"may", "june", "july"}


def test_what_is_hidden_in_a_wider_table_stays_hidden():
    cells = {"all": [50], "care": [20], "shops": [14], "IT": [16]}
    hidden = protect(cells, [Line("all", ("care", "shops", "IT"))], 10, hidden_already=["care"])
    assert hidden == {"care", "shops"}


@given(st.floats(0, 1e6))
@quick
def test_rounding_is_to_the_nearest_five(value):
    assert rounded(value) % 5 == 0
    assert abs(rounded(value) - value) <= 2.5
