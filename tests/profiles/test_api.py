"""The smart CV over the REST API."""

import pytest
from django.test import override_settings
from rest_framework.test import APIClient

from profiles.models import CV, CVSkill, Job
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/api/v1/cv/"


@pytest.fixture
def api(owner):
    client = APIClient()
    client.force_authenticate(owner)
    return client


def patch(api, **data):
    return api.patch(URL, data, format="json")


def test_strangers_get_nothing(cv, stranger):
    client = APIClient()
    assert client.get(URL).status_code in (401, 403)
    client.force_authenticate(stranger)
    for method in (client.get, client.delete):
        assert method(URL).status_code == 404
    assert client.patch(URL, {"version": 1}, format="json").status_code == 404
    assert CV.objects.get() == cv


def test_a_cv_is_started_once(api):
    assert api.get(URL).status_code == 404
    assert api.post(URL).status_code == 201
    assert api.post(URL).status_code == 409
    assert CV.objects.count() == 1


def test_everything_that_was_sent_can_be_read(api, cv, carer, skills):
    place = factories.make_place("9401", name="Assen")
    sent = {
        "jobs": [{"title": "verzorgende", "occupation": carer.pk, "start_year": 2015, "is_current": True}],
        "skills": [{"skill": skills[0].pk, "level": 4, "joy": 2}],
        "educations": [{"title": "mbo", "level": 3, "year": 2014}],
        "languages": [{"language": "nl", "level": 6}],
        "interest_answers": {"social_care": 2},
        "values": {"support": 100},
        "wishes": {"occupations": [carer.pk], "hours_min": 24, "hours_max": 32, "postcode": "9401 AB", "days": 7},
        "ready_to_learn": 3,
        "initiatives": [{"kind": "course", "text": "EHBO"}],
        "findable": False,
    }
    answer = patch(api, version=cv.version, **sent)
    assert answer.status_code == 200, answer.json()
    got = api.get(URL).json()
    assert got == answer.json()
    assert got["version"] > cv.version
    assert got["jobs"][0]["occupation_label"] == "verzorgende IG"
    assert [(row["skill"], row["level"], row["joy"]) for row in got["skills"]] == [(skills[0].pk, 4, 2)]
    assert (got["education_level"], got["languages"]) == (3, [{"language": "nl", "level": 6}])
    assert got["wishes"]["postcode"] == place.pk
    assert (got["values"]["support"], got["ready_to_learn"], got["findable"]) == (100, 3, False)


def test_an_old_version_is_409_and_changes_nothing(api, cv):
    assert patch(api, version=cv.version, ready_to_learn=1).status_code == 200
    assert patch(api, version=cv.version, ready_to_learn=4).status_code == 409
    cv.refresh_from_db()
    assert cv.ready_to_learn == 1


def test_the_version_is_required(api, cv):
    assert patch(api, ready_to_learn=1).status_code == 400


@pytest.mark.parametrize(
    "part",
    [
        {"jobs": [{"title": "kok", "start_year": 2999}]},
        {"jobs": [{"title": "kok", "start_year": 2019, "end_year": 2018}]},
        {"jobs": [{"title": "<b></b>"}]},
        {"jobs": [{"title": "kok", "occupation": 987654321}]},
        {"skills": [{"skill": 987654321}]},
        {"skills": [{"skill": 1}, {"skill": 1}]},
        {"skills": [{"skill": pk} for pk in range(1, 202)]},
        {"certificates": [{"certificate": 987654321}]},
        {"languages": [{"language": "nl", "level": 9}]},
        {"interest_answers": {"nonsense": 1}},
        {"interest_answers": {"social_care": 3}},
        {"values": {"support": 101}},
        {"wishes": {"hours_min": 40, "hours_max": 20}},
        {"wishes": {"postcode": "0000"}},
        {"wishes": {"occupations": [987654321]}},
        {"ready_to_learn": 5},
        {"initiatives": [{"kind": "prayer", "text": "x"}]},
    ],
)
def test_bad_input_is_400_and_nothing_is_half_saved(api, cv, part):
    answer = patch(api, version=cv.version, findable=False, educations=[{"title": "mbo", "level": 3}], **part)
    assert answer.status_code == 400, answer.json()
    cv.refresh_from_db()
    assert (cv.version, cv.findable) == (1, True)
    assert not Job.objects.exists()
    assert not CVSkill.objects.exists()
    assert not cv.educations.exists()


def test_ten_thousand_skills_are_refused_in_dutch_and_nothing_is_saved(api, cv, skills):
    sent = [{"skill": skills[0].pk}] + [{"skill": pk} for pk in range(10**9, 10**9 + 9_999)]
    answer = patch(api, version=cv.version, skills=sent)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["detail"] == "Dit zijn er te veel. Kies er hooguit 200."
    form = "&".join(["version=1", *(f"skills[{row}]skill={skills[0].pk}" for row in range(10_000))])
    for debug in (False, True):
        with override_settings(DEBUG=debug):
            answer = api.patch(URL, form, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 400
        assert "Er is niets bewaard" in answer.json()["errors"][0]["detail"]
    cv.refresh_from_db()
    assert cv.version == 1
    assert not CVSkill.objects.exists()


def test_markup_is_stripped(api, cv):
    patch(api, version=cv.version, jobs=[{"title": "<i>kok</i>", "employer": "<script>x</script>Zon"}])
    job = Job.objects.get()
    assert (job.title, job.employer) == ("kok", "Zon")


def test_deleting_takes_the_whole_cv(api, cv):
    assert api.delete(URL).status_code == 204
    assert not CV.objects.exists()
