"""Index files: written once, read by every process of a machine through one memory map.

Layout: a magic word, the length of a JSON header, the header (format, engine version, stamp, and for every column its
type, shape and offset), then the columns, each at a multiple of 64 bytes. The header carries the size of the whole
file, so a file that was cut short is refused when it is opened, not when it is read past its end.
"""

import json
import mmap
import os
from pathlib import Path
from typing import Any

import numpy as np

from matching.engine.index.candidates import PeopleIndex
from matching.engine.index.layout import Nearness, People, Places
from matching.engine.index.postings import Postings
from matching.engine.scale import ENGINE_VERSION

MAGIC = b"ZAHW-IX3"
ALIGN = 64
_TABLES = {"people": People, "places": Places, "postings": Postings, "nearness": Nearness}


class BadIndexFile(ValueError):
    """The file is no index of this version of the engine: cut short, something else, or made by another version."""


def write_index(path: Path, index: PeopleIndex, stamp: dict[str, Any]) -> None:
    """Write an index with its stamp (JSON values: what it was made from). Complete on disk when this returns."""
    columns, parts, offset = [], [], 0
    for table in _TABLES:
        for name, column in getattr(index, table)._asdict().items():
            offset += -offset % ALIGN
            columns.append([table, name, column.dtype.descr, list(column.shape), offset])
            parts.append((offset, column))
            offset += column.nbytes
    header = {"engine": ENGINE_VERSION, "stamp": stamp, "columns": columns, "bytes": offset}
    text = json.dumps(header).encode()
    start = len(MAGIC) + 8 + len(text)
    start += -start % ALIGN
    with path.open("wb") as out:
        out.write(MAGIC + len(text).to_bytes(8, "little") + text)
        for at, column in parts:
            out.seek(start + at)
            out.write(column.data if column.size else b"")
        out.truncate(start + offset)
        out.flush()
        os.fsync(out.fileno())


def read_index(path: Path) -> tuple[PeopleIndex, dict[str, Any]]:
    """(index, stamp) of a file, mapped into memory. Raises BadIndexFile; FileNotFoundError when there is none."""
    with path.open("rb") as file:
        head = file.read(len(MAGIC) + 8)
        length = int.from_bytes(head[len(MAGIC) :], "little")
        size = os.fstat(file.fileno()).st_size
        if not head.startswith(MAGIC) or len(head) < len(MAGIC) + 8 or length > size:
            raise BadIndexFile(f"{path.name} is no index, or was cut short")
        try:
            header = json.loads(file.read(length))
            start = len(head) + length
            start += -start % ALIGN
            if header["engine"] != ENGINE_VERSION:
                raise BadIndexFile(f"{path.name} was made by engine {header['engine']}, this is {ENGINE_VERSION}")
            if size != start + header["bytes"]:
                raise BadIndexFile(f"{path.name} was cut short: {size} bytes of {start + header['bytes']}")
        except (ValueError, KeyError, TypeError) as problem:
            if isinstance(problem, BadIndexFile):
                raise
            raise BadIndexFile(f"{path.name} has a header that cannot be read") from problem
        whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    tables: dict[str, dict] = {table: {} for table in _TABLES}
    for table, name, kind, shape, offset in header["columns"]:
        count = int(np.prod(shape, dtype=np.int64))
        tables[table][name] = np.frombuffer(whole, _kind(kind), count, start + offset).reshape(shape)
    made = {table: _TABLES[table](**tables[table]) for table in _TABLES}
    return PeopleIndex(**made), header["stamp"]


def _kind(fields: list) -> np.dtype:
    """The type of a column, from the JSON of its `descr`: one plain type, or the fields of a record."""
    if fields[0][0] == "":
        return np.dtype(fields[0][1])
    return np.dtype([(name, kind, *map(tuple, shape)) for name, kind, *shape in fields])
