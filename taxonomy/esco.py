"""Putting an ESCO download into the tables in one transaction.

Rows go through COPY into temporary tables; only what differs is written, so a second import of the same files changes
nothing. What belongs to the core or to operators stays.
"""

from collections.abc import Iterable

from django.db import connection, transaction

from accounts.models import User
from accounts.operations import audit
from taxonomy.esco_files import Download
from taxonomy.models import Occupation, OccupationSkill, Skill, SkillGroup, SkillRelation
from taxonomy.operations import lock_edition, raise_edition, refresh_idf, refresh_shown_labels
from taxonomy.text import normalize

# Where the sector of an occupation follows from its ISCO-08 group; the longest prefix counts. Groups that work in every
# sector (managers, engineers, elementary workers …) are left out: their sector stays empty.
ISCO_SECTOR = {
    "0": "government", "111": "government", "1221": "wholesale", "1311": "agriculture", "1323": "construction",
    "1324": "transport", "133": "ict", "1341": "childcare", "1342": "care", "1343": "care", "1344": "welfare",
    "1345": "education", "1346": "finance", "141": "hospitality", "1420": "retail", "1431": "hospitality",
    "2132": "agriculture", "2142": "construction", "2151": "energy", "2161": "construction", "2163": "media",
    "2165": "infrastructure", "2166": "media", "22": "care", "2250": "agriculture", "23": "education",
    "2411": "finance",
    "2412": "finance", "2413": "finance", "2422": "government", "2431": "media", "2433": "wholesale", "2434": "ict",
    "25": "ict", "2611": "administration", "2612": "government", "2621": "media", "2622": "media", "2634": "care",
    "2635": "welfare", "264": "media", "265": "media", "3112": "construction", "3113": "installation", "3115": "metal",
    "3123": "construction", "3131": "energy", "3132": "energy", "3133": "process_industry", "3134": "process_industry",
    "3135": "metal", "3142": "agriculture", "3143": "agriculture", "315": "transport", "32": "care",
    "3240": "agriculture", "331": "finance", "3322": "wholesale", "3323": "wholesale", "3324": "wholesale",
    "3331": "transport", "334": "administration", "335": "government", "3411": "administration", "3412": "welfare",
    "342": "hospitality", "343": "media", "3434": "hospitality", "35": "ict", "4": "administration", "4211": "finance",
    "4212": "hospitality", "4221": "hospitality", "4312": "finance", "432": "transport", "4412": "transport",
    "511": "transport", "512": "hospitality", "513": "hospitality", "514": "personal_services", "5151": "cleaning",
    "5152": "hospitality", "5153": "cleaning", "516": "personal_services", "5163": "personal_services",
    "5164": "agriculture", "5165": "transport", "52": "retail", "5311": "childcare", "5312": "education", "532": "care",
    "5411": "government", "5412": "government", "5413": "government", "5414": "security", "6": "agriculture",
    "71": "construction", "7126": "installation", "7127": "installation", "72": "metal", "7231": "automotive",
    "7234": "automotive", "7317": "construction", "732": "media", "741": "installation", "7413": "energy", "742": "ict",
    "751": "process_industry", "7522": "construction", "81": "process_industry", "8111": "energy",
    "8114": "construction", "812": "metal", "8211": "metal", "83": "transport", "8341": "agriculture",
    "8342": "infrastructure", "91": "cleaning", "92": "agriculture", "9312": "infrastructure", "9313": "construction",
    "933": "transport", "94": "hospitality", "952": "retail", "961": "cleaning",
}  # fmt: skip
# The usual NLQF level by ISCO-08 major group, from its four skill levels (ILO 2012, table 1): 1 -> 1, 2 -> 2, 3 -> 4,
# 4 -> 6. Managers are level 3 or 4. The armed forces differ too much.
ISCO_LEVEL = {"1": 6, "2": 6, "3": 4, "4": 3, "5": 2, "6": 2, "7": 3, "8": 2, "9": 1}


def isco_sector(isco: str) -> str:
    """The sector of an ISCO code, empty where the group works in every sector.

    >>> isco_sector("7126"), isco_sector("7115"), isco_sector("2145")
    ('installation', 'construction', '')
    """
    return next((ISCO_SECTOR[isco[:length]] for length in (4, 3, 2, 1) if isco[:length] in ISCO_SECTOR), "")


@transaction.atomic
def save_download(*, download: Download, actor: User | None = None) -> dict[str, int]:
    """Bring the tables in line with the download; returns how many ESCO rows there are now, by table."""
    lock_edition()
    known_skills = {uri for uri, *_ in download.skill_labels}
    with connection.cursor() as cursor:
        _fill(cursor, "esco_group", "uri text, nl text, en text, description_nl text, description_en text", (
            (uri, labels.get("nl", ""), labels.get("en") or labels.get("nl") or next(iter(labels.values()), ""),
             download.descriptions.get((uri, "nl"), ""), download.descriptions.get((uri, "en"), ""))
            for uri, labels in download.groups.items()
        ))  # fmt: skip
        _fill(cursor, "esco_skill", "uri text, kind text, description_nl text, description_en text", (
            (uri, kind, download.descriptions.get((uri, "nl"), ""), download.descriptions.get((uri, "en"), ""))
            for uri, kind in download.skills.items() if uri in known_skills
        ))  # fmt: skip
        _fill(
            cursor,
            "esco_occupation",
            "uri text, isco text, sector text, level smallint, description_nl text, description_en text",
            (
                (uri, isco, isco_sector(isco), ISCO_LEVEL.get(isco[:1]), download.descriptions.get((uri, "nl"), ""),
                 download.descriptions.get((uri, "en"), ""))
                for uri, isco in download.occupations.items()
            ),
        )  # fmt: skip
        for table, labels in (
            ("esco_occupation_label", download.occupation_labels), ("esco_skill_label", download.skill_labels),
        ):  # fmt: skip
            _fill(
                cursor, table, "uri text, language text, kind text, label text, normalized text",
                ((*row, normalize(row[3])[:300]) for row in sorted(labels)),
            )  # fmt: skip
        _fill(
            cursor, "esco_link", "occupation text, skill text, essential boolean",
            ((*pair, essential) for pair, essential in sorted(download.links.items())),
        )  # fmt: skip
        _fill(cursor, "esco_relation", "origin text, target text, kind text", (
            *((*pair, SkillRelation.Kind.RELATED.value) for pair in sorted(download.related)),
            *((*pair, SkillRelation.Kind.BROADER.value) for pair in sorted(download.broader)),
        ))  # fmt: skip
        for statement in STATEMENTS:
            cursor.execute(statement)
        for model, name in ((Occupation, "occupation"), (Skill, "skill")):
            for statement in _label_statements(model, name):
                cursor.execute(statement, [sorted(download.languages)])
            cursor.execute(f"ANALYZE taxonomy_{name}label")
    refresh_shown_labels()
    refresh_idf()
    counts = {
        "occupations": Occupation.objects.filter(uri__startswith="http").count(),
        "skills": Skill.objects.filter(uri__startswith="http").count(),
        "skill_groups": SkillGroup.objects.filter(uri__startswith="http").count(),
        "occupation_skills": OccupationSkill.objects.count(),
        "skill_relations": SkillRelation.objects.count(),
    }
    edition = raise_edition()
    audit(actor=actor, verb="import ESCO", subject=edition, languages=sorted(download.languages), **counts)
    return counts


def _fill(cursor, table: str, columns: str, rows: Iterable[tuple]) -> None:
    """Make a temporary table with these rows; gone at the end of the transaction."""
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")  # a second import in one transaction
    cursor.execute(f"CREATE TEMPORARY TABLE {table} ({columns}) ON COMMIT DROP")
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute(f"ANALYZE {table}")


def _label_statements(model, name: str) -> list[str]:
    """ESCO labels of the imported languages become those of the download; other sources and languages stay."""
    concepts, labels = f"taxonomy_{name}", f"taxonomy_{name}label"  # names of our own tables: no outside text in them
    return [
        f"""
        DELETE FROM {labels} l USING {concepts} c
        WHERE c.id = l.{name}_id AND l.source = 'esco' AND l.language = ANY(%s) AND NOT EXISTS (
            SELECT 1 FROM esco_{name}_label e
            WHERE e.uri = c.uri AND e.language = l.language AND e.label = l.text
        )
        """,  # noqa: S608
        f"""
        INSERT INTO {labels} ({name}_id, language, kind, text, normalized, source)
        SELECT c.id, e.language, e.kind, e.label, e.normalized, 'esco'
        FROM esco_{name}_label e JOIN {concepts} c ON c.uri = e.uri
        WHERE e.language = ANY(%s) AND NOT EXISTS (
            SELECT 1 FROM {labels} l
            WHERE l.{name}_id = c.id AND l.language = e.language AND l.text = e.label AND l.source = 'esco'
              AND l.kind = e.kind AND l.normalized = e.normalized
        )
        ORDER BY c.id, e.language, e.label
        ON CONFLICT ({name}_id, language, text, source)
        DO UPDATE SET kind = EXCLUDED.kind, normalized = EXCLUDED.normalized
        """,  # noqa: S608
    ]


# New rows only, then what differs; so that a second import writes nothing. Core concepts (with a key) keep what the
# core says of them and get the rest. Fresh rows are counted (ANALYZE) before they are joined: with the numbers of an empty
# table PostgreSQL may choose to compare every row with every other.
STATEMENTS = (
    """
    INSERT INTO taxonomy_skillgroup (uri, label_nl, label_en, description_nl, description_en)
    SELECT uri, nl, en, description_nl, description_en FROM esco_group e
    WHERE NOT EXISTS (SELECT 1 FROM taxonomy_skillgroup g WHERE g.uri = e.uri) ORDER BY uri
    """,
    "ANALYZE taxonomy_skillgroup",
    """
    UPDATE taxonomy_skillgroup g
    SET label_nl = coalesce(nullif(e.nl, ''), g.label_nl), label_en = coalesce(nullif(e.en, ''), g.label_en),
        description_nl = coalesce(nullif(e.description_nl, ''), g.description_nl),
        description_en = coalesce(nullif(e.description_en, ''), g.description_en)
    FROM esco_group e
    WHERE e.uri = g.uri AND g.key IS NULL
      AND (g.label_nl, g.label_en, g.description_nl, g.description_en) IS DISTINCT FROM
          (coalesce(nullif(e.nl, ''), g.label_nl), coalesce(nullif(e.en, ''), g.label_en),
           coalesce(nullif(e.description_nl, ''), g.description_nl),
           coalesce(nullif(e.description_en, ''), g.description_en))
    """,
    """
    UPDATE taxonomy_skillgroup g SET parent_id = best.parent
    FROM (
        SELECT child.id, min(parent.id) AS parent FROM esco_relation r
        JOIN taxonomy_skillgroup child ON child.uri = r.origin JOIN taxonomy_skillgroup parent ON parent.uri = r.target
        WHERE r.kind = 'broader' GROUP BY child.id
    ) best
    WHERE best.id = g.id AND g.parent_id IS DISTINCT FROM best.parent
    """,
    """
    INSERT INTO taxonomy_skill (uri, label_nl, label_en, description_nl, description_en, kind, idf)
    SELECT uri, '', '', description_nl, description_en, kind, 1 FROM esco_skill e
    WHERE NOT EXISTS (SELECT 1 FROM taxonomy_skill s WHERE s.uri = e.uri) ORDER BY uri
    """,
    "ANALYZE taxonomy_skill",
    """
    UPDATE taxonomy_skill s
    SET kind = CASE WHEN s.key IS NULL THEN e.kind ELSE s.kind END,
        description_nl = CASE WHEN s.key IS NULL OR s.description_nl = ''
            THEN coalesce(nullif(e.description_nl, ''), s.description_nl) ELSE s.description_nl END,
        description_en = coalesce(nullif(e.description_en, ''), s.description_en)
    FROM esco_skill e
    WHERE e.uri = s.uri AND (
        (s.key IS NULL AND s.kind <> e.kind) OR (e.description_en <> '' AND e.description_en <> s.description_en)
        OR (e.description_nl <> '' AND e.description_nl <> s.description_nl
            AND (s.key IS NULL OR s.description_nl = ''))
    )
    """,
    # The skills pillar's own groups (…/skill/S1.2.3) before the fields of education (…/isced-f/).
    """
    UPDATE taxonomy_skill s SET group_id = best.parent
    FROM (
        SELECT DISTINCT ON (child.id) child.id, parent.id AS parent FROM esco_relation r
        JOIN taxonomy_skill child ON child.uri = r.origin JOIN taxonomy_skillgroup parent ON parent.uri = r.target
        WHERE r.kind = 'broader' AND child.key IS NULL
        ORDER BY child.id, parent.uri LIKE '%/isced-f/%', parent.uri
    ) best
    WHERE best.id = s.id AND s.group_id IS DISTINCT FROM best.parent
    """,
    """
    INSERT INTO taxonomy_occupation
        (uri, label_nl, label_en, description_nl, description_en, isco, sector, education_level, onet_codes, demand)
    SELECT uri, '', '', description_nl, description_en, isco, sector, level, '', 0 FROM esco_occupation e
    WHERE NOT EXISTS (SELECT 1 FROM taxonomy_occupation o WHERE o.uri = e.uri) ORDER BY uri
    """,
    "ANALYZE taxonomy_occupation",
    """
    UPDATE taxonomy_occupation o
    SET isco = CASE WHEN o.key IS NULL THEN e.isco ELSE o.isco END,
        sector = CASE WHEN o.key IS NULL THEN e.sector ELSE o.sector END,
        education_level = CASE WHEN o.key IS NULL THEN e.level ELSE o.education_level END,
        description_nl = CASE WHEN o.key IS NULL OR o.description_nl = ''
            THEN coalesce(nullif(e.description_nl, ''), o.description_nl) ELSE o.description_nl END,
        description_en = coalesce(nullif(e.description_en, ''), o.description_en)
    FROM esco_occupation e
    WHERE e.uri = o.uri AND (
        (o.key IS NULL AND (o.isco, o.sector, o.education_level) IS DISTINCT FROM (e.isco, e.sector, e.level))
        OR (e.description_en <> '' AND e.description_en <> o.description_en)
        OR (e.description_nl <> '' AND e.description_nl <> o.description_nl
            AND (o.key IS NULL OR o.description_nl = ''))
    )
    """,
    # Relations: what ESCO no longer has goes, what it has new comes, what changed is changed.
    "DROP TABLE IF EXISTS pg_temp.esco_link_id, pg_temp.esco_relation_id",
    """
    CREATE TEMPORARY TABLE esco_link_id ON COMMIT DROP AS
    SELECT o.id AS occupation_id, s.id AS skill_id, e.essential FROM esco_link e
    JOIN taxonomy_occupation o ON o.uri = e.occupation JOIN taxonomy_skill s ON s.uri = e.skill
    """,
    "ANALYZE esco_link_id",
    """
    DELETE FROM taxonomy_occupationskill os WHERE os.source = 'esco' AND NOT EXISTS (
        SELECT 1 FROM esco_link_id e WHERE e.occupation_id = os.occupation_id AND e.skill_id = os.skill_id
    )
    """,
    """
    UPDATE taxonomy_occupationskill os SET essential = e.essential FROM esco_link_id e
    WHERE os.source = 'esco' AND e.occupation_id = os.occupation_id AND e.skill_id = os.skill_id
      AND os.essential <> e.essential
    """,
    """
    INSERT INTO taxonomy_occupationskill (occupation_id, skill_id, essential, source)
    SELECT occupation_id, skill_id, essential, 'esco' FROM esco_link_id e
    WHERE NOT EXISTS (
        SELECT 1 FROM taxonomy_occupationskill os WHERE os.occupation_id = e.occupation_id AND os.skill_id = e.skill_id
    ) ORDER BY 1, 2
    """,
    "ANALYZE taxonomy_occupationskill",
    """
    CREATE TEMPORARY TABLE esco_relation_id ON COMMIT DROP AS
    SELECT DISTINCT a.id AS origin_id, b.id AS target_id, r.kind FROM esco_relation r
    JOIN taxonomy_skill a ON a.uri = r.origin JOIN taxonomy_skill b ON b.uri = r.target
    """,
    "ANALYZE esco_relation_id",
    """
    DELETE FROM taxonomy_skillrelation x WHERE x.source = 'esco' AND NOT EXISTS (
        SELECT 1 FROM esco_relation_id e
        WHERE e.origin_id = x.origin_id AND e.target_id = x.target_id AND e.kind = x.kind
    )
    """,
    """
    INSERT INTO taxonomy_skillrelation (origin_id, target_id, kind, source)
    SELECT origin_id, target_id, kind, 'esco' FROM esco_relation_id e
    WHERE NOT EXISTS (
        SELECT 1 FROM taxonomy_skillrelation x
        WHERE x.origin_id = e.origin_id AND x.target_id = e.target_id AND x.kind = e.kind
    ) ORDER BY 1, 2, 3
    """,
    "ANALYZE taxonomy_skillrelation",
)
