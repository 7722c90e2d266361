"""Generations of an index in a folder: built beside the one in use, and taken into use by one rename.

`current` names the generation in use. Readers open what it names and keep their map until they look again, so a build never
disturbs them; a build that crashes leaves a file that nothing names, and the next one sweeps it away. Two builds at once: the
second gets `Building`.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from matching.engine.index.candidates import PeopleIndex
from matching.engine.index.files import BadIndexFile, read_index, write_index

KEPT = 2  # generations: the one in use, and the one before for who still reads it


class Building(RuntimeError):
    """Somebody else is building this index right now."""


class Generations:
    """The generations in one folder. An instance keeps the map of the one it last opened."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: tuple[str, tuple[PeopleIndex, dict[str, Any]]] | None = None

    def current(self) -> tuple[PeopleIndex, dict[str, Any]] | None:
        """(index, stamp) in use; None when there is none yet. Raises BadIndexFile when its file is damaged."""
        for _attempt in range(3):  # between reading the name and opening, a sweep may have removed the file
            try:
                name = (self.folder / "current").read_text().strip()
                if self._open is None or self._open[0] != name:
                    self._open = (name, read_index(self.folder / name))
            except FileNotFoundError:
                continue
            return self._open[1]
        return None

    def rebuild(self, make: Callable[[], tuple[PeopleIndex, dict[str, Any]]]) -> str:
        """Make the next generation and take it into use; its name. Raises Building; what `make` raises changes nothing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._alone():
            self._sweep()
            number = max((_number(path) for path in self.folder.glob("*.index")), default=0) + 1
            path = self.folder / f"{number:08d}.index"
            write_index(path, *make())
            pointer = self.folder / "current.new"
            pointer.write_text(path.name)
            os.replace(pointer, self.folder / "current")
            self._sweep()
        return path.name

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the system lets go of it when the process dies
            except BlockingIOError:
                raise Building("this index is being built by another process") from None
            yield

    def _sweep(self) -> None:
        """Remove what nothing names: the remains of a crash, and generations that are too old."""
        pointer = self.folder / "current"
        used = _number(Path(pointer.read_text().strip())) if pointer.exists() else 0
        for path in self.folder.glob("*.index"):
            if not used - KEPT < _number(path) <= used:
                path.unlink(missing_ok=True)


def _number(path: Path) -> int:
    return int(path.stem) if path.stem.isdigit() else 0


__all__ = ["BadIndexFile", "Building", "Generations"]
