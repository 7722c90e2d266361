"""What leaves CockpitWerk in a file for the public is rounded, besides being suppressed."""

STEP = 5


def rounded(value: float | None, step: int = STEP) -> int | None:
    """To the nearest multiple of `step`; None stays None.

    >>> rounded(12.0), rounded(13), rounded(None)
    (10, 15, None)
    """
    return None if value is None else int(step * ((value + step / 2) // step))
