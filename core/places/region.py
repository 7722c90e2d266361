"""The municipalities of the labour market region and the places in them."""

import re
from collections import defaultdict
from dataclasses import replace
from functools import cache

from core.places.rows import PlaceRow, plain

PROVINCES = {
    "DR": "Drenthe", "FL": "Flevoland", "FR": "Fryslân", "GE": "Gelderland", "GR": "Groningen", "LI": "Limburg",
    "NB": "Noord-Brabant", "NH": "Noord-Holland", "OV": "Overijssel", "UT": "Utrecht", "ZE": "Zeeland",
    "ZH": "Zuid-Holland",
}  # fmt: skip
# Municipalities of the labour market region in 2026 and the places in them, as far as they have a postcode.
MUNICIPALITIES = {
    "GR": {
        "Groningen": "Garmerwolde|Glimmen|Groningen|Haren|Lellens|Meerstad|Noordlaren|Onnen|Sint Annen|Ten Boer|"
        "Ten Post|Thesinge|Winneweer|Woltersum",
        "Midden-Groningen": "Borgercompagnie|Foxhol|Froombosch|Harkstede|Hellum|Hoogezand|Kiel-Windeweer|Kolham|"
        "Kropswolde|Lageland|Luddeweer|Meeden|Muntendam|Noordbroek|Overschild|Sappemeer|Scharmer|Schildwolde|Siddeburen|"
        "Slochteren|Steendam|Tjuchem|Tripscompagnie|Waterhuizen|Westerbroek|Woudbloem|Zuidbroek",
        "Het Hogeland": "Adorp|Baflo|Bedum|Den Andel|Eemshaven|Eenrum|Eppenhuizen|Hornhuizen|Houwerzijl|Kantens|"
        "Kloosterburen|Lauwersoog|Leens|Mensingeweer|Niekerk|Noordwolde|Oldenzijl|Onderdendam|Oosternieland|Oudeschip|"
        "Pieterburen|Rasquert|Roodeschool|Rottum|Saaxumhuizen|Sauwerd|Schouwerzijl|Stitswerd|Tinallinge|Uithuizen|"
        "Uithuizermeeden|Ulrum|Usquert|Vierhuizen|Warffum|Warfhuizen|Wehe-den Hoorn|Westernieland|Wetsinge|Winsum|"
        "Zandeweer|Zoutkamp|Zuidwolde|Zuurdijk",
        "Eemsdelta": "'t Zandt|Appingedam|Bierum|Borgsweer|Delfzijl|Eenum|Farmsum|Garrelsweer|Garsthuizen|Godlinze|"
        "Holwierde|Huizinge|Krewerd|Leermens|Loppersum|Losdorp|Meedhuizen|Middelstum|Oosterwijtwerd|Spijk|"
        "Startenhuizen|Stedum|Termunten|Termunterzijl|Toornwerd|Wagenborgen|Westeremden|Westerwijtwerd|Wirdum|"
        "Woldendorp|Zeerijp|Zijldijk",
        "Oldambt": "'t Waar|Bad Nieuweschans|Beerta|Blauwestad|Drieborg|Finsterwolde|Heiligerlee|Midwolda|Nieuw Beerta|"
        "Nieuw Scheemda|Nieuwolda|Oostwold|Oudezijl|Scheemda|Westerlee|Winschoten",
        "Veendam": "Veendam|Wildervank",
        "Pekela": "Nieuwe Pekela|Oude Pekela",
        "Stadskanaal": "Alteveer|Mussel|Musselkanaal|Onstwedde|Stadskanaal|Vledderveen",
        "Westerwolde": "Bellingwolde|Blijham|Bourtange|Oudeschans|Sellingen|Ter Apel|Ter Apelkanaal|Veelerveen|"
        "Vlagtwedde|Vriescheloo|Wedde",
        "Westerkwartier": "Aduard|Boerakker|Briltil|De Wilp|Den Ham|Den Horn|Doezum|Enumatil|Ezinge|Feerwerd|Garnwerd|"
        "Grijpskerk|Grootegast|Jonkersvaart|Kommerzijl|Kornhorn|Lauwerzijl|Leek|Lettelbert|Lucaswolde|Lutjegast|Marum|"
        "Midwolde|Niebert|Niehove|Niekerk|Niezijl|Noordhorn|Noordwijk|Nuis|Oldehove|Oldekerk|Oostwold|Opende|"
        "Pieterzijl|Saaksum|Sebaldeburen|Tolbert|Visvliet|Zevenhuizen|Zuidhorn",
    },
    "DR": {
        "Assen": "Assen|Loon|Rhee|Ter Aard|Ubbena|Zeijerveen|Zeijerveld",
        "Aa en Hunze": "Amen|Anderen|Anloo|Annen|Annerveenschekanaal|Balloo|Balloërveld|Deurze|Eext|Eexterveen|"
        "Eexterveenschekanaal|Eexterzandvoort|Ekehaar|Eldersloo|Eleveld|Gasselte|Gasselternijveen|"
        "Gasselternijveenschemond|Gasteren|Geelbroek|Gieten|Gieterveen|Grolloo|Marwijksoord|Nieuw Annerveen|Nieuwediep|"
        "Nijlande|Nooitgedacht|Oud Annerveen|Papenvoort|Rolde|Schipborg|Schoonloo|Spijkerboor|Vredenheim",
        "Noordenveld": "Alteveer|Een|Een-West|Foxwolde|Huis ter Heide|Langelo|Leutingewolde|Lieveren|Matsloot|Nietap|"
        "Nieuw-Roden|Norg|Peest|Peize|Roden|Roderesch|Roderwolde|Steenbergen|Veenhuizen|Westervelde|Zuidvelde",
        "Tynaarlo": "Bunne|De Groeve|De Punt|Donderen|Eelde|Eelderwolde|Midlaren|Oudemolen|Paterswolde|Taarlo|Tynaarlo|"
        "Vries|Winde|Yde|Zeegse|Zeijen|Zuidlaarderveen|Zuidlaren",
        "Midden-Drenthe": "Balinge|Beilen|Bovensmilde|Bruntinge|Drijber|Elp|Eursinge|Garminge|Hijken|Hoogersmilde|"
        "Hooghalen|Mantinge|Nieuw-Balinge|Oranje|Orvelte|Smilde|Spier|Westerbork|Wijster|Witteveen|Zuidveld|Zwiggelte",
        "Borger-Odoorn": "1e Exloërmond|2e Exloërmond|2e Valthermond|Borger|Bronneger|Bronnegerveen|Buinen|Buinerveen|"
        "Drouwen|Drouwenermond|Drouwenerveen|Ees|Eesergroen|Eeserveen|Ellertshaar|Exloo|Exloërveen|Klijndijk|"
        "Nieuw-Buinen|Odoorn|Odoornerveen|Valthe|Valthermond|Westdorp|Zandberg",
        "Emmen": "Barger-Compascuum|Emmen|Emmer-Compascuum|Erica|Klazienaveen|Klazienaveen-Noord|Nieuw-Amsterdam|"
        "Nieuw-Dordrecht|Nieuw-Schoonebeek|Nieuw-Weerdinge|Roswinkel|Schoonebeek|Veenoord|Weiteveen|Zandpol|Zwartemeer",
        "Coevorden": "'t Haantje|Aalden|Benneveld|Coevorden|Dalen|Dalerpeel|Dalerveen|De Kiel|Diphoorn|Erm|Gees|"
        "Geesbrug|Holsloot|Meppen|Nieuwlande|Noord-Sleen|Oosterhesselen|Schoonoord|Sleen|Stieltjeskanaal|Wachtum|Wezup|"
        "Wezuperbrug|Zweeloo|Zwinderen",
        "Hoogeveen": "Alteveer|Elim|Fluitenberg|Hollandscheveld|Hoogeveen|Nieuweroord|Nieuwlande|Noordscheschut|Pesse|"
        "Stuifzand|Tiendeveen",
        "De Wolden": "Alteveer|Ansen|Drogteropslagen|Echten|Eursinge|Kerkenveld|Koekange|Linde|Ruinen|Ruinerwold|"
        "Veeningen|Zuidwolde|de Wijk",
        "Westerveld": "Boschoord|Darp|Diever|Dieverbrug|Doldersum|Dwingeloo|Frederiksoord|Geeuwenbrug|Havelte|"
        "Havelterberg|Nijensleek|Uffelte|Vledder|Wapse|Wapserveen|Wateren|Wilhelminaoord|Wittelte|Zorgvlied",
        "Meppel": "Broekhuizen|De Schiphorst|Meppel|Nijeveen|Rogat",
    },
}  # fmt: skip
# Postcodes in which the two provinces lie; names such as Spijk and Noordwolde exist elsewhere as well.
_REGION = re.compile(r"(?:7[789]|93|94|95|96|97|98|99)\d\d|8351|838[1-7]|843[78]")


@cache
def _municipalities_by_place() -> dict[str, list[tuple[str, str]]]:
    """Plain place name -> [(municipality, province)]; a few names occur twice."""
    places: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for province, municipalities in MUNICIPALITIES.items():
        for municipality, names in municipalities.items():
            for name in names.split("|"):
                places[plain(name)].append((municipality, province))
    return places


def municipality_of(postcode: str, name: str) -> tuple[str, str]:
    """(municipality, province code) of a place in Groningen or Drenthe; ("", "") elsewhere or where two would do."""
    found = _municipalities_by_place().get(plain(name), []) if _REGION.fullmatch(postcode) else []
    return found[0] if len(found) == 1 else ("", "")


def with_municipalities(rows: dict[str, PlaceRow]) -> dict[str, PlaceRow]:
    """Fill in municipalities; of two with a place of that name, the one whose other postcodes are nearest."""
    sure: dict[int, tuple[str, str]] = {}
    for code, row in rows.items():
        municipality, province = municipality_of(code, row.name)
        if municipality:
            sure[int(code)] = (municipality, province)
            rows[code] = replace(row, municipality=municipality, province=province)
    for code, row in rows.items():
        candidates = _municipalities_by_place().get(plain(row.name), []) if _REGION.fullmatch(code) else []
        if len(candidates) > 1:
            nearest = min((abs(other - int(code)), other) for other, found in sure.items() if found in candidates)[1]
            municipality, province = sure[nearest]
            rows[code] = replace(row, municipality=municipality, province=province)
    return rows
