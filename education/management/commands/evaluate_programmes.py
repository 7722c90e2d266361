"""`manage.py evaluate_programmes`: how good the proposals of skills are, against plain TF-IDF on labels."""

import json
import time
from collections.abc import Callable, Sequence

from django.core.management.base import BaseCommand, CommandError
from sklearn.feature_extraction.text import TfidfVectorizer

from education.judged import JudgedProgramme, judged_programmes
from education.models import Programme
from education.proposing import propose
from taxonomy.models import Skill

TOP = 10
Proposer = Callable[[Programme], Sequence[int]]


def measures(found: list[tuple[Sequence[int], frozenset[int]]], top: int = TOP) -> dict[str, float]:
    """Precision and recall among the first `top`, mean over programmes, and the precision of what was shown at all.

    >>> measures([((1, 2), frozenset({1, 3})), ((), frozenset({4}))], top=2)
    {'n': 2, 'precision': 0.25, 'recall': 0.25, 'of shown': 0.5}
    """
    n = len(found)
    hits = [len(set(ids[:top]) & right) for ids, right in found]
    shown = sum(len(ids[:top]) for ids, _right in found)
    return {
        "n": n,
        "precision": round(sum(hits) / top / n, 3),
        "recall": round(sum(hit / len(right) for hit, (_ids, right) in zip(hits, found, strict=True)) / n, 3),
        "of shown": round(sum(hits) / max(shown, 1), 3),
    }


def tfidf(analyzer: str, ngrams: tuple[int, int]) -> Proposer:
    """The skills whose labels are closest to title and text, by cosine of TF-IDF vectors over all labels."""
    skills = list(Skill.objects.order_by("id").values_list("id", "label_nl", "label_en"))
    vectorizer = TfidfVectorizer(analyzer=analyzer, ngram_range=ngrams, sublinear_tf=True)
    labels = vectorizer.fit_transform([nl or en for _pk, nl, en in skills])

    def nearest(programme: Programme) -> list[int]:
        near = (labels @ vectorizer.transform([f"{programme.title}. {programme.description}"]).T).toarray().ravel()
        return [skills[at][0] for at in (-near).argsort(kind="stable")[:TOP] if near[at] > 0]

    return nearest


def ours(programme: Programme) -> list[int]:
    return [each.skill_id for each in propose(programme)]


class Command(BaseCommand):
    help = "Print precision@10 and recall@10 of proposed skills over the judged programmes, beside TF-IDF on labels."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--missed", action="store_true", help="list what was missed and wrong in the tuned half")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, missed=False, **options) -> None:
        judged = judged_programmes()
        if not judged:
            raise CommandError("No judged programme can be used: load the taxonomy first.")
        proposers = {
            "ours": ours,
            "TF-IDF, words": tfidf("word", (1, 1)),
            "TF-IDF, characters": tfidf("char_wb", (3, 5)),
        }
        report = {"skills": Skill.objects.count()}
        for name, proposer in proposers.items():
            started = time.process_time()
            found = [(one, proposer(one.programme)) for one in judged]
            seconds = time.process_time() - started
            for half, chosen in (("tuned", False), ("held out", True)):
                part = [(ids, one.teaches) for one, ids in found if one.held_out is chosen]
                report[f"{name}, {half}"] = measures(part) | {"ms each": round(1000 * seconds / len(judged), 1)}
            if missed and name == "ours":
                self._list(found)
        if options["json"]:
            self.stdout.write(json.dumps(report, indent=2))
            return
        self.stdout.write(f"{len(judged)} programmes, {report.pop('skills')} skills; top {TOP}")
        for name, row in report.items():
            self.stdout.write(f"{name:<30} " + "  ".join(f"{key} {value}" for key, value in row.items()))

    def _list(self, found: list[tuple[JudgedProgramme, Sequence[int]]]) -> None:
        labels = dict(Skill.objects.values_list("id", "label_nl"))
        for one, ids in found:
            if not one.held_out:
                top = set(ids[:TOP])
                wrong, lost = [labels[pk] for pk in ids[:TOP] if pk not in one.teaches], one.teaches - top
                self.stdout.write(f"{one.programme.title}: {len(top & one.teaches)} right; wrong {wrong}")
                self.stdout.write(f"    missed {[labels[pk] for pk in sorted(lost)]}")
