"""The best k of a stream, and of several lists, exactly: one whole number holds the whole order.

A key is larger the better the place: who passes first, then fit, then the smaller id. Keys of different people differ, so a
list has one order only, and the best k of shards are the best k of everything.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.index.compile import part

ID_BITS = 47
_IDS = 2**ID_BITS - 1
_PASSES = 1 << 62
_FITS = 2**14 - 1


def order_key(passes, fit, id):
    """The place of somebody in the order, as one whole number.

    >>> order_key(True, 7312, 42) > order_key(True, 7312, 43) > order_key(False, 9000, 1)
    True
    """
    return (_PASSES if passes else 0) + (fit << ID_BITS) + (_IDS - id)


key_of = part(order_key)


def key_under(fit):
    """The key that everybody who passes with this fit or better is above; 0 for a fit of 0. A number or an array.

    >>> bool(order_key(True, 7312, 2**40) > key_under(7312) > order_key(True, 7311, 1))
    True
    """
    return np.where(np.asarray(fit) > 0, order_key(True, np.asarray(fit, dtype=np.int64), _IDS) - 1, 0)


@part
def fit_in(key):
    return key >> ID_BITS & _FITS


@part
def _sink(keys, rows, size, at, key, row):
    """Put a key at this place of a heap of `size` keys (the smallest on top), or as far under it as it belongs."""
    while True:
        down = 2 * at + 1
        if down >= size:
            break
        if down + 1 < size and keys[down + 1] < keys[down]:
            down += 1
        if keys[down] >= key:
            break
        keys[at], rows[at] = keys[down], rows[down]
        at = down
    keys[at], rows[at] = key, row


@part
def _heap(keys, rows, size):
    for at in range(size // 2 - 1, -1, -1):
        _sink(keys, rows, size, at, keys[at], rows[at])


@part
def push(keys, rows, size, key, row):
    """Put a key in a list of fixed room; returns its new size. A full list is a heap, whose smallest goes."""
    if size < len(keys):
        keys[size], rows[size] = key, row
        size += 1
        if size == len(keys):
            _heap(keys, rows, size)
    elif size > 0 and key > keys[0]:
        _sink(keys, rows, size, 0, key, row)
    return size


@part
def sort_down(keys, rows, size):
    """Put a list of `push` in order, best first, where it stands (heapsort)."""
    if size < len(keys):
        _heap(keys, rows, size)
    for end in range(size - 1, 0, -1):
        key, row = keys[end], rows[end]
        keys[end], rows[end] = keys[0], rows[0]
        _sink(keys, rows, end, 0, key, row)


class Keys(NamedTuple):
    """What keys say, best first."""

    passed: NDArray[np.bool_]
    fit: NDArray[np.int64]
    ids: NDArray[np.int64]


def read_keys(keys: NDArray[np.int64]) -> Keys:
    """Undo `key_of`.

    >>> read_keys(np.array([(1 << 62) + (7312 << 47) + (2**47 - 1 - 42)]))
    Keys(passed=array([ True]), fit=array([7312]), ids=array([42]))
    """
    return Keys((keys & _PASSES) > 0, keys >> ID_BITS & _FITS, _IDS - (keys & _IDS))


def merge(lists: list[NDArray[np.int64]], k: int) -> NDArray[np.int64]:
    """The best k keys of several lists; exact when each holds the best k of its own.

    >>> merge([np.array([9, 4]), np.array([7])], 2).tolist()
    [9, 7]
    """
    return np.sort(np.concatenate([np.zeros(0, dtype=np.int64), *lists]))[::-1][:k]
