"""Finding concepts that have no Dutch label by what a Dutch query means."""

import threading

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from taxonomy.encoder import DIMENSIONS, encode
from taxonomy.models import Concept, MeaningVectors, Occupation, Skill

MODELS: dict[str, type[Concept]] = {"occupation": Occupation, "skill": Skill}
SCALE = 127


@transaction.atomic
def save_meanings() -> int:
    """Store the sentence vectors of all labels of concepts without Dutch; returns how many concepts there are."""
    total = 0
    for find, model in MODELS.items():
        rows = list(model.objects.filter(label_nl="").exclude(label_en="").order_by("id").values_list("id", "label_en"))
        vectors = np.rint(SCALE * encode([label for _, label in rows])).astype(np.int8)
        MeaningVectors.objects.update_or_create(
            find=find,
            defaults={"ids": np.array([pk for pk, _ in rows], dtype=np.int64).tobytes(), "vectors": vectors.tobytes()},
        )
        total += len(rows)
    return total


class Meanings:
    """Vectors of one kind of concept in memory."""

    def __init__(self, find: str) -> None:
        row = MeaningVectors.objects.filter(find=find).first()
        self.ids = np.frombuffer(row.ids if row else b"", dtype=np.int64)
        self.vectors = np.frombuffer(row.vectors if row else b"", dtype=np.int8).reshape(-1, DIMENSIONS)

    def closest(self, text: str, most: int) -> list[tuple[int, float]]:
        """The concepts that mean most nearly the same as the text, with the cosine; the best first."""
        if not len(self.ids):
            return []
        cosines = self._cosines(encode([text])[0])
        best = np.argsort(-cosines, kind="stable")[:most]
        return [(int(self.ids[row]), float(cosines[row])) for row in best]

    def _cosines(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n,), in blocks so that the small numbers are not all made large at once."""
        found = np.empty(len(self.ids), dtype=np.float32)
        for start in range(0, len(found), 1024):
            found[start : start + 1024] = self.vectors[start : start + 1024].astype(np.float32) @ vector
        return found / SCALE


_lock = threading.Lock()
_known: dict[str, tuple[object, Meanings]] = {}


def meanings(find: str, edition: object) -> Meanings:
    """The vectors of one kind of concept, read once for each edition and process."""
    known = _known.get(find)
    if known is None or known[0] != edition:
        with _lock:
            known = _known[find] = (edition, Meanings(find))
    return known[1]
