"""What changes the taxonomy: loading the core, the labels of operators, and figures that follow from the rest."""

from django.db import connection, transaction
from django.db.models import F

from accounts.models import User
from accounts.operations import audit
from taxonomy.core_files import Core, uri_of
from taxonomy.models import (
    Certificate,
    Concept,
    Edition,
    Label,
    Occupation,
    OccupationLabel,
    OccupationSkill,
    Skill,
    SkillGroup,
    SkillLabel,
    Source,
)
from taxonomy.text import normalize

INTERESTS = ("realistic", "investigative", "artistic", "social", "enterprising", "conventional")
LABELLED: dict[type[Concept], tuple[type[Label], str]] = {
    Occupation: (OccupationLabel, "occupation"),
    Skill: (SkillLabel, "skill"),
}


def to_hundred(score: float) -> int:
    """A score on O*NET's scale of 1-7 as 0-100.

    >>> to_hundred(1.0), to_hundred(4.0), to_hundred(7.0)
    (0, 50, 100)
    """
    return round((score - 1) / 6 * 100)


@transaction.atomic
def load_core(*, core: Core, digest: str, actor: User | None = None) -> dict[str, int]:
    """Make the database say what the files say, for core concepts and their labels; returns counts.

    Rows are recognised by URI, then by key, so a concept keeps its id when it gets an ESCO URI or another key. What is
    no longer in the files keeps its row (CVs and vacancies may refer to it) but loses its key and core labels.
    """
    lock_edition()
    groups = _save_concepts(SkillGroup, "skill_groups", core, lambda row: {})
    skills = _save_concepts(
        Skill, "skills", core, lambda row: {"kind": row.values["kind"], "group_id": groups[row.values["group"]]}
    )
    occupations = _save_concepts(Occupation, "occupations", core, _occupation_fields)
    _save_concepts(
        Certificate,
        "certificates",
        core,
        lambda row: {"kind": row.values["kind"], "alternatives": "|".join(row.list("alt"))[:400]},
    )
    _save_labels(Skill, skills, core.skills)
    _save_labels(Occupation, occupations, core.occupations)
    links = _save_links(core, occupations, skills)
    refresh_shown_labels()
    refresh_idf()
    edition = raise_edition(core_digest=digest)
    counts = {
        "skill_groups": len(groups), "skills": len(skills), "occupations": len(occupations),
        "certificates": len(core.certificates), "occupation_skills": links,
    }  # fmt: skip
    audit(actor=actor, verb="load core taxonomy", subject=edition, **counts)
    return counts


def _occupation_fields(row) -> dict:
    values = row.values
    interests = [to_hundred(float(part)) for part in values["riasec"].split("|")]
    return {
        "isco": values["isco"], "sector": values["sector"], "education_level": int(values["nlqf"]),
        "onet_codes": "|".join(row.list("onet_soc"))[:120], "demand": int(values["demand"]),
        "pay_min": int(values["pay_min"]), "pay_max": int(values["pay_max"]),
        **dict(zip(INTERESTS, interests, strict=True)),
    }  # fmt: skip


def _save_concepts(model: type[Concept], kind: str, core: Core, more) -> dict[str, int]:
    """Insert or update the concepts of one kind; returns key -> id."""
    rows = getattr(core, kind)
    by_uri = {
        concept.uri: concept for concept in model.objects.filter(uri__in=[uri_of(kind, r) for r in rows.values()])
    }
    by_key = {concept.key: concept for concept in model.objects.exclude(key=None)}
    description = {"skills": "definition_nl", "occupations": "description_nl"}.get(kind)
    new, old, targets = [], [], set()
    for key, row in rows.items():
        uri = uri_of(kind, row)
        concept = by_uri.get(uri) or by_key.get(key)
        if concept is not None and concept.uri != uri and not concept.uri.startswith("urn:zelf:"):
            concept = None  # this key now means another ESCO concept: that is another row
        fields = {"uri": uri, "key": key, **more(row)}
        if concept is None or model in (SkillGroup, Certificate):
            fields |= {"label_nl": row.values["nl"], "label_en": row.values["en"]}
        if description and row.values[description]:
            fields["description_nl"] = row.values[description]
        if concept is None:
            new.append(model(**fields))
            continue
        targets.add(concept.pk)
        if any(getattr(concept, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(concept, name, value)
            old.append(concept)
    changed = {concept.pk for concept in old}
    gone = [concept.pk for concept in by_key.values() if concept.pk not in targets or concept.pk in changed]
    model.objects.filter(pk__in=gone).update(key=None)  # keys may swap: all are freed before they are given again
    if model is Occupation:
        model.objects.filter(pk__in=gone).update(demand=0)
    names = [f.name for f in model._meta.concrete_fields if f.name not in ("id", "parent", "idf", "description_en")]
    model.objects.bulk_update(old, names, batch_size=500)
    model.objects.bulk_create(new)
    return dict(model.objects.exclude(key=None).values_list("key", "pk"))


def _save_labels(model: type[Concept], ids: dict[str, int], rows: dict) -> None:
    """Replace the core's labels of one kind by those in the files."""
    label_model, name = LABELLED[model]
    wanted = {}
    for key, row in rows.items():
        for language in ("nl", "en"):
            texts = [row.values[language], *row.list(f"alt_{language}")]
            for position, text in enumerate(dict.fromkeys(text[:300] for text in texts)):
                kind = Label.Kind.ALTERNATIVE if position else Label.Kind.PREFERRED
                wanted[ids[key], language, text] = kind
    stale = []
    for pk, *found, kind in label_model.objects.filter(source=Source.CORE).values_list(
        "pk", f"{name}_id", "language", "text", "kind"
    ):
        if wanted.get(tuple(found)) == kind:
            del wanted[tuple(found)]
        else:
            stale.append(pk)
    label_model.objects.filter(pk__in=stale).delete()
    label_model.objects.bulk_create(
        label_model(
            **{f"{name}_id": pk}, language=language, text=text, kind=kind, normalized=normalize(text),
            source=Source.CORE,
        )
        for (pk, language, text), kind in wanted.items()
    )  # fmt: skip


def _save_links(core: Core, occupations: dict[str, int], skills: dict[str, int]) -> int:
    """Make core's occupation-skill rows equal to the files. Core wins where ESCO says otherwise; returns how many."""
    wanted = {
        (occupations[key], skills[skill]): column == "essential"
        for key, row in core.occupations.items()
        for column in ("optional", "essential")
        for skill in row.list(column)
    }
    OccupationSkill.objects.filter(source=Source.CORE).exclude(
        pk__in=[
            pk
            for pk, *pair in OccupationSkill.objects.filter(source=Source.CORE).values_list(
                "pk", "occupation_id", "skill_id"
            )
            if tuple(pair) in wanted
        ]
    ).delete()
    OccupationSkill.objects.bulk_create(
        [
            OccupationSkill(occupation_id=occupation, skill_id=skill, essential=essential, source=Source.CORE)
            for (occupation, skill), essential in wanted.items()
        ],
        update_conflicts=True,
        unique_fields=["occupation", "skill"],
        update_fields=["essential", "source"],
    )
    return len(wanted)


def refresh_shown_labels(concept: Concept | None = None) -> None:
    """Set `label_nl` and `label_en` from the labels, of one concept or of all: the core's before ESCO's before operators'.

    So an operator's Dutch label shows where the imports have none, and gives way when they bring one.
    """
    with connection.cursor() as cursor:
        for model, (label_model, name) in LABELLED.items():
            if concept is not None and not isinstance(concept, model):
                continue
            if concept is None:  # both may have been filled just now
                cursor.execute(f"ANALYZE {model._meta.db_table}, {label_model._meta.db_table}")
            for language in ("nl", "en"):
                cursor.execute(
                    f"""
                    UPDATE {model._meta.db_table} concept SET label_{language} = best.text
                    FROM (
                        SELECT DISTINCT ON (c.id) c.id, coalesce(l.text, '') AS text
                        FROM {model._meta.db_table} c
                        LEFT JOIN {label_model._meta.db_table} l
                          ON l.{name}_id = c.id AND l.language = %s AND l.kind = 'preferred'
                        WHERE (%s::bigint IS NULL OR c.id = %s)
                          AND EXISTS (SELECT 1 FROM {label_model._meta.db_table} a WHERE a.{name}_id = c.id)
                        ORDER BY c.id, CASE l.source WHEN 'core' THEN 0 WHEN 'esco' THEN 1 ELSE 2 END, l.text
                    ) best
                    WHERE best.id = concept.id AND concept.label_{language} <> best.text
                    """,  # noqa: S608 (names of our own tables)
                    [language, concept and concept.pk, concept and concept.pk],
                )


def refresh_idf() -> None:
    """Set the rarity of every skill over occupations, from 0.5 (every occupation has it) to 7.5 (hardly any).

    `0.5 + 7 · log((N + 1) / (df + 1)) / log(N + 1)` with N occupations that have skills and df of them with this one.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE taxonomy_skill, taxonomy_occupationskill")  # both may have been filled just now
        cursor.execute(
            """
            WITH total AS (SELECT count(DISTINCT occupation_id)::float + 1 AS n FROM taxonomy_occupationskill),
            fresh AS (
                SELECT s.id, CASE WHEN total.n > 1
                    THEN 0.5 + 7 * ln(total.n / (count(os.id) + 1)) / ln(total.n) ELSE 1 END AS idf
                FROM taxonomy_skill s LEFT JOIN taxonomy_occupationskill os ON os.skill_id = s.id, total
                GROUP BY s.id, total.n
            )
            UPDATE taxonomy_skill s SET idf = fresh.idf FROM fresh
            WHERE fresh.id = s.id AND abs(s.idf - fresh.idf) > 1e-9
            """
        )


def lock_edition() -> Edition:
    """Let one change of the taxonomy happen at a time."""
    Edition.objects.get_or_create(pk=1)
    return Edition.objects.select_for_update().get(pk=1)


def raise_edition(**fields) -> Edition:
    """Say that concepts or labels changed, so that everything built from them is built again."""
    Edition.objects.get_or_create(pk=1)
    Edition.objects.filter(pk=1).update(number=F("number") + 1, **fields)
    return Edition.objects.get(pk=1)


@transaction.atomic
def add_dutch_label(*, concept: Occupation | Skill, text: str, actor: User) -> None:
    """Give a concept a Dutch label of an operator's own: kept apart from what is imported, found by search at once."""
    lock_edition()
    label_model, name = LABELLED[type(concept)]
    label_model.objects.update_or_create(
        **{name: concept}, language="nl", text=text[:300], source=Source.OPERATOR,
        defaults={"kind": Label.Kind.PREFERRED, "normalized": normalize(text)[:300]},
    )  # fmt: skip
    labels_changed(concept=concept, actor=actor)


def labels_changed(*, concept: Concept, actor: User | None) -> None:
    """After labels were edited one by one: show the right one and tell what was built from them."""
    refresh_shown_labels(concept)
    raise_edition()
    audit(actor=actor, verb="edit labels", subject=concept)
