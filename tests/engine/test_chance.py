"""The chance: a prior at first, then the data; monotone, calibrated, with an interval that holds it."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from matching.engine import ChanceParameters, features, fit_chance, metrics, predict, prior, score_vacancies
from matching.engine.chance import HIRED, LEAST, MOST, base_rate_chances, both
from matching.engine.features import NAMES, SIGNS
from matching.engine.hidden import PAIR
from tests.engine.pools import make_market

N_FEATURES = len(NAMES)
RISE = np.array([1.5, 1.0, 1.5, 1.0, 1.5, 0.5, 0.8, 1.5, 0.5, 0.5, 0.3, 1.0, 1.5, 0.3, 0.1, 0.5])


def outcomes(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features, outcomes and true chances of a hiring process that is logistic in the features."""
    rng = np.random.default_rng(seed)
    x = rng.beta(2, 2, (n, N_FEATURES))
    truth = expit(-1.5 + (x - 0.5) @ (RISE * SIGNS))
    return x, (rng.random(n) < truth).astype(float), truth


@pytest.fixture(scope="module", params=[0, 40, 600, 5000], ids=lambda n: f"{n} outcomes")
def parameters(request):
    x, y, _truth = outcomes(request.param, 11)
    return fit_chance(x, y)


def test_each_feature_has_one_direction(parameters):
    grid = np.linspace(0, 1, 41)
    for column, sign in enumerate(SIGNS):
        x = np.full((len(grid), N_FEATURES), 0.5)
        x[:, column] = grid
        assert (np.diff(predict(parameters, x).p) * sign >= -1e-12).all(), NAMES[column]


def test_the_chance_lies_in_its_interval_and_strictly_between_none_and_all(parameters):
    x = np.vstack([np.zeros(N_FEATURES), np.ones(N_FEATURES), outcomes(500, 5)[0]])
    said = predict(parameters, x)
    inside = (said.p > LEAST) & (said.p < MOST)
    assert ((said.low < said.p) & (said.p < said.high))[inside].all()
    assert inside.sum() > 300
    assert ((said.low <= said.p) & (said.p <= said.high)).all()
    assert ((said.low > 0) & (said.high < 1)).all()


@pytest.mark.parametrize("hidden", [0.3, 0.6, 1.0])
def test_the_interval_holds_the_chance_of_most_people_also_of_what_no_feature_shows(hidden):
    rng = np.random.default_rng(61)
    people = np.repeat(np.arange(1500), 4)
    x, _y, truth = outcomes(len(people), 62)
    own = expit(logit(truth) + (hidden * rng.normal(size=1500))[people] + PAIR * rng.normal(size=len(people)))
    model = fit_chance(x, (rng.random(len(own)) < own).astype(float), people)
    x_new, _y, truth_new = outcomes(4000, 63)
    own_new = expit(logit(truth_new) + hidden * rng.normal(size=4000) + PAIR * rng.normal(size=4000))
    said = predict(model, x_new)
    assert 0.72 < np.mean((said.low <= own_new) & (own_new <= said.high)) < 0.95


def test_behind_a_wall_the_interval_reaches_further_down_than_any_chance_that_is_said():
    worst = np.where(SIGNS > 0, 0.0, 1.0)[None, :]
    said = predict(TRAINED, worst)
    assert said.p[0] == LEAST
    assert 0 < said.low[0] < LEAST < said.high[0] < 0.05


def test_firms_that_differ_make_wider_intervals_and_a_filled_vacancy_tells_nothing_of_a_firm():
    rng = np.random.default_rng(65)
    x, _y, truth = outcomes(4000, 66)
    firms = np.repeat(np.arange(200), 20)
    own = expit(logit(truth) + (0.8 * rng.normal(size=200))[firms])
    y = (rng.random(len(own)) < own).astype(float)
    alike, differ = fit_chance(x, outcomes(4000, 66)[1], firms=firms), fit_chance(x, y, firms=firms)
    assert differ.hidden > alike.hidden + 0.2
    filled = rng.random(len(y)) < 0.3
    left_out = fit_chance(x, np.where(filled, 0, y), firms=firms, filled=filled)
    assert left_out.hidden == pytest.approx(differ.hidden, abs=0.15)


def test_a_bend_is_taken_only_where_it_helps_and_keeps_the_order():
    rng = np.random.default_rng(71)
    x = rng.beta(2, 2, (12_000, N_FEATURES))
    z = -1.5 + (x - 0.5) @ (RISE * SIGNS)
    capped = np.where(z > -1, 0.35, expit(z))  # beyond a point, better no longer helps: no line can say so
    model = fit_chance(x, (rng.random(len(x)) < capped).astype(float))
    assert model.bend_x
    assert (np.diff(model.bend_x) > 0).all()
    assert (np.diff(model.bend_y) > 0).all()
    assert not TRAINED.bend_x


def test_parameters_survive_json(parameters):
    again = ChanceParameters.from_json(json.loads(json.dumps(parameters.to_json())))
    x = outcomes(50, 6)[0]
    for one, other in zip(vars(predict(parameters, x)).values(), vars(predict(again, x)).values(), strict=True):
        np.testing.assert_array_equal(one, other)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_better_on_any_features_at_once_is_never_a_lower_chance(data):
    model = TRAINED
    unit = st.lists(st.floats(0, 1), min_size=N_FEATURES, max_size=N_FEATURES).map(np.array)
    x, step = data.draw(unit), data.draw(unit)
    better = np.clip(x + SIGNS * step, 0, 1)
    assert predict(model, better).p[0] >= predict(model, x).p[0] - 1e-12


def test_kinds_of_work_where_more_people_are_invited_get_a_higher_chance_and_unknown_ones_none():
    x, _y, truth = outcomes(4000, 81)
    kinds = np.random.default_rng(82).choice([5120, 5123, 9112, -1], 4000)
    shift = np.select([kinds == 5120, kinds == 5123, kinds == 9112], [0.8, 0.4, -0.8], 0.0)
    y = (np.random.default_rng(83).random(4000) < expit(logit(truth) + shift)).astype(float)
    model = fit_chance(x, y, kinds=kinds)
    said = {kind: predict(model, x[:50], np.full(50, kind)).p.mean() for kind in (5120, 5123, 5199, 9112, -1, 7777)}
    assert said[5120] > said[5123] > said[-1] > said[9112]
    assert said[5199] > said[-1]  # never seen, but its occupation group was
    assert said[7777] == said[-1] == predict(model, x[:50]).p.mean()


def test_a_hire_is_never_more_likely_than_an_invitation_and_its_interval_holds_it():
    x = outcomes(300, 91)[0]
    first, then = predict(prior(), x), predict(prior(HIRED), x)
    hired = both(first, then)
    assert (hired.p < first.p).all()
    assert ((hired.low <= hired.p) & (hired.p <= hired.high)).all()


def test_without_outcomes_the_prior_speaks():
    nothing = fit_chance(np.empty((0, N_FEATURES)), np.array([]))
    assert nothing == prior()
    assert nothing.n_outcomes == 0


def test_a_few_outcomes_move_the_prior_only_a_little_and_many_move_it_to_the_truth():
    x, _y, truth = outcomes(4000, 21)
    gaps = []
    for n in (10, 400, 4000):
        x_seen, y_seen, _ = outcomes(n, 22)
        gaps.append(np.abs(predict(fit_chance(x_seen, y_seen), x).p - truth).mean())
    assert gaps[2] < gaps[1] < np.abs(predict(prior(), x).p - truth).mean()
    assert gaps[2] < 0.03


def test_the_interval_narrows_with_outcomes():
    x = outcomes(200, 23)[0]
    widths = []
    for n in (0, 200, 5000):
        said = predict(fit_chance(*outcomes(n, 24)[:2]), x)
        widths.append((logit(said.high) - logit(said.low)).mean())
    assert widths[0] > widths[1] > widths[2]


@pytest.mark.parametrize("n", [300, 3000])
def test_on_new_outcomes_it_is_better_and_better_calibrated_than_chance(n):
    model = fit_chance(*outcomes(n, 31)[:2])
    x, y, truth = outcomes(6000, 32)
    p = predict(model, x).p
    base = base_rate_chances(outcomes(n, 31)[1], len(y))
    assert metrics.brier(p, y) < metrics.brier(base, y) - 0.01
    assert metrics.ece(p, y) < 0.06
    assert metrics.auc(p, y) > 0.95 * metrics.auc(truth, y)


def test_only_one_kind_of_outcome_is_no_reason_to_promise_everything_or_nothing():
    x = outcomes(60, 41)[0]
    for y in (np.zeros(60), np.ones(60)):
        p = predict(fit_chance(x, y), x).p
        assert ((p > 0) & (p < 1)).all()
        assert np.isfinite(p).all()


@pytest.mark.parametrize(
    "x, y, what",
    [
        (np.full((2, N_FEATURES), np.nan), [0, 1], "NaN"),
        (np.zeros((2, N_FEATURES - 1)), [0, 1], "features"),
        (np.zeros((2, N_FEATURES)), [0, 1, 1], "as many"),
        (np.zeros((2, N_FEATURES)), [0, 2], "0 or 1"),
    ],
)
def test_what_is_not_an_outcome_is_refused(x, y, what):
    with pytest.raises(ValueError, match=what):
        fit_chance(x, np.array(y))


def test_parameters_for_other_features_are_refused():
    stored = prior().to_json() | {"feature_names": ["luck"]}
    with pytest.raises(ValueError, match="other features"):
        ChanceParameters.from_json(stored)


def test_features_are_finite_for_every_market_and_every_age():
    for seed in range(30):
        market = make_market(seed)
        scores = score_vacancies(market.people, 0, market.work)
        for applicants, age in ((0, 0), (1e6, 1e6)):
            x = features(scores, applicants, age)
            assert x.shape == (len(market.vacancies.ids), N_FEATURES)
            assert ((x >= 0) & (x <= 1)).all()


def test_metrics_agree_with_scikit_learn():
    _x, y, p = outcomes(1000, 51)
    assert metrics.brier(p, y) == pytest.approx(brier_score_loss(y, p))
    assert metrics.log_loss(p, y) == pytest.approx(log_loss(y, p))
    assert metrics.auc(p, y) == pytest.approx(roc_auc_score(y, p))
    rows = metrics.reliability(p, y)
    assert sum(n for _said, _happened, n in rows) == 1000
    assert metrics.ece(p, y) == pytest.approx(sum(n * abs(said - seen) for said, seen, n in rows) / 1000)


def test_the_area_under_the_curve_of_one_kind_of_outcome_is_not_a_number():
    assert np.isnan(metrics.auc(np.array([0.2, 0.4]), np.array([0, 0])))


TRAINED = fit_chance(*outcomes(3000, 12)[:2])
