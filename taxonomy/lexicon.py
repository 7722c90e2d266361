"""Words that say something about other words in job texts: languages, levels, negation, education."""

from core.choices import Language

# How texts name the languages of `core.choices.Language`, in Dutch and English, normalised.
LANGUAGE_NAMES: dict[str, tuple[str, ...]] = {
    Language.NL: ("nederlands", "nederlandse", "dutch", "nt2"),
    Language.EN: ("engels", "engelse", "english"),
    Language.DE: ("duits", "duitse", "german"),
    Language.FR: ("frans", "franse", "french"),
    Language.ES: ("spaans", "spaanse", "spanish"),
    Language.PL: ("pools", "poolse", "polish"),
    Language.AR: ("arabisch", "arabische", "arabic"),
    Language.TR: ("turks", "turkse", "turkish"),
    Language.UK: ("oekraiens", "oekraiense", "ukrainian"),
    Language.RO: ("roemeens", "roemeense", "romanian"),
    Language.TI: ("tigrinya",),
    Language.FA: ("perzisch", "farsi", "dari", "persian"),
    Language.SO: ("somalisch", "somali"),
    Language.PT: ("portugees", "portugese", "portuguese"),
    Language.IT: ("italiaans", "italiaanse", "italian"),
    Language.RU: ("russisch", "russische", "russian"),
    Language.ZH: ("chinees", "chinese", "mandarijn", "mandarin"),
    Language.FY: ("fries", "friese", "frisian"),
    Language.GOS: ("gronings", "groningse"),
    Language.DSL: ("gebarentaal", "ngt"),
}
LANGUAGE_OF = {name: code.value for code, names in LANGUAGE_NAMES.items() for name in names}

# What a text says about how well a language is known, as CEFR 1-6. The longest that fits counts.
LANGUAGE_LEVELS = {
    "moedertaal": 6, "native": 6, "mother tongue": 6, "vloeiend": 5, "fluent": 5, "uitstekend": 5, "uitstekende": 5,
    "excellent": 5, "perfect": 5, "perfecte": 5, "zeer goed": 5, "zeer goede": 5, "heel goed": 5, "very good": 5,
    "goed": 4, "goede": 4, "good": 4, "prima": 4, "in woord en geschrift": 4, "proficient": 4, "redelijk": 3,
    "redelijke": 3, "voldoende": 3, "reasonable": 3, "basiskennis": 2, "beetje": 1, "basis": 2, "basic": 2,
    "eenvoudig": 2, "eenvoudige": 2, "matig": 2,
}  # fmt: skip

# What a text says about how well something can be done, as core.choices.Level 1-5.
LEVEL_WORDS = {
    "expert": 5, "specialist": 5, "senior": 5, "jarenlange": 5, "extensive": 5, "diepgaande": 5, "gedegen": 4,
    "uitstekend": 4, "uitstekende": 4, "ruime": 4, "ervaren": 4, "aantoonbare": 4, "uitgebreide": 4, "zeer": 4,
    "zelfstandig": 3, "goed": 3, "goede": 3, "ervaring": 3, "experience": 3, "experienced": 4, "enige": 2,
    "some": 2, "basis": 2, "gevorderd": 4, "gevorderde": 4, "advanced": 4, "intermediate": 3, "beginner": 1, "beginners": 1,
    "basiskennis": 2, "basic": 2, "affiniteit": 1, "interesse": 1, "beginnend": 1, "junior": 2,
    "leerling": 1, "beetje": 1,
}  # fmt: skip

# After these words a skill is not there (or asked), until the sentence or clause ends.
NEGATIONS = frozenset({"geen", "niet", "zonder", "nooit", "no", "not", "without", "never"})
# "niet alleen lassen" and "geen bezwaar" deny nothing; "geen probleem met" neither.
NOT_NEGATED_BY = frozenset(
    {
        "alleen", "only", "bezwaar", "probleem", "moeite", "just", "bang", "vies", "beroerd", "slechts", "zomaar",
        "afraid", "erg", "verkeerd", "negentotvijf", "hekel", "angst", "last", "hoogtevrees",
    }
)  # fmt: skip
NOT_NEEDED = (
    "niet nodig", "niet vereist", "geen vereiste", "niet verplicht", "niet noodzakelijk", "niet belangrijk", "geen must",
    "geen eis", "not required", "not necessary", "not needed", "not mandatory", "not essential", "not a must",
    "niet aan bod", "niet behandeld", "not covered",
)  # fmt: skip
# What a clause has of its own: a verb that says what is, can or must; and what stands for one ("VCA vereist").
FINITE = frozenset(
    {
        "is", "zijn", "ben", "bent", "was", "kan", "kun", "kunt", "kunnen", "heb", "hebt", "heeft", "hebben", "moet",
        "moeten", "ga", "gaat", "gaan", "wil", "wilt", "willen", "hoef", "hoeft", "hoeven", "mag", "mogen", "wordt",
        "worden", "doe", "doet", "spreekt", "spreek", "werkt", "helpt", "kent", "komt", "maakt", "haal", "haalt",
        "zoeken", "vragen", "leer", "leert", "are", "can", "have", "has", "must", "need",
    }
)  # fmt: skip
PREDICATES = frozenset(
    {"vereist", "verplicht", "gewenst", "nodig", "noodzakelijk", "must", "pre", "required", "needed"}
)
CLAUSE_ENDS = frozenset({"maar", "wel", "but", "however", "echter"})

# What Dutch verbs drop behind them: "neem je bestellingen op" says "bestellingen opnemen".
PARTICLES = frozenset(
    {
        "aan", "af", "bij", "door", "in", "klaar", "mee", "na", "om", "op", "open", "over", "rond", "samen", "schoon",
        "terug", "toe", "uit", "vast", "voor", "weg",
    }
)  # fmt: skip

# Education: what a text calls it, and the NLQF level.
EDUCATION_WORDS = (
    (r"\b(?:gepromoveerd|promotieonderzoek|phd|doctoraat)\b", 8),
    (r"\b(?:(?:wo|hbo)[ -]?master|master(?:diploma|opleiding)?|msc|wo|universitair|universiteit|academisch)\b", 7),
    (r"\b(?:hbo|bachelor|bsc|hogeschool|heao|hts|pabo|hbo[ -]?v)\b", 6),
    (r"\b(?:associate degree|ad[ -]opleiding)\b", 5),
    (r"\b(?:mbo|niveau|bol|bbl)[ -]?(?:niveau|opleiding)?[ -]?4\b", 4),
    (r"\b(?:havo|vwo|mts|meao)\b", 4),
    (r"\b(?:mbo|niveau)[ -]?(?:niveau|opleiding)?[ -]?3\b", 3),
    (r"\b(?:mbo|niveau)[ -]?(?:niveau|opleiding)?[ -]?2\b", 2),
    (r"\b(?:vmbo|mavo|lbo|lts)\b", 2),
    (r"\b(?:mbo|niveau)[ -]?(?:niveau|opleiding)?[ -]?1\b", 1),
    (r"\b(?:mbo)\b", 3),
    (r"\bbasisonderwijs\b(?=\s*(?:afgerond|niveau|diploma))", 1),
)  # fmt: skip

# Small words that tell a Dutch text from an English one.
SMALL_WORDS = {
    "nl": frozenset(
        {
            "de", "het", "een", "en", "van", "je", "wij", "met", "voor", "zijn", "ik", "niet", "op", "aan", "bij", "te",
            "dat", "als", "ook", "om", "naar", "is", "we", "of", "geen", "nodig", "er", "heb", "hebt", "ben", "bent", "wel", "uit",
        }
    ),
    "en": frozenset(
        {
            "the", "a", "and", "of", "you", "we", "with", "for", "are", "i", "not", "on", "to", "at", "that", "as",
            "also", "our", "your", "is", "will", "be",
        }
    ),
}  # fmt: skip

# After a comma these begin something else than what was denied before it.
AFFIRMATIONS = frozenset(
    {
        "wel", "maar", "echter", "ruime", "goede", "veel", "je", "jij", "ik", "we", "wij", "u", "hij", "zij", "ook",
        "dan", "but", "however", "you", "i", "good",
    }
)  # fmt: skip
# "Zonder toezicht kunnen werken" denies no work.
NOT_MISSED = frozenset({"toezicht", "begeleiding", "problemen", "probleem", "hulp", "moeite", "supervision", "help"})
