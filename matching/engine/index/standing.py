"""Standing lists: the best people of every vacancy, kept true while CVs change, without ranking anybody else anew.

Every list holds more than is shown (a reserve) and a **floor**: everybody who passes with a key above the floor is in the
list. A changed CV leaves the lists it was in and enters those where its new key is above the floor; a list that runs out
of reserve is ranked anew. So a list always equals full recomputation.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching.engine.index.candidates import PeopleIndex
from matching.engine.index.topk import read_keys
from matching.engine.index.vacancies import WorkIndex, enters


@dataclass
class Standing:
    """Lists of `shown` people and a reserve for every vacancy; the rows are those of the work index."""

    keys: NDArray[np.int64]  # (n_vacancies, shown + reserve), best first, 0 for an empty place
    floors: NDArray[np.int64]  # (n_vacancies,)
    shown: int
    inside: dict[int, set[int]] = field(repr=False)  # person id -> rows of vacancies

    @classmethod
    def from_lists(cls, lists: list[NDArray[np.int64]], shown: int, reserve: int) -> "Standing":
        """From the best `shown + reserve` keys of every vacancy (fewer where fewer pass)."""
        room = shown + reserve
        keys = np.zeros((len(lists), room), dtype=np.int64)
        inside: dict[int, set[int]] = {}
        for row, best in enumerate(lists):
            keys[row, : len(best)] = best
            for person in read_keys(best).ids.tolist():
                inside.setdefault(person, set()).add(row)
        full = np.array([len(best) == room for best in lists], dtype=bool)
        return cls(keys, np.where(full, keys[:, -1] - 1, 0), shown, inside)

    def remove(self, person: int) -> list[int]:
        """Take a person out of every list; rows of the lists that have to be ranked anew, for want of reserve."""
        rows = np.array(sorted(self.inside.pop(person, ())), dtype=np.int64)
        if not len(rows):
            return []
        gone = read_keys(self.keys[rows]).ids == person
        gone &= self.keys[rows] > 0
        self.keys[rows] = -np.sort(-np.where(gone, 0, self.keys[rows]), axis=1)
        short = (self.keys[rows, self.shown - 1] == 0) & (self.floors[rows] > 0)
        return rows[short].tolist()

    def change(self, work: WorkIndex, people: PeopleIndex, c: int, max_minutes: int | None = None) -> list[int]:
        """Put the person in row `c` of `people` in place everywhere; rows of the lists that have to be ranked anew."""
        person = int(people.people.ids[c])
        short = self.remove(person)
        rows, keys = enters(work, people, c, self.floors, max_minutes)
        if len(rows):
            lists = np.column_stack([self.keys[rows], keys])
            lists = -np.sort(-lists, axis=1)
            fallen = lists[:, -1]
            self.keys[rows] = lists[:, :-1]
            self.floors[rows] = np.maximum(self.floors[rows], fallen)
            out = fallen > 0
            for row, who in zip(rows[out].tolist(), read_keys(fallen[out]).ids.tolist(), strict=True):
                self.inside.get(who, set()).discard(row)
            held = set(rows[(self.keys[rows] == keys[:, None]).any(axis=1)].tolist())
            if held:
                self.inside[person] = held
        return short

    def replace(self, row: int, best: NDArray[np.int64]) -> None:
        """Put a list that was ranked anew in its place."""
        for person in read_keys(self.keys[row][self.keys[row] > 0]).ids.tolist():
            self.inside.get(person, set()).discard(row)
        self.keys[row] = 0
        self.keys[row, : len(best)] = best
        self.floors[row] = best[-1] - 1 if len(best) == self.keys.shape[1] else 0
        for person in read_keys(best).ids.tolist():
            self.inside.setdefault(person, set()).add(row)

    def top(self, row: int) -> NDArray[np.int64]:
        """The keys shown for a vacancy, best first."""
        best = self.keys[row, : self.shown]
        return best[best > 0]
