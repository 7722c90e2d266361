"""Words for the demo region. All firms, schools and people made from them are invented."""

WATERS_AND_FIELDS = [
    "De Hunze", "Reitdiep", "Het Wad", "De Eems", "Drentsche Aa", "Lauwers", "Westerwolde", "Hondsrug", "De Borg",
    "Veenkade", "Oosterpoort", "Paterswolde", "Noorderhoogeveen", "Damsterdiep", "Zuidlaren", "De Fivel", "Gorecht",
    "Kielster", "Tussendiepen", "De Marne", "Dollard", "Ruiten Aa", "Schipborg", "Balloo", "Het Hoge Land", "Ter Aa",
    "De Onlanden", "Leekstermeer", "Winschoterdiep", "Boterdiep", "Aduard", "De Blauwe Stad", "Ellersinghuizen",
    "Wadlooper", "Noorderzon", "De Zwaan", "De Kraanvogel", "Hunebed", "De Heide", "Koolzaad", "De Kleiput", "Het Diep",
    "Grutto", "De Wierde", "Terp en Dijk", "De Brug", "De Sluis", "Noorderlicht", "Oostwold", "De Veldkei",
]  # fmt: skip

FIRM_WORDS = {
    "construction": ["Bouwbedrijf", "Aannemer", "Timmerwerken", "Schilders", "Stukadoors", "Dakwerken"],
    "infrastructure": ["Infra", "Grond- en wegenbouw", "Straatmakers"],
    "installation": ["Installatiebedrijf", "Elektro", "Koeltechniek", "Warmtetechniek"],
    "metal": ["Metaalbewerking", "Constructie", "Machinefabriek", "Lasbedrijf"],
    "energy": ["Zonnestroom", "Windservice", "Energie", "Netwerken"],
    "process_industry": ["Bakkerij", "Zuivel", "Aardappelverwerking", "Voeding", "Verpakkers"],
    "ict": ["Software", "Datawerk", "Webbouw", "Systemen", "ICT"],
    "transport": ["Transport", "Logistiek", "Koeriers", "Opslag"],
    "agriculture": ["Melkveebedrijf", "Akkerbouw", "Hoveniers", "Kwekerij", "Loonbedrijf"],
    "cleaning": ["Schoonmaak", "Glazenwasserij", "Facilitair"],
    "security": ["Beveiliging", "Toezicht"],
    "automotive": ["Garage", "Autoschade", "Fietsenmaker", "Bandenservice"],
    "care": ["Thuiszorg", "Zorghuis", "Huisartsenpraktijk", "Woonzorg", "Tandartspraktijk"],
    "childcare": ["Kinderopvang", "Kinderdagverblijf"],
    "welfare": ["Welzijn", "Buurtwerk", "Begeleiding"],
    "retail": ["Winkel", "Supermarkt", "Bloemen", "Mode", "Doe-het-zelf"],
    "wholesale": ["Groothandel", "Handelshuis", "Import"],
    "hospitality": ["Eetcafé", "Hotel", "Restaurant", "Lunchroom", "Camping"],
    "administration": ["Administratiekantoor", "Kantoor", "Personeelsdiensten"],
    "finance": ["Financieel advies", "Accountants", "Verzekeringen"],
    "education": ["Basisschool", "Scholengroep", "Taalschool"],
    "government": ["Waterbeheer", "Publieke dienst", "Uitvoeringsdienst"],
    "media": ["Ontwerpstudio", "Drukwerk", "Reclamebureau"],
    "personal_services": ["Kapsalon", "Schoonheidssalon", "Sportclub"],
}

SCHOOLS = [
    ("Vakschool Noorderbaan", 4), ("Praktijkcollege De Hunze", 4), ("Techniekcampus Eemsoever", 4),
    ("Zorgacademie Hondsrug", 4), ("Groencollege De Marne", 4), ("Hogeschool Noorderhoogte", 6),
    ("Hogeschool Drentsche Aa", 6), ("Taalhuis Reitdiep", 3), ("Vaardig Noord", 4), ("Leerwerkplaats Dollard", 3),
    ("Vakcentrum Bouw en Infra Veenkade", 4), ("Logistiek Opleidingshuis Noord", 3), ("Digitaal Vakhuis", 5),
    ("Horecaschool Het Wad", 4), ("Avondschool Oosterpoort", 4), ("Energiecampus Koolzaad", 4),
    ("Rijschool en Vaklieden Fivel", 3), ("Bedrijfsschool Metaal Ruiten Aa", 4), ("Open Leercentrum Westerwolde", 3),
    ("Academie voor Ondernemen Borg", 5),
]  # fmt: skip

FIRST_NAMES = [
    "Anouk", "Bas", "Chantal", "Daan", "Elif", "Femke", "Gerben", "Hanna", "Ibrahim", "Jelle", "Karin", "Lotte",
    "Marieke", "Nynke", "Omar", "Petra", "Quinten", "Roelof", "Sanne", "Tess", "Umit", "Vera", "Wiebe", "Xander",
    "Yara", "Zeynep", "Arjen", "Brigit", "Cor", "Dieuwke", "Emre", "Fatima", "Geert", "Hilda", "Ineke", "Jorrit",
    "Klaas", "Lisanne", "Mohammed", "Nadia", "Oksana", "Pieter", "Rachid", "Samira", "Tjitske", "Wout", "Amina",
    "Bram", "Carla", "Dmytro",
]  # fmt: skip

LAST_NAMES = [
    "Bakker", "Boersma", "Bos", "Brands", "Bruins", "Dekker", "Dijkstra", "Drenth", "Eising", "Feenstra", "Hoekstra",
    "Huizinga", "Jager", "Kamps", "Koning", "Kooistra", "Kuiper", "Meijer", "Mulder", "Nijboer", "Oosting", "Postma",
    "Prins", "Rozema", "Schuiling", "Smit", "Sikkema", "Tepper", "Veenstra", "Visser", "Vos", "Wiersma", "Wolters",
    "Yilmaz", "Zijlstra", "Kaya", "El Amrani", "Kovalenko", "Nowak", "Abdi",
]  # fmt: skip

WHY = [
    "Dit werk doe ik het liefst: {occupation}. Ik woon dichtbij en wil graag lang blijven.",
    "Ik zoek een plek waar ik met mijn handen en mijn hoofd kan werken. Uw bedrijf past daarbij.",
    "Ik heb dit werk eerder gedaan en mis het. Daarom reageer ik.",
    "Ik wil van richting veranderen en dit is de stap die ik wil zetten.",
    "",
]
DID = [
    "Ik liep een dag mee in een vergelijkbaar bedrijf.",
    "Ik volg sinds kort een avondcursus om dit beter te kunnen.",
    "Ik help als vrijwilliger bij de buurtvereniging met dit soort werk.",
    "Thuis werk ik aan een eigen project om te oefenen.",
    "",
]
INITIATIVES = [
    ("course", "Ik volg een cursus om bij te blijven."),
    ("volunteering", "Ik help elke week als vrijwilliger in de buurt."),
    ("project", "Ik werk thuis aan een eigen project."),
    ("trial", "Ik liep een dag mee om te zien of dit werk bij mij past."),
]
