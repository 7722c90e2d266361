"""Greedy cover: what the theorem promises, against all sets."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.cover import greedy_cover


def worth(table: np.ndarray, weight: np.ndarray, chosen) -> int:
    return int((weight * table[list(chosen)].max(axis=0)).sum()) if chosen else 0


@st.composite
def markets(draw):
    n_candidates, n_needs = draw(st.integers(1, 7)), draw(st.integers(1, 8))
    cells = draw(st.lists(st.integers(0, 15), min_size=n_candidates * n_needs, max_size=n_candidates * n_needs))
    weight = draw(st.lists(st.integers(0, 9), min_size=n_needs, max_size=n_needs))
    return np.array(cells).reshape(n_candidates, n_needs), np.array(weight), draw(st.integers(0, 4))


def sparse(table: np.ndarray):
    rows, columns = np.nonzero(table)
    return np.searchsorted(rows, np.arange(len(table) + 1)), columns, table[rows, columns]


@given(markets())
def test_greedy_reaches_what_the_theorem_promises(market):
    table, weight, size = market
    chosen = greedy_cover(weight, *sparse(table), size)
    reached = worth(table, weight, [one.candidate for one in chosen])
    size_of_set = min(size, len(table))
    best = max((worth(table, weight, some) for some in combinations(range(len(table)), size_of_set)), default=0)
    assert reached >= (1 - 1 / np.e) * best
    assert reached == (chosen[-1].total if chosen else 0)


@given(markets())
def test_what_a_candidate_adds_shrinks_and_is_what_the_plain_rule_says(market):
    table, weight, size = market
    chosen = greedy_cover(weight, *sparse(table), size)
    gains = [one.gain for one in chosen]
    assert gains == sorted(gains, reverse=True)
    picked: list[int] = []
    for one in chosen:  # without the heap: the largest addition, the lower row of equals
        additions = [worth(table, weight, [*picked, j]) - worth(table, weight, picked) for j in range(len(table))]
        assert (one.candidate, one.gain) == (int(np.argmax(additions)), max(additions))
        picked.append(one.candidate)


@given(markets(), st.randoms())
def test_the_order_of_needs_makes_no_difference(market, random):
    table, weight, size = market
    order = list(range(table.shape[1]))
    random.shuffle(order)
    assert greedy_cover(weight, *sparse(table), size) == greedy_cover(weight[order], *sparse(table[:, order]), size)


@pytest.mark.parametrize(
    ("weight", "similarity", "size"), [([-1], [5], 1), ([1], [16], 1), ([1], [-1], 1), ([1], [5], -1)]
)
def test_what_makes_no_sense_is_refused(weight, similarity, size):
    with pytest.raises(ValueError):
        greedy_cover(np.array(weight), np.array([0, 1]), np.array([0]), np.array(similarity), size)


def test_nothing_to_choose_from():
    assert greedy_cover(np.zeros(0, dtype=int), np.array([0]), np.zeros(0, dtype=int), np.zeros(0, dtype=int), 4) == []
