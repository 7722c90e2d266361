"""`manage.py train_skills`: the model that decides which skills a text says, from the tuning half of judged passages."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from taxonomy.judged_passages import JUDGED, BadJudged, read_passages
from taxonomy.skill_training import cases_of, read_cases, save_cases, save_model, train


class Command(BaseCommand):
    help = "Train the model that accepts skills in texts. Run build_skill_vectors first."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dir", type=Path, default=JUDGED, help="folder with judged passages")
        parser.add_argument("--keep", type=Path, help="only write the candidates of this taxonomy to a file")
        parser.add_argument("--also", type=Path, nargs="+", default=[], help="files of other taxonomies to train with")

    def handle(self, *, dir: Path = JUDGED, keep=None, also=(), **options) -> None:
        try:
            tuning, _ = read_passages(dir)
        except BadJudged as error:
            raise CommandError(str(error))
        cases = [case for passage in tuning for case in cases_of(passage)]
        if keep:
            save_cases(cases, keep)
            self.stdout.write(f"{len(cases)} passages and lines with their candidates in {keep}")
            return
        for file in also:
            cases += read_cases(file)
        trained = train(cases)
        save_model(trained)
        self.stdout.write(
            f"trained on {trained.candidates} candidates of {trained.cases} passages and lines, F1 {trained.f1:.3f} "
            f"cross-validated, threshold {trained.model.threshold:.2f}"
        )
