"""The chance of an invitation: an additive, monotone model with a written-down prior, pooled, calibrated, with an interval.

Every feature is cut into four stretches of [0, 1]; the log-odds rise (or fall, by the feature's sign) over each stretch by
a coefficient that is never negative, so the model is additive and monotone by construction::

    logit p = cal(a + sum_j sign_j sum_k b_jk ramp_k(x_j)) + u_group + w_kind,   b_jk >= 0

Coefficients have a normal prior around an honest `Guess` and outcomes move them as far as there are enough: with
no outcomes the prior speaks, with thousands the data do. The prior is surer of the shape (a straight rise) than of the size:
the four stretches of a feature move together first. ``cal`` is `calibration`, u and w are `pooling`, both learned on outcomes
of people whom the coefficients had not seen.

The interval is where the chance of one such person lies, 80 %. It holds three kinds of not knowing: the coefficients (Laplace
approximation of the posterior), the kind of work, and what no feature shows of a person, a firm or their pair (`hidden`).

References: J. O. Ramsay, Monotone Regression Splines in Action, Statistical Science 3, 1988; D. MacKay, The Evidence Framework
Applied to Classification Networks, 1992 (Laplace approximation).
"""

from dataclasses import asdict, dataclass, field, fields

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit
from sklearn.model_selection import GroupKFold

from matching.engine import calibration, hidden
from matching.engine.features import NAMES, SIGNS, features
from matching.engine.pooling import Offsets, fit_offsets, offsets_of
from matching.engine.score import Scores

KNOTS = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
STRETCHES = len(KNOTS) - 1
PRIOR_SPREAD_BASE = 0.7
PRIOR_SPREAD = (0.2, 0.15)  # of a whole rise, in log-odds: at least, and for each log-odds of the guess
PRIOR_SHAPE = (0.03, 0.04)  # of one stretch beside that
Z_80 = 1.2816  # the interval holds 80 % of the posterior
WIDEST_MEANINGFUL = 0.5
FOLDS = 5
FOLD_SEED = 7
LEAST, MOST = 0.005, 0.995  # nothing is certain


@dataclass(frozen=True)
class Guess:
    """What is believed before there are outcomes.

    rise: how many log-odds each feature moves from its worst to its best end. ordinary: log-odds of an ordinary
    application, with the good features at 0.6 and the bad ones at 0.1.
    """

    rise: tuple[float, ...]
    ordinary: float


INVITED = Guess((1.0, 0.8, 2.2, 0.3, 1.5, 0.3, 0.8, 1.4, 1.1, 0.6, 0.5, 0.8, 1.4, 0.3, 0.1, 0.5), 0.1)
HIRED = Guess((0.5, 0.3, 0.4, 0.3, 0.2, 0.2, 0.1, 0.2, 0.2, 0.2, 0.1, 0.2, 0.4, 0.1, 0.1, 0.1), -0.3)  # once invited


@dataclass(frozen=True)
class ChanceParameters:
    """All that is needed to say a chance; plain lists, so that it can be stored as JSON."""

    base: float
    rises: list[list[float]]  # (n_features, STRETCHES), log-odds, >= 0
    covariance: list[list[float]]  # of [base, rises...], log-odds squared
    platt: tuple[float, float] = (0.0, 1.0)
    bend_x: list[float] = field(default_factory=list)  # log-odds after the line, rising
    bend_y: list[float] = field(default_factory=list)  # log-odds said, rising; empty: no bend
    offsets: Offsets = field(default_factory=Offsets)
    hidden: float = field(default_factory=hidden.unknown)  # log-odds
    n_outcomes: int = 0
    feature_names: tuple[str, ...] = NAMES

    def to_json(self) -> dict:
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict) -> "ChanceParameters":
        """Raises ValueError when it was made for other features or by another kind of model."""
        if tuple(values.get("feature_names", ())) != NAMES:
            raise ValueError("these parameters belong to other features")
        if set(values) != {one.name for one in fields(cls)}:
            raise ValueError("these parameters belong to another kind of model")
        named = {"platt": tuple(values["platt"]), "feature_names": NAMES, "offsets": Offsets(**values["offsets"])}
        return cls(**(values | named))


@dataclass(frozen=True)
class Chances:
    """Chances of n pairs with an 80 % interval, all in [0, 1]; `enough` is False where the interval says nothing."""

    p: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    enough: NDArray[np.bool_]

    def one(self, row: int) -> "Chances":
        """The chance of one pair, as arrays of one."""
        pick = slice(row, row + 1)
        return Chances(self.p[pick], self.low[pick], self.high[pick], self.enough[pick])


def design(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 1 + n_features x STRETCHES): ones, then signed ramps of each feature over each stretch.

    Raises ValueError for NaN or the wrong number of features. Values outside [0, 1] count as the nearer end.
    """
    x = np.atleast_2d(np.asarray(x, dtype=np.float64))
    if x.shape[1] != len(NAMES):
        raise ValueError(f"expected {len(NAMES)} features, got {x.shape[1]}")
    if np.isnan(x).any():
        raise ValueError("features may not be NaN")
    ramps = np.clip((x[:, :, None] - KNOTS[:-1]) / np.diff(KNOTS), 0, 1) * SIGNS[:, None]
    return np.column_stack([np.ones(len(x)), ramps.reshape(len(x), len(NAMES) * STRETCHES)])


def prior(guess: Guess = INVITED) -> ChanceParameters:
    """What is said before there are outcomes: the written-down guess, with a wide interval."""
    mean, covariance = _prior(guess)
    return ChanceParameters(
        base=float(mean[0]), rises=mean[1:].reshape(-1, STRETCHES).tolist(), covariance=covariance.tolist()
    )


def fit_chance(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    people: NDArray[np.int64] | None = None,
    firms: NDArray[np.int64] | None = None,
    kinds: NDArray[np.int64] | None = None,
    filled: NDArray[np.bool_] | None = None,
    guess: Guess = INVITED,
) -> ChanceParameters:
    """Learn from outcomes. x: (n, n_features) in [0, 1], y: (n,) 0 or 1; no outcomes give the prior.

    `people` and `firms` (n,) only say which outcomes belong together, `kinds` (n,) the ISCO code of the work (-1 unknown);
    without them every outcome stands alone. `filled` (n,) says which were a no because the vacancy was filled before. Raises
    ValueError for NaN, lengths that differ, or outcomes other than 0 and 1.
    """
    y = np.asarray(y, dtype=np.float64)
    if len(y) == 0:
        return prior(guess)
    matrix = design(x)
    people = np.arange(len(y)) if people is None else np.asarray(people)
    firms = np.arange(len(y)) if firms is None else np.asarray(firms)
    kinds = np.full(len(y), -1) if kinds is None else np.asarray(kinds)
    filled = np.zeros(len(y), dtype=bool) if filled is None else np.asarray(filled, dtype=bool)
    if not len(matrix) == len(y) == len(people) == len(firms) == len(kinds) == len(filled):
        raise ValueError("as many outcomes as rows are needed")
    if not np.isin(y, (0.0, 1.0)).all():
        raise ValueError("outcomes are 0 or 1")
    mean, covariance = _prior(guess)
    precision = np.linalg.inv(covariance).astype(np.float64)
    coefficients = _fit(matrix, y, mean, precision)
    folds = _folds(people)
    held_out = matrix @ mean
    for train, test in folds:
        held_out[test] = matrix[test] @ _fit(matrix[train], y[train], mean, precision)
    line = calibration.fit_line(held_out, y)
    bend = calibration.fit_bend(line[0] + line[1] * held_out, y, folds)
    said = calibration.calibrated(held_out, line, bend)
    offsets = fit_offsets(said, y, kinds)
    said = said + offsets_of(offsets, kinds)[0]
    p = expit(matrix @ coefficients)
    return ChanceParameters(
        base=float(coefficients[0]),
        rises=coefficients[1:].reshape(-1, STRETCHES).tolist(),
        covariance=np.linalg.inv(matrix.T @ (matrix * (p * (1 - p))[:, None]) + precision).tolist(),
        platt=line,
        bend_x=list(map(float, bend[0])),
        bend_y=list(map(float, bend[1])),
        offsets=offsets,
        hidden=_hidden(said, y, people, firms, ~filled),
        n_outcomes=len(y),
    )


def predict(parameters: ChanceParameters, x: NDArray[np.float64], kinds: NDArray[np.int64] | None = None) -> Chances:
    """Chances with interval for features (n, n_features) and kinds of work (n,) as ISCO codes, -1 or None for unknown.

    `p` is the share of people with these features who are invited. The interval is where the chance of one of them lies,
    whose hidden side moves it up or down. Its ends go further than `LEAST` and `MOST`: behind a wall a chance may be smaller.
    """
    matrix = design(x)
    said, unsure = _said(parameters, matrix, kinds)
    covariance = np.asarray(parameters.covariance)
    variance = np.maximum(np.einsum("ij,ij->i", matrix @ covariance, matrix), 0) * parameters.platt[1] ** 2 + unsure
    low, high = hidden.around(said, variance, parameters.hidden, Z_80)
    p = np.clip(expit(said), LEAST, MOST)
    return Chances(p, np.minimum(low, p), np.maximum(high, p), high - low <= WIDEST_MEANINGFUL)


def chance_of(
    parameters: ChanceParameters, x: NDArray[np.float64], kinds: NDArray[np.int64] | None = None
) -> NDArray[np.float64]:
    """The chances alone, (n,), as `predict` says them; for many pairs at once."""
    return np.clip(expit(_said(parameters, design(x), kinds)[0]), LEAST, MOST)


def chances(parameters: ChanceParameters, scores: Scores, applicants_per_opening, age_weeks) -> Chances:
    """Chances with interval of scored pairs; the last two arguments broadcast over the pairs."""
    return predict(parameters, features(scores, applicants_per_opening, age_weeks), scores.isco)


def both(first: Chances, then: Chances) -> Chances:
    """The chance of the second after the first, such as hired once invited: chances multiply, and so do their margins.

    On the logarithm the two half-widths add up in squares, as for independent errors.

    >>> one = Chances(*(np.array([x]) for x in (0.5, 0.4, 0.6)), np.array([True]))
    >>> float(both(one, one).p[0]), bool(both(one, one).low[0] > 0.16)
    (0.25, True)
    """
    p = first.p * then.p
    down, up = (
        np.hypot(np.log(getattr(first, end) / first.p), np.log(getattr(then, end) / then.p)) for end in ("low", "high")
    )
    low, high = p * np.exp(-down), np.minimum(1.0, p * np.exp(up))
    return Chances(p, low, high, high - low <= WIDEST_MEANINGFUL)


def base_rate_chances(y_train: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """The chance that everybody would get from the base rate alone (one half of an outcome added to each side)."""
    rate = (np.sum(y_train) + 0.5) / (len(y_train) + 1)
    return np.full(n, expit(logit(rate)))


def _said(parameters: ChanceParameters, matrix: NDArray[np.float64], kinds: NDArray[np.int64] | None):
    """(log-odds said, variance of the kind of work), both (n,)."""
    centre = matrix @ np.concatenate([[parameters.base], np.ravel(parameters.rises)])
    bend = np.asarray(parameters.bend_x), np.asarray(parameters.bend_y)
    kinds = np.full(len(matrix), -1) if kinds is None else kinds
    offset, variance = offsets_of(parameters.offsets, kinds)
    return calibration.calibrated(centre, parameters.platt, bend) + offset, variance


def _hidden(
    said: NDArray[np.float64], y: NDArray[np.float64], people: NDArray, firms: NDArray, looked_at: NDArray[np.bool_]
) -> float:
    """What nobody sees, log-odds, from applications that were looked at; of those, somewhat more are invited than was said."""
    said, y, people, firms = said[looked_at], y[looked_at], people[looked_at], firms[looked_at]
    said = calibration.calibrated(said, calibration.fit_line(said, y), calibration.NO_BEND)
    return hidden.total(hidden.spread_of(said, y, people, hidden.PERSON), hidden.spread_of(said, y, firms, hidden.FIRM))


def _prior(guess: Guess) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and covariance of [base, rises...]: the stretches of a feature share most of their spread."""
    rise = np.repeat(np.array(guess.rise) / STRETCHES, STRETCHES)
    ordinary = design(np.where(SIGNS > 0, 0.6, 0.1)[None, :])[0, 1:] @ rise
    covariance = np.zeros((len(rise) + 1, len(rise) + 1))
    covariance[0, 0] = PRIOR_SPREAD_BASE**2
    for row, size in enumerate(guess.rise):
        block = slice(1 + row * STRETCHES, 1 + (row + 1) * STRETCHES)
        whole = (PRIOR_SPREAD[0] + PRIOR_SPREAD[1] * size) / STRETCHES
        shape = PRIOR_SHAPE[0] + PRIOR_SHAPE[1] * size
        covariance[block, block] = whole**2 + shape**2 * np.eye(STRETCHES)
    return np.concatenate([[guess.ordinary - ordinary], rise]), covariance


def _fit(
    matrix: NDArray[np.float64], y: NDArray[np.float64], mean: NDArray[np.float64], precision: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Maximum a posteriori by L-BFGS-B with the rises bounded at zero."""

    def loss(b):
        z = matrix @ b
        pull = precision @ (b - mean)
        value = np.sum(np.logaddexp(0, z) - y * z) + 0.5 * (b - mean) @ pull
        return value, matrix.T @ (expit(z) - y) + pull

    bounds = [(None, None)] + [(0, None)] * (matrix.shape[1] - 1)
    return minimize(loss, mean, jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 500}).x


def _folds(people: NDArray) -> list[tuple[NDArray, NDArray]]:
    """Rows to learn from and rows to test, five times, nobody on both sides; [] with too few people."""
    if len(np.unique(people)) < 2 * FOLDS:
        return []
    return list(GroupKFold(FOLDS, shuffle=True, random_state=FOLD_SEED).split(people, groups=people))
