"""Large pools go through the index, and nobody can tell: the same people, in the same order, at every moment."""

from datetime import timedelta

import pytest

from matching import indexing, operations, sharding, tasks
from matching.engine.index.generations import Building
from matching.models import Standing
from matching.queries import candidates_for_vacancy, places_of_cv
from profiles.models import CV
from profiles.operations import base
from tests.factories import make_cv, make_user, make_vacancy

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def crowd(sawing, painting, settings, tmp_path, monkeypatch):
    settings.INDEX_DIR = tmp_path / "index"
    monkeypatch.setattr(indexing, "MARGIN", timedelta(0))  # else everybody here is new enough for the delta
    people = [make_user(f"mens{number}@example.org") for number in range(14)]
    return [
        make_cv(user, {sawing: 1 + number % 5} if number % 3 else {sawing: 2, painting: 1 + number % 4},
                ready_to_learn=number % 5)
        for number, user in enumerate(people)
    ]  # fmt: skip


@pytest.fixture
def vacancy(firm, sawing, painting):
    return make_vacancy(firm, {sawing: 3, painting: 2})


def both(vacancy, settings, limit=6):
    """The list from the arrays, and from the index; fails when no index is in use."""
    settings.INDEX_FROM = 10**9
    plain = candidates_for_vacancy(vacancy, limit)
    settings.INDEX_FROM = 0
    return plain, candidates_for_vacancy(vacancy, limit)


def same(plain, indexed):
    assert [(match.cv.pk, match.fit, match.chance) for match in plain] == [
        (match.cv.pk, match.fit, match.chance) for match in indexed
    ]
    assert plain


def test_the_index_gives_the_same_list_with_applicants_and_after_changes(crowd, vacancy, settings, now):
    indexing.rebuild()
    assert indexing.best_of(vacancy.pk, {cv.pk for cv in crowd}, {}, 3) is not None
    same(*both(vacancy, settings))
    applicant = crowd[3]
    operations.apply(cv=applicant, vacancy=vacancy, actor=applicant.owner, why="Ik zaag al jaren en dat doe ik graag.",
                     did="Ik heb een eigen werkplaats ingericht.", now=now)  # fmt: skip
    same(*both(vacancy, settings))
    crowd[5].cv_skills.update(level=5)  # changed since the build: the delta knows
    CV.objects.filter(pk=crowd[6].pk).update(findable=False)
    crowd[7].owner.delete()
    base.touch(crowd[5])
    same(*both(vacancy, settings))


def test_no_index_a_damaged_one_and_one_of_yesterday_give_way_to_the_arrays(crowd, vacancy, settings, monkeypatch):
    everybody = {cv.pk for cv in crowd}
    assert indexing.best_of(vacancy.pk, everybody, {}, 3) is None
    same(*both(vacancy, settings))
    (name,) = indexing.rebuild()
    path = settings.INDEX_DIR / name
    with monkeypatch.context() as patched:
        patched.setattr(indexing, "_stamp", lambda: ["another day"])
        assert indexing.best_of(vacancy.pk, everybody, {}, 3) is None
    path.write_bytes(path.read_bytes()[:1000])
    indexing.generations()._open = None  # as a process that starts now
    assert indexing.best_of(vacancy.pk, everybody, {}, 3) is None
    same(*both(vacancy, settings))


def test_a_second_build_at_once_says_so(crowd, settings):
    def meanwhile():
        with pytest.raises(Building):
            indexing.rebuild()
        raise KeyError

    with pytest.raises(KeyError):
        indexing.generations().rebuild(meanwhile)
    assert indexing.rebuild() == ["00000001.index"]


def ask_all(vacancies, k=5, of=4):
    """What four workers leave, merged; each task runs twice, as it may."""
    for shard in range(of):
        tasks.lists_of_shard("a run", shard, of, vacancies, k)
        tasks.lists_of_shard("a run", shard, of, vacancies, k)
    return sharding.collect("a run", of, k)


def everywhere(vacancies, k=5):
    """The same from four shards, one index, and the batch engine that reads everybody anew; fails when they differ."""
    merged = ask_all(vacancies, k)
    findable = set(CV.objects.matchable().values_list("id", flat=True))
    assert merged == {pk: indexing.best_of(pk, findable, {}, k) for pk in vacancies}
    assert merged == {pk: [cv for cv, _fit in best] for pk, best in indexing.lists_of(vacancies, k).items()}
    return merged


@pytest.fixture
def two(vacancy, firm, sawing):
    return [vacancy.pk, make_vacancy(firm, {sawing: 5}).pk]


def test_four_shards_by_workers_give_the_order_of_the_whole(crowd, two):
    """Each shard is answered by a task of its own; what they left is merged."""
    indexing.rebuild()
    indexing.rebuild(n_shards=4)
    assert sharding.collect("a run", 4, 5) is None
    lists = everywhere(two)
    assert lists[two[0]] != lists[two[1]]
    with pytest.raises(LookupError, match="shard 1 of 3"):
        indexing.lists_of_shard(0, 3, two, 5)


def test_shards_answer_every_vacancy_by_its_id_in_any_order_and_leave_out_what_is_gone(crowd, two):
    indexing.rebuild(n_shards=4)
    lists = ask_all(sorted(two))
    assert ask_all(sorted(two, reverse=True)) == lists
    assert ask_all([two[1], 10**9, two[0]]) == lists


def test_shards_know_who_changed_came_left_or_may_not_be_found_since_the_build(crowd, two, sawing, painting):
    indexing.rebuild()
    indexing.rebuild(n_shards=4)
    before = everywhere(two)[two[0]]
    hidden, erased, worse = (CV.objects.get(pk=pk) for pk in before[:3])
    CV.objects.filter(pk=hidden.pk).update(findable=False)
    erased.owner.delete()
    worse.cv_skills.update(level=1)
    base.touch(worse)
    new = make_cv(make_user(), {sawing: 5, painting: 5}, ready_to_learn=4)
    after = everywhere(two)[two[0]]
    assert after[0] == new.pk
    assert not {hidden.pk, erased.pk, worse.pk} & set(after)


def test_shards_that_are_not_true_any_more_say_so_to_who_asked(crowd, two, monkeypatch):
    indexing.rebuild(n_shards=4)
    with monkeypatch.context() as patched:
        patched.setattr(indexing, "_stamp", lambda: ["another day"])
        with pytest.raises(indexing.NotTrue, match="is of another day"):
            ask_all(two)
    assert ask_all(two)
    tasks.lists_of_shard("a run", 2, 5, two, 5)  # was not built here
    with pytest.raises(indexing.NotTrue, match="shard 3 of 5 was not built"):
        sharding.collect("a run", 5, 5)
    first = indexing.generations(0, 4).current()
    assert first is not None
    indexing.generations(0, 4).rebuild(lambda: (first[0], first[1] | {"at": "2026-01-01T00:00:00+00:00"}))
    with pytest.raises(indexing.NotTrue, match="not of one build"):
        ask_all(two)


def test_a_large_market_gives_a_person_the_same_places(crowd, firm, sawing, painting, settings, now):
    """From WORK_INDEX_FROM open vacancies on a compiled index of the work scores them, and knows the floors of the lists."""
    vacancies = [make_vacancy(firm, {sawing: level, painting: 6 - level}) for level in range(1, 6)]
    for vacancy in vacancies[1:]:  # the list of the first one was not ranked yet
        operations.rank_list(vacancy_id=vacancy.pk, now=now)
    Standing.objects.filter(vacancy=vacancies[2]).update(floor=5_000)
    inside = set()
    for cv in crowd[:5]:
        settings.WORK_INDEX_FROM = 10**9
        best, in_lists = places_of_cv(cv, 3)
        passed = places_of_cv(cv, 10)[0]
        settings.WORK_INDEX_FROM = 0
        same, reached = places_of_cv(cv, 3)
        assert same == best == passed[:3]
        assert len(passed) == 5
        floors = dict(Standing.objects.values_list("vacancy_id", "floor"))
        belongs = sorted((pk, fit) for pk, fit in passed if fit >= floors.get(pk, 10**9))
        assert sorted(reached) == sorted(in_lists) == belongs
        inside.add(vacancies[2].pk in dict(reached))
    assert inside == {True, False}
    Standing.objects.filter(vacancy=vacancies[2]).update(floor=10_000)
    operations.rank_list(vacancy_id=vacancies[0].pk, now=now)
    before, after = dict(reached), dict(places_of_cv(cv, 3)[1])
    assert before.keys() - after.keys() == {vacancies[2].pk}
    assert after.keys() - before.keys() == {vacancies[0].pk}
