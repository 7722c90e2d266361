"""What the chance model looks at: documented, few, and each with one direction.

No name, age, gender, origin, photo or postcode as such, nor a proxy for them: a postcode only becomes travel time. All features are
in [0, 1]; SIGNS says which way each may move the chance, so that getting better at the work never lowers it.
"""

import numpy as np
from numpy.typing import NDArray

from matching.engine.scale import ONE
from matching.engine.score import Scores

NAMES = (
    "competence",  # coverage of all that is asked
    "core",  # coverage of the requirements that the employer called the core of the work
    "passion",
    "drive",
    "failures",  # hard requirements that fail: none 0, one 0.6, two 0.8, more 1
    "papers_missing",  # asked certificates that are missing: two or more 1
    "education_short",  # NLQF levels short of what is asked: three or more 1
    "minutes_over",  # minutes over the wished journey: an hour or more 1
    "competition",  # applicants for each opening, log scale: 30 or more 1
    "age",  # weeks since the vacancy was published: eight or more 1
)
SIGNS = np.array([1, 1, 1, 1, -1, -1, -1, -1, -1, -1])
FAILURE_STEPS = np.array([0.0, 0.6, 0.8, 1.0])


def features(scores: Scores, applicants_per_opening, age_weeks) -> NDArray[np.float64]:
    """(n, n_features) float64 in [0, 1] for n scored pairs; the last two arguments broadcast over the pairs."""
    n = len(scores.ids)
    competition = np.log1p(np.broadcast_to(np.asarray(applicants_per_opening, dtype=float), (n,))) / np.log(31)
    return np.column_stack(
        [
            scores.competence / ONE,
            scores.core / ONE,
            scores.passion / ONE,
            scores.drive / ONE,
            FAILURE_STEPS[np.minimum(scores.failures, 3)],
            np.minimum(scores.papers_missing / 2, 1),
            np.minimum(scores.education_short / 3, 1),
            np.minimum(scores.minutes_over / 60, 1),
            np.clip(competition, 0, 1),
            np.clip(np.broadcast_to(np.asarray(age_weeks, dtype=float), (n,)) / 8, 0, 1),
        ]
    )
