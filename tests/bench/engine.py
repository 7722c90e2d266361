"""`make bench`: how fast the matcher is, beside what else one could rank with, in one run on one machine.

One thread unless a line says otherwise. Ratios are what to read: absolute times depend on the machine and on what else it does.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("NUMBA_CACHE_DIR", ".local/numba")

# ruff: noqa: E402 - threads are set before NumPy is loaded
import argparse
import time
from dataclasses import replace

import numpy as np
from sparse_dot_topn import sp_matmul_topn
from usearch.index import Index

from matching.engine import prior
from matching.engine.index.batch import lists_both_ways, lists_for_vacancies
from matching.engine.index.candidates import (
    NOBODY,
    PLAIN,
    Asked,
    PeopleIndex,
    ask,
    best_lists,
    index_people,
    top_candidates,
)
from matching.engine.index.gains import gain_tables, skill_gains
from matching.engine.index.question import Filters
from matching.engine.index.vacancies import enters, index_work
from tests.bench import peers, region
from tests.bench.pgvector import sparse_scan

REALISTIC = Filters(max_minutes=69, hours=True)  # lets 3 % of people through, what is indispensable included
NEAR = Filters(max_minutes=45, hours=True)
QUERIES = 200
PARTS = ("one", "pairs", "change")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=1_000_000, help="the largest number of people")
    parser.add_argument("--seed", type=int, default=region.SEED)
    parser.add_argument("--only", choices=PARTS, action="append", help="some parts instead of all")
    options = parser.parse_args()
    parts, start = options.only or PARTS, time.perf_counter()
    print(f"seed {options.seed}; {region.taxonomy().source}; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    if "one" in parts:
        one_vacancy(options.most, options.seed)
    if "pairs" in parts:
        all_pairs(options.seed, options.most)
    if "change" in parts:
        one_change(options.seed, options.most)
    print(f"\nall of it in {(time.perf_counter() - start) / 60:.1f} minutes")


def one_vacancy(most: int, seed: int) -> None:
    """One vacancy, the best 50: whole score with filters and explanation, against skills alone elsewhere."""
    facts = region.taxonomy()
    vacancies = region.work(QUERIES, seed)
    asked, demand = ask(vacancies, facts.space), peers.demands(vacancies, facts.space)
    print("One vacancy, the best 50, ms: median (95 %); peers: median, and how many times the index with filters")
    print(
        "| people | index, filters | eligible | looked at | 45 minutes | eligible | no filters | SciPy CSR | NumPy 256-d "
        "| usearch | bytes a person | all of it read once |"
    )
    print("|" + "---|" * 12)
    for n in [size for size in (1_000, 10_000, 100_000, 1_000_000) if size <= most]:
        candidates = region.people(n, seed)
        index, cells = index_people(candidates, facts.space), [f"{n:,}"]
        ours = _ours(index, asked, REALISTIC)
        cells += [f"**{_ms(ours)}**", *_seen(index, asked, REALISTIC)]
        cells += [_ms(_ours(index, asked, NEAR)), _seen(index, asked, NEAR)[0]]
        cells += [_ms(_ours(index, asked, PLAIN, 10, 2))]
        matrix = peers.evidence(candidates, facts.space)
        del candidates
        few = (5, 4) if n > 100_000 else (20, 3)
        expanded = (matrix @ peers.nearness(facts.space)).tocsr()
        cells += [_against(peers.timed(peers.scipy_csr(expanded, demand), *few), ours)]
        del expanded
        vectors, questions = peers.embeddings(matrix, demand, seed)
        del matrix
        cells += [_against(peers.timed(lambda v, e=vectors, q=questions: peers.best(e @ q[v]), *few), ours)]
        cells += [_against(_usearch(vectors, questions), ours) if n <= 10_000 else "–"]
        del vectors
        cells += [f"{index.bytes_per_person:.0f}", f"{index.bytes_per_person * n / _bandwidth():.2f}"]
        print("| " + " | ".join(cells) + " |", flush=True)
    print()
    print(f"pgvector sparsevec, exact scan of 10,000 in the embedded PostgreSQL: {_ms(sparse_scan(10_000, seed))} ms\n")


def all_pairs(seed: int, most: int) -> None:
    """Everybody's list at once."""
    facts = region.taxonomy()
    for n_people, n_work in ((1_000, 2_000), (min(100_000, most), min(10_000, most // 10))):
        candidates, vacancies = region.people(n_people, seed), region.work(n_work, seed)
        people, asked = index_people(candidates, facts.space), ask(vacancies, facts.space)
        small = n_people == 1_000
        for name, filters in (("3 % eligible", REALISTIC), ("45 minutes", NEAR)):
            for threads in (1, 2):
                make = lists_both_ways if small else lists_for_vacancies
                make(people, asked, 50, filters, threads=threads) if small else None  # rooms of the threads are made
                took = _once(
                    lambda m=make, p=people, a=asked, f=filters, t=threads: m(p, a, 50, f, threads=t),
                    20 if small else 1,
                )
                both = "both ways" if small else "people for every vacancy"
                print(f"{n_people:,} x {n_work:,}, {name}, {threads} threads, {both}: {_both(took)}", flush=True)
        matrix, demand = peers.evidence(candidates, facts.space), peers.demands(vacancies, facts.space)
        right = (matrix @ peers.nearness(facts.space)).T.tocsr()
        other = _once(lambda d=demand, r=right: sp_matmul_topn(d, r, top_n=50, n_threads=2), 1)
        print(f"  sparse_dot_topn, skills only, one way, two threads: {_both(other)}", flush=True)


def one_change(seed: int, most: int) -> None:
    """One changed CV against 100,000 vacancies, and the gain of every skill."""
    facts, n, n_people = region.taxonomy(), min(100_000, most), min(20_000, most)
    vacancies = region.work(n, seed)
    work, asked = index_work(vacancies, facts.space), ask(vacancies, facts.space)
    everybody = index_people(region.people(n_people, seed), facts.space)
    rows = np.searchsorted(vacancies.ids, work.work.ids)
    lists = lists_for_vacancies(everybody, asked, 64, NEAR, rows.tolist(), threads=2)
    floors = np.array([keys[-1] - 1 if len(keys) == 64 else 0 for keys in lists])
    changed = index_people(region.people(200, seed + 1), facts.space)
    entered = [len(enters(work, changed, c, floors, 45)[0]) for c in range(200)]
    found = peers.timed(lambda c: enters(work, changed, c, floors, 45), 200)
    print(
        f"\none changed CV against {n:,} vacancies with lists over {n_people:,} people, {np.mean(entered):.0f} lists "
        f"entered: {_ms(found)} ms to find them"
    )
    queue, age = np.ones(n), np.ones(n)
    corners = np.linspace(-6, 6, 27)  # of a calibration that thousands of outcomes taught
    taught = replace(prior(), bend_x=corners.tolist(), bend_y=(corners + 0.3 * np.sin(corners)).tolist())
    for minutes, people, model, knows in (
        (45, 20, prior(), "nothing yet"),
        (45, 20, taught, "a bend"),
        (None, 3, prior(), "nothing yet"),
    ):
        tables = gain_tables(model)
        some = np.linspace(0, 199, people).astype(int)  # rows are in order of how people travel: some of every way
        reach = [skill_gains(work, changed, c, tables, queue, age, minutes)[1] for c in some]
        took = peers.timed(
            lambda i, m=minutes, c=some, t=tables: skill_gains(work, changed, c[i], t, queue, age, m), people
        )
        print(
            f"gain of every skill over the {np.median(reach):,.0f} of {n:,} in reach, a model that learned {knows}: {_ms(took)} ms",
            flush=True,
        )


def _ours(index: PeopleIndex, asked: Asked, filters: Filters, n: int = QUERIES, repeat: int = 9) -> np.ndarray:
    return peers.timed(lambda v: top_candidates(index, asked, v, 50, filters, only_passing=True), n, repeat)


def _seen(index: PeopleIndex, asked: Asked, filters: Filters) -> list[str]:
    """Mean share eligible, and how many are looked at after their competence."""
    counts = best_lists(index, asked, np.arange(QUERIES), 50, filters, NOBODY).counts
    return [f"{counts[:, 1].mean() / len(index.people.row):.1%}", f"{counts[:, 2].mean():,.0f}"]


def _against(other: np.ndarray, ours: np.ndarray) -> str:
    return f"{np.median(other):.2f} (x {np.median(other) / np.median(ours):.0f})"


def _usearch(vectors: np.ndarray, questions: np.ndarray) -> np.ndarray:
    index = Index(ndim=peers.DIMENSIONS, metric="ip", dtype="f16", expansion_search=256)
    index.add(np.arange(len(vectors)), vectors, threads=2)
    return peers.timed(lambda v: index.search(questions[v], 50, threads=1), 20)


def _bandwidth() -> float:
    """Bytes a millisecond that one thread reads."""
    block = np.ones(32_000_000)
    took = peers.timed(lambda _i: block.sum(), 1, 5)[0]
    return block.nbytes / took


def _once(run, repeat: int = 3) -> tuple[float, float]:
    """(seconds, core-seconds) of the quickest of some rounds."""
    took = []
    for _round in range(repeat):
        start, core = time.perf_counter(), time.process_time()
        run()
        took.append((time.perf_counter() - start, time.process_time() - core))
    return min(took)


def _both(took: tuple[float, float]) -> str:
    return f"{took[0]:.3f} s ({took[1]:.3f} core-seconds)"


def _ms(took: np.ndarray) -> str:
    return f"{np.median(took):.2f} ({np.percentile(took, 95):.2f})"


if __name__ == "__main__":
    main()
