"""How good orders are against the simulator's own: people for vacancies, vacancies for people, exposure, and an ablation."""

import numpy as np
from numpy.typing import NDArray

from matching.engine import metrics
from simulation.evaluation.rankers import ALONE, FAILING, RANKERS, TOGETHER, WORTH_TO_EMPLOYERS, Sight, fit_of_parts

FIRST = 10
SUITS = 0.5  # true chance from which somebody is suitable for a vacancy
WISHED = 0.5  # true wish from which a suitable vacancy is what a person looks for
STEPS = {  # what the ablation adds one after the other: (competence, parts of passion, drive)
    "competence": (True, (), False),
    "+ interests": (True, (0,), False),
    "+ joy": (True, (0, 1), False),
    "+ wishes": (True, (0, 1, 2), False),
    "+ values": (True, (0, 1, 2, 3), False),
    "+ drive": (True, (0, 1, 2, 3), True),
}


def judge_rankers(sight: Sight, chance: NDArray[np.float64], wish: NDArray[np.float64]) -> list[dict]:
    """One row a ranker: nDCG@10 and MRR both ways, and the Gini of how often vacancies stand in a first ten."""
    found = {name: ranker(sight) for name, ranker in RANKERS.items()} | {"oracle": chance * wish}
    rows = []
    for name, worth in found.items():
        row: dict = {"ranker": name, **_for_people(worth, chance, wish)}
        if name in WORTH_TO_EMPLOYERS or name == "oracle":
            row |= _for_vacancies(chance if name == "oracle" else worth, chance)
        rows.append(row)
    return rows


def judge_together(sight: Sight, chance: NDArray[np.float64], wish: NDArray[np.float64]) -> list[dict]:
    """Chance × wish minus either alone, as people are shown them: for all three who passes what is indispensable comes first."""
    passes = np.where(sight.passed, 0.0, FAILING)
    both = _for_people(RANKERS[TOGETHER](sight), chance, wish)
    rows = []
    for alone in ALONE:
        found = _for_people(passes + RANKERS[alone](sight), chance, wish)
        rows.append({"alone": alone} | {f"d_{name}": both[name] - found[name] for name in both})
    return rows


def ablate_fit(sight: Sight, chance: NDArray[np.float64], wish: NDArray[np.float64]) -> list[dict]:
    """nDCG@10 both ways as parts of the fit are added."""
    rows = []
    for part, (can, passion, drive) in STEPS.items():
        worth = fit_of_parts(sight, can, passion, drive)
        rows.append({"part": part, **_for_people(worth, chance, wish), **_for_vacancies(worth, chance)})
    return rows


def _for_people(worth: NDArray[np.float64], chance: NDArray[np.float64], wish: NDArray[np.float64]) -> dict:
    """Vacancies for people: gain is true chance × true wish."""
    orders = np.argsort(-worth, axis=1, kind="stable")
    looked_for = (chance >= SUITS) & (wish >= WISHED)
    exposure = np.bincount(orders[:, :FIRST].ravel(), minlength=worth.shape[1])
    return {
        "ndcg_vacancies": _mean(
            [metrics.ndcg(gain, order, FIRST) for gain, order in zip(chance * wish, orders, strict=True)]
        ),
        "mrr_vacancies": _mean(
            [metrics.reciprocal_rank(right, order) for right, order in zip(looked_for, orders, strict=True)]
        ),
        "gini": metrics.gini(exposure),
    }


def _for_vacancies(worth: NDArray[np.float64], chance: NDArray[np.float64]) -> dict:
    """People for vacancies: gain is the true chance."""
    orders = np.argsort(-worth.T, axis=1, kind="stable")
    return {
        "ndcg_people": _mean([metrics.ndcg(gain, order, FIRST) for gain, order in zip(chance.T, orders, strict=True)]),
        "mrr_people": _mean(
            [metrics.reciprocal_rank(right, order) for right, order in zip(chance.T >= SUITS, orders, strict=True)]
        ),
    }


def _mean(values: list[float]) -> float:
    """Of those that exist: who has nothing to find does not count."""
    return float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")
