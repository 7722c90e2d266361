"""Rows into the engine's arrays.

Arrays that many requests share (candidates, programmes) are kept in the process with a stamp: counts and sums of row
versions, read anew in one statement for every request, so nothing stale is ever shown; open vacancies follow their changes
(`open_market`). A single CV or vacancy is always read fresh.
"""

import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from django.db import connection
from django.utils import timezone
from numpy.typing import NDArray

from core.choices import Language, Sector
from education.models import Programme, ProgrammeCertificate, ProgrammeSkill
from matching import rows
from matching.engine import Candidates, Programmes, SkillSpace, Vacancies, VacancyIndex, index_vacancies
from matching.engine.scale import STEPS_PER_LEVEL
from taxonomy.models import Certificate, Skill, SkillNearness

LANGUAGES = {code: column for column, code in enumerate(Language.values)}
SECTORS = {code: bit for bit, code in enumerate(Sector.values)}
TRAVEL_MODES = {"bike": 0, "transit": 1, "car": 2}
IDF_STEPS = 2.0  # the taxonomy's idf runs from about 0.5 to 7.5; the engine wants whole numbers up to 15

Pool = TypeVar("Pool", Candidates, Vacancies, Programmes)


# Shared arrays with a stamp.

_locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
_kept: dict[str, tuple[Any, Any]] = {}


def shared(name: str, stamp: Any, load: Callable[[], Any]) -> Any:
    """What was loaded under this stamp, loaded once by one thread when the stamp is new."""
    held = _kept.get(name)
    if held is None or held[0] != stamp:
        with _locks[name]:
            held = _kept.get(name)
            if held is None or held[0] != stamp:
                held = (stamp, load())
                _kept[name] = held
    return held[1]


def _stamp(sql: str) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return (connection.settings_dict["NAME"], *cursor.fetchone())


def taxonomy_stamp() -> tuple:
    """Changes with every edition of the taxonomy, and with every new skill."""
    return _stamp("SELECT max(id), (SELECT number FROM taxonomy_edition LIMIT 1) FROM taxonomy_skill")


def vacancies_stamp() -> tuple:
    """What vacancies as arrays stand on besides themselves: the edition of the taxonomy, and papers."""
    return _stamp("SELECT (SELECT number FROM taxonomy_edition LIMIT 1), (SELECT sum(id) FROM taxonomy_certificate)")


def programmes() -> Programmes:
    """All published programmes; skills by id."""
    stamp = _stamp(
        """SELECT count(*), sum(version), max(updated_at), (SELECT sum(id) FROM taxonomy_certificate)
           FROM education_programme WHERE status = 'published'"""
    )
    return shared("programmes", stamp, _load_programmes)


def candidates_stamp() -> tuple:
    """Changes with every CV, and with the day: a paper may have expired overnight."""
    stamp = _stamp(
        """SELECT count(*), sum(version), sum(id), (SELECT sum(id) FROM taxonomy_certificate)
           FROM profiles_cv WHERE owner_id IS NOT NULL"""
    )
    return (*stamp, timezone.localdate())


def all_candidates() -> Candidates:
    """All CVs with an owner; skills by id."""
    return shared("candidates", candidates_stamp(), lambda: load_candidates(None))


def space_for(skill_ids: Iterable[int]) -> SkillSpace:
    """The skill space of these skills and everything near them.

    A skill outside it cannot cover any of them, so scores are the same as in the space of all skills.
    """
    asked = sorted({int(skill) for skill in skill_ids})
    near = list(SkillNearness.objects.filter(skill_id__in=asked).values_list("skill_id", "other_id", "similarity"))
    ids = np.array(sorted({*asked, *(other for _, other, _ in near)}), dtype=np.int64)
    idf = dict(Skill.objects.filter(id__in=ids.tolist()).values_list("id", "idf"))
    triples = np.array([*near, *((skill, skill, 15) for skill in ids.tolist())], dtype=np.int64).reshape(-1, 3)
    order = np.lexsort((triples[:, 1], triples[:, 0]))
    triples = triples[order]
    rows = np.searchsorted(ids, triples[:, 0])
    return SkillSpace(
        ids=ids,
        idf=np.array([int(np.clip(round(IDF_STEPS * idf[skill]), 1, 15)) for skill in ids.tolist()], dtype=np.int32),
        near_indptr=np.searchsorted(rows, np.arange(len(ids) + 1)).astype(np.int64),
        near=np.searchsorted(ids, triples[:, 1]).astype(np.int32),
        similarity=triples[:, 2].astype(np.int32),
    )


def project(pool: Pool, space: SkillSpace) -> Pool:
    """The pool with skills as rows of the space instead of ids; skills outside the space fall away."""
    position = np.searchsorted(space.ids, pool.skill)
    inside = position < len(space.ids)
    inside[inside] = space.ids[position[inside]] == pool.skill[inside]
    owner = np.repeat(np.arange(len(pool.ids)), np.diff(pool.indptr))[inside]
    per_skill = {
        name: getattr(pool, name)[inside]
        for name in ("level", "joy", "years_unused", "importance", "min_level", "hard")
        if hasattr(pool, name)
    }
    return replace(
        pool,
        indptr=np.searchsorted(owner, np.arange(len(pool.ids) + 1)).astype(np.int64),
        skill=position[inside].astype(np.int32),
        **per_skill,
    )


# Loading.


def load_candidates(cv_ids: Sequence[int] | None) -> Candidates:
    """These CVs (None: all with an owner) in order of id; skills by id.

    How long a skill was not used is counted to the year in which the CV last changed: the same whoever else is loaded.
    Papers count until the day that they expire.
    """
    base, (skills, wishes, spoken, papers, started, all_papers) = rows.of_people(cv_ids)
    ids = np.array([row[0] for row in base], dtype=np.int64)
    skill_indptr, skill_table = _grouped(ids, skills)
    wish_indptr, wish_table = _grouped(ids, wishes)
    last_used = skill_table[:, 4]
    year = np.repeat(np.array([row[-1] for row in base], dtype=np.int64), np.diff(skill_indptr))
    initiatives = np.zeros(len(ids), dtype=np.int32)
    owner, started = _owners(ids, started)
    initiatives[owner] = started[:, 1]
    return Candidates(
        ids=ids,
        indptr=skill_indptr,
        skill=skill_table[:, 1],
        level=(skill_table[:, 2] * STEPS_PER_LEVEL).astype(np.int32),
        joy=skill_table[:, 3].astype(np.int32),
        years_unused=np.where(last_used < 0, 0, np.clip(year - last_used, 0, 99)).astype(np.int32),
        education=_ints([row[1] or 0 for row in base]),
        languages=_by_language(ids, spoken[:, :3], default=-1),
        certificates=_masks(ids, papers, all_papers[:, 0]),
        interests=_ints([row[2:8] for row in base], width=6),
        values=_ints([row[8:14] for row in base], width=6),
        wish_indptr=wish_indptr,
        wish=wish_table[:, 1],
        wish_isco=wish_table[:, 2].astype(np.int32),
        wished_sectors=np.array([_sector_mask(json.loads(row[22])) for row in base], dtype=np.uint64),
        hours_min=_ints([row[14] for row in base]),
        hours_max=_ints([row[15] for row in base]),
        days=_ints([row[16] for row in base]),
        latitude=_floats([row[17] for row in base]),
        longitude=_floats([row[18] for row in base]),
        max_minutes=_ints([row[19] for row in base]),
        travel_mode=_ints([TRAVEL_MODES[row[20]] for row in base]),
        ready_to_learn=_ints([row[21] for row in base]),
        initiatives=initiatives,
    )


def load_vacancies(vacancy_ids: Sequence[int] | None) -> Vacancies:
    """These vacancies (None: all open ones) in order of id; skills by id."""
    base, (asked, spoken, papers, all_papers) = rows.of_work(vacancy_ids)
    ids = np.array([row[0] for row in base], dtype=np.int64)
    requirement_indptr, requirements = _grouped(ids, asked)
    return Vacancies(
        ids=ids,
        indptr=requirement_indptr,
        skill=requirements[:, 1],
        importance=requirements[:, 2].astype(np.int32),
        min_level=(requirements[:, 3] * STEPS_PER_LEVEL).astype(np.int32),
        hard=requirements[:, 4].astype(bool),
        education=_ints([row[1] or 0 for row in base]),
        education_hard=np.array([row[2] for row in base], dtype=bool),
        languages=_by_language(ids, spoken[:, :3], default=0),
        languages_hard=_by_language(ids, spoken[:, [0, 1, 3]], default=0) > 0,
        certificates=_masks(ids, papers, all_papers[:, 0]),
        certificates_hard=_masks(ids, papers[papers[:, 2] > 0], all_papers[:, 0]),
        interests=_ints([row[3:9] for row in base], width=6),
        values=_ints([row[9:15] for row in base], width=6),
        occupation=np.array([row[15] for row in base], dtype=np.int64),
        isco=_ints([int(row[16] or 0) for row in base]),
        sector=_ints([SECTORS.get(row[17]) for row in base]),
        hours_min=_ints([row[18] for row in base]),
        hours_max=_ints([row[19] for row in base]),
        days=_ints([row[20] for row in base]),
        latitude=_floats([row[21] for row in base]),
        longitude=_floats([row[22] for row in base]),
        remote=np.array([row[23] for row in base], dtype=bool),
    )


def index_of(vacancy_ids: Sequence[int]) -> VacancyIndex:
    """These vacancies, fresh from the database, in a skill space of their own."""
    pool = load_vacancies(vacancy_ids)
    space = space_for(pool.skill.tolist())
    return index_vacancies(project(pool, space), space)


def _load_programmes() -> Programmes:
    base = list(
        Programme.objects.filter(status=Programme.Status.PUBLISHED)
        .order_by("id")
        .values_list(
            "id",
            "level",
            "grants_level",
            "entry_level",
            "taught_language",
            "taught_language_level",
            "language",
            "entry_language_level",
        )
    )
    ids = np.array([row[0] for row in base], dtype=np.int64)
    among = {"programme__status": Programme.Status.PUBLISHED}
    skills = ProgrammeSkill.objects.filter(confirmed=True, **among).order_by("programme_id", "skill_id")
    taught_indptr, taught = _grouped(ids, _table(skills.values_list("programme_id", "skill_id", "level"), 3))
    papers = ProgrammeCertificate.objects.filter(**among).values_list("programme_id", "certificate_id")
    all_papers = Certificate.objects.order_by("id").values_list("id")
    spoken, entry = (
        _table(((row[0], LANGUAGES[row[at]], row[at + 1]) for row in base if row[at] in LANGUAGES and row[at + 1]), 3)
        for at in (4, 6)
    )
    return Programmes(
        ids=ids,
        indptr=taught_indptr,
        skill=taught[:, 1],
        level=(taught[:, 2] * STEPS_PER_LEVEL).astype(np.int32),
        certificates=_masks(ids, _table(papers, 2), _table(all_papers, 1)[:, 0]),
        languages=_by_language(ids, spoken, default=0),
        entry_languages=_by_language(ids, entry, default=0),
        grants_education=_ints([(row[1] or 0) if row[2] else 0 for row in base]),
        entry_education=_ints([row[3] or 0 for row in base]),
    )


def _table(rows: Iterable[Sequence[int]], width: int) -> NDArray[np.int64]:
    return np.array(list(rows), dtype=np.int64).reshape(-1, width)


def _grouped(ids: NDArray[np.int64], table: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """CSR pointers over `ids`, and the rows that belong to them; rows come sorted by owner, who stands first in them."""
    table = _owners(ids, table)[1]
    return np.searchsorted(table[:, 0], np.append(ids, np.iinfo(np.int64).max)).astype(np.int64), table


def _owners(ids: NDArray[np.int64], table: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where in `ids` the owner of each row stands, and the rows; somebody may have been added between two statements."""
    table = table[np.isin(table[:, 0], ids)]
    return np.searchsorted(ids, table[:, 0]), table


def _ints(values: list, width: int | None = None) -> NDArray[np.int32]:
    if width is not None:
        rows = [[-1 if value is None else value for value in row] for row in values]
        return np.array(rows, dtype=np.int32).reshape(-1, width)
    return np.array([-1 if value is None else value for value in values], dtype=np.int32)


def _floats(values: list) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _sector_mask(codes: list[str]) -> int:
    return sum(1 << SECTORS[code] for code in set(codes) if code in SECTORS)


def _by_language(ids: NDArray[np.int64], table: NDArray[np.int64], default: int) -> NDArray[np.int32]:
    """(n, languages) from rows of owner, language and value."""
    owner, table = _owners(ids, table)
    values = np.full((len(ids), len(LANGUAGES)), default, dtype=np.int32)
    values[owner, table[:, 1]] = table[:, 2]
    return values


def _masks(ids: NDArray[np.int64], table: NDArray[np.int64], papers: NDArray[np.int64]) -> NDArray[np.uint64]:
    """(n, n_words) from rows of owner and paper; bits stand in order of `papers`, the ids of all that there are, ascending."""
    owner, table = _owners(ids, table)
    word, bit = np.divmod(np.searchsorted(papers, table[:, 1]), 64)
    masks = np.zeros((len(ids), max(1, -(-len(papers) // 64))), dtype=np.uint64)
    np.bitwise_or.at(masks, (owner, word), np.uint64(1) << bit.astype(np.uint64))
    return masks
