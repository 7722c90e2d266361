"""What changes a smart CV. Every change checks the version that the person saw, is audited, and wakes the matcher."""

from profiles.operations.base import (
    MOST_EDUCATIONS,
    MOST_INITIATIVES,
    MOST_JOBS,
    MOST_SKILLS,
    MOST_WISHES,
    start_cv,
    touch,
)
from profiles.operations.can import (
    add_skill,
    remove_job,
    save_certificates,
    save_educations,
    save_job,
    save_jobs,
    save_languages,
    save_skills,
)
from profiles.operations.learned import finish_programme, take_back_programme
from profiles.operations.want import (
    save_choices,
    save_drive,
    save_initiatives,
    save_interests,
    save_values,
    save_wishes,
    set_findable,
)
from profiles.operations.whole import PARTS, claim_draft, erase_cv, erase_old_drafts, update_cv
from profiles.steps import VALUES

__all__ = [
    "MOST_EDUCATIONS",
    "MOST_INITIATIVES",
    "MOST_JOBS",
    "MOST_SKILLS",
    "MOST_WISHES",
    "PARTS",
    "VALUES",
    "add_skill",
    "claim_draft",
    "erase_cv",
    "erase_old_drafts",
    "finish_programme",
    "remove_job",
    "save_certificates",
    "save_choices",
    "save_drive",
    "save_educations",
    "save_initiatives",
    "save_interests",
    "save_job",
    "save_jobs",
    "save_languages",
    "save_skills",
    "save_values",
    "save_wishes",
    "set_findable",
    "start_cv",
    "take_back_programme",
    "touch",
    "update_cv",
]
