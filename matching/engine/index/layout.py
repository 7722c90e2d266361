"""People and work as records and columns: the same facts as `pool`, in as few bytes as they need.

Rows of people stand in order of way of travelling, then of place along a curve that keeps neighbours together (Morton
order), then by id, so that whoever lives within reach of a vacancy stands in a few stretches of rows. All arrays are read-only.

Raises ValueError for what no score is defined on: levels outside 0-15, a joy other than -1 to 2, a place that is
infinite, ids that are negative or too large, skills outside the space.
"""

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from matching.engine import drive
from matching.engine.competence import effective_level, requirement_weights
from matching.engine.passion import unit_profile
from matching.engine.pool import Candidates, SkillSpace, Vacancies
from matching.engine.scale import STEPS
from matching.engine.travel import directions

ROW_WIDTH = 12
BLOCK = 1 << ROW_WIDTH  # rows of people in a block: their scores fit the nearest cache of the processor
ROW_BITS = BLOCK - 1
EVIDENCE_AT = 16  # bit of an entry of a posting list
SAYS_NOTHING = -2  # level of every language of who tells of none
MODES = 3  # ways of travelling
LARGEST_ID = 2**47 - 1
MOST_SKILLS = 2**16 - 1
MOST_ENTRIES = 2**32 - 1
MOST_WEIGHT = 400_000  # of all that one vacancy asks, so that sums fit 32 bits: 8,900 requirements of the heaviest kind
INTERESTS_KNOWN, JOY_KNOWN, WISHES_KNOWN, VALUES_KNOWN, SPEAKS = 1, 2, 4, 8, 16

# All that the score of a pair reads of a person beside skills: one line of the processor's cache, 64 bytes.
PERSON = np.dtype(
    [
        ("id", "i8"), ("sectors", "u8"), ("first", "u4"), ("first_wish", "u4"), ("place", "i4"), ("profile", "i2", (6,)),
        ("n_skills", "u2"), ("n_wishes", "u2"), ("hours", "i2", (2,)), ("limit", "i2"), ("drive", "i2"),
        ("values", "i1", (6,)), ("days", "u1"), ("mode", "u1"), ("known", "u1"), ("education", "i1"), ("ready", "i1"),
        ("initiatives", "i1"),
    ]
)  # fmt: skip
WISH = np.dtype([("occupation", "i8"), ("group", "i2")])  # ISCO, three digits
JOB = np.dtype(
    [
        ("id", "i8"), ("occupation", "i8"), ("first", "i8"), ("n_asks", "i4"), ("place", "i4"), ("profile", "i2", (6,)),
        ("hours", "i2", (2,)), ("group", "i2"), ("values", "i1", (6,)), ("sector", "i1"), ("education", "i1"),
        ("education_hard", "u1"), ("days", "u1"), ("remote", "u1"),
    ]
)  # fmt: skip
ASK = np.dtype(
    [("skill", "i4"), ("weight", "i4"), ("importance", "i1"), ("level", "i1"), ("hard", "u1")]
)  # one requirement


class Places(NamedTuple):
    """The distinct places of rows, the last one nowhere (NaN), as `travel.directions`.

    Rows of mode of travelling m and place p stand at ``start[m, p]:start[m, p + 1]``; work has mode 0.
    """

    x: NDArray[np.float64]  # (n_places,)
    y: NDArray[np.float64]
    z: NDArray[np.float64]
    start: NDArray[np.int64]  # (3, n_places + 1)


class Nearness(NamedTuple):
    """The skill space both ways: which skills count for one, and for which skills one counts."""

    indptr: NDArray[np.int64]
    near: NDArray[np.int32]
    similarity: NDArray[np.int8]
    back_indptr: NDArray[np.int64]
    back: NDArray[np.int32]
    back_similarity: NDArray[np.int8]


class People(NamedTuple):
    """Candidates: a record each, and once more as columns what filters and bounds look at of many in a row.

    `entry` packs evidence (8 bits), joy + 1 (2 bits) and own level (4 bits) of a skill. Hours that are unknown meet all hours.
    """

    row: NDArray  # (n,) PERSON
    skill: NDArray[np.uint16]
    entry: NDArray[np.uint16]
    wish: NDArray  # WISH
    languages: NDArray[np.int8]  # (n_languages, n), SAYS_NOTHING in all of them for who tells of none
    certificates: NDArray[np.uint64]  # (n_words, n)
    education: NDArray[np.int8]
    hours_from: NDArray[np.int16]
    hours_to: NDArray[np.int16]
    drive: NDArray[np.int16]  # without a motivation
    known: NDArray[np.uint8]  # bits: INTERESTS_KNOWN ... SPEAKS

    @property
    def ids(self) -> NDArray[np.int64]:
        return self.row["id"]


class Work(NamedTuple):
    """Vacancies: a record each, their requirements, and what is asked beside skills."""

    row: NDArray  # (n,) JOB
    asks: NDArray  # ASK
    languages: NDArray[np.int8]  # (n, n_languages)
    languages_hard: NDArray[np.uint8]
    certificates: NDArray[np.uint64]  # (n, n_words)
    certificates_hard: NDArray[np.uint64]

    @property
    def ids(self) -> NDArray[np.int64]:
        return self.row["id"]


def lay_out_people(candidates: Candidates, space: SkillSpace) -> tuple[People, Places]:
    """Candidates as columns in order of place, and the places."""
    _check_ids(candidates.ids)
    _check_skills(candidates.skill, space)
    _check_range("level", candidates.level, 0, STEPS)
    _check_range("joy", candidates.joy, -1, 2)
    _check_range("days", candidates.days, 0, 127)
    _check_range("travel_mode", candidates.travel_mode, 0, MODES - 1)
    order, place, places = _by_place(
        candidates.ids, candidates.latitude, candidates.longitude, candidates.travel_mode.astype(np.int64)
    )
    start, skill, entry = _merged_skills(candidates, order)
    wish_start, wishes = _taken(candidates.wish_indptr, order)
    if max(start[-1], wish_start[-1]) > MOST_ENTRIES:
        raise ValueError("too many skills for one index: make shards")
    ready, initiatives = candidates.ready_to_learn[order], np.clip(candidates.initiatives[order], 0, 2)
    do, _ = drive.combine(drive.parts(ready, initiatives, np.zeros(len(order), dtype=np.int64)))
    languages, limit = np.maximum(candidates.languages[order], -1), candidates.max_minutes[order]
    languages[(languages < 0).all(axis=1)] = SAYS_NOTHING
    values, hours = candidates.values[order], np.column_stack([candidates.hours_min, candidates.hours_max])[order]
    profile = unit_profile(candidates.interests[order])
    joyful = np.zeros(len(order), dtype=bool)
    joyful[np.repeat(np.arange(len(order)), np.diff(start))[(entry >> 8 & 3) > 0]] = True
    told = (hours >= 0).all(axis=1)
    wishing = (np.diff(wish_start) > 0) | (candidates.wished_sectors[order] > 0) | (limit >= 0) | told
    known = (
        INTERESTS_KNOWN * (profile != 0).any(axis=1)
        + JOY_KNOWN * joyful
        + WISHES_KNOWN * wishing
        + VALUES_KNOWN * (values > 0).any(axis=1)
        + SPEAKS * (languages >= 0).any(axis=1)
    )
    row = _records(
        PERSON, len(order), id=candidates.ids[order], sectors=candidates.wished_sectors[order], first=start[:-1],
        first_wish=wish_start[:-1], place=place, profile=profile, n_skills=np.diff(start), n_wishes=np.diff(wish_start),
        hours=hours, limit=limit, drive=do, values=values, days=candidates.days[order], mode=candidates.travel_mode[order],
        known=known, education=candidates.education[order], ready=ready, initiatives=initiatives,
    )  # fmt: skip
    wish = _records(WISH, len(wishes), occupation=candidates.wish[wishes], group=candidates.wish_isco[wishes] // 10)
    people = People(
        row=row, skill=skill, entry=entry, wish=wish, languages=_fits(languages.T, np.int8),
        certificates=candidates.certificates[order].T, education=row["education"],
        hours_from=np.where(told, hours[:, 0], np.iinfo(np.int16).min).astype(np.int16),
        hours_to=np.where(told, hours[:, 1], np.iinfo(np.int16).max).astype(np.int16),
        drive=row["drive"], known=row["known"],
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
        order, place, places = _by_place(vacancies.ids, vacancies.latitude, vacancies.longitude, 0)
    else:
        order = np.arange(len(vacancies.ids))
        place, places = order, _places(vacancies.latitude, vacancies.longitude, np.zeros(0, dtype=np.int64))
    start, rows = _taken(vacancies.indptr, order)
    whole = np.bincount(np.repeat(np.arange(len(order)), np.diff(start)), weight[rows], len(order))
    if whole.max(initial=0) > MOST_WEIGHT:
        raise ValueError(f"a vacancy asks for too much: {np.diff(start).max()} requirements")
    row = _records(
        JOB, len(order), id=vacancies.ids[order], occupation=vacancies.occupation[order], first=start[:-1],
        n_asks=np.diff(start), place=place, profile=unit_profile(vacancies.interests[order]),
        hours=np.column_stack([vacancies.hours_min, vacancies.hours_max])[order], group=vacancies.isco[order] // 10,
        values=vacancies.values[order], sector=vacancies.sector[order], education=vacancies.education[order],
        education_hard=vacancies.education_hard[order], days=vacancies.days[order], remote=vacancies.remote[order],
    )  # fmt: skip
    asks = _records(
        ASK, len(rows), skill=vacancies.skill[rows], weight=weight[rows], importance=vacancies.importance[rows],
        level=vacancies.min_level[rows], hard=vacancies.hard[rows],
    )  # fmt: skip
    work = Work(
        row, asks, _fits(vacancies.languages[order], np.int8), vacancies.languages_hard[order].astype(np.uint8),
        vacancies.certificates[order], vacancies.certificates_hard[order],
    )  # fmt: skip
    return frozen(work), frozen(places)


_laid: WeakKeyDictionary[SkillSpace, Nearness] = WeakKeyDictionary()


def lay_out_nearness(space: SkillSpace) -> Nearness:
    """The nearness of the space, and its transpose; made once for a space."""
    if space not in _laid:
        _laid[space] = _nearness(space)
    return _laid[space]


def _nearness(space: SkillSpace) -> Nearness:
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


def _by_place(ids, latitude, longitude, mode) -> tuple[NDArray, NDArray[np.int64], Places]:
    """Order of rows by mode, then along the Morton curve of places (nowhere last); the place of each; the places."""
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
    key = len(curve) * mode + place
    order = np.lexsort((ids, key))
    points = np.where(np.isinf(points[curve]), np.nan, points[curve])
    return order, place[order], _places(points[:, 0], points[:, 1], key[order])


def _places(latitude: NDArray[np.float64], longitude: NDArray[np.float64], keys: NDArray[np.int64]) -> Places:
    _check_finite(latitude, longitude)
    n = len(latitude)
    start = np.searchsorted(keys, n * np.arange(MODES)[:, None] + np.arange(n + 1)).astype(np.int64)
    return Places(*directions(latitude, longitude), start)


def _records(kind: np.dtype, n: int, **columns: NDArray) -> NDArray:
    """Records of these columns. Raises ValueError for a value that does not fit its field."""
    made = np.zeros(n, dtype=kind)
    for name, values in columns.items():
        made[name] = _fits(np.asarray(values), kind[name].base.type)
    return made


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
    if values.size and values.dtype != bool and (values.min() < limits.min or values.max() > limits.max):
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
