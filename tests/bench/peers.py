"""What else one could rank with, from PyPI: each gets the same people, skills only, without filters, the best 50."""

import time
from collections.abc import Callable

import numpy as np
from scipy import sparse

from matching.engine import Candidates, SkillSpace, Vacancies
from matching.engine.competence import effective_level

DIMENSIONS = 256


def timed(run: Callable[[int], object], n: int, repeat: int = 3, clock: Callable[[], float] = time.thread_time):
    """(n,) milliseconds of each call, the least of some rounds.

    Counted in time of the thread on its core, so what else the machine does counts less; give `time.perf_counter` for what
    happens in another process.
    """
    rounds = []
    for _round in range(repeat):
        took = []
        for i in range(n):
            start = clock()
            run(i)
            took.append(1e3 * (clock() - start))
        rounds.append(took)
    return np.min(rounds, axis=0)


def evidence(candidates: Candidates, space: SkillSpace) -> sparse.csr_matrix:
    """(n, n_skills) float32 of evidence in [0, 1]."""
    data = effective_level(candidates.level, candidates.years_unused).astype(np.float32) / 225
    shape = (len(candidates.ids), len(space.ids))
    return sparse.csr_matrix((data, candidates.skill, candidates.indptr), shape)


def nearness(space: SkillSpace) -> sparse.csr_matrix:
    """(n_skills, n_skills): how far a skill (row) counts for a requirement (column)."""
    n = len(space.ids)
    owner = np.repeat(np.arange(n), np.diff(space.near_indptr))
    return sparse.csr_matrix((space.similarity.astype(np.float32) / 15, (space.near, owner)), (n, n))


def demands(vacancies: Vacancies, space: SkillSpace) -> sparse.csr_matrix:
    """(n_vacancies, n_skills) float32 of weights."""
    data = (vacancies.importance * space.idf[vacancies.skill]).astype(np.float32)
    return sparse.csr_matrix((data, vacancies.skill, vacancies.indptr), (len(vacancies.ids), len(space.ids)))


def best(scores: np.ndarray, k: int = 50) -> np.ndarray:
    """Rows of the k best."""
    k = min(k, len(scores))
    some = np.argpartition(-scores, k - 1)[:k]
    return some[np.argsort(-scores[some])]


def scipy_csr(expanded: sparse.csr_matrix, asked: sparse.csr_matrix) -> Callable[[int], np.ndarray]:
    """SciPy: the expanded matrix times a vector."""
    rows = [asked[v].toarray().ravel() for v in range(asked.shape[0])]
    return lambda v: best(expanded @ rows[v])


def embeddings(matrix: sparse.csr_matrix, asked: sparse.csr_matrix, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(people, vacancies) as float32 of 256 dimensions: a random projection, which keeps angles."""
    projection = np.random.default_rng(seed).normal(0, 1 / 16, (matrix.shape[1], DIMENSIONS)).astype(np.float32)
    people = np.empty((matrix.shape[0], DIMENSIONS), dtype=np.float32)
    for low in range(0, matrix.shape[0], 50_000):
        people[low : low + 50_000] = matrix[low : low + 50_000] @ projection
    people /= np.maximum(np.linalg.norm(people, axis=1, keepdims=True), 1e-9)
    return people, asked @ projection


def recall(found: Callable[[int], np.ndarray], truth: Callable[[int], np.ndarray], n: int) -> float:
    """Share of the true best 50 that a peer finds, by the peer's own exact score."""
    return float(np.mean([len(np.intersect1d(found(v), truth(v))) / max(1, len(truth(v))) for v in range(n)]))
