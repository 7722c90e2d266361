"""Judged job titles: folders in MELO's format (or with `corpus_documents.tsv`), and the measures over them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from taxonomy.text import normalize

CORPUS_FILES = ("corpus_elements.tsv", "corpus_documents.tsv")


class BadJudgements(Exception):
    """What is wrong with a folder, in words for the person who named it."""


@dataclass(frozen=True)
class Judged:
    """Queries with the corpus elements that are right for them, as positions in `corpus`."""

    queries: list[str]
    corpus: list[str]
    relevant: list[NDArray[np.int64]]  # one a query, sorted, never empty
    skipped: int  # queries without a judgement

    @property
    def literal(self) -> NDArray[np.bool_]:
        """(n_queries,) which queries are, normalised, literally an element of the corpus."""
        known = {normalize(text) for text in self.corpus}
        return np.array([normalize(text) in known for text in self.queries])


def read_judged(directory: Path) -> Judged:
    """Read `queries.tsv`, `corpus_elements.tsv` or `corpus_documents.tsv`, and `annotations.tsv`.

    Columns are separated by tabs, lines end in any way. Texts without an id are their own id. A line with the names of the
    columns does no harm. Raises BadJudgements, with file and line, when something is missing or cannot be read.
    """
    found = [directory / name for name in CORPUS_FILES if (directory / name).is_file()]
    if not found:
        raise BadJudgements(f"{directory} has no {' or '.join(CORPUS_FILES)}.")
    queries, corpus = _texts(directory / "queries.tsv"), _texts(found[0])
    position = {key: at for at, key in enumerate(corpus)}
    relevant: dict[str, set[int]] = {key: set() for key in queries}
    for number, cells in _lines(directory / "annotations.tsv", 2):
        # Query, (iteration, as in TREC), element, (judgement); two columns say that it is right.
        query, element, judgement = (cells[0], cells[2], cells[3]) if len(cells) > 3 else (*cells, "1")[:3]
        try:
            right = float(judgement) > 0
        except ValueError:
            if number == 1:  # the names of the columns
                continue
            raise BadJudgements(f"annotations.tsv, line {number}: {judgement!r} is not a number.") from None
        if query not in relevant or element not in position:
            missing = query if query not in relevant else element
            raise BadJudgements(f"annotations.tsv, line {number}: {missing!r} is in no other file.")
        if right:
            relevant[query].add(position[element])
    judged = [key for key in queries if relevant[key]]
    if not judged:
        raise BadJudgements(f"{directory} judges no query.")
    return Judged(
        [queries[key] for key in judged], list(corpus.values()),
        [np.array(sorted(relevant[key]), dtype=np.int64) for key in judged], len(queries) - len(judged),
    )  # fmt: skip


def _lines(path: Path, columns: int):
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadJudgements(f"{path.name} cannot be read: {error}") from None
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if line.strip():
            cells = [cell.strip() for cell in line.split("\t")]
            if len(cells) < columns:
                raise BadJudgements(f"{path.name}, line {number}: {columns} columns wanted, separated by tabs.")
            yield number, cells


def _texts(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, cells in _lines(path, 1):
        key, text = (cells[0], cells[1]) if len(cells) > 1 else (cells[0], cells[0])
        if key in found and len(cells) > 1:
            raise BadJudgements(f"{path.name}, line {number}: {key!r} stands there twice.")
        found[key] = text
    return found


@dataclass(frozen=True)
class Measures:
    """Means over queries, all in [0, 1]."""

    mrr: float
    map: float
    accuracy_1: float
    accuracy_5: float
    accuracy_10: float
    n: int


def measure(places: list[NDArray[np.int64]]) -> Measures:
    """Measures from the places (from 1) of the relevant elements of each query, sorted.

    MRR: mean of 1 / first place. MAP: mean over queries of the mean, over relevant elements, of the precision at their
    places. Accuracy@k: share of queries with a relevant element among the first k.

    >>> measure([np.array([1, 4]), np.array([2])])
    Measures(mrr=0.75, map=0.625, accuracy_1=0.5, accuracy_5=1.0, accuracy_10=1.0, n=2)
    """
    if not places:
        return Measures(0.0, 0.0, 0.0, 0.0, 0.0, 0)
    first = np.array([place[0] for place in places])
    precision = [float(np.mean(np.arange(1, len(place) + 1) / place)) for place in places]
    accuracy_1, accuracy_5, accuracy_10 = (float(np.mean(first <= k)) for k in (1, 5, 10))
    return Measures(
        float(np.mean(1 / first)), float(np.mean(precision)), accuracy_1, accuracy_5, accuracy_10, n=len(places)
    )


def places_of(order: NDArray[np.int64], relevant: NDArray[np.int64]) -> NDArray[np.int64]:
    """Places (from 1) of `relevant` in an `order` of all elements, sorted.

    >>> places_of(np.array([2, 0, 1]), np.array([0, 1])).tolist()
    [2, 3]
    """
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(1, len(order) + 1)
    return np.sort(place[relevant])
