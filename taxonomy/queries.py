"""Finding occupations, skills and certificates by what people type, and reading what goes with them."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from django.db.models import Count, Max, QuerySet
from django.utils.translation import get_language
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from taxonomy.meaning import meanings
from taxonomy.models import Certificate, Occupation, OccupationNearness, OccupationSkill, Skill
from taxonomy.search_index import SearchIndex, current_index, held_index, likeness
from taxonomy.text import normalize, search_words, stem
from taxonomy.titles.reading import Meant, read_title

LONGEST_QUERY = 120
MOST_WORDS = 8
EXACT = 0.03  # what a label scores more that is word for word what was typed
CANDIDATES = 400  # labels that are ranked precisely
REMEMBERED = 4096  # queries of which a process keeps the answers
MOST_CHOICES = 8  # that are put before somebody
LEAST_SCORE = 0.33  # what scores less is not shown
UNKNOWN = 0.4  # what a word that nothing answers weighs, against one that a single label answers
SHORTEST_MEANING = 5  # characters of a query that is also compared by meaning
SURE = 0.72  # with a hit like this the words are understood
LEAST_COSINE = 0.5  # of what means the same
MEANING_RISE = 1.15  # how fast the score rises with the cosine
# Words of people who tell rather than search. All count when nothing else is left.
FILLERS = frozenset(
    {
        "ik", "je", "mijn", "ben", "was", "geweest", "iets", "wil", "graag", "worden", "zoek", "gezocht", "gevraagd",
        "vacature", "baan", "bijbaan", "werk", "werken", "functie", "als", "goed", "kunnen", "achter", "zzp", "bbl", "bol",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Hit:
    """One found concept. `matched` is the label that was recognised where it differs from the one shown."""

    id: int
    label: str
    matched: str
    score: float  # [0, 1], higher is better
    foreign: bool  # shown in English because there is no Dutch label
    kind: str  # "occupation", or the kind of skill

    @classmethod
    def of(cls, meant: Meant) -> "Hit":
        """What a title may mean, as a choice among what was found."""
        return cls(meant.occupation_id, meant.label, "", meant.probability, meant.foreign, "occupation")


def search_occupations(text: str, *, limit: int = 10, language: str | None = None) -> list[Hit]:
    """The occupations that `text` may mean, best first: prefix, typo, inflection, synonym, compound part.

    Dutch and English are both searched; common occupations come before rare ones. Empty for an empty text.
    """
    return _search("occupation", text, limit, language)


def search_skills(text: str, *, limit: int = 10, language: str | None = None) -> list[Hit]:
    """The skills that `text` may mean, best first; skills that many occupations need come before rare ones."""
    return _search("skill", text, limit, language)


def _search(find: str, text: str, limit: int, language: str | None) -> list[Hit]:
    text = text[:LONGEST_QUERY]
    if not normalize(text) or limit < 1:
        return []
    return list(_found(find, current_index(find).edition, text, limit, language or get_language() or "nl"))


@lru_cache(maxsize=REMEMBERED)
def _found(find: str, edition: tuple[int, int | None], text: str, limit: int, language: str) -> tuple[Hit, ...]:
    """The hits, remembered for as long as the edition lasts: everybody's first letters are the same."""
    index, query = held_index(find), normalize(text)
    words = [word for word in search_words(query) if word not in FILLERS][:MOST_WORDS] or search_words(query)[
        :MOST_WORDS
    ]
    scores = np.zeros(len(index.concept), dtype=np.float32)
    for reading, trust in _readings(index, words):
        np.maximum(scores, trust * _closeness(index, reading), out=scores)
    hits = _hits(index, scores, query, limit, language)
    if len(query) >= SHORTEST_MEANING and (not hits or hits[0].score < SURE):
        hits = _with_meaning(index, find, hits, text, limit, language)
    return tuple(hits)


def _with_meaning(index: SearchIndex, find: str, hits: list[Hit], text: str, limit: int, language: str) -> list[Hit]:
    """The hits, and what has no Dutch label and means what the text means; the better found first."""
    known = {hit.id for hit in hits}
    for pk, cosine in meanings(find, index.edition).closest(text, limit):
        facts = index.fact(pk)
        if facts is None or pk in known or cosine < LEAST_COSINE:
            continue
        shown = facts.label_nl or facts.label_en
        score = LEAST_SCORE + MEANING_RISE * (cosine - LEAST_COSINE)
        hits.append(
            Hit(pk, facts.label_en if language == "en" else shown, "", round(score, 4), not facts.label_nl, facts.kind)
        )
    return sorted(hits, key=lambda hit: (-hit.score, len(hit.label), hit.id))[:limit]


def _readings(index: SearchIndex, words: list[str]) -> list[tuple[list[str], float]]:
    """The words as they were typed, and as compounds that are written apart or in one; with how far to trust that.

    "vrachtwagen chauffeur" is also read as one word, "bloedprikken" as two.
    """
    readings = [(words, 1.0)]
    for place, (one, other) in enumerate(pairwise(words)):
        if index.number(one + other) is not None:
            readings.append(([*words[:place], one + other, *words[place + 2 :]], 0.98))
    for place, word in enumerate(words):
        if len(word) >= 8 and index.number(word) is None:
            parts = _parts(index, word)
            if parts:
                readings.append(([*words[:place], *parts, *words[place + 1 :]], 0.95))
    return readings[:4]


def _parts(index: SearchIndex, word: str) -> list[str]:
    """The two known words that a compound consists of, the most even split; empty when there are none."""
    middle = len(word) / 2
    for cut in sorted(range(3, len(word) - 3), key=lambda place: abs(place - middle)):
        first, second = word[:cut], word[cut:]
        if index.knows(first) and index.knows(second):
            return [first, second]
    return []


def _closeness(index: SearchIndex, words: list[str]) -> NDArray[np.float32]:
    """How well each label answers the words, in [0, 0.97]; (labels,).

    The mean over the words, rare ones heavier, of the likeness of the best word in the label; times how much of the
    label is spoken for, so that "lasser" finds "lasser" before "puntlasser kunststof".
    """
    quality, letters = index.meeting(words)
    met = (quality > 0.5).sum(axis=1)
    weights = np.where(met > 0, np.log((1 + len(index.concept)) / (1 + met)), UNKNOWN * np.log(1 + len(index.concept)))
    weights = np.maximum(weights / max(weights.sum(), 1e-9), 0.02).astype(np.float32)
    covered = np.minimum(letters.sum(axis=0) / np.maximum(index.length, 1), 1)
    return (weights @ quality) / weights.sum() * (0.72 + 0.25 * covered)


def _hits(index: SearchIndex, scores: NDArray[np.float32], query: str, limit: int, language: str) -> list[Hit]:
    """One hit a concept, by its best label."""
    single = " " not in query
    if single:  # what begins like the query
        low, high = index.starting(query)
        begins = (index.first_word >= low) & (index.first_word < high)
        if len(query) < 3:
            scores = np.where(begins, scores, 0)
        scores = scores + np.float32(0.03) * (begins & (scores > 0))
    total = np.where(scores > 0, np.float32(0.79) * np.minimum(scores, 1) + index.bonus, 0)
    count = min(CANDIDATES, len(total))
    best: dict[int, tuple[float, int]] = {}
    for label in np.argpartition(-total, count - 1)[:count].tolist() if count else ():
        score = float(total[label])
        if score <= 0:
            continue
        plain = index.plain(label)
        if plain == query:
            score += 0.79 * (1 - min(float(scores[label]), 1)) + EXACT
        elif not single and plain.startswith(query):
            score += 0.79 * 0.03
        concept = int(index.concept[label])
        if concept not in best or (score, -label) > (best[concept][0], -best[concept][1]):
            best[concept] = (score, label)
    found = []
    for concept, (score, label) in best.items():
        facts = index.facts[concept]
        shown = (facts.label_en or facts.label_nl) if language == "en" else (facts.label_nl or facts.label_en)
        if score >= LEAST_SCORE:
            found.append((-score, len(shown), facts.id, shown, facts, label))
    hits = []
    for score, _, pk, shown, facts, label in sorted(found, key=lambda entry: entry[:3])[:limit]:
        text = index.text(label)
        matched = "" if normalize(text) == normalize(shown) else text
        hits.append(Hit(pk, shown, matched, round(-score, 4), language != "en" and not facts.label_nl, facts.kind))
    return hits


@dataclass(frozen=True)
class Resolved:
    """What a typed text stands for: one concept, or choices to put before the person (none: nothing was found)."""

    id: int | None
    choices: list[Hit]


def resolve_occupation(text: str, pk: str | int | None = None) -> Resolved:
    """The occupation that was picked (`pk`), or meant by `text` beyond doubt; else choices for a next page.

    A title that is no label is read by the model of titles (taxonomy.titles): what it thinks likely comes first.
    """
    found = _resolve(Occupation, search_occupations, text, pk)
    if found.id is not None:
        return found
    reading = read_title(text, limit=MOST_CHOICES)
    if reading.best is not None and reading.sure:
        return Resolved(reading.best.occupation_id, [])
    likely = [Hit.of(meant) for meant in (reading.best, *reading.alternatives) if meant is not None]
    ordered = [*likely, *found.choices] if reading.nothing < 0.5 else [*found.choices, *likely]
    choices: dict[int, Hit] = {}
    for hit in ordered:
        choices.setdefault(hit.id, hit)
    return Resolved(None, list(choices.values())[:MOST_CHOICES])


def resolve_skill(text: str, pk: str | int | None = None) -> Resolved:
    """The skill that was picked (`pk`), or meant by `text` beyond doubt; else choices for a next page."""
    return _resolve(Skill, search_skills, text, pk)


def _resolve(model, search, text: str, pk: str | int | None) -> Resolved:
    if str(pk or "").isdigit() and len(str(pk)) < 18 and model.objects.filter(pk=pk).exists():
        return Resolved(int(pk), [])
    hits = search(text, limit=MOST_CHOICES)
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


def near_occupations(occupations: Collection[int], *, limit: int | None = None) -> list[Occupation]:
    """Other work near to any of these occupations (ids), the nearest first; ties go to our own core and the older id.

    Empty where no nearness was built yet (`manage.py build_nearness`).
    """
    near = OccupationNearness.objects.filter(occupation__in=occupations).exclude(other__in=occupations)
    nearest = dict(near.values_list("other").annotate(nearest=Max("similarity")).order_by())
    found = Occupation.objects.in_bulk(nearest)
    ranked = sorted(found.values(), key=lambda one: (-nearest[one.pk], one.key is None, one.pk))
    return ranked[:limit]


def without_dutch_label(model: type[Occupation] | type[Skill]) -> QuerySet:
    """Concepts that no Dutch label is known of, the most used first; `uses` is in how many occupations, or skills."""
    links = "skill_occupations" if model is Skill else "occupation_skills"
    return model.objects.filter(label_nl="").annotate(uses=Count(links)).order_by("-uses", "id")


def certificates() -> list[Certificate]:
    """All certificates, by the label of the page's language."""
    return sorted(Certificate.objects.all(), key=lambda certificate: certificate.label.lower())


def find_certificates(text: str, *, limit: int = 10) -> list[Certificate]:
    """The certificates that `text` may mean, best first; empty for an empty text."""
    words = search_words(normalize(text[:LONGEST_QUERY]))
    scored = []
    for certificate in Certificate.objects.all():
        labels = [certificate.label_nl, certificate.label_en, *certificate.alternatives.split("|")]
        score = max(_answer(words, normalize(label)) for label in labels if label) if words else 0
        if score >= 0.5:
            scored.append((-score, certificate.pk, certificate))
    return [certificate for *_, certificate in sorted(scored, key=lambda entry: entry[:2])[:limit]]


def _answer(words: list[str], label: str) -> float:
    """How well one label answers the words, in [0, 1]: as in `_closeness`, for labels that are in no index."""
    parts = label.split()
    likeness = [max(((_likeness_of(word, part), part) for part in parts), default=(0.0, "")) for word in words]
    covered = sum({part: len(part) for value, part in likeness if value > 0.3}.values()) / max(len("".join(parts)), 1)
    return sum(value for value, _ in likeness) / len(words) * (0.75 + 0.25 * covered)


def _likeness_of(word: str, part: str) -> float:
    return max(likeness(word, stem(word), part), 0.88 * OSA.normalized_similarity(word, part, score_cutoff=0.68))
