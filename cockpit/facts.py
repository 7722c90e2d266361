"""Tables of facts: one row per person, vacancy, application …, with every dimension beside it.

A refresh builds the tables that it needs once, as temporary tables, and every indicator is then one query over one of them.
`unit` is what privacy counts: people or firms of whom a number may not speak when they are too few. A table without units is
about what everybody may see already (open vacancies, published programmes).

`%(today)s` is the day of the refresh, `%(month)s` the first day of its month; `recent` marks the twelve whole months before it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cockpit.dimensions import UNKNOWN, sbi_case
from cockpit.fragments import KM, PERSON, STRONGEST, VACANCY, ZONE, known, month, place, recent, work

MONTHS = 48  # of history
INDEPENDENT = 3  # a skill counts as offered from this level on
B2 = 4


@dataclass(frozen=True)
class Facts:
    """One temporary table. `unit`: "people", "firms" or "" for public facts; `once`: a unit has one row at most.

    `overlaps`: one unit may be in several categories, for it is counted by what it did. `parent` is the table of all units,
    where this one holds only some of them: the rest may not be too few either. `same_as` holds the same units in the same
    categories, so the same cells are hidden.
    """

    key: str
    sql: str
    sources: tuple[str, ...]
    needs: tuple[str, ...] = ()
    unit: str = ""
    once: bool = False
    overlaps: bool = False
    parent: str = ""
    same_as: str = ""
    dated: bool = False  # has `month` and `recent`: what happened, not how it stands

    @property
    def table(self) -> str:
        return f"fact_{self.key}"


_PEOPLE = f"""
SELECT cv.id AS unit, {place("place")}, {work("o")}, {known("cv.education_level")} AS education,
       CASE WHEN j.is_current THEN 'work' ELSE 'looking' END AS situation,
       CASE WHEN nl.level >= {B2} THEN 'b2' WHEN nl.level IS NULL THEN '{UNKNOWN}' ELSE 'below' END AS dutch,
       cv.travel_mode AS travel, {STRONGEST} AS interest, {month("cv.created_at")} AS month,
       cv.place_id, o.id AS occupation_id, cv.education_level AS level, cv.findable, cv.ready_to_learn, cv.travel_minutes,
       cv.hours_min, cv.hours_max, cv.start_within_weeks, cv.unused_because, jsonb_array_length(cv.unused_because) AS n_reasons,
       cv.realistic, cv.investigative, cv.artistic, cv.social, cv.enterprising, cv.conventional,
       coalesce(s.skills, 0) AS skills, coalesce(s.unused, 0) AS unused, coalesce(s.loved, 0) AS loved,
       coalesce(i.initiatives, 0) AS initiatives, coalesce(i.courses, 0) AS courses,
       least(i.course_year, d.course_year) AS course_year,
       coalesce(w.wishes, 0) AS wishes, coalesce(w.elsewhere, false) AS wishes_elsewhere
FROM profiles_cv cv
LEFT JOIN core_place place ON place.postcode = cv.place_id
LEFT JOIN LATERAL (SELECT job.occupation_id, job.is_current FROM profiles_job job WHERE job.cv_id = cv.id
    ORDER BY job.is_current DESC, job.end_year DESC NULLS FIRST, job.id DESC LIMIT 1) j ON true
LEFT JOIN taxonomy_occupation o ON o.id = j.occupation_id
LEFT JOIN profiles_cvlanguage nl ON nl.cv_id = cv.id AND nl.language = 'nl'
LEFT JOIN (SELECT cv_id, count(*) FILTER (WHERE level >= {INDEPENDENT}) AS skills,
               count(*) FILTER (WHERE unused_at_work AND level >= {INDEPENDENT}) AS unused,
               count(*) FILTER (WHERE joy = 2) AS loved
           FROM profiles_cvskill GROUP BY cv_id) s ON s.cv_id = cv.id
LEFT JOIN (SELECT cv_id, count(*) AS initiatives, count(*) FILTER (WHERE kind = 'course') AS courses,
               min(year) FILTER (WHERE kind = 'course') AS course_year
           FROM profiles_initiative GROUP BY cv_id) i ON i.cv_id = cv.id
LEFT JOIN (SELECT cv_id, min(year) AS course_year FROM profiles_finishedprogramme GROUP BY cv_id) d ON d.cv_id = cv.id
LEFT JOIN (SELECT wish.cv_id, count(*) AS wishes,
               bool_and(wo.sector <> '' AND wo.sector <> coalesce((SELECT mine.sector FROM profiles_job mj
                   JOIN taxonomy_occupation mine ON mine.id = mj.occupation_id WHERE mj.cv_id = wish.cv_id
                   ORDER BY mj.is_current DESC, mj.end_year DESC NULLS FIRST, mj.id DESC LIMIT 1), '')) AS elsewhere
           FROM profiles_wishedoccupation wish JOIN taxonomy_occupation wo ON wo.id = wish.occupation_id
           GROUP BY wish.cv_id) w ON w.cv_id = cv.id
WHERE cv.owner_id IS NOT NULL"""

_VACANCIES = f"""
SELECT v.id, {place("place")}, {work("o")}, {known("v.education_level")} AS education, {known("f.size")} AS size,
       v.organisation_id AS firm, v.kind, v.status, v.openings, v.remote, v.pay_min, v.pay_max, v.hours_min, v.hours_max,
       v.place_id, v.occupation_id, v.education_level AS level, v.education_is_hard, v.published_at, v.closed_at,
       {month("v.published_at")} AS month, {recent("v.published_at")} AS recent,
       v.status = 'open' AND v.kind = 'vacancy' AS is_open,
       %(today)s::date - (v.published_at AT TIME ZONE '{ZONE}')::date AS days_open,
       EXISTS (SELECT 1 FROM matching_application a WHERE a.vacancy_id = v.id AND a.applied_at IS NOT NULL) AS answered,
       coalesce(r.requirements, 0) AS requirements
FROM vacancies_vacancy v
JOIN accounts_organisation f ON f.id = v.organisation_id
LEFT JOIN core_place place ON place.postcode = v.place_id
LEFT JOIN taxonomy_occupation o ON o.id = v.occupation_id
LEFT JOIN (SELECT vacancy_id, count(*) AS requirements FROM vacancies_requirement GROUP BY vacancy_id) r
    ON r.vacancy_id = v.id
WHERE v.status <> 'draft' AND v.published_at IS NOT NULL"""

_APPLICATIONS = f"""
SELECT a.cv_id AS unit, v.id AS vacancy_id, {VACANCY}, p.dutch, p.situation, {month("a.applied_at")} AS month,
       {recent("a.applied_at")} AS recent, a.decided_at IS NOT NULL AS decided, a.status = 'withdrawn' AS withdrawn,
       a.decided_at IS NULL AND a.status <> 'withdrawn' AND a.applied_at < %(today)s::date - 60 AS silent,
       (a.why <> '') AS motivated, (a.did <> '') AS acted, (a.snapshot #>> '{{chance,p}}')::float AS p,
       (a.snapshot ->> 'fit')::float / 10 AS fit, nullif(p.sector, '?') <> nullif(v.sector, '?') AS other_sector, {KM} AS km
FROM matching_application a
JOIN fact_vacancies v ON v.id = a.vacancy_id
JOIN fact_people p ON p.unit = a.cv_id
LEFT JOIN core_place pp ON pp.postcode = p.place_id
LEFT JOIN core_place vp ON vp.postcode = v.place_id
WHERE a.applied_at IS NOT NULL AND a.status NOT IN ('approached', 'declined')"""

_DECISIONS = f"""
SELECT a.cv_id AS unit, {VACANCY}, p.dutch, p.situation, p.education AS own_education,
       {month("a.decided_at")} AS month, {recent("a.decided_at")} AS recent, a.was_invited AS invited,
       a.status = 'hired' AS hired, a.status = 'rejected' AS rejected,
       CASE WHEN a.status = 'rejected' THEN {known("a.reason")} ELSE '-' END AS reason,
       (a.snapshot #>> '{{chance,p}}')::float AS p, (a.snapshot #>> '{{chance,low}}')::float AS low,
       (a.snapshot #>> '{{chance,high}}')::float AS high,
       coalesce(lpad((least(9, floor((a.snapshot #>> '{{chance,p}}')::float / 10)) * 10)::int::text, 2, '0'), '?') AS band,
       extract(epoch FROM a.decided_at - a.applied_at) / 86400 AS days_to_decision,
       extract(epoch FROM a.decided_at - v.published_at) / 86400 AS days_to_fill, {KM} AS km,
       nullif(p.sector, '?') <> nullif(v.sector, '?') AS other_sector, p.level > v.level AS above_level,
       CASE WHEN p.course_year < extract(year FROM a.applied_at) THEN 'yes' ELSE 'no' END AS learned
FROM matching_application a
JOIN fact_vacancies v ON v.id = a.vacancy_id
JOIN fact_people p ON p.unit = a.cv_id
LEFT JOIN core_place pp ON pp.postcode = p.place_id
LEFT JOIN core_place vp ON vp.postcode = v.place_id
WHERE a.applied_at IS NOT NULL AND a.decided_at IS NOT NULL AND a.status NOT IN ('approached', 'declined', 'withdrawn')"""

_MOVES = f"""
SELECT p.unit, p.province, p.education, {known("left(o1.isco, 1)")} AS from_isco1, {known("left(o2.isco, 1)")} AS to_isco1,
       {known("left(o1.isco, 2)")} AS from_isco, {known("left(o2.isco, 2)")} AS to_isco,
       {known("o1.sector")} AS from_sector, {known("o2.sector")} AS to_sector,
       o1.id <> o2.id AS other_work, left(o1.isco, 1) <> left(o2.isco, 1) AS other_group, o1.sector <> o2.sector AS other_sector
FROM (SELECT cv_id, occupation_id, lead(occupation_id) OVER (PARTITION BY cv_id ORDER BY start_year NULLS FIRST, id) AS later
      FROM profiles_job WHERE occupation_id IS NOT NULL) j
JOIN fact_people p ON p.unit = j.cv_id
JOIN taxonomy_occupation o1 ON o1.id = j.occupation_id
JOIN taxonomy_occupation o2 ON o2.id = j.later"""

_HARD = """
SELECT v.id, 'skill' AS shut_out_by, r.skill_id AS what, r.min_level AS needed_level, '' AS language FROM fact_vacancies v
JOIN vacancies_requirement r ON r.vacancy_id = v.id WHERE v.is_open AND r.is_hard
UNION ALL SELECT v.id, 'certificate', r.certificate_id, 0, '' FROM fact_vacancies v
JOIN vacancies_certificaterequirement r ON r.vacancy_id = v.id WHERE v.is_open AND r.is_hard
UNION ALL SELECT v.id, 'language', 0, r.level, r.language FROM fact_vacancies v
JOIN vacancies_languagerequirement r ON r.vacancy_id = v.id WHERE v.is_open AND r.is_hard
UNION ALL SELECT v.id, 'education', 0, v.level, '' FROM fact_vacancies v
WHERE v.is_open AND v.education_is_hard AND v.level IS NOT NULL"""

_ABLE = """
WITH kinds AS (SELECT DISTINCT shut_out_by, what, needed_level, language FROM fact_hard)
SELECT k.*, s.cv_id FROM kinds k JOIN profiles_cvskill s ON k.shut_out_by = 'skill' AND s.skill_id = k.what
    AND s.level >= k.needed_level JOIN fact_people p ON p.unit = s.cv_id
UNION ALL SELECT k.*, c.cv_id FROM kinds k JOIN profiles_cvcertificate c ON k.shut_out_by = 'certificate'
    AND c.certificate_id = k.what AND coalesce(c.valid_until, %(today)s) >= %(today)s JOIN fact_people p ON p.unit = c.cv_id
UNION ALL SELECT k.*, l.cv_id FROM kinds k JOIN profiles_cvlanguage l ON k.shut_out_by = 'language'
    AND l.language = k.language AND l.level >= k.needed_level JOIN fact_people p ON p.unit = l.cv_id
UNION ALL SELECT k.*, p.unit FROM kinds k JOIN fact_people p ON k.shut_out_by = 'education' AND p.level >= k.needed_level"""

_FITTING = """
WITH asked AS (SELECT id, count(*) AS needed FROM fact_hard GROUP BY id),
fitting AS (
    SELECT id, count(*) AS people FROM (
        SELECT h.id, a.cv_id FROM fact_hard h JOIN asked ON asked.id = h.id
        JOIN fact_able a USING (shut_out_by, what, needed_level, language)
        GROUP BY h.id, a.cv_id, asked.needed HAVING count(*) = asked.needed) AS all_of_it GROUP BY id)
"""

FACTS = {
    facts.key: facts
    for facts in (
        Facts(
            "people", _PEOPLE,
            ("profiles_cv", "profiles_job", "profiles_cvskill", "profiles_cvlanguage", "profiles_initiative",
             "profiles_finishedprogramme", "profiles_wishedoccupation", "core_place", "taxonomy_occupation"),
            unit="people", once=True,
        ),
        Facts(  # how it stood at the end of each month, by what people say of themselves now
            "people_by_month",
            f"""SELECT p.*, m.at AS period, p.month = m.at AS entered FROM fact_people p
                JOIN generate_series(%(month)s::date - interval '{MONTHS} months', %(month)s::date - interval '1 month',
                                     interval '1 month') AS months (moment) ON true
                CROSS JOIN LATERAL (SELECT months.moment::date AS at) m WHERE p.month <= m.at""",
            (), ("people",), unit="people", once=True,
        ),
        Facts("registrations", f"""SELECT p.*, {recent("cv.created_at")} AS recent FROM fact_people p
              JOIN profiles_cv cv ON cv.id = p.unit""", ("profiles_cv",), ("people",), unit="people", once=True, dated=True),
        Facts("vacancies", _VACANCIES,
              ("vacancies_vacancy", "accounts_organisation", "core_place", "taxonomy_occupation", "matching_application",
               "vacancies_requirement")),
        Facts("published", "SELECT * FROM fact_vacancies WHERE kind = 'vacancy'", (), ("vacancies",), dated=True),
        Facts(  # open at the end of each month
            "vacancies_by_month",
            f"""SELECT {VACANCY}, v.openings, v.remote, v.pay_min, v.pay_max, v.hours_max, v.level, v.education_is_hard,
                       v.requirements, true AS is_open, months.moment::date AS period FROM fact_vacancies v
                JOIN generate_series(%(month)s::date - interval '{MONTHS} months', %(month)s::date - interval '1 month',
                                     interval '1 month') AS months (moment)
                ON v.kind = 'vacancy' AND v.published_at < (months.moment + interval '1 month') AT TIME ZONE '{ZONE}'
                AND (v.closed_at IS NULL OR v.closed_at >= (months.moment + interval '1 month') AT TIME ZONE '{ZONE}')""",
            (), ("vacancies",),
        ),
        Facts(  # people beside the places of work that are open, in the same breakdowns
            "labour",
            """SELECT p.unit, 'supply' AS side, 1 AS weight, p.province, p.municipality, p.sbi, p.sector, p.isco1, p.isco2,
                      p.education FROM fact_people p
               UNION ALL SELECT NULL, 'demand', v.openings, v.province, v.municipality, v.sbi, v.sector, v.isco1, v.isco2,
                      v.education FROM fact_vacancies v WHERE v.is_open""",
            (), ("people", "vacancies"), unit="people", same_as="people",
        ),
        Facts("applications", _APPLICATIONS, ("matching_application", "core_place"), ("people", "vacancies"), unit="people",
              overlaps=True, dated=True),
        Facts("decisions", _DECISIONS, ("matching_application", "core_place"), ("people", "vacancies"), unit="people",
              overlaps=True, dated=True),
        Facts(
            "person_skills",
            f"""SELECT s.cv_id AS unit, s.skill_id::text AS skill, {known("k.group_id")} AS skill_group, s.level, s.joy,
                       s.unused_at_work, {PERSON} FROM profiles_cvskill s
                JOIN fact_people p ON p.unit = s.cv_id JOIN taxonomy_skill k ON k.id = s.skill_id
                WHERE s.level >= {INDEPENDENT}""",
            ("profiles_cvskill", "taxonomy_skill"), ("people",), unit="people", parent="people",
        ),
        Facts(
            "reasons_unused",
            f"""SELECT p.unit, reason.code AS unused_reason, {PERSON} FROM fact_people p
                CROSS JOIN LATERAL jsonb_array_elements_text(p.unused_because) AS reason (code) WHERE p.situation = 'work'""",
            (), ("people",), unit="people", parent="people",
        ),
        Facts("moves", _MOVES, ("profiles_job", "taxonomy_occupation"), ("people",), unit="people", overlaps=True),
        Facts(
            "interests",
            f"""SELECT p.unit, 'supply' AS side, 1 AS weight, six.letter, six.score, {PERSON} FROM fact_people p
                CROSS JOIN LATERAL (VALUES ('R', p.realistic), ('I', p.investigative), ('A', p.artistic), ('S', p.social),
                    ('E', p.enterprising), ('C', p.conventional)) AS six (letter, score) WHERE six.score IS NOT NULL
                UNION ALL
                SELECT NULL, 'demand', v.openings, six.letter, six.score, v.province, v.municipality, v.sbi, v.sector, v.isco1,
                    v.isco2, v.education, '?', '?' FROM fact_vacancies v JOIN taxonomy_occupation o ON o.id = v.occupation_id
                CROSS JOIN LATERAL (VALUES ('R', o.realistic), ('I', o.investigative), ('A', o.artistic), ('S', o.social),
                    ('E', o.enterprising), ('C', o.conventional)) AS six (letter, score)
                WHERE v.is_open AND six.score IS NOT NULL""",
            ("taxonomy_occupation",), ("people", "vacancies"), unit="people", parent="people",
        ),
        Facts("work_interests", "SELECT * FROM fact_interests WHERE side = 'demand'", (), ("interests",)),
        Facts(
            "values",
            f"""SELECT p.unit, six.work_value, six.score, {PERSON} FROM fact_people p JOIN profiles_cv cv ON cv.id = p.unit
                CROSS JOIN LATERAL (VALUES ('achievement', cv.achievement), ('independence', cv.independence),
                    ('recognition', cv.recognition), ('relationships', cv.relationships), ('support', cv.support),
                    ('conditions', cv.conditions)) AS six (work_value, score) WHERE six.score IS NOT NULL""",
            ("profiles_cv",), ("people",), unit="people", parent="people",
        ),
        Facts(
            "initiatives",
            f"""SELECT DISTINCT i.cv_id AS unit, i.kind AS initiative, {PERSON} FROM profiles_initiative i
                JOIN fact_people p ON p.unit = i.cv_id""",
            ("profiles_initiative",), ("people",), unit="people", parent="people",
        ),
        Facts(
            "person_certificates",
            f"""SELECT c.cv_id AS unit, c.certificate_id::text AS certificate, {PERSON} FROM profiles_cvcertificate c
                JOIN fact_people p ON p.unit = c.cv_id WHERE coalesce(c.valid_until, %(today)s) >= %(today)s""",
            ("profiles_cvcertificate",), ("people",), unit="people", parent="people",
        ),
        Facts(
            "requirements",
            f"""SELECT r.skill_id::text AS skill, {known("k.group_id")} AS skill_group, r.importance, r.min_level, r.is_hard,
                       v.id AS vacancy, v.openings, {VACANCY},
                       r.skill_id IN (SELECT t.skill::bigint FROM fact_taught t) AS taught
                FROM vacancies_requirement r JOIN fact_vacancies v ON v.id = r.vacancy_id AND v.is_open
                JOIN taxonomy_skill k ON k.id = r.skill_id""",
            ("vacancies_requirement", "taxonomy_skill"), ("vacancies", "taught"),
        ),
        Facts(
            "asked_certificates",
            f"""SELECT r.certificate_id::text AS certificate, r.is_hard, v.id AS vacancy, {VACANCY}
                FROM vacancies_certificaterequirement r JOIN fact_vacancies v ON v.id = r.vacancy_id AND v.is_open""",
            ("vacancies_certificaterequirement",), ("vacancies",),
        ),
        Facts(
            "programmes",
            f"""SELECT g.id, {place("place")}, g.kind AS programme_kind, {known("g.level")} AS education, g.weeks,
                       g.hours_per_week, g.price::float AS price, g.mode, g.school_id,
                       (SELECT count(*) FROM education_programmeskill t WHERE t.programme_id = g.id AND t.confirmed) AS skills
                FROM education_programme g LEFT JOIN core_place place ON place.postcode = g.place_id
                WHERE g.status = 'published'""",
            ("education_programme", "education_programmeskill", "core_place"),
        ),
        Facts(  # every skill that is asked, offered or taught: how often
            "skill_market",
            """SELECT skill_id::text AS skill, coalesce(k.group_id::text, '?') AS skill_group, sum(asked)::int AS asked,
                      sum(offered)::int AS offered, sum(taught)::int AS taught
               FROM (SELECT r.skill::bigint AS skill_id, count(*) AS asked, 0 AS offered, 0 AS taught
                     FROM fact_requirements r GROUP BY 1
                     UNION ALL SELECT s.skill::bigint, 0, count(*), 0 FROM fact_person_skills s GROUP BY 1
                     UNION ALL SELECT t.skill_id, 0, 0, count(*) FROM education_programmeskill t
                     JOIN fact_programmes g ON g.id = t.programme_id WHERE t.confirmed GROUP BY 1) AS sides
               JOIN taxonomy_skill k ON k.id = sides.skill_id GROUP BY 1, 2""",
            ("education_programmeskill", "taxonomy_skill"), ("requirements", "person_skills", "programmes"),
        ),
        Facts(
            "taught",
            f"""SELECT t.skill_id::text AS skill, {known("k.group_id")} AS skill_group, g.id AS programme, g.programme_kind,
                       g.province, g.municipality, g.education
                FROM education_programmeskill t JOIN fact_programmes g ON g.id = t.programme_id
                JOIN taxonomy_skill k ON k.id = t.skill_id WHERE t.confirmed""",
            ("education_programmeskill", "taxonomy_skill"), ("programmes",),
        ),
        Facts(
            "firms",
            f"""SELECT f.id AS unit, {place("place")}, {sbi_case("f.sector")} AS sbi, {known("f.sector")} AS sector,
                       {known("f.size")} AS size, f.staffing_problems, jsonb_array_length(f.staffing_problems) AS answers,
                       f.staffing_problems ? 'none' AS no_problem, coalesce(v.open, 0) AS open, coalesce(v.long, 0) AS long,
                       coalesce(v.published, 0) AS published
                FROM accounts_organisation f LEFT JOIN core_place place ON place.postcode = f.place_id
                LEFT JOIN (SELECT firm, count(*) FILTER (WHERE is_open) AS open, count(*) AS published,
                               count(*) FILTER (WHERE is_open AND days_open >= 45) AS long FROM fact_vacancies GROUP BY firm) v
                    ON v.firm = f.id WHERE f.kind = 'employer'""",
            ("accounts_organisation", "core_place"), ("vacancies",), unit="firms", once=True,
        ),
        Facts(
            "firm_problems",
            """SELECT f.unit, problem.code AS problem, f.province, f.municipality, f.sbi, f.sector, f.size FROM fact_firms f
               CROSS JOIN LATERAL jsonb_array_elements_text(f.staffing_problems) AS problem (code)
               WHERE f.size IN ('1', '2')""",
            (), ("firms",), unit="firms", parent="firms",
        ),
        Facts(  # every indispensable requirement of an open vacancy
            "hard", _HARD,
            ("vacancies_requirement", "vacancies_certificaterequirement", "vacancies_languagerequirement"), ("vacancies",),
        ),
        Facts(  # who meets each of those
            "able", _ABLE, ("profiles_cvskill", "profiles_cvcertificate", "profiles_cvlanguage"), ("hard", "people"),
        ),
        Facts(  # open vacancies that make something indispensable, and how many people have all of it
            "hard_vacancies",
            _FITTING + f"""SELECT {VACANCY}, a.needed, coalesce(f.people, 0) AS people
                FROM asked a JOIN fact_vacancies v ON v.id = a.id LEFT JOIN fitting f ON f.id = a.id""",
            (), ("able",),
        ),
        Facts(
            "hard_requirements",
            f"""WITH meeting AS (SELECT shut_out_by, what, needed_level, language, count(*) AS people FROM fact_able
                                 GROUP BY 1, 2, 3, 4)
                SELECT row_number() OVER () AS unit, h.shut_out_by, {VACANCY}, coalesce(m.people, 0) AS people,
                       (SELECT count(*) FROM fact_people) AS everybody
                FROM fact_hard h JOIN fact_vacancies v ON v.id = h.id
                LEFT JOIN meeting m USING (shut_out_by, what, needed_level, language)""",
            (), ("able",), unit="requirements", once=True,
        ),
        Facts(  # people who have a skill beside the vacancies that ask it
            "skill_labour",
            """SELECT unit, 'supply' AS side, skill, skill_group, unused_at_work, province, municipality, sbi, sector, isco1
               FROM fact_person_skills
               UNION ALL SELECT NULL, 'demand', skill, skill_group, false, province, municipality, sbi, sector, isco1
               FROM fact_requirements""",
            (), ("person_skills", "requirements"), unit="people", parent="people",
        ),
    )
}  # fmt: skip


def in_order(keys: Iterable[str]) -> list[Facts]:
    """These tables and all they need, each after what it needs."""
    found: dict[str, Facts] = {}

    def visit(key: str) -> None:
        for need in FACTS[key].needs:
            visit(need)
        found.setdefault(key, FACTS[key])

    for key in keys:
        visit(key)
    return list(found.values())


def sources_of(key: str) -> frozenset[str]:
    """All tables of the platform that these facts come from."""
    return frozenset(source for facts in in_order([key]) for source in facts.sources)
