"""One list from many machines: every shard is asked by a task, what they answer is merged, exactly.

A worker needs the shard's file on its own disk (see `docs/scaling.md`). Answers wait an hour in the cache; a task that runs twice
writes the same answer again.
"""

import numpy as np
import structlog
from django.core.cache import cache

from core.events import enqueue
from matching import indexing
from matching.engine.index.topk import read_keys

WAIT = 3600  # seconds

log = structlog.get_logger(__name__)


def ask_shards(run: str, of: int, vacancy_ids: list[int], k: int) -> None:
    """Send one task for every shard, after the transaction. `run` names the question: the same name overwrites."""
    for shard in range(of):
        enqueue("matching.lists_of_shard", run, shard, of, vacancy_ids, k)


def answer(run: str, shard: int, of: int, vacancy_ids: list[int], k: int) -> None:
    """Leave the answer of one shard; one that is not here, or not true any more, leaves why."""
    try:
        found: tuple[str, dict[int, list[int]]] | str = indexing.lists_of_shard(shard, of, vacancy_ids, k)
    except indexing.NotTrue as problem:
        log.warning("shard_not_true", problem=str(problem))
        found = str(problem)
    cache.set(_key(run, shard), found, WAIT)


def collect(run: str, of: int, k: int) -> dict[int, list[int]] | None:
    """Ids of the best k people for every vacancy that is still there; None while an answer is still to come.

    Raises NotTrue when a shard could not answer, or shards of different builds did (one person may then stand in two, or in
    none): `indexing.lists_of` needs no shards.
    """
    found = cache.get_many([_key(run, shard) for shard in range(of)])
    for problem in found.values():
        if isinstance(problem, str):
            raise indexing.NotTrue(problem)
    if len(found) < of:
        return None
    if len({built for built, _lists in found.values()}) > 1:
        raise indexing.NotTrue("these shards are not of one build")
    parts = [lists for _built, lists in found.values()]
    there = set.intersection(*(set(part) for part in parts))
    return {pk: _best([part[pk] for part in parts], k) for pk in sorted(there)}


def _best(parts: list[list[int]], k: int) -> list[int]:
    """The best k of several lists of keys. Who changed since the build is in every list, and who did between two answers in
    two ways: the better one counts."""
    ids = read_keys(np.unique(np.concatenate([np.array(keys, dtype=np.int64) for keys in parts]))[::-1]).ids
    return ids[np.sort(np.unique(ids, return_index=True)[1])[:k]].tolist()


def _key(run: str, shard: int) -> str:
    return f"shard-{run}-{shard}".replace(" ", "-")
