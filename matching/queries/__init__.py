"""What pages, the API and commands read of the matcher: computed now, from the engine and the live chance model."""

from matching.queries.applications import application_for, applications_of, events_of, export_of, next_step, subjects_of
from matching.queries.building import WEEK, answered, count_applicants
from matching.queries.candidates import (
    almost_for_vacancy,
    candidate_for,
    candidates_for_vacancy,
    count_applications,
    count_hired,
)
from matching.queries.chances import live_parameters, model_quality, parameters_of
from matching.queries.learned import finished_answer
from matching.queries.market import market_prices, steps_taken, suited
from matching.queries.matches import almost_for_cv, everybody_for_vacancy, match_for, matches_for_cv, places_of_cv
from matching.queries.ready import compile_advice
from matching.queries.shown import (
    JOURNEYS,
    NOT_COMPETING,
    Candidate,
    Chance,
    Match,
    MatchFilters,
    Missing,
    ModelQuality,
    ReliabilityRow,
    Suggestion,
    is_known,
)
from matching.queries.skills import SkillAdvice, skill_advice
from matching.queries.standing import Waiting, best_waiting, new_for, waiting_for
from matching.queries.suggestions import live_tables, market_advice, suggestions_for
from matching.queries.wording import journey_band, to_per_mille

__all__ = [
    "JOURNEYS",
    "NOT_COMPETING",
    "WEEK",
    "Candidate",
    "Chance",
    "Match",
    "MatchFilters",
    "Missing",
    "ModelQuality",
    "ReliabilityRow",
    "SkillAdvice",
    "Suggestion",
    "Waiting",
    "almost_for_cv",
    "almost_for_vacancy",
    "answered",
    "application_for",
    "applications_of",
    "best_waiting",
    "candidate_for",
    "candidates_for_vacancy",
    "compile_advice",
    "count_applicants",
    "count_applications",
    "count_hired",
    "events_of",
    "everybody_for_vacancy",
    "export_of",
    "finished_answer",
    "is_known",
    "journey_band",
    "live_parameters",
    "live_tables",
    "market_advice",
    "market_prices",
    "match_for",
    "matches_for_cv",
    "model_quality",
    "new_for",
    "next_step",
    "parameters_of",
    "places_of_cv",
    "skill_advice",
    "steps_taken",
    "subjects_of",
    "suggestions_for",
    "suited",
    "to_per_mille",
    "waiting_for",
]  # fmt: skip
