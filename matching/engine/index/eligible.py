"""Who is looked at before anything is scored: within reach, allowed, hours that meet, nothing indispensable missing."""

from matching.engine.index.compile import part
from matching.engine.index.formulas import COVERAGE, failures_beside_skills
from matching.engine.score import HARD_COVERAGE


@part
def shown(people, c, work, v, minutes, max_minutes, meet_hours, allowed):
    """Whether the filters let this person through. max_minutes: -1 for no limit; allowed: of length 0 for everybody."""
    if len(allowed) and not allowed[c]:
        return False
    if max_minutes >= 0 and not work.remote[v] and not 0 <= minutes <= max_minutes:
        return False
    if meet_hours and people.hours[c, 0] >= 0 and people.hours[c, 1] >= 0:
        return people.hours[c, 1] >= work.hours[v, 0] and people.hours[c, 0] <= work.hours[v, 1]
    return True


@part
def mark(people, places, low, high, work, v, minutes, max_minutes, meet_hours, allowed, mask):
    """Set mask[row - low] for rows low to high that are shown and lack nothing beside skills; how many."""
    mask[: high - low] = 0
    if high <= low:
        return 0
    n = 0
    for place in range(people.place[low], people.place[high - 1] + 1):
        if max_minutes >= 0 and not work.remote[v]:
            nearest = min(min(minutes[place, 0], minutes[place, 1]), minutes[place, 2])
            if nearest > max_minutes or nearest < 0:
                continue
        for c in range(max(low, places.start[place]), min(high, places.start[place + 1])):
            journey = minutes[place, people.mode[c]]
            if not shown(people, c, work, v, journey, max_minutes, meet_hours, allowed):
                continue
            if failures_beside_skills(people, c, work, v) == 0:
                mask[c - low] = 1
                n += 1
    return n


@part
def drop_uncovered(postings, block, pairs, r, has, mask, size):
    """Clear the mask of who does not cover hard requirement r; how many stay."""
    has[:size] = 0
    for pair in range(pairs.start[r], pairs.start[r + 1]):
        skill, cover = pairs.skill[pair], COVERAGE[pairs.table[pair]]
        for i in range(postings.start[block, skill], postings.start[block, skill + 1]):
            if cover[postings.evidence[i]] >= HARD_COVERAGE:
                has[postings.row[i]] = 1
    n = 0
    for row in range(size):
        mask[row] &= has[row]
        n += mask[row]
    return n
