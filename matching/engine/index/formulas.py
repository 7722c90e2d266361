"""The formulas of the score for one pair, compiled: the mirror of `score`, `competence`, `passion` and `drive`.

Nothing here is a choice of its own: a property test holds every number equal to those modules for every pair. When a formula
changes there, it changes here; `covered` and `joy_key` per requirement come from the caller, who knows a quick way to them.
"""

import math

import numpy as np

from matching.engine import drive, passion
from matching.engine.competence import CERTIFICATE_WEIGHT, EDUCATION_WEIGHT, LANGUAGE_WEIGHT, coverage
from matching.engine.index.compile import count_bits, part
from matching.engine.index.layout import INTERESTS_KNOWN, SPEAKS, VALUES_KNOWN, WISHES_KNOWN
from matching.engine.scale import NEUTRAL, ONE, STEPS, WEIGHTS
from matching.engine.score import (
    HARD_COVERAGE,
    HOURS_PER_DAY,
    JOY_SCORES,
    MINUTES_TOO_FAR,
    NEAR_ENOUGH_FOR_JOY,
    WISH_WEIGHTS,
)
from matching.engine.travel import DETOUR, EARTH_RADIUS_KM, OVERHEAD_MINUTES, SPEED_KM_PER_HOUR

# Columns of what `pair` writes.
FIT, CAN, WANT, DO, CORE, FAILURES, PAPERS, SHORT, MINUTES, OVER = range(10)
PASSION_PARTS, DRIVE_PARTS, COLUMNS = 10, 14, 17

_EVIDENCE = STEPS * STEPS + 1
_SIMILARITY, _LEVEL = np.divmod(np.arange((STEPS + 1) * (STEPS + 1)), STEPS + 1)
# (16 x 16, 226): coverage by similarity x 16 + asked level, and evidence.
COVERAGE = coverage(np.arange(_EVIDENCE)[None, :], _SIMILARITY[:, None], _LEVEL[:, None]).astype(np.uint16)

_CAN, _WANT, _DO = WEIGHTS.competence, WEIGHTS.passion, WEIGHTS.drive
_INTERESTS, _JOY, _WISHES, _VALUES = (int(weight) for weight in passion.PART_WEIGHTS)
_READY, _INITIATIVES, _MOTIVATION = (int(weight) for weight in drive.PART_WEIGHTS)
_DIRECTION, _JOURNEY, _HOURS, _DAYS = (int(weight) for weight in WISH_WEIGHTS)
_PROFILES = passion.PROFILE_SCALE * passion.PROFILE_SCALE
_JOY_SCORES, _INITIATIVE_SCORES, _MOTIVATION_SCORES = JOY_SCORES, drive.INITIATIVE_SCORES, drive.MOTIVATION_SCORES


# By key of joy + 1: the nearness of what is felt from bit 40, and beside it nearness x joy. Whole sums of a vacancy fit.
FELT_BITS = 40
_NEARNESS, _FEELING = np.divmod(np.arange(3 * (STEPS + 1)), 3)
FELT = np.concatenate([[0], (_NEARNESS << FELT_BITS) + _NEARNESS * JOY_SCORES[_FEELING]]).astype(np.uint64)


@part
def divide(numerator, denominator):
    """As `scale.divide`; exact in doubles, since 2 x numerator + denominator stays under 2 ** 53."""
    return np.int64((2.0 * numerator + denominator) / (2.0 * denominator))


# (16, 4) key of joy + 1 by similarity and joy + 1; 0 for what is unknown or too far away.
JOY_KEYS = 3 * np.arange(STEPS + 1)[:, None] + np.arange(4)
JOY_KEYS = np.where((np.arange(STEPS + 1)[:, None] >= NEAR_ENOUGH_FOR_JOY) & (np.arange(4) > 0), JOY_KEYS, 0).astype(
    np.uint8
)


@part
def joy_key(similarity, joy):
    """As `score._joy_key`; joy is -1 to 2."""
    return similarity * 3 + joy if joy >= 0 and similarity >= NEAR_ENOUGH_FOR_JOY else -1


@part
def apart(places, place, x, y, z):
    """The square of the straight line from a place to a point, in radii of the earth; NaN from nowhere."""
    x, y, z = places.x[place] - x, places.y[place] - y, places.z[place] - z
    return x * x + y * y + z * z


@part
def minutes_of(square, mode):
    """As `travel.travel_minutes` of `travel.distance_km`, from the square that `apart` gives."""
    km = EARTH_RADIUS_KM * math.sqrt(square)
    if math.isnan(km):
        return np.int64(-1)
    return np.int64(np.rint(OVERHEAD_MINUTES[mode] + km * DETOUR / SPEED_KM_PER_HOUR[mode] * 60))


@part
def minutes_between(places, place, others, other, mode):
    return minutes_of(apart(places, place, others.x[other], others.y[other], others.z[other]), mode)


@part
def language_cover(knows, spoken, asked):
    return divide(ONE * min(max(spoken, 0), asked), asked) if knows else NEUTRAL


@part
def education_cover(has, asked):
    return NEUTRAL if has == 0 else divide(ONE * max(3 - max(asked - has, 0), 0), 3)


@part
def beside_skills(people, c, work, v):
    """(weighted coverage, weight) of languages, papers and education."""
    total, whole = np.int64(0), np.int64(0)
    knows = people.known[c] & SPEAKS > 0
    for column in range(work.languages.shape[1]):
        asked = np.int64(work.languages[v, column])
        if asked > 0:
            whole += LANGUAGE_WEIGHT
            total += LANGUAGE_WEIGHT * language_cover(knows, np.int64(people.languages[column, c]), asked)
    for word in range(work.certificates.shape[1]):
        papers = work.certificates[v, word]
        if papers:
            whole += CERTIFICATE_WEIGHT * count_bits(papers)
            total += CERTIFICATE_WEIGHT * ONE * count_bits(papers & people.certificates[word, c])
    asked = np.int64(work.row[v].education)
    if asked > 0:
        whole += EDUCATION_WEIGHT
        total += EDUCATION_WEIGHT * education_cover(np.int64(people.education[c]), asked)
    return total, whole


@part
def weight_asked(work, v):
    """Weight of all that a vacancy asks: skills, languages, papers and education."""
    job, whole = work.row[v], np.int64(0)
    for r in range(job.first, job.first + job.n_asks):
        whole += np.int64(work.asks[r].weight)
    for column in range(work.languages.shape[1]):
        whole += LANGUAGE_WEIGHT * np.int64(work.languages[v, column] > 0)
    for word in range(work.certificates.shape[1]):
        whole += CERTIFICATE_WEIGHT * count_bits(work.certificates[v, word])
    return whole + EDUCATION_WEIGHT * np.int64(job.education > 0)


@part
def failures_beside_skills(people, c, work, v):
    """How many hard languages, papers and education levels fail."""
    failures = np.int64(0)
    if people.known[c] & SPEAKS:
        for column in range(work.languages.shape[1]):
            asked = work.languages[v, column]
            if asked > 0 and work.languages_hard[v, column] and people.languages[column, c] < asked:
                failures += 1
    for word in range(work.certificates.shape[1]):
        missing = work.certificates_hard[v, word] & ~people.certificates[word, c]
        if missing:
            failures += count_bits(missing)
    if work.row[v].education_hard and 0 < people.education[c] < work.row[v].education:
        failures += 1
    return failures


@part
def interests(person, job):
    person_known, job_known = False, False
    dot = np.int64(0)
    for axis in range(6):
        a, b = np.int64(person.profile[axis]), np.int64(job.profile[axis])
        person_known |= a != 0
        job_known |= b != 0
        dot += a * b
    if not (person_known and job_known):
        return np.int64(-1)
    return min(divide(ONE * max(_PROFILES + dot, 0), 2 * _PROFILES), ONE)


@part
def values(person, job):
    wanted, met = np.int64(0), np.int64(0)
    for axis in range(6):  # without branches, which would be guessed wrong
        p, o = np.int64(person.values[axis]), np.int64(job.values[axis])
        counts = np.int64((p > 0) & (o >= 0))
        wanted += counts * p
        met += counts * min(p, o)
    return divide(ONE * met, wanted) if wanted > 0 else np.int64(-1)


@part
def direction(people, person, job):
    best = np.int64(-1)
    for at in range(np.int64(person.first_wish), np.int64(person.first_wish) + np.int64(person.n_wishes)):
        wish = people.wish[at]
        if wish.occupation == job.occupation:
            best = max(best, ONE)
        elif wish.group == job.group:
            best = max(best, 7_500)
        else:
            best = max(best, 2_000)
    if person.sectors:
        best = max(best, 2_000)
        if job.sector >= 0 and person.sectors >> np.uint64(job.sector) & np.uint64(1):
            best = max(best, 7_000)
    return best


@part
def minutes_over(person, job, minutes):
    """Over the wished journey; 0 where that or the journey is unknown, and for work from home."""
    limit = np.int64(person.limit)
    return max(minutes - limit, 0) if minutes >= 0 and limit >= 0 and not job.remote else np.int64(0)


@part
def wishes(people, person, job, minutes):
    total, whole = np.int64(0), np.int64(0)
    towards = direction(people, person, job)
    if towards >= 0:
        total += _DIRECTION * towards
        whole += _DIRECTION
    if job.remote:
        total += _JOURNEY * ONE
        whole += _JOURNEY
    elif minutes >= 0 and person.limit >= 0:
        total += _JOURNEY * max(ONE - divide(ONE * minutes_over(person, job, minutes), MINUTES_TOO_FAR), 0)
        whole += _JOURNEY
    low, high = np.int64(person.hours[0]), np.int64(person.hours[1])
    if low >= 0 and high >= 0:
        gap = max(max(np.int64(job.hours[0]) - high, low - np.int64(job.hours[1])), 0)
        total += _HOURS * max(ONE - 1_000 * gap, 0)
        whole += _HOURS
    if whole == 0:
        return np.int64(-1)
    common = count_bits(person.days & job.days)
    needed = max(np.int64(job.hours[0]), 1)
    total += _DAYS * min(divide(ONE * HOURS_PER_DAY * common, needed), ONE)
    return divide(total, whole + _DAYS)


@part
def combine_passion(a, b, c, d):
    total, whole = np.int64(0), np.int64(0)
    for score, weight in ((a, _INTERESTS), (b, _JOY), (c, _WISHES), (d, _VALUES)):
        if score >= 0:
            total += 2 * weight * score
            whole += 2 * weight
        else:
            total += weight * NEUTRAL
            whole += weight
    return divide(total, whole)


@part
def combine_fit(can, want, do):
    return divide(_CAN * can + _WANT * want + _DO * do, 100)


@part
def fit_without_motivation(people, person, job, can, joy, minutes, least):
    """Fit by competence and joy; -1 as soon as it is sure to be under `least`."""
    a, d, do = interests(person, job), values(person, job), np.int64(person.drive)
    if least > 0:
        open_wishes = np.int64(ONE if person.known & WISHES_KNOWN or job.remote else -1)
        if combine_fit(can, combine_passion(a, joy, open_wishes, d), do) < least:
            return np.int64(-1)
    return combine_fit(can, combine_passion(a, joy, wishes(people, person, job, minutes), d), do)


@part
def joy_of(work, job, joy_keys):
    """Joy in what is asked, from the key of each requirement; -1 where none is known."""
    felt, feeling = np.int64(0), np.int64(0)
    for r in range(job.n_asks):
        key = np.int64(joy_keys[r])
        if key >= 0:
            importance = np.int64(work.asks[job.first + r].importance)
            feeling += importance * (key // 3)
            felt += importance * (key // 3) * _JOY_SCORES[key % 3]
    return divide(felt, feeling) if feeling > 0 else np.int64(-1)


@part
def joy_in(felt):
    """As `joy_of`, from the sum of importance x FELT; without a branch, which would be guessed wrong half of the time."""
    feeling = np.int64(felt >> np.uint64(FELT_BITS))
    nothing = np.int64(feeling == 0)
    return divide(np.int64(felt & np.uint64(2**FELT_BITS - 1)), feeling + nothing) - nothing


@part
def highest_passion(known, job_known, offers, remote, joy):
    """The most that passion can be by which parts are known of a person (bits) and of the vacancy. joy: -1 for unknown.

    A part that both tell of may still be unknown of the pair, which is never more than what is known and full.
    """
    return combine_passion(
        ONE if known & INTERESTS_KNOWN and job_known else -1, joy, ONE if known & WISHES_KNOWN or remote else -1,
        ONE if known & VALUES_KNOWN and offers else -1,
    )  # fmt: skip


@part
def pair(people, c, work, v, covered, joy_keys, minutes, motivation, out):
    """Write all columns of the score of one pair. covered, joy_keys: (n_requirements of v,)."""
    person, job = people.row[c], work.row[v]
    total, whole = beside_skills(people, c, work, v)
    core, core_whole = np.int64(0), np.int64(0)
    failures = failures_beside_skills(people, c, work, v)
    for r in range(job.n_asks):
        ask = work.asks[job.first + r]
        weight, cover = np.int64(ask.weight), np.int64(covered[r])
        total += weight * cover
        whole += weight
        if ask.importance == 3:
            core += weight * cover
            core_whole += weight
        if ask.hard and cover < HARD_COVERAGE:
            failures += 1
    papers = np.int64(0)
    for word in range(work.certificates.shape[1]):
        papers += count_bits(work.certificates[v, word] & ~people.certificates[word, c])
    asked, has = np.int64(job.education), np.int64(person.education)
    out[CAN] = divide(total, whole) if whole > 0 else NEUTRAL
    out[CORE] = divide(core, core_whole) if core_whole > 0 else NEUTRAL
    out[FAILURES] = failures
    out[PAPERS] = papers
    out[SHORT] = max(asked - has, 0) if asked > 0 and has > 0 else 0
    out[MINUTES] = minutes
    out[OVER] = minutes_over(person, job, minutes)
    out[PASSION_PARTS] = interests(person, job)
    out[PASSION_PARTS + 1] = joy_of(work, job, joy_keys)
    out[PASSION_PARTS + 2] = wishes(people, person, job, minutes)
    out[PASSION_PARTS + 3] = values(person, job)
    out[WANT] = combine_passion(
        out[PASSION_PARTS], out[PASSION_PARTS + 1], out[PASSION_PARTS + 2], out[PASSION_PARTS + 3]
    )
    ready = np.int64(person.ready)
    out[DRIVE_PARTS] = -1 if ready < 0 else NEUTRAL + divide(NEUTRAL * min(ready, 4), 4)
    out[DRIVE_PARTS + 1] = _INITIATIVE_SCORES[person.initiatives]
    out[DRIVE_PARTS + 2] = _MOTIVATION_SCORES[motivation]
    total, whole = 0, 0
    for at, weight in ((0, _READY), (1, _INITIATIVES), (2, _MOTIVATION)):
        score = out[DRIVE_PARTS + at]
        total += 2 * weight * score if score >= 0 else weight * NEUTRAL
        whole += 2 * weight if score >= 0 else weight
    out[DO] = divide(total, whole)
    out[FIT] = combine_fit(out[CAN], out[WANT], out[DO])
