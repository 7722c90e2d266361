"""Rows for a benchmark, made by the database itself from what is there: call it in a transaction that is rolled back."""

from datetime import datetime

from django.db import connection

USERS = """
INSERT INTO accounts_user (password, is_superuser, is_staff, is_active, date_joined, email, name, phone, language, is_analyst)
SELECT '!', false, false, true, %(now)s, 'bench' || n || '@bench.invalid', '', '', 'nl', false FROM generate_series(1, %(people)s) n
RETURNING id"""


def fill(*, people: int, applications: int, now: datetime) -> dict[str, int]:
    """Copy people (with jobs, skills, languages) and let them apply at random over two years. Returns how many rows there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""CREATE TEMPORARY TABLE bench_user ON COMMIT DROP AS WITH made AS ({USERS})
                SELECT id, row_number() OVER () AS number FROM made""",
            {"now": now, "people": people},
        )
        cursor.execute(
            """CREATE TEMPORARY TABLE bench_model ON COMMIT DROP AS
               SELECT id, row_number() OVER (ORDER BY id) - 1 AS number FROM profiles_cv WHERE owner_id IS NOT NULL"""
        )
        cursor.execute("SELECT count(*) FROM bench_model")
        (models,) = cursor.fetchone()
        columns = _columns("profiles_cv", {"id", "owner_id", "ref", "created_at"})
        cursor.execute(
            f"""CREATE TEMPORARY TABLE bench_cv ON COMMIT DROP AS
                SELECT nextval(pg_get_serial_sequence('profiles_cv', 'id')) AS id, u.id AS owner_id, m.id AS model
                FROM bench_user u JOIN bench_model m ON m.number = u.number % {int(models)}"""
        )
        cursor.execute(
            f"""INSERT INTO profiles_cv (id, owner_id, ref, created_at, {columns})
                SELECT b.id, b.owner_id, gen_random_uuid(), %(now)s::timestamptz - random() * interval '730 days', {columns}
                FROM bench_cv b JOIN (SELECT id AS model, {columns} FROM profiles_cv) AS cv USING (model)""",
            {"now": now},
        )
        for table in ("profiles_job", "profiles_cvskill", "profiles_cvlanguage", "profiles_initiative"):
            rest = _columns(table, {"id", "cv_id", "job_id", "learned_in_id"})
            cursor.execute(
                f"""INSERT INTO {table} (cv_id, {rest}) SELECT b.id, {rest} FROM bench_cv b
                    JOIN (SELECT cv_id AS model, {rest} FROM {table}) AS rows USING (model)"""
            )
        cursor.execute(
            """INSERT INTO matching_application (created_at, updated_at, ref, vacancy_id, cv_id, status, why, did, applied_at,
                   decided_at, reason, message, was_invited, snapshot, engine_version)
               SELECT at, at, gen_random_uuid(), vacancy, cv, CASE WHEN luck < 0.1 THEN 'hired' WHEN luck < 0.35 THEN 'invited'
                   ELSE 'rejected' END, '', '', at, at + interval '6 days', CASE WHEN luck < 0.35 THEN '' ELSE 'skills' END, '',
                   luck < 0.35, jsonb_build_object('fit', 600, 'chance', jsonb_build_object('p', (100 * luck)::int, 'low', 20,
                   'high', 80)), 'bench'
               FROM (SELECT DISTINCT ON (cv, vacancy) cv, vacancy, luck, %(now)s::timestamptz - age * interval '1 day' AS at
                     FROM (SELECT (SELECT array_agg(id) FROM bench_cv) AS cvs,
                                  (SELECT array_agg(id) FROM vacancies_vacancy WHERE status <> 'draft') AS vacancies) AS pools,
                     LATERAL (SELECT cvs[1 + floor(random() * cardinality(cvs))::int] AS cv,
                                     vacancies[1 + floor(random() * cardinality(vacancies))::int] AS vacancy,
                                     random() AS luck, 10 + random() * 720 AS age
                              FROM generate_series(1, %(applications)s)) AS drawn) AS pairs""",
            {"now": now, "applications": applications},
        )
        counts = {}
        for name, table in (
            ("people", "profiles_cv"),
            ("skills", "profiles_cvskill"),
            ("applications", "matching_application"),
        ):
            cursor.execute(f"ANALYZE {table}")
            cursor.execute(f"SELECT count(*) FROM {table}")
            (counts[name],) = cursor.fetchone()
    return counts


def _columns(table: str, without: set[str]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND table_schema = current_schema()",
            [table],
        )
        return ", ".join(sorted({name for (name,) in cursor.fetchall()} - without))
