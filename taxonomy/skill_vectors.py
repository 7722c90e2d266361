"""What the labels of skills mean, as vectors: built by `manage.py build_skill_vectors`, kept in a file.

The file maps the text of a label to its vector, so that it stays useful when labels come and go: what it lacks is
encoded on the spot when it is little, and left out when it is much (until the command is run again).
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from taxonomy.encoder import DIMENSIONS, encode
from taxonomy.models import Label, Skill, SkillLabel

NEIGHBOURS = 10  # of a label among all labels: how much of a hub it is
MOST_ON_THE_SPOT = 400  # labels that are encoded while somebody waits: a fifth of a second
BLOCK = 1024


@dataclass(frozen=True)
class SkillVectors:
    """One row a label: `skills` (n,) ids, `vectors` (n, 512) unit rows, `hubs` (n,) the mean cosine of a label to its
    ten nearest labels of other skills."""

    skills: NDArray[np.int64]
    texts: tuple[str, ...]
    vectors: NDArray[np.float32]
    hubs: NDArray[np.float32]


def vectors_file() -> Path:
    return settings.LOCAL_DIR / "language" / "skill_vectors.npz"


def label_rows() -> list[tuple[int, str]]:
    """(skill id, text) of every label that has a vector.

    Of our own skills all labels, of imported ones the preferred Dutch label, or the English one where there is none.
    """
    core = set(Skill.objects.exclude(key=None).values_list("pk", flat=True))
    rows: dict[tuple[int, str], None] = {}
    for skill_id, text in (
        SkillLabel.objects.filter(language__in=("nl", "en"), skill_id__in=core)
        .exclude(kind=Label.Kind.HIDDEN)
        .exclude(source="esco")
        .order_by("id")
        .values_list("skill_id", "text")
    ):
        rows[skill_id, plain_label(text)] = None
    for skill_id, nl, en in Skill.objects.order_by("id").values_list("pk", "label_nl", "label_en"):
        if text := nl or en:
            rows[skill_id, plain_label(text)] = None
    return list(rows)


def plain_label(text: str) -> str:
    """A label without its explanation: "Python (computerprogrammering)" is said as "Python"."""
    if text.endswith(")") and "(" in text:
        return text[: text.rindex("(")].strip() or text
    return text


def build_file() -> int:
    """Encode all labels and write the file; returns how many. About 2,000 labels a second.

    None are written when they are few enough to be encoded on the spot.
    """
    texts = sorted({text for _, text in label_rows()})
    if len(texts) <= MOST_ON_THE_SPOT:
        return 0
    vectors = encode(texts)
    target = vectors_file()
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial.npz")
    hubs = _hubs(vectors)
    np.savez(partial, texts=np.array(json.dumps(texts)), vectors=vectors.astype(np.float16), hubs=hubs)
    partial.replace(target)
    return len(texts)


def _hubs(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n,) the mean cosine to the ten nearest other labels."""
    hubs = np.zeros(len(vectors), dtype=np.float32)
    most = min(NEIGHBOURS, len(vectors) - 1)
    if most < 1:
        return hubs
    for start in range(0, len(vectors), BLOCK):
        near = vectors[start : start + BLOCK] @ vectors.T
        near[np.arange(near.shape[0]), np.arange(start, start + near.shape[0])] = -1
        hubs[start : start + BLOCK] = np.partition(near, -most, axis=1)[:, -most:].mean(axis=1)
    return hubs


def load_vectors() -> SkillVectors:
    """The vectors of the labels in the database, from the file where it has them."""
    rows = label_rows()
    known: dict[str, int] = {}
    stored, hubs = np.empty((0, DIMENSIONS), dtype=np.float16), np.empty(0, dtype=np.float32)
    if vectors_file().exists():
        with np.load(vectors_file(), allow_pickle=False) as file:
            known = {text: at for at, text in enumerate(json.loads(str(file["texts"])))}
            stored, hubs = file["vectors"], file["hubs"]
    missing = sorted({text for _, text in rows if text not in known})
    if missing and len(missing) <= MOST_ON_THE_SPOT:
        fresh = encode(missing)
        middle = float(hubs.mean()) if len(hubs) else 0.5
        known |= {text: len(stored) + at for at, text in enumerate(missing)}
        stored = np.concatenate([stored, fresh.astype(np.float16)])
        hubs = np.concatenate([hubs, np.full(len(missing), middle, dtype=np.float32)])
    rows = [(skill_id, text) for skill_id, text in rows if text in known]
    places = np.array([known[text] for _, text in rows], dtype=np.int64)
    return SkillVectors(
        np.array([skill_id for skill_id, _ in rows], dtype=np.int64),
        tuple(text for _, text in rows),
        stored[places].astype(np.float32),
        hubs[places].astype(np.float32),
    )


def fingerprint() -> str:
    """Changes when the file is built again."""
    file = vectors_file()
    state = file.stat() if file.exists() else None
    return hashlib.sha256(f"{state and (state.st_mtime_ns, state.st_size)}".encode()).hexdigest()[:12]
