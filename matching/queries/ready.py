"""Make ready what the first page of a new installation would wait for."""

import numpy as np

from matching import loading
from matching.engine import index_candidates
from matching.engine.index.candidates import index_people
from matching.engine.index.gains import gain_tables, skill_gains
from matching.engine.index.vacancies import index_work
from matching.engine.training_ground import lay_out
from matching.engine.training_market import chances_after, everything, stand
from matching.queries.suggestions import live_tables
from profiles.models import CV


def compile_advice(cv: CV, vacancy_id: int) -> None:
    """Compile the loops of advice on courses and skills, for one person and one vacancy. They are kept on disk: once a checkout."""
    index, loaded = loading.index_of([vacancy_id]), loading.load_candidates([cv.pk])
    space, one = index.space, np.zeros(len(index.vacancies.ids))
    person, programmes = loading.project(loaded, space), loading.project(loading.programmes(), space)
    ground = lay_out(index, programmes)
    now = stand(ground, index_candidates(person, space), 0, live_tables(), one, one)
    if len(programmes.ids):
        chances_after(ground, now, [(0,)], everything(now))
    chance = gain_tables(now.tables.parameters)
    skill_gains(index_work(index.vacancies, space), index_people(person, space), 0, chance, one, one)
