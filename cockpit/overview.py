"""The state of the region in one look: ten numbers, each with its trend and a sentence that says what it means."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cockpit import charts
from cockpit.catalogue import INDICATORS
from cockpit.queries import Entry, catalogue

STABLE = 0.02  # a change of less than two per cent in a year is called none


@dataclass(frozen=True)
class Headline:
    """`direction` is "up", "down", "same" or "" (unknown), against `indicator.before`; `good` None where that is no matter."""

    indicator: Entry
    sentence: str
    direction: str
    good: bool | None


def overview() -> tuple[Headline, ...]:
    """Ten headlines, in the order in which they are read."""
    entries = {entry.key: entry for entry in catalogue()}
    return tuple(_headline(entries[key], entries) for key in SENTENCES)


def _headline(entry: Entry, entries: dict[str, Entry]) -> Headline:
    direction = direction_of(entry)
    good = None
    if direction in ("up", "down") and entry.higher_is:
        good = (direction == "up") == (entry.higher_is == "better")
    sentence = "" if entry.value is None else SENTENCES[entry.key](entry, entries)
    return Headline(entry, sentence, direction, good)


def direction_of(entry: Entry) -> str:
    """Which way the months went."""
    shown = [point.value for point in entry.months if point.value is not None]
    if entry.before is None or not shown:
        return ""
    change = shown[-1] - entry.before
    if abs(change) <= STABLE * max(abs(entry.before), 1e-9):
        return "same"
    return "up" if change > 0 else "down"


def _jobseekers(entry: Entry, entries: dict[str, Entry]) -> str:
    working = entries["share_in_work"].value
    if working is None:
        return _("People who want other work count too.")
    return _("%(share)s of every hundred already have a job and want to move on.") % {"share": round(working)}


def _openings(entry: Entry, entries: dict[str, Entry]) -> str:
    return _("So many people can start, in %(n)s vacancies.") % {"n": charts.number(entries["vacancies"].value or 0)}


def _tightness(entry: Entry, entries: dict[str, Entry]) -> str:
    if entry.value > 1:
        return _("There is more work than people: firms compete for people.")
    return _("There are more people than places: people compete for work.")


def _chance(entry: Entry, entries: dict[str, Entry]) -> str:
    return _("Half of those who applied were told a higher chance than this, half a lower one.")


def _invited(entry: Entry, entries: dict[str, Entry]) -> str:
    return _("So many of every hundred answers are an invitation.")


def _hires(entry: Entry, entries: dict[str, Entry]) -> str:
    return _("So many found work here in twelve months.")


def _days_to_decision(entry: Entry, entries: dict[str, Entry]) -> str:
    return _("Half of the people wait longer than this for an answer.")


def _nobody_fits(entry: Entry, entries: dict[str, Entry]) -> str:
    return _("Of the vacancies with hard requirements. Nobody here has all of them.")


def _unused(entry: Entry, entries: dict[str, Entry]) -> str:
    return _("So many of every hundred people with a job can do three or more things that it does not use.")


def _untaught(entry: Entry, entries: dict[str, Entry]) -> str:
    taught = entries["demand_taught"].value
    if taught is None:
        return _("Firms ask for these skills, and no programme teaches them.")
    return _("Of what vacancies ask, people can learn %(share)s %% here.") % {"share": round(taught)}


SENTENCES: dict[str, Callable[[Entry, dict[str, Entry]], str]] = {
    "jobseekers": _jobseekers, "openings": _openings, "tightness": _tightness, "chance_median": _chance,
    "invited": _invited, "hires": _hires, "days_to_decision": _days_to_decision, "nobody_fits": _nobody_fits,
    "unused": _unused, "skills_untaught": _untaught,
}  # fmt: skip
if missing := set(SENTENCES) - set(INDICATORS):
    raise ValueError(f"No such indicators: {missing}")
