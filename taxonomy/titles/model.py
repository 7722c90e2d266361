"""The trained model of titles: built from what the database says, kept in one file, read once per process.

The file is a plain `.npz` (its members carry checksums): arrays only, nothing that could run.
"""

import hashlib
import json
import logging
import os
import threading
import zipfile
import zlib
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db.models import Max
from scipy import sparse

from taxonomy.models import Edition, Label, Occupation, OccupationLabel, Skill, SkillLabel
from taxonomy.text import normalize
from taxonomy.titles.encoder import Encoder, Group, Pieces, Training, Vectors, train
from taxonomy.titles.index import Labels, TitleIndex

logger = logging.getLogger(__name__)
FORMAT = 2
WORDS = Path(__file__).with_name("words.csv")
DESCRIPTION_WORDS = 14  # the first sentence, about
SKILL_LABELS, SKILL_WEIGHT = 8, 0.2  # skills teach the encoder how the two languages say the same things
FEWEST_OCCUPATIONS = 20
ENCODERS = 2  # learned from the seed and the ones after it
BITS = 6  # of a number in the file
STEPS_PER_OCCUPATION, LEAST_STEPS, MOST_STEPS = 3, 100, 2500  # a small taxonomy is learned in fewer steps


class BadModel(Exception):
    """The file is not there, broken, or of another make; the message says which."""


@dataclass(frozen=True)
class TitleModel:
    index: TitleIndex
    occupations: list[int]  # ids, by row of the index
    made: dict  # version, edition, seed and counts
    labels: dict[str, tuple[int, ...]] = field(default_factory=dict)  # normalised Dutch or English label -> rows


def path_of_model() -> Path:
    return Path(settings.TITLES_DIR) / "titles.npz"


def version_now() -> str:
    """What a model would be built from now: changes when occupations, labels or our own word list change."""
    number = Edition.objects.values_list("number", flat=True).first() or 0
    newest = [model.objects.aggregate(newest=Max("id"))["newest"] or 0 for model in (OccupationLabel, SkillLabel)]
    words = hashlib.sha256(WORDS.read_bytes()).hexdigest()[:8]
    return f"{FORMAT}.{number}.{newest[0]}.{newest[1]}.{words}"


# Building.


def build_model(*, seed: int = Training.seed, steps: int | None = None) -> TitleModel:
    """Train on the database. Raises BadModel when there are too few occupations to learn from."""
    version = version_now()
    rows = list(Occupation.objects.order_by("id").values_list("id", "description_nl", "description_en"))
    row_of = {pk: row for row, (pk, *_) in enumerate(rows)}
    dutch: dict[int, list[str]] = {}
    english: dict[int, list[str]] = {}
    known = OccupationLabel.objects.exclude(kind=Label.Kind.HIDDEN).filter(language__in=("nl", "en")).order_by("id")
    for pk, language, text in known.values_list("occupation_id", "language", "normalized"):
        (dutch if language == "nl" else english).setdefault(row_of[pk], []).append(text)
    dutch = {row: list(dict.fromkeys(filter(None, texts))) for row, texts in dutch.items()}
    english = {row: list(dict.fromkeys(filter(None, texts))) for row, texts in english.items()}
    if len(dutch) < FEWEST_OCCUPATIONS:
        raise BadModel(f"{len(dutch)} occupations with Dutch labels are too few to learn from.")
    said = {row: list(texts) for row, texts in english.items()}
    for row, (_, *descriptions) in enumerate(rows):
        opened = [" ".join(normalize(text[:400]).split()[:DESCRIPTION_WORDS]) for text in descriptions if text]
        said.setdefault(row, []).extend(opened)
    texts: list[str] = []
    groups = [_group(texts, own, said.get(row, [])) for row, own in sorted(dutch.items())]
    groups += [_group(texts, nl, en, SKILL_WEIGHT) for nl, en in _skills() if nl and en]
    groups += [_group(texts, group, []) for group in _words()]
    pieces = Pieces.fit(texts)
    if steps is None:
        steps = min(MOST_STEPS, max(LEAST_STEPS, STEPS_PER_OCCUPATION * len(dutch)))
    training, rows_of_texts = replace(Training(), seed=seed, steps=steps), pieces.transform(texts)
    tables = [train(rows_of_texts, groups, replace(training, seed=seed + more)) for more in range(ENCODERS)]
    encoder = Encoder(pieces, tables)
    index = TitleIndex.build(
        encoder, len(rows), [(row, text) for row, own in dutch.items() for text in own],
        [(row, text) for row, own in said.items() for text in own],
    )  # fmt: skip
    made = {
        "version": version, "occupations": len(rows), "dutch_labels": sum(map(len, dutch.values())),
        "english_texts": sum(map(len, said.values())), "groups": len(groups), "encoders": ENCODERS, **asdict(training),
    }  # fmt: skip
    labels: dict[str, dict[int, None]] = {}
    for own in (dutch, english):
        for row, mine in own.items():
            for text in mine:
                labels.setdefault(text, {})[row] = None
    return TitleModel(index, list(row_of), made, {text: tuple(found) for text, found in labels.items()})


def _group(texts: list[str], dutch: list[str], other: list[str], weight: float = 1.0) -> Group:
    start = len(texts)
    texts += dutch
    middle = len(texts)
    texts += other
    return Group(np.arange(start, middle), np.arange(middle, len(texts)), weight)


def _skills() -> list[tuple[list[str], list[str]]]:
    """Labels of skills in Dutch and in English."""
    found: dict[int, tuple[list[str], list[str]]] = {pk: ([], []) for pk in Skill.objects.values_list("id", flat=True)}
    known = SkillLabel.objects.exclude(kind=Label.Kind.HIDDEN).filter(language__in=("nl", "en")).order_by("-kind", "id")
    for pk, language, text in known.values_list("skill_id", "language", "normalized"):
        own = found[pk][language == "en"]
        if text and len(own) < SKILL_LABELS:
            own.append(text)
    return [found[pk] for pk in sorted(found)]


def _words() -> list[list[str]]:
    """Our own list: words of titles that mean much the same, a line each."""
    lines = WORDS.read_text(encoding="utf-8").splitlines()[1:]
    groups = [[normalize(text) for text in line.split("|")] for line in lines]
    return [group for group in groups if len(group) > 1]


# Keeping.


def save_model(model: TitleModel, path: Path) -> None:
    """Write the file beside its place, then put it there: nobody reads half a model."""
    index = model.index
    texts = sorted(model.labels)
    arrays = {
        **{f"encoder_{name}": array for name, array in index.encoder.pieces.state().items()},
        **{name: array for at, table in enumerate(index.encoder.tables) for name, array in _packed(f"table{at}", table).items()},
        **_packed("centres", index.centres),
        **_packed("dutch", index.dutch.vectors), **_packed("english", index.english.vectors),
        "dutch_owner": index.dutch.owner, "english_owner": index.english.owner,
        "occupations": np.array(model.occupations, dtype=np.int64),
        "spelling": index.spelling.T.tocsr().data.astype(np.float16),
        "spelling_at": index.spelling.T.tocsr().indices.astype(np.int32),
        "spelling_from": index.spelling.T.tocsr().indptr.astype(np.int32),
        "labels": _as_bytes("\n".join(texts)),
        "label_rows": _as_bytes(json.dumps([model.labels[text] for text in texts])),
        "made": _as_bytes(json.dumps(model.made)),
    }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    with unfinished.open("wb") as stream:
        np.savez_compressed(stream, **arrays)
    unfinished.replace(path)


def load_model(path: Path) -> TitleModel:
    """Read the file. Raises BadModel when it is missing, truncated, damaged or of another format."""
    try:
        with np.load(path, allow_pickle=False) as file:
            made = json.loads(file["made"].tobytes())
            if made["version"].split(".")[0] != str(FORMAT):
                raise BadModel(f"{path.name} is of another format.")
            pieces = Pieces.restore(
                {k.removeprefix("encoder_"): file[k] for k in file.files if k.startswith("encoder_")}
            )
            labels = [Labels(file[f"{name}_owner"], _unpacked(file, name)) for name in ("dutch", "english")]
            data, at, starts = (file[name] for name in ("spelling", "spelling_at", "spelling_from"))
            spelling = sparse.csr_matrix((data.astype(np.float32), at, starts), shape=(len(starts) - 1, pieces.size))
            encoder = Encoder(pieces, [_unpacked(file, f"table{at}") for at in range(made["encoders"])])
            index = TitleIndex(encoder, labels[0], labels[1], _unpacked(file, "centres"), spelling.T.tocsr())
            texts = file["labels"].tobytes().decode().split("\n")
            found = dict(zip(texts, map(tuple, json.loads(file["label_rows"].tobytes())), strict=True))
            return TitleModel(index, file["occupations"].tolist(), made, found)
    except FileNotFoundError:
        raise BadModel("There is no model of titles yet.") from None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise BadModel(f"{path.name} cannot be read: {error}") from error


def _packed(name: str, rows: Vectors) -> dict[str, np.ndarray]:
    """Rows as whole numbers of `BITS`, each row with its own scale: a fifth of the size, cosines within 0.01."""
    scale = np.maximum(np.abs(rows).max(axis=1), 1e-9).astype(np.float32) / (2 ** (BITS - 1) - 1)
    return {name: np.rint(rows / scale[:, None]).astype(np.int8), f"{name}_scale": scale}


def _unpacked(file, name: str) -> Vectors:
    return file[name].astype(np.float32) * file[f"{name}_scale"][:, None]


def _as_bytes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), dtype=np.uint8)


_lock = threading.Lock()
_held: tuple[tuple, TitleModel | None] | None = None  # (identity of the file, model)


def current_model() -> TitleModel | None:
    """The model that was built last, of this edition or an older one; None when there is none that can be read.

    Read again when the file changed; a broken file is logged once.
    """
    global _held
    path = path_of_model()
    try:
        stat = path.stat()
        identity = (str(path), stat.st_mtime_ns, stat.st_size, stat.st_ino)
    except OSError:
        return None
    held = _held
    if held is None or held[0] != identity:
        with _lock:
            if _held is None or _held[0] != identity:
                try:
                    model: TitleModel | None = load_model(path)
                except BadModel as error:
                    logger.error("title model ignored, titles are looked up by their labels: %s", error)
                    model = None
                _held = (identity, model)
            held = _held
    return held[1]


def is_stale() -> bool:
    """True when no readable model was built from what the database says now."""
    model = current_model()
    return model is None or model.made["version"] != version_now()
