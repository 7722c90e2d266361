"""People and work as compact columns: the same facts as `pool`, in as few bytes as they need.

Rows of people stand in order of place along a curve that keeps neighbours together (Morton order), then by id, so that
whoever lives within reach of a vacancy stands in a few stretches of rows. All arrays are read-only.

Raises ValueError for what no score is defined on: levels outside 0-15, a joy other than -1 to 2, a place that is
infinite, ids that are negative or too large, skills outside the space.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine import drive
from matching.engine.competence import effective_level, requirement_weights
from matching.engine.passion import unit_profile
from matching.engine.pool import Candidates, SkillSpace, Vacancies
from matching.engine.scale import STEPS

BLOCK = 16_384  # rows of people in a block: a row in it takes 14 bits, its scores fit the processor's cache
LARGEST_ID = 2**47 - 1
MOST_SKILLS = 2**16 - 1
INTERESTS_KNOWN, JOY_KNOWN, WISHES_KNOWN, VALUES_KNOWN, SPEAKS = 1, 2, 4, 8, 16


class Places(NamedTuple):
    """The distinct places of rows: rows of place p stand at ``start[p]:start[p + 1]``; the last place is nowhere."""

    latitude: NDArray[np.float64]  # (n_places,) the last one NaN
    longitude: NDArray[np.float64]
    start: NDArray[np.int64]  # (n_places + 1,)


class Nearness(NamedTuple):
    """The skill space both ways: which skills count for one, and for which skills one counts."""

    indptr: NDArray[np.int64]
    near: NDArray[np.int32]
    similarity: NDArray[np.int8]
    back_indptr: NDArray[np.int64]
    back: NDArray[np.int32]
    back_similarity: NDArray[np.int8]


class People(NamedTuple):
    """Candidates; `entry` packs evidence (8 bits), joy + 1 (2 bits) and own level (4 bits) of a skill."""

    ids: NDArray[np.int64]
    start: NDArray[np.int64]  # (n + 1,) of skills
    skill: NDArray[np.uint16]
    entry: NDArray[np.uint16]
    place: NDArray[np.int32]
    education: NDArray[np.int8]
    languages: NDArray[np.int8]
    certificates: NDArray[np.uint64]
    profile: NDArray[np.int16]
    values: NDArray[np.int8]
    wish_start: NDArray[np.int64]
    wish: NDArray[np.int64]
    wish_group: NDArray[np.int16]  # ISCO, three digits
    sectors: NDArray[np.uint64]
    hours: NDArray[np.int16]  # (n, 2)
    days: NDArray[np.uint8]
    limit: NDArray[np.int16]  # minutes one way
    mode: NDArray[np.uint8]
    ready: NDArray[np.int8]
    initiatives: NDArray[np.int8]  # 0, 1, 2 or more
    drive: NDArray[np.int16]  # without a motivation
    known: NDArray[np.uint8]  # bits: INTERESTS_KNOWN ... SPEAKS


class Work(NamedTuple):
    """Vacancies, with their requirements."""

    ids: NDArray[np.int64]
    start: NDArray[np.int64]
    skill: NDArray[np.int32]
    weight: NDArray[np.int32]
    importance: NDArray[np.int8]
    min_level: NDArray[np.int8]
    hard: NDArray[np.uint8]
    place: NDArray[np.int32]
    education: NDArray[np.int8]
    education_hard: NDArray[np.uint8]
    languages: NDArray[np.int8]
    languages_hard: NDArray[np.uint8]
    certificates: NDArray[np.uint64]
    certificates_hard: NDArray[np.uint64]
    profile: NDArray[np.int16]
    values: NDArray[np.int8]
    occupation: NDArray[np.int64]
    group: NDArray[np.int16]
    sector: NDArray[np.int8]
    hours: NDArray[np.int16]
    days: NDArray[np.uint8]
    remote: NDArray[np.uint8]


def lay_out_people(candidates: Candidates, space: SkillSpace) -> tuple[People, Places]:
    """Candidates as columns in order of place, and the places."""
    _check_ids(candidates.ids)
    _check_skills(candidates.skill, space)
    _check_range("level", candidates.level, 0, STEPS)
    _check_range("joy", candidates.joy, -1, 2)
    _check_range("days", candidates.days, 0, 127)
    order, place, places = _by_place(candidates.ids, candidates.latitude, candidates.longitude)
    start, skill, entry = _merged_skills(candidates, order)
    wish_start, wishes = _taken(candidates.wish_indptr, order)
    ready, initiatives = candidates.ready_to_learn[order], np.clip(candidates.initiatives[order], 0, 2)
    do, _ = drive.combine(drive.parts(ready, initiatives, np.zeros(len(order), dtype=np.int64)))
    languages, limit = candidates.languages[order], candidates.max_minutes[order]
    values, hours = candidates.values[order], np.column_stack([candidates.hours_min, candidates.hours_max])[order]
    sectors = candidates.wished_sectors[order]
    profile = unit_profile(candidates.interests[order])
    joyful = np.zeros(len(order), dtype=bool)
    joyful[np.repeat(np.arange(len(order)), np.diff(start))[(entry >> 8 & 3) > 0]] = True
    wishing = (np.diff(wish_start) > 0) | (sectors > 0) | (limit >= 0) | (hours >= 0).all(axis=1)
    known = (
        INTERESTS_KNOWN * (profile != 0).any(axis=1)
        + JOY_KNOWN * joyful
        + WISHES_KNOWN * wishing
        + VALUES_KNOWN * (values > 0).any(axis=1)
        + SPEAKS * (languages >= 0).any(axis=1)
    )
    people = People(
        ids=candidates.ids[order], start=start, skill=skill, entry=entry, place=place,
        education=_fits(candidates.education[order], np.int8), languages=_fits(languages, np.int8),
        certificates=candidates.certificates[order], profile=profile, values=_fits(values, np.int8),
        wish_start=wish_start, wish=candidates.wish[wishes], wish_group=_fits(candidates.wish_isco[wishes] // 10, np.int16),
        sectors=sectors, hours=_fits(hours, np.int16), days=_fits(candidates.days[order], np.uint8),
        limit=_fits(limit, np.int16), mode=_fits(candidates.travel_mode[order], np.uint8),
        ready=_fits(ready, np.int8), initiatives=_fits(initiatives, np.int8), drive=_fits(do, np.int16),
        known=_fits(known, np.uint8),
    )  # fmt: skip
    return frozen(people), frozen(places)


def lay_out_work(vacancies: Vacancies, space: SkillSpace, by_place: bool = False) -> tuple[Work, Places]:
    """Vacancies as columns, in their own order or in order of place, and the places."""
    _check_ids(vacancies.ids)
    _check_skills(vacancies.skill, space)
    _check_range("min_level", vacancies.min_level, 1, STEPS)
    _check_range("days", vacancies.days, 0, 127)
    weight = requirement_weights(vacancies, space)
    if by_place:
        order, place, places = _by_place(vacancies.ids, vacancies.latitude, vacancies.longitude)
    else:
        order = np.arange(len(vacancies.ids))
        _check_finite(vacancies.latitude, vacancies.longitude)
        place = order.astype(np.int32)
        places = Places(vacancies.latitude, vacancies.longitude, np.arange(len(order) + 1))
    start, rows = _taken(vacancies.indptr, order)
    work = Work(
        ids=vacancies.ids[order], start=start, skill=vacancies.skill[rows].astype(np.int32),
        weight=_fits(weight[rows], np.int32), importance=_fits(vacancies.importance[rows], np.int8),
        min_level=_fits(vacancies.min_level[rows], np.int8), hard=vacancies.hard[rows].astype(np.uint8), place=place,
        education=_fits(vacancies.education[order], np.int8),
        education_hard=vacancies.education_hard[order].astype(np.uint8),
        languages=_fits(vacancies.languages[order], np.int8),
        languages_hard=vacancies.languages_hard[order].astype(np.uint8),
        certificates=vacancies.certificates[order], certificates_hard=vacancies.certificates_hard[order],
        profile=unit_profile(vacancies.interests[order]), values=_fits(vacancies.values[order], np.int8),
        occupation=vacancies.occupation[order], group=_fits(vacancies.isco[order] // 10, np.int16),
        sector=_fits(vacancies.sector[order], np.int8),
        hours=_fits(np.column_stack([vacancies.hours_min, vacancies.hours_max])[order], np.int16),
        days=_fits(vacancies.days[order], np.uint8), remote=vacancies.remote[order].astype(np.uint8),
    )  # fmt: skip
    return frozen(work), frozen(places)


def lay_out_nearness(space: SkillSpace) -> Nearness:
    """The nearness of the space, and its transpose."""
    if len(space.ids) > MOST_SKILLS:
        raise ValueError(f"the index holds at most {MOST_SKILLS} skills")
    _check_range("similarity", space.similarity, 1, STEPS)
    owner = np.repeat(np.arange(len(space.ids)), np.diff(space.near_indptr))
    order = np.lexsort((owner, space.near))
    return frozen(
        Nearness(
            space.near_indptr.astype(np.int64), space.near.astype(np.int32), space.similarity.astype(np.int8),
            np.searchsorted(space.near[order], np.arange(len(space.ids) + 1)).astype(np.int64),
            owner[order].astype(np.int32), space.similarity[order].astype(np.int8),
        )
    )  # fmt: skip


def frozen(columns):
    """The same columns, contiguous and read-only: compiled loops then exist in one form, for memory and for files."""
    made = [np.ascontiguousarray(column) for column in columns]
    for column in made:
        column.setflags(write=False)
    return type(columns)(*made)


def n_bytes(*tables) -> int:
    """How much memory these columns take."""
    return sum(column.nbytes for table in tables for column in table)


def _merged_skills(candidates: Candidates, order: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    """Skills of each row in `order`, once each: of double mentions the best evidence, joy and level count."""
    start, rows = _taken(candidates.indptr, order)
    owner = np.repeat(np.arange(len(order)), np.diff(start))
    skill = candidates.skill[rows].astype(np.int64)
    columns = [
        effective_level(candidates.level[rows], np.maximum(candidates.years_unused[rows], 0)),
        candidates.joy[rows].astype(np.int64) + 1,
        candidates.level[rows].astype(np.int64),
    ]
    key = owner * (MOST_SKILLS + 1) + skill
    sort = np.argsort(key, kind="stable")
    first = np.flatnonzero(np.diff(key[sort], prepend=-1))
    if len(first):
        columns = [np.maximum.reduceat(column[sort], first) for column in columns]
    kept = sort[first]
    start = np.searchsorted(owner[kept], np.arange(len(order) + 1)).astype(np.int64)
    return start, skill[kept].astype(np.uint16), (columns[0] | columns[1] << 8 | columns[2] << 10).astype(np.uint16)


def _taken(indptr: NDArray[np.int64], order: NDArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """CSR pointers of the rows in `order`, and where their entries stand."""
    counts = np.diff(indptr)[order]
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return start, np.arange(start[-1]) - np.repeat(start[:-1] - indptr[:-1][order], counts)


def _by_place(ids, latitude, longitude) -> tuple[NDArray, NDArray[np.int32], Places]:
    """Order of rows along the Morton curve of their places (nowhere last), the place of each, and the places."""
    _check_finite(latitude, longitude)
    nowhere = np.isnan(latitude) | np.isnan(longitude)
    points = np.stack([np.where(nowhere, np.inf, latitude), np.where(nowhere, np.inf, longitude)], axis=1)
    points, inverse = np.unique(points, axis=0, return_inverse=True)
    if not len(points) or np.isfinite(points[-1, 0]):
        points = np.vstack([points, [[np.inf, np.inf]]])
    curve = np.argsort(_morton(points), kind="stable")
    rank = np.empty(len(curve), dtype=np.int64)
    rank[curve] = np.arange(len(curve))
    place = rank[inverse.ravel()] if len(ids) else np.zeros(0, dtype=np.int64)
    order = np.lexsort((ids, place))
    points = np.where(np.isinf(points[curve]), np.nan, points[curve])
    place = place[order]
    start = np.searchsorted(place, np.arange(len(points) + 1)).astype(np.int64)
    return order, place.astype(np.int32), Places(points[:, 0], points[:, 1], start)


def _morton(points: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Position along the Z-order curve of latitude and longitude, 16 bits each; what is infinite comes last."""
    known = np.isfinite(points[:, 0])
    code = np.full(len(points), np.iinfo(np.uint64).max, dtype=np.uint64)
    if known.any():
        low, high = points[known].min(axis=0), points[known].max(axis=0)
        grid = ((points[known] - low) / np.maximum(high - low, 1e-9) * 65_535).astype(np.uint64)
        code[known] = 0
        for bit in range(16):
            for axis in range(2):
                code[known] |= (grid[:, axis] >> np.uint64(bit) & np.uint64(1)) << np.uint64(2 * bit + axis)
    return code


def _fits(values: NDArray, kind: type) -> NDArray:
    limits = np.iinfo(kind)
    if values.size and (values.min() < limits.min or values.max() > limits.max):
        raise ValueError(f"a value does not fit {limits.min} to {limits.max}: {values.min()} to {values.max()}")
    return values.astype(kind)


def _check_range(name: str, values: NDArray, low: int, high: int) -> None:
    if values.size and (values.min() < low or values.max() > high):
        raise ValueError(f"{name} must lie in {low} to {high}, not {values.min()} to {values.max()}")


def _check_ids(ids: NDArray[np.int64]) -> None:
    _check_range("id", ids, 0, LARGEST_ID)
    if len(np.unique(ids)) != len(ids):
        raise ValueError("an id occurs twice")


def _check_skills(skill: NDArray, space: SkillSpace) -> None:
    if skill.size and (skill.min() < 0 or skill.max() >= len(space.ids)):
        raise ValueError("a skill row does not exist in the skill space")


def _check_finite(latitude: NDArray[np.float64], longitude: NDArray[np.float64]) -> None:
    if np.isinf(latitude).any() or np.isinf(longitude).any():
        raise ValueError("a place may be unknown (NaN), not infinite")
