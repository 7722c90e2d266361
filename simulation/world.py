"""The fixed scene of a demo region: occupations, skills, places and papers, read once from the database."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.models import Place
from taxonomy.models import Certificate, Occupation, OccupationSkill, Skill

# Postcode areas of Groningen and Drenthe with their share of people and firms (rough, by size of the places).
AREAS = {
    (9700, 9747): 30, (9750, 9769): 4, (9770, 9799): 2, (9800, 9869): 5, (9870, 9899): 2, (9900, 9999): 9,
    (9400, 9409): 12, (9410, 9499): 6, (9300, 9339): 4, (9350, 9367): 2, (9500, 9509): 6, (9510, 9599): 4,
    (9600, 9619): 6, (9620, 9679): 6, (9680, 9699): 2, (7740, 7769): 3, (7800, 7831): 9, (7840, 7899): 4,
    (7900, 7919): 6, (7920, 7999): 4,
}  # fmt: skip

# Papers that a sector often asks for: key and the share of vacancies.
SECTOR_PAPERS = {
    "construction": {"vca_basis": 0.4, "rijbewijs_b": 0.3}, "infrastructure": {"vca_basis": 0.5, "rijbewijs_b": 0.4},
    "installation": {"vca_basis": 0.4, "nen3140": 0.25, "rijbewijs_b": 0.5}, "metal": {"vca_basis": 0.3},
    "energy": {"vca_vol": 0.4, "nen3140": 0.4, "rijbewijs_b": 0.4}, "process_industry": {"haccp": 0.3},
    "transport": {"rijbewijs_b": 0.3, "rijbewijs_ce": 0.3, "code_95": 0.3, "heftruckcertificaat": 0.25},
    "agriculture": {"rijbewijs_b": 0.2}, "security": {"vog": 0.5, "bhv": 0.3}, "automotive": {"rijbewijs_b": 0.3},
    "care": {"vog": 0.4, "big_registratie": 0.15, "rijbewijs_b": 0.2}, "childcare": {"vog": 0.6, "ehbo": 0.3},
    "welfare": {"vog": 0.5}, "hospitality": {"svh_sociale_hygiene": 0.2, "haccp": 0.15}, "education": {"vog": 0.5},
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """Arrays over occupations (n_o), skills (n_s) and places (n_p); all interests are 0-100."""

    occupation_ids: NDArray[np.int64]
    occupation_labels: list[str]
    sectors: list[str]
    isco: list[str]
    levels: NDArray[np.int64]  # usual NLQF level
    demand: NDArray[np.float64]
    interests: NDArray[np.float64]  # (n_o, 6)
    pay: NDArray[np.int64]  # (n_o, 2) EUR gross a month
    essential: list[NDArray[np.int64]]  # skill rows
    optional: list[NDArray[np.int64]]
    skill_ids: NDArray[np.int64]
    skill_labels: list[str]
    skill_groups: NDArray[np.int64]  # (n_s,) group id, 0 for none
    skill_interests: NDArray[np.float64]  # (n_s, 6) mean over the occupations that use the skill
    nearness: NDArray[np.float64]  # (n_o, n_o) share of skills in common, [0, 1]
    postcodes: list[str]
    place_weights: NDArray[np.float64]  # sums to 1
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    papers: dict[str, int]  # certificate key -> id


def read_world() -> World:
    """Read the scene. Raises RuntimeError when the core taxonomy or the places are not loaded yet."""
    occupations = list(Occupation.objects.exclude(key=None).exclude(realistic=None).filter(demand__gt=0).order_by("id"))
    region = Place.objects.filter(province__in=("Groningen", "Drenthe")).order_by("postcode")
    places = [place for place in region if _area_weight(place.postcode)]
    if not occupations or not places:
        raise RuntimeError("Load the taxonomy and the places first: manage.py prepare")
    rows = {occupation.id: row for row, occupation in enumerate(occupations)}
    links = list(
        OccupationSkill.objects.filter(occupation_id__in=rows, source="core")
        .order_by("occupation_id", "skill_id")
        .values_list("occupation_id", "skill_id", "essential")
    )
    skills = list(
        Skill.objects.filter(id__in={skill for _, skill, _ in links})
        .order_by("id")
        .values_list("id", "label_nl", "group_id")
    )
    skill_row = {skill_id: row for row, (skill_id, _, _) in enumerate(skills)}
    uses = np.zeros((len(occupations), len(skills)))
    essential: list[list[int]] = [[] for _ in occupations]
    optional: list[list[int]] = [[] for _ in occupations]
    for occupation_id, skill_id, is_essential in links:
        row = rows[occupation_id]
        uses[row, skill_row[skill_id]] = 1.0 if is_essential else 0.5
        (essential if is_essential else optional)[row].append(skill_row[skill_id])
    interests = np.array([occupation.interests for occupation in occupations], dtype=float)
    skill_interests = (uses.T @ interests) / np.maximum(uses.sum(axis=0), 1e-9)[:, None]
    norms = np.linalg.norm(uses, axis=1, keepdims=True)
    unit = uses / np.maximum(norms, 1e-9)
    weights = _place_weights([place.postcode for place in places])
    return World(
        occupation_ids=np.array([occupation.id for occupation in occupations]),
        occupation_labels=[occupation.label_nl for occupation in occupations],
        sectors=[occupation.sector for occupation in occupations],
        isco=[occupation.isco for occupation in occupations],
        levels=np.array([occupation.education_level or 3 for occupation in occupations]),
        demand=np.array([occupation.demand for occupation in occupations], dtype=float),
        interests=interests,
        pay=np.array([(occupation.pay_min or 2400, occupation.pay_max or 3200) for occupation in occupations]),
        essential=[np.array(row, dtype=np.int64) for row in essential],
        optional=[np.array(row, dtype=np.int64) for row in optional],
        skill_ids=np.array([skill_id for skill_id, _, _ in skills]),
        skill_labels=[label for _, label, _ in skills],
        skill_groups=np.array([group or 0 for _, _, group in skills]),
        skill_interests=skill_interests,
        nearness=unit @ unit.T,
        postcodes=[place.postcode for place in places],
        place_weights=weights,
        latitude=np.array([place.latitude for place in places]),
        longitude=np.array([place.longitude for place in places]),
        papers=dict(Certificate.objects.exclude(key=None).values_list("key", "id")),
    )


def _area_weight(postcode: str) -> float:
    number = int(postcode)
    return next((weight for (low, high), weight in AREAS.items() if low <= number <= high), 0)


def _place_weights(postcodes: list[str]) -> NDArray[np.float64]:
    """Every area gets its share, divided evenly over the postcodes that are known in it."""
    areas = [next(area for area in AREAS if area[0] <= int(code) <= area[1]) for code in postcodes]
    weights = np.array([AREAS[area] / areas.count(area) for area in areas])
    return weights / weights.sum()
