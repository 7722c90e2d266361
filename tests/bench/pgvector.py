"""pgvector's sparse vectors in the embedded PostgreSQL: an exact scan, skills only."""

import time

import numpy as np
import psycopg
from pgvector import SparseVector
from pgvector.psycopg import register_vector

from core.embedded import database_url
from tests.bench import peers, region

MOST_ENTRIES = 1_000  # an index of sparse vectors holds no more; a scan would


def sparse_scan(n: int, seed: int, queries: int = 10) -> np.ndarray:
    """(queries,) milliseconds for the best 50 of n people; NaN where this PostgreSQL has no pgvector."""
    facts = region.taxonomy()
    expanded = (peers.evidence(region.people(n, seed), facts.space) @ peers.nearness(facts.space)).tocsr()
    asked = peers.demands(region.work(queries, seed), facts.space)
    with psycopg.connect(database_url()) as connection:
        known = connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'").fetchone()
        if known is None:
            return np.full(queries, np.nan)
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        register_vector(connection)
        connection.execute(f"CREATE TEMP TABLE bench_people (id int, skills sparsevec({expanded.shape[1]}))")
        with connection.cursor().copy("COPY bench_people FROM STDIN") as copy:
            for row in range(n):
                copy.write_row((row, SparseVector(expanded[row]).to_text()))
        connection.execute("ANALYZE bench_people")
        wanted = [SparseVector(asked[v]) for v in range(queries)]
        statement = "SELECT id FROM bench_people ORDER BY skills <#> %s LIMIT 50"
        took = peers.timed(
            lambda v: connection.execute(statement, [wanted[v]]).fetchall(), queries, clock=time.perf_counter
        )
        connection.rollback()  # leaves nothing behind
        return took
