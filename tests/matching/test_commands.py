"""The commands print what the pages show."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from matching import operations, queries
from matching.models import Application, ChanceModel
from tests.factories import make_cv, make_user, make_vacancy

pytestmark = pytest.mark.django_db


def said(*arguments) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_candidates_are_those_of_the_page_in_the_same_order(sent, cv, vacancy, painting, person):
    make_cv(make_user(), {painting: 4})
    expected = queries.candidates_for_vacancy(vacancy)
    rows = json.loads(said("rank_candidates", vacancy.pk, "--json"))
    assert [(row["ref"], row["fit"]) for row in rows] == [(str(match.ref), match.fit) for match in expected]
    assert [row["person"] is None for row in rows] == [not match.name_is_known for match in expected]
    lines = said("rank_candidates", vacancy.pk).splitlines()
    assert len(lines) == 1 + len(expected)
    assert str(expected[0].ref) in lines[1]
    assert person.name not in "".join(lines)


def test_vacancies_are_those_of_the_page_in_the_same_order(cv, vacancy, firm, painting):
    make_vacancy(firm, {painting: 5}, title="Schilder")
    expected = queries.matches_for_cv(cv)
    rows = json.loads(said("rank_vacancies", cv.pk, "--json"))
    assert [(row["vacancy"]["id"], row["fit"]) for row in rows] == [(match.vacancy.pk, match.fit) for match in expected]
    assert len(said("rank_vacancies", cv.pk, "--limit", 1).splitlines()) == 2


@pytest.mark.parametrize(
    "arguments, what",
    [
        (("rank_candidates", 404), "no vacancy 404"),
        (("rank_vacancies", 404), "no smart CV 404"),
        (("rank_vacancies", "x"), "invalid int"),
    ],
)
def test_what_is_not_there_is_said(arguments, what):
    with pytest.raises(CommandError, match=what):
        said(*arguments)


def test_a_limit_under_one_is_said(cv, vacancy):
    for name, pk in (("rank_candidates", vacancy.pk), ("rank_vacancies", cv.pk)):
        with pytest.raises(CommandError, match="limit"):
            said(name, pk, "--limit", 0)


def test_training_fills_in_what_is_missing_and_says_what_came_of_it(sent, owner, now):
    operations.invite(application=sent, actor=owner, now=now)
    Application.objects.update(snapshot={})
    answer = said("train_chance")
    assert "features of 1 applications" in answer
    assert "invited: version 1, 1 outcomes, live" in answer
    assert ChanceModel.objects.get(target="invited").is_live
    assert "not live: too few new outcomes" in said("train_chance")
