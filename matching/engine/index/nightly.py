"""Everybody's lists on many machines: the functions of `batch`, spread by Dask (the extra `batch`).

One task for every shard file and stretch of vacancies; a task maps the file of its shard and needs nothing else. Tasks can
run anywhere and twice: the merge is exact whatever order they end in. `scheduler` is Dask's: "processes" on one machine,
a `distributed.Client` with workers that see the same files on many.
"""

from pathlib import Path
from typing import Any

import dask
import numpy as np
from numpy.typing import NDArray

from matching.engine.index.batch import lists_for_vacancies, merge_shards
from matching.engine.index.candidates import PLAIN, ask
from matching.engine.index.files import read_index
from matching.engine.index.question import Filters
from matching.engine.pool import SkillSpace, Vacancies


def nightly_lists(
    files: list[Path],
    vacancies: Vacancies,
    space: SkillSpace,
    k: int = 50,
    filters: Filters = PLAIN,
    stretch: int = 1_000,
    scheduler: Any = "processes",
    workers: int = 2,
) -> list[NDArray[np.int64]]:
    """The best k keys for every vacancy over all shards. Raises `files.BadIndexFile` when a shard is damaged."""
    n = len(vacancies.ids)
    stretches = [range(low, min(low + stretch, n)) for low in range(0, n, stretch)]
    make = dask.delayed(_lists, pure=False)
    work = [[make(str(file), vacancies, space, rows, k, filters) for file in files] for rows in stretches]
    done = dask.compute(work, scheduler=scheduler, num_workers=workers)[0]
    return [keys for parts in done for keys in merge_shards(parts, k)]


def _lists(
    file: str, vacancies: Vacancies, space: SkillSpace, rows: range, k: int, filters: Filters
) -> list[NDArray[np.int64]]:
    index, _stamp = read_index(Path(file))
    return lists_for_vacancies(index, ask(vacancies, space), k, filters, rows)
