"""A core of four occupations, and an ESCO download of two, small enough to know by heart."""

import csv
import os
from pathlib import Path

import pytest
from django.conf import settings

from taxonomy.core_files import COLUMNS, digest, read_core
from taxonomy.models import Concept, Label, Source
from taxonomy.operations import labels_changed, load_core
from taxonomy.text import normalize

# The real files, too large for this repository: in DATA_DIR, or beside the checkout. Tests of them skip without.
DATA = Path(os.environ.get("DATA_DIR") or Path(settings.BASE_DIR).parent / "shared" / "data")

ESCO = "http://data.europa.eu/esco"
OCCUPATION, SKILL = f"{ESCO}/occupation", f"{ESCO}/skill"

GROUPS = [("metal", "Metaal", "Metal"), ("people", "Met mensen", "With people"), ("ict", "Computers", "Computers")]
SKILLS = [
    ("welding", "lassen", "welding", "laswerk", "weld", "skill", "metal", f"{SKILL}/weld", ""),
    ("mig", "MIG-lassen", "MIG welding", "", "", "skill", "metal", "", ""),
    ("drawings", "tekeningen lezen", "reading drawings", "bouwtekening lezen", "", "skill", "metal", "", ""),
    ("advising", "klanten adviseren", "advising customers", "advies aan klanten", "", "skill", "people", "", ""),
    ("teamwork", "samenwerken", "working together", "teamwork", "", "attitude", "people", "", "Je werkt met anderen."),
    ("excel", "werken met Excel", "using Excel", "Excel", "Excel", "skill", "ict", "", ""),
    ("driving", "vrachtwagen rijden", "driving a truck", "", "", "skill", "metal", "", ""),
]
OCCUPATIONS = [
    ("welder", "lasser", "welder", "lasmonteur", "", "7212", f"{OCCUPATION}/welder", "metal", "3",
     "7.00|3.00|1.00|1.00|2.00|4.00", "51-4121.00", "welding|drawings", "mig|teamwork", "6", "2600", "3600", "Je last."),
    ("truck_driver", "vrachtwagenchauffeur", "truck driver", "vrachtwagenbestuurder", "lorry driver", "8332", "",
     "transport", "2", "6.00|1.00|1.00|2.00|2.00|4.00", "", "driving", "teamwork", "9", "2500", "3200", "Je rijdt."),
    ("taxi_driver", "taxichauffeur", "taxi driver", "", "", "8322", "", "transport", "2",
     "5.00|1.00|1.00|4.00|2.00|4.00", "", "driving", "", "2", "2300", "2800", "Je rijdt."),
    ("seller", "verkoopmedewerker", "shop assistant", "winkelmedewerker|vakkenvuller", "", "5223", "", "retail", "2",
     "2.00|1.00|1.00|4.00|6.00|4.00", "", "advising|teamwork", "excel", "8", "2200", "2600", "Je helpt klanten."),
]  # fmt: skip
CERTIFICATES = [
    ("rijbewijs_b", "rijbewijs B", "driving licence B", "autorijbewijs", "licence", ""),
    ("rijbewijs_ce", "rijbewijs CE", "driving licence CE", "groot rijbewijs", "licence", ""),
    ("vca_basis", "VCA basis", "VCA basic safety", "VCA|B-VCA", "certificate", ""),
    ("big", "BIG-registratie", "BIG registration", "BIG", "registration", ""),
]
CORE = {"skill_groups": GROUPS, "skills": SKILLS, "occupations": OCCUPATIONS, "certificates": CERTIFICATES}


def write_core(directory: Path, **changed) -> Path:
    directory.mkdir(exist_ok=True)
    for kind, rows in (CORE | changed).items():
        with (directory / f"{kind}.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(COLUMNS[kind])
            writer.writerows(rows)
    return directory


def load(directory: Path) -> dict[str, int]:
    return load_core(core=read_core(directory), digest=digest(directory))


@pytest.fixture
def core_dir(tmp_path) -> Path:
    return write_core(tmp_path / "core")


@pytest.fixture
def core(db, core_dir) -> dict[str, int]:
    return load(core_dir)


def write_esco(directory: Path, language: str, files: dict[str, list[tuple]]) -> Path:
    directory.mkdir(exist_ok=True)
    for name, rows in files.items():
        with (directory / f"{name}_{language}.csv").open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows(rows)
    return directory


OCCUPATION_HEADER = (
    "conceptType", "conceptUri", "iscoGroup", "preferredLabel", "altLabels", "hiddenLabels", "status", "description",
)  # fmt: skip
SKILL_HEADER = (
    "conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels", "hiddenLabels", "description",
)  # fmt: skip


@pytest.fixture
def esco_dir(tmp_path) -> Path:
    """Two occupations and three skills in English; Dutch for all but one skill."""
    root = tmp_path / "esco"
    root.mkdir()
    write_esco(root / "en", "en", {
        "occupations": [
            OCCUPATION_HEADER,
            ("Occupation", f"{OCCUPATION}/welder", "7212", "welder", "coded welder\nmetal joiner", "", "released", "Welds."),
            ("Occupation", f"{OCCUPATION}/potter", "7314", "potter", "ceramist", "", "released", "Makes pots."),
        ],
        "skills": [
            SKILL_HEADER,
            ("Skill", f"{SKILL}/weld", "skill/competence", "", "perform welding", "join metal", "", "Join."),
            ("Skill", f"{SKILL}/clay", "knowledge", "", "types of clay", "", "", "Clay."),
            ("Skill", f"{SKILL}/kiln", "skill/competence", "", "operate kiln", "fire pottery", "", "Fire."),
        ],
        "skillGroups": [
            ("conceptType", "conceptUri", "preferredLabel", "altLabels", "description"),
            ("SkillGroup", f"{SKILL}/S8", "operating machinery", "", ""),
        ],
        "occupationSkillRelations": [
            ("occupationUri", "relationType", "skillType", "skillUri"),
            (f"{OCCUPATION}/welder", "optional", "skill/competence", f"{SKILL}/weld"),
            (f"{OCCUPATION}/potter", "essential", "knowledge", f"{SKILL}/clay"),
            (f"{OCCUPATION}/potter", "essential", "skill/competence", f"{SKILL}/kiln"),
        ],
        "skillSkillRelations": [
            ("originalSkillUri", "originalSkillType", "relationType", "relatedSkillType", "relatedSkillUri"),
            (f"{SKILL}/clay", "knowledge", "optional", "knowledge", f"{SKILL}/kiln"),
        ],
        "broaderRelationsSkillPillar": [
            ("conceptType", "conceptUri", "broaderType", "broaderUri"),
            ("KnowledgeSkillCompetence", f"{SKILL}/kiln", "SkillGroup", f"{SKILL}/S8"),
        ],
    })  # fmt: skip
    write_esco(root / "nl", "nl", {
        "occupations": [
            OCCUPATION_HEADER,
            ("Occupation", f"{OCCUPATION}/welder", "7212", "lasser (metaal)", "", "", "released", "Last."),
            ("Occupation", f"{OCCUPATION}/potter", "7314", "pottenbakker", "keramist", "", "released", "Maakt potten."),
        ],
        "skills": [
            SKILL_HEADER,
            ("Skill", f"{SKILL}/weld", "skill/competence", "", "laswerkzaamheden verrichten", "", "", ""),
            ("Skill", f"{SKILL}/clay", "knowledge", "", "kleisoorten", "", "", ""),
        ],
    })  # fmt: skip
    return root


def label_by_hand(concept: Concept, text: str) -> None:
    """Give a concept a Dutch label as an operator does in the admin."""
    concept.labels.create(
        language="nl", kind=Label.Kind.PREFERRED, source=Source.OPERATOR, text=text, normalized=normalize(text)
    )
    labels_changed(concept=concept, actor=None)
