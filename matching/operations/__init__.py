"""What writes in the matcher: steps of applications, the chance model, recommendations."""

from matching.operations.chance_model import backfill_snapshots, make_live, state_chances, train_chance_model
from matching.operations.choices import save_choices
from matching.operations.drift import check_drift
from matching.operations.learned import accept_completion, decline_completion, finish_programme
from matching.operations.market import refresh_market_prices
from matching.operations.recommendations import (
    close_expired_vacancies,
    refresh_recommendations,
    refresh_recommendations_of_vacancy,
)
from matching.operations.standing import look_at_list, rank_all_lists, rank_list
from matching.operations.steps import (
    accept_approach,
    answer_for_leaving_firm,
    apply,
    approach,
    bookmark,
    decline_approach,
    hire,
    invite,
    mark_seen,
    open_anonymous,
    reject,
    rejection_text,
    remove_bookmark,
    shortlist,
    snapshot,
    take_bookmarks,
    withdraw,
)

__all__ = [
    "accept_approach", "accept_completion", "answer_for_leaving_firm", "apply", "approach", "backfill_snapshots",
    "bookmark", "check_drift", "close_expired_vacancies", "decline_approach", "decline_completion",
    "finish_programme", "hire", "invite", "look_at_list", "make_live", "mark_seen", "open_anonymous", "rank_all_lists", "rank_list",
    "refresh_market_prices", "refresh_recommendations", "refresh_recommendations_of_vacancy", "reject",
    "rejection_text", "remove_bookmark", "save_choices", "shortlist", "snapshot", "state_chances", "take_bookmarks",
    "train_chance_model", "withdraw",
]  # fmt: skip
