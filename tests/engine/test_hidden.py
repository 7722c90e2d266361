"""What nobody sees: measured where outcomes repeat, guessed where they do not, and never narrower than points."""

import numpy as np
import pytest
from scipy.special import expit

from matching.engine.calibration import fit_line
from matching.engine.hidden import FIRM, PERSON, POINTS, around, own_scale, spread_of, total, unknown

NOBODY = np.empty(0)


def applications(spread: float, n: int, each: int, seed: int):
    """(said, outcomes, firms) of n firms that differ by this spread around what is said of all of them."""
    rng = np.random.default_rng(seed)
    firms = np.repeat(np.arange(n), each)
    said = rng.normal(-1.5, 1, len(firms))
    own = own_scale(spread) * said + (spread * rng.normal(size=n))[firms]
    return said, (rng.random(len(firms)) < expit(own)).astype(float), firms


def test_a_spread_is_found_where_outcomes_repeat():
    found = [spread_of(*applications(spread, 400, 12, 5), FIRM) for spread in (0.0, 0.4, 0.8)]
    assert found[0] < 0.2
    assert found == pytest.approx([0.1, 0.4, 0.8], abs=0.12)


@pytest.mark.parametrize("belief", [PERSON, FIRM])
def test_who_stands_alone_tells_nothing(belief):
    said, y, _firms = applications(0.8, 300, 1, 6)
    assert spread_of(said, y, np.arange(300), belief) == spread_of(NOBODY, NOBODY, NOBODY, belief)


def test_who_is_hired_hides_that_firms_differ_until_the_filled_are_left_out():
    said, would, firms = applications(0.6, 300, 20, 7)
    rng = np.random.default_rng(8)
    filled = np.zeros(len(said), dtype=bool)
    for firm in range(300):
        rows = np.flatnonzero(firms == firm)
        hired = rows[(would[rows] == 1) & (rng.random(len(rows)) < 0.5)]
        filled[rows[rows > hired[0]] if len(hired) else rows[:0]] = True
    happened = np.where(filled, 0.0, would)
    a, b = fit_line(said, happened)
    with_all = spread_of(a + b * said, happened, firms, FIRM)
    looked_at = spread_of(said[~filled], would[~filled], firms[~filled], FIRM)
    assert with_all < looked_at - 0.2
    assert looked_at == pytest.approx(0.6, abs=0.12)


def test_the_interval_holds_eighty_of_a_hundred_where_the_spread_is_as_it_thinks():
    rng = np.random.default_rng(9)
    said = rng.normal(-1, 1, 20_000)
    own = expit(own_scale(0.5) * said + 0.5 * rng.normal(size=len(said)))
    low, high = around(said, np.zeros(len(said)), 0.5, 1.2816)
    assert np.mean((low <= own) & (own <= high)) == pytest.approx(0.82, abs=0.02)  # the points make it a little wider


def test_nothing_is_known_to_less_than_points_and_ends_stay_in_order():
    said = np.linspace(-9, 9, 181)
    for hidden in (0.0, 0.5, 1.5):
        low, high = around(said, np.zeros(len(said)), hidden, 1.0)
        assert ((low < expit(said)) & (expit(said) < high))[1:-1].all()
        assert (high - low >= POINTS * 0.999).all()
        assert (np.diff(low) >= 0).all()
        assert (np.diff(high) >= 0).all()
        assert ((low > 0) & (high < 1)).all()


def test_before_there_are_outcomes_the_beliefs_speak():
    assert unknown() == total(*(spread_of(NOBODY, NOBODY, NOBODY, belief) for belief in (PERSON, FIRM)))
