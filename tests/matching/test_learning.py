"""What the chance model learns from, when a new version goes live, and what is filled in afterwards."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone
from scipy.special import expit

from accounts.models import AuditEntry
from core.exceptions import Refused
from matching import loading, operations, queries
from matching.engine import ENGINE_VERSION, fit_chance, prior
from matching.engine.features import NAMES, SIGNS
from matching.learning import Outcomes, challenge
from matching.models import Application, ChanceModel
from matching.operations.outcomes import known_outcomes, outcomes_of
from profiles.models import CVCertificate
from taxonomy.models import Certificate
from tests.factories import make_cv, make_organisation, make_user, make_vacancy
from tests.matching.conftest import DID, WHY

pytestmark = pytest.mark.django_db
RISE = np.array([1.5, 1.0, 1.5, 1.0, 1.5, 0.5, 0.8, 1.5, 0.5, 0.5, 0.3, 1.0, 1.5, 0.3, 0.1, 0.5]) * SIGNS


def some_outcomes(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.beta(2, 2, (n, len(NAMES)))
    return x, (rng.random(n) < expit(-1.0 + (x - 0.5) @ RISE)).astype(float)


def history(x: np.ndarray, y: np.ndarray, now, people: int = 20) -> None:
    """Decided applications with these features and outcomes."""
    firm = make_organisation()
    cvs = [make_cv(make_user()) for _ in range(people)]
    vacancies = [make_vacancy(firm) for _ in range(-(-len(y) // people))]
    Application.objects.bulk_create(
        [
            Application(
                cv=cvs[i % people], vacancy=vacancies[i // people], status="invited" if invited else "rejected",
                reason="" if invited else "skills", was_invited=bool(invited),
                snapshot={"features": row.tolist()}, engine_version=ENGINE_VERSION,
                applied_at=now - timedelta(days=400 - i / 2), decided_at=now - timedelta(days=399 - i / 2),
            )
            for i, (row, invited) in enumerate(zip(x, y, strict=True))
        ]
    )  # fmt: skip


def test_without_outcomes_the_prior_goes_live_and_says_version_one(now, cv, vacancy):
    assert queries.match_for(cv, vacancy).chance.model_version == 0
    model = operations.train_chance_model(now=now)
    assert (model.version, model.is_live, model.n_outcomes) == (1, True, 0)
    assert queries.match_for(cv, vacancy).chance.model_version == 1
    assert queries.live_parameters()[0] == prior()


def test_a_challenger_is_judged_only_on_outcomes_that_the_live_model_never_saw(now):
    history(*some_outcomes(400, 1), now)
    champion = operations.train_chance_model(now=now)
    assert champion.is_live
    assert champion.metrics["brier"] < champion.metrics["brier_base_rate"]
    again = operations.train_chance_model(now=now)
    assert (again.version, again.is_live) == (2, False)
    assert "too few" in again.refused_because
    later = now + timedelta(days=300)
    history(*some_outcomes(160, 4), later)  # ends a hundred days before that
    third = operations.train_chance_model(now=later)
    assert third.metrics["n"] == 80
    assert third.metrics["n_train"] == 480


def test_a_wrong_model_is_replaced_by_a_better_one_and_a_good_one_is_kept(now):
    history(*some_outcomes(400, 1), now)
    good = operations.train_chance_model(now=now)
    ChanceModel.objects.filter(pk=good.pk).update(is_live=False)
    wrong = prior().to_json()
    wrong["base"] += 4
    worse = ChanceModel.objects.create(version=9, is_live=True, parameters=wrong)
    better = operations.train_chance_model(now=now)
    assert (better.version, better.is_live) == (10, True)
    worse.refresh_from_db()
    assert not worse.is_live
    assert ChanceModel.objects.filter(is_live=True).count() == 1
    known = fit_chance(*some_outcomes(3000, 5))
    x, y = some_outcomes(600, 6)
    misled = np.concatenate([1 - y[:480], y[480:]])  # taught by the wrong outcomes, judged by the right ones
    refused = challenge(Outcomes(x, misled), known)
    assert "not better" in refused.refused_because


def test_silence_is_an_answer_after_two_months_and_a_withdrawal_before_any_is_not(sent, cv, vacancy, now):
    assert operations.train_chance_model(now=now + timedelta(days=59)).n_outcomes == 0
    later = now + timedelta(days=61)
    assert operations.train_chance_model(now=later).n_outcomes == 1
    user = make_user()
    undecided = operations.apply(cv=make_cv(user), vacancy=vacancy, why="", did="", actor=user, now=now)
    operations.withdraw(application=undecided, actor=user, now=now)
    assert operations.train_chance_model(now=later).n_outcomes == 1


def test_a_no_because_the_vacancy_was_filled_is_known_as_such(sent, owner, now):
    operations.reject(application=sent, reason="filled", message="", actor=owner, now=now)
    assert [(row.happened, row.filled) for row in known_outcomes(now)] == [(False, True)]
    Application.objects.update(reason="skills")
    assert [(row.happened, row.filled) for row in known_outcomes(now)] == [(False, False)]
    assert outcomes_of(known_outcomes(now)).filled.tolist() == [False]


def test_a_model_of_another_make_gives_way_to_the_prior(now, cv, vacancy):
    model = operations.train_chance_model(now=now)
    ChanceModel.objects.filter(pk=model.pk).delete()
    ChanceModel.objects.create(version=5, is_live=True, parameters={"feature_names": ["luck"]})
    assert queries.match_for(cv, vacancy).chance.model_version == 0
    assert operations.train_chance_model(now=now).is_live


@pytest.mark.parametrize("target", ["invited", "hired"])
def test_an_operator_reads_that_the_live_version_is_not_used_until_training_made_a_new_one(
    target, now, client, operator
):
    page, notice = f"/operator/model/?of={target}", "komen kansen uit de vaste beginwaarden"
    client.force_login(operator)
    model = operations.train_chance_model(now=now, target=target)
    assert queries.model_quality(target).usable
    assert notice not in client.get(page).content.decode()
    older = ChanceModel.objects.create(
        target=target, version=7, parameters=model.parameters | {"feature_names": ["can"]}
    )
    ChanceModel.objects.filter(pk=model.pk).update(is_live=False)
    ChanceModel.objects.filter(pk=older.pk).update(is_live=True)  # as after an upgrade
    assert queries.live_parameters(target)[1] == 0
    quality = queries.model_quality(target)
    assert (quality.live, quality.usable) == (older, False)
    assert notice in client.get(page).content.decode()
    if target == "invited":
        assert {"live": 7, "usable": False}.items() <= client.get("/api/v1/model/").json().items()
    new = operations.train_chance_model(now=now, target=target)
    assert (queries.model_quality(target).live, queries.live_parameters(target)[1]) == (new, 8)
    assert notice not in client.get(page).content.decode()


def test_a_version_that_cannot_be_read_does_not_go_live(now, client, operator):
    live, older = operations.train_chance_model(now=now), ChanceModel.objects.create(version=7, parameters={"old": 1})
    with pytest.raises(Refused):
        operations.make_live(model=older, actor=operator)
    client.force_login(operator)
    answer = client.post("/operator/model/", {"model": older.pk}, follow=True).content.decode()
    assert "Versie 7 is gemaakt voor een oudere manier van rekenen" in answer
    assert ChanceModel.objects.get(is_live=True) == live


def test_somebody_reads_what_telling_would_do_until_they_applied(client, cv, person, vacancy):
    ChanceModel.objects.create(version=9, is_live=True, parameters=fit_chance(*some_outcomes(3_000, 7)).to_json())
    client.force_login(person)
    match, apply = (reverse(f"matching:{name}", args=[vacancy.pk]) for name in ("match", "apply"))
    said = "Vertel je waarom je dit wilt"
    assert said in client.get(match).content.decode()
    assert said in client.get(apply).content.decode()
    client.post(apply, {"why": WHY, "did": DID})
    assert said not in client.get(match).content.decode()


def test_what_was_said_at_applying_stays_when_the_vacancy_grows_older(vacancy, cv, person, now):
    before = operations.apply(cv=cv, vacancy=vacancy, why=WHY, did=DID, actor=person, now=now).snapshot["chance"]
    type(vacancy).objects.filter(pk=vacancy.pk).update(published_at=now - timedelta(days=50))
    Application.objects.update(applied_at=now - timedelta(days=50))
    chance = queries.match_for(cv, vacancy).chance
    assert (chance.p, chance.low, chance.high) == (before["p"], before["low"], before["high"])


def test_a_dot_is_no_motivation():
    assert queries.answered("." * 40, "") == 0
    assert queries.answered(WHY, "ja") == 1
    assert queries.answered("Dit lijkt me leuk", "Stage gelopen") == 2


def test_a_paper_that_expired_no_longer_counts(cv):
    paper = Certificate.objects.create(key="vca", label_nl="VCA", label_en="VCA")
    row = CVCertificate.objects.create(cv=cv, certificate=paper, valid_until=timezone.localdate())
    assert loading.load_candidates([cv.pk]).certificates.any()
    CVCertificate.objects.filter(pk=row.pk).update(valid_until=timezone.localdate() - timedelta(days=1))
    assert not loading.load_candidates([cv.pk]).certificates.any()


def test_outcomes_of_one_kind_only_are_stored_without_numbers_that_do_not_exist(now):
    x, _y = some_outcomes(300, 2)
    history(x, np.zeros(300), now)
    model = operations.train_chance_model(now=now)
    model.refresh_from_db()
    assert model.is_live
    assert model.metrics["auc"] is None
    assert queries.model_quality().live == model


def test_an_invitation_counts_although_the_person_withdrew_later_and_an_undecided_one_does_not(
    sent, cv, vacancy, owner, person, now
):
    operations.invite(application=sent, actor=owner, now=now)
    operations.withdraw(application=sent, actor=person, now=now)
    user = make_user()
    undecided = operations.apply(cv=make_cv(user), vacancy=vacancy, why="", did="", actor=user, now=now)
    operations.withdraw(application=undecided, actor=user, now=now)
    assert operations.train_chance_model(now=now).n_outcomes == 1


def test_what_is_decided_later_is_not_known_yet(sent, owner, now):
    operations.invite(application=sent, actor=owner, now=now + timedelta(days=2))
    assert operations.train_chance_model(now=now).n_outcomes == 0


def test_a_challenger_that_is_better_on_the_whole_but_unfair_to_a_group_is_refused(monkeypatch):
    x, y = some_outcomes(1000, 3)
    few = np.arange(1000) % 3 == 0
    live = replace(prior(), base=prior().base - 3)
    gaps = iter([{"few": 0.2}, {"few": 0.0}])
    monkeypatch.setattr("matching.learning.group_gaps", lambda *arguments: next(gaps))
    result = challenge(Outcomes(x, y, {"few": few}), live)
    assert "widens the gap for: few" in result.refused_because


def test_an_operator_can_go_back_to_an_older_version(now, client, operator):
    first = operations.train_chance_model(now=now)
    second = ChanceModel.objects.create(version=7, parameters=prior().to_json())
    operations.make_live(model=second, actor=operator)
    operations.make_live(model=second, actor=operator)
    assert ChanceModel.objects.get(is_live=True) == second
    client.force_login(operator)
    client.post("/operator/model/", {"model": first.pk})
    assert ChanceModel.objects.get(is_live=True) == first
    assert AuditEntry.objects.filter(verb="make chance model live", actor=operator).count() == 3


def test_filling_in_afterwards_gives_what_was_written_down_at_the_moment(vacancy, sawing, painting, firm, now):
    other = make_vacancy(firm, {painting: 2}, openings=2, published_at=now - timedelta(days=30))
    levels = ({sawing: 5}, {sawing: 2, painting: 3}, {}, {painting: 5})
    people = [make_user() for _ in levels]
    for i, (user, skills) in enumerate(zip(people, levels, strict=True)):
        mine = make_cv(user, skills)
        for place in (vacancy, other):
            moment = now + timedelta(minutes=i)
            operations.apply(cv=mine, vacancy=place, why=WHY * (i % 2), did=DID * (i > 1), actor=user, now=moment)
    written = {row.pk: row.snapshot for row in Application.objects.all()}
    Application.objects.update(snapshot={})
    assert operations.backfill_snapshots() == len(written) == 8
    assert operations.backfill_snapshots() == 0
    for row in Application.objects.all():
        assert row.snapshot["fit"] == pytest.approx(written[row.pk]["fit"], abs=1)
        # The age in weeks is counted to the second, the chance at applying a moment later.
        np.testing.assert_allclose(row.snapshot["features"], written[row.pk]["features"], atol=1e-3)
    assert operations.state_chances() == 8
    for row in Application.objects.all():
        for name in ("p", "low", "high"):
            assert row.snapshot["chance"][name] == pytest.approx(written[row.pk]["chance"][name], abs=1)


def test_recency_is_the_same_alone_and_among_others(vacancy, sawing, person, owner):
    """How long ago somebody used a skill does not depend on who else is looked at."""
    cv = make_cv(person, {})
    cv.cv_skills.create(skill=sawing, level=3, last_used_year=2020)
    type(cv).objects.filter(pk=cv.pk).update(updated_at="2020-06-01T12:00:00Z")
    make_cv(make_user(), {sawing: 2})
    alone = queries.match_for(cv, vacancy)
    among = next(match for match in queries.candidates_for_vacancy(vacancy) if match.cv == cv)
    assert (alone.can, alone.fit) == (among.can, among.fit)


def test_the_chance_to_be_hired_learns_from_invitations_only_and_is_never_above_that_of_one(
    sent, owner, cv, vacancy, now
):
    before = queries.match_for(cv, vacancy)
    assert 0 < before.hire.p <= before.chance.p
    assert operations.train_chance_model(now=now, target="hired").n_outcomes == 0
    operations.invite(application=sent, actor=owner, now=now)
    assert operations.train_chance_model(now=now, target="hired").n_outcomes == 0  # nobody knows yet
    assert operations.train_chance_model(now=now + timedelta(days=61), target="hired").n_outcomes == 1  # silence
    operations.hire(application=sent, actor=owner, now=now)
    model = operations.train_chance_model(now=now, target="hired")
    assert (model.target, model.n_outcomes) == ("hired", 1)


def test_features_of_an_older_engine_are_worked_out_anew_and_what_was_said_stays(sent, now):
    said = sent.snapshot
    Application.objects.update(snapshot=said | {"features": [0.1, 0.2]}, engine_version="0.9")
    assert operations.train_chance_model(now=now + timedelta(days=90)).n_outcomes == 0
    assert operations.backfill_snapshots() == 1
    again = Application.objects.get(pk=sent.pk)
    assert again.engine_version == ENGINE_VERSION
    assert len(again.snapshot["features"]) == len(NAMES)
    assert {key: again.snapshot[key] for key in ("fit", "chance", "model")} == {
        key: said[key] for key in ("fit", "chance", "model")
    }
    assert operations.train_chance_model(now=now + timedelta(days=90)).n_outcomes == 1


def test_drift_is_quiet_on_more_of_the_same_and_loud_when_applications_or_outcomes_change(now):
    assert operations.check_drift(now=now) is None
    history(*some_outcomes(400, 1), now - timedelta(days=100))
    operations.train_chance_model(now=now - timedelta(days=100))
    history(*some_outcomes(110, 2), now + timedelta(days=345))  # the newest 110, in the last two months
    quiet = operations.check_drift(now=now)
    assert (quiet.n_applications, quiet.n_outcomes, quiet.alarms) == (110, 109, [])  # the last answer comes tomorrow
    x, _y = some_outcomes(110, 3)
    x[:, NAMES.index("competition")] = 1.0
    history(x, np.ones(110), now + timedelta(days=345))
    loud = operations.check_drift(now=now)
    assert {(alarm["code"], alarm["feature"]) for alarm in loud.alarms} >= {
        ("shift", "competition"),
        ("calibration", ""),
    }
    assert queries.model_quality().drift == loud


@pytest.mark.parametrize(
    "stored, shown",
    [
        ("too few new outcomes", "te weinig nieuwe uitkomsten"),
        ("not better than the live model on the newest outcomes", "niet beter dan het model dat nu werkt"),
        ("widens the gap for: Nederlands onder B2", "maakt het verschil groter voor: Nederlands onder B2"),
    ],
)
def test_why_a_version_did_not_go_live_is_read_in_dutch(stored, shown):
    assert ChanceModel(refused_because=stored).refusal.startswith(shown)
