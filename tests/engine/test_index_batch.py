"""All pairs through Dask in two processes, and an oracle that knows nothing of this engine."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from matching.engine import score_candidates
from matching.engine.competence import effective_level
from matching.engine.index.batch import lists_both_ways, lists_for_vacancies, shards
from matching.engine.index.candidates import ask, index_people, top_candidates
from matching.engine.index.files import write_index
from matching.engine.index.formulas import CAN
from matching.engine.index.question import Filters
from matching.engine.index.topk import read_keys
from tests.engine.pools import crowd, make_space, make_vacancies, markets, take_candidates

pytestmark = pytest.mark.slow  # the loops are compiled once for a checkout, which takes a minute


def test_dask_in_two_processes_gives_the_order_of_one_index(tmp_path):
    nightly = pytest.importorskip(
        "matching.engine.index.nightly", exc_type=ImportError, reason="the extra `batch` (Dask) is not installed"
    )
    rng = np.random.default_rng(5)
    space, vacancies = make_space(rng, 30), make_vacancies(rng, 9, 30)
    candidates = crowd(rng, 600, 30)
    files = []
    for number, rows in enumerate(shards(candidates, space, 4)):
        files.append(tmp_path / f"{number}.index")
        write_index(files[-1], index_people(take_candidates(candidates, rows), space), {})
    lists = nightly.nightly_lists(files, vacancies, space, 20, stretch=5)
    whole = lists_for_vacancies(index_people(candidates, space), ask(vacancies, space), 20)
    assert [keys.tolist() for keys in lists] == [keys.tolist() for keys in whole]


@settings(max_examples=25, deadline=None)
@given(markets(), st.integers(1, 5), st.sampled_from([None, 20, 60]), st.booleans(), st.integers(1, 2))
def test_both_ways_from_one_pass_are_the_reference_lists(market, k, max_minutes, hours, threads):
    index, asked = index_people(market.candidates, market.space), ask(market.vacancies, market.space)
    found, back = lists_both_ways(index, asked, k, Filters(max_minutes, hours), threads)
    people, work = market.candidates, market.vacancies
    pairs = [score_candidates(market.work, v, market.people) for v in range(len(work.ids))]
    keep = np.array([scores.passed for scores in pairs])
    if max_minutes is not None:
        minutes = np.array([scores.minutes for scores in pairs])
        keep &= ((minutes >= 0) & (minutes <= max_minutes)) | work.remote[:, None]
    if hours:
        meet = (people.hours_min <= work.hours_max[:, None]) & (people.hours_max >= work.hours_min[:, None])
        keep &= meet | (people.hours_min < 0) | (people.hours_max < 0)
    fit = np.array([scores.fit for scores in pairs])
    for v in range(len(work.ids)):
        order = np.lexsort((people.ids, -fit[v]))
        assert read_keys(found[v]).ids.tolist() == people.ids[order[keep[v][order]]][:k].tolist()
    for row, person in enumerate(index.people.ids.tolist()):
        c = int(np.searchsorted(people.ids, person))
        order = np.lexsort((work.ids, -fit[:, c]))
        best = order[keep[order, c]][:k]
        assert read_keys(back[row]).ids.tolist() == work.ids[best].tolist()
        assert read_keys(back[row]).fit.tolist() == fit[best, c].tolist()


def test_sparse_dot_topn_agrees_where_both_can_count():
    """Without nearness and with the highest level asked, competence is a sparse product, which the oracle counts too."""
    oracle = pytest.importorskip("sparse_dot_topn")
    rng = np.random.default_rng(6)
    n, n_skills = 400, 60
    space = make_space(rng, n_skills)
    space = replace(
        space, near_indptr=np.arange(n_skills + 1), near=np.arange(n_skills, dtype=np.int32),
        similarity=np.full(n_skills, 15, dtype=np.int32),
    )  # fmt: skip
    candidates = crowd(rng, n, n_skills)
    vacancies = make_vacancies(rng, 12, n_skills)
    vacancies = replace(
        vacancies, min_level=np.full_like(vacancies.min_level, 15), hard=np.zeros_like(vacancies.hard),
        education=np.zeros_like(vacancies.education), languages=np.zeros_like(vacancies.languages),
        certificates=np.zeros_like(vacancies.certificates), certificates_hard=np.zeros_like(vacancies.certificates),
    )  # fmt: skip
    evidence = sparse.csr_matrix(
        (effective_level(candidates.level, candidates.years_unused).astype(float), candidates.skill, candidates.indptr),
        (n, n_skills),
    )
    weight = (vacancies.importance * space.idf[vacancies.skill]).astype(float)
    asked = sparse.csr_matrix((weight, vacancies.skill, vacancies.indptr), (12, n_skills))
    products = oracle.sp_matmul_topn(asked, evidence.T.tocsr(), top_n=n).tocsr()
    index = index_people(candidates, space)
    for v in range(12):
        whole = weight[vacancies.indptr[v] : vacancies.indptr[v + 1]].sum()
        if not whole:
            continue
        top = top_candidates(index, ask(vacancies, space), v, n)
        ours = dict(zip(index.people.ids[top.rows].tolist(), top.scores[:, CAN].tolist(), strict=True))
        theirs = products[v].toarray().ravel() / (225 * whole) * 10_000
        assert len(ours) == n
        for row, said in enumerate(theirs):
            # Ours rounds every coverage to a ten-thousandth before it is summed: at most one and a half off.
            assert abs(ours[int(candidates.ids[row])] - said) <= 1.5
