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

import numpy as np
from sparse_dot_topn import sp_matmul_topn
from usearch.index import Index

from matching.engine import prior
from matching.engine.index.batch import lists_for_people, lists_for_vacancies
from matching.engine.index.candidates import ask, index_people, top_candidates
from matching.engine.index.gains import skill_gains
from matching.engine.index.question import Filters
from matching.engine.index.standing import Standing
from matching.engine.index.vacancies import enters, index_work
from tests.bench import peers, region
from tests.bench.pgvector import sparse_scan

REALISTIC = Filters(max_minutes=45, hours=True)
QUERIES = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=1_000_000, help="the largest number of people")
    parser.add_argument("--seed", type=int, default=region.SEED)
    options = parser.parse_args()
    start = time.perf_counter()
    print(f"seed {options.seed}; {region.taxonomy().source}; {os.cpu_count()} cores\n")
    one_vacancy(options.most, options.seed)
    all_pairs(options.seed, options.most)
    one_change(options.seed, options.most)
    print(f"\nall of it in {(time.perf_counter() - start) / 60:.1f} minutes")


def one_vacancy(most: int, seed: int) -> None:
    """One vacancy, the best 50: whole score with filters and explanation, against skills alone elsewhere."""
    facts = region.taxonomy()
    vacancies = region.work(QUERIES, seed)
    asked, demand = ask(vacancies, facts.space), peers.demands(vacancies, facts.space)
    print("One vacancy, the best 50, ms: median (95 %)")
    print(
        "| people | index, filters | eligible | index, no filters | SciPy CSR | NumPy 256-d | usearch | bytes a person |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for n in [size for size in (1_000, 10_000, 100_000, 1_000_000) if size <= most]:
        candidates = region.people(n, seed)
        index = index_people(candidates, facts.space)
        share = np.mean([top_candidates(index, asked, v, 50, REALISTIC).n_eligible / n for v in range(QUERIES)])
        ours = peers.timed(
            lambda v, index=index: top_candidates(index, asked, v, 50, REALISTIC, only_passing=True), QUERIES
        )
        open_ = peers.timed(lambda v, index=index: top_candidates(index, asked, v, 50, only_passing=True), 20)
        matrix = peers.evidence(candidates, facts.space)
        del candidates
        vectors, questions = peers.embeddings(matrix, demand, seed)
        numpy_ = peers.timed(lambda v, e=vectors, q=questions: peers.best(e @ q[v]), 5 if n == most else 20)
        near = _usearch(vectors, questions) if n <= 10_000 else None
        del vectors
        expanded = (matrix @ peers.nearness(facts.space)).tocsr()
        scipy_ = peers.timed(peers.scipy_csr(expanded, demand), 5 if n == most else 20)
        del expanded, matrix
        floor = index.bytes_per_person * n / _bandwidth()
        print(
            f"| {n:,} | {_ms(ours)} | {share:.1%} | {_ms(open_)} | {_ms(scipy_)} ({_times(scipy_, ours)}) "
            f"| {_ms(numpy_)} ({_times(numpy_, ours)}) | {'–' if near is None else _ms(near)} "
            f"| {index.bytes_per_person:.0f} |"
        )
        print(
            f"  floor (all of the index read once): {floor:.2f} ms; the index takes {np.median(ours) / floor:.2f} of it",
            flush=True,
        )
    print()
    print(f"pgvector sparsevec, exact scan of 10,000 in the embedded PostgreSQL: {_ms(sparse_scan(10_000, seed))} ms\n")


def all_pairs(seed: int, most: int) -> None:
    """Everybody's list at once."""
    facts = region.taxonomy()
    for n_people, n_work in ((1_000, 2_000), (min(100_000, most), min(10_000, most // 10))):
        candidates, vacancies = region.people(n_people, seed), region.work(n_work, seed)
        people, asked = index_people(candidates, facts.space), ask(vacancies, facts.space)
        work = index_work(vacancies, facts.space)
        for name, filters in (("filters", REALISTIC), ("no filters", Filters())):
            took = _once(lambda p=people, a=asked, f=filters: lists_for_vacancies(p, a, 50, f, threads=2))
            line = f"{n_people:,} x {n_work:,}, {name}, two threads: people for every vacancy {_both(took)}"
            if n_people == 1_000:
                back = _once(lambda w=work, p=people, f=filters: lists_for_people(w, p, 50, f.max_minutes, threads=2))
                line += f", work for every person {_both(back)}"
            print(line, flush=True)
        matrix, demand = peers.evidence(candidates, facts.space), peers.demands(vacancies, facts.space)
        right = (matrix @ peers.nearness(facts.space)).T.tocsr()
        other = _once(lambda d=demand, r=right: sp_matmul_topn(d, r, top_n=50, n_threads=2), 1)
        print(f"  sparse_dot_topn, skills only, two threads: {_both(other)}", flush=True)


def one_change(seed: int, most: int) -> None:
    """One changed CV against 100,000 vacancies, and the gain of every skill."""
    facts, n = region.taxonomy(), min(100_000, most)
    vacancies = region.work(n, seed)
    work, asked = index_work(vacancies, facts.space), ask(vacancies, facts.space)
    everybody = index_people(region.people(min(100_000, most), seed), facts.space)
    rows = np.searchsorted(vacancies.ids, work.work.ids)
    lists = lists_for_vacancies(everybody, asked, 64, REALISTIC, rows.tolist(), threads=2)
    standing = Standing.from_lists(lists, 50, 14)
    changed = index_people(region.people(200, seed + 1), facts.space)
    found = peers.timed(lambda c: enters(work, changed, c, standing.floors, 45), 200)
    whole = peers.timed(lambda c: standing.change(work, changed, c, 45), 200, 1)
    print(
        f"\none changed CV against {n:,} vacancies: {_ms(found)} ms to find its lists, {_ms(whole)} ms to put it in them all"
    )
    queue, age = np.ones(n), np.ones(n)
    reach = [skill_gains(work, changed, c, prior(), queue, age, 45)[1] for c in range(20)]
    gains = peers.timed(lambda c: skill_gains(work, changed, c, prior(), queue, age, 45), 20)
    print(f"gain of every skill, {np.median(reach):,.0f} of {n:,} vacancies in reach (45 minutes): {_ms(gains)} ms")
    every = peers.timed(lambda c: skill_gains(work, changed, c, prior(), queue, age), 3)
    print(f"gain of every skill, all {n:,} vacancies: {_ms(every)} ms")


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


def _times(other: np.ndarray, ours: np.ndarray) -> str:
    return f"x {np.median(other) / np.median(ours):.0f}"


if __name__ == "__main__":
    main()
