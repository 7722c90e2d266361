"""Job titles come dirty: with hours, sexes, places and persuasion around the work itself."""

import html
import re

from taxonomy.text import normalize

LONGEST_TITLE = 300  # characters; the rest is not read
_TAG = re.compile(r"<[^<>]{0,200}>")
_NOISE = re.compile(
    r"""
    \b(?:m|v|x|w|f|d|h)(?:\s*[/|]\s*(?:m|v|x|w|f|d|h)\b)+      # m/v, m/v/x, h/f
    | \(\s*[mvx]\s*\)
    | \b\d{1,2}(?:[.,]\d)?\s*(?:(?:-|–|/|à|a|tot|of|t/m)\s*\d{1,2}\s*)?(?:uur|uren|u|hours|hrs?)\b
    | \b(?:per|p/|/)\s*(?:week|wk|w)\b
    | \b(?:full|part)[ -]?time\b | \b(?:voltijd|deeltijd|thuiswerk|zzp|freelance|interim|remote|hybride)\b
    | \b\d+\s*%
    | \b\d(?:[.,]\d+)?(?:\s*(?:-|–|tot)\s*\d(?:[.,]\d+)?)?\s*fte\b
    | \b(?:oproepkracht|invalkracht|uitzendkracht|vakantiekracht|zaterdaghulp|weekendhulp|zij-?instromer|bbl|bol|vca)\b
    | \b(?:nacht|dag|avond|weekend|ploegen)dienst(?:en)?\b | \b[2-5][ -]ploegen(?:dienst)?\b | \bweekend\s+(?:thuis|vrij)\b
    | \b(?:met|enige)\s+ervaring\b | \b(?:enthousiaste?|gemotiveerde?|gedreven|flexibele|leuke)\b
    | €\s*[\d.,]+(?:\s*(?:-|–|tot)\s*€?\s*[\d.,]+)?
    | \b(?:vacature|vacatures|gezocht|gevraagd|per\ direct|met\ spoed|wij\ zoeken(?:\ een)?|zoekt(?:\ een)?|start\ direct)\b
    | \b(?:bijbaan|vakantiewerk|stageplek|leerwerkplek|startersfunctie|zonder\ ervaring|geen\ ervaring\ nodig)\b
    | \b(?:junior|medior|senior|ervaren|aankomend|allround|all-round|fulltimer|parttimer|jr|sr)\b\.?
    | \b(?:mbo|hbo|wo|vmbo)(?:\s*[-/+]\s*(?:mbo|hbo|wo))?(?:[\s-]*niveau\s*\d?)?\b(?![-\w])
    | \bniveau\s*\d(?:\s*[-/]\s*\d)?\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PLACE = re.compile(
    r"(?:\s+(?:in|te|regio|omgeving|locatie|standplaats|omg\.?)\s+|\s+[-–|@,]\s*|,\s*)([^,|–]{2,60})$", re.IGNORECASE
)


def clean_title(title: str, places: frozenset[str] = frozenset()) -> str:
    """The work in a title, normalised; the whole title, normalised, when nothing would be left.

    `places` are normalised names of places: one of them at the end, after a comma, a dash or "in", is left out.

    >>> clean_title("Medewerker bediening m/v (32 uur) Groningen", frozenset({"groningen"}))
    'medewerker bediening'
    >>> clean_title("Gezocht: ervaren <b>loodgieter</b> (m/v/x), 32-40 uur p/w, € 2.800 - € 3.400")
    'loodgieter'
    >>> clean_title("HBO")
    'hbo'
    """
    text = _TAG.sub(" ", html.unescape(title[:LONGEST_TITLE]))
    text = _NOISE.sub(" , ", text)
    text = re.sub(r"\(\s*[,\s]*\)", " ", text)
    text = re.sub(r"(?:\s*,\s*)+", ", ", text).strip(" ,;:-–|.!?*#\t\n")
    whole = normalize(title[:LONGEST_TITLE])
    found = _PLACE.search(text)
    if found and normalize(found[1]) in places:
        text = text[: found.start()]
    words = normalize(text).split()
    for length in (1, 2, 3):  # "timmerman Den Haag"
        if len(words) > length and " ".join(words[-length:]) in places:
            words = words[:-length]
            break
    while words and words[-1] in {"in", "te", "bij", "regio", "omgeving", "voor", "met", "p", "w", "per", "week"}:
        words.pop()
    return " ".join(words) or whole
