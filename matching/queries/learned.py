"""What a programme that was finished leaves behind, as the smart CV takes it."""

from education.models import Programme
from profiles.answers import FinishedAnswer


def finished_answer(programme: Programme, year: int) -> FinishedAnswer:
    """The programme as it teaches today: confirmed skills, papers, language and diploma."""
    taught = programme.taught_language and programme.taught_language_level
    return FinishedAnswer(
        programme=programme.pk,
        title=programme.title,
        school=programme.school.name,
        year=year,
        skills=tuple(programme.programme_skills.filter(confirmed=True).order_by("id").values_list("skill_id", "level")),
        certificates=tuple(programme.programme_certificates.order_by("id").values_list("certificate_id", flat=True)),
        grants_level=programme.level if programme.grants_level else None,
        languages=((programme.taught_language, programme.taught_language_level),) if taught else (),
    )
