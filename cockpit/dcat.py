"""The catalogue as machines read it: DCAT-AP 3 in JSON-LD. One dataset for each indicator, with its files and its API."""

from collections.abc import Callable, Iterable
from typing import Any

from cockpit.exports import KINDS
from cockpit.queries import Entry

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#", "adms": "http://www.w3.org/ns/adms#", "vcard": "http://www.w3.org/2006/vcard/ns#",
    "owl": "http://www.w3.org/2002/07/owl#",
}  # fmt: skip
LANGUAGES = {"nl": "http://publications.europa.eu/resource/authority/language/NLD",
             "en": "http://publications.europa.eu/resource/authority/language/ENG"}  # fmt: skip
THEME = "http://publications.europa.eu/resource/authority/data-theme/SOCI"  # population and society
RESTRICTED = "http://publications.europa.eu/resource/authority/access-right/RESTRICTED"
DAILY = "http://publications.europa.eu/resource/authority/frequency/DAILY"
FILE_TYPES = {"csv": "CSV", "xlsx": "XLSX", "parquet": "PARQUET", "json": "JSON"}
MEDIA = "https://www.iana.org/assignments/media-types/"


def catalogue_as_dcat(entries: Iterable[Entry], address: Callable[[str], str], language: str) -> dict[str, Any]:
    """JSON-LD of the whole catalogue; `address` makes an absolute address of a path below the cockpit's API."""
    datasets = [_dataset(entry, address, language) for entry in entries]
    return {
        "@context": CONTEXT,
        "@id": address(""),
        "@type": "dcat:Catalog",
        "dct:title": {"@value": "CockpitWerk", "@language": language},
        "dct:description": {"@value": _DESCRIPTION[language], "@language": language},
        "dct:publisher": _publisher(address),
        "dct:language": {"@id": LANGUAGES[language]},
        "foaf:homepage": {"@id": address("")},
        "dcat:dataset": datasets,
    }


_DESCRIPTION = {
    "nl": "Cijfers over werk, mensen en leren in de regio. Groepen die te klein zijn, zijn verborgen.",
    "en": "Numbers on work, people and learning in the region. Groups that are too small are hidden.",
}


def _publisher(address: Callable[[str], str]) -> dict[str, Any]:
    return {"@id": address("#publisher"), "@type": "foaf:Agent", "foaf:name": "Zelf aan het Werk"}


def _dataset(entry: Entry, address: Callable[[str], str], language: str) -> dict[str, Any]:
    def said(text: str) -> dict[str, str]:
        return {"@value": text, "@language": language}

    where = address(f"indicators/{entry.key}/")
    dataset: dict[str, Any] = {
        "@id": where,
        "@type": "dcat:Dataset",
        "dct:identifier": entry.key,
        "dct:title": said(entry.name),
        "dct:description": said(f"{entry.question} {entry.definition}"),
        "dcat:keyword": [said(entry.subject_name), *(said(dimension.label) for dimension in entry.dimensions)],
        "dcat:theme": {"@id": THEME},
        "dct:publisher": _publisher(address),
        "dct:accessRights": {"@id": RESTRICTED},
        "dct:accrualPeriodicity": {"@id": DAILY},
        "dcat:contactPoint": {"@type": "vcard:Organization", "vcard:fn": entry.owner},
        "owl:versionInfo": str(entry.version),
        "dcat:distribution": [_distribution(entry, kind, address) for kind in (*KINDS, "json")],
    }
    if entry.computed_at:
        dataset["dct:modified"] = {"@value": entry.computed_at.isoformat(), "@type": "xsd:dateTime"}
    if entry.months:
        dataset["dct:temporal"] = {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@value": entry.months[0].period.isoformat(), "@type": "xsd:date"},
            "dcat:endDate": {"@value": entry.months[-1].period.isoformat(), "@type": "xsd:date"},
        }
    return dataset


def _distribution(entry: Entry, kind: str, address: Callable[[str], str]) -> dict[str, Any]:
    if kind == "json":
        where, media = address(f"points/?indicator={entry.key}"), "application/json"
    else:
        first = entry.breakdowns[0] if entry.breakdowns else ""
        where = address(f"indicators/{entry.key}/export/?breakdown={first}&kind={kind}")
        media = KINDS[kind][1].partition(";")[0]
    return {
        "@id": where,
        "@type": "dcat:Distribution",
        "dcat:accessURL": {"@id": where},
        "dct:format": {"@id": f"http://publications.europa.eu/resource/authority/file-type/{FILE_TYPES[kind]}"},
        "dcat:mediaType": {"@id": f"{MEDIA}{media}"},
    }
