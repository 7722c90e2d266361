"""What courses would change over a whole market for one person: every vacancy that a course touches, in milliseconds.

The chance model adds up features, and courses move eight of them. What the others say of a vacancy is one number; what the
eight say comes from tables, made once for a model. So the loops (`training_loops`) know what the log-odds become for every
pair of a bundle and a vacancy, and keep the pairs that matter, such as those over even odds. Their chances come from the
same `features` and chance model as everywhere: tests hold that they equal those of `training.gains` and that nothing is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine import training_loops as loops
from matching.engine.calibration import NO_BEND
from matching.engine.chance import ChanceParameters, chance_of, design
from matching.engine.features import features
from matching.engine.pooling import offsets_of
from matching.engine.scale import ONE
from matching.engine.score import CandidateIndex, Scores, score_vacancies
from matching.engine.training import EVEN_ODDS, Bundle
from matching.engine.training_ground import Ground

COARSE = 4  # values of a count that the features tell apart: 0, 1, 2, and 3 or more
SLACK = 1e-9  # log-odds: sums in another order differ less


@dataclass(frozen=True)
class After:
    """Pairs of a bundle and a vacancy that it touches, with the chance before and after; all (n_pairs,)."""

    bundle: NDArray[np.int64]  # position among the bundles asked about
    vacancy: NDArray[np.int64]  # row
    before: NDArray[np.float64]
    after: NDArray[np.float64]

    @property
    def crossed(self) -> NDArray[np.bool_]:
        """(n_pairs,) which come from under to over even odds."""
        return (self.before < EVEN_ODDS) & (self.after >= EVEN_ODDS)

    def opens(self, n_bundles: int) -> NDArray[np.int64]:
        """(n_bundles,) how many vacancies each brings from under to over even odds."""
        return np.bincount(self.bundle[self.crossed], minlength=n_bundles)

    def total_gain(self, n_bundles: int) -> NDArray[np.float64]:
        """(n_bundles,) gains in chance, added up over the vacancies."""
        return np.bincount(self.bundle, weights=self.after - self.before, minlength=n_bundles).astype(np.float64)


@dataclass(frozen=True)
class Tables:
    """What a chance model says of everything that courses move, by value, in log-odds."""

    parameters: ChanceParameters
    weights: NDArray[np.float64]  # of the columns of `chance.design`
    fine: NDArray[np.float64]  # (3, ONE + 1): competence, core, mastery
    coarse: NDArray[np.float64]  # (5, COARSE): failures, papers, indispensable papers, education and language short

    @property
    def most(self) -> float:
        """All that these can add up to."""
        return float(self.fine.max(axis=1).sum() + self.coarse.max(axis=1).sum())

    def read(self, moved: NDArray[np.int64]) -> NDArray[np.float64]:
        """(n,) log-odds of (n, 8) columns, as the loops add them up."""
        fine = sum(curve[moved[:, column]] for column, curve in enumerate(self.fine))
        counts = np.minimum(moved[:, loops.FAILURES :], COARSE - 1)
        return fine + self.coarse[np.arange(len(self.coarse)), counts].sum(axis=1)


@dataclass(frozen=True)
class Now:
    """One person in a market as it is."""

    index: CandidateIndex
    row: int
    scores: Scores
    p: NDArray[np.float64]
    log_odds: NDArray[np.float64]  # (n_vacancies,) as the features add up, before calibration
    applicants_per_opening: NDArray[np.float64]
    age_weeks: NDArray[np.float64]
    tables: Tables
    person: loops.Person
    standing: loops.Standing


def tables(parameters: ChanceParameters) -> Tables:
    """Read off the features and the model themselves, so that what counts how is written in one place only."""
    weights = np.concatenate([[parameters.base], np.ravel(parameters.rises)])

    def curve(name: str, n: int) -> NDArray[np.float64]:
        columns: dict[str, Any] = dict.fromkeys(_NAMES, np.zeros(n, dtype=np.int64)) | {name: np.arange(n)}
        scores = Scores(**columns)
        said = design(features(scores, 0.0, 0.0)) @ weights
        return said - said[0]

    return Tables(
        parameters,
        weights,
        np.stack([curve(name, ONE + 1) for name in loops.MOVED[: loops.FAILURES]]),
        np.stack([curve(name, COARSE) for name in loops.MOVED[loops.FAILURES :]]),
    )


def stand(
    ground: Ground,
    index: CandidateIndex,
    row: int,
    chance: Tables,
    applicants_per_opening: NDArray[np.float64],
    age_weeks: NDArray[np.float64],
    motivation=0,
    scores: Scores | None = None,
) -> Now:
    """How the person in this row stands in the market now; the two arrays are (n_vacancies,).

    scores: of this person for all vacancies, where they are known; only what `features` reads is used.
    """
    pool = index.candidates
    if scores is None:
        scores = score_vacancies(index, row, ground.vacancies, motivation=motivation)
    level = np.zeros(index.evidence.shape[1], dtype=np.int64)
    own = slice(pool.indptr[row], pool.indptr[row + 1])
    np.maximum.at(level, pool.skill[own], pool.level[own].astype(np.int64))
    person = loops.Person(
        level,
        index.evidence[row],
        pool.languages[row].astype(np.int64),
        pool.certificates[row],
        int(pool.education[row]),
    )
    standing = loops.Standing(*loops.standing(ground.asks, person))
    scores = replace(scores, **_columns(standing.moved))
    x = features(scores, applicants_per_opening, age_weeks)
    p = chance_of(chance.parameters, x, scores.isco)
    return Now(
        index, row, scores, p, design(x) @ chance.weights, applicants_per_opening, age_weeks, chance, person, standing
    )


def everything(now: Now) -> NDArray[np.float64]:
    """(n_vacancies,) what `chances_after` takes to leave no vacancy out."""
    return np.full(len(now.p), -np.inf)


def to_even_odds(now: Now) -> NDArray[np.float64]:
    """(n_vacancies,) log-odds that what courses move must add up to for even odds.

    Infinite where the odds are even already, or would not be with everything perfect.
    """
    chance = now.tables.parameters
    said = -offsets_of(chance.offsets, now.scores.isco)[0]  # what calibration must give for a chance of one half
    if len(chance.bend_x) > len(NO_BEND[0]):
        said = np.interp(said, chance.bend_y, chance.bend_x, left=-np.inf, right=np.inf)
    rest = now.log_odds - now.tables.read(now.standing.moved)  # what courses do not move
    needed = (said - chance.platt[0]) / chance.platt[1] - rest - SLACK
    return np.where((now.p < EVEN_ODDS) & (needed <= now.tables.most), needed, np.inf)


def chances_after(ground: Ground, now: Now, bundles: Sequence[Bundle], needed: NDArray[np.float64]) -> After:
    """The chance after each bundle of every vacancy that it changes, where what courses move then brings what is needed.

    needed: (n_vacancies,) log-odds; infinite leaves a vacancy out. From `everything` or `to_even_odds`.
    """
    firsts = np.array([bundle[0] for bundle in bundles], dtype=np.int64)
    seconds = np.array([bundle[-1] for bundle in bundles], dtype=np.int64)
    pairs, moved = loops.after(
        ground.asks, ground.gives, now.person, now.standing, firsts, seconds, needed, now.tables.fine, now.tables.coarse
    )
    b, v = pairs.T
    same = {name: values[v] for name in _NAMES if len(values := getattr(now.scores, name))}
    scores = replace(now.scores, **(same | _columns(moved)))
    x = features(scores, now.applicants_per_opening[v], now.age_weeks[v])
    return After(b, v, now.p[v], chance_of(now.tables.parameters, x, scores.isco))


def _columns(moved: NDArray[np.int64]) -> dict[str, Any]:
    """The parts of the scores that courses move, by name."""
    return {name: moved[:, column] for column, name in enumerate(loops.MOVED)}


_NAMES = [field.name for field in fields(Scores)]
