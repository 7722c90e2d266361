"""The encoder learns from groups of labels: what stands in one group comes to lie together, also in new words."""

import numpy as np
import pytest

from taxonomy.titles.encoder import Encoder, Group, Pieces, Training, train

TEACHING = {
    "chauffeur": ["vrachtwagenchauffeur", "taxichauffeur", "buschauffeur", "chauffeur"],
    "bestuurder": ["vrachtwagenbestuurder", "taxibestuurder", "busbestuurder", "bestuurder"],
    "bakker": ["broodbakker", "bakker", "koekbakker"],
    "lasser": ["lasser", "tig lasser", "mig lasser"],
}


@pytest.fixture(scope="module")
def learned() -> Encoder:
    """`chauffeur` and `bestuurder` mean the same, said of trucks, taxis and buses."""
    texts, groups = [], []
    for one, other in zip(TEACHING["chauffeur"], TEACHING["bestuurder"], strict=True):
        groups.append(Group(np.array([len(texts)]), np.array([len(texts) + 1])))
        texts += [one, other]
    for name in ("bakker", "lasser"):
        groups.append(Group(np.arange(len(texts), len(texts) + 3), np.empty(0, np.int64)))
        texts += TEACHING[name]
    pieces = Pieces.fit(texts)
    rows = pieces.transform(texts)
    return Encoder(pieces, [train(rows, groups, Training(steps=200, width=16, seed=seed)) for seed in (1, 2)])


def likeness(encoder: Encoder, one: str, other: str) -> float:
    first, second = encoder.vectors(encoder.rows([one, other]))
    return float(first @ second)


def test_a_synonym_that_was_learned_counts_in_a_new_word(learned):
    assert likeness(learned, "tramchauffeur", "trambestuurder") > likeness(learned, "tramchauffeur", "koekbakker") + 0.3
    untrained = Encoder(learned.pieces, [np.eye(learned.pieces.size, dtype=np.float32)])
    assert likeness(untrained, "tramchauffeur", "trambestuurder") < likeness(learned, "tramchauffeur", "trambestuurder")


def test_vectors_have_unit_length_and_unknown_titles_none(learned):
    vectors = learned.vectors(learned.rows(["lasser", "日本", ""]))
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 0, 0], abs=1e-6)


def test_the_same_seed_gives_the_same_vectors():
    texts = ["lasser", "tig lasser", "bakker", "broodbakker"]
    groups = [Group(np.array([0, 1]), np.empty(0, np.int64)), Group(np.array([2, 3]), np.empty(0, np.int64))]
    rows = Pieces.fit(texts).transform(texts)
    first, second = (train(rows, groups, Training(steps=20, width=8)) for _ in range(2))
    assert np.array_equal(first, second)


def test_pieces_come_back_from_their_arrays(learned):
    again = Pieces.restore(learned.pieces.state())
    texts = ["tramchauffeur", "mig lasser en bakker"]
    assert (again.transform(texts) != learned.pieces.transform(texts)).nnz == 0
