"""Finding occupations, skills and certificates by what people type, and reading what goes with them."""

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import get_language

from taxonomy.models import Certificate, Occupation, OccupationSkill, Skill
from taxonomy.text import normalize, search_words, stem

LONGEST_QUERY = 120
CANDIDATES = 250  # label rows that are ranked precisely
LEAST_SCORE = 0.33  # what scores less is not shown
TYPO_THRESHOLD = 0.45  # word similarity (pg_trgm) from which a label may be meant


@dataclass(frozen=True)
class Hit:
    """One found concept. `matched` is the label that was recognised where it differs from the one shown."""

    id: int
    label: str
    matched: str
    score: float  # [0, 1], higher is better
    foreign: bool  # shown in English because there is no Dutch label
    kind: str  # "occupation", or the kind of skill


def search_occupations(text: str, *, limit: int = 10, language: str | None = None) -> list[Hit]:
    """The occupations that `text` may mean, best first: prefix, typo, inflection, synonym, compound part.

    Dutch and English are both searched; common occupations come before rare ones. Empty for an empty text.
    """
    return _search("occupation", "'occupation'", "c.demand / 10.0", text, limit, language)


def search_skills(text: str, *, limit: int = 10, language: str | None = None) -> list[Hit]:
    """The skills that `text` may mean, best first; skills that many occupations need come before rare ones."""
    return _search("skill", "c.kind", "(7.5 - least(c.idf, 7.5)) / 7.0", text, limit, language)


def _search(name: str, kind: str, popularity: str, text: str, limit: int, language: str | None) -> list[Hit]:
    query = normalize(text[:LONGEST_QUERY])
    if not query:
        return []
    language = language or get_language() or "nl"
    select = f"""
        SELECT c.id, c.label_nl, c.label_en, {kind}, {popularity}, c.key IS NOT NULL, l.text, l.normalized, l.kind
        FROM taxonomy_{name}label l JOIN taxonomy_{name} c ON c.id = l.{name}_id
    """  # noqa: S608 (our own names)
    # What begins like the query first, then our own concepts and common ones, then the shortest.
    order = f"""
        ORDER BY l.normalized = %(query)s DESC, l.normalized LIKE %(prefix)s DESC, c.key IS NULL, {popularity} DESC,
                 length(l.normalized), l.id LIMIT {CANDIDATES}
    """
    words = search_words(query)[:8]
    values: dict[str, str] = {"query": query, "prefix": f"{query}%"}
    if len(query) < 3:
        where = "WHERE l.normalized LIKE %(prefix)s"
        found = _fetch(f"{select} {where} {order}", values)
    else:
        tests = _containing(words, values)
        found = _fetch(f"{select} WHERE {' AND '.join(tests)} {order}", values)
        if sum(char.isalpha() for char in query) > 3 and len({row[0] for row in found}) < limit:
            similar = f"""
                {select} WHERE %(query)s <%% l.normalized
                ORDER BY word_similarity(%(query)s, l.normalized) DESC, similarity(%(query)s, l.normalized) DESC,
                         c.key IS NULL, {popularity} DESC, l.id LIMIT {CANDIDATES}
            """
            found += _fetch(similar, values, threshold=TYPO_THRESHOLD)
        if len(words) > 1 and len({row[0] for row in found}) < limit:
            found += _fetch(f"{select} WHERE {' OR '.join(tests)} {order}", values)
    return _rank(found, query, words, limit, language)


def _containing(words: list[str], values: dict[str, str]) -> list[str]:
    """SQL conditions, one a word: the start that it shares with its other forms stands in the label."""
    tests = []
    for number, word in enumerate(words):
        part = stem(word) if len(word) > 3 else word
        values[f"w{number}"], values[f"s{number}"], values[f"p{number}"] = f"%{part}%", f"% {part}%", f"{part}%"
        if len(part) < 3:
            tests.append(f"(l.normalized LIKE %(p{number})s OR l.normalized LIKE %(s{number})s)")
        else:
            tests.append(f"l.normalized LIKE %(w{number})s")
    return tests


def _fetch(statement: str, values: dict[str, str], threshold: float | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        if threshold is not None:
            cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, false)", [str(threshold)])
        cursor.execute(statement, values)
        return cursor.fetchall()


def _rank(rows: list[tuple], query: str, words: list[str], limit: int, language: str) -> list[Hit]:
    """One hit a concept, by its best label."""
    best: dict[int, tuple[float, str, tuple]] = {}
    stems = [stem(word) for word in words]
    for row in rows:
        pk, _, _, _, popularity, is_core, text, normalized, label_kind = row
        score = 0.79 * _closeness(query, words, stems, normalized) + 0.12 * float(popularity) + 0.04 * is_core
        score += 0.05 * (label_kind == "preferred")
        if pk not in best or (score, text) > best[pk][:2]:
            best[pk] = (score, text, row)
    hits = []
    for pk, (score, text, row) in best.items():
        if score < LEAST_SCORE:
            continue
        _, label_nl, label_en, kind, *_ = row
        shown = (label_en or label_nl) if language == "en" else (label_nl or label_en)
        matched = "" if normalize(text) == normalize(shown) else text
        hits.append(Hit(pk, shown, matched, round(score, 4), language != "en" and not label_nl, kind))
    return sorted(hits, key=lambda hit: (-hit.score, len(hit.label), hit.id))[:limit]


def _closeness(query: str, words: list[str], stems: list[str], label: str) -> float:
    """How well a label answers a query, in [0, 1].

    >>> order = ["lasser", "lassers", "lasserij", "mig lasser", "puntlasser", "plastic"]
    >>> order == sorted(order, key=lambda label: -_closeness("lasser", ["lasser"], ["las"], label))
    True
    """
    if label == query:
        return 1.0
    parts = label.split()
    used, total = set(), 0.0
    for word, root in zip(words, stems, strict=True):
        quality, place = max((_likeness(word, root, part), -place) for place, part in enumerate(parts))
        total += quality
        if quality > 0.3:
            used.add(-place)
    covered = sum(len(parts[place]) for place in used) / max(len(label.replace(" ", "")), 1)
    return min(0.97, total / len(words) * (0.72 + 0.25 * covered) + 0.03 * label.startswith(query))


def _likeness(word: str, root: str, part: str) -> float:
    """How alike two words are, in [0, 1]: forms of one word, then the same head of a compound, then any part of it."""
    if word == part:
        return 1.0
    if root == stem(part) and len(root) > 2:
        return 0.95
    if part.startswith(word):
        return 0.92 - 0.01 * min(len(part) - len(word), 12)
    if len(word) > 3 and part.endswith(word):
        return 0.84
    if len(root) > 3 and stem(part).endswith(root):
        return 0.78
    if len(word) > 2 and word in part:
        return 0.66
    if len(root) > 3 and root in part:
        return 0.55
    return 0.8 * _shared_trigrams(word, part)


def _shared_trigrams(first: str, second: str) -> float:
    """Dice coefficient over trigrams with padding: likeness of two words with a typo between them."""
    one, two = ({f"  {text} "[i : i + 3] for i in range(len(text) + 1)} for text in (first, second))
    return 2 * len(one & two) / (len(one) + len(two))


@dataclass(frozen=True)
class Resolved:
    """What a typed text stands for: one concept, or choices to put before the person (none: nothing was found)."""

    id: int | None
    choices: list[Hit]


def resolve_occupation(text: str, pk: str | int | None = None) -> Resolved:
    """The occupation that was picked (`pk`), or meant by `text` beyond doubt; else choices for a next page."""
    return _resolve(Occupation, search_occupations, text, pk)


def resolve_skill(text: str, pk: str | int | None = None) -> Resolved:
    """The skill that was picked (`pk`), or meant by `text` beyond doubt; else choices for a next page."""
    return _resolve(Skill, search_skills, text, pk)


def _resolve(model, search, text: str, pk: str | int | None) -> Resolved:
    if str(pk or "").isdigit() and len(str(pk)) < 18 and model.objects.filter(pk=pk).exists():
        return Resolved(int(pk), [])
    hits = search(text, limit=8)
    wanted = normalize(text)
    exact = [hit for hit in hits if normalize(hit.label) == wanted or normalize(hit.matched) == wanted]
    shown = [hit for hit in exact if normalize(hit.label) == wanted]
    sure = shown if len(shown) == 1 else exact
    return Resolved(sure[0].id, []) if len(sure) == 1 else Resolved(None, hits)


def skills_of_occupation(occupation: Occupation | int) -> list[OccupationSkill]:
    """What an occupation needs, with its skills read: essential first, then our own choice, then the most telling."""
    pk = occupation if isinstance(occupation, int) else occupation.pk
    rows = OccupationSkill.objects.filter(occupation_id=pk).select_related("skill")
    return sorted(rows, key=lambda row: (not row.essential, row.source != "core", -row.skill.idf, row.skill_id))


def certificates() -> list[Certificate]:
    """All certificates, by the label of the page's language."""
    return sorted(Certificate.objects.all(), key=lambda certificate: certificate.label.lower())


def find_certificates(text: str, *, limit: int = 10) -> list[Certificate]:
    """The certificates that `text` may mean, best first; empty for an empty text."""
    query = normalize(text[:LONGEST_QUERY])
    words = search_words(query)
    if not words:
        return []
    stems = [stem(word) for word in words]
    scored = []
    for certificate in Certificate.objects.all():
        labels = [certificate.label_nl, certificate.label_en, *certificate.alternatives.split("|")]
        score = max(_closeness(query, words, stems, normalize(label)) for label in labels if label)
        if score >= 0.5:
            scored.append((-score, certificate.pk, certificate))
    return [certificate for *_, certificate in sorted(scored, key=lambda entry: entry[:2])[:limit]]
