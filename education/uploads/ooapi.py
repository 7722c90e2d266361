"""Catalogues in the form of the Open Onderwijs API (OOAPI): version 5, and the other names of version 6.

A catalogue is one JSON document: a list of courses, programmes and offerings, or an object that holds such lists, or one
page of an endpoint (`{"items": […]}`). An offering belongs to the course or programme that it names; it brings start
dates, prices and places. Source of the names: the specification at openonderwijsapi.nl (v5.0) and oeapi.eu (v6.0).
"""

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from education.uploads.columns import BY_FIELD
from education.uploads.tables import Table, Unreadable

EDUCATION_IDS = (
    "courseId",
    "programId",
    "programmeId",
)  # of v5 and v6; what has none of them is an offering or unknown
OFFERING_IDS = ("offeringId", "courseOfferingId", "programOfferingId", "programmeOfferingId")
LANGUAGES = {  # ISO 639-2 and -3 to ours
    "nld": "nl", "dut": "nl", "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "pol": "pl",
    "ara": "ar", "tur": "tr", "ukr": "uk", "ron": "ro", "rum": "ro", "tir": "ti", "fas": "fa", "per": "fa", "som": "so",
    "por": "pt", "ita": "it", "rus": "ru", "zho": "zh", "chi": "zh", "fry": "fy", "dse": "dsl",
}  # fmt: skip
LEVELS = {
    "secondary vocational education": None, "secondary vocational education 1": 1, "secondary vocational education 2": 2,
    "secondary vocational education 3": 3, "secondary vocational education 4": 4, "associate degree": 5, "bachelor": 6,
    "master": 7, "doctoral": 8,
}  # fmt: skip
MODES = {
    "distance-learning": "online", "online": "online", "hybrid": "blended", "blended": "blended", "situated": "day",
    "on campus": "day", "presential": "day", "work based": "day",
}  # fmt: skip
HOURS = {"ects": 28, "sp": 28, "sbu": 1, "hour": 1, "contacttime": 1}  # hours of work in one unit of load (WHW: 28)
NT2 = {"nt2-1": "B1", "nt2-2": "B2", "nt2 1": "B1", "nt2 2": "B2"}
DEEPEST = 6
WEEKS_A_YEAR = 40  # weeks of lessons in a school year
FIELDS = (
    "code", "title", "description", "kind", "crebo", "rio", "level", "entry_requirements", "weeks", "hours_per_week",
    "price", "language", "taught_language", "taught_language_level", "mode", "place", "start_dates", "url",
    "grants_level",
)  # fmt: skip


@dataclass
class _Found:
    """Every education and offering of a document, by kind."""

    educations: list[dict] = field(default_factory=list)
    offerings: dict[str, list[dict]] = field(default_factory=lambda: defaultdict(list))


def read_catalogue(content: bytes, max_rows: int) -> Table:
    """The programmes of an OOAPI document as rows in our own columns; raises `Unreadable`."""
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise Unreadable(_("We cannot read this JSON file. Export it again, or use CSV or XLSX."))
    return table_of(document, max_rows)


def table_of(document, max_rows: int) -> Table:
    """The same for a document that was read already."""
    found = _Found()
    for item in _items(document):
        _sort_in(item, found)
    if not found.educations:
        raise Unreadable(_("There are no courses or programmes in this file. We read OOAPI version 5 and 6."))
    if len(found.educations) > max_rows:
        raise Unreadable(
            _("This file has more than %(count)s rows. Divide it over several files.") % {"count": max_rows}
        )
    rows = []
    for number, education in enumerate(found.educations, 1):
        try:
            rows.append((number, _values(education, found.offerings.get(_own_id(education), []))))
        except (TypeError, AttributeError, ValueError, KeyError):
            text = _("Course or programme %(number)s is not as OOAPI says. Look at its fields.")
            raise Unreadable(text % {"number": number})
    used = [name for name in FIELDS if any(values.get(name) for _number, values in rows)]
    cells = [(number, [values.get(name, "") for name in used]) for number, values in rows]
    return Table([BY_FIELD[name].name for name in used], cells)


def has_items(document) -> bool:
    """True when a document holds courses, programmes or offerings."""
    return next(_items(document), None) is not None


def _items(document, depth: int = 0) -> Iterator[dict]:
    """Every object with an id, however the lists are packed (up to a depth: nobody nests on and on in earnest)."""
    if isinstance(document, dict) and any(name in document for name in (*EDUCATION_IDS, *OFFERING_IDS)):
        yield document
    elif isinstance(document, list | dict) and depth < DEEPEST:
        for each in document if isinstance(document, list) else document.values():
            yield from _items(each, depth + 1)


def _sort_in(item: dict, found: _Found) -> None:
    offering = next((name for name in OFFERING_IDS if item.get(name)), None)
    if offering is None:
        found.educations.append(item)
        for each in _items([item.get("courseOfferings"), item.get("programOfferings"), item.get("offerings")]):
            found.offerings[_own_id(item)].append(each)
        return
    parent = next((item[name] for name in ("course", "program", "programme", *EDUCATION_IDS) if item.get(name)), "")
    if isinstance(parent, dict):
        parent = _own_id(parent)
    found.offerings[str(parent)].append(item)


def _own_id(education: dict) -> str:
    return str(next((education[name] for name in EDUCATION_IDS if education.get(name)), ""))


def _values(education: dict, offerings: list[dict]) -> dict[str, str]:
    """The cells of one row, as somebody would type them."""
    codes = _codes(education)
    level_word = _word(education.get("level"))
    level = LEVELS.get(level_word) or _qualification(education.get("levelOfQualification"))
    is_programme = any(name in education for name in EDUCATION_IDS[1:])
    weeks = _weeks(education.get("duration"))
    hours = _hours(education.get("studyLoad"))
    values = {
        "code": str(_primary_code(education) or _own_id(education)),
        "title": _text(education.get("name")),
        "description": _described(education),
        "kind": _kind(education, codes, level_word, is_programme),
        "crebo": codes.get("crebo", ""),
        "rio": codes.get("rio", ""),
        "level": str(level or ""),
        "entry_requirements": _text(education.get("admissionRequirements"))[:1000],
        "language": _language(education, offerings),
        "mode": _mode(education, offerings),
        "place": _place([education, *offerings]),
        "price": _price([*offerings, education]),
        "start_dates": ", ".join(sorted(_starts(education, offerings))),
        "url": str(education.get("link") or next((each["link"] for each in offerings if each.get("link")), "") or ""),
        "grants_level": "ja" if level and education.get("qualificationAwarded") else "",
    }
    if weeks:
        values["weeks"] = str(weeks)
        if hours:
            values["hours_per_week"] = str(max(1, min(60, round(hours / weeks))))
    if level_word in NT2:
        values |= {"taught_language": "nl", "taught_language_level": NT2[level_word]}
    return values


def _text(value) -> str:
    """Dutch where there is Dutch, of the language-typed texts of OOAPI; plain text stays what it is."""
    if isinstance(value, str):
        return value
    if not isinstance(value, list):
        return ""
    if value and isinstance(value[0], list):
        return "\n".join(filter(None, map(_text, value)))
    texts = {str(each.get("language", ""))[:2].lower(): each.get("value") for each in value if isinstance(each, dict)}
    return str(texts.get("nl") or texts.get("en") or next(iter(texts.values()), "") or "")


def _described(education: dict) -> str:
    """Description and learning outcomes together: both say what somebody learns."""
    outcomes = education.get("learningOutcomes") or []
    if outcomes and isinstance(outcomes[0], dict) and "value" not in outcomes[0]:  # v6: objects with a name
        outcomes = [each.get("name") or each.get("description") for each in outcomes]
    return "\n".join(filter(None, [_text(education.get("description")), _text(outcomes)]))[:8000]


def _word(value) -> str:
    return str(value or "").replace("_", " ").lower()


def _qualification(value) -> int | None:
    match = re.match(r"[1-8]", str(value or ""))
    return int(match[0]) if match else None


def _primary_code(education: dict) -> str:
    code = education.get("primaryCode")
    return code.get("code", "") if isinstance(code, dict) else str(code or "")


def _codes(education: dict) -> dict[str, str]:
    """`crebo` and `rio` from all codes: v5 has one type for crebo and CROHO, so the form of the code decides."""
    found: dict[str, str] = {}
    for entry in [education.get("primaryCode"), *(education.get("otherCodes") or [])]:
        if not isinstance(entry, dict):
            continue
        kind, code = re.sub(r"[^a-z]", "", str(entry.get("codeType", "")).lower()), str(entry.get("code", "")).strip()
        if "crebo" in kind and re.fullmatch(r"2[2-9]\d{3}|[KC]\d{4}", code.upper()):
            found.setdefault("crebo", code.upper())
        elif ("croho" in kind or "rio" in kind) and re.fullmatch(r"[0-9A-Z]{4,12}", code.upper()):
            found.setdefault("rio", code.upper())
        elif kind == "programmecode" and re.fullmatch(r"\d{4}O\d{4}", code.upper()):
            found["rio"] = code.upper()
    return found


def _kind(education: dict, codes: dict[str, str], level: str, is_programme: bool) -> str:
    modes = {_word(each) for each in _modes(education)}
    if level in NT2:
        return "language"
    if codes.get("crebo", "").startswith("K") or _word(education.get("programType")) == "minor":
        return "elective"
    if codes.get("crebo", "").startswith("C") or "certificate" in _word(education.get("formalDocument")):
        return "certificate"
    if (_word(education.get("modeOfStudy")).startswith("dual") and "vocational" in level) or "work based" in modes:
        return "bbl"
    return "degree" if is_programme else "course"


def _modes(item: dict) -> list:
    value = item.get("modesOfDelivery") or item.get("modeOfDelivery") or []
    return value if isinstance(value, list) else [value]


def _mode(education: dict, offerings: list[dict]) -> str:
    words = [MODES.get(_word(each), "") for item in (education, *offerings) for each in _modes(item)]
    chosen = {word for word in words if word}
    if "blended" in chosen or {"online", "day"} <= chosen:
        return "blended"
    return next(iter(chosen), "")


def _language(education: dict, offerings: list[dict]) -> str:
    for item in (education, *offerings):
        value = item.get("teachingLanguages") or item.get("teachingLanguage") or []
        for each in value if isinstance(value, list) else [value]:
            code = str(each)[:3].lower()
            return LANGUAGES.get(code, str(each)[:2].lower())
    return ""


def _weeks(duration) -> int | None:
    """Weeks of an ISO 8601 duration; a year is a school year of 40 weeks, a month a tenth of it."""
    match = re.fullmatch(
        r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:[\d.]+S)?)?", str(duration or "")
    )
    if not match or not any(match.groups()):
        return None
    years, months, weeks, days, hours, _minutes = (int(part or 0) for part in match.groups())
    total = years * WEEKS_A_YEAR + months * WEEKS_A_YEAR / 10 + weeks + days / 7 + hours / 40
    return min(520, max(1, math.ceil(total)))


def _hours(load) -> float:
    for each in load if isinstance(load, list) else [load]:
        if isinstance(each, dict) and _word(each.get("studyLoadUnit")) in HOURS:
            try:
                return float(each.get("value") or 0) * HOURS[_word(each["studyLoadUnit"])]
            except (TypeError, ValueError):
                continue
    return 0.0


def _price(items: list[dict]) -> str:
    """The lowest total price in euros."""
    found = []
    for item in items:
        for cost in item.get("priceInformation") or []:
            if not isinstance(cost, dict) or _word(cost.get("costType")) != "total costs":
                continue
            if cost.get("currency") in (None, "", "EUR") and cost.get("amount") not in (None, ""):
                found.append(str(cost["amount"]))
    return min(found, key=lambda text: (len(text.split(".")[0]), text), default="")


def _starts(education: dict, offerings: list[dict]) -> set[str]:
    """Start dates of the offerings; the first start of the education where it has none."""
    days = {str(each.get("startDate") or each.get("startDateTime") or "")[:10] for each in offerings} - {""}
    if days:
        return days
    first = str(education.get("firstStartDate") or education.get("firstStartDateTime") or "")[:10]
    return {first} if first and not offerings else set()


def _place(items: list[dict]) -> str:
    """The four digits of the first address with lessons."""
    for item in items:
        addresses = [each for each in item.get("addresses") or [] if isinstance(each, dict)]
        addresses.sort(key=lambda each: _word(each.get("addressType")) != "teaching")
        for address in addresses:
            digits = re.match(r"\s*([1-9]\d{3})", str(address.get("postalCode") or ""))
            if digits and address.get("countryCode") in (None, "", "NL"):
                return digits[1]
    return ""
