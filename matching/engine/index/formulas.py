"""The formulas of the score for one pair, compiled: the mirror of `score`, `competence`, `passion` and `drive`.

Nothing here is a choice of its own: a property test holds every number equal to those modules for every pair. When a formula
changes there, it changes here; `covered` and `joy_key` per requirement come from the caller, who knows a quick way to them.
"""

import numpy as np

from matching.engine import drive, passion
from matching.engine.competence import CERTIFICATE_WEIGHT, EDUCATION_WEIGHT, LANGUAGE_WEIGHT, coverage
from matching.engine.index.compile import part
from matching.engine.index.layout import SPEAKS
from matching.engine.scale import NEUTRAL, ONE, STEPS, WEIGHTS
from matching.engine.score import (
    HARD_COVERAGE,
    HOURS_PER_DAY,
    JOY_SCORES,
    MINUTES_TOO_FAR,
    NEAR_ENOUGH_FOR_JOY,
    WISH_WEIGHTS,
)

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


@part
def divide(numerator, denominator):
    """As `scale.divide`; exact in doubles, since 2 x numerator + denominator stays under 2 ** 53."""
    return np.int64((2.0 * numerator + denominator) / (2.0 * denominator))


@part
def joy_key(similarity, joy):
    """As `score._joy_key`; joy is -1 to 2."""
    return similarity * 3 + joy if joy >= 0 and similarity >= NEAR_ENOUGH_FOR_JOY else -1


@part
def count_bits(word):
    word = np.uint64(word)
    n = 0
    while word:
        word &= word - np.uint64(1)
        n += 1
    return n


@part
def beside_skills(people, c, work, v):
    """(weighted coverage, weight) of languages, papers and education."""
    total, whole = 0, 0
    for column in range(work.languages.shape[1]):
        asked = np.int64(work.languages[v, column])
        if asked > 0:
            whole += LANGUAGE_WEIGHT
            if people.known[c] & SPEAKS:
                spoken = max(np.int64(people.languages[c, column]), 0)
                total += LANGUAGE_WEIGHT * divide(ONE * min(spoken, asked), asked)
            else:
                total += LANGUAGE_WEIGHT * NEUTRAL
    for word in range(work.certificates.shape[1]):
        papers = work.certificates[v, word]
        if papers:
            whole += CERTIFICATE_WEIGHT * count_bits(papers)
            total += CERTIFICATE_WEIGHT * ONE * count_bits(papers & people.certificates[c, word])
    asked = np.int64(work.education[v])
    if asked > 0:
        whole += EDUCATION_WEIGHT
        has = np.int64(people.education[c])
        short = max(asked - has, 0)
        total += EDUCATION_WEIGHT * (NEUTRAL if has == 0 else divide(ONE * max(3 - short, 0), 3))
    return total, whole


@part
def failures_beside_skills(people, c, work, v):
    """How many hard languages, papers and education levels fail."""
    failures = 0
    if people.known[c] & SPEAKS:
        for column in range(work.languages.shape[1]):
            asked = work.languages[v, column]
            if asked > 0 and work.languages_hard[v, column] and people.languages[c, column] < asked:
                failures += 1
    for word in range(work.certificates.shape[1]):
        missing = work.certificates_hard[v, word] & ~people.certificates[c, word]
        if missing:
            failures += count_bits(missing)
    if work.education_hard[v] and 0 < people.education[c] < work.education[v]:
        failures += 1
    return failures


@part
def interests(people, c, work, v):
    person, job = False, False
    dot = np.int64(0)
    for axis in range(6):
        a, b = np.int64(people.profile[c, axis]), np.int64(work.profile[v, axis])
        person |= a != 0
        job |= b != 0
        dot += a * b
    if not (person and job):
        return -1
    return min(divide(ONE * max(_PROFILES + dot, 0), 2 * _PROFILES), ONE)


@part
def values(people, c, work, v):
    wanted, met = 0, 0
    for axis in range(6):
        p, o = np.int64(people.values[c, axis]), np.int64(work.values[v, axis])
        if p > 0 and o >= 0:
            wanted += p
            met += min(p, o)
    return divide(ONE * met, wanted) if wanted > 0 else -1


@part
def direction(people, c, work, v):
    best = -1
    for wish in range(people.wish_start[c], people.wish_start[c + 1]):
        if people.wish[wish] == work.occupation[v]:
            best = max(best, ONE)
        elif people.wish_group[wish] == work.group[v]:
            best = max(best, 7_500)
        else:
            best = max(best, 2_000)
    if people.sectors[c]:
        best = max(best, 2_000)
        sector = work.sector[v]
        if sector >= 0 and people.sectors[c] >> np.uint64(sector) & np.uint64(1):
            best = max(best, 7_000)
    return best


@part
def wishes(people, c, work, v, minutes, over):
    total, whole = 0, 0
    towards = direction(people, c, work, v)
    if towards >= 0:
        total += _DIRECTION * towards
        whole += _DIRECTION
    if work.remote[v]:
        total += _JOURNEY * ONE
        whole += _JOURNEY
    elif minutes >= 0 and people.limit[c] >= 0:
        total += _JOURNEY * max(ONE - divide(ONE * over, MINUTES_TOO_FAR), 0)
        whole += _JOURNEY
    low, high = np.int64(people.hours[c, 0]), np.int64(people.hours[c, 1])
    if low >= 0 and high >= 0:
        gap = max(max(work.hours[v, 0] - high, low - work.hours[v, 1]), 0)
        total += _HOURS * max(ONE - 1_000 * gap, 0)
        whole += _HOURS
    if whole == 0:
        return -1
    common = count_bits(people.days[c] & work.days[v])
    needed = max(np.int64(work.hours[v, 0]), 1)
    total += _DAYS * min(divide(ONE * HOURS_PER_DAY * common, needed), ONE)
    return divide(total, whole + _DAYS)


@part
def combine_passion(a, b, c, d):
    total, whole = 0, 0
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
def pair(people, c, work, v, covered, joy_keys, minutes, motivation, out):
    """Write all columns of the score of one pair. covered, joy_keys: (n_requirements of v,)."""
    first = work.start[v]
    total, whole = beside_skills(people, c, work, v)
    core, core_whole, felt, feeling = 0, 0, 0, 0
    failures = failures_beside_skills(people, c, work, v)
    for r in range(work.start[v + 1] - first):
        weight, importance = np.int64(work.weight[first + r]), np.int64(work.importance[first + r])
        cover = np.int64(covered[r])
        total += weight * cover
        whole += weight
        if importance == 3:
            core += weight * cover
            core_whole += weight
        if work.hard[first + r] and cover < HARD_COVERAGE:
            failures += 1
        key = np.int64(joy_keys[r])
        if key >= 0:
            feeling += importance * (key // 3)
            felt += importance * (key // 3) * _JOY_SCORES[key % 3]
    papers = 0
    for word in range(work.certificates.shape[1]):
        papers += count_bits(work.certificates[v, word] & ~people.certificates[c, word])
    asked, has = np.int64(work.education[v]), np.int64(people.education[c])
    limit = np.int64(people.limit[c])
    over = max(minutes - limit, 0) if minutes >= 0 and limit >= 0 and not work.remote[v] else 0
    out[CAN] = divide(total, whole) if whole > 0 else NEUTRAL
    out[CORE] = divide(core, core_whole) if core_whole > 0 else NEUTRAL
    out[FAILURES] = failures
    out[PAPERS] = papers
    out[SHORT] = max(asked - has, 0) if asked > 0 and has > 0 else 0
    out[MINUTES] = minutes
    out[OVER] = over
    out[PASSION_PARTS] = interests(people, c, work, v)
    out[PASSION_PARTS + 1] = divide(felt, feeling) if feeling > 0 else -1
    out[PASSION_PARTS + 2] = wishes(people, c, work, v, minutes, over)
    out[PASSION_PARTS + 3] = values(people, c, work, v)
    out[WANT] = combine_passion(
        out[PASSION_PARTS], out[PASSION_PARTS + 1], out[PASSION_PARTS + 2], out[PASSION_PARTS + 3]
    )
    ready = np.int64(people.ready[c])
    out[DRIVE_PARTS] = -1 if ready < 0 else NEUTRAL + divide(NEUTRAL * min(ready, 4), 4)
    out[DRIVE_PARTS + 1] = _INITIATIVE_SCORES[people.initiatives[c]]
    out[DRIVE_PARTS + 2] = _MOTIVATION_SCORES[motivation]
    total, whole = 0, 0
    for at, weight in ((0, _READY), (1, _INITIATIVES), (2, _MOTIVATION)):
        score = out[DRIVE_PARTS + at]
        total += 2 * weight * score if score >= 0 else weight * NEUTRAL
        whole += 2 * weight if score >= 0 else weight
    out[DO] = divide(total, whole)
    out[FIT] = combine_fit(out[CAN], out[WANT], out[DO])
