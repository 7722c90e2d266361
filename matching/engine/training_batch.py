"""What courses would change for everybody: the same numbers as for one person, from whole scores that are compiled too."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from matching.engine.index.candidates import index_people
from matching.engine.index.gains import scores_of
from matching.engine.index.vacancies import index_work
from matching.engine.pool import Candidates
from matching.engine.score import index_candidates
from matching.engine.training import Bundle
from matching.engine.training_ground import Ground
from matching.engine.training_market import After, Now, Tables, chances_after, stand, to_even_odds


def everybody(
    ground: Ground,
    candidates: Candidates,
    chance: Tables,
    applicants_per_opening: NDArray[np.float64],
    age_weeks: NDArray[np.float64],
    bundles: Sequence[Bundle],
    wanted: NDArray[np.bool_] | None = None,
) -> Iterator[tuple[Now, After]]:
    """For each candidate in order of row: how they stand, and the pairs that a bundle brings over even odds.

    candidates: skills as rows of the market's space. wanted: (n_vacancies,) to look at, all when None.
    """
    index = ground.vacancies
    people, work = index_people(candidates, index.space), index_work(index.vacancies, index.space)
    place = np.argsort(people.people.ids)[np.argsort(np.argsort(candidates.ids))]
    dense = index_candidates(candidates, index.space)
    for row, c in enumerate(place.tolist()):
        scores = scores_of(work, people, c)
        now = stand(ground, dense, row, chance, applicants_per_opening, age_weeks, scores=scores)
        needed = to_even_odds(now) if wanted is None else np.where(wanted, to_even_odds(now), np.inf)
        yield now, chances_after(ground, now, bundles, needed)
