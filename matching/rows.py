"""The rows that the arrays of `loading` are made of, in two statements for a few people or vacancies.

Plain SQL: putting ORM queries together for a dozen tables takes longer than answering them.
"""

from collections.abc import Sequence

import numpy as np
from django.db import connection
from django.utils import timezone
from numpy.typing import NDArray

from core.choices import Language

Tables = list[NDArray[np.int64]]

_PEOPLE = """
SELECT cv.id, education_level, realistic, investigative, artistic, social, enterprising, conventional,
    achievement, independence, recognition, relationships, support, conditions, hours_min, hours_max, days, latitude, longitude,
    travel_minutes, travel_mode, ready_to_learn, wished_sectors, extract(year FROM cv.updated_at AT TIME ZONE 'UTC')::int
FROM profiles_cv cv LEFT JOIN core_place ON postcode = place_id WHERE {chosen} ORDER BY cv.id"""

_WORK = """
SELECT v.id, v.education_level, education_is_hard,
    o.realistic, o.investigative, o.artistic, o.social, o.enterprising, o.conventional,
    v.achievement, v.independence, v.recognition, v.relationships, v.support, v.conditions, v.occupation_id, o.isco, o.sector,
    hours_min, hours_max, days, latitude, longitude, remote
FROM vacancies_vacancy v LEFT JOIN taxonomy_occupation o ON o.id = v.occupation_id LEFT JOIN core_place ON postcode = v.place_id
WHERE {chosen} ORDER BY v.id"""

# What people and vacancies have several of: kind, owner, and up to four numbers, -1 where unknown. The last kind: all papers.
_OF_PEOPLE = (
    "SELECT 0, cv_id, skill_id, level, coalesce(joy, -1), coalesce(last_used_year, -1) FROM profiles_cvskill WHERE {among}",
    """SELECT 1, cv_id, occupation_id, coalesce(nullif(isco, ''), '0')::int, 0, 0
       FROM profiles_wishedoccupation JOIN taxonomy_occupation o ON o.id = occupation_id WHERE {among}""",
    """SELECT 2, cv_id, array_position(%(languages)s::text[], language::text) - 1, level, 0, 0
       FROM profiles_cvlanguage WHERE {among} AND language = ANY(%(languages)s)""",
    """SELECT 3, cv_id, certificate_id, 0, 0, 0 FROM profiles_cvcertificate
       WHERE {among} AND (valid_until IS NULL OR valid_until >= %(today)s)""",
    "SELECT 4, cv_id, count(*), 0, 0, 0 FROM profiles_initiative WHERE {among} GROUP BY cv_id",
    "SELECT 5, id, 0, 0, 0, 0 FROM taxonomy_certificate",
)
_OF_WORK = (
    "SELECT 0, vacancy_id, skill_id, importance, min_level, is_hard::int FROM vacancies_requirement WHERE {among}",
    """SELECT 1, vacancy_id, array_position(%(languages)s::text[], language::text) - 1, level, is_hard::int, 0
       FROM vacancies_languagerequirement WHERE {among} AND language = ANY(%(languages)s)""",
    "SELECT 2, vacancy_id, certificate_id, is_hard::int, 0, 0 FROM vacancies_certificaterequirement WHERE {among}",
    "SELECT 3, id, 0, 0, 0, 0 FROM taxonomy_certificate",
)


def of_people(cv_ids: Sequence[int] | None) -> tuple[list[tuple], Tables]:
    """One row a CV in order of id, and a table a kind: skills, wishes, languages, papers, initiatives, all papers.

    None: everybody with an owner.
    """
    if cv_ids is None:
        return _read(
            _PEOPLE,
            _OF_PEOPLE,
            "owner_id IS NOT NULL",
            "cv_id IN (SELECT id FROM profiles_cv WHERE owner_id IS NOT NULL)",
        )
    return _read(_PEOPLE, _OF_PEOPLE, "cv.id = ANY(%(ids)s)", "cv_id = ANY(%(ids)s)", list(cv_ids))


def of_work(vacancy_ids: Sequence[int] | None) -> tuple[list[tuple], Tables]:
    """One row a vacancy in order of id, and a table a kind: skills, languages, papers, all papers. None: the open ones."""
    if vacancy_ids is None:
        return _read(
            _WORK, _OF_WORK, "status = 'open'", "vacancy_id IN (SELECT id FROM vacancies_vacancy WHERE status = 'open')"
        )
    return _read(_WORK, _OF_WORK, "v.id = ANY(%(ids)s)", "vacancy_id = ANY(%(ids)s)", list(vacancy_ids))


def _read(
    owners: str, parts: Sequence[str], chosen: str, among: str, ids: list[int] | None = None
) -> tuple[list[tuple], Tables]:
    """Tables come in order of owner and first number. Parts of a few in one statement, of all one kind at a time."""
    asked = {"ids": ids, "languages": list(Language.values), "today": timezone.localdate()}
    with connection.cursor() as cursor:
        cursor.execute(owners.format(chosen=chosen), asked)
        base, tables = cursor.fetchall(), []
        for sql in parts if ids is None else [" UNION ALL ".join(parts)]:
            cursor.execute(sql.format(among=among), asked)
            tables.append(np.array(cursor.fetchall(), dtype=np.int64).reshape(-1, 6))
    if ids is not None:
        tables = [tables[0][tables[0][:, 0] == kind] for kind in range(len(parts))]
    return base, [table[np.lexsort((table[:, 2], table[:, 1])), 1:] for table in tables]
