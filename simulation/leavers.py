"""Who finished a programme of the region earlier on: what somebody holds and does was learned somewhere.

Nothing on a CV changes by it, so nothing that employers decided does: a paper that a programme gives was taken there by most who
hold it, and a diploma there by a part of those who began in that work. The rows lie on CVs of the demo region, which are marked.
"""

from dataclasses import dataclass

import numpy as np

from accounts.models import Organisation
from education.models import Programme
from profiles.models import CV, FinishedProgramme
from simulation.people import Person
from simulation.schools import Course
from simulation.world import World

SHARE_OF_PAPERS = 0.6  # taken at the programme that gives them
SHARE_OF_DIPLOMAS = 0.5
SHARE_CONFIRMED = 0.3  # by the school
YEARS_AGO = (1, 8)
BY = FinishedProgramme.ConfirmedBy


@dataclass(frozen=True)
class Leaver:
    """A person (row) who finished a course (row)."""

    person: int
    course: int
    year: int
    confirmed: bool


def draw_leavers(
    world: World, people: list[Person], courses: list[Course], rng: np.random.Generator, year: int
) -> list[Leaver]:
    """In order of person, each course at most once a person; `year` is this year."""
    gives = {paper: row for row, course in enumerate(courses) for paper in course.papers}
    diplomas = {course.title.removesuffix(" (BBL)"): row for row, course in enumerate(courses) if course.grants_level}
    leavers = []
    for number, person in enumerate(people):
        finished = {
            gives[paper]: year - int(rng.integers(*YEARS_AGO))
            for paper in person.papers
            if paper in gives and rng.random() < SHARE_OF_PAPERS
        }
        occupation, began, _ended = person.jobs[-1]
        diploma = diplomas.get(_title(world.occupation_labels[occupation]))
        if diploma is not None and rng.random() < SHARE_OF_DIPLOMAS and _fits(person, courses[diploma]):
            finished[diploma] = min(began, year - 1)
        leavers += [
            Leaver(number, course, when, bool(rng.random() < SHARE_CONFIRMED)) for course, when in finished.items()
        ]
    return leavers


def save_leavers(
    leavers: list[Leaver],
    cvs: list[CV],
    courses: list[Course],
    programmes: list[Programme],
    schools: list[Organisation],
) -> None:
    """The rows as a learner or a school puts them on a CV, with nothing that changed."""
    FinishedProgramme.objects.bulk_create(
        [
            FinishedProgramme(
                cv=cvs[one.person], programme=programmes[one.course].pk, title=courses[one.course].title,
                school=schools[courses[one.course].school].name, year=one.year,
                confirmed_by=BY.SCHOOL if one.confirmed else BY.LEARNER,
            )
            for one in leavers
        ],
        batch_size=2000,
    )  # fmt: skip


def _title(label: str) -> str:
    return f"{label[0].upper()}{label[1:]}"


def _fits(person: Person, course: Course) -> bool:
    """Whether the level is no higher than the person's, and most of what it teaches is on the CV."""
    held = sum(person.skills.get(skill, (0,))[0] >= level for skill, level in course.skills.items())
    return (course.level or 0) <= person.education and 2 * held >= len(course.skills)
