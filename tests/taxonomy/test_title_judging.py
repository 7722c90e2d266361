"""Reading judged titles, and the measures over them."""

import numpy as np
import pytest

from taxonomy.titles.judging import BadJudgements, measure, places_of, read_judged

FILES = {
    "queries.tsv": "q1\tKok\nq2\tPoetser\nq3\tNiemand oordeelde\n",
    "corpus_elements.tsv": "c1\tkok\nc2\tchef-kok\nc3\tschoonmaker\n",
    "annotations.tsv": "q1\t0\tc1\t1\nq1\t0\tc2\t1\nq2\t0\tc3\t1\nq2\t0\tc1\t0\n",
}


@pytest.fixture
def folder(tmp_path):
    def write(**changed):
        for name, text in (FILES | {f"{key}.tsv": text for key, text in changed.items()}).items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_a_folder_is_read(folder):
    judged = read_judged(folder())
    assert judged.queries == ["Kok", "Poetser"]
    assert [one.tolist() for one in judged.relevant] == [[0, 1], [2]]
    assert judged.literal.tolist() == [True, False]
    assert judged.skipped == 1


def test_documents_may_stand_in_for_elements(folder):
    directory = folder()
    (directory / "corpus_elements.tsv").rename(directory / "corpus_documents.tsv")
    assert read_judged(directory).corpus == ["kok", "chef-kok", "schoonmaker"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"queries": "q1 Kok\n"}, "queries.tsv, line 1"),
        ({"queries": "q1\tKok\nq1\tKok\n"}, "twice"),
        ({"annotations": "q1\t0\tc9\t1\n"}, "line 1: 'c9' is in no other file"),
        ({"annotations": "q1\t0\tc1\tyes\n"}, "line 1: 'yes' is not a number"),
        ({"annotations": "q1\t0\tc1\t0\n"}, "judges no query"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(folder, changed, said):
    with pytest.raises(BadJudgements, match=said):
        read_judged(folder(**changed))


def test_a_folder_without_a_corpus_is_refused(tmp_path):
    with pytest.raises(BadJudgements, match=r"corpus_elements\.tsv"):
        read_judged(tmp_path)


def test_places_are_those_of_the_order():
    assert places_of(np.array([3, 1, 0, 2]), np.array([0, 2])).tolist() == [3, 4]


def test_no_queries_measure_nothing():
    assert measure([]).n == 0
