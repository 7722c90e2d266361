"""Reading the official ESCO download: CSV, any languages.

Files are found by name in folders and zips: `occupations_nl.csv`, `skills_en.csv`, `skillGroups_en.csv`,
`occupationSkillRelations_en.csv`, `skillSkillRelations_en.csv`, `broaderRelationsSkillPillar_en.csv`,
`languageSkillsCollection_en.csv`.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from taxonomy.models import Label, Skill

FILES = {
    "occupations": ("conceptUri", "iscoGroup", "preferredLabel", "altLabels", "hiddenLabels", "description"),
    "skills": ("conceptUri", "skillType", "preferredLabel", "altLabels", "hiddenLabels", "description"),
    "skillGroups": ("conceptUri", "preferredLabel", "description"),
    "occupationSkillRelations": ("occupationUri", "relationType", "skillUri"),
    "skillSkillRelations": ("originalSkillUri", "relatedSkillUri"),
    "broaderRelationsSkillPillar": ("conceptType", "conceptUri", "broaderType", "broaderUri"),
    "languageSkillsCollection": ("conceptUri", "skillType"),
}
NEEDED = ("occupations", "skills", "occupationSkillRelations")
_FILE_NAME = re.compile(rf"({'|'.join(FILES)})_([a-z]{{2}})\.csv")


class BadEsco(Exception):
    """The files are not an ESCO download that can be imported; says which file and why."""


@dataclass
class Download:
    """The rows of an ESCO download. Labels: (uri, language, kind, text); kind is preferred, alternative or hidden."""

    occupations: dict[str, str] = field(default_factory=dict)  # uri -> ISCO code
    skills: dict[str, str] = field(default_factory=dict)  # uri -> kind
    groups: dict[str, dict[str, str]] = field(default_factory=dict)  # uri -> language -> label
    descriptions: dict[tuple[str, str], str] = field(default_factory=dict)  # (uri, language) -> text
    occupation_labels: set[tuple[str, str, str, str]] = field(default_factory=set)
    skill_labels: set[tuple[str, str, str, str]] = field(default_factory=set)
    links: dict[tuple[str, str], bool] = field(default_factory=dict)  # (occupation, skill) -> essential
    related: set[tuple[str, str]] = field(default_factory=set)
    broader: set[tuple[str, str]] = field(default_factory=set)  # of skills and groups
    languages: set[str] = field(default_factory=set)


def read_download(sources: Iterable[Path], languages: Iterable[str] = ()) -> Download:
    """Read every ESCO file found in these folders and zips, of these languages or of all.

    Relations are the same in every language: those of all files found are joined. Raises BadEsco.
    """
    wanted, download, found = set(languages), Download(), set()
    for kind, language, name, stream in _files(sources):
        if wanted and language not in wanted and kind in ("occupations", "skills", "skillGroups"):
            continue
        with stream:
            reader = csv.reader(stream)
            header = next(reader, [])
            missing = [column for column in FILES[kind] if column not in header]
            if missing:
                raise BadEsco(f"{name} row 1: column {', '.join(missing)} is missing")
            places = [header.index(column) for column in FILES[kind]]
            try:
                READERS[kind](download, language, ([row[place] for place in places] for row in reader if row))
            except IndexError:
                raise BadEsco(f"{name} row {reader.line_num}: too few cells")
            except (csv.Error, UnicodeDecodeError) as error:
                raise BadEsco(f"{name} row {reader.line_num}: {error}")
        found.add(kind)
        if kind in ("occupations", "skills"):
            download.languages.add(language)
    absent = [kind for kind in NEEDED if kind not in found]
    if absent:
        raise BadEsco(f"No file {', '.join(f'{kind}_??.csv' for kind in absent)} found")
    return download


def _files(sources: Iterable[Path]) -> Iterator[tuple[str, str, str, io.TextIOBase]]:
    for source in sources:
        if source.is_dir():
            for path in sorted(source.rglob("*.csv")):
                if match := _FILE_NAME.fullmatch(path.name):
                    yield match[1], match[2], path.name, path.open(encoding="utf-8-sig", newline="")
            yield from _files(sorted(source.rglob("*.zip")))
        elif zipfile.is_zipfile(source):
            with zipfile.ZipFile(source) as archive:
                for entry in sorted(archive.namelist()):
                    if match := _FILE_NAME.fullmatch(entry.rsplit("/", 1)[-1]):
                        stream = io.TextIOWrapper(archive.open(entry), encoding="utf-8-sig", newline="")
                        yield match[1], match[2], f"{source.name}/{entry}", stream
        else:
            raise BadEsco(f"{source} is neither a folder nor a zip")


def _texts(cell: str) -> list[str]:
    """The labels in a cell: one a line, in collections separated by |."""
    return [" ".join(text.split())[:300] for text in re.split(r"\n|\s\|\s", cell) if text.strip()]


def _add_labels(labels: set, uri: str, language: str, preferred: str, alternative: str, hidden: str) -> None:
    taken: set[str] = set()
    for kind, texts in (
        (Label.Kind.PREFERRED, _texts(preferred)[:1]),
        (Label.Kind.ALTERNATIVE, _texts(alternative)),
        (Label.Kind.HIDDEN, _texts(hidden)),
    ):
        for text in texts:
            if text not in taken:
                taken.add(text)
                labels.add((uri, language, kind.value, text))


def _read_occupations(download: Download, language: str, rows) -> None:
    for uri, isco, preferred, alternative, hidden, description in rows:
        if not uri:
            continue
        download.occupations[uri] = isco[:4]
        _add_labels(download.occupation_labels, uri, language, preferred, alternative, hidden)
        if description.strip():
            download.descriptions[uri, language] = description.strip()


def _read_skills(download: Download, language: str, rows) -> None:
    for uri, kind, preferred, alternative, hidden, description in rows:
        if not uri:
            continue
        if download.skills.get(uri) != Skill.Kind.LANGUAGE:
            download.skills[uri] = (Skill.Kind.KNOWLEDGE if kind == "knowledge" else Skill.Kind.SKILL).value
        _add_labels(download.skill_labels, uri, language, preferred, alternative, hidden)
        if description.strip():
            download.descriptions[uri, language] = description.strip()


def _read_groups(download: Download, language: str, rows) -> None:
    for uri, preferred, description in rows:
        if uri:
            download.groups.setdefault(uri, {})[language] = " ".join(preferred.split())[:300]
            if description.strip():
                download.descriptions[uri, language] = description.strip()


def _read_links(download: Download, language: str, rows) -> None:
    for occupation, relation, skill in rows:
        essential = relation == "essential"
        download.links[occupation, skill] = essential or download.links.get((occupation, skill), False)


def _read_related(download: Download, language: str, rows) -> None:
    download.related.update((origin, target) for origin, target in rows if origin != target)


def _read_broader(download: Download, language: str, rows) -> None:
    download.broader.update((uri, broader) for _, uri, _, broader in rows if uri != broader)


def _read_language_skills(download: Download, language: str, rows) -> None:
    for uri, _ in rows:
        download.skills[uri] = Skill.Kind.LANGUAGE.value


READERS = {
    "occupations": _read_occupations, "skills": _read_skills, "skillGroups": _read_groups,
    "occupationSkillRelations": _read_links, "skillSkillRelations": _read_related,
    "broaderRelationsSkillPillar": _read_broader, "languageSkillsCollection": _read_language_skills,
}  # fmt: skip
