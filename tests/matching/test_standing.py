"""Standing lists: after every change what ranking everybody anew would give."""

import random
from datetime import timedelta

import pytest
from django.urls import reverse

from core import events
from matching import operations, queries, tasks
from matching.models import Listed, Standing
from matching.operations import standing
from profiles.models import CV
from tests.factories import make_cv, make_skill, make_user, make_vacancy
from vacancies.models import Vacancy
from vacancies.operations import close_vacancy, publish_vacancy

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_lists(monkeypatch):
    """Lists of three, with a reserve of two."""
    monkeypatch.setattr(standing, "ROOM", 4)
    monkeypatch.setattr(standing, "LOW", 4)
    return 3


def ranked_anew(vacancy: Vacancy) -> list[tuple[int, int]]:
    """(CV id, fit) of everybody who may be found and passes, in the order of the page, from nothing that was kept."""
    if not vacancy.is_open:
        return []
    findable = set(CV.objects.matchable().values_list("id", flat=True))
    found = [(pk, fit) for pk, fit in queries.everybody_for_vacancy(vacancy.pk) if pk in findable]
    return sorted(found, key=lambda one: (-one[1], one[0]))


@pytest.mark.parametrize("seed", range(2))
def test_lists_equal_full_recomputation_after_every_change(
    seed, small_lists, firm, owner, now, monkeypatch, django_capture_on_commit_callbacks
):
    waiting: list[tuple] = []
    monkeypatch.setattr(events, "send", lambda task, *arguments: waiting.append((task, *arguments)))
    run = {
        "matching.cv_changed": lambda pk: operations.refresh_recommendations(cv_id=pk, now=now),
        "matching.vacancy_changed": lambda pk: operations.refresh_recommendations_of_vacancy(vacancy_id=pk, now=now),
        "matching.rank_list": lambda pk: operations.rank_list(vacancy_id=pk, now=now),
    }
    chance = random.Random(seed)
    skills = [make_skill() for _ in range(6)]
    some = lambda: {skill: chance.randint(1, 5) for skill in chance.sample(skills, chance.randint(1, 4))}  # noqa: E731
    vacancies = [make_vacancy(firm, some()) for _ in range(4)]
    people = [make_cv(make_user(), some()) for _ in range(12)]
    for vacancy in vacancies:
        operations.rank_list(vacancy_id=vacancy.pk, now=now)
    anew = 0
    for turn in range(25):
        while waiting:
            task, *arguments = waiting.pop(0)
            anew += task == "matching.rank_list"
            with django_capture_on_commit_callbacks(execute=True):
                run[task](*arguments)
        for vacancy in Vacancy.objects.filter(pk__in=[vacancy.pk for vacancy in vacancies]):
            expected = ranked_anew(vacancy)
            assert queries.best_waiting(vacancy, small_lists) == expected[:small_lists]
            floor = Standing.objects.filter(vacancy=vacancy).values_list("floor", flat=True).first() or 0
            held = Listed.objects.filter(vacancy=vacancy).order_by("-fit", "cv_id").values_list("cv_id", "fit")
            assert list(held) == [one for one in expected if one[1] >= floor]
        if not turn % 8:
            operations.rank_all_lists(now=now)  # whatever happened, the night finds nothing to mend among who is shown
            for vacancy in vacancies:
                vacancy.refresh_from_db()
                assert queries.best_waiting(vacancy, small_lists) == ranked_anew(vacancy)[:small_lists]
        with django_capture_on_commit_callbacks(execute=True):
            _change_something(chance, people, some, vacancies, owner, now)
    assert anew  # some list ran low or grew far


def _change_something(chance, people, some, vacancies, owner, now) -> None:
    """One change by a person or a firm, as the pages make it: the version rises and the matcher is told."""
    cv, what = chance.choice(people), chance.random()
    if what < 0.55:
        cv.cv_skills.all().delete()
        cv.cv_skills.bulk_create(cv.cv_skills.model(cv=cv, skill=skill, level=level) for skill, level in some().items())
        CV.objects.filter(pk=cv.pk).update(version=cv.version + 1)
        cv.version += 1
        events.changed("cv", cv.pk)
    elif what < 0.75:
        cv.refresh_from_db()
        CV.objects.filter(pk=cv.pk).update(findable=not cv.findable, version=cv.version + 1)
        cv.version += 1
        events.changed("cv", cv.pk)
    elif what < 0.85:
        people.append(make_cv(make_user(), some()))
        events.changed("cv", people[-1].pk)
    else:
        vacancy = Vacancy.objects.get(pk=chance.choice(vacancies).pk)
        act = close_vacancy if vacancy.is_open else publish_vacancy
        act(vacancy=vacancy, actor=owner, now=now)


def test_a_firm_reads_who_is_waiting_and_who_is_new(client, owner, firm, sawing, now):
    vacancy = make_vacancy(firm, {sawing: 3})
    early = make_cv(make_user("vroeg@example.org"), {sawing: 4})
    operations.rank_list(vacancy_id=vacancy.pk, now=now)
    client.force_login(owner)
    waiting = lambda: client.get(reverse("api-waiting")).json()  # noqa: E731
    assert waiting() == [{"vacancy": vacancy.pk, "people": 1, "new": 0, "more": False}]  # nobody looked yet
    client.get(reverse("matching:candidates", args=[vacancy.pk]))
    seen_at = Standing.objects.get().seen_at
    late = make_cv(make_user("laat@example.org"), {sawing: 5})
    operations.refresh_recommendations(cv_id=late.pk, now=seen_at + timedelta(hours=1))
    operations.refresh_recommendations(cv_id=early.pk, now=seen_at + timedelta(hours=1))  # changed: not new again
    assert waiting() == [{"vacancy": vacancy.pk, "people": 2, "new": 1, "more": False}]
    assert "1 nieuw" in client.get(reverse("vacancies:mine")).text
    page = client.get(reverse("matching:candidates", args=[vacancy.pk]))
    assert page.context["new"] == {late.pk}
    operations.apply(cv=late, vacancy=vacancy, actor=late.owner, why="", did="", now=now)
    assert waiting()[0]["people"] == 1  # who applied is in another list


def test_a_list_goes_when_the_vacancy_closes(small_lists, owner, firm, sawing, now):
    vacancy = make_vacancy(firm, {sawing: 3})
    for level in (1, 1, 2, 3, 4, 5):
        make_cv(make_user(), {sawing: level})
    assert operations.rank_list(vacancy_id=vacancy.pk, now=now) >= 4
    assert Standing.objects.get().floor > 0
    close_vacancy(vacancy=vacancy, actor=owner, now=now)
    tasks.refresh_all()  # the night mends what a queue that was down missed
    assert not Listed.objects.exists()
    assert not queries.waiting_for([vacancy.pk])


def test_other_firms_and_strangers_read_nothing_of_it(client, vacancy, cv, now):
    operations.rank_list(vacancy_id=vacancy.pk, now=now)
    assert client.get(reverse("api-waiting")).status_code in (401, 403)
    client.force_login(cv.owner)
    assert client.get(reverse("api-waiting")).status_code == 403


def test_a_vacancy_in_a_region_without_people_has_an_empty_list(vacancy, now):
    assert operations.rank_all_lists(now=now) == 0
    assert queries.waiting_for([vacancy.pk])[vacancy.pk].n == 0
