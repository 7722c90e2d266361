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

from matching import loading
from matching.engine import SkillSpace
from matching.engine.index.batch import lists_for_vacancies, shards
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
    held = _true_generation()
    if held is None:
        return None
    index, changed = held
    space = whole_space()
    fresh = refresh(index, space, loading.project(changed, space), np.zeros(0, dtype=np.int64))
    asked = ask(loading.project(loading.load_vacancies([vacancy_id]), space), space)
    shown = np.array(sorted(allowed), dtype=np.int64)
    parts = top_fresh(fresh, asked, 0, k, allowed=shown, motivation=motivation)
    return read_keys(merge([top.keys for top, _index in parts], k)).ids.tolist()


def lists_of_shard(shard: int, of: int, vacancy_ids: list[int], k: int) -> list[list[int]]:
    """The best k keys of one shard for every vacancy, who passes only. Raises LookupError when the shard was not built."""
    current = generations(shard, of).current()
    if current is None:
        raise LookupError(f"shard {shard + 1} of {of} was not built on this machine")
    space = whole_space()
    asked = ask(loading.project(loading.load_vacancies(vacancy_ids), space), space)
    return [keys.tolist() for keys in lists_for_vacancies(current[0], asked, k, Filters())]


def lists_of(vacancy_ids: list[int], k: int) -> dict[int, list[tuple[int, int]]]:
    """(CV id, fit) of the best k for each of these vacancies, in order: who passes what is indispensable and may be found."""
    space, vacancies = whole_space(), loading.load_vacancies(vacancy_ids)
    make = lambda: index_people(loading.project(loading.all_candidates(), space), space)  # noqa: E731
    index = loading.shared("people", (*loading.candidates_stamp(), *loading.taxonomy_stamp()), make)
    findable = np.array(list(CV.objects.matchable().values_list("id", flat=True)), dtype=np.int64)
    allowed = np.isin(index.people.ids, findable).astype(np.uint8)
    lists = lists_for_vacancies(index, ask(loading.project(vacancies, space), space), k, Filters(allowed=allowed))
    return {
        pk: list(zip(read_keys(best).ids.tolist(), read_keys(best).fit.tolist(), strict=True))
        for pk, best in zip(vacancies.ids.tolist(), lists, strict=True)
    }


def _true_generation() -> tuple[PeopleIndex, Candidates] | None:
    """The index in use and everybody who changed since; None when it is missing, damaged, or older than what it stands on."""
    try:
        current = generations().current()
    except BadIndexFile as problem:
        log.error("index_damaged", problem=str(problem))
        return None
    if current is None or current[1].get("of") != _stamp():
        return None
    since = datetime.fromisoformat(current[1]["at"])
    rows = CV.objects.filter(owner__isnull=False, updated_at__gte=since).values_list("id", flat=True)
    changed = list(rows[: LARGEST_DELTA + 1])
    if len(changed) > LARGEST_DELTA:
        log.warning("index_too_old", changed=len(changed))
        return None
    return current[0], loading.load_candidates(changed)


def _stamp() -> list[Any]:
    """What an index stands on besides the CVs: taxonomy, papers and the day (papers expire)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(id)::bigint FROM taxonomy_certificate")
        papers = cursor.fetchone()[0]
    return [*loading.taxonomy_stamp(), papers, str(timezone.localdate())]


__all__ = ["Building", "best_of", "lists_of", "lists_of_shard", "rebuild"]
