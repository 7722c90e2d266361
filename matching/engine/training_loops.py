"""The loops of training advice, compiled: how somebody stands in a market, and what every bundle of courses makes of it.

The formulas are those of `competence` and `score`; tests hold every number equal to them. A bundle costs the postings of what it
teaches: only requirements that one of its skills counts for are looked at again, and only vacancies of which a requirement (or a
paper, language or diploma) rose. Of those, all that the chance model reads and courses move is counted anew in whole numbers;
what the rest needs then is one sum of table values for each pair.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine import competence
from matching.engine.competence import CERTIFICATE_WEIGHT, EDUCATION_WEIGHT, LANGUAGE_WEIGHT
from matching.engine.index.compile import kernel, part
from matching.engine.index.formulas import COVERAGE, count_bits, divide
from matching.engine.scale import NEUTRAL, ONE, STEPS, STEPS_PER_LEVEL
from matching.engine.score import HARD_COVERAGE

# What courses move, by vacancy: columns of what `standing` and `after` give.
CAN, CORE, MASTERY, FAILURES, PAPERS, PAPERS_HARD, SHORT, LANGUAGE = range(8)
MOVED = ("competence", "core", "mastery", "failures", "papers_missing", "papers_hard_missing", "education_short",
         "language_short")  # fmt: skip
# Of a vacancy, what is beside skills; the last four in the order of the columns above.
_COVERED, _FAILING, _PAPERS, _PAPERS_HARD, _SHORT, _LANGUAGE = range(6)
_TOTAL, _CORE, _MASTERED, _FAILS = range(4)  # sums over the skills that are asked
LEVEL, WEIGHT, IMPORTANCE, IS_CORE, IS_HARD = range(5)  # columns of `Asks.entry`
ENTRY, VACANCY, KEY = range(3)  # columns of `Asks.posting`
_COVER, _REACH = range(2)
LEVELS = STEPS + 1
# (256, 16): coverage by similarity x 16 + asked level, and the level of something just learned; small enough to stay in cache.
_COVERAGE = np.ascontiguousarray(COVERAGE[:, ::STEPS])
_AS_NOW, _LEARNED, _BESIDE = range(3)  # states of a vacancy: the last also in what is beside skills
_WHOLE_MARGIN = STEPS * STEPS * STEPS_PER_LEVEL
# `competence.margin` by how far reach lies over what is asked, from _WHOLE_MARGIN under to _WHOLE_MARGIN over.
_MARGIN = competence.margin(np.arange(2 * _WHOLE_MARGIN + 1) - _WHOLE_MARGIN, np.zeros(1, np.int64)).astype(np.int32)


class Person(NamedTuple):
    """One person: dense over the skill space, so that a look-up is one read."""

    level: NDArray[np.int64]  # (n_skills,) own level, 0: does not have it
    evidence: NDArray[np.int64]  # (n_skills,) the level less what was forgotten, see `competence.effective_level`
    languages: NDArray[np.int64]  # (n_languages,) CEFR, -1: nothing filled in
    papers: NDArray[np.uint64]  # (n_words,)
    education: int


class Standing(NamedTuple):
    """How that person stands: coverage and reach of every requirement, sums of every vacancy."""

    entry: NDArray[np.int32]  # (n_requirements, 2) coverage, and similarity x evidence of the best skill
    skills: NDArray[np.int64]  # (n, 4)
    beside: NDArray[np.int64]  # (n, 6)
    moved: NDArray[np.int64]  # (n, 8) columns CAN ... LANGUAGE


class Work(NamedTuple):
    """What a bundle makes of a standing; put back as it was after each bundle."""

    entry: NDArray[np.int32]
    skills: NDArray[np.int64]
    state: NDArray[np.int8]  # (n,)
    touched: NDArray[np.int32]  # vacancies whose state is not _AS_NOW
    raised: NDArray[np.int32]  # requirements that differ from the standing


@part
def _margin(reach, level):
    """`competence.margin` of one number."""
    over = min(max(reach - STEPS * STEPS * level, -_WHOLE_MARGIN), _WHOLE_MARGIN)
    return np.int64(_MARGIN[over + _WHOLE_MARGIN])


@part
def _beside(asks, v, languages, papers, education, out, row):
    """What somebody with these languages, papers and education covers and lacks of vacancy v, as `score` counts it."""
    covered, failing, short_of_languages, missing, missing_hard, short = 0, 0, 0, 0, 0, 0
    silent = True
    for column in range(len(languages)):
        silent &= languages[column] < 0
    for column in range(len(languages)):
        asked = asks.languages[v, column]
        if asked == 0:
            continue
        if silent:
            covered += LANGUAGE_WEIGHT * NEUTRAL
            continue
        spoken = max(languages[column], 0)
        covered += LANGUAGE_WEIGHT * divide(ONE * min(spoken, asked), asked)
        if spoken < asked:
            short_of_languages += asked - spoken
            failing += asks.languages_hard[v, column]
    for word in range(len(papers)):
        wanted = asks.papers[v, word]
        if wanted:
            lacking = count_bits(wanted & ~papers[word])
            covered += CERTIFICATE_WEIGHT * ONE * (count_bits(wanted) - lacking)
            missing += lacking
            missing_hard += count_bits(asks.papers_hard[v, word] & ~papers[word])
    asked = asks.education[v]
    if asked > 0:
        below = max(asked - education, 0)
        covered += EDUCATION_WEIGHT * (NEUTRAL if education == 0 else divide(ONE * max(3 - below, 0), 3))
        if education > 0 and below > 0:
            short = below
            failing += asks.education_hard[v]
    out[row, _COVERED], out[row, _FAILING] = covered, failing + missing_hard
    out[row, _PAPERS], out[row, _PAPERS_HARD] = missing, missing_hard
    out[row, _SHORT], out[row, _LANGUAGE] = short, short_of_languages


@part
def _sum_up(asks, v, skills, beside, at, out, row):
    """The columns that courses move, from the sums over skills (row v) and what is beside them (row `at`)."""
    whole, core, importance = asks.whole[v], asks.core_whole[v], asks.importance_whole[v]
    out[row, CAN] = divide(skills[v, _TOTAL] + beside[at, _COVERED], whole) if whole > 0 else NEUTRAL
    out[row, CORE] = divide(skills[v, _CORE], core) if core > 0 else NEUTRAL
    out[row, MASTERY] = divide(skills[v, _MASTERED], importance) if importance > 0 else NEUTRAL
    out[row, FAILURES] = skills[v, _FAILS] + beside[at, _FAILING]
    out[row, PAPERS], out[row, PAPERS_HARD] = beside[at, _PAPERS], beside[at, _PAPERS_HARD]
    out[row, SHORT], out[row, LANGUAGE] = beside[at, _SHORT], beside[at, _LANGUAGE]


@kernel
def standing(asks, person):
    """How this person stands for every vacancy: the arrays of a `Standing`."""
    n = len(asks.whole)
    entries = np.zeros((len(asks.entry), 2), np.int32)
    skills, beside = np.zeros((n, 4), np.int64), np.zeros((n, 6), np.int64)
    moved = np.empty((n, 8), np.int64)
    for skill in range(len(person.evidence)):
        evidence = person.evidence[skill]
        if evidence > 0:
            for at in range(asks.posting_start[skill], asks.posting_start[skill + 1]):
                e, key = asks.posting[at, ENTRY], asks.posting[at, KEY]
                entries[e, _COVER] = max(entries[e, _COVER], COVERAGE[key, evidence])
                entries[e, _REACH] = max(entries[e, _REACH], evidence * (key // LEVELS))
    for v in range(n):
        for e in range(asks.start[v], asks.start[v + 1]):
            cover = np.int64(entries[e, _COVER])
            skills[v, _TOTAL] += asks.entry[e, WEIGHT] * cover
            skills[v, _CORE] += asks.entry[e, WEIGHT] * cover * asks.entry[e, IS_CORE]
            skills[v, _FAILS] += asks.entry[e, IS_HARD] * (cover < HARD_COVERAGE)
            skills[v, _MASTERED] += asks.entry[e, IMPORTANCE] * _margin(entries[e, _REACH], asks.entry[e, LEVEL])
        _beside(asks, v, person.languages, person.papers, person.education, beside, v)
        _sum_up(asks, v, skills, beside, v, moved, v)
    return entries, skills, beside, moved


@part
def _log_odds(moved, row, fine, coarse):
    """What the columns that courses move add to the log-odds, by tables: see `training_market.tables`."""
    at = fine[CAN, moved[row, CAN]] + fine[CORE, moved[row, CORE]] + fine[MASTERY, moved[row, MASTERY]]
    for column in range(FAILURES, LANGUAGE + 1):
        at += coarse[column - FAILURES, min(moved[row, column], coarse.shape[1] - 1)]
    return at


@part
def _differs(moved, row, before, v):
    same = True
    for column in range(moved.shape[1]):
        same &= moved[row, column] == before[v, column]
    return not same


@part
def _adds(asks, gives, person, v, programme):
    """Whether the programme gives a level, paper or language that vacancy v asks and this person does not have."""
    asked = asks.education[v]
    if asked > person.education and gives.education[programme] > person.education:
        return True
    for word in range(len(person.papers)):
        if asks.papers[v, word] & gives.papers[programme, word] & ~person.papers[word]:
            return True
    for column in range(len(person.languages)):
        spoken = max(person.languages[column], 0)
        if asks.languages[v, column] > spoken and gives.languages[programme, column] > spoken:
            return True
    return False


@part
def _learn(asks, level, skill, needed, now, work, n_touched, n_raised):
    """Go through the requirements that a skill counts for, now at this level: (how many vacancies, requirements) rose."""
    for at in range(asks.posting_start[skill], asks.posting_start[skill + 1]):
        v = asks.posting[at, VACANCY]
        if needed[v] == np.inf:
            continue
        e, key = asks.posting[at, ENTRY], asks.posting[at, KEY]
        old, before = np.int64(work.entry[e, _COVER]), np.int64(work.entry[e, _REACH])
        cover, far = max(old, np.int64(_COVERAGE[key, level])), max(before, level * STEPS * (key // LEVELS))
        if cover == old and far == before:
            continue
        work.entry[e, _COVER], work.entry[e, _REACH] = cover, far
        if old == now.entry[e, _COVER] and before == now.entry[e, _REACH]:
            work.raised[n_raised] = e
            n_raised += 1
        if work.state[v] == _AS_NOW:
            work.state[v] = _LEARNED
            work.touched[n_touched] = v
            n_touched += 1
        asked = np.int64(asks.entry[e, LEVEL])
        work.skills[v, _MASTERED] += asks.entry[e, IMPORTANCE] * (_margin(far, asked) - _margin(before, asked))
        if cover > old:
            rise = asks.entry[e, WEIGHT] * (cover - old)
            work.skills[v, _TOTAL] += rise
            work.skills[v, _CORE] += rise * asks.entry[e, IS_CORE]
            work.skills[v, _FAILS] -= asks.entry[e, IS_HARD] * (old < HARD_COVERAGE <= cover)
    return n_touched, n_raised


@kernel
def after(asks, gives, person, now, firsts, seconds, needed, fine, coarse):
    """(pairs, moved): (n_pairs, 2) bundle and vacancy, and (n_pairs, 8) the columns after that bundle.

    firsts, seconds: (n_bundles,) programmes, the same twice for a single course. needed: (n,) log-odds that the columns together
    must bring; pairs that bring less, and pairs that nothing changes for, are left out.
    """
    n = len(needed)
    work = Work(
        now.entry.copy(), now.skills.copy(), np.zeros(n, np.int8), np.empty(n, np.int32),
        np.empty(len(now.entry), np.int32),
    )  # fmt: skip
    beside = np.zeros((1, 6), np.int64)
    languages, papers = np.empty_like(person.languages), np.empty_like(person.papers)
    pairs, moved = np.empty((1024 + n, 2), np.int64), np.empty((1024 + n, 8), np.int64)
    count = 0
    speaks = False
    for column in range(len(languages)):
        speaks |= person.languages[column] >= 0
    for b in range(len(firsts)):
        n_touched, n_raised, grants = 0, 0, 0
        languages[:] = person.languages
        papers[:] = person.papers
        for turn in range(1 if firsts[b] == seconds[b] else 2):
            programme = firsts[b] if turn == 0 else seconds[b]
            for t in range(gives.start[programme], gives.start[programme + 1]):
                skill, level = gives.skill[t], gives.level[t]
                if level >= person.level[skill] and level * STEPS > person.evidence[skill]:
                    n_touched, n_raised = _learn(asks, level, skill, needed, now, work, n_touched, n_raised)
            for at in range(gives.other_start[programme], gives.other_start[programme + 1]):
                v = gives.other[at]
                if needed[v] < np.inf and _adds(asks, gives, person, v, programme):
                    if work.state[v] == _AS_NOW:
                        work.touched[n_touched] = v
                        n_touched += 1
                    work.state[v] = _BESIDE
            grants = max(grants, gives.education[programme])
            for word in range(len(papers)):
                papers[word] |= gives.papers[programme, word]
            for column in range(len(languages)):
                if speaks and gives.languages[programme, column] > 0:
                    languages[column] = max(languages[column], gives.languages[programme, column])
        if count + n_touched > len(pairs):
            pairs = np.concatenate((pairs, np.empty((len(pairs) + n, 2), np.int64)))
            moved = np.concatenate((moved, np.empty((len(moved) + n, 8), np.int64)))
        for at in range(n_touched):
            v = np.int64(work.touched[at])
            if work.state[v] == _BESIDE:
                # A diploma tells an education that was not told only where it is what is asked: nobody's chance may fall.
                told = person.education > 0 or grants >= max(1, asks.education[v])
                level = max(person.education, grants) if told else person.education
                _beside(asks, v, languages, papers, level, beside, 0)
                _sum_up(asks, v, work.skills, beside, 0, moved, count)
            else:
                _sum_up(asks, v, work.skills, now.beside, v, moved, count)
            if _log_odds(moved, count, fine, coarse) >= needed[v] and _differs(moved, count, now.moved, v):
                pairs[count, 0], pairs[count, 1] = b, v
                count += 1
            work.state[v] = _AS_NOW
            for column in range(4):
                work.skills[v, column] = now.skills[v, column]
        for at in range(n_raised):
            e = work.raised[at]
            work.entry[e, _COVER], work.entry[e, _REACH] = now.entry[e, _COVER], now.entry[e, _REACH]
    return pairs[:count].copy(), moved[:count].copy()
