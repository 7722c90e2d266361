"""Why a challenger does not go live: kept in English, read in the language of the page."""

from collections.abc import Iterable

from django.utils.translation import gettext, gettext_noop

TOO_FEW = gettext_noop("too few new outcomes")
NOT_BETTER = gettext_noop("not better than the live model on the newest outcomes")
_WIDENS = gettext_noop("widens the gap for: %(groups)s")


def widens(groups: Iterable[str]) -> str:
    """The reason to keep when the calibration gap of these groups grows."""
    return _WIDENS % {"groups": ", ".join(groups)}


def read(kept: str) -> str:
    """A reason that was kept, in the language of the page; as it is when it is none of these."""
    start = _WIDENS % {"groups": ""}
    if kept.startswith(start):
        return gettext(_WIDENS) % {"groups": kept.removeprefix(start)}
    return gettext(kept) if kept in (TOO_FEW, NOT_BETTER) else kept
