"""Keep small groups out of sight: primary and complementary suppression of counts."""

from collections.abc import Mapping
from typing import TypeVar

Key = TypeVar("Key")


def suppress(counts: Mapping[Key, int], smallest: int, total_is_known: bool = True) -> dict[Key, int | None]:
    """The counts with None for every group under `smallest` people, and for as few more as needed.

    A zero is shown: it speaks of nobody. When the total of all groups is published too, what is hidden could be found
    by subtraction, so hidden groups together must hold at least `smallest` people and be at least two; the smallest
    shown groups are hidden until that is so.

    >>> suppress({"care": 40, "metal": 7, "shops": 12, "media": 0}, smallest=10)
    {'care': 40, 'metal': None, 'shops': None, 'media': 0}
    """
    hidden = {key for key, count in counts.items() if 0 < count < smallest}
    if total_is_known and hidden:
        shown = sorted((count, str(key), key) for key, count in counts.items() if key not in hidden and count > 0)
        for _count, _name, key in shown:
            if len(hidden) >= 2 and sum(counts[other] for other in hidden) >= smallest:
                break
            hidden.add(key)
    return {key: None if key in hidden else count for key, count in counts.items()}


def share(part: int, whole: int, smallest: int) -> int | None:
    """The percentage, or None when the part, the rest or the whole is a group too small to show.

    >>> share(30, 120, smallest=10), share(3, 120, smallest=10), share(117, 120, smallest=10), share(0, 120, 10)
    (25, None, None, 0)
    """
    if whole < smallest or 0 < part < smallest or 0 < whole - part < smallest:
        return None
    return round(100 * part / whole)
