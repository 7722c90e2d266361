"""What the platform would know of a generated region's applications: features at applying, outcomes, and the truth beside."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matching.engine import CandidateIndex, VacancyIndex, features, score_vacancies
from simulation.firms import Post
from simulation.hiring import Outcome

DAYS_A_WEEK = 7


@dataclass(frozen=True)
class History:
    """Decided applications (n) in order of the day on which the answer was known."""

    x: NDArray[np.float64]  # (n, n_features) as of the day of applying
    invited: NDArray[np.float64]
    hired: NDArray[np.float64]
    filled: NDArray[np.bool_]  # not invited because somebody else was hired first
    chance: NDArray[np.float64]  # the simulator's own chance of an invitation
    chance_hired: NDArray[np.float64]
    shown: NDArray[
        np.float64
    ]  # what all that an application shows would give, among competitors with their true chances
    applied: NDArray[np.int64]  # ordinal day
    known: NDArray[np.int64]  # ordinal day
    person: NDArray[np.int64]
    post: NDArray[np.int64]
    firm: NDArray[np.int64]
    isco: NDArray[np.int64]  # four digits

    def take(self, rows) -> "History":
        return History(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})


def history_of(outcomes: list[Outcome], posts: list[Post], people: CandidateIndex, work: VacancyIndex) -> History:
    """Score every decided application as the platform does at applying."""
    decided = [row for row in outcomes if row.decided is not None]
    decided.sort(key=lambda row: (row.person, row.decided))
    person = np.array([row.person for row in decided], dtype=np.int64)
    post = np.array([row.post for row in decided], dtype=np.int64)
    told = np.array([bool(row.why) + bool(row.did) for row in decided], dtype=np.int64)
    rivals = np.array([row.before / max(1, posts[row.post].openings) for row in decided])
    ages = np.array([(row.applied - posts[row.post].published).days / DAYS_A_WEEK for row in decided])
    edges = np.flatnonzero(np.diff(person, prepend=-1, append=-1))
    x = [
        features(score_vacancies(people, int(person[a]), work, post[a:b], told[a:b]), rivals[a:b], ages[a:b])
        for a, b in pairwise(edges)
    ]
    known = np.array([row.decided.toordinal() for row in decided], dtype=np.int64)
    return History(
        x=np.concatenate(x),
        invited=np.array([row.was_invited for row in decided], dtype=float),
        hired=np.array([row.status == "hired" for row in decided], dtype=float),
        filled=np.array([row.reason == "filled" for row in decided], dtype=bool),
        chance=np.array([row.chance for row in decided]),
        chance_hired=np.array([row.chance_hired for row in decided]),
        shown=np.array([row.shown for row in decided]),
        applied=np.array([row.applied.toordinal() for row in decided], dtype=np.int64),
        known=known,
        person=person,
        post=post,
        firm=np.array([posts[row.post].firm for row in decided], dtype=np.int64),
        isco=work.vacancies.isco[post].astype(np.int64),
    ).take(np.lexsort((post, person, known)))


def later_than(history: History, day: date) -> NDArray[np.bool_]:
    """Which applications were made after this day: nothing of them was known on it."""
    return history.applied > day.toordinal()
