"""Pieces of SQL that the tables of facts share: times, unknown values, places, and the columns of people and work."""

from cockpit.dimensions import ELSEWHERE, UNKNOWN, sbi_case

WINDOW = 12  # whole months that a yearly figure covers
ZONE = "Europe/Amsterdam"


def month(column: str) -> str:
    """The first day of the month of a moment, by the clock here."""
    return f"date_trunc('month', {column} AT TIME ZONE '{ZONE}')::date"


def recent(column: str) -> str:
    """Whether a moment lies in the twelve whole months before this one."""
    first = month(column)
    return f"({first} < %(month)s AND {first} >= (%(month)s::date - interval '{WINDOW} months'))"


def known(column: str) -> str:
    """A category as text, with one of its own for what is not known."""
    return f"coalesce(nullif({column}::text, ''), '{UNKNOWN}')"


def place(alias: str) -> str:
    """Province and municipality of a joined place."""
    return (
        f"{known(f'{alias}.province')} AS province, coalesce(nullif({alias}.municipality, ''), "
        f"'{ELSEWHERE}' || nullif({alias}.province, ''), '{UNKNOWN}') AS municipality"
    )


def work(alias: str) -> str:
    """Sector and occupation group of a joined occupation."""
    return (
        f"{sbi_case(f'{alias}.sector')} AS sbi, {known(f'{alias}.sector')} AS sector, "
        f"{known(f'left({alias}.isco, 1)')} AS isco1, {known(f'left({alias}.isco, 2)')} AS isco2"
    )


PERSON = "p.province, p.municipality, p.sbi, p.sector, p.isco1, p.isco2, p.education, p.situation, p.dutch"
VACANCY = "v.province, v.municipality, v.sbi, v.sector, v.isco1, v.isco2, v.education, v.size"
KM = (
    "2 * 6371.0 * asin(sqrt(power(sin(radians(vp.latitude - pp.latitude) / 2), 2) + cos(radians(pp.latitude)) "
    "* cos(radians(vp.latitude)) * power(sin(radians(vp.longitude - pp.longitude) / 2), 2)))"
)
STRONGEST = """CASE WHEN cv.realistic IS NULL THEN '?' ELSE (
    SELECT letter FROM (VALUES ('R', cv.realistic), ('I', cv.investigative), ('A', cv.artistic), ('S', cv.social),
                               ('E', cv.enterprising), ('C', cv.conventional)) AS six (letter, score)
    ORDER BY score DESC, letter LIMIT 1) END"""
