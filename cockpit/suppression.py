"""Keep small groups out of sight: primary and secondary suppression over all tables of an indicator together.

A *cell* is one data point; its *measures* are the sizes of the groups that it speaks of (the people counted, those left out by
its filter, both sides of a share …). A *line* is a sum that anybody can make: the categories of a dimension and their total. A
cell is hidden when one of its groups has 1 to `smallest` - 1 units, and further cells are hidden until

- in every line with a hidden cell there are at least two unknowns, and together the hidden categories hold `smallest` units of
  every kind (or none): subtracting what is shown from the total tells of no small group;
- no hidden cell follows from all lines together (`determined`: exact elimination).

A zero is shown: it speaks of nobody.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Cell = Hashable
PRIME = 2_147_483_629  # elimination is done in whole numbers modulo a prime: exact, and products fit in 64 bits


@dataclass(frozen=True)
class Line:
    """The total is the sum of the parts."""

    total: Cell
    parts: tuple[Cell, ...]


def is_small(count: int, smallest: int) -> bool:
    return 0 < count < smallest


def protect(
    cells: Mapping[Cell, Sequence[int]],
    lines: Iterable[Line],
    smallest: int,
    *,
    distinct: bool = False,
    hidden_already: Iterable[Cell] = (),
) -> set[Cell]:
    """The cells to hide. The first measure of a cell is what is added up in lines.

    `distinct` says that one unit may be in several cells, so that together they may hold no more units than the largest does.

    >>> cells = {"all": [62], "care": [40], "metal": [7], "shops": [12], "IT": [3]}
    >>> sorted(protect(cells, [Line("all", ("care", "metal", "shops", "IT"))], 10))
    ['IT', 'metal']
    >>> cells = {"all": [59], "care": [40], "metal": [7], "shops": [12]}
    >>> sorted(protect(cells, [Line("all", ("care", "metal", "shops"))], 10))
    ['metal', 'shops']
    """
    known = [line for line in lines if line.total in cells]
    hidden = {cell for cell, sizes in cells.items() if any(is_small(size, smallest) for size in sizes)}
    hidden |= {cell for cell in hidden_already if cell in cells}
    by_cell: dict[Cell, list[int]] = defaultdict(list)
    for number, line in enumerate(known):
        for cell in (line.total, *line.parts):
            by_cell[cell].append(number)
    waiting = {number for cell in hidden for number in by_cell[cell]}
    while True:
        while waiting:
            line = known[waiting.pop()]
            more = _needed(line, cells, hidden, smallest, distinct)
            hidden |= more
            waiting |= {number for cell in more for number in by_cell[cell]}
        found = determined(hidden, known, cells)
        if not found:
            return hidden
        # Each round hides at least one more cell, so this ends: at the latest when all is hidden.
        more = {cell for leak in found for cell in _accomplice(leak, by_cell, known, cells, hidden)}
        if not more:
            return hidden | set(cells)
        hidden |= more
        waiting = {number for cell in more for number in by_cell[cell]}


def _filled(cell: Cell, cells: Mapping[Cell, Sequence[int]]) -> bool:
    return cell in cells and max(cells[cell], default=0) > 0


def _needed(
    line: Line, cells: Mapping[Cell, Sequence[int]], hidden: set[Cell], smallest: int, distinct: bool
) -> set[Cell]:
    """What has to be hidden besides for this line to keep its secrets, smallest first; the total when all parts are gone."""
    unknown = [cell for cell in line.parts if cell in hidden]
    total_hidden = line.total in hidden
    if not unknown and not total_hidden:
        return set()
    shown = sorted(
        (cell for cell in line.parts if cell not in hidden and _filled(cell, cells)),
        key=lambda cell: (cells[cell][0], str(cell)),
    )
    more: list[Cell] = []

    def safe() -> bool:
        gone = [cells[cell] for cell in (*unknown, *more)]
        if total_hidden:
            return bool(gone)
        if len(gone) < 2:
            return False
        together = max if distinct else sum
        return not any(is_small(together(sizes), smallest) for sizes in zip(*gone, strict=True))

    while not safe():
        if not shown:
            return {*more, line.total}
        more.append(shown.pop(0))
    return set(more)


def determined(hidden: set[Cell], lines: Sequence[Line], cells: Mapping[Cell, Sequence[int]]) -> set[Cell]:
    """Hidden cells whose value follows from the lines and what is shown: those alone in a row of the reduced system."""
    found: set[Cell] = set()
    for unknowns, equations in _components(hidden, lines, cells):
        place = {cell: column for column, cell in enumerate(unknowns)}
        matrix = np.zeros((len(equations), len(unknowns)), dtype=np.int64)
        for row, equation in enumerate(equations):
            for cell, sign in equation:
                matrix[row, place[cell]] += sign
        reduced = _reduce(matrix % PRIME)
        alone = np.count_nonzero(reduced, axis=1) == 1
        found |= {unknowns[int(np.flatnonzero(row)[0])] for row in reduced[alone]}
    return found


def _components(hidden: set[Cell], lines: Sequence[Line], cells: Mapping[Cell, Sequence[int]]):
    """Unknowns that hang together by lines, with those lines as [(cell, sign)]. A tree of lines needs no elimination."""
    equations = []
    for line in lines:
        equation = [(cell, 1) for cell in line.parts if cell in hidden]
        if line.total in hidden:
            equation.append((line.total, -1))
        if equation:
            equations.append(equation)
    parent: dict[Cell, Cell] = {}

    def root(cell: Cell) -> Cell:
        while parent.setdefault(cell, cell) != cell:
            parent[cell] = parent[parent[cell]]
            cell = parent[cell]
        return cell

    for equation in equations:
        first = root(equation[0][0])
        for cell, _sign in equation[1:]:
            parent[root(cell)] = first
    groups: dict[Cell, list] = defaultdict(list)
    for equation in equations:
        groups[root(equation[0][0])].append(equation)
    for together in groups.values():
        unknowns = list(dict.fromkeys(cell for equation in together for cell, _sign in equation))
        yield unknowns, together


def _reduce(matrix: np.ndarray) -> np.ndarray:
    """Reduced row echelon form modulo PRIME."""
    rows, columns = matrix.shape
    at = 0
    for column in range(columns):
        if at == rows:
            break
        candidates = np.flatnonzero(matrix[at:, column])
        if not len(candidates):
            continue
        pivot = at + int(candidates[0])
        if pivot != at:
            matrix[[at, pivot]] = matrix[[pivot, at]]
        matrix[at] = matrix[at] * pow(int(matrix[at, column]), -1, PRIME) % PRIME
        others = np.flatnonzero(matrix[:, column])
        others = others[others != at]
        if len(others):
            matrix[others] = (matrix[others] - matrix[others, column][:, None] * matrix[at]) % PRIME
        at += 1
    return matrix[:at]


def _accomplice(
    leak: Cell,
    by_cell: Mapping[Cell, list[int]],
    lines: Sequence[Line],
    cells: Mapping[Cell, Sequence[int]],
    hidden: set[Cell],
) -> list[Cell]:
    """The smallest shown cell in a line with the leak; [] when nothing is left to hide."""
    around = {cell for number in by_cell[leak] for cell in (*lines[number].parts, lines[number].total)}
    shown = [cell for cell in around if cell not in hidden and _filled(cell, cells)]
    if not shown:
        shown = [
            cell
            for other in around
            for number in by_cell[other]
            for cell in (*lines[number].parts, lines[number].total)
            if cell not in hidden and _filled(cell, cells)
        ]
    return [min(shown, key=lambda cell: (cells[cell][0], str(cell)))] if shown else []
