"""From a job title as people write it to occupations with a probability, and "don't know" when nothing is likely."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from taxonomy.models import Occupation, OccupationLabel
from taxonomy.places import place_names
from taxonomy.titles.cleaning import clean_title
from taxonomy.titles.model import TitleModel, current_model

# Evidence (log odds) to probability: see `probabilities`. Fitted on judged titles, reported in docs/language.md.
SHARPNESS = 0.58
NONE = 17.5  # evidence that nothing fits; about what a title reaches that has only its form in common with a label
KNOWN = 0.4  # from this probability the best occupation is what we think is meant
SURE = 0.9  # from this probability nobody needs to be asked
LEAST = 0.01  # what is less likely is no alternative
# Words that say how somebody works, not at what: alone they mean nothing, whatever a label says.
GENERIC = frozenset(
    {"medewerker", "medewerkster", "manager", "assistent", "leidinggevende", "specialist", "kracht", "hulp", "stagiair",
     "trainee", "employee", "worker", "teamlid", "werknemer", "uitzendkracht", "oproepkracht", "zzp er", "vrijwilliger"}
)  # fmt: skip


@dataclass(frozen=True)
class Meant:
    """An occupation that a title may mean."""

    occupation_id: int
    label: str
    foreign: bool  # shown in English because there is no Dutch label
    probability: float  # [0, 1]


@dataclass(frozen=True)
class TitleReading:
    """What a title means: `best` is None for "don't know". Probabilities of all and of `nothing` add up to at most 1."""

    title: str  # what was compared, cleaned
    best: Meant | None
    alternatives: list[Meant]  # likely first; without `best`
    nothing: float  # [0, 1] that it is none of our occupations

    @property
    def sure(self) -> bool:
        return self.best is not None and self.best.probability >= SURE


def read_title(text: str, *, limit: int = 8) -> TitleReading:
    """The occupations that a job title may mean, likely first; empty for an empty text.

    Without a trained model only titles that are literally a label are known.
    """
    title = clean_title(text, _places())
    if not title:
        return TitleReading("", None, [], 1.0)
    model = current_model()
    if model is None:
        found, nothing = _literal(title)
    else:
        chance, none = probabilities(model, [title])
        order = np.argsort(-chance[0], kind="stable")[: 2 * limit + 2]
        found = [(model.occupations[row], float(chance[0, row])) for row in order if chance[0, row] >= LEAST]
        nothing = float(none[0])
    rows = _occupations().in_bulk([pk for pk, _ in found])
    meant = [
        Meant(pk, rows[pk].label, rows[pk].label_is_foreign, round(probability, 4))
        for pk, probability in found
        if pk in rows  # erased since the model was built
    ][: limit + 1]
    if meant and meant[0].probability >= KNOWN and title not in GENERIC:
        return TitleReading(title, meant[0], meant[1:], round(nothing, 4))
    return TitleReading(title, None, meant[:limit], round(nothing, 4))


def probabilities(model: TitleModel, titles: list[str]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Probability of each occupation (titles, occupations) and of none of them (titles,), for cleaned titles.

    A softmax over SHARPNESS · evidence with "none" as one more choice.
    """
    evidence = model.index.evidence(titles)
    scaled = SHARPNESS * np.column_stack([evidence, np.full(len(titles), NONE, np.float32)])
    scaled -= scaled.max(axis=1, keepdims=True)
    chance = np.exp(scaled)
    chance /= chance.sum(axis=1, keepdims=True)
    return chance[:, :-1], chance[:, -1]


def _literal(title: str) -> tuple[list[tuple[int, float]], float]:
    """Occupations with exactly this label, equally likely, when there is no model."""
    known = OccupationLabel.objects.filter(normalized=title).order_by("occupation_id")
    found = list(known.values_list("occupation_id", flat=True).distinct()[:50])
    return [(pk, 0.95 / len(found)) for pk in found], 0.05 if found else 1.0


def _occupations() -> QuerySet[Occupation]:
    return Occupation.objects.only("id", "label_nl", "label_en")


@cache
def _without_work(names: frozenset[str]) -> frozenset[str]:
    """Names of places, without those that are also work or a word of it ("Smid", "Boer")."""
    words = {
        word
        for text in OccupationLabel.objects.filter(language="nl").values_list("normalized", flat=True)
        for word in text.split()
    }
    return names - words


def _places() -> frozenset[str]:
    return _without_work(place_names())
