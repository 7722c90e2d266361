"""Rows into the engine's arrays.

Arrays that many requests share (candidates, programmes) are kept in the process with a stamp: counts and sums of row
versions, read anew in one statement for every request, so nothing stale is ever shown; open vacancies follow their changes
(`open_market`). A single CV or vacancy is always read fresh.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone
from numpy.typing import NDArray

from core.choices import Language, Sector
from education.models import Programme, ProgrammeCertificate, ProgrammeSkill
from matching.engine import Candidates, Programmes, SkillSpace, Vacancies, VacancyIndex, index_vacancies
from matching.engine.scale import STEPS_PER_LEVEL
from profiles.models import CV, CVCertificate, CVLanguage, CVSkill, Initiative, WishedOccupation
from taxonomy.models import Certificate, Skill, SkillNearness
from vacancies.models import CertificateRequirement, LanguageRequirement, Requirement, Vacancy

LANGUAGES = {code: column for column, code in enumerate(Language.values)}
SECTORS = {code: bit for bit, code in enumerate(Sector.values)}
TRAVEL_MODES = {"bike": 0, "transit": 1, "car": 2}
INTERESTS = ("realistic", "investigative", "artistic", "social", "enterprising", "conventional")
VALUES = ("achievement", "independence", "recognition", "relationships", "support", "conditions")
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


def certificate_bits() -> dict[int, int]:
    """Certificate id to bit number, by order of id."""
    return {pk: bit for bit, pk in enumerate(Certificate.objects.order_by("id").values_list("id", flat=True))}


def load_candidates(cv_ids: Sequence[int] | None) -> Candidates:
    """These CVs (None: all with an owner) in order of id; skills by id, in seven statements.

    How long a skill was not used is counted to the year in which the CV last changed: the same whoever else is loaded.
    Papers count until the day that they expire.
    """
    chosen = CV.objects.filter(owner__isnull=False) if cv_ids is None else CV.objects.filter(id__in=list(cv_ids))
    base = list(
        chosen.order_by("id").values_list(
            "id", "education_level", *INTERESTS, *VALUES, "hours_min", "hours_max", "days", "place__latitude",
            "place__longitude", "travel_minutes", "travel_mode", "ready_to_learn", "wished_sectors", "updated_at",
        )
    )  # fmt: skip
    ids = np.array([row[0] for row in base], dtype=np.int64)
    among = {"cv_id__in": list(cv_ids)} if cv_ids is not None else {"cv__owner__isnull": False}
    skills = CVSkill.objects.filter(**among).order_by("cv_id", "skill_id")
    skill_rows = list(skills.values_list("cv_id", "skill_id", "level", "joy", "last_used_year"))
    wishes = list(
        WishedOccupation.objects.filter(**among)
        .order_by("cv_id", "occupation_id")
        .values_list("cv_id", "occupation_id", "occupation__isco")
    )
    spoken = CVLanguage.objects.filter(**among).values_list("cv_id", "language", "level")
    valid = Q(valid_until=None) | Q(valid_until__gte=timezone.localdate())
    papers = CVCertificate.objects.filter(valid, **among).values_list("cv_id", "certificate_id")
    started = dict(Initiative.objects.filter(**among).order_by().values_list("cv_id").annotate(n=Count("id")))
    skill_indptr, skill_table = _grouped(ids, skill_rows, 5)
    wish_indptr, wish_table = _grouped(ids, [(cv, occupation, int(isco or 0)) for cv, occupation, isco in wishes], 3)
    last_used = skill_table[:, 4]
    year = np.repeat(np.array([row[-1].year for row in base], dtype=np.int64), np.diff(skill_indptr))
    return Candidates(
        ids=ids,
        indptr=skill_indptr,
        skill=skill_table[:, 1],
        level=(skill_table[:, 2] * STEPS_PER_LEVEL).astype(np.int32),
        joy=skill_table[:, 3].astype(np.int32),
        years_unused=np.where(last_used < 0, 0, np.clip(year - last_used, 0, 99)).astype(np.int32),
        education=_ints([row[1] or 0 for row in base]),
        languages=_levels(ids, spoken, default=-1),
        certificates=_masks(ids, papers),
        interests=_ints([row[2:8] for row in base], width=6),
        values=_ints([row[8:14] for row in base], width=6),
        wish_indptr=wish_indptr,
        wish=wish_table[:, 1],
        wish_isco=wish_table[:, 2].astype(np.int32),
        wished_sectors=np.array([_sector_mask(row[22]) for row in base], dtype=np.uint64),
        hours_min=_ints([row[14] for row in base]),
        hours_max=_ints([row[15] for row in base]),
        days=_ints([row[16] for row in base]),
        latitude=_floats([row[17] for row in base]),
        longitude=_floats([row[18] for row in base]),
        max_minutes=_ints([row[19] for row in base]),
        travel_mode=_ints([TRAVEL_MODES[row[20]] for row in base]),
        ready_to_learn=_ints([row[21] for row in base]),
        initiatives=_ints([started.get(row[0], 0) for row in base]),
    )


def load_vacancies(vacancy_ids: Sequence[int] | None) -> Vacancies:
    """These vacancies (None: all open ones) in order of id; skills by id, in four statements."""
    chosen = Vacancy.objects.open() if vacancy_ids is None else Vacancy.objects.filter(id__in=list(vacancy_ids))
    base = list(
        chosen.order_by("id").values_list(
            "id", "education_level", "education_is_hard", *(f"occupation__{name}" for name in INTERESTS), *VALUES,
            "occupation_id", "occupation__isco", "occupation__sector", "hours_min", "hours_max", "days",
            "place__latitude", "place__longitude", "remote",
        )
    )  # fmt: skip
    ids = np.array([row[0] for row in base], dtype=np.int64)
    among = {"vacancy__status": "open"} if vacancy_ids is None else {"vacancy_id__in": list(vacancy_ids)}
    requirement_indptr, requirements = _grouped(
        ids,
        list(
            Requirement.objects.filter(**among)
            .order_by("vacancy_id", "skill_id")
            .values_list("vacancy_id", "skill_id", "importance", "min_level", "is_hard")
        ),
        5,
    )
    languages = list(
        LanguageRequirement.objects.filter(**among).values_list("vacancy_id", "language", "level", "is_hard")
    )
    papers = list(CertificateRequirement.objects.filter(**among).values_list("vacancy_id", "certificate_id", "is_hard"))
    return Vacancies(
        ids=ids,
        indptr=requirement_indptr,
        skill=requirements[:, 1],
        importance=requirements[:, 2].astype(np.int32),
        min_level=(requirements[:, 3] * STEPS_PER_LEVEL).astype(np.int32),
        hard=requirements[:, 4].astype(bool),
        education=_ints([row[1] or 0 for row in base]),
        education_hard=np.array([row[2] for row in base], dtype=bool),
        languages=_levels(ids, [(pk, code, level) for pk, code, level, _ in languages], default=0),
        languages_hard=_levels(ids, [(pk, code, int(hard)) for pk, code, _, hard in languages], default=0) > 0,
        certificates=_masks(ids, [(pk, paper) for pk, paper, _ in papers]),
        certificates_hard=_masks(ids, [(pk, paper) for pk, paper, hard in papers if hard]),
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
    taught_indptr, taught = _grouped(
        ids,
        list(
            ProgrammeSkill.objects.filter(confirmed=True, **among)
            .order_by("programme_id", "skill_id")
            .values_list("programme_id", "skill_id", "level")
        ),
        3,
    )
    papers = ProgrammeCertificate.objects.filter(**among).values_list("programme_id", "certificate_id")
    return Programmes(
        ids=ids,
        indptr=taught_indptr,
        skill=taught[:, 1],
        level=(taught[:, 2] * STEPS_PER_LEVEL).astype(np.int32),
        certificates=_masks(ids, papers),
        languages=_levels(ids, [(row[0], row[4], row[5]) for row in base if row[5]], default=0),
        entry_languages=_levels(ids, [(row[0], row[6], row[7]) for row in base if row[7]], default=0),
        grants_education=_ints([(row[1] or 0) if row[2] else 0 for row in base]),
        entry_education=_ints([row[3] or 0 for row in base]),
    )


def _grouped(ids: NDArray[np.int64], rows: list[tuple], width: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """CSR pointers over `ids` and the rows (n, width) that belong to them, None as -1; rows come sorted by owner."""
    filled = [[-1 if value is None else int(value) for value in row] for row in rows]
    table = np.array(filled, dtype=np.int64).reshape(-1, width)
    table = table[np.isin(table[:, 0], ids)]  # somebody may have been added between two statements
    return np.searchsorted(table[:, 0], np.append(ids, np.iinfo(np.int64).max)).astype(np.int64), table


def _ints(values: list, width: int | None = None) -> NDArray[np.int32]:
    if width is not None:
        rows = [[-1 if value is None else value for value in row] for row in values]
        return np.array(rows, dtype=np.int32).reshape(-1, width)
    return np.array([-1 if value is None else value for value in values], dtype=np.int32)


def _floats(values: list) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _sector_mask(codes: list[str]) -> int:
    return sum(1 << SECTORS[code] for code in set(codes) if code in SECTORS)


def _levels(ids: NDArray[np.int64], rows: Iterable[tuple[int, str, int]], default: int) -> NDArray[np.int32]:
    table = np.full((len(ids), len(LANGUAGES)), default, dtype=np.int32)
    place = {pk: row for row, pk in enumerate(ids.tolist())}
    for pk, code, level in rows:
        if pk in place and code in LANGUAGES:
            table[place[pk], LANGUAGES[code]] = level
    return table


def _masks(ids: NDArray[np.int64], rows: Iterable[tuple[int, int]]) -> NDArray[np.uint64]:
    bits = certificate_bits()
    words = max(1, -(-len(bits) // 64))
    table = np.zeros((len(ids), words), dtype=np.uint64)
    place = {pk: row for row, pk in enumerate(ids.tolist())}
    for pk, paper in rows:
        if pk in place:
            bit = bits[paper]
            table[place[pk], bit // 64] |= np.uint64(1 << (bit % 64))
    return table
