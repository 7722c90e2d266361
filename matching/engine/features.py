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
    "mastery",  # how far levels lie under or over what is asked, within one level; half: exactly as asked
    "passion",
    "drive",
    "failures",  # hard requirements that fail: none 0, one 0.6, two 0.8, more 1
    "papers_missing",  # asked certificates that are missing: two or more 1
    "papers_hard",  # indispensable certificates that are missing: one or more 1
    "education_short",  # NLQF levels short of what is asked: three or more 1
    "language_short",  # CEFR levels short of what is asked: three or more 1
    "hours_short",  # hours a week between what is offered and wished: sixteen or more 1
    "minutes_over",  # minutes over the wished journey: an hour or more 1
    "competition",  # applicants for each opening so far, log scale: 30 or more 1
    "expected",  # applicants for each opening still to come before an answer, log scale: 30 or more 1
    "age",  # weeks since the vacancy was published: eight or more 1
    "motivation",  # told with an application: why this work, or what was already done for it, one half; both 1
)
SIGNS = np.array([1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1])
FAILURE_STEPS = np.array([0.0, 0.6, 0.8, 1.0])
MOST_RIVALS = 30
WEEKS_UNTIL_ANSWER = 1.5
USUAL_ARRIVALS = (1.5, 1.0)  # applicants and weeks: what a vacancy draws until it shows otherwise


def expected_rivals(applicants_per_opening, age_weeks) -> NDArray[np.float64]:
    """How many more will apply for each opening before an answer comes, from the pace so far.

    The mean of a gamma-Poisson: pace = (applicants + 1.5) / (weeks + 1) a week, times a week and a half. A young
    vacancy is thought usual; an old one is known by what it drew.

    >>> expected_rivals(np.array([0.0, 9.0]), np.array([0.0, 2.0])).tolist()
    [2.25, 5.25]

    References: A. Gelman and others, Bayesian Data Analysis, 3rd ed., 2.6 (Poisson with a gamma prior).
    """
    count, weeks = USUAL_ARRIVALS
    pace = (np.asarray(applicants_per_opening, dtype=float) + count) / (np.asarray(age_weeks, dtype=float) + weeks)
    return pace * WEEKS_UNTIL_ANSWER


def features(scores: Scores, applicants_per_opening, age_weeks) -> NDArray[np.float64]:
    """(n, n_features) float64 in [0, 1] for n scored pairs; the last two arguments broadcast over the pairs."""
    n = len(scores.ids)
    rivals = np.broadcast_to(np.asarray(applicants_per_opening, dtype=float), (n,))
    weeks = np.broadcast_to(np.asarray(age_weeks, dtype=float), (n,))
    return np.column_stack(
        [
            scores.competence / ONE,
            scores.core / ONE,
            scores.mastery / ONE,
            scores.passion / ONE,
            scores.drive / ONE,
            FAILURE_STEPS[np.minimum(scores.failures, 3)],
            np.minimum(scores.papers_missing / 2, 1),
            np.minimum(scores.papers_hard_missing, 1),
            np.minimum(scores.education_short / 3, 1),
            np.minimum(scores.language_short / 3, 1),
            np.minimum(scores.hours_short / 16, 1),
            np.minimum(scores.minutes_over / 60, 1),
            _log_share(rivals),
            _log_share(expected_rivals(rivals, weeks)),
            np.clip(weeks / 8, 0, 1),
            np.minimum(scores.motivation / 2, 1),
        ]
    )


def _log_share(rivals: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.clip(np.log1p(rivals) / np.log1p(MOST_RIVALS), 0, 1)
