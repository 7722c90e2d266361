"""One list from many machines: every shard is asked by a task, what they answer is merged, exactly.

A worker needs the shard's file on its own disk (see `docs/scaling.md`). Answers wait an hour in the cache; a task that runs twice
writes the same answer again.
"""

import numpy as np
from django.core.cache import cache

from core.events import enqueue
from matching import indexing
from matching.engine.index.topk import merge, read_keys

WAIT = 3600  # seconds


def ask_shards(run: str, of: int, vacancy_ids: list[int], k: int) -> None:
    """Send one task for every shard, after the transaction. `run` names the question: the same name overwrites."""
    for shard in range(of):
        enqueue("matching.lists_of_shard", run, shard, of, vacancy_ids, k)


def answer(run: str, shard: int, of: int, vacancy_ids: list[int], k: int) -> None:
    """Leave the answer of one shard. Raises LookupError when it was not built on this machine."""
    lists = indexing.lists_of_shard(shard, of, vacancy_ids, k)
    cache.set(_key(run, shard), dict(zip(vacancy_ids, lists, strict=True)), WAIT)


def collect(run: str, of: int, k: int) -> dict[int, list[int]] | None:
    """Ids of the best k people for every vacancy; None while an answer is still to come."""
    found = cache.get_many([_key(run, shard) for shard in range(of)])
    if len(found) < of:
        return None
    parts = list(found.values())
    return {
        pk: read_keys(merge([np.array(part[pk], dtype=np.int64) for part in parts], k)).ids.tolist() for pk in parts[0]
    }


def _key(run: str, shard: int) -> str:
    return f"shard-{run}-{shard}".replace(" ", "-")
