"""Everything an evaluation measures of one seed and process, as plain values, and as tables to read."""

from collections.abc import Iterator

import numpy as np

from simulation.evaluation import chances, courses, rankers, rankings, year
from simulation.evaluation.setting import Setting
from simulation.history import History
from simulation.processes import Process

RANKED_PEOPLE, RANKED_VACANCIES = 200, 250
YEAR_PEOPLE, YEAR_VACANCIES = 400, 300


def evaluate(setting: Setting, process: Process) -> dict:
    """All parts; the same setting and process give the same numbers."""
    split = chances.split_by_time(setting.history(process))
    model = chances.teach(split.early)
    sight, (chance, wish) = _ranked(setting, split.early, model, process, RANKED_PEOPLE, RANKED_VACANCIES)
    stage_sight, _ = _ranked(setting, split.early, model, process, YEAR_PEOPLE, YEAR_VACANCIES)
    lots = year.draw_lots(*stage_sight.fit.shape, setting.seed)
    stage = year.set_stage(setting, stage_sight, process)
    return {
        "seed": setting.seed,
        "process": process.name,
        "people": len(setting.persons),
        "applications": len(split.early.invited) + len(split.late.invited),
        "base_rate": float(split.late.invited.mean()),
        "chances": chances.judge(split),
        "hires": chances.judge_hires(split),
        "groups": chances.judge_groups(split, setting),
        "rankers": rankings.judge_rankers(sight, chance, wish),
        "ablation_of_chance": chances.ablate(split),
        "ablation_of_fit": rankings.ablate_fit(sight, chance, wish),
        "courses": courses.judge_courses(setting, model, process),
        "year": [year.live_a_year(setting, stage_sight, process, order, lots, stage) for order in year.ORDERS],
    }


def _ranked(setting: Setting, early: History, model, process: Process, n_people: int, n_vacancies: int):
    """Sight and oracle of some people and some open vacancies; what drew people is counted over the early applications."""
    open_rows = np.array([row for row, post in enumerate(setting.posts) if post.closed is None])
    people, vacancies = np.arange(min(n_people, len(setting.persons))), open_rows[:n_vacancies]
    asked = np.bincount(setting.facts.occupation[early.post], minlength=len(setting.scene.world.occupation_ids))
    called = np.bincount(early.person, early.invited, len(setting.persons))
    sight = rankers.sight_of(setting, people, vacancies, model, asked[setting.facts.occupation].astype(float), called)
    return sight, rankers.oracle(setting, people, vacancies, process)


def lines(result: dict) -> Iterator[str]:
    """The result as tables."""
    yield (
        f"seed {result['seed']}, process {result['process']}: {result['people']} people, {result['applications']} applications, "
        f"base rate {result['base_rate']:.3f}"
    )
    yield "\nChance of an invitation, judged on all later applications"
    yield from _table(
        result["chances"],
        ("n", "model", "brier", "below_base", "auc", "auc_gap", "ece", "ece_true", "coverage", "width", "judged_on"),
    )
    yield "\nChance to be hired"
    yield from _table([result["hires"]], ("n", "brier", "below_base", "auc", "auc_gap", "ece", "ece_true", "coverage"))
    yield "\nSaid minus happened, by group"
    yield from _table([{"group": name, "gap": gap} for name, gap in result["groups"].items()], ("group", "gap"))
    yield "\nOrders (nDCG@10 and MRR; Gini of who stands in a first ten)"
    yield from _table(
        result["rankers"], ("ranker", "ndcg_vacancies", "mrr_vacancies", "gini", "ndcg_people", "mrr_people")
    )
    yield "\nWhat each part adds: to the chance"
    yield from _table(result["ablation_of_chance"], ("part", "brier", "auc"))
    yield "\nWhat each part adds: to the fit"
    yield from _table(
        result["ablation_of_fit"], ("part", "ndcg_vacancies", "mrr_vacancies", "ndcg_people", "mrr_people")
    )
    yield "\nCourses: promised and realised gain"
    yield from _table(result["courses"], ("way", "n", "promised", "realised", "bias"))
    yield "\nTwelve months, everybody following one order"
    yield from _table(
        result["year"],
        (
            "order",
            "three_suitable",
            "vacancies",
            "hires",
            "invitations",
            "applications",
            "gini",
            "mean_fit",
            "fit_lost",
        ),
    )


def _table(rows: list[dict], columns: tuple[str, ...]) -> Iterator[str]:
    cells = [columns, *(tuple(_cell(row.get(name)) for name in columns) for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(columns))]
    for row in cells:
        yield "  " + "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )


def _cell(value) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return "-"
    return f"{value:.4f}" if isinstance(value, float) else str(value)
