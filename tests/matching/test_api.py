"""The API of matches, applications and candidates: the rules and permissions of the pages."""

import json
import uuid

import pytest
from django.core.management import call_command

from matching import operations, queries
from matching.models import Application
from tests.factories import make_cv, make_programme, make_user, make_vacancy
from tests.matching.conftest import DID, WHY, put_in, ref_of, steps
from vacancies.operations import close_vacancy

pytestmark = pytest.mark.django_db
MATCHES = "/api/v1/matches/"
APPLICATIONS = "/api/v1/applications/"


def candidates(vacancy) -> str:
    return f"/api/v1/vacancies/{vacancy.pk}/candidates/"


def test_the_schema_is_valid_and_without_warnings(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


@pytest.mark.parametrize("path", [MATCHES, f"{MATCHES}1/", f"{MATCHES}1/suggestions/", APPLICATIONS, "/api/v1/model/"])
def test_nothing_without_logging_in(api, path):
    assert api.get(path).status_code == 401


def test_matches_are_those_of_the_page(api, cv, person, vacancy, firm):
    make_vacancy(firm, title="Tweede")
    api.force_authenticate(person)
    answer = api.get(MATCHES).json()
    expected = queries.matches_for_cv(cv)
    assert [row["vacancy"]["id"] for row in answer["results"]] == [match.vacancy.pk for match in expected]
    for row, match in zip(answer["results"], expected, strict=True):
        assert row["fit"] == match.fit
        assert sum(line["adds"] for line in row["contributions"]) == row["fit"]
        assert row["chance"]["low"] <= row["chance"]["p"] <= row["chance"]["high"]
    first = answer["results"][0]
    one = api.get(f"{MATCHES}{first['vacancy']['id']}/").json()
    assert one == first | {"if_told": one["if_told"]}
    assert first["if_told"] is None
    assert one["if_told"]["p"] > one["chance"]["p"]


def test_matches_can_be_limited_and_filtered_and_say_whether_there_is_more(api, person, cv, vacancy, firm):
    make_vacancy(firm, title="Schilder")
    api.force_authenticate(person)
    some = api.get(MATCHES, {"limit": 1}).json()
    assert (len(some["results"]), some["more"]) == (1, True)
    found = api.get(MATCHES, {"text": "schil", "limit": 1}).json()
    assert [row["vacancy"]["title"] for row in found["results"]] == ["Schilder"]
    assert found["more"] is False
    operations.bookmark(cv=cv, vacancy=vacancy, hidden=True)
    hidden = api.get(MATCHES, {"view": "hidden"}).json()["results"]
    assert [row["vacancy"]["id"] for row in hidden] == [vacancy.pk]


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 201}, {"limit": "x"}, {"sector": "magie"}, {"hours": -1}, {"view": "alles"}]
)
def test_wrong_questions_are_problems_at_their_name(api, person, cv, query):
    api.force_authenticate(person)
    answer = api.get(MATCHES, query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == next(iter(query))


def test_without_a_smart_cv_there_are_no_matches(api, stranger, vacancy):
    api.force_authenticate(stranger)
    for path in (MATCHES, f"{MATCHES}{vacancy.pk}/", APPLICATIONS):
        assert api.get(path).status_code == 404


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_vacancies_that_are_not_open_are_not_there(api, status, cv, person, firm):
    vacancy = make_vacancy(firm, status=status)
    api.force_authenticate(person)
    assert api.get(f"{MATCHES}{vacancy.pk}/").status_code == 404
    assert api.get(f"{MATCHES}{vacancy.pk}/suggestions/").status_code == 404


def test_suggestions_promise_the_chance_after_a_course(api, person, cv, vacancy, painting):
    programme = make_programme(skills={painting: 4})
    api.force_authenticate(person)
    (row,) = api.get(f"{MATCHES}{vacancy.pk}/suggestions/").json()["results"]
    assert [(course["programme"], course["title"]) for course in row["courses"]] == [(programme.pk, programme.title)]
    assert row["gain_low"] <= row["gain"] <= row["gain_high"]
    assert row["chance_after"]["p"] > row["chance_before"]["p"]
    assert row["chance_before"] == api.get(f"{MATCHES}{vacancy.pk}/").json()["chance"]
    assert row["skills"] == ["verven"]


def test_applying_reading_and_withdrawing(api, person, cv, vacancy):
    api.force_authenticate(person)
    made = api.post(APPLICATIONS, {"vacancy": vacancy.pk, "why": f"<p>{WHY}</p>", "did": DID}, format="json")
    assert made.status_code == 201
    assert made.json()["why"] == WHY
    assert made.json()["promised"]["p"] > 0
    one = f"{APPLICATIONS}{made.json()['ref']}/"
    assert api.get(one).json() == made.json()
    assert [row["ref"] for row in api.get(APPLICATIONS).json()["results"]] == [made.json()["ref"]]
    gone = api.post(f"{one}answer/", {"answer": "withdraw"}, format="json").json()
    assert (gone["status"], [event["status"] for event in gone["events"]]) == ("withdrawn", ["sent", "withdrawn"])
    late = api.post(f"{one}answer/", {"answer": "withdraw"}, format="json")
    assert late.status_code == 409
    assert late.json()["errors"][0]["code"] == "refused"


def test_applying_twice_or_to_a_closed_vacancy_is_a_conflict_with_a_reason(
    api, sent, person, vacancy, firm, owner, now
):
    api.force_authenticate(person)
    other = make_vacancy(firm)
    close_vacancy(vacancy=other, actor=owner, now=now)
    for pk in (vacancy.pk, other.pk):
        answer = api.post(APPLICATIONS, {"vacancy": pk}, format="json")
        assert answer.status_code == 409
        assert answer.json()["errors"][0]["detail"]
    assert Application.objects.count() == 1


@pytest.mark.parametrize("value", [None, 0, -1, "x", 10**30, [1]])
def test_applying_to_something_odd_is_a_problem_at_the_field(api, value, person, cv):
    api.force_authenticate(person)
    answer = api.post(APPLICATIONS, {"vacancy": value}, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "vacancy")


def test_applying_to_an_unknown_or_unpublished_vacancy_is_a_404(api, person, cv, firm):
    api.force_authenticate(person)
    for pk in (987_654_321, make_vacancy(firm, status="draft").pk):
        assert api.post(APPLICATIONS, {"vacancy": pk}, format="json").status_code == 404


def test_a_motivation_of_a_book_is_refused(api, person, cv, vacancy):
    api.force_authenticate(person)
    answer = api.post(APPLICATIONS, {"vacancy": vacancy.pk, "why": "x" * 1501}, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "why")


def test_an_application_is_for_the_applicant_only(api, sent, other_person, owner, stranger):
    for user in (other_person, owner, stranger):
        api.force_authenticate(user)
        one = f"{APPLICATIONS}{sent.ref}/"
        assert api.get(one).status_code == 404
        assert api.post(f"{one}answer/", {"answer": "withdraw"}, format="json").status_code == 404
    sent.refresh_from_db()
    assert sent.status == "sent"


def test_an_approach_is_accepted_or_refused(api, approached, person):
    api.force_authenticate(person)
    path = f"{APPLICATIONS}{approached.ref}/answer/"
    assert api.post(path, {"answer": "perhaps"}, format="json").status_code == 400
    (error,) = api.post(path, {"answer": "accept", "why": "x" * 1501}, format="json").json()["errors"]
    assert error["attr"] == "why"
    told = api.post(path, {"answer": "accept", "why": WHY, "did": DID}, format="json").json()
    assert (told["status"], told["why"], told["did"]) == ("sent", WHY, DID)
    assert api.post(path, {"answer": "decline"}, format="json").status_code == 409


# For an employer.


def test_candidates_are_for_the_firm_only(api, cv, vacancy, owner, teammate, stranger, person):
    paths = [candidates(vacancy), f"{candidates(vacancy)}{ref_of(cv, vacancy)}/"]
    for path in paths:
        for user, status in ((None, 401), (person, 403), (stranger, 404), (owner, 200), (teammate, 200)):
            api.force_authenticate(user)
            assert api.get(path).status_code == status
    api.force_authenticate(stranger)
    assert api.post(f"{paths[1]}decision/", {"decision": "approach"}, format="json").status_code == 404
    assert not Application.objects.exists()


def test_nobody_has_a_name_until_they_say_yes(api, cv, vacancy, owner, person, now):
    one = f"{candidates(vacancy)}{ref_of(cv, vacancy)}/"
    secrets = (person.name, person.email, person.phone)

    def shown() -> str:
        api.force_authenticate(owner)
        return json.dumps([api.get(candidates(vacancy)).json(), api.get(one).json()])

    assert not any(word in shown() for word in secrets)
    asked = api.post(f"{one}decision/", {"decision": "approach"}, format="json").json()
    assert (asked["status"], asked["person"]) == ("approached", None)
    assert not any(word in shown() for word in secrets)
    operations.accept_approach(application=Application.objects.get(), actor=person, now=now)
    assert all(word in shown() for word in secrets)
    operations.withdraw(application=Application.objects.get(), actor=person, now=now)
    api.force_authenticate(owner)
    assert api.get(one).status_code == 404
    assert api.get(candidates(vacancy)).json()["results"] == []


def test_a_candidate_stands_in_the_api_as_on_the_page_and_alone_as_in_the_list(api, sent, cv, vacancy, owner, painting):
    make_cv(make_user(), {painting: 2})
    api.force_authenticate(owner)
    rows = api.get(candidates(vacancy)).json()["results"]
    expected = queries.candidates_for_vacancy(vacancy)
    assert [row["ref"] for row in rows] == [str(match.ref) for match in expected]
    for row in rows:
        one = api.get(f"{candidates(vacancy)}{row['ref']}/").json()
        assert one | {"status": ""} == row | {"status": ""}
    assert steps(sent) == ["sent", "seen"]


def test_the_person_and_the_firm_read_the_same_fit_and_chance(api, sent, person, owner, cv, vacancy, firm, now):
    for _ in range(3):  # who comes later does not change what was said to the first
        user = make_user()
        operations.apply(cv=make_cv(user), vacancy=vacancy, why="", did="", actor=user, now=now)
    api.force_authenticate(person)
    listed = next(row for row in api.get(MATCHES).json()["results"] if row["vacancy"]["id"] == vacancy.pk)
    alone = api.get(f"{MATCHES}{vacancy.pk}/").json()
    api.force_authenticate(owner)
    theirs = next(
        row for row in api.get(candidates(vacancy)).json()["results"] if row["ref"] == str(ref_of(cv, vacancy))
    )
    for key in ("fit", "can", "want", "do", "chance"):
        assert listed[key] == alone[key] == theirs[key], key
    assert {name: alone["chance"][name] for name in ("p", "low", "high")} == sent.snapshot["chance"]


def test_a_firm_decides(api, sent, cv, vacancy, owner):
    api.force_authenticate(owner)
    decision = f"{candidates(vacancy)}{ref_of(cv, vacancy)}/decision/"
    assert api.post(decision, {"decision": "shortlist"}, format="json").json()["status"] == "shortlisted"
    assert api.post(decision, {"decision": "invite", "message": "<i>Kom</i>"}, format="json").status_code == 200
    sent.refresh_from_db()
    assert sent.message == "Kom"
    assert api.post(decision, {"decision": "hire"}, format="json").json()["status"] == "hired"
    late = api.post(decision, {"decision": "reject", "reason": "filled"}, format="json")
    assert late.status_code == 409


@pytest.mark.parametrize("reason", [None, "", "te oud"])
def test_a_rejection_needs_a_reason(api, reason, sent, cv, vacancy, owner):
    api.force_authenticate(owner)
    data = {"decision": "reject"} | ({} if reason is None else {"reason": reason})
    answer = api.post(f"{candidates(vacancy)}{ref_of(cv, vacancy)}/decision/", data, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "reason")
    sent.refresh_from_db()
    assert sent.status == "sent"


def test_a_decision_about_nobody_or_without_an_application_is_a_404(api, cv, vacancy, owner):
    api.force_authenticate(owner)
    for ref, decision in ((ref_of(cv, vacancy), "invite"), (uuid.uuid4(), "approach")):
        path = f"{candidates(vacancy)}{ref}/decision/"
        assert api.post(path, {"decision": decision}, format="json").status_code == 404


@pytest.mark.parametrize("status", Application.Status.values)
def test_lists_work_in_every_state(api, status, sent, person, owner, vacancy):
    put_in(sent, status)
    for user, path in ((person, MATCHES), (person, APPLICATIONS), (owner, candidates(vacancy))):
        api.force_authenticate(user)
        assert api.get(path).status_code == 200


def test_the_chance_model_is_for_operators(api, operator, person, owner, now):
    for user in (person, owner):
        api.force_authenticate(user)
        assert api.get("/api/v1/model/").status_code == 403
    api.force_authenticate(operator)
    assert api.get("/api/v1/model/").json() == {"live": None, "usable": False, "reliability": [], "versions": []}
    operations.train_chance_model(now=now)
    assert api.get("/api/v1/model/").json()["live"] == 1
