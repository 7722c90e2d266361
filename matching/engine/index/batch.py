"""Everybody's list at once, and lists from parts: shards and all pairs.

A shard is an index of some of the people (by place: a stretch of the rows of the whole). The best k of every shard hold the best
k of all, because a key orders people the same everywhere. So lists can be made by any number of machines, and merged.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from matching.engine.index.candidates import NOBODY, PLAIN, Asked, PeopleIndex, best_lists, limits, same_space
from matching.engine.index.everybody import both_lists
from matching.engine.index.layout import lay_out_people
from matching.engine.index.question import Filters
from matching.engine.index.topk import merge
from matching.engine.index.vacancies import WorkIndex, top_work
from matching.engine.pool import Candidates, SkillSpace

LISTS_AT_ONCE = 64


def shards(candidates: Candidates, space: SkillSpace, n: int) -> list[NDArray[np.int64]]:
    """Rows of the candidates in n parts of about equal size, neighbours together."""
    people, _places = lay_out_people(candidates, space)
    rows = np.searchsorted(candidates.ids, people.ids[np.argsort(people.row["place"], kind="stable")])
    return [np.sort(some) for some in np.array_split(rows, n)]


def lists_for_vacancies(
    index: PeopleIndex, asked: Asked, k: int = 50, filters: Filters = PLAIN, rows: Iterable[int] | None = None,
    threads: int = 1,
) -> list[NDArray[np.int64]]:  # fmt: skip
    """The best k keys for every vacancy (or those in `rows`), who passes only."""
    chosen = np.array(range(len(asked.work.row)) if rows is None else list(rows), dtype=np.int64)
    stretches = [chosen[low : low + LISTS_AT_ONCE] for low in range(0, len(chosen), LISTS_AT_ONCE)]
    made = _each(lambda some: best_lists(index, asked, some, k, filters, NOBODY), stretches, threads)
    return [keys[:n] for lists in made for keys, n in zip(lists.keys, lists.counts[:, 0].tolist(), strict=True)]


def lists_for_people(
    work: WorkIndex, people: PeopleIndex, k: int = 50, max_minutes: int | None = None, threads: int = 1
) -> list[NDArray[np.int64]]:
    """The best k keys of vacancies for every person, in the rows of the index."""
    chosen = list(range(len(people.people.row)))
    return _each(lambda c: top_work(work, people, c, k, max_minutes)[0], chosen, threads)


def lists_both_ways(
    index: PeopleIndex, asked: Asked, k: int = 50, filters: Filters = PLAIN, threads: int = 1
) -> tuple[list[NDArray[np.int64]], list[NDArray[np.int64]]]:
    """(for every vacancy, for every person in the rows of the index): the best k keys, from one pass over all pairs.

    For a pilot (`everybody`). Who passes only; the filters hold both ways.
    """
    same_space(asked.n_skills, index)
    n, n_people = len(asked.work.row), len(index.people.row)
    own, own_sizes = np.zeros((n_people, k), dtype=np.int64), np.zeros(n_people, dtype=np.int64)

    def some(part: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        keys, sizes = np.zeros((n, k), dtype=np.int64), np.zeros(n, dtype=np.int64)
        if len(part):
            low, high = part[0], part[-1] + 1
            both_lists(
                index.people, index.places, index.nearness, asked.work, asked.places, low, high, *limits(filters),
                keys, sizes, own[low:high], own_sizes[low:high],
            )  # fmt: skip
        return keys, sizes

    made = _each(some, np.array_split(np.arange(n_people), threads), threads)
    sizes = np.minimum(np.sum([some for _keys, some in made], axis=0), k)
    return _best(np.concatenate([keys for keys, _sizes in made], axis=1), sizes), _best(own, own_sizes)


def _best(keys: NDArray[np.int64], sizes: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """The first so many of each row, best first."""
    return [row[:size] for row, size in zip(np.sort(keys, axis=1)[:, ::-1], sizes.tolist(), strict=True)]


def merge_shards(parts: list[list[NDArray[np.int64]]], k: int) -> list[NDArray[np.int64]]:
    """The lists of the whole from those of its shards, vacancy by vacancy."""
    return [merge(list(lists), k) for lists in zip(*parts, strict=True)]


def _each(one, chosen: list, threads: int) -> list:
    """Loops of the index release the interpreter's lock, so threads share the columns and need no copies."""
    if threads == 1:
        return [one(each) for each in chosen]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, chosen))
