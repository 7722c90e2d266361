"""The compiled index of everybody: built beside, read by every process through one memory map, true to the last change.

Below `INDEX_FROM` people the arrays of `loading` are quicker and simpler, and nothing here is used. From there on the index
names the best of a vacancy, and the pages score those few anew from the database, so every number shown comes from one place.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone
from numpy.typing import NDArray

from matching import loading
from matching.engine import SkillSpace
from matching.engine.index.batch import lists_for_vacancies, merge_shards, shards
from matching.engine.index.candidates import PeopleIndex, ask, index_people
from matching.engine.index.delta import refresh, top_fresh
from matching.engine.index.generations import BadIndexFile, Building, Generations
from matching.engine.index.question import Filters
from matching.engine.index.topk import merge, read_keys
from matching.engine.pool import Candidates
from profiles.models import CV
from taxonomy.models import Skill

MARGIN = timedelta(minutes=5)  # a change that was not yet committed when the build began may carry an earlier time
LARGEST_DELTA = 20_000  # more changed CVs than this: the arrays are used until the next build

log = structlog.get_logger(__name__)


class NotTrue(LookupError):
    """There is no index here, or not one that is true by now; says why."""


_generations: dict[Path, Generations] = {}


def generations(shard: int | None = None, of: int = 1) -> Generations:
    """The generations of the whole, or of one of `of` shards."""
    folder = Path(settings.INDEX_DIR) if shard is None else Path(settings.INDEX_DIR) / f"{shard + 1}-of-{of}"
    return _generations.setdefault(folder, Generations(folder))


def whole_space() -> SkillSpace:
    """All skills of the taxonomy."""
    load = lambda: loading.space_for(Skill.objects.values_list("id", flat=True))  # noqa: E731
    return loading.shared("space", loading.taxonomy_stamp(), load)


def rebuild(n_shards: int = 0) -> list[str]:
    """Build the next generation, whole or in shards, and take it into use; names of the files. Raises `Building`."""
    started = timezone.now() - MARGIN
    stamp = {"of": _stamp(), "at": started.isoformat()}
    space, people = whole_space(), loading.load_candidates(None)
    if not n_shards:
        return [generations().rebuild(lambda: (index_people(loading.project(people, space), space), stamp))]
    parts = [people.ids[rows].tolist() for rows in shards(loading.project(people, space), space, n_shards)]
    return [
        generations(number, n_shards).rebuild(
            lambda ids=ids: (index_people(loading.project(loading.load_candidates(ids), space), space), stamp)
        )
        for number, ids in enumerate(parts)
    ]


def best_of(vacancy_id: int, allowed: set[int], motivation: Mapping[int, int], k: int) -> list[int] | None:
    """Ids of the best k people for a vacancy among `allowed`, in order; None when no index that is true is in use.

    motivation: by CV, of who told why. Everything that changed since the build is scanned beside it.
    """
    try:
        index, changed, _built = _true_generation()
    except NotTrue:
        return None
    space = whole_space()
    fresh = refresh(index, space, loading.project(changed, space), np.zeros(0, dtype=np.int64))
    asked = ask(loading.project(loading.load_vacancies([vacancy_id]), space), space)
    shown = np.array(sorted(allowed), dtype=np.int64)
    parts = top_fresh(fresh, asked, 0, k, allowed=shown, motivation=motivation)
    return read_keys(merge([top.keys for top, _index in parts], k)).ids.tolist()


def lists_of_shard(shard: int, of: int, vacancy_ids: list[int], k: int) -> tuple[str, dict[int, list[int]]]:
    """When the shard was built, and by vacancy its best k keys: who passes and may be found, as they are now.

    Whoever changed since the build is looked at here whatever shard they stand in, for no shard knows the others. A vacancy
    that is gone is left out. Raises NotTrue when the shard was not built on this machine or is not true any more.
    """
    index, changed, built = _true_generation(shard, of)
    space, vacancies = whole_space(), loading.load_vacancies(vacancy_ids)
    asked, findable = ask(loading.project(vacancies, space), space), _findable()
    parts = [lists_for_vacancies(index, asked, k, _only(np.setdiff1d(findable, changed.ids), index))]
    if len(changed.ids):
        fresh = index_people(loading.project(changed, space), space)
        parts.append(lists_for_vacancies(fresh, asked, k, _only(findable, fresh)))
    merged = merge_shards(parts, k)
    return built, {pk: keys.tolist() for pk, keys in zip(vacancies.ids.tolist(), merged, strict=True)}


def lists_of(vacancy_ids: list[int], k: int) -> dict[int, list[tuple[int, int]]]:
    """(CV id, fit) of the best k for each of these vacancies, in order: who passes what is indispensable and may be found."""
    space, vacancies = whole_space(), loading.load_vacancies(vacancy_ids)
    make = lambda: index_people(loading.project(loading.all_candidates(), space), space)  # noqa: E731
    index = loading.shared("people", (*loading.candidates_stamp(), *loading.taxonomy_stamp()), make)
    asked = ask(loading.project(vacancies, space), space)
    lists = lists_for_vacancies(index, asked, k, _only(_findable(), index))
    return {
        pk: list(zip(read_keys(best).ids.tolist(), read_keys(best).fit.tolist(), strict=True))
        for pk, best in zip(vacancies.ids.tolist(), lists, strict=True)
    }


def _findable() -> NDArray[np.int64]:
    return np.array(list(CV.objects.matchable().values_list("id", flat=True)), dtype=np.int64)


def _only(ids: NDArray[np.int64], index: PeopleIndex) -> Filters:
    return Filters(allowed=np.isin(index.people.ids, ids).astype(np.uint8))


def _true_generation(shard: int | None = None, of: int = 1) -> tuple[PeopleIndex, Candidates, str]:
    """The index in use, everybody who changed since, and when it was built.

    Raises NotTrue when it is missing, damaged, older than what it stands on, or when too many changed.
    """
    name = "the index" if shard is None else f"shard {shard + 1} of {of}"
    try:
        current = generations(shard, of).current()
    except BadIndexFile as problem:
        log.error("index_damaged", problem=str(problem))
        raise NotTrue(f"{name} is damaged") from problem
    if current is None:
        raise NotTrue(f"{name} was not built on this machine")
    index, stamp = current
    if stamp.get("of") != _stamp():
        raise NotTrue(f"{name} is of another day or another taxonomy")
    since = datetime.fromisoformat(stamp["at"])
    rows = CV.objects.filter(owner__isnull=False, updated_at__gte=since).values_list("id", flat=True)
    changed = list(rows[: LARGEST_DELTA + 1])
    if len(changed) > LARGEST_DELTA:
        log.warning("index_too_old", changed=len(changed))
        raise NotTrue(f"{name} is too old: more than {LARGEST_DELTA} smart CVs changed since")
    return index, loading.load_candidates(changed), stamp["at"]


def _stamp() -> list[Any]:
    """What an index stands on besides the CVs: taxonomy, papers and the day (papers expire)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(id)::bigint FROM taxonomy_certificate")
        papers = cursor.fetchone()[0]
    return [*loading.taxonomy_stamp(), papers, str(timezone.localdate())]


__all__ = ["Building", "NotTrue", "best_of", "lists_of", "lists_of_shard", "rebuild"]
