"""The matcher: arrays and ids in, frozen results out. No Django, no clock, no input or output.

Start with `score.score_vacancies` (one person, all vacancies), `score.score_candidates` (one vacancy, all people) and
`explain.explain`; then `chance` and `training`. `pool` says what the arrays hold and in which units.
"""

from matching.engine.chance import (
    HIRED,
    INVITED,
    ChanceParameters,
    Chances,
    Guess,
    both,
    chance_of,
    chances,
    fit_chance,
    predict,
    prior,
)
from matching.engine.explain import Explanation, explain
from matching.engine.features import features
from matching.engine.market import Step, expected_benefit, for_both, in_sight, market_order, price_at, suits
from matching.engine.pool import Candidates, SkillSpace, Vacancies
from matching.engine.scale import ENGINE_VERSION, ONE, WEIGHTS
from matching.engine.score import (
    CandidateIndex,
    Scores,
    VacancyIndex,
    index_candidates,
    index_vacancies,
    rank,
    score_candidates,
    score_vacancies,
)
from matching.engine.training import Bundle, Gain, Programmes, gains, pairs_of

__all__ = [
    "ENGINE_VERSION", "HIRED", "INVITED", "ONE", "WEIGHTS", "Bundle", "CandidateIndex", "Candidates", "ChanceParameters",
    "Chances", "Explanation", "Gain", "Guess", "Programmes", "Scores", "SkillSpace", "Step", "Vacancies",
    "VacancyIndex", "both", "chance_of", "chances", "expected_benefit", "explain", "features",
    "fit_chance", "for_both", "gains", "in_sight", "index_candidates", "index_vacancies", "market_order", "pairs_of", "predict",
    "price_at", "prior", "rank", "score_candidates", "score_vacancies", "suits",
]  # fmt: skip
