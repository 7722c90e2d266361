"""Everything an evaluation measures of one seed and process, as plain values, and as tables to read."""

from collections.abc import Callable, Iterator

import numpy as np

from matching.engine import ChanceParameters
from simulation.evaluation import chances, courses, rankers, rankings, year
from simulation.evaluation.setting import Setting
from simulation.history import History
from simulation.processes import Process

RANKED_PEOPLE, RANKED_VACANCIES = 200, 250
DRAWS = 5  # of the lots of a year
PARTS = ("chances", "rankings", "courses", "year")
QUALITY = (
    "n", "model", "brier", "below_base", "auc", "auc_gap", "ece", "ece_true", "coverage", "width", "hidden", "spread",
    "judged_on",
)  # fmt: skip
MEANS = ("ece", "floor", "level", "ece_true", "auc_gap", "shown", "hidden", "spread")  # over seeds
FOR_PEOPLE = ("ndcg_vacancies", "mrr_vacancies", "gini")
FOUND = (*FOR_PEOPLE, "ndcg_people", "mrr_people")
AGAINST = tuple(f"{kind}_{name}" for name in year.HELD_AGAINST for kind in ("d", "se"))
TABLES = {
    "chances": ("Chance of an invitation, judged on all later applications", QUALITY),
    "hires": ("Chance to be hired", QUALITY[:9]),
    "groups": ("Said minus happened, by group", ("group", "gap")),
    "rankers": ("Orders: nDCG@10 and MRR both ways; Gini of who stands in a first ten", ("ranker", *FOUND)),
    "ablation_of_chance": ("What each part adds to the chance", ("part", "brier", "auc")),
    "ablation_of_fit": ("What each part adds to the fit", ("part", *FOUND)),
    "courses": ("Courses: promised and realised gain", ("way", "n", "promised", "realised", "bias")),
    "together_in_tens": (
        "Wish and chance together, minus either alone: what people are shown", ("alone", *(f"d_{name}" for name in FOR_PEOPLE)),
    ),
    "year": ("Twelve months, everybody following one order; d_ against fit", ("order", "region", *year.COUNTED, *AGAINST)),
    "together_in_years": ("Wish and chance together, minus either alone: twelve months", ("alone", "region", *AGAINST)),
}  # fmt: skip


def evaluate(setting: Setting, process: Process, parts: tuple[str, ...] = PARTS, draws: int = DRAWS) -> dict:
    """These parts, years lived so many times; the same arguments give the same numbers.

    Raises KeyError for a part that does not exist.
    """
    split = chances.split_by_time(setting.history(process))
    model = chances.teach(split.early)
    found = {
        "seed": setting.seed,
        "process": process.name,
        "people": len(setting.persons),
        "applications": len(split.early.invited) + len(split.late.invited),
        "base_rate": float(split.late.invited.mean()),
    }
    makers: dict[str, Callable[[], dict]] = {
        "chances": lambda: {
            "chances": chances.judge(split),
            "hires": [chances.judge_hires(split)],
            "groups": [{"group": name, "gap": gap} for name, gap in chances.judge_groups(split, setting).items()],
            "ablation_of_chance": chances.ablate(split),
        },
        "rankings": lambda: _rankings(setting, split.early, model, process),
        "courses": lambda: {"courses": courses.judge_courses(setting, model, process)},
        "year": lambda: _years(setting, split.early, model, process, draws),
    }
    for part in parts:
        found |= makers[part]()
    return found


def over_seeds(results: list[dict]) -> list[dict]:
    """Mean and worst over seeds of our chances, by process and number of outcomes.

    "floor" is the oracle's own ECE, "level" that of the oracle that learns the level from these outcomes, "shown" the AUC gap of
    who knows all that an application shows (see `chances.judge`).
    """
    found: dict[tuple[str, str], list[dict]] = {}
    for result in results:
        rows = result.get("chances", [])
        said = {(row["model"], row["n"]): row for row in rows}
        ours = [row for row in rows if row["model"] == "ours"]
        for place, row in enumerate(ours):
            size = "all" if place == len(ours) - 1 else str(row["n"])
            beside = {
                name: said.get(key, {}).get(column, float("nan"))
                for name, key, column in (("floor", ("oracle", 0), "ece"), ("level", ("level", row["n"]), "ece"),
                                          ("shown", ("shown", 0), "auc_gap"))
            }  # fmt: skip
            found.setdefault((result["process"], size), []).append(row | beside)
    return [
        {
            "process": process, "n": size, "seeds": len(rows),
            **{name: float(np.mean([row[name] for row in rows])) for name in MEANS},
            "worst_ece": max(row["ece"] for row in rows), "worst_auc_gap": max(row["auc_gap"] for row in rows),
            "worst_below_base": min(row["below_base"] for row in rows),
            "coverage": float(np.mean([row["coverage"] for row in rows])),
            "least_coverage": min(row["coverage"] for row in rows), "most_coverage": max(row["coverage"] for row in rows),
        }
        for (process, size), rows in sorted(found.items())
    ]  # fmt: skip


def _rankings(setting: Setting, early: History, model: ChanceParameters, process: Process) -> dict:
    sight, (chance, wish) = _ranked(setting, early, model, process, RANKED_PEOPLE, RANKED_VACANCIES)
    return {
        "rankers": rankings.judge_rankers(sight, chance, wish),
        "together_in_tens": rankings.judge_together(sight, chance, wish),
        "ablation_of_fit": rankings.ablate_fit(sight, chance, wish),
    }


def _years(setting: Setting, early: History, model: ChanceParameters, process: Process, draws: int) -> dict:
    rows, together = [], []
    ordinary = year.ordinary_wish(setting, early)
    for name, region in year.REGIONS.items():
        sight, _ = _ranked(setting, early, model, process, region.people, region.vacancies)
        stage = year.set_stage(setting, sight, process, None if region.obliged else ordinary)
        lived = year.live_years(stage, setting.seed, draws, region.orders)
        rows += [{"region": name, "draws": draws} | row for row in year.rows_of(lived)]
        together += [
            {"region": name, "alone": alone} | year.differences(lived[rankers.TOGETHER], lived[alone])
            for alone in rankers.ALONE if alone in lived
        ]  # fmt: skip
    return {"year": rows, "together_in_years": together}


def _ranked(
    setting: Setting, early: History, model: ChanceParameters, process: Process, n_people: int, n_vacancies: int
):
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
    for key, (title, columns) in TABLES.items():
        if key in result:
            yield f"\n{title}"
            yield from _table(result[key], columns)


def spread_over_seeds(results: list[dict], part: str, by: tuple[str, ...], means=(), gaps=()) -> list[dict]:
    """Rows of a part that are alike in `by`: means over regions, and of the differences `d_` the standard error over regions too
    (draws of the lots within a region are averaged first)."""
    found: dict[tuple, list[dict]] = {}
    for result in results:
        for row in result.get(part, []):
            found.setdefault(tuple(row[name] for name in by), []).append(row)
    rows = []
    for key, alike in found.items():
        row: dict = dict(zip(by, key, strict=True)) | {"regions": len(alike)}
        row |= {name: float(np.mean([one[name] for one in alike])) for name in means}
        for name in gaps:
            gap = np.array([one[f"d_{name}"] for one in alike])
            row[f"d_{name}"] = float(gap.mean())
            row[f"se_{name}"] = float(gap.std(ddof=1) / np.sqrt(len(gap))) if len(gap) > 1 else None
        rows.append(row)
    return rows


def summary_lines(results: list[dict]) -> Iterator[str]:
    """Over seeds as tables: chances by mean and worst, the rest by mean and standard error; nothing of what was not measured."""
    tens, years = "together_in_tens", "together_in_years"
    for title, rows in (
        ("Chances, mean and worst", over_seeds(results)),
        ("Orders", spread_over_seeds(results, "rankers", ("ranker",), FOR_PEOPLE)),
        (TABLES[tens][0], spread_over_seeds(results, tens, ("alone",), gaps=FOR_PEOPLE)),
        (TABLES["year"][0], spread_over_seeds(results, "year", ("order", "region"), year.COUNTED, year.HELD_AGAINST)),
        (TABLES[years][0], spread_over_seeds(results, years, ("alone", "region"), gaps=year.HELD_AGAINST)),
    ):
        if rows:
            yield f"\nOver all seeds. {title}"
            yield from _table(rows, tuple(rows[0]))


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
