"""Generations, the delta and shards: one order, whatever holds it, and nothing half done in use."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import rank, score_candidates
from matching.engine.index.batch import lists_for_vacancies, merge_shards, shards
from matching.engine.index.candidates import ask, index_people, top_candidates
from matching.engine.index.delta import refresh, top_fresh
from matching.engine.index.files import BadIndexFile, read_index, write_index
from matching.engine.index.generations import Building, Generations
from matching.engine.index.topk import merge, read_keys
from tests.engine.pools import (
    Market,
    crowd,
    join_candidates,
    make_market,
    make_space,
    make_vacancies,
    markets,
    take_candidates,
)

pytestmark = pytest.mark.slow  # the loops are compiled once for a checkout, which takes a minute


def crowd_market(seed: int = 1, n: int = 700) -> Market:
    rng = np.random.default_rng(seed)
    space = make_space(rng, 30)
    return Market(space, crowd(rng, n, 30), make_vacancies(rng, 8, 30), make_market(seed).programmes)


def reference(market, v, k=50):
    scores = score_candidates(market.work, v, market.people)
    order = rank(scores)
    return scores.ids[order[scores.passed[order]]][:k].tolist()


def test_a_file_gives_back_what_was_written(tmp_path):
    market = crowd_market()
    index, asked = index_people(market.candidates, market.space), ask(market.vacancies, market.space)
    write_index(tmp_path / "one.index", index, {"made": 3})
    again, stamp = read_index(tmp_path / "one.index")
    assert stamp == {"made": 3}
    for v in range(8):
        assert top_candidates(again, asked, v).keys.tolist() == top_candidates(index, asked, v).keys.tolist()


@pytest.mark.parametrize("cut", [0, 5, 12, 300, -1])
def test_a_file_that_was_cut_short_is_refused(tmp_path, cut):
    market = make_market(4)
    path = tmp_path / "one.index"
    write_index(path, index_people(market.candidates, market.space), {})
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(BadIndexFile, match=r"one\.index"):
        read_index(path)


def test_a_file_of_another_engine_or_another_kind_is_refused(tmp_path):
    market = make_market(4)
    path = tmp_path / "one.index"
    write_index(path, index_people(market.candidates, market.space), {})
    path.write_bytes(path.read_bytes().replace(b'"engine": "1', b'"engine": "0', 1))
    with pytest.raises(BadIndexFile, match="made by engine"):
        read_index(path)
    path.write_bytes(b"something else entirely, and long enough")
    with pytest.raises(BadIndexFile, match="no index"):
        read_index(path)


def test_a_build_that_crashes_leaves_the_old_one_in_use(tmp_path):
    market = make_market(4)
    index, generations = index_people(market.candidates, market.space), Generations(tmp_path)
    assert generations.current() is None
    generations.rebuild(lambda: (index, {"turn": 1}))

    def crash():
        (tmp_path / "00000002.index").write_bytes(b"half a file")
        raise MemoryError

    with pytest.raises(MemoryError):
        generations.rebuild(crash)
    assert Generations(tmp_path).current()[1] == {"turn": 1}
    generations.rebuild(lambda: (index, {"turn": 2}))
    assert generations.current()[1] == {"turn": 2}
    old = generations.current()[0]
    for turn in range(3, 6):
        generations.rebuild(lambda turn=turn: (index, {"turn": turn}))
    assert old.people.ids.tolist() == index.people.ids.tolist()  # who still reads an old one is not disturbed
    assert len(list(tmp_path.glob("*.index"))) == 2


def test_two_builds_at_once(tmp_path):
    market = make_market(4)
    index = index_people(market.candidates, market.space)

    def meanwhile():
        with pytest.raises(Building):
            Generations(tmp_path).rebuild(lambda: (index, {}))
        return index, {"turn": 1}

    Generations(tmp_path).rebuild(meanwhile)
    assert Generations(tmp_path).current()[1] == {"turn": 1}


def test_a_builder_that_is_killed_lets_go_of_the_lock_and_changes_nothing(tmp_path):
    market = make_market(4)
    index = index_people(market.candidates, market.space)
    Generations(tmp_path).rebuild(lambda: (index, {"turn": 1}))
    script = (
        "import os, sys, pathlib\nfrom matching.engine.index.generations import Generations\n"
        "Generations(pathlib.Path(sys.argv[1])).rebuild(lambda: os._exit(9))"
    )
    assert subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False).returncode == 9
    assert Generations(tmp_path).current()[1] == {"turn": 1}
    Generations(tmp_path).rebuild(lambda: (index, {"turn": 2}))
    assert Generations(tmp_path).current()[1] == {"turn": 2}


@settings(max_examples=30, deadline=None)
@given(markets(), st.data())
def test_an_old_index_with_its_delta_is_an_index_of_now(market, data):
    n = len(market.candidates.ids)
    old = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)), dtype=bool)
    before = replace(market.candidates, education=np.zeros(n, dtype=np.int32))  # as they were: without a diploma
    gone = np.array([20_001], dtype=np.int64)  # somebody who is in the index only
    rows = np.flatnonzero(old)
    index = index_people(take_candidates(before, rows), market.space)
    if len(rows):
        ghost = replace(take_candidates(before, rows[:1]), ids=gone)
        index = index_people(join_candidates(take_candidates(before, rows), ghost), market.space)
    fresh = refresh(index, market.space, market.candidates, gone)
    asked = ask(market.vacancies, market.space)
    for v in range(len(market.vacancies.ids)):
        parts = top_fresh(fresh, asked, v, 4, only_passing=True)
        assert read_keys(merge([top.keys for top, _index in parts], 4)).ids.tolist() == reference(market, v, 4)


def test_one_index_four_shards_and_the_batch_give_one_order():
    market = crowd_market()
    asked = ask(market.vacancies, market.space)
    whole = lists_for_vacancies(index_people(market.candidates, market.space), asked)
    parts = [
        lists_for_vacancies(index_people(take_candidates(market.candidates, rows), market.space), asked, threads=2)
        for rows in shards(market.candidates, market.space, 4)
    ]
    merged = merge_shards(parts, 50)
    for v in range(8):
        assert read_keys(whole[v]).ids.tolist() == reference(market, v)
        assert merged[v].tolist() == whole[v].tolist()
