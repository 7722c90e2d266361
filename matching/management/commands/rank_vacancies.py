"""Print the matches of a smart CV as its owner sees them."""

import json

from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching.queries import matches_for_cv
from matching.serializers import MatchSerializer
from profiles.models import CV


class Command(BaseCommand):
    help = "Rank open vacancies for a smart CV, as its page of matches does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cv_id", type=int)
        parser.add_argument("--limit", type=int, default=20, help="how many vacancies (default 20)")
        parser.add_argument("--json", action="store_true", help="the same as the API gives")

    def handle(self, *args, cv_id: int, limit: int, **options) -> None:
        cv = CV.objects.select_related("owner", "place").filter(pk=cv_id).first()
        if cv is None:
            raise CommandError(f"There is no smart CV {cv_id}.")
        if limit < 1:
            raise CommandError("--limit must be 1 or more.")
        found = matches_for_cv(cv, limit=limit)
        if options["json"]:
            rows = MatchSerializer(found, many=True).data
            self.stdout.write(json.dumps(rows, ensure_ascii=False, default=str, indent=1))
            return
        self.stdout.write(f"Smart CV {cv.ref}: {len(found)} vacancies")
        for place, match in enumerate(found, 1):
            self.stdout.write(
                f"{place:>4}  fit {match.fit:>4}  can {match.can:>4}  want {match.want:>4}  do {match.do:>4}  "
                f"chance {match.chance.low:>3}-{match.chance.high:<3}%  {match.vacancy.pk:>7}  {match.vacancy.title}, "
                f"{match.vacancy.organisation.name}"
                f"{'  lacks: ' + ', '.join(match.hard_failures) if match.hard_failures else ''}"
            )
