"""Drift: do the newest applications still look like those that the model learned from?

The population stability index compares shares e_b of old and a_b of new values over the same cells::

    PSI = sum_b (a_b - e_b) ln(a_b / e_b)

It is a symmetrised Kullback-Leibler divergence: under .1 is quiet, over .25 asks for a look (a convention of credit scoring).
Cells are tenths of the old values; equal edges fall together, so a feature that is mostly zero has few cells.

References: B. Yurdakul, Statistical Properties of Population Stability Index, 2018; S. Kullback, Information Theory and
Statistics, 1959.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matching.engine.features import NAMES

CELLS = 10
QUIET, LOUD = 0.1, 0.25
HALF = 0.5  # of an observation in every cell, so that an empty one is no infinity


def edges_of(x: NDArray[np.float64]) -> dict[str, dict[str, list[float]]]:
    """Per feature the inner edges of its cells and how many old values (n, n_features) lie in each; to be stored as JSON.

    >>> x = np.tile(np.linspace(0, 1, 101)[:, None], (1, len(NAMES)))
    >>> edges_of(x)["drive"]["edges"][:2]
    [0.1, 0.2]
    """
    found = {}
    for column, name in enumerate(NAMES):
        values = x[:, column]
        edges = np.unique(np.round(np.quantile(values, np.linspace(0, 1, CELLS + 1)[1:-1]), 6))
        found[name] = {"edges": edges.tolist(), "counts": _counts(values, edges).tolist()}
    return found


def stability(reference: dict[str, dict[str, list[float]]], x: NDArray[np.float64]) -> dict[str, float]:
    """PSI per feature of new values (n, n_features) against a reference of `edges_of`; {} without new values.

    >>> x = np.tile(np.linspace(0, 1, 101)[:, None], (1, len(NAMES)))
    >>> reference = edges_of(x)
    >>> stability(reference, x)["drive"], stability(reference, x**3)["drive"] > LOUD
    (0.0, True)
    """
    if not len(x):
        return {}
    found = {}
    for column, name in enumerate(NAMES):
        old = np.asarray(reference[name]["counts"], dtype=float) + HALF
        new = _counts(x[:, column], np.asarray(reference[name]["edges"])).astype(float) + HALF
        old, new = old / old.sum(), new / new.sum()
        found[name] = round(float(np.sum((new - old) * np.log(new / old))), 4) + 0.0
    return found


def _counts(values: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many values lie in each cell; a cell holds its upper edge."""
    ends = np.concatenate([[-np.inf], edges, [np.inf]])
    return np.array([np.sum((values > a) & (values <= b)) for a, b in pairwise(ends)], dtype=np.int64)
