"""The chance of an invitation: an additive, monotone model with a written-down prior, calibrated, with an interval.

Every feature is cut into four stretches of [0, 1]; the log-odds rise (or fall, by the feature's sign) over each stretch by
a coefficient that is never negative, so the model is additive and monotone by construction::

    logit p = a + sum_j sign_j sum_k b_jk ramp_k(x_j),   b_jk >= 0

Coefficients have a normal prior around an honest guess (`PRIOR_RISE`) and outcomes move them as far as there are enough:
with no outcomes the prior speaks, with thousands the data do. Calibration is chosen by the amount of data: none without
outcomes, a Platt line shrunk towards the identity from there on, and a bend on top of it (isotonic regression over blocks of
outcomes, joined at their centres, so that better is always strictly more) only where it says held-out outcomes better.

The interval holds 80 % of two kinds of not knowing: the coefficients (Laplace approximation of the posterior), and what no
feature shows of a person or a firm. The second is `hidden`, the spread of an intercept per person and per firm on the
log-odds, by marginal likelihood (Gauss-Hermite) with a prior that speaks while there are few repeated applications.

References: J. O. Ramsay, Monotone Regression Splines in Action, Statistical Science 3, 1988; J. Platt, Probabilistic
Outputs for SVMs, 1999; B. Zadrozny and C. Elkan, KDD 2002 (isotonic calibration); P. Diggle, P. Heagerty, K.-Y. Liang and
S. Zeger, Analysis of Longitudinal Data, 2002, ch. 7 and 9 (random intercepts; average and own log-odds).
"""

from dataclasses import asdict, dataclass, field, fields

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit, logsumexp
from sklearn.isotonic import IsotonicRegression
from sklearn.model_selection import GroupKFold

from matching.engine.features import NAMES, SIGNS

KNOTS = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
STRETCHES = len(KNOTS) - 1
# How many log-odds each feature moves from its worst to its best end, before there are any outcomes, and the base.
PRIOR_RISE = np.array([2.4, 0.8, 0.8, 0.6, 1.6, 0.6, 0.5, 0.7, 1.2, 0.2])
PRIOR_BASE = -1.4
PRIOR_SPREAD_BASE = 0.8
PRIOR_SPREAD = 0.6  # of each coefficient, in log-odds, when its guess is 0; grows with the guess
Z_80 = 1.2816  # the interval holds 80 % of the posterior
WIDEST_MEANINGFUL = 0.5
BEND_FROM = 2_000  # outcomes; with fewer the line alone
BEND_BLOCK = 100  # outcomes at least, and a thirtieth of all
HIDDEN_PERSON, HIDDEN_FIRM, HIDDEN_PRIOR_SPREAD = 0.45, 0.25, 0.15  # log-odds: the guess and how sure it is
HIDDEN_GRID = np.arange(0.0, 1.51, 0.05)
OWN_SCALE = 256 / (75 * np.pi**2)  # average log-odds are own ones divided by sqrt(1 + OWN_SCALE hidden^2)
PLATT_PRIOR_OUTCOMES = 60.0  # the identity line counts as this many outcomes
FOLDS = 5
FOLD_SEED = 7


@dataclass(frozen=True)
class ChanceParameters:
    """All that is needed to say a chance; plain lists, so that it can be stored as JSON."""

    base: float
    rises: list[list[float]]  # (n_features, STRETCHES), log-odds, >= 0
    covariance: list[list[float]]  # of [base, rises...], log-odds squared
    platt: tuple[float, float] = (0.0, 1.0)
    bend_x: list[float] = field(default_factory=list)  # log-odds after the line, rising
    bend_y: list[float] = field(default_factory=list)  # log-odds said, rising; empty: no bend
    hidden: float = float(np.hypot(HIDDEN_PERSON, HIDDEN_FIRM))  # log-odds
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
        return cls(**(values | {"platt": tuple(values["platt"]), "feature_names": NAMES}))


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


def prior() -> ChanceParameters:
    """What is said before there are outcomes: the written-down guess, with a wide interval."""
    mean, spread = _prior()
    return ChanceParameters(
        base=float(mean[0]),
        rises=mean[1:].reshape(-1, STRETCHES).tolist(),
        covariance=np.diag(spread**2).tolist(),
    )


def fit_chance(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    people: NDArray[np.int64] | None = None,
    firms: NDArray[np.int64] | None = None,
) -> ChanceParameters:
    """Learn from outcomes. x: (n, n_features) in [0, 1], y: (n,) 0 or 1; no outcomes give the prior.

    `people` and `firms` (n,) only say which outcomes belong together; without them every outcome stands alone.
    Raises ValueError for NaN, lengths that differ, or outcomes other than 0 and 1.
    """
    y = np.asarray(y, dtype=np.float64)
    if len(y) == 0:
        return prior()
    matrix = design(x)
    people = np.arange(len(y)) if people is None else np.asarray(people)
    firms = np.arange(len(y)) if firms is None else np.asarray(firms)
    if not len(matrix) == len(y) == len(people) == len(firms):
        raise ValueError("as many outcomes as rows are needed")
    if not np.isin(y, (0.0, 1.0)).all():
        raise ValueError("outcomes are 0 or 1")
    coefficients = _fit(matrix, y)
    held_out = _held_out(matrix, y, people)
    platt = _platt(held_out, y)
    line = platt[0] + platt[1] * held_out
    bend_x, bend_y = _bend_if_better(line, y, people)
    said = np.interp(line, bend_x, bend_y) if len(bend_x) else line
    return ChanceParameters(
        base=float(coefficients[0]),
        rises=coefficients[1:].reshape(-1, STRETCHES).tolist(),
        covariance=_covariance(matrix, coefficients).tolist(),
        platt=platt,
        bend_x=list(map(float, bend_x)),
        bend_y=list(map(float, bend_y)),
        hidden=float(np.hypot(_hidden(said, y, people, HIDDEN_PERSON), _hidden(said, y, firms, HIDDEN_FIRM))),
        n_outcomes=len(y),
    )


def predict(parameters: ChanceParameters, x: NDArray[np.float64]) -> Chances:
    """Chances with interval for features (n, n_features).

    `p` is the share of people with these features who are invited. The interval is where the chance of one of them lies,
    whose hidden side moves it up or down.
    """
    matrix = design(x)
    coefficients = np.concatenate([[parameters.base], np.ravel(parameters.rises)])
    centre = matrix @ coefficients
    covariance = np.asarray(parameters.covariance)
    spread = parameters.platt[1] * np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", matrix, covariance, matrix), 0))
    said = _calibrated(parameters, centre)
    own = np.sqrt(1 + OWN_SCALE * parameters.hidden**2)
    reach = Z_80 * np.hypot(own * spread, parameters.hidden)
    p, low, high = (np.clip(expit(z), 0.005, 0.995) for z in (said, own * said - reach, own * said + reach))
    return Chances(p, np.minimum(low, p), np.maximum(high, p), high - low <= WIDEST_MEANINGFUL)


def chance_of(parameters: ChanceParameters, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The chances alone, (n,), as `predict` says them; for many pairs at once."""
    centre = design(x) @ np.concatenate([[parameters.base], np.ravel(parameters.rises)])
    return np.clip(expit(_calibrated(parameters, centre)), 0.005, 0.995)


def _prior() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rise = np.repeat(PRIOR_RISE / STRETCHES, STRETCHES)
    spread = np.repeat((PRIOR_SPREAD + 0.25 * PRIOR_RISE) / np.sqrt(STRETCHES), STRETCHES)
    # The base is the log-odds of an ordinary application: features halfway the good ones, none of the bad.
    ordinary = design(np.where(SIGNS > 0, 0.6, 0.1)[None, :])[0, 1:] @ rise
    return np.concatenate([[PRIOR_BASE - ordinary + 0.6], rise]), np.concatenate([[PRIOR_SPREAD_BASE], spread])


def _fit(matrix: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Maximum a posteriori by L-BFGS-B with the rises bounded at zero."""
    mean, spread = _prior()
    precision = 1 / spread**2

    def loss(b):
        z = matrix @ b
        gap = b - mean
        value = np.sum(np.logaddexp(0, z) - y * z) + 0.5 * np.sum(precision * gap * gap)
        return value, matrix.T @ (expit(z) - y) + precision * gap

    bounds = [(None, None)] + [(0, None)] * (matrix.shape[1] - 1)
    return minimize(loss, mean, jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 500}).x


def _covariance(matrix: NDArray[np.float64], coefficients: NDArray[np.float64]) -> NDArray[np.float64]:
    """Laplace approximation: the inverse of the Hessian at the optimum."""
    _, spread = _prior()
    p = expit(matrix @ coefficients)
    return np.linalg.inv(matrix.T @ (matrix * (p * (1 - p))[:, None]) + np.diag(1 / spread**2))


def _held_out(matrix: NDArray[np.float64], y: NDArray[np.float64], people: NDArray) -> NDArray[np.float64]:
    """Log-odds for every outcome from a model that saw none of this person's."""
    z = np.empty(len(y))
    folds = _folds(people)
    if not folds:
        return matrix @ _prior()[0]
    for train, test in folds:
        z[test] = matrix[test] @ _fit(matrix[train], y[train])
    return z


def _folds(people: NDArray) -> list[tuple[NDArray, NDArray]]:
    """Rows to learn from and rows to test, five times, nobody on both sides; [] with too few people."""
    if len(np.unique(people)) < 2 * FOLDS:
        return []
    return list(GroupKFold(FOLDS, shuffle=True, random_state=FOLD_SEED).split(people, groups=people))


def _platt(z: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """Offset and slope of the calibration line, shrunk towards (0, 1) as if that had been seen often."""

    def loss(b):
        line = b[0] + b[1] * z
        gap = b - np.array([0.0, 1.0])
        p = expit(line)
        value = np.sum(np.logaddexp(0, line) - y * line) + 0.5 * PLATT_PRIOR_OUTCOMES * np.sum(gap * gap)
        slope = np.array([np.sum(p - y), np.sum((p - y) * z)])
        return value, slope + PLATT_PRIOR_OUTCOMES * gap

    best = minimize(loss, np.array([0.0, 1.0]), jac=True, bounds=[(None, None), (0.05, None)], method="L-BFGS-B").x
    return float(best[0]), float(best[1])


def _bend_if_better(z: NDArray[np.float64], y: NDArray[np.float64], people: NDArray):
    """The bend (log-odds in, log-odds out), or two empty arrays where the line says held-out outcomes as well."""
    folds = _folds(people)
    if len(y) < BEND_FROM or not folds:
        return np.empty(0), np.empty(0)
    line = bent = 0.0
    for train, test in folds:
        line += _surprise(z[test], y[test])
        bent += _surprise(np.interp(z[test], *_bend(z[train], y[train])), y[test])
    return _bend(z, y) if bent < line else (np.empty(0), np.empty(0))


def _bend(z: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Isotonic regression over blocks of neighbours, joined at the centres of its steps; ends run on beside the line."""
    order = np.argsort(z, kind="stable")
    blocks = np.array_split(order, max(2, len(z) // max(BEND_BLOCK, len(z) // 30)))
    weight = np.array([len(block) for block in blocks], dtype=float)
    centre = np.array([z[block].mean() for block in blocks])
    share = np.array([(y[block].sum() + 0.5) / (len(block) + 1) for block in blocks])
    level = IsotonicRegression().fit(centre, share, sample_weight=weight).predict(centre)
    steps = np.unique(level)
    x = np.array([np.average(centre[level == step], weights=weight[level == step]) for step in steps])
    bend = logit(steps)
    return np.concatenate([[x[0] - 20], x, [x[-1] + 20]]), np.concatenate([[bend[0] - 20], bend, [bend[-1] + 20]])


def _surprise(z: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Total log loss of log-odds."""
    return float(np.sum(np.logaddexp(0, z) - y * z))


def _hidden(z: NDArray[np.float64], y: NDArray[np.float64], groups: NDArray, guess: float) -> float:
    """Spread of an intercept per group on the log-odds: where marginal likelihood times prior is highest."""
    _, member = np.unique(groups, return_inverse=True)
    nodes, weights = np.polynomial.hermite_e.hermegauss(15)
    log_weights = np.log(weights / weights.sum())

    def badness(spread: float) -> float:
        own = z[:, None] * np.sqrt(1 + OWN_SCALE * spread**2) + spread * nodes
        each = y[:, None] * own - np.logaddexp(0, own)
        joint = np.zeros((member.max() + 1, len(nodes)))
        np.add.at(joint, member, each)
        gap = (spread - guess) / HIDDEN_PRIOR_SPREAD
        return 0.5 * gap**2 - float(np.sum(logsumexp(joint + log_weights, axis=1)))

    return float(min(HIDDEN_GRID, key=badness))


def _calibrated(parameters: ChanceParameters, z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-odds after the line and the bend."""
    line = parameters.platt[0] + parameters.platt[1] * z
    return np.interp(line, parameters.bend_x, parameters.bend_y) if parameters.bend_x else line


def base_rate_chances(y_train: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """The chance that everybody would get from the base rate alone (one half of an outcome added to each side)."""
    rate = (np.sum(y_train) + 0.5) / (len(y_train) + 1)
    return np.full(n, expit(logit(rate)))
