"""The order of the pages of the smart CV: where "next", "skip" and "back" lead."""

from dataclasses import dataclass

from django.urls import reverse

from profiles.interests import PAGES as INTEREST_PAGES
from profiles.steps import KEYS, STEPS, Step


@dataclass(frozen=True)
class Page:
    name: str  # of its address
    step: str  # the step it belongs to; "check" for the last page
    number: int | None = None  # of the pages of the interest questions

    @property
    def url(self) -> str:
        return reverse(f"profiles:{self.name}", args=[self.number] if self.number else None)


ORDER = [
    Page("jobs", "jobs"),
    Page("skills", "skills"),
    Page("educations", "educations"),
    Page("languages", "languages"),
    Page("certificates", "certificates"),
    *(Page("interests-page", "interests", number) for number in range(1, INTEREST_PAGES + 1)),
    Page("interests-result", "interests"),
    Page("choices", "choices"),
    Page("values", "values"),
    Page("wishes", "wishes"),
    Page("hours", "wishes"),
    Page("travel", "wishes"),
    Page("drive", "drive"),
    Page("initiatives", "drive"),
    Page("findable", "drive"),
    Page("check", "check"),
]


@dataclass(frozen=True)
class Place:
    """Where a page stands: its step, and the pages before and after it."""

    step: Step
    number: int  # of the step, from 1
    of: int
    back: str
    next: str


def place_of(name: str, number: int | None = None) -> Place:
    at = next(index for index, page in enumerate(ORDER) if page.name == name and page.number == number)
    key = ORDER[at].step
    return Place(
        step=STEPS[KEYS.index(key)],
        number=KEYS.index(key) + 1,
        of=len(STEPS),
        back=ORDER[at - 1].url if at else reverse("profiles:overview"),
        next=ORDER[at + 1].url,
    )
