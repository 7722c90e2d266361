"""Operators add words; imports stay what they are."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from taxonomy.models import Skill, SkillLabel
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("core")]


@pytest.fixture
def operator(client):
    user = make_user(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def post_labels(client, skill: Skill, *labels: tuple[str, str, str]):
    data = {"labels-TOTAL_FORMS": len(labels), "labels-INITIAL_FORMS": 0}
    for number, (language, kind, text) in enumerate(labels):
        data |= {
            f"labels-{number}-language": language, f"labels-{number}-kind": kind, f"labels-{number}-text": text,
            f"labels-{number}-id": "", f"labels-{number}-skill": skill.pk,
        }  # fmt: skip
    return client.post(reverse("admin:taxonomy_skill_change", args=[skill.pk]), data)


def test_an_operator_gives_a_skill_its_dutch_label(client, operator):
    skill = Skill.objects.create(uri="http://data.europa.eu/esco/skill/kiln", label_en="operate kiln")
    SkillLabel.objects.create(
        skill=skill, language="en", kind="preferred", text="operate kiln", normalized="operate kiln", source="esco"
    )
    assert post_labels(client, skill, ("nl", "preferred", " Een oven  stoken ")).status_code == 302
    skill.refresh_from_db()
    assert skill.label_nl == "Een oven stoken"
    label = skill.labels.get(source="operator")
    assert label.normalized == "een oven stoken"
    assert AuditEntry.objects.filter(actor=operator, verb="edit labels").exists()


def test_a_label_twice_is_an_error_and_nothing_is_saved(client, operator):
    skill = Skill.objects.get(key="mig")
    answer = post_labels(client, skill, ("nl", "alternative", "halfautomaat"), ("nl", "alternative", "halfautomaat"))
    assert answer.status_code == 200
    assert not SkillLabel.objects.filter(source="operator").exists()


@pytest.mark.parametrize("name", ["occupation", "skill", "certificate", "skillgroup"])
def test_the_lists_can_be_seen_and_searched(client, operator, name):
    assert client.get(reverse(f"admin:taxonomy_{name}_changelist"), {"q": "las"}).status_code == 200


def test_concepts_are_not_made_or_removed_by_hand(client, operator):
    skill = Skill.objects.get(key="mig")
    assert client.get(reverse("admin:taxonomy_skill_add")).status_code == 403
    assert client.post(reverse("admin:taxonomy_skill_delete", args=[skill.pk]), {"post": "yes"}).status_code == 403


def test_a_jobseeker_does_not_get_in(client):
    client.force_login(make_user())
    assert client.get(reverse("admin:taxonomy_skill_changelist")).status_code == 302
