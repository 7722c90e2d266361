"""Elements, scales and numbers that all charts share."""

import math
from collections.abc import Iterable
from html import escape

from django.utils.formats import number_format

WIDE, NARROW = 720, 340  # units of the drawing; pages show the one that fits
CHARACTER = 7.6  # width of an average character of the read letter at 14 units


def element(name: str, content: str = "", **attributes) -> str:
    """One element. Names with an underscore get a hyphen, `class_` is a class, numbers lose needless decimals."""
    written = []
    for key, value in attributes.items():
        if value is None:
            continue
        number = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
        written.append(f'{key.rstrip("_").replace("_", "-")}="{escape(number)}"')
    inside = " ".join([name, *written])
    return f"<{inside}>{content}</{name}>" if content else f"<{inside}/>"


def text(words: str, x: float, y: float, **attributes) -> str:
    return element("text", escape(words), x=float(x), y=float(y), **attributes)


def drawing(width: float, height: float, parts: Iterable[str]) -> str:
    """The whole picture. Readers of the screen get the table under it: the picture is hidden from them."""
    return element(
        "svg", "".join(parts), xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {round(width)} {round(height)}",
        class_="chart", aria_hidden="true", focusable="false",
    )  # fmt: skip


def number(value: float | None, decimals: int = 0) -> str:
    """As people read it; an en dash for unknown."""
    return "–" if value is None else number_format(round(value, decimals), decimals, use_l10n=True, force_grouping=True)


def shortened(words: str, width: float) -> str:
    """The words, cut with an ellipsis where they are wider than `width` units."""
    most = max(4, int(width / CHARACTER))
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers from at or below `low` to at or above `high`.

    >>> ticks(0, 87)
    [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
    >>> ticks(3, 3)
    [3.0, 3.2, 3.4, 3.6, 3.8, 4.0]
    """
    if high - low <= 1e-6 * max(1.0, abs(low)):
        high = low + max(1.0, 1e-5 * abs(low))
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough - 1e-12)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * n, 10) for n in range(first, last + 1)]
