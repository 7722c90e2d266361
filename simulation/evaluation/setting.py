"""The region that an evaluation looks at, laid out once for all parts of it."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from matching import loading
from matching.engine import CandidateIndex, SkillSpace, VacancyIndex, index_candidates, index_vacancies
from simulation.arrays import Scene, candidates_of, scene_of, vacancies_of
from simulation.facts import Facts, facts_of
from simulation.firms import Firm, Post, draw_firms, draw_posts
from simulation.hiring import simulate_applications
from simulation.history import History, history_of
from simulation.people import Person, draw_person
from simulation.processes import Process
from simulation.world import World, read_world

TODAY = date(2026, 3, 2)  # any day does; a fixed one makes a seed a whole region
FIRMS_A_PERSON, OPEN_A_PERSON, PAST_A_PERSON = 0.67, 0.4, 1.4


@dataclass(frozen=True)
class Setting:
    """A region, what the matcher sees of it (people, work) and what only employers see (facts)."""

    seed: int
    scene: Scene
    persons: list[Person]
    firms: list[Firm]
    posts: list[Post]
    people: CandidateIndex
    work: VacancyIndex
    facts: Facts

    def history(self, process: Process) -> History:
        """Two years of applications as this process decides them."""
        rng = np.random.default_rng([self.seed, 1])
        outcomes = simulate_applications(self.scene.world, self.persons, self.firms, self.posts, rng, TODAY, process)
        return history_of(outcomes, self.posts, self.people, self.work)


def read_scene() -> tuple[World, SkillSpace]:
    """Occupations, skills, places and nearness from the database. Raises RuntimeError when they are not loaded yet."""
    world = read_world()
    return world, loading.space_for(world.skill_ids.tolist())


def make_setting(seed: int, people: int, world: World, space: SkillSpace) -> Setting:
    """The same seed and number of people give the same region."""
    rng = np.random.default_rng(seed)
    persons = [draw_person(world, rng, TODAY.year) for _ in range(people)]
    firms = draw_firms(world, rng, max(2, round(people * FIRMS_A_PERSON)))
    posts = draw_posts(
        world, rng, firms, TODAY, max(2, round(people * OPEN_A_PERSON)), max(2, round(people * PAST_A_PERSON)), 0
    )
    return lay_out(seed, scene_of(world, space), persons, firms, posts)


def lay_out(seed: int, scene: Scene, persons: list[Person], firms: list[Firm], posts: list[Post]) -> Setting:
    """Everything as arrays."""
    return Setting(
        seed, scene, persons, firms, posts,
        index_candidates(candidates_of(scene, persons, TODAY.year), scene.space),
        index_vacancies(vacancies_of(scene, posts), scene.space),
        facts_of(scene.world, persons, firms, posts),
    )  # fmt: skip
