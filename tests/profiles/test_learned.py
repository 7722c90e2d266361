"""A finished programme brings its skills into the smart CV, with evidence, and can be taken back."""

import datetime

import pytest

from accounts.models import AuditEntry
from core.exceptions import Conflict
from profiles import operations
from profiles.answers import FinishedAnswer, SkillAnswer
from profiles.models import CV, CVCertificate, CVSkill, Education, FinishedProgramme
from profiles.queries import cv_for_display, everything_of
from taxonomy.models import Certificate

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 28)


@pytest.fixture
def paper(db):
    return Certificate.objects.create(key="vca_test", label_nl="VCA", label_en="VCA")


@pytest.fixture
def course(skills, paper):
    """Teaches all four skills at level 4, gives a paper and a diploma of level 3."""
    return FinishedAnswer(7, "Zorg aan huis", "Noorderpoort", 2026, tuple((s.pk, 4) for s in skills), (paper.pk,), 3)


def levels(cv) -> dict:
    return {
        row.skill_id: (row.level, row.last_used_year, row.learned_in_id is not None)
        for row in CVSkill.objects.filter(cv=cv)
    }


def test_new_skills_come_in_lower_ones_rise_and_a_higher_level_stays(cv, skills, course):
    kept = [SkillAnswer(skills[0].pk, 2), SkillAnswer(skills[1].pk, 5), SkillAnswer(skills[2].pk, 4)]
    operations.save_skills(cv=cv, version=cv.version, kept=kept)
    CVSkill.objects.filter(cv=cv).update(last_used_year=2010)
    operations.finish_programme(cv=cv, finished=course, today=TODAY)
    assert levels(cv) == {
        skills[0].pk: (4, 2026, True),  # raised
        skills[1].pk: (5, 2010, False),  # knew more already
        skills[2].pk: (4, 2026, True),  # fresh again
        skills[3].pk: (4, 2026, True),  # new
    }


def test_the_evidence_the_paper_and_the_diploma_are_on_the_cv(cv, paper, course):
    CV.objects.filter(pk=cv.pk).update(education_level=2)
    cv.refresh_from_db()
    operations.finish_programme(cv=cv, finished=course, today=TODAY)
    cv.refresh_from_db()
    assert cv.education_level == 3
    assert Education.objects.get(cv=cv).title == "Zorg aan huis"
    assert CVCertificate.objects.get(cv=cv).certificate == paper
    shown = cv_for_display(cv, anonymous=False)
    assert [skill.learned_in for group in shown.skills for skill in group.skills] == ["Zorg aan huis"] * 4
    assert "Noorderpoort, 2026" in shown.finished[0].words
    assert "2026" not in cv_for_display(cv, anonymous=True).finished[0].words
    assert everything_of(cv)["finished_programmes"][0]["confirmed_by"] == "learner"
    assert AuditEntry.objects.filter(verb="finish programme").count() == 1


def test_twice_is_once_and_the_word_of_the_school_replaces_the_learners(cv, course):
    operations.finish_programme(cv=cv, finished=course, today=TODAY)
    before, version = levels(cv), CV.objects.get(pk=cv.pk).version
    operations.finish_programme(cv=cv, finished=course, today=TODAY)
    assert CV.objects.get(pk=cv.pk).version == version
    operations.finish_programme(cv=cv, finished=course, today=TODAY, confirmed_by="school")
    operations.finish_programme(cv=cv, finished=course, today=TODAY)
    assert FinishedProgramme.objects.get(cv=cv).confirmed_by == "school"
    assert levels(cv) == before


def test_an_expired_paper_is_valid_again_and_taking_back_restores_all(cv, skills, paper, course):
    operations.save_skills(cv=cv, version=cv.version, kept=[SkillAnswer(skills[0].pk, 2)])
    CVCertificate.objects.create(cv=cv, certificate=paper, valid_until=datetime.date(2020, 1, 1))
    CV.objects.filter(pk=cv.pk).update(education_level=None)
    cv.refresh_from_db()
    row = operations.finish_programme(cv=cv, finished=course, today=TODAY)
    assert CVCertificate.objects.get(cv=cv).valid_until is None
    with pytest.raises(Conflict):
        operations.take_back_programme(cv=cv, version=cv.version - 1, row=row)
    operations.take_back_programme(cv=cv, version=cv.version, row=row)
    assert levels(cv) == {skills[0].pk: (2, None, False)}
    assert CVCertificate.objects.get(cv=cv).valid_until == datetime.date(2020, 1, 1)
    cv.refresh_from_db()
    assert cv.education_level is None
    assert not FinishedProgramme.objects.exists()


def test_a_draft_hands_its_finished_programmes_over(owner, cv, course):
    operations.save_languages(cv=cv, version=cv.version, languages={"nl": 6})
    draft = operations.start_cv()
    operations.finish_programme(cv=draft, finished=course, today=TODAY)
    operations.claim_draft(ref=draft.ref, user=owner)
    assert FinishedProgramme.objects.get().cv_id == cv.pk
    assert all(learned for _level, _year, learned in levels(cv).values())
