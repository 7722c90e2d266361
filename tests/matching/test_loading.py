"""CVs as arrays: what somebody filled in, and the same whoever else is loaded."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.utils import timezone

from matching import loading
from profiles.models import CV, CVCertificate, CVLanguage, CVSkill, Initiative, WishedOccupation
from taxonomy.models import Certificate
from tests.factories import make_cv, make_occupation, make_skill, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(sawing, painting):
    """Somebody who filled in all there is, somebody who filled in nothing, and a draft."""
    skills = {painting: 2, sawing: 5, make_skill("tegels zetten"): 3}
    full = make_cv(
        make_user(), skills, wished_sectors=["construction"], ready_to_learn=3, travel_mode="car", realistic=70
    )
    CVSkill.objects.filter(cv=full, skill=sawing).update(joy=0, last_used_year=2020)
    for occupation in (make_occupation(isco="2512"), make_occupation(isco="")):
        WishedOccupation.objects.create(cv=full, occupation=occupation)
    CVLanguage.objects.create(cv=full, language="nl", level=4)
    papers = [
        Certificate.objects.create(uri=f"p{n}", key=f"p{n}", label_nl=f"P{n}", label_en=f"P{n}") for n in range(3)
    ]
    CVCertificate.objects.create(cv=full, certificate=papers[2])
    CVCertificate.objects.create(cv=full, certificate=papers[0], valid_until=timezone.localdate() - timedelta(days=1))
    for kind in ("course", "project"):
        Initiative.objects.create(cv=full, kind=kind, text="Ik deed iets.")
    empty = make_cv(make_user(), place=None, hours_min=None, hours_max=None, travel_minutes=None, education_level=None)
    draft = make_cv(None, {sawing: 1})
    CV.objects.update(updated_at=datetime(2026, 1, 1, 0, 30, tzinfo=UTC))
    return full, empty, draft


def test_everything_that_was_filled_in(people, sawing):
    full, empty, _draft = people
    loaded = loading.load_candidates([empty.pk, full.pk])
    assert loaded.ids.tolist() == [full.pk, empty.pk]
    assert loaded.indptr.tolist() == [0, 3, 3]
    assert loaded.skill.tolist() == sorted(loaded.skill.tolist())
    own = loaded.skill.tolist().index(sawing.pk)
    assert (loaded.level[own], loaded.joy[own], loaded.years_unused[own]) == (5 * loading.STEPS_PER_LEVEL, 0, 6)
    assert sorted(set(loaded.joy.tolist())) == [-1, 0]
    assert loaded.wish_indptr.tolist() == [0, 2, 2]
    assert sorted(loaded.wish_isco.tolist()) == [0, 2512]
    assert loaded.languages[0, loading.LANGUAGES["nl"]] == 4
    assert (loaded.languages == -1).sum() == 2 * len(loading.LANGUAGES) - 1
    assert loaded.certificates[:, 0].tolist() == [4, 0]
    assert loaded.initiatives.tolist() == [2, 0]
    assert loaded.wished_sectors.tolist() == [1 << loading.SECTORS["construction"], 0]
    assert loaded.travel_mode.tolist() == [2, 0]
    assert loaded.interests[:, 0].tolist() == [70, -1]
    assert loaded.ready_to_learn.tolist() == [3, -1]
    assert np.isnan(loaded.latitude).tolist() == [False, True]
    assert loaded.hours_min.tolist() == [24, -1]


def test_the_same_whoever_else_is_loaded(people):
    full, empty, draft = people
    everybody = loading.load_candidates(None)
    assert everybody.ids.tolist() == [full.pk, empty.pk]
    few = loading.load_candidates([full.pk, empty.pk])
    for one in fields(everybody):
        assert np.array_equal(
            getattr(everybody, one.name), getattr(few, one.name), equal_nan=one.name.endswith("tude")
        ), one
    assert loading.load_candidates([draft.pk]).skill.tolist() == [draft.cv_skills.get().skill_id]
    assert len(loading.load_candidates([]).ids) == 0
