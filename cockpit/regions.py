"""Municipalities: points of our own from the postcodes, and outlines where borders are imported."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape

from accounts.models import User
from accounts.operations import audit
from cockpit.models import Region
from core.exceptions import Refused
from core.geo import distance_km
from core.models import Place

NAMES = ("statnaam", "gemeentenaam", "naam", "name")
CODES = ("statcode", "gemeentecode", "code")
TOLERANCE = 0.002  # degrees, some 150 m: enough for a map of a region on a screen
FARTHEST = 10.0  # km from the border that a postcode may lie and still be of that municipality
DIGITS = 4


@dataclass(frozen=True)
class Shape:
    """A municipality as a map draws it; `outline` is a GeoJSON geometry (WGS84), None where only the point is known."""

    code: str
    name: str
    province: str
    latitude: float
    longitude: float
    outline: dict[str, Any] | None


@dataclass(frozen=True)
class Imported:
    regions: int
    places: int  # postcodes that got a municipality


def shapes(province: str = "") -> tuple[Shape, ...]:
    """All municipalities that have people or work here, by name; points of their postcodes where nothing was imported."""
    known = {region.name: region for region in Region.objects.all()}
    points: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    rows = Place.objects.exclude(municipality="").values_list("municipality", "province", "latitude", "longitude")
    for name, where, latitude, longitude in rows:
        points[name, where].append((latitude, longitude))
    found = []
    for (name, where), centres in sorted(points.items()):
        if province and where != province:
            continue
        region = known.get(name)
        latitude, longitude = np.mean(centres, axis=0).round(DIGITS).tolist()
        if region is None:
            found.append(Shape(name, name, where, latitude, longitude, None))
        else:
            found.append(Shape(region.code, name, where, region.latitude, region.longitude, region.outline))
    return tuple(found)


def has_borders() -> bool:
    return Region.objects.filter(outline__isnull=False).exists()


@transaction.atomic
def import_regions(*, data: Any, source: str, actor: User | None = None) -> Imported:
    """Replace all borders by those of a GeoJSON collection, and give postcodes without a municipality one.

    Raises Refused, with the number of the feature, when the file is something else.
    """
    outlines = _read(data)
    Region.objects.all().delete()
    names = list(outlines)
    geometries = [geometry for _code, geometry in outlines.values()]
    placed = _place_postcodes(names, geometries)
    provinces = dict(
        Place.objects.filter(municipality__in=names).exclude(province="").values_list("municipality", "province")
    )
    rows = []
    for name, (code, geometry) in outlines.items():
        centre = geometry.representative_point()
        rows.append(
            Region(
                code=code, name=name, province=provinces.get(name, ""), latitude=round(centre.y, DIGITS),
                longitude=round(centre.x, DIGITS), outline=_simple(geometry), source=source[:80],
            )
        )  # fmt: skip
    Region.objects.bulk_create(rows, batch_size=100)
    audit(actor=actor, verb="import regions", regions=len(rows), places=placed)
    return Imported(len(rows), placed)


def _read(data: Any) -> dict[str, tuple[str, Any]]:
    """{name: (code, geometry)}."""
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or not features:
        raise Refused(_("This is no GeoJSON collection: there is no list “features” in it."))
    found: dict[str, tuple[str, Any]] = {}
    for number, feature in enumerate(features, 1):
        said = feature.get("properties") if isinstance(feature, dict) else None
        name = next((str(said[key]).strip() for key in NAMES if said and said.get(key)), "")
        if not name or len(name) > 80:
            raise Refused(_("Feature %(n)s has no name (%(names)s).") % {"n": number, "names": ", ".join(NAMES)})
        if name in found:
            raise Refused(_("Feature %(n)s: %(name)s is in the file twice.") % {"n": number, "name": name})
        code = next((str(said[key]).strip()[:12] for key in CODES if said.get(key)), name[:12])
        try:
            geometry = shapely.make_valid(shape(feature["geometry"]))
        except (ShapelyError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise Refused(_("Feature %(n)s (%(name)s) has no outline.") % {"n": number, "name": name}) from error
        west, south, east, north = geometry.bounds if not geometry.is_empty else (np.nan,) * 4
        if geometry.area == 0 or not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise Refused(_("Feature %(n)s (%(name)s) has no outline in degrees.") % {"n": number, "name": name})
        found[name] = (code, geometry)
    return found


def _simple(geometry) -> dict[str, Any]:
    small = shapely.set_precision(geometry.simplify(TOLERANCE), 10**-DIGITS)
    return mapping(geometry if small.is_empty else small)


def _place_postcodes(names: list[str], geometries: list) -> int:
    """Municipality of postcodes that have none: the outline they lie in, or the nearest one. Returns how many."""
    places = list(Place.objects.filter(municipality=""))
    if not places:
        return 0
    tree = shapely.STRtree(geometries)
    points = shapely.points([(place.longitude, place.latitude) for place in places])
    within: dict[int, int] = {}
    for point, outline in zip(*tree.query(points, predicate="within").tolist(), strict=True):
        within.setdefault(point, outline)
    nearest = tree.nearest(points)
    changed = []
    for number, place in enumerate(places):
        outline = within.get(number)
        if outline is None:
            close = shapely.shortest_line(geometries[nearest[number]], points[number]).coords[0]
            if distance_km(place.latitude, place.longitude, close[1], close[0]) > FARTHEST:
                continue
            outline = int(nearest[number])
        place.municipality = names[outline]
        changed.append(place)
    Place.objects.bulk_update(changed, ["municipality"], batch_size=1000)
    return len(changed)
