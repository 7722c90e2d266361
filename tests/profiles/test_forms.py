"""What the questions accept, and what they say when they do not."""

import datetime

import pytest
from django.http import QueryDict

from profiles.forms import EducationForm, HoursForm, InitiativeForm, JobForm, JobTitleForm, SkillsForm, TravelForm
from tests import factories

TODAY = datetime.date(2026, 11, 24)


def test_years_in_the_future_are_refused():
    form = JobForm({"is_current": "False", "start_year": "2027"}, today=TODAY)
    assert list(form.errors) == ["start_year"]


def test_an_end_before_the_start_is_refused_at_the_end():
    form = JobForm({"is_current": "False", "start_year": "2020", "end_year": "2019"}, today=TODAY)
    assert list(form.errors) == ["end_year"]


def test_work_that_goes_on_has_no_end():
    form = JobForm({"is_current": "True", "start_year": "2020", "end_year": "2019"}, today=TODAY)
    assert form.is_valid()
    assert form.cleaned_data["end_year"] is None


@pytest.mark.parametrize("year", ["12", "abcd", "20199", "-2019", "2019.5"])
def test_what_is_no_year_is_refused(year):
    assert "start_year" in JobForm({"start_year": year}, today=TODAY).errors


def test_everything_about_a_job_but_its_title_may_stay_empty():
    assert JobForm({}, today=TODAY).is_valid()


def test_markup_in_text_is_dropped():
    form = JobTitleForm({"title": "<script>alert(1)</script><b>kok</b> & kelner"})
    assert form.is_valid()
    assert form.cleaned_data["title"] == "kok & kelner"
    assert not JobTitleForm({"title": "<b></b>"}).is_valid()


def test_minimum_hours_above_the_maximum_are_refused():
    form = HoursForm({"hours_min": "36", "hours_max": "24", "days": ["1"]})
    assert list(form.errors) == ["hours_max"]
    assert HoursForm({"hours_min": "24", "hours_max": "24", "days": ["1", "64"]}).is_valid()


@pytest.mark.parametrize("hours", ["0", "61", "-4", "x"])
def test_hours_that_no_week_has_are_refused(hours):
    assert "hours_min" in HoursForm({"hours_min": hours, "days": ["1"]}).errors


@pytest.mark.django_db
def test_an_unknown_postcode_is_named_in_the_message():
    factories.make_place("9711")
    form = TravelForm({"place": "0001", "travel_mode": "bike"})
    assert list(form.errors) == ["place"]
    assert TravelForm({"place": "9711 AB", "travel_mode": "bike"}).is_valid()


def test_an_education_needs_a_name_and_a_level():
    assert set(EducationForm({"finished": "True"}, today=TODAY).errors) == {"title", "level"}


def test_an_initiative_needs_a_sentence():
    assert "text" in InitiativeForm({"kind": "course", "text": " "}, today=TODAY).errors


def cards(n: int, extra: str = "") -> QueryDict:
    return QueryDict("&".join(f"keep={pk}&shown={pk}" for pk in range(1, n + 1)) + extra)


def test_200_cards_may_be_kept_but_not_201():
    assert SkillsForm(cards(200)).is_valid()
    assert list(SkillsForm(cards(201)).errors) == ["keep"]


def test_nonsense_on_a_card_counts_as_the_middle_level():
    form = SkillsForm(cards(1, "&level-1=99&joy-1=on"))
    assert form.is_valid()
    answer = form.answers()[0]
    assert (answer.level, answer.joy) == (3, 2)


def test_ids_that_are_no_numbers_are_refused():
    assert not SkillsForm(QueryDict("keep=1;drop")).is_valid()
