"""What changes a smart CV, and what refuses to."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from core.exceptions import Conflict, Refused
from profiles import operations
from profiles.answers import EducationAnswer, InitiativeAnswer, JobAnswer, SkillAnswer
from profiles.models import CV, CVSkill, Education, Initiative, Job
from profiles.queries import cv_for_display
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_job_brings_the_core_skills_of_its_occupation(cv, carer):
    operations.save_job(cv=cv, version=cv.version, title="verzorgende", occupation=carer, end_year=2020)
    assert set(cv.cv_skills.values_list("skill_id", flat=True)) == set(carer.skills.values_list("pk", flat=True))
    assert set(cv.cv_skills.values_list("last_used_year", "level")) == {(2020, 3)}


def test_the_same_job_sent_twice_is_there_once(cv, carer):
    seen = cv.version
    first = operations.save_job(cv=cv, version=seen, title="verzorgende", occupation=carer)
    again = operations.save_job(cv=cv, version=seen, title="verzorgende", occupation=carer)
    assert first == again
    assert Job.objects.count() == 1


def test_another_occupation_replaces_the_skills_nobody_touched(cv, carer, skills):
    job = operations.save_job(cv=cv, version=cv.version, title="verzorgende", occupation=carer)
    loved = [SkillAnswer(skills[0].pk, 5, 2)] + [SkillAnswer(skill.pk) for skill in skills[1:]]
    operations.save_skills(cv=cv, version=cv.version, kept=loved)
    cook = factories.make_occupation("kok", (factories.make_skill("bakken"),))
    operations.save_job(cv=cv, version=cv.version, title="kok", occupation=cook, job=job)
    assert set(cv.cv_skills.values_list("skill__label_nl", flat=True)) == {"wonden verzorgen", "bakken"}


@pytest.mark.parametrize("with_skills", [True, False])
def test_taking_a_job_away_takes_its_skills_only_when_asked(cv, carer, with_skills):
    job = operations.save_job(cv=cv, version=cv.version, title="verzorgende", occupation=carer)
    operations.remove_job(cv=cv, version=cv.version, job=job, with_skills=with_skills)
    assert not cv.jobs.exists()
    assert cv.cv_skills.exists() is not with_skills


def test_a_stale_version_saves_nothing_and_says_conflict(cv, skills):
    seen = cv.version
    operations.save_languages(cv=cv, version=seen, languages={"nl": 6})
    other_tab = CV.objects.get(pk=cv.pk)
    with pytest.raises(Conflict):
        operations.save_skills(cv=other_tab, version=seen, kept=[SkillAnswer(skills[0].pk)])
    with pytest.raises(Conflict):
        operations.save_drive(cv=other_tab, version=seen, ready_to_learn=3, start_within_weeks=None)
    assert not CVSkill.objects.exists()


def test_what_is_already_so_is_no_conflict(cv):
    seen = cv.version
    operations.save_languages(cv=cv, version=seen, languages={"nl": 6})
    operations.save_languages(cv=cv, version=seen, languages={"nl": 6})
    operations.set_findable(cv=cv, version=seen, findable=cv.findable)
    assert CV.objects.get(pk=cv.pk).version == seen + 1


def test_every_change_is_audited_without_personal_data(cv, owner):
    operations.save_educations(cv=cv, version=cv.version, educations=[EducationAnswer("mbo zorg", 3, 2012)])
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.verb, entry.subject_id, entry.details) == (owner, "save educations", cv.pk, {"count": 1})


def test_the_highest_finished_education_becomes_the_level(cv):
    rows = [EducationAnswer("hbo", 6, 2010, finished=False), EducationAnswer("mbo", 4, 2008)]
    operations.save_educations(cv=cv, version=cv.version, educations=rows)
    assert CV.objects.get(pk=cv.pk).education_level == 4


def test_more_than_200_skills_are_refused_and_none_is_saved(cv):
    many = [SkillAnswer(factories.make_skill().pk) for _ in range(201)]
    with pytest.raises(Refused):
        operations.save_skills(cv=cv, version=cv.version, kept=many)
    assert not CVSkill.objects.exists()
    assert CV.objects.get(pk=cv.pk).version == 1


def test_an_unknown_skill_is_refused(cv):
    with pytest.raises(Refused):
        operations.save_skills(cv=cv, version=cv.version, kept=[SkillAnswer(987654321)])


def test_skills_that_were_not_on_the_page_stay(cv, skills):
    operations.save_skills(cv=cv, version=cv.version, kept=[SkillAnswer(skill.pk) for skill in skills])
    operations.save_skills(cv=cv, version=cv.version, kept=[], shown=[skills[0].pk])
    assert set(cv.cv_skills.values_list("skill_id", flat=True)) == {skill.pk for skill in skills[1:]}


def test_several_parts_are_changed_together_or_not_at_all(cv, skills):
    parts = {
        "languages": {"languages": {"nl": 5}},
        "skills": {"kept": [SkillAnswer(987654321)]},
    }
    with pytest.raises(Refused):
        operations.update_cv(cv=cv, version=cv.version, **parts)
    assert not cv.languages.exists()
    cv.refresh_from_db()
    operations.update_cv(
        cv=cv,
        version=cv.version,
        jobs={"jobs": [JobAnswer("kok"), JobAnswer("kelner", start_year=2019)]},
        languages={"languages": {"nl": 5}},
    )
    assert cv.jobs.count() == 2


class TestClaimingADraft:
    def test_an_account_without_a_cv_gets_the_draft_itself(self, owner, carer):
        draft = operations.start_cv()
        operations.save_job(cv=draft, version=draft.version, title="verzorgende", occupation=carer)
        assert operations.claim_draft(ref=draft.ref, user=owner).pk == draft.pk
        assert CV.objects.get(owner=owner).jobs.count() == 1

    def test_an_account_with_a_cv_keeps_its_answers_and_gains_what_was_missing(self, cv, owner, carer, skills):
        cv.hours_min, cv.hours_max, cv.ready_to_learn = 20, 24, None
        cv.save()
        operations.save_skills(cv=cv, version=cv.version, kept=[SkillAnswer(skills[0].pk, 5, 2)])
        operations.save_languages(cv=cv, version=cv.version, languages={"nl": 6})
        draft = operations.start_cv()
        operations.save_job(cv=draft, version=draft.version, title="verzorgende", occupation=carer)
        operations.save_languages(cv=draft, version=draft.version, languages={"nl": 1, "de": 2})
        operations.save_drive(cv=draft, version=draft.version, ready_to_learn=4, start_within_weeks=2)
        CV.objects.filter(pk=draft.pk).update(hours_min=40, hours_max=40)
        seen = cv.version

        own = operations.claim_draft(ref=draft.ref, user=owner)

        assert own.pk == cv.pk
        own.refresh_from_db()
        assert (own.hours_min, own.hours_max, own.ready_to_learn) == (20, 24, 4)
        assert dict(own.languages.values_list("language", "level")) == {"nl": 6, "de": 2}
        assert own.jobs.count() == 1
        assert own.cv_skills.count() == 4
        assert own.cv_skills.get(skill=skills[0]).level == 5
        assert own.version > seen
        assert not CV.objects.filter(pk=draft.pk).exists()

    def test_somebody_elses_cv_cannot_be_claimed(self, cv, stranger):
        assert operations.claim_draft(ref=cv.ref, user=stranger) is None
        cv.refresh_from_db()
        assert cv.owner_id != stranger.pk

    def test_claiming_twice_changes_nothing_more(self, owner):
        draft = operations.start_cv()
        operations.claim_draft(ref=draft.ref, user=owner)
        version = CV.objects.get(owner=owner).version
        operations.claim_draft(ref=draft.ref, user=owner)
        assert CV.objects.get(owner=owner).version == version


def test_only_old_drafts_are_erased(cv):
    old, fresh = operations.start_cv(), operations.start_cv()
    long_ago = timezone.now() - datetime.timedelta(days=31)
    CV.objects.filter(pk__in=[old.pk, cv.pk]).update(updated_at=long_ago)
    assert operations.erase_old_drafts(before=timezone.now() - datetime.timedelta(days=30)) == 1
    assert set(CV.objects.all()) == {fresh, cv}


def test_a_new_cv_is_not_shown_to_employers_until_the_person_says_so(owner):
    cv = operations.start_cv(user=owner)
    assert cv not in CV.objects.matchable()
    operations.set_findable(cv=cv, version=cv.version, findable=True)
    assert cv in CV.objects.matchable()


def test_employers_see_no_name_place_employer_or_address_in_free_text(cv, owner):
    owner.name = "Fenna Boersma"
    owner.save()
    Job.objects.create(cv=cv, title="kok, fenna@example.org 06 12 34 56 78", employer="Hotel Zon", start_year=2010)
    Education.objects.create(cv=cv, title="zie www.fenna.example", level=3)
    Initiative.objects.create(cv=cv, kind="course", text="bel +31 6 12345678, sinds 2010 - 2014")
    text = repr(cv_for_display(cv))
    for secret in ("Fenna", "fenna", "Hotel Zon", "9711", "Groningen", "12 34", "1234"):
        assert secret not in text
    assert "2010" not in text
    assert "2014" not in text
    assert "Hotel Zon" in repr(cv_for_display(cv, anonymous=False))


def test_employers_see_no_own_name_and_no_year_in_what_somebody_did(cv, owner):
    owner.name = "Jan-Willem van der Berg"
    owner.save()
    Initiative.objects.create(cv=cv, kind="course", text="WILLEM deed in 1986 een cursus van de Bergsma", year=1987)
    text = repr(cv_for_display(cv).initiatives)
    assert "… deed in … een cursus van de Bergsma" in text
    assert "1987" not in text
    assert "1987" in repr(cv_for_display(cv, anonymous=False).initiatives)


def test_employers_see_how_long_a_job_lasted_but_no_years_that_tell_an_age(cv):
    Job.objects.create(cv=cv, title="kok", start_year=1981, end_year=1984)
    Job.objects.create(cv=cv, title="kelner", start_year=1985, end_year=2009)
    Job.objects.create(cv=cv, title="gids", start_year=2010, is_current=True)
    Education.objects.create(cv=cv, title="lts", level=2, year=1979)
    shown = cv_for_display(cv)
    assert [job.years for job in shown.jobs] == ["nu", "10 jaar of langer", "3 jaar"]
    assert not any(str(year) in repr(shown) for year in (1979, 1981, 1984, 1985, 2009, 2010))
    assert "1979" in repr(cv_for_display(cv, anonymous=False))


def test_initiatives_keep_their_order_and_are_there_once(cv):
    one, two = InitiativeAnswer("course", "EHBO"), InitiativeAnswer("project", "een app")
    operations.save_initiatives(cv=cv, version=cv.version, initiatives=[one, two, one])
    assert list(cv.initiatives.order_by("id").values_list("text", flat=True)) == ["EHBO", "een app"]
