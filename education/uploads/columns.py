"""The columns of an upload: their names, what belongs in them, and the words that we understand."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.choices import EducationLevel, Language, LanguageLevel
from education.models import Programme
from education.uploads.cells import normalised

KIND_WORDS = {
    "opleiding": "degree", "volledige opleiding": "degree", "diploma": "degree", "bol": "degree",
    "certificaat": "certificate", "mbo-certificaat": "certificate", "praktijkverklaring": "certificate",
    "keuzedeel": "elective", "cursus": "course", "training": "course", "workshop": "course", "module": "course",
    "bbl": "bbl", "leren en werken": "bbl", "leerwerktraject": "bbl",
    "taalcursus": "language", "taal": "language", "evc": "evc", "ervaringscertificaat": "evc",
}  # fmt: skip
MODE_WORDS = {
    "weekend": "weekend", "zaterdag": "weekend", "in het weekend": "weekend", "fulltime": "day", "full_time": "day",
    "fulltime|parttime": "day", "voltijd|deeltijd": "day", "voltijd/deeltijd": "day",
    "parttime": "evening", "part_time": "evening", "duaal": "day", "dual": "day", "dagopleiding": "day",
    "avondopleiding": "evening", "overdag": "day", "dag": "day", "voltijd": "day", "avond": "evening",
    "'s avonds": "evening", "deeltijd": "evening",
    "online": "online", "afstand": "online", "thuis": "online", "e-learning": "online",
    "deels online": "blended", "gemengd": "blended", "hybride": "blended",
}  # fmt: skip
LEVEL_WORDS = {
    "basisschool": 1, "entree": 1, "mbo 1": 1, "vmbo": 2, "mbo 2": 2, "mbo 3": 3, "mbo 4": 4, "havo": 4, "vwo": 4,
    "ad": 5, "associate degree": 5, "hbo": 6, "bachelor": 6, "wo bachelor": 6, "premaster": 6, "hbo bachelor": 6, "master": 7,
    "wo master": 7, "wo": 7, "hbo master": 7, "doctoraat": 8, "phd": 8, "geen": None, "n.v.t.": None,
}  # fmt: skip
LEVEL_WORDS |= {f"{scale} {level}": level for scale in ("nlqf", "eqf") for level in range(1, 9)}
LANGUAGE_WORDS = {
    "nederlands": "nl", "engels": "en", "duits": "de", "frans": "fr", "spaans": "es", "pools": "pl", "arabisch": "ar",
    "turks": "tr", "oekraiens": "uk", "oekraïens": "uk", "roemeens": "ro", "tigrinya": "ti", "perzisch": "fa",
    "farsi": "fa", "somalisch": "so", "portugees": "pt", "italiaans": "it", "russisch": "ru", "chinees": "zh",
    "fries": "fy", "gronings": "gos", "nederlandse gebarentaal": "dsl", "ngt": "dsl",
}  # fmt: skip
SUBSIDY_WORDS = {
    "uwv": "uwv", "scholingsbudget": "uwv", "scholingsbudget uwv": "uwv", "gemeente": "municipality", "slim": "slim",
    "praktijkleren": "practice", "subsidie praktijkleren": "practice", "o&o-fonds": "sector", "sectorfonds": "sector",
    "studiefinanciering": "finance", "duo": "finance", "levenlanglerenkrediet": "loan", "anders": "other", "geen": None,
}  # fmt: skip
YES_WORDS = {
    "ja": True, "j": True, "yes": True, "y": True, "waar": True, "true": True, "1": True, "x": True, "on": True,
    "nee": False, "n": False, "no": False, "onwaar": False, "false": False, "0": False,
}  # fmt: skip


def vocabulary(words: dict, choices) -> dict:
    """Every word for a choice, normalised: ours, the stored value and the labels people see."""
    found = {normalised(word): value for word, value in words.items()}
    found |= {normalised(str(value)): value for value in choices.values}
    return found


KINDS = vocabulary(KIND_WORDS, Programme.Kind)
MODES = vocabulary(MODE_WORDS, Programme.Mode)
LEVELS = vocabulary(LEVEL_WORDS, EducationLevel)
CEFR = vocabulary({level.label: level.value for level in LanguageLevel}, LanguageLevel)
SUBSIDIES = vocabulary(SUBSIDY_WORDS, Programme.Subsidy)
LANGUAGES = vocabulary(LANGUAGE_WORDS, Language)
YES = {normalised(word): value for word, value in YES_WORDS.items()}


@dataclass(frozen=True)
class Column:
    """One column of the file; `examples` are the cells of the template's rows."""

    name: str
    field: str
    required: bool
    what: str | Promise
    accepts: str | Promise
    examples: tuple[str, str]
    aliases: tuple[str, ...] = ()


COLUMNS = (
    Column("code", "code", True, _("Your own code. Each programme has another one."),
           _("at most 80 signs"), ("LAS-01", "VIG-25"), ("id", "programmacode", "opleidingscode", "cursuscode")),
    Column("titel", "title", True, _("The name that people see."), _("at most 160 signs"),
           ("MIG/MAG-lassen niveau 2", "Verzorgende IG"),
           ("title", "naam", "name", "opleiding", "kwalificatie", "cursusnaam", "opleidingsnaam")),
    Column("omschrijving", "description", False,
           _("What somebody learns. We look for skills in this text, so say it in full sentences."),
           _("at most 8,000 signs"),
           ("Je leert staal lassen met MIG/MAG, een werktekening lezen en veilig werken.",
            "Je leert mensen verzorgen en begeleiden, medicijnen geven en rapporteren."),
           ("description", "beschrijving", "inhoud", "kwalificatiedossier", "discipline")),
    Column("soort", "kind", True, _("What kind of programme it is."),
           "opleiding, certificaat, keuzedeel, cursus, bbl, taalcursus, evc", ("cursus", "bbl"), ("kind", "type")),
    Column("crebo", "crebo", False, _("The crebo code of an MBO programme, certificate or keuzedeel."),
           "25655; K0165; C0001", ("", "25655"), ("crebonummer", "crebo code", "crebocode")),
    Column("rio", "rio", False, _("The code in RIO or CROHO."), "34406; 1001O3528", ("", ""),
           ("croho", "isat", "rio code", "croho code", "opleidingseenheidcode")),
    Column("niveau", "level", False, _("The level that somebody reaches."),
           "mbo 1, mbo 2, mbo 3, mbo 4, ad, bachelor, master, 1-8", ("mbo 2", "mbo 3"), ("level", "nlqf", "eqf")),
    Column("instroomniveau", "entry_level", False, _("The level needed to start. Empty: anyone can start."),
           "mbo 1, mbo 2, mbo 3, mbo 4, ad, bachelor, master, 1-8", ("", "mbo 2"), ("entry_level", "instroom")),
    Column("instroomeisen", "entry_requirements", False, _("What else is needed to start."), _("at most 1,000 signs"),
           ("", "een werkplek in de zorg"), ("entry_requirements", "toelatingseisen", "beroepsvereisten")),
    Column("instroomtaal", "entry_language_level", False, _("The level in the language of the lessons to start with."),
           "A1, A2, B1, B2, C1, C2", ("", "B1"), ("entry_language_level", "taalniveau")),
    Column("weken", "weeks", True, _("How many weeks it takes."), "1-520", ("12", "120"),
           ("weeks", "duur_in_weken", "aantal weken", "duur weken")),
    Column("uren_per_week", "hours_per_week", True, _("Hours a week, lessons and homework together."), "1-60",
           ("8", "32"), ("hours_per_week", "uren", "urenperweek", "studielast per week", "lesuren per week")),
    Column("prijs", "price", True, _("What it costs in euros, everything included. Write 0 or gratis when it is free."),
           "1250; 1.250,00; € 1.250; gratis", ("1.250,00", "gratis"), ("price", "kosten")),
    Column("prijs_met_subsidie", "price_with_subsidy", False, _("What somebody pays who gets the subsidy."),
           "125; gratis", ("125", ""), ("price_with_subsidy",)),
    Column("subsidie", "subsidies", False, _("Who may pay (a part of) it. Several: with commas between them."),
           "uwv, gemeente, slim, praktijkleren, sectorfonds, studiefinanciering, levenlanglerenkrediet, anders",
           ("uwv, gemeente", "praktijkleren"), ("subsidies", "financiering")),
    Column("taal", "language", False, _("The language of the lessons. Empty: Dutch."),
           "nederlands, engels, nl, en …", ("nederlands", "nederlands"), ("language", "voertaal")),
    Column("leert_taal", "taught_language", False, _("The language that people learn, for a language course."),
           "nederlands, engels, nl, en …", ("", ""), ("taught_language",)),
    Column("leert_taal_tot", "taught_language_level", False, _("The level they reach in that language."),
           "A1, A2, B1, B2, C1, C2", ("", ""), ("taught_language_level",)),
    Column("wanneer", "mode", False, _("When the lessons are. Empty: in the daytime."),
           "overdag, avond, weekend, online, deels online", ("avond", "overdag"), ("mode", "modes", "vorm", "when")),
    Column("postcode", "place", False, _("Where the lessons are. Empty: at the postcode of your school."),
           "9711; 9711 AB", ("9711", "9401"), ("place", "pc4")),
    Column("startdatum", "start_dates", False, _("The first days. Several: with commas. Empty: any moment."),
           "2027-02-01; 01-02-2027, 01-09-2027", ("01-02-2027, 01-09-2027", ""),
           ("start_dates", "startdata", "starts_on", "start", "begindatum")),
    Column("website", "url", False, _("The page where people can read more and sign up."), "https://…",
           ("https://www.example.org/lassen", ""), ("url", "link")),
    Column("geeft_diploma", "grants_level", False, _("Does it end in a diploma of the level above? Empty: no."),
           "ja, nee", ("nee", "ja"), ("grants_level", "diploma")),
)  # fmt: skip
BY_FIELD = {column.field: column for column in COLUMNS}
BY_NAME = {normalised(word): column for column in COLUMNS for word in (column.name, *column.aliases)}
KIND_NAMES = {"degree": "opleiding", "certificate": "certificaat", "elective": "keuzedeel", "course": "cursus",
              "bbl": "bbl", "language": "taalcursus", "evc": "evc"}  # fmt: skip
MODE_NAMES = {"day": "overdag", "evening": "avond", "weekend": "weekend", "online": "online", "blended": "deels online"}
LEVEL_NAMES = {1: "mbo 1", 2: "mbo 2", 3: "mbo 3", 4: "mbo 4", 5: "ad", 6: "bachelor", 7: "master", 8: "doctoraat"}
SUBSIDY_NAMES = {"uwv": "uwv", "municipality": "gemeente", "slim": "slim", "practice": "praktijkleren",
                 "sector": "sectorfonds", "finance": "studiefinanciering", "loan": "levenlanglerenkrediet",
                 "other": "anders"}  # fmt: skip
CEFR_NAMES = dict(LanguageLevel.choices)
NAMES = {"kind": KIND_NAMES, "mode": MODE_NAMES, "level": LEVEL_NAMES, "entry_level": LEVEL_NAMES,
         "entry_language_level": CEFR_NAMES, "taught_language_level": CEFR_NAMES,
         "subsidies": SUBSIDY_NAMES}  # fmt: skip


def as_cell(field: str, value) -> str:
    """A stored value in the word that a file has for it; "" for nothing."""
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, list):
        return ", ".join(as_cell(field, each) for each in value)
    if field in ("price", "price_with_subsidy"):
        return f"{Decimal(value):.2f}".replace(".", ",")
    return str(NAMES.get(field, {}).get(value, value))
