"""A value that follows a table: whatever changes, in whatever order transactions end, a reading equals one made anew."""

import random
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection, transaction

from core.changes import Follower
from core.models import Place
from tests.factories import make_organisation, make_vacancy
from vacancies.models import Vacancy


@pytest.fixture
def titles():
    """(follower of the titles of all vacancies, how often it read everything)."""
    loads = []

    def load():
        loads.append(1)
        return dict(Vacancy.objects.values_list("id", "title"))

    def update(held, ids):
        rest = {pk: title for pk, title in held.items() if pk not in ids}
        return rest | dict(Vacancy.objects.filter(pk__in=ids).values_list("id", "title"))

    return Follower("vacancy", load, update), loads


def other() -> psycopg.Connection:
    """Somebody else's connection, in a transaction."""
    settings = connection.settings_dict
    return psycopg.connect(
        host=settings["HOST"], port=settings["PORT"], user=settings["USER"], password=settings["PASSWORD"],
        dbname=settings["NAME"],
    )  # fmt: skip


def rename(link: psycopg.Connection, vacancy: Vacancy, title: str) -> None:
    link.execute("UPDATE vacancies_vacancy SET title = %s WHERE id = %s", [title, vacancy.pk])


def truth() -> dict[int, str]:
    return dict(Vacancy.objects.values_list("id", "title"))


@pytest.mark.django_db(transaction=True)
def test_transactions_that_end_in_another_order_than_they_began_are_all_seen(titles):
    follower, loads = titles
    vacancies = [make_vacancy(title=f"nummer {number}") for number in range(4)]
    assert follower.read() == truth()
    with other() as early, other() as late:
        rename(early, vacancies[0], "eerst begonnen")
        rename(late, vacancies[1], "later begonnen")
        late.commit()
        assert follower.read() == truth()  # looked while the first was still open
        rename(early, vacancies[1], "allebei")
        rename(early, vacancies[2], "later nog een")
        early.commit()
        assert follower.read() == truth()
        rename(early, vacancies[3], "toch niet")
        assert follower.read() == truth()
        early.rollback()
    Vacancy.objects.filter(pk=vacancies[0].pk).delete()  # without telling anybody
    Vacancy.objects.update(title="allemaal")
    assert follower.read() == truth()
    value = follower.read()
    assert follower.read() is value
    assert len(loads) == 1
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE vacancies_vacancy CASCADE")
    assert follower.read() == truth() == {}


@pytest.mark.django_db(transaction=True)
def test_what_a_transaction_changed_itself_is_its_own_until_it_ends(titles):
    follower, _loads = titles
    mine, theirs = make_vacancy(title="oud"), make_vacancy(title="oud")
    before = follower.read()
    with ThreadPoolExecutor(1) as elsewhere, other() as link:
        with transaction.atomic():
            Vacancy.objects.filter(pk=mine.pk).update(title="nieuw")
            assert follower.read()[mine.pk] == "nieuw"
            assert follower.read() is follower.read()
            assert elsewhere.submit(read_and_close, follower).result() == before
            with transaction.atomic():
                sid = transaction.savepoint()
                Vacancy.objects.filter(pk=mine.pk).update(title="nieuwer")
                rename(link, theirs, "anders")
                link.commit()
                assert follower.read() == {mine.pk: "nieuwer", theirs.pk: "anders"}
                transaction.savepoint_rollback(sid)
            assert follower.read() == {mine.pk: "nieuw", theirs.pk: "anders"}
            transaction.set_rollback(True)
        assert follower.read() == {mine.pk: "oud", theirs.pk: "anders"}


def read_and_close(follower: Follower) -> dict[int, str]:
    try:
        return follower.read()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(3))
def test_whatever_three_connections_do_at_random_a_reading_is_the_truth(titles, seed):
    follower, loads = titles
    chance = random.Random(seed)
    vacancies = [make_vacancy() for _ in range(12)]
    follower.read()
    links = [other() for _ in range(3)]
    pools = [vacancies[at::3] for at in range(3)]  # each their own rows, so that nobody waits for another
    for turn in range(120):
        at = chance.randrange(3)
        what = chance.random()
        if what < 0.5:
            rename(links[at], chance.choice(pools[at]), f"titel {turn}")
        elif what < 0.6 and len(pools[at]) > 1:
            gone = pools[at].pop()
            links[at].execute("DELETE FROM vacancies_vacancy WHERE id = %s", [gone.pk])
            links[at].commit()
        elif what < 0.8:
            links[at].commit()
        elif what < 0.9:
            links[at].rollback()
        if chance.random() < 0.5:
            assert follower.read() == truth()
    for link in links:
        link.close()
    assert follower.read() == truth()
    assert len(loads) == 1


@pytest.mark.django_db
def test_a_firm_that_changes_its_name_and_a_place_that_moves_change_their_vacancies(titles):
    follower, _loads = titles
    firm = make_organisation()
    vacancy = make_vacancy(firm)
    value = follower.read()
    firm.phone = "050"
    firm.save()
    assert follower.read() is value  # not what vacancies stand on
    firm.name = "Anders"
    firm.save()
    assert follower.read() is not value
    value = follower.read()
    Place.objects.filter(pk=vacancy.place_id).update(latitude=53.1)
    assert follower.read() is not value
