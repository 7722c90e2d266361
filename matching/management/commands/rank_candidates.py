"""Print the candidates of a vacancy as its employer sees them."""

import json

from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching.queries import candidates_for_vacancy
from matching.serializers import CandidateSerializer
from vacancies.models import Vacancy


class Command(BaseCommand):
    help = "Rank people for a vacancy, as its page of candidates does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("vacancy_id", type=int)
        parser.add_argument("--limit", type=int, default=30, help="how many people who did not apply (default 30)")
        parser.add_argument("--json", action="store_true", help="the same as the API gives")

    def handle(self, *args, vacancy_id: int, limit: int, **options) -> None:
        vacancy = Vacancy.objects.select_related("organisation", "occupation", "place").filter(pk=vacancy_id).first()
        if vacancy is None:
            raise CommandError(f"There is no vacancy {vacancy_id}.")
        if limit < 1:
            raise CommandError("--limit must be 1 or more.")
        found = candidates_for_vacancy(vacancy, limit=limit)
        if options["json"]:
            rows = CandidateSerializer(found, many=True).data
            self.stdout.write(json.dumps(rows, ensure_ascii=False, default=str, indent=1))
            return
        self.stdout.write(f"{vacancy.title}, {vacancy.organisation.name}: {len(found)} people")
        for place, match in enumerate(found, 1):
            self.stdout.write(
                f"{place:>4}  fit {match.fit:>4}  can {match.can:>4}  want {match.want:>4}  do {match.do:>4}  "
                f"chance {match.chance.low:>3}-{match.chance.high:<3}%  {match.ref}  {match.status}"
                f"{'  lacks: ' + ', '.join(match.hard_failures) if match.hard_failures else ''}"
            )
