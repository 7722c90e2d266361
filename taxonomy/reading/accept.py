"""Which candidates a text really says: a small logistic model over what is known of each, trained on judged passages.

The weights are in `accept.json`, written by `manage.py train_skills`; the model is linear, so that the operators' page
can say what spoke for and against a skill.
"""

import json
from dataclasses import dataclass, replace
from functools import cache
from operator import itemgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from taxonomy.label_index import LabelIndex, current_index
from taxonomy.lexicon import LANGUAGE_OF
from taxonomy.places import place_names, place_positions
from taxonomy.reading.context import current_occupations
from taxonomy.reading.labels import Candidate, Forms, Rule, label_candidates
from taxonomy.reading.meaning import Meaning, current_vectors
from taxonomy.reading.sections import Section, sections
from taxonomy.reading.sentences import Sentence
from taxonomy.text import STOP_WORDS, normalize_again, root

MODEL_FILE = Path(__file__).parent / "accept.json"
SHORT = 20  # words of a text in which nothing around a label can speak for it
SHARING = 0.5  # from which a skill may share a word with a surer one
_ORDER = [Rule.LABEL, Rule.FORMS, Rule.SPREAD, Rule.VERB, Rule.PART, Rule.MEANING]
_EXACT = frozenset({Rule.LABEL, Rule.FORMS, Rule.SPREAD, Rule.VERB})
ALONE = {"cosine": 0.3, "covered": 0.0, "likely": 0.1, "both": 0.4, "needed": 0.0}  # of no rival at all
GROUPED = (
    "cosine",
    "beyond_hub",
    "alike",
    "likely",
    "fills",
    "both",
    "ahead",
    "rivals_likely",
)  # weighed apart for each rule
RIVALLED = ("cosine", "covered", "likely", "both", "needed")  # compared with other skills that the same words may say
FEATURES = (
    *(f"rule_{rule.value}" for rule in _ORDER), "score", "covered", "words", "single", "rarity", "cosine", "beyond_hub",
    "alike", "likely", "needed", "core", "attitude", "knowledge", "common", "offered", "sentence_words",
    *(f"rivals_{name}" for name in RIVALLED), "agreed", "fills", "taxonomy", "label_words",
    "preferred", "in_title", "in_paper", "tongue", "spelling", "ahead",
    *(f"{name}_{group}" for group in ("exact", "part", "meaning") for name in GROUPED),
)  # fmt: skip

_NOTHING = dict.fromkeys(FEATURES, 0.0)
_in_order = itemgetter(*FEATURES)


@dataclass(frozen=True)
class Weighed:
    """A candidate in its sentence, with its features in the order of `FEATURES` (nan: not known)."""

    number: int  # of the sentence
    candidate: Candidate
    features: NDArray[np.float32]


@dataclass(frozen=True)
class Model:
    weights: NDArray[np.float64]
    means: NDArray[np.float64]
    scales: NDArray[np.float64]
    intercept: float
    threshold: float = 0.5

    def probabilities(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """(n,) from (n, features); what is not known counts as usual."""
        standard = np.nan_to_num((features - self.means) / self.scales)
        return 1 / (1 + np.exp(-np.clip(standard @ self.weights + self.intercept, -30, 30)))


@cache
def current_model() -> Model:
    stored = json.loads(MODEL_FILE.read_text())
    weights = [stored["features"][name] for name in FEATURES]
    return Model(
        *(np.array([row[column] for row in weights]) for column in ("weight", "mean", "scale")),
        intercept=stored["intercept"],
        threshold=stored["threshold"],
    )


def weigh(read: list[Sentence], language: str, papers: list[tuple[int, int]] = ()) -> list[Weighed]:
    """All candidates of a text with their features; `papers` are the places of certificates and licences in it."""
    index = current_index()
    names = place_names()
    places = [place_positions(sentence, names, index.words) for sentence in read]
    meaning = Meaning(current_vectors(index), read, places)
    occupations = current_occupations(index)
    known = Forms(index)
    where = sections(read)
    named, titles = occupations.named(read)
    of_sentence = [
        [
            (one, agreed)
            for one, agreed in _merged(
                label_candidates(index, sentence, known, language, places[number]) + meaning.candidates(number)
            )
            if (one.rule in _EXACT or not titles[number].issuperset(one.positions))  # "bricklayer" says no bricklaying
            and not _crosses(sentence, one, papers)
        ]
        for number, sentence in enumerate(read)
    ]
    surest: dict[int, float] = {}
    for merged in of_sentence:
        for one, _ in merged:
            sure = _sureness(one)
            surest[one.skill_id] = max(sure, surest.get(one.skill_id, 0))
    likely = occupations.likely(surest, named)
    found = []
    size = np.log10(1 + len(index.labels)) / 4
    for number, merged in enumerate(of_sentence):
        rows = [
            _features(index, read[number], one, agreed, meaning.near(number, one.positions, one.skill_id))
            for one, agreed in merged
        ]
        for (one, _), row in zip(merged, rows, strict=True):
            row["likely"] = likely.get(one.skill_id, 0.0)
            row["needed"] = float(occupations.needed_by(one.skill_id, named))
        masks = [sum(1 << at for at in one.positions) for one, _ in merged]
        for (one, _), row, mine in zip(merged, rows, masks, strict=True):
            row["offered"] = where[number] is Section.OFFERED
            row["taxonomy"] = size
            row["in_title"] = titles[number].issuperset(one.positions)
            start, end = read[number].span(one.positions)
            row["in_paper"] = any(first <= start and end <= last for first, last in papers)
            rivals = [
                other
                for (two, _), other, theirs in zip(merged, rows, masks, strict=True)
                if mine & theirs and two.skill_id != one.skill_id
            ]
            for name in RIVALLED:
                row[f"rivals_{name}"] = row[name] - max([other[name] for other in rivals], default=ALONE[name])
            group = "exact" if one.rule in _EXACT else one.rule.value
            for name in GROUPED:
                row[f"{name}_{group}"] = row[name]
            features = np.array(_in_order(_NOTHING | row), dtype=np.float32)
            found.append(Weighed(number, one, features))
    return found


def _crosses(sentence: Sentence, one: Candidate, papers: list[tuple[int, int]]) -> bool:
    """Whether words of a paper and words beside it were put together: "verzorgende IG en BIG" is about no piglets."""
    if one.rule not in (Rule.SPREAD, Rule.PART):
        return False
    spans = [sentence.spans[at] for at in one.positions]
    inside = [any(first <= start and end <= last for first, last in papers) for start, end in spans]
    return any(inside) and not all(inside)


def _sureness(one: Candidate) -> float:
    """How much a candidate counts as context for the others, before anything is decided."""
    if one.rule in _EXACT:
        return 1.0 if len(one.positions) > 1 else 0.6
    return 0.2 * one.covered if one.rule is Rule.PART else 0.3 * max(0.0, one.score - 0.5)


def _merged(candidates: list[Candidate]) -> list[tuple[Candidate, bool]]:
    """One candidate a skill and place, by its strongest rule; and whether meaning agrees with a label."""
    best: dict[int, list[Candidate]] = {}
    agreed: set[int] = set()
    for one in sorted(candidates, key=_strength):
        mine = best.setdefault(one.skill_id, [])
        if any(set(one.positions) & set(other.positions) for other in mine):
            if one.rule is Rule.MEANING:
                agreed.add(one.skill_id)
            continue
        mine.append(one)
    return [(one, one.skill_id in agreed) for mine in best.values() for one in mine]


def _strength(one: Candidate) -> tuple:
    """The strongest first: whole labels, the longest of them ("haren knippen" before "knippen"), then by rule."""
    whole = one.rule in _EXACT
    return not whole, -len(one.positions) if whole else 0, _ORDER.index(one.rule), -one.score


def _features(index: LabelIndex, sentence: Sentence, one: Candidate, agreed: bool, near) -> dict[str, float]:
    said = [sentence.plain[at] for at in one.positions]
    content = [word for word in said if word not in STOP_WORDS]
    label = normalize_again(one.said)
    facts = index.facts[one.skill_id]
    roots = one.entry.roots if one.entry else ()
    alike = fuzz.token_sort_ratio(" ".join(said), label) / 100
    first, last = one.positions[0], one.positions[-1]
    between = sum(word not in STOP_WORDS for word in sentence.plain[first : last + 1])
    return {
        f"rule_{one.rule.value}": 1.0,
        "score": one.score,
        "covered": one.covered if one.rule is not Rule.MEANING else alike,
        "words": min(len(content), 4),
        "single": len(content) == 1,
        "rarity": max((index.rarity.get(root, 0.0) for root in roots), default=np.nan),
        "cosine": near.cosine,
        "beyond_hub": near.beyond_hub,
        "spelling": near.spelling,
        "both": near.both,
        "ahead": near.ahead,
        "alike": alike,
        "core": facts.core,
        "attitude": facts.kind == "attitude",
        "knowledge": facts.kind == "knowledge",
        "common": 1 - facts.idf / 7.5,
        "sentence_words": np.log1p(len(sentence.plain)),
        "agreed": agreed,
        "fills": len(content) / max(between, 1),
        "label_words": min(len(label.split()), 6),
        "preferred": one.said in index.labels[one.skill_id]
        or label in map(normalize_again, index.labels[one.skill_id]),
        "tongue": any(word in LANGUAGE_OF for word in content),
    }


def accepted(
    read: list[Sentence], language: str, papers: list[tuple[int, int]] = (), *, model: Model | None = None
) -> list[tuple[int, Candidate]]:
    """(number of the sentence, candidate) for what the text says, with its probability as score."""
    model = model or current_model()
    weighed = weigh(read, language, papers)
    if not weighed:
        return []
    probabilities = model.probabilities(np.stack([one.features for one in weighed]))
    if sum(len(sentence.plain) for sentence in read) <= SHORT:
        literal = [_literally(one, read[one.number]) for one in weighed]
        least = np.array([model.threshold if one else 0.0 for one in literal])
        whole = np.array([one is Rule.LABEL for one in literal])
        probabilities = np.where(whole, (1 + probabilities) / 2, np.maximum(probabilities, least))
    return select(weighed, probabilities, model.threshold)


def _literally(one: Weighed, sentence: Sentence) -> Rule | None:
    """What a line with little around it says as such: a label (LABEL), or the verb and noun that one ends with (PART)."""
    if one.features[FEATURES.index("in_title")] or one.features[FEATURES.index("in_paper")]:
        return None
    candidate = one.candidate
    several = len(candidate.positions) > 1
    if candidate.rule is Rule.LABEL or (several and candidate.rule is Rule.FORMS):
        return Rule.LABEL
    if several and candidate.rule is Rule.PART and candidate.entry:
        ends = set(candidate.entry.roots[-2:]) <= {root(sentence.plain[at]) for at in candidate.positions}
        return Rule.PART if ends else None
    if candidate.rule is Rule.FORMS:  # "hij last": the same word, but for its ending
        word = sentence.plain[candidate.positions[0]]
        verb = candidate.said.endswith("en") and candidate.said[:3] in (word[:3], word.removeprefix("ge")[:3])
        return Rule.PART if verb and len(word) >= 4 else None
    return Rule.PART if several and candidate.rule is Rule.SPREAD else None


def select(weighed: list[Weighed], probabilities: NDArray[np.float64], threshold: float) -> list[tuple[int, Candidate]]:
    """The surest candidates; two may share a word ("snel en netjes werken") where a label says it, not a meaning alone."""
    taken: dict[int, set[int]] = {}
    found = []
    sure = [at for at in range(len(weighed)) if probabilities[at] >= threshold]
    longer = {(weighed[at].number, weighed[at].candidate.positions) for at in sure if _is_longer(weighed[at].candidate)}
    for at in sorted(sure, key=lambda at: (-probabilities[at], weighed[at].number, weighed[at].candidate.skill_id)):
        one = weighed[at]
        words = set(one.candidate.positions)
        claimed = taken.setdefault(one.number, set())
        if any(number == one.number and words < set(positions) for number, positions in longer):
            continue
        shares = one.candidate.rule is not Rule.MEANING and probabilities[at] >= SHARING and not words <= claimed
        if words & claimed and not shares:
            continue
        claimed |= words
        found.append((one.number, replace(one.candidate, score=float(probabilities[at]))))
    return found


def _is_longer(one: Candidate) -> bool:
    """Whether shorter labels inside its words are parts of it: "lassen" in "MIG-lassen"."""
    return one.rule in (Rule.LABEL, Rule.FORMS) and len(one.positions) > 1
