"""The chance of an invitation: an additive, monotone model with a written-down prior, calibrated, with an interval.

Every feature is cut into four stretches of [0, 1]; the log-odds rise (or fall, by the feature's sign) over each stretch by
a coefficient that is never negative, so the model is additive and monotone by construction::

    logit p = a + sum_j sign_j sum_k b_jk ramp_k(x_j),   b_jk >= 0

Coefficients have a normal prior around an honest guess (`PRIOR_RISE`) and outcomes move them as far as there are enough:
with no outcomes the prior speaks, with thousands the data do. The spread is the Laplace approximation of the posterior.
Calibration is chosen by the amount of data, smoothly: none without outcomes, a Platt line shrunk towards the identity from
there on, and from 2,000 outcomes on more and more isotonic regression. Both keep the order, so monotonicity stays.

References: J. O. Ramsay, Monotone Regression Splines in Action, Statistical Science 3, 1988; J. Platt, Probabilistic
Outputs for SVMs, 1999; B. Zadrozny and C. Elkan, KDD 2002 (isotonic calibration).
"""

from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression
from sklearn.model_selection import KFold

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
ISOTONIC_FROM = 2_000
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
    isotonic_x: list[float] = field(default_factory=list)
    isotonic_y: list[float] = field(default_factory=list)
    isotonic_share: float = 0.0
    n_outcomes: int = 0
    feature_names: tuple[str, ...] = NAMES

    def to_json(self) -> dict:
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict) -> "ChanceParameters":
        """Raises ValueError when it was made for other features."""
        if tuple(values["feature_names"]) != NAMES:
            raise ValueError("these parameters belong to other features")
        return cls(**(values | {"platt": tuple(values["platt"]), "feature_names": NAMES}))


@dataclass(frozen=True)
class Chances:
    """Chances of n pairs with an 80 % interval, all in [0, 1]; `enough` is False where the interval says nothing."""

    p: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    enough: NDArray[np.bool_]


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
    return np.column_stack([np.ones(len(x)), ramps.reshape(len(x), -1)])


def prior() -> ChanceParameters:
    """What is said before there are outcomes: the written-down guess, with a wide interval."""
    mean, spread = _prior()
    return ChanceParameters(
        base=float(mean[0]),
        rises=mean[1:].reshape(-1, STRETCHES).tolist(),
        covariance=np.diag(spread**2).tolist(),
    )


def fit_chance(x: NDArray[np.float64], y: NDArray[np.float64]) -> ChanceParameters:
    """Learn from outcomes. x: (n, n_features) in [0, 1], y: (n,) 0 or 1; no outcomes give the prior.

    Raises ValueError for NaN, lengths that differ, or outcomes other than 0 and 1.
    """
    y = np.asarray(y, dtype=np.float64)
    if len(y) == 0:
        return prior()
    matrix = design(x)
    if len(matrix) != len(y):
        raise ValueError("as many outcomes as rows are needed")
    if not np.isin(y, (0.0, 1.0)).all():
        raise ValueError("outcomes are 0 or 1")
    coefficients = _fit(matrix, y)
    held_out = _held_out(matrix, y)
    platt = _platt(held_out, y)
    xs, ys, share = _isotonic(platt[0] + platt[1] * held_out, y)
    return ChanceParameters(
        base=float(coefficients[0]),
        rises=coefficients[1:].reshape(-1, STRETCHES).tolist(),
        covariance=_covariance(matrix, coefficients).tolist(),
        platt=platt,
        isotonic_x=xs,
        isotonic_y=ys,
        isotonic_share=share,
        n_outcomes=len(y),
    )


def predict(parameters: ChanceParameters, x: NDArray[np.float64]) -> Chances:
    """Chances with interval for features (n, n_features)."""
    matrix = design(x)
    coefficients = np.concatenate([[parameters.base], np.ravel(parameters.rises)])
    centre = matrix @ coefficients
    covariance = np.asarray(parameters.covariance)
    spread = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", matrix, covariance, matrix), 0))
    p, low, high = (_calibrated(parameters, centre + side * Z_80 * spread) for side in (0, -1, 1))
    return Chances(p, np.minimum(low, p), np.maximum(high, p), high - low <= WIDEST_MEANINGFUL)


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


def _held_out(matrix: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-odds for every outcome from a model that did not see it."""
    z = np.empty(len(y))
    if len(y) < 2 * FOLDS:
        return matrix @ _prior()[0]
    for train, test in KFold(FOLDS, shuffle=True, random_state=FOLD_SEED).split(matrix):
        z[test] = matrix[test] @ _fit(matrix[train], y[train])
    return z


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


def _isotonic(z: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[list[float], list[float], float]:
    """Steps of isotonic regression on the calibrated chance, and how much they count: 0 under 2,000 outcomes."""
    share = max(0.0, (len(y) - ISOTONIC_FROM) / len(y)) if len(y) else 0.0
    if share == 0:
        return [], [], 0.0
    model = IsotonicRegression(y_min=0.005, y_max=0.995, out_of_bounds="clip").fit(expit(z), y)
    return model.X_thresholds_.tolist(), model.y_thresholds_.tolist(), share


def _calibrated(parameters: ChanceParameters, z: NDArray[np.float64]) -> NDArray[np.float64]:
    offset, slope = parameters.platt
    p = expit(offset + slope * z)
    if parameters.isotonic_share:
        stepped = np.interp(p, parameters.isotonic_x, parameters.isotonic_y)
        p = (1 - parameters.isotonic_share) * p + parameters.isotonic_share * stepped
    return np.clip(p, 0.005, 0.995)


def base_rate_chances(y_train: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """The chance that everybody would get from the base rate alone (one half of an outcome added to each side)."""
    rate = (np.sum(y_train) + 0.5) / (len(y_train) + 1)
    return np.full(n, expit(logit(rate)))
