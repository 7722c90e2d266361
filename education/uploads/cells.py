"""Cells as people write them: prices, dates and numbers, and texts that could be formulas."""

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

FORMULA_STARTS = ("=", "+", "@", "\t", "\r", "＝", "＋", "＠")
RISKY_STARTS = (*FORMULA_STARTS, "-", "－")
MONTHS = {
    name: number
    for names in (
        "januari februari maart april mei juni juli augustus september oktober november december",
        "january february march april may june july august september october november december",
        "jan feb mrt apr mei jun jul aug sep okt nov dec",
    )
    for number, name in enumerate(names.split(), 1)
}


def as_text(value) -> str:
    """A cell as somebody would type it in Dutch."""
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nee"
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case time():
            return value.isoformat()
        case float():
            text = f"{value:.6f}".rstrip("0").rstrip(".")
            return text.replace(".", ",")  # a point would read as thousands
        case _:
            return str(value)


def normalised(text: str) -> str:
    """A header word or choice as we compare it: lower case, words joined by one underscore."""
    return re.sub(r"[\s_\-/.]+", "_", text.replace("\ufeff", "").strip().strip("*:").strip().casefold()).strip("_")


def formula_start(text: str) -> str:
    """The sign with which a spreadsheet program would start a formula, or ""."""
    stripped = text.lstrip(" \u00a0\n")
    return stripped[0] if stripped.startswith(FORMULA_STARTS) else ""


def harmless(text: str) -> str:
    """The text for a cell in a file that people open in a spreadsheet program: never a formula."""
    return f"'{text}" if text.lstrip(" \u00a0\n").startswith(RISKY_STARTS) else text


def unguarded(text: str) -> str:
    """Undo `harmless`, so that a downloaded file can be uploaded again."""
    return text[1:] if text.startswith("'") and text[1:].lstrip(" \u00a0\n").startswith(RISKY_STARTS) else text


def parse_price(text: str) -> Decimal:
    """Euros from "€ 1.250,00", "1250", "1,250.50", "1.250,-" or "gratis"; raises ValueError for anything unclear."""
    words = re.sub(r"[\s\u00a0\u202f']", "", text).lower()
    if words in ("gratis", "free"):
        return Decimal(0)
    number = re.sub(r"^(-?)(?:€|eur|euro)(-?)", r"\1\2", words)
    number = re.sub(r"(?:€|eur|euro)$", "", number)
    number = re.sub(r",(?:-{1,2}|=|—|–)$", "", number)
    if re.fullmatch(r"-?\d+", number):
        plain = number
    elif re.fullmatch(r"-?\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?", number) or re.fullmatch(r"-?\d+,\d{1,2}", number):
        plain = number.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(?:,\d{3})+\.\d{1,2}", number) or re.fullmatch(r"-?\d+\.\d{1,2}", number):
        plain = number.replace(",", "")
    else:
        raise ValueError(text)
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise ValueError(text)


def parse_whole(text: str) -> int:
    """A whole number from "12", "12,0" or "12 weken"; raises ValueError."""
    match = re.fullmatch(r"(-?\d{1,9})(?:[.,]0+)?\s*(?:weken|week|weeks|uur|uren|hours|hour)?", text.strip().lower())
    if not match:
        raise ValueError(text)
    return int(match[1])


class NoSuchDate(ValueError):
    """Written as a date, but not on the calendar."""


def parse_date(text: str) -> date:
    """A day from "2027-02-01", "01-02-2027", "1/2/2027" or "1 februari 2027"; raises ValueError or `NoSuchDate`."""
    words = text.strip().lower()
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]00:00(?::00)?)?", words):
        year, month, day = match.groups()
    elif match := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", words):
        day, month, year = match.groups()
    elif (match := re.fullmatch(r"(\d{1,2})[\s-]+([a-z]+)\.?[\s-]+(\d{4})", words)) and match[2] in MONTHS:
        day, month, year = match[1], MONTHS[match[2]], match[3]
    else:
        raise ValueError(text)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise NoSuchDate(text)
