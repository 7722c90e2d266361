"""Demand, counted by hand on a region small enough for that."""

from datetime import timedelta

import pytest
from django.utils import timezone

from demand import counting, operations, queries
from demand.models import ProgrammeDemand, SkillGap
from education.models import Programme
from matching import loading
from matching.engine import gains, index_candidates
from matching.models import Application
from matching.open_market import forget, open_market
from matching.queries import live_parameters
from profiles.models import FinishedProgramme
from taxonomy.models import SkillNearness
from tests.factories import make_cv, make_place, make_programme, make_user, make_vacancy

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted(region):
    operations.refresh_demand(now=timezone.now())
    return region


def test_gaps_are_what_is_asked_and_neither_known_nor_taught(counted, skills):
    by_skill = {gap.skill: gap for gap in SkillGap.objects.select_related("skill")}
    weld, bake, sweep = by_skill[skills["lassen"]], by_skill[skills["bakken"]], by_skill[skills["vegen"]]
    assert (weld.vacancies, weld.openings, weld.people, weld.programmes) == (3, 4, 0, 0)
    assert (bake.vacancies, bake.people, bake.programmes) == (1, 0, 1)
    assert (sweep.people, sweep.programmes) == (3, 0)
    assert [gap.skill for gap in queries.gaps()] == [skills["lassen"]]
    assert weld.sectors == {"construction": 3}
    assert not queries.gaps("care").exists()
    assert len(queries.gaps(everything=True)) == 5


def test_a_programme_helps_the_vacancies_that_ask_what_it_teaches(counted):
    row = ProgrammeDemand.objects.get()
    assert row.vacancies == 1


def test_people_over_even_odds_are_those_of_the_plain_rule(region, skills, school):
    """One person and one vacancy at a time, through the ordinary counterfactual, gives the same number."""
    for level in (1, 2, 3):
        make_cv(make_user(), {skills["vegen"]: level, skills["meten"]: 4})
    operations.refresh_demand(now=timezone.now())
    market, people, taught = open_market(), loading.all_candidates(), loading.programmes()
    courses = loading.project(taught, market.index.space)
    index = index_candidates(loading.project(people, market.index.space), market.index.space)
    parameters = live_parameters()[0]
    over, everything = 0, []
    for row in range(len(people.ids)):
        found = [
            gain
            for v in range(len(market.index.vacancies.ids))
            for gain in gains(index, row, market.index, v, courses, parameters, 0.0, 0.0)
        ]
        over += any(gain.before.p[0] < 0.5 <= gain.after.p[0] for gain in found)
        everything += [(round(float(g.before.p[0]), 2), round(float(g.after.p[0]), 2)) for g in found]
    assert ProgrammeDemand.objects.get().people_over == over
    assert over > 0, everything


def test_who_cannot_begin_or_combine_it_with_a_job_does_not_count(region, skills, school):
    people = [make_cv(make_user(), {skills["vegen"]: level, skills["meten"]: 4}) for level in (1, 2, 3)]

    def counted(**fields) -> tuple[int, int]:
        programme = Programme.objects.get()
        Programme.objects.update(version=programme.version + 1, **fields)
        operations.refresh_demand(now=timezone.now())
        row = ProgrammeDemand.objects.get()
        return row.people_over, row.people_top

    free = counted(mode="day", hours_per_week=28)
    assert free[0] == free[1] > 0, "the only programme is everybody's best"
    for cv in people:
        cv.jobs.create(title="Kok", is_current=True)
    assert counted()[0] < free[0]
    assert counted(hours_per_week=8) == free
    assert counted(start_dates=["2020-01-01"]) == (0, 0)


def test_few_people_are_hidden(counted, settings):
    row = queries.programmes_of(counted)[0]
    assert (row.vacancies, row.people_over, row.people_top) == (1, None, None)
    settings.SMALLEST_GROUP = 0
    assert queries.programmes_of(counted)[0].people_over == ProgrammeDemand.objects.get().people_over


def test_far_away_is_out_of_reach_unless_the_lessons_are_online(region, skills, school):
    far = make_place("6211", name="Maastricht", latitude=50.85, longitude=5.69)
    away = make_programme(school, {skills["bakken"]: 4}, title="Ver weg", place=far)
    online = make_programme(school, {skills["bakken"]: 4}, title="Online", place=far, mode="online")
    operations.refresh_demand(now=timezone.now())
    counts = dict(ProgrammeDemand.objects.values_list("programme_id", "vacancies"))
    assert (counts[away.pk], counts[online.pk]) == (0, 1)


def test_what_is_nearly_the_same_counts_and_what_is_only_related_does_not(region, skills, school):
    weld_like = make_programme(school, {skills["vegen"]: 4}, title="Vegen")
    for skill, other in (("lassen", "vegen"), ("vegen", "lassen")):
        SkillNearness.objects.create(skill=skills[skill], other=skills[other], similarity=counting.NEARLY_THE_SAME)
    forget()
    market, taught = open_market(), loading.programmes()
    row = taught.ids.tolist().index(weld_like.pk)
    assert counting.helps(market, taught)[row].sum() == 4
    SkillNearness.objects.update(similarity=counting.NEARLY_THE_SAME - 1)
    forget()
    assert counting.helps(open_market(), taught)[row].sum() == 1


def test_the_trend_counts_new_vacancies_by_month(counted, school):
    programme = Programme.objects.get()
    today = timezone.localdate()
    months = queries.trend(programme, today)
    assert len(months) == 12
    assert months[-1].first == today.replace(day=1)
    assert sum(month.vacancies for month in months) == 1
    assert months[-1].vacancies == 1


def test_functions_are_no_vacancies(region, skills, firm):
    make_vacancy(firm, {skills["bakken"]: 3}, kind="function")
    operations.refresh_demand(now=timezone.now())
    assert ProgrammeDemand.objects.get().vacancies == 1


def test_where_leavers_were_hired_shows_sectors_of_ten_people_or_more(counted, firm, skills, settings):
    programme = Programme.objects.get()
    for number in range(12):
        cv = make_cv(make_user())
        FinishedProgramme.objects.create(
            cv=cv, programme=programme.pk, title="Brood bakken", school="Noorderschool",
            year=timezone.localdate().year - 1, confirmed_by="learner",
        )  # fmt: skip
        sector = firm if number < 10 else None
        vacancy = make_vacancy(sector, {skills["bakken"]: 3})
        vacancy.organisation.sector = "construction" if number < 10 else "care"
        vacancy.organisation.save()
        Application.objects.create(
            vacancy=vacancy, cv=cv, status="hired", applied_at=timezone.now(), decided_at=timezone.now()
        )
    detail = queries.programme_detail(programme, timezone.localdate())
    assert (detail.leavers, [row.people for row in detail.hired]) == (12, [10])
    settings.SMALLEST_GROUP = 11
    assert queries.programme_detail(programme, timezone.localdate()).hired == []


def test_counting_twice_changes_nothing(counted):
    before = list(SkillGap.objects.order_by("skill").values_list("skill", "vacancies", "fills"))
    operations.refresh_demand(now=timezone.now() + timedelta(hours=1))
    assert list(SkillGap.objects.order_by("skill").values_list("skill", "vacancies", "fills")) == before


def test_an_empty_platform_is_counted_too(db):
    assert operations.refresh_demand(now=timezone.now()) == 0
