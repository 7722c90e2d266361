"""Training the model that accepts or rejects what a text may say (`taxonomy/reading/accept.py`).

Only the tuning half of the judged passages is used, whole and sentence by sentence, so that a line with nothing around it
is read as well. How much the weights are held back, and the threshold, are chosen by cross-validation over whole
passages. Candidates of several taxonomies (our own alone, all of ESCO) train one model together.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from taxonomy.judged_passages import SEED, Passage
from taxonomy.reading import terms
from taxonomy.reading.accept import FEATURES, MODEL_FILE, Model, Weighed, select, weigh
from taxonomy.reading.labels import Candidate, Rule
from taxonomy.reading.sentences import sentences
from taxonomy.reading.wording import Kind, Stance, wording

FOLDS = 8
STRENGTHS = (0.01, 0.03, 0.1, 0.3)  # inverse of how much weights are held back
THRESHOLDS = np.arange(0.1, 0.6, 0.02)
# F1 that differs by less is as good: of such thresholds the one in the middle is taken, of weights the most held back.
LEVEL = 0.004


@dataclass(frozen=True)
class Case:
    """One passage of the tuning half: its candidates, which of them are right, and which stand there as said."""

    passage: str
    marked: tuple[frozenset[int], ...]
    weighed: tuple[Weighed, ...]
    right: tuple[bool, ...]
    said: tuple[bool, ...]
    alone: bool = False  # one sentence of the passage, read without the rest


def cases_of(passage: Passage) -> list[Case]:
    """The passage, and each of its sentences as a text of its own."""
    cases = [_case(passage)]
    for sentence in sentences(passage.text):
        marks = tuple(
            replace(mark, start=mark.start - sentence.start, end=mark.end - sentence.start)
            for mark in passage.marks
            if sentence.start <= mark.start and mark.end <= sentence.end
        )
        cases.append(replace(_case(replace(passage, text=sentence.raw, marks=marks)), alone=True))
    return cases


def _case(passage: Passage) -> Case:
    kind = Kind(passage.kind)
    read = [(sentence, wording(sentence, kind)) for sentence in sentences(passage.text)]
    papers = [(paper.start, paper.end) for paper in terms.certificates(read)]
    weighed = weigh([sentence for sentence, _ in read], passage.language, papers)
    named = frozenset().union(*(mark.concepts for mark in passage.marks))
    return Case(
        passage.id,
        tuple(passage.said),
        tuple(weighed),
        tuple(one.candidate.skill_id in named for one in weighed),
        tuple(read[one.number][1].stance(one.candidate.positions) is Stance.SAID for one in weighed),
    )


def save_cases(cases: Sequence[Case], file: Path) -> None:
    """Keep the candidates of one taxonomy, to train with those of another."""
    rows = [
        {
            "passage": case.passage,
            "alone": case.alone,
            "marked": [sorted(group) for group in case.marked],
            "candidates": [
                [one.number, one.candidate.skill_id, one.candidate.positions, one.candidate.rule, right, said,
                 [None if np.isnan(value) else round(float(value), 5) for value in one.features]]
                for one, right, said in zip(case.weighed, case.right, case.said, strict=True)
            ],
        }
        for case in cases
    ]  # fmt: skip
    file.write_text(json.dumps(rows))


def read_cases(file: Path) -> list[Case]:
    return [
        Case(
            row["passage"],
            tuple(frozenset(group) for group in row["marked"]),
            tuple(
                Weighed(
                    number,
                    Candidate(skill_id, tuple(positions), 0.0, Rule(rule), ""),
                    np.array(features, dtype=np.float32),  # None becomes nan
                )
                for number, skill_id, positions, rule, _, _, features in row["candidates"]
            ),
            tuple(right for *_, right, _, _ in row["candidates"]),
            tuple(said for *_, said, _ in row["candidates"]),
            row["alone"],
        )
        for row in json.loads(file.read_text())
    ]


@dataclass(frozen=True)
class Trained:
    model: Model
    f1: float  # at concept level, cross-validated
    strength: float
    cases: int
    candidates: int


def train(cases: Sequence[Case]) -> Trained:
    """The model with the best cross-validated F1; every passage is in one fold, in whatever taxonomy it was read."""
    passages = sorted({case.passage for case in cases})
    order = np.random.default_rng(SEED).permutation(passages)
    folds = [set(part) for part in np.array_split(order, min(FOLDS, len(passages)))]
    whole = [case for case in cases if not case.alone]
    best = (-1.0, 0.0, 0.0)
    for strength in STRENGTHS:
        probabilities: dict[int, NDArray[np.float64]] = {}
        for fold in folds:
            model = _fit([case for case in cases if case.passage not in fold], strength)
            for case in cases:
                if case.passage in fold and case.weighed:
                    probabilities[id(case)] = model.probabilities(np.stack([one.features for one in case.weighed]))
        scored = [(_f1(whole, probabilities, one), float(one)) for one in THRESHOLDS]
        enough = max(scored)[0] - LEVEL
        level = [one for one in scored if one[0] >= enough]
        f1, threshold = level[len(level) // 2]
        if f1 > best[0] + LEVEL:
            best = f1, strength, threshold
    f1, strength, threshold = best
    model = replace(_fit(cases, strength), threshold=threshold)
    return Trained(model, f1, strength, len(cases), sum(len(case.weighed) for case in cases))


def _fit(cases: Sequence[Case], strength: float) -> Model:
    features = np.stack([one.features for case in cases for one in case.weighed]).astype(np.float64)
    right = np.array([one for case in cases for one in case.right])
    means, scales = np.nanmean(features, axis=0), np.nanstd(features, axis=0)
    scales[scales < 1e-6] = 1
    standard = np.nan_to_num((features - means) / scales)
    fitted = LogisticRegression(C=strength, max_iter=2000).fit(standard, right)
    return Model(fitted.coef_[0], means, scales, float(fitted.intercept_[0]))


def _f1(cases: Sequence[Case], probabilities: dict[int, NDArray[np.float64]], threshold: float) -> float:
    right = found = hit = marked = 0
    for case in cases:
        marked += len(case.marked)
        if id(case) not in probabilities:
            continue
        said = {
            (one.number, one.candidate.skill_id, one.candidate.positions)
            for one, is_said in zip(case.weighed, case.said, strict=True)
            if is_said
        }
        skills = {
            one.skill_id
            for sentence, one in select(list(case.weighed), probabilities[id(case)], threshold)
            if (sentence, one.skill_id, one.positions) in said
        }
        right += len(skills & frozenset().union(*case.marked))
        found += len(skills)
        hit += sum(not group.isdisjoint(skills) for group in case.marked)
    precision, recall = right / max(found, 1), hit / max(marked, 1)
    return 2 * precision * recall / max(precision + recall, 1e-9)


def save_model(trained: Trained, file: Path = MODEL_FILE) -> None:
    model = trained.model
    rows = {
        name: {"weight": round(float(weight), 5), "mean": round(float(mean), 5), "scale": round(float(scale), 5)}
        for name, weight, mean, scale in zip(FEATURES, model.weights, model.means, model.scales, strict=True)
    }
    stored = {
        "about": "weights of the model in accept.py; written by manage.py train_skills",
        "seed": SEED,
        "cases": trained.cases,
        "candidates": trained.candidates,
        "strength": trained.strength,
        "cross_validated_f1": round(trained.f1, 3),
        "threshold": round(model.threshold, 3),
        "intercept": round(model.intercept, 5),
        "features": rows,
    }
    file.write_text(json.dumps(stored, indent=1) + "\n")
