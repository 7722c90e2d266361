"""Interests and work values of occupations from the O*NET database, through the ESCO-O*NET crosswalk.

Scales OI (interests) and EX (values) run from 1 to 7 and become 0-100. An occupation that the crosswalk ties to several
O*NET occupations gets their mean. A core occupation goes by the O*NET codes that the core names for it. What the
crosswalk leaves out gets the mean of the occupations in its ISCO group of four digits, else of three digits, that have
scores of their own.
"""

import csv
from collections import defaultdict
from pathlib import Path

from django.db import transaction

from accounts.models import User
from accounts.operations import audit
from taxonomy.models import Occupation
from taxonomy.operations import lock_edition, raise_edition, to_hundred

CROSSWALK = "esco_onet_crosswalk.csv"
INTERESTS = {
    "Realistic": "realistic", "Investigative": "investigative", "Artistic": "artistic", "Social": "social",
    "Enterprising": "enterprising", "Conventional": "conventional",
}  # fmt: skip
VALUES = {
    "Achievement": "achievement", "Independence": "independence", "Recognition": "recognition",
    "Relationships": "relationships", "Support": "support", "Working Conditions": "conditions",
}  # fmt: skip
FILES = {"Interests.txt": ("OI", INTERESTS), "Work Values.txt": ("EX", VALUES)}
FIELDS = (*INTERESTS.values(), *VALUES.values())
WRONG = "wrongMatch"

Scores = dict[str, float]  # field -> 1-7


class BadOnet(Exception):
    """The folder cannot be imported; says which file, row and column."""


def read_scores(directory: Path) -> dict[str, Scores]:
    """O*NET code -> the scores that the two files give. Raises BadOnet."""
    scores: dict[str, Scores] = defaultdict(dict)
    for name, (scale, elements) in FILES.items():
        path = directory / name
        if not path.exists():
            raise BadOnet(f"{name} is not in {directory}")
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, delimiter="\t")
            for column in ("O*NET-SOC Code", "Element Name", "Scale ID", "Data Value"):
                if column not in (reader.fieldnames or ()):
                    raise BadOnet(f"{name} row 1: column {column} is missing")
            for row in reader:
                field = elements.get(row["Element Name"])
                if row["Scale ID"] != scale or field is None:
                    continue
                try:
                    value = float(row["Data Value"])
                except (TypeError, ValueError):
                    raise BadOnet(f"{name} row {reader.line_num}, Data Value: “{row['Data Value']}” is not a number")
                if not 1 <= value <= 7:
                    raise BadOnet(f"{name} row {reader.line_num}, Data Value: {value} is not between 1 and 7")
                scores[row["O*NET-SOC Code"]][field] = value
    return dict(scores)


def read_crosswalk(directory: Path) -> dict[str, list[str]]:
    """ESCO occupation URI -> O*NET codes. The file starts with a description of itself, which is skipped."""
    path = directory / CROSSWALK
    if not path.exists():
        raise BadOnet(f"{CROSSWALK} is not in {directory}")
    pairs: dict[str, list[str]] = defaultdict(list)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream)
        header = next((row for row in reader if row and row[0] == "O*NET Id"), None)
        if header is None or "ESCO or ISCO URI" not in header:
            raise BadOnet(f"{CROSSWALK}: no row with the columns O*NET Id and ESCO or ISCO URI")
        uri_at = header.index("ESCO or ISCO URI")
        match_at = header.index("Type of Match") if "Type of Match" in header else None
        for row in reader:
            if len(row) > uri_at and "/occupation/" in row[uri_at] and not (match_at and row[match_at] == WRONG):
                pairs[row[uri_at].strip()].append(row[0].strip())
    return dict(pairs)


def _mean(many: list[Scores]) -> Scores:
    fields = {field for scores in many for field in scores}
    return {
        field: sum(scores[field] for scores in many if field in scores) / sum(field in scores for scores in many)
        for field in fields
    }


@transaction.atomic
def save_onet(
    *, scores: dict[str, Scores], crosswalk: dict[str, list[str]], actor: User | None = None
) -> dict[str, int]:
    """Give every occupation interests and values; returns how many came from the crosswalk and how many from a group."""
    lock_edition()
    occupations = list(Occupation.objects.order_by("id"))
    own: dict[int, Scores] = {}
    groups: dict[str, list[Scores]] = defaultdict(list)
    for occupation in occupations:
        named = occupation.onet_codes.split("|") if occupation.key else []
        codes = [code for code in named if code in scores] or crosswalk.get(occupation.uri, [])
        known = [scores[code] for code in dict.fromkeys(codes) if code in scores]
        if known:
            own[occupation.pk] = _mean(known)
            for length in (4, 3):
                groups[occupation.isco[:length]].append(own[occupation.pk])
        if not occupation.key:
            occupation.onet_codes = "|".join(dict.fromkeys(codes))[:120]
    counts = {"crosswalk": 0, "group": 0, "unknown": 0}
    changed = []
    for occupation in occupations:
        found = own.get(occupation.pk)
        near = groups.get(occupation.isco) or groups.get(occupation.isco[:3])
        counts["crosswalk" if found else "group" if near else "unknown"] += 1
        if not found and not near:
            continue
        for field, value in (found or _mean(near)).items():
            # The core names its interests itself; its values come from here.
            if not (occupation.key and field in INTERESTS.values()):
                setattr(occupation, field, to_hundred(value))
        changed.append(occupation)
    Occupation.objects.bulk_update(changed, [*FIELDS, "onet_codes"], batch_size=500)
    edition = raise_edition()
    audit(actor=actor, verb="import O*NET", subject=edition, **counts)
    return counts
