"""Which work a text is about, as a prior for its skills: the occupations it names, and those that need what it names."""

import threading
from collections import defaultdict

import numpy as np
from scipy import sparse

from taxonomy.label_index import LabelIndex
from taxonomy.models import OccupationLabel, OccupationSkill
from taxonomy.reading.sentences import Sentence

NAMED = 3.0  # how much a named occupation counts against one skill
LONGEST_TITLE = 4  # words
FOR_CONTEXT = 40
LEAST_CONTEXT = 1.5  # how surely the rest of a text must say something before it tells what goes with it
MOST_MEANINGS = 5  # occupations with the same label, from which it says nothing


class Occupations:
    """(skills, occupations) unit rows, and the occupations by their labels; one a process and edition."""

    def __init__(self, edition: tuple[int, int]) -> None:
        self.edition = edition
        rows, columns, values = [], [], []
        self._skill: dict[int, int] = {}
        occupation: dict[int, int] = {}
        for skill_id, occupation_id, essential in OccupationSkill.objects.order_by("id").values_list(
            "skill_id", "occupation_id", "essential"
        ):
            rows.append(self._skill.setdefault(skill_id, len(self._skill)))
            columns.append(occupation.setdefault(occupation_id, len(occupation)))
            values.append(1.0 if essential else 0.5)
        shape = max(len(self._skill), 1), max(len(occupation), 1)
        needs = sparse.csr_array((np.array(values, np.float32), (rows, columns)), shape=shape)
        norms = np.sqrt(needs.multiply(needs).sum(axis=1))
        self.needs = sparse.diags_array((1 / np.maximum(norms, 1e-9)).astype(np.float32)) @ needs
        self.titles: dict[str, set[int]] = defaultdict(set)
        for occupation_id, text in OccupationLabel.objects.filter(language__in=("nl", "en")).values_list(
            "occupation_id", "normalized"
        ):
            if occupation_id in occupation and len(text) > 2:
                self.titles[text].add(occupation[occupation_id])

    def named(self, read: list[Sentence]) -> tuple[set[int], dict[int, set[int]]]:
        """The columns of the occupations that a text names, and the positions of their words by number of the sentence.

        Only the first `FOR_CONTEXT` sentences say what the text is about.
        """
        found: set[int] = set()
        titles: dict[int, set[int]] = defaultdict(set)
        for number, sentence in enumerate(read):
            plain = sentence.plain
            for start in range(len(plain)):
                for length in range(min(LONGEST_TITLE, len(plain) - start), 0, -1):
                    columns = self.titles.get(" ".join(plain[start : start + length]))
                    if columns:
                        titles[number].update(range(start, start + length))
                        if number < FOR_CONTEXT and len(columns) <= MOST_MEANINGS:
                            found |= columns
                        break
        return found, titles

    def likely(self, skills: dict[int, float], named: set[int]) -> dict[int, float]:
        """For every skill, how well it goes with the named occupations and with the other skills; [0, 1].

        `skills` maps ids to how surely the text says them; a skill does not support itself. nan where the text says
        next to nothing else, so that nobody can tell.
        """
        known = [one for one in skills if one in self._skill]
        if not known:
            return {}
        rows = self.needs[[self._skill[one] for one in known]]
        weights = np.array([skills[one] for one in known], np.float32)
        total = np.asarray(weights @ rows).ravel()
        for column in named:
            total[column] += NAMED / max(len(named), 1)
        mine = rows @ total - weights  # rows are unit vectors: w·r·r = w
        norm = np.sqrt(np.maximum(total @ total - 2 * weights * (rows @ total) + weights**2, 1e-9))
        likely = np.clip(mine / norm, 0, 1)
        others = weights.sum() - weights + (NAMED if named else 0)
        likely[others < LEAST_CONTEXT] = np.nan
        return dict(zip(known, likely.tolist(), strict=True))

    def needed_by(self, skill_id: int, named: set[int]) -> bool:
        """Whether a named occupation needs this skill."""
        row = self._skill.get(skill_id)
        if row is None or not named:
            return False
        start, end = self.needs.indptr[row], self.needs.indptr[row + 1]
        return not named.isdisjoint(self.needs.indices[start:end].tolist())


_lock = threading.Lock()
_occupations: Occupations | None = None


def current_occupations(index: LabelIndex) -> Occupations:
    global _occupations
    if _occupations is None or _occupations.edition != index.edition:
        with _lock:
            if _occupations is None or _occupations.edition != index.edition:
                _occupations = Occupations(index.edition)
    return _occupations
