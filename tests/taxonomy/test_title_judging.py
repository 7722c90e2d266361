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
    "changed",
    [
        {
            name: text.replace("\n", "\r\n")
            for name, text in (("queries", FILES["queries.tsv"]), ("annotations", FILES["annotations.tsv"]))
        },
        {
            "queries": "query_id\tquery\n" + FILES["queries.tsv"],
            "corpus_elements": FILES["corpus_elements.tsv"] + "id\ttext\n",
            "annotations": "query_id\titeration\telement_id\trelevance\n" + FILES["annotations.tsv"],
        },
        {"annotations": "q1\tc1\t1\nq1\tc2\t1\nq2\tc3\t1\n"},
        {"annotations": "q1\tc1\nq1\tc2\nq2\tc3\n"},
        {
            "queries": "Kok\nPoetser\n",
            "corpus_elements": "kok\nchef-kok\nschoonmaker\n",
            "annotations": "Kok\tkok\nKok\tchef-kok\nPoetser\tschoonmaker\n",
        },
    ],
    ids=["CRLF", "named columns", "three columns", "two columns", "no ids"],
)
def test_other_ways_to_write_it_are_read(folder, changed):
    judged = read_judged(folder(**changed))
    assert judged.queries == ["Kok", "Poetser"]
    assert [one.tolist() for one in judged.relevant] == [[0, 1], [2]]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"queries": "q1 Kok\n"}, "line 1: 'q1' is in no other file"),
        ({"queries": "q1\tKok\nq1\tKok\n"}, "twice"),
        ({"annotations": "q1\t0\tc9\t1\n"}, "line 1: 'c9' is in no other file"),
        ({"annotations": "q1\t0\tc1\t1\nq1\t0\tc1\tyes\n"}, "line 2: 'yes' is not a number"),
        ({"annotations": "q1\n"}, "line 1: 2 columns wanted"),
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
